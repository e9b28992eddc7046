"""ODM 1.3.x metadata as a draft: visits, forms, sections, questions, code lists and ranges; the rest is reported."""

from __future__ import annotations

import re

from trialdesk.domain.text import Text
from trialdesk.exchange.study_import.draft import DraftEvent, DraftForm, DraftGroup, DraftItem, Names, StudyDraft
from trialdesk.exchange.study_import.xml_tree import Node, NotXml, read_tree

KINDS = {
    "text": "text", "string": "text", "integer": "integer", "float": "float", "double": "float", "date": "date",
    "partialDate": "partial_date", "incompleteDate": "partial_date", "time": "time", "partialTime": "time",
    "datetime": "datetime", "partialDatetime": "datetime", "incompleteDatetime": "datetime", "boolean": "code",
}  # fmt: skip
LONG = 200
_EVENTS = {"Scheduled": "scheduled", "Unscheduled": "unscheduled"}
_BOOLEAN = "BOOLEAN"


def read_odm_metadata(content: bytes) -> StudyDraft:
    """What was understood of the newest MetaDataVersion; raises NotXml for what is no ODM with metadata."""
    root, foreign = read_tree(content)
    studies = [study for study in root.all("Study") if study.first("MetaDataVersion") is not None]
    if root.tag != "ODM" or not studies:
        raise NotXml("it holds no study with metadata")
    draft = _Reader(studies[0]).draft
    if foreign:
        draft.remark(root.line, f"{foreign} elements of other namespaces were left away")
    for extra in studies[1:]:
        draft.remark(extra.line, f"study {extra.get('OID')} was left away: one file is one study")
    return draft


