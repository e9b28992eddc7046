"""A REDCap data dictionary (CSV) as a draft: instruments become forms, section headers sections."""

from __future__ import annotations

import csv
import html
import io
import re

from trialdesk.domain.text import Text
from trialdesk.exchange.study_import.branching import Coded, condition_of
from trialdesk.exchange.study_import.draft import (
    DraftEvent,
    DraftForm,
    DraftGroup,
    DraftItem,
    Names,
    StudyDraft,
    both,
)

_COLUMNS = {
    "name": ("variable / field name", "field_name"),
    "form": ("form name", "form_name"),
    "section": ("section header", "section_header"),
    "type": ("field type", "field_type"),
    "label": ("field label", "field_label"),
    "choices": ("choices, calculations, or slider labels", "select_choices_or_calculations"),
    "note": ("field note", "field_note"),
    "validation": ("text validation type or show slider number", "text_validation_type_or_show_slider_number"),
    "min": ("text validation min", "text_validation_min"),
    "max": ("text validation max", "text_validation_max"),
    "branching": ("branching logic (show field only if...)", "branching_logic"),
    "required": ("required field?", "required_field"),
    "annotation": ("field annotation", "field_annotation"),
}
_YES_NO = [("1", Text(en="Yes", zh="是")), ("0", Text(en="No", zh="否"))]
_TRUE_FALSE = [("1", Text(en="True", zh="真")), ("0", Text(en="False", zh="假"))]


class NotADictionary(ValueError):
    """The file is no data dictionary."""


def is_dictionary(content: bytes) -> bool:
    """True when the first line names the columns of a data dictionary."""
    head = content[:4096].decode("utf-8-sig", "replace").splitlines()[:1]
    return bool(head) and ("variable / field name" in head[0].lower() or "field_name" in head[0].lower())


def read_dictionary(content: bytes, name: str) -> StudyDraft:
    """What was understood of a dictionary; `name` becomes the study's name; raises NotADictionary."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", "replace")
    reader = csv.DictReader(io.StringIO(text, newline=""))
    heads = {head.strip().lower(): head for head in reader.fieldnames or ()}
    columns = {key: next((heads[n] for n in names if n in heads), "") for key, names in _COLUMNS.items()}
    if not (columns["name"] and columns["form"] and columns["type"]):
        raise NotADictionary("it lacks the columns for field name, form name or field type")
    return _Reader(reader, columns, name).draft


class _Reader:
    def __init__(self, reader: csv.DictReader[str], columns: dict[str, str], name: str) -> None:
        self.draft = StudyDraft(Names().take(name), both(name), both(name))
        self.columns = columns
        self.names, self.form_names, self.lists = Names(), Names(), Names()
        self.forms: dict[str, DraftForm] = {}
        self.sections: dict[str, Names] = {}
        self.known: dict[tuple[tuple[str, str], ...], str] = {}
        self.coded: dict[tuple[str, str], Coded] = {}
        self.logic: list[tuple[int, str, str, tuple[str, ...]]] = []
        before = reader.line_num
        for row in reader:
            line, before = before + 1, reader.line_num
            self._row({k: (row.get(c) or "").strip() if c else "" for k, c in columns.items()}, line)
        self._conditions()
        self.draft.forms = [form for form in self.forms.values() if form.groups and form.groups[0].items]
        for form in self.draft.forms:
            form.groups = [group for group in form.groups if group.items]
        if self.draft.forms:
            self.draft.events = [
                DraftEvent("BASELINE", Text(en="Baseline", zh="基线"), "scheduled", [f.oid for f in self.draft.forms])
            ]
            self.draft.remark(
                1, "a data dictionary has no visits; every form stands in one, set the others in events.yaml"
            )

    def _row(self, row: dict[str, str], line: int) -> None:
        if not row["name"] or not row["form"]:
            self.draft.remark(line, "no field name or form name; left away")
            return
        form = self.forms.get(row["form"])
        if form is None:
            words = row["form"].replace("_", " ").capitalize()
            form = self.forms[row["form"]] = DraftForm(self.form_names.take(row["form"]), both(words))
            self.sections[row["form"]] = Names()
        if row["section"] or not form.groups:
            words = _words(row["section"]) or form.label.en
            oid = self.sections[row["form"]].take(f"{form.oid}_{len(form.groups) + 1}")
            form.groups.append(DraftGroup(oid, both(words)))
        made = self._items(row, line)
        form.groups[-1].items += made
        for item in made:
            if item.codelist is not None:
                box = item.name.removeprefix(f"{row['name'].upper()}_") if row["type"].lower() == "checkbox" else ""
                codes = tuple(code for code, _ in self.draft.codelists[item.codelist])
                self.coded[row["name"].lower(), box.lower()] = Coded(item.name, codes)
        if row["branching"] and made:
            self.logic.append((line, row["name"], row["branching"], tuple(item.name for item in made)))

    def _conditions(self) -> None:
        """Logic may name fields that stand below: it is read once all are known."""
        for line, name, logic, items in self.logic:
            plain = " ".join(logic.split())
            condition = condition_of(plain, self.coded, items)
            if condition is None:
                self.draft.remark(line, f"{name} was shown only if {plain[:200]}; write a condition rule")
                continue
            same = next((one for one in self.draft.conditions if one.show == condition.show), None)
            if same is not None:
                same.items += condition.items
            else:
                self.draft.conditions.append(condition)

    def _items(self, row: dict[str, str], line: int) -> list[DraftItem]:
        kind = row["type"].lower()
        if kind in ("descriptive", "file", "signature"):
            self.draft.remark(line, f"{row['name']}: {kind} fields have no counterpart; left away")
            return []
        label = both(_words(row["label"]) or row["name"])
        help_words = _words(row["note"]) or None
        optional = row["required"].lower() not in ("y", "yes")
        self._annotation(row, line)
        if kind == "checkbox":
            made = []
            for code, words in self._choices(row, line):
                item = DraftItem(
                    self.names.take(f"{row['name']}_{code}"), Text(f"{label.en}: {words.en}", f"{label.zh}：{words.zh}")
                )
                item.kind, item.codelist, item.optional = "code", self._list(_YES_NO, "YESNO"), optional
                made.append(item)
            return made
        item = DraftItem(self.names.take(row["name"]), label, optional=optional, help=help_words)
        if item.name != row["name"].upper():
            self.draft.remark(line, f"{row['name']} is named {item.name} here")
        if kind in ("radio", "dropdown"):
            choices = self._choices(row, line)
            if choices:
                item.kind, item.codelist = "code", self._list(choices, row["name"])
            else:
                self.draft.remark(line, f"{row['name']}: no choices; taken as text")
        elif kind in ("yesno", "truefalse"):
            item.kind = "code"
            item.codelist = self._list(_YES_NO, "YESNO") if kind == "yesno" else self._list(_TRUE_FALSE, "TRUEFALSE")
        elif kind == "notes":
            item.kind, item.length = "long_text", 4000
        elif kind == "slider":
            item.kind, item.low, item.high = "integer", "0", "100"
        elif kind == "calc":
            item.kind = "float"
            self.draft.remark(line, f"{row['name']} was computed; write a method rule for: {row['choices'][:200]}")
        elif kind == "text":
            self._validation(item, row, line)
        else:
            self.draft.remark(line, f"{row['name']}: field type {row['type']} is not known; taken as text")
        return [item]

    def _validation(self, item: DraftItem, row: dict[str, str], line: int) -> None:
        rule = row["validation"].lower()
        if rule.startswith("datetime"):
            item.kind = "datetime"
        elif rule.startswith("date"):
            item.kind = "date"
        elif rule.startswith("time"):
            item.kind = "time"
        elif rule == "integer":
            item.kind = "integer"
        elif rule.startswith("number"):
            item.kind = "float"
            places = re.search(r"(\d)dp", rule)
            item.digits = int(places[1]) if places else None
        elif rule:
            self.draft.remark(line, f"{row['name']}: validation {rule} was not taken over")
        for side in ("min", "max"):
            bound = row[side]
            if bound and item.kind in ("integer", "float") and re.fullmatch(r"-?\d+(\.\d+)?", bound):
                item.low, item.high = (bound, item.high) if side == "min" else (item.low, bound)
            elif bound:
                self.draft.remark(line, f"{row['name']}: {side} {bound} was not taken over; write a check rule")

    def _choices(self, row: dict[str, str], line: int) -> list[tuple[str, Text]]:
        found: dict[str, Text] = {}
        for part in re.split(r"\s*\|\s*", row["choices"]):
            code, comma, words = part.partition(",")
            code = code.strip()
            if not comma or not code or code in found:
                if part.strip():
                    self.draft.remark(line, f"{row['name']}: choice {part.strip()!r} was not understood; left away")
                continue
            found[code] = both(_words(words) or code)
        return list(found.items())

    def _list(self, choices: list[tuple[str, Text]], wanted: str) -> str:
        key = tuple((code, words.en) for code, words in choices)
        if key not in self.known:
            self.known[key] = self.lists.take(wanted)
            self.draft.codelists[self.known[key]] = choices
        return self.known[key]

    def _annotation(self, row: dict[str, str], line: int) -> None:
        if row["annotation"]:
            self.draft.remark(line, f"{row['name']}: annotation {row['annotation'][:120]} was not taken over")


def _words(text: str) -> str:
    """Labels may hold HTML; only its words are kept."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())