class _Reader:
    def __init__(self, study: Node) -> None:
        versions = list(study.all("MetaDataVersion"))
        self.version = versions[-1]
        said = {one.tag: one for one in (study.first("GlobalVariables") or study).children}
        name = said["StudyName"].text if "StudyName" in said else study.get("OID")
        about = said["StudyDescription"].text if "StudyDescription" in said else name
        self.draft = StudyDraft(Names().take(study.get("OID") or "STUDY"), _text(name), _text(about or name))
        if len(versions) > 1:
            self.draft.remark(self.version.line, f"{len(versions)} versions; the last one was read")
        self.units = {
            one.get("OID"): one.get("Name") for one in (study.first("BasicDefinitions") or study).all("MeasurementUnit")
        }
        self.definitions = {
            tag: {one.get("OID"): one for one in self.version.all(tag)}
            for tag in ("StudyEventDef", "FormDef", "ItemGroupDef", "ItemDef", "CodeList")
        }
        self.item_names, self.list_names = Names(), Names()
        self.lists: dict[str, str] = {}
        self.forms: dict[str, str] = {}
        for oid, form in self.definitions["FormDef"].items():
            self._form(oid, form)
        self._events()
        self._rest()

    def _form(self, oid: str, form: Node) -> None:
        name = _short(oid, "F.", "Form.")
        made = DraftForm(Names().take(name), self._label(form))
        taken = {one.oid for one in self.draft.forms}
        while made.oid in taken:
            made.oid += "_2"
        if form.get("Repeating") == "Yes":
            self.draft.remark(form.line, f"form {oid} may repeat within a visit; here it stands once in each visit")
        groups = Names()
        for reference in form.all("ItemGroupRef"):
            group = self.definitions["ItemGroupDef"].get(reference.get("ItemGroupOID"))
            if group is None:
                self.draft.remark(
                    reference.line, f"section {reference.get('ItemGroupOID')} has no definition; left away"
                )
                continue
            self._condition(reference, "section")
            section = DraftGroup(
                groups.take(_short(group.get("OID"), "IG.", f"{oid}.")),
                self._label(group),
                repeating=group.get("Repeating") == "Yes",
            )
            for one in group.all("ItemRef"):
                item = self._item(one)
                if item is not None:
                    section.items.append(item)
            if section.items:
                made.groups.append(section)
            else:
                self.draft.remark(group.line, f"section {group.get('OID')} holds no question; left away")
        if not made.groups:
            self.draft.remark(form.line, f"form {oid} holds no question; left away")
            return
        self.forms[oid] = made.oid
        self.draft.forms.append(made)

    def _item(self, reference: Node) -> DraftItem | None:
        oid = reference.get("ItemOID")
        item = self.definitions["ItemDef"].get(oid)
        if item is None:
            self.draft.remark(reference.line, f"question {oid} has no definition; left away")
            return None
        wanted = item.get("SDSVarName") or item.get("Name")
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,29}", wanted):
            wanted = _short(oid, "I.", "IT.") if oid.startswith(("I.", "IT.")) else oid.rpartition(".")[2]
        made = DraftItem(self.item_names.take(wanted), self._label(item, "Question"))
        if made.name != wanted.upper():
            self.draft.remark(reference.line, f"question {oid} is named {made.name} here; names stand once in a study")
        kind = KINDS.get(item.get("DataType"))
        if kind is None:
            self.draft.remark(
                item.line, f"{oid}: data type {item.get('DataType') or 'missing'} is not known; taken as text"
            )
        made.kind = kind or "text"
        length, digits = item.get("Length"), item.get("SignificantDigits")
        if made.kind == "text" and length.isdigit():
            made.length = min(int(length), 4000) or None
            # A study of ours says of itself which of its texts want several lines.
            said = [one.get("Name") for one in item.all("Alias") if one.get("Context") == "TrialDesk:kind"]
            made.kind = "long_text" if int(length) > LONG or "long_text" in said else "text"
        if made.kind == "float" and digits.isdigit():
            made.digits = int(digits)
        made.optional = reference.get("Mandatory") != "Yes"
        self._codes(item, made)
        unit = item.first("MeasurementUnitRef")
        made.unit = (self.units.get(unit.get("MeasurementUnitOID")) or None) if unit is not None else None
        for check in item.all("RangeCheck"):
            self._range(check, made)
        made.sdtm = next((a.get("Name") for a in item.all("Alias") if a.get("Context") in ("SDTM", "SDTMIG")), None)
        self._condition(reference, "question")
        if reference.get("MethodOID"):
            self.draft.remark(
                reference.line, f"{made.name} was computed by {reference.get('MethodOID')}; write a method rule"
            )
        return made

    def _codes(self, item: Node, made: DraftItem) -> None:
        reference = item.first("CodeListRef")
        if reference is None:
            if made.kind == "code":
                made.codelist = _BOOLEAN
                yes_no = [("1", Text(en="Yes", zh="是")), ("0", Text(en="No", zh="否"))]
                self.draft.codelists.setdefault(_BOOLEAN, yes_no)
            return
        oid = reference.get("CodeListOID")
        listed = self.definitions["CodeList"].get(oid)
        codes = self._list(listed) if listed is not None else []
        if not codes:
            self.draft.remark(reference.line, f"{made.name}: code list {oid} is empty or missing; taken as text")
            made.kind = "text"
            return
        if oid not in self.lists:
            self.lists[oid] = self.list_names.take(_short(oid, "CL."))
            self.draft.codelists[self.lists[oid]] = codes
        made.kind, made.codelist, made.length = "code", self.lists[oid], None

    def _list(self, listed: Node) -> list[tuple[str, Text]]:
        found: dict[str, Text] = {}
        for one in listed.children:
            if one.tag not in ("CodeListItem", "EnumeratedItem"):
                continue
            code = one.get("CodedValue")
            if code in found or not code:
                self.draft.remark(one.line, f"code {code!r} stands twice or is empty in {listed.get('OID')}; left away")
                continue
            decode = one.first("Decode")
            found[code] = _translated(decode, code) if decode is not None else _text(code)
        return list(found.items())

    def _range(self, check: Node, made: DraftItem) -> None:
        value = check.first("CheckValue")
        bound = value.text.strip() if value is not None else ""
        comparator = check.get("Comparator")
        number = made.kind in ("integer", "float") and _is_number(bound)
        if number and comparator in ("GE", "LE"):
            if comparator == "GE":
                made.low = bound
            else:
                made.high = bound
            made.outside = "hard" if check.get("SoftHard") == "Hard" else made.outside
        else:
            what = f"{comparator} {bound}".strip() or "a formal expression"
            self.draft.remark(check.line, f"{made.name}: check {what} was not taken over; write a check rule")

    def _condition(self, reference: Node, what: str) -> None:
        oid = reference.get("CollectionExceptionConditionOID")
        if oid:
            self.draft.remark(reference.line, f"this {what} was asked unless {oid}; write a condition rule")

    def _events(self) -> None:
        definitions = self.definitions["StudyEventDef"]
        protocol = self.version.first("Protocol")
        planned = [one.get("StudyEventOID") for one in protocol.all("StudyEventRef")] if protocol else []
        scheduled = any(one.get("Type") == "Scheduled" for one in definitions.values())
        names = Names()
        for oid in dict.fromkeys([*planned, *definitions]):
            event = definitions.get(oid)
            if event is None:
                self.draft.remark(protocol.line if protocol else 0, f"visit {oid} has no definition; left away")
                continue
            repeating = event.get("Repeating") == "Yes"
            kind = _EVENTS.get(event.get("Type"), "log" if repeating else "common" if scheduled else "scheduled")
            if kind == "scheduled" and repeating:
                self.draft.remark(event.line, f"visit {oid} may repeat; taken as unscheduled")
                kind = "unscheduled"
            made = DraftEvent(names.take(_short(oid, "SE.", "Event.")), self._label(event), kind)
            for reference in event.all("FormRef"):
                form = self.forms.get(reference.get("FormOID"))
                if form is not None and form not in made.forms:
                    made.forms.append(form)
                elif form is None:
                    self.draft.remark(reference.line, f"form {reference.get('FormOID')} of visit {oid} is not there")
            if made.forms:
                self.draft.events.append(made)
            else:
                self.draft.remark(event.line, f"visit {oid} holds no form; left away")

    def _rest(self) -> None:
        for tag, words in (("ConditionDef", "condition"), ("MethodDef", "method")):
            for one in self.version.all(tag):
                self.draft.remark(one.line, f"{words} {one.get('OID')} was not taken over; its words: {_plain(one)}")
        for one in self.version.all("CodeList"):
            if one.first("ExternalCodeList") is not None:
                self.draft.remark(one.line, f"code list {one.get('OID')} stands outside the file")

    def _label(self, node: Node, *first: str) -> Text:
        for tag in (*first, "Description"):
            found = node.first(tag)
            if found is not None and (found.text.strip() or found.children):
                return _translated(found, node.get("Name") or node.get("OID"))
        return _text(node.get("Name") or node.get("OID"))


def _translated(node: Node, otherwise: str) -> Text:
    said = {one.language.lower(): " ".join(one.text.split()) for one in node.all("TranslatedText") if one.text.strip()}
    chinese = next((words for language, words in said.items() if language.startswith("zh")), None)
    english = next((words for language, words in said.items() if language.startswith("en")), None)
    some = english or chinese or next(iter(said.values()), None) or " ".join(node.text.split()) or otherwise
    return Text(en=english or some, zh=chinese or some)


def _text(words: str) -> Text:
    said = " ".join(words.split()) or "?"
    return Text(en=said, zh=said)


def _short(oid: str, *starts: str) -> str:
    for start in starts:
        if oid.startswith(start) and len(oid) > len(start):
            return oid.removeprefix(start)
    return oid


def _plain(node: Node) -> str:
    expression = node.first("FormalExpression")
    return " ".join(expression.text.split())[:200] if expression is not None else "none"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
