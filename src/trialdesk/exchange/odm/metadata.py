"""The study as ODM metadata: visits, forms, questions, code lists, units, checks, conditions and methods."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from trialdesk.domain.actions.reasons import MISSING
from trialdesk.domain.study.codelist import CodeList
from trialdesk.domain.study.form import FormDef, ItemDef, ItemGroupDef
from trialdesk.domain.study.rule import CheckRule, ConditionRule, MethodRule, WindowRule
from trialdesk.domain.study.study import Study
from trialdesk.domain.study.study_event import StudyEventDef
from trialdesk.domain.text import Text
from trialdesk.exchange.odm import names
from trialdesk.exchange.odm.text import alias, translated, xml

DATA_TYPES = {
    "text": "text", "long_text": "text", "integer": "integer", "float": "float", "date": "date",
    "partial_date": "partialDate", "time": "partialTime", "datetime": "partialDatetime", "code": "text", "term": "text",
}  # fmt: skip
EVENT_TYPES = {"scheduled": "Scheduled", "unscheduled": "Unscheduled", "log": "Common", "common": "Common"}
EXPRESSIONS = "TrialDesk"
"""Context of every FormalExpression: the expression language of the study's rules."""

FLAGS: dict[str, tuple[tuple[str, Text], ...]] = {
    "TD_FLAG": (
        ("QUERY", Text(en="Query", zh="质疑")),
        ("FINDING", Text(en="Value kept in spite of a finding", zh="保留并说明")),
        ("MISSING", Text(en="Why there is no value", zh="无值原因")),
        ("STATE", Text(en="State of the answer", zh="数据状态")),
        ("NOTE", Text(en="Note beside the answer", zh="备注")),
    ),
    "TD_QUERY": (
        ("Open", Text(en="Open", zh="待答复")),
        ("Answered", Text(en="Answered", zh="已答复")),
        ("Closed", Text(en="Closed", zh="已关闭")),
        ("Cancelled", Text(en="Cancelled", zh="已撤销")),
    ),
    "TD_MISSING": MISSING,
    "TD_NOTE": (("WRITTEN", Text(en="Written by a person", zh="人工填写")),),
    "TD_FINDING": (("EXPLAINED", Text(en="Explained", zh="已说明")),),
    "TD_STATE": (
        ("DISPUTED", Text(en="Disputed", zh="有争议")),
        ("STRUCK", Text(en="Struck out", zh="已划去")),
        ("UNLISTED", Text(en="Outside the code list", zh="不在选项之内")),
    ),
}
"""Code lists of the annotations; ODM has no element for queries."""


def metadata(
    study: Study, forms: Collection[str] | None = None, rows: Mapping[tuple[str, str], int] | None = None
) -> str:
    """The Study element with one MetaDataVersion; with `forms` only what those forms need.

    With `rows` (form and section to the highest row on record) no section repeats: each of its rows is one of its own.
    """
    return "".join(_Metadata(study, forms, rows).write())


class _Metadata:
    def __init__(self, study: Study, forms: Collection[str] | None, rows: Mapping[tuple[str, str], int] | None) -> None:
        self.study, self.rows = study, rows
        self.forms: list[FormDef] = [one for one in study.forms if forms is None or one.oid in forms]
        wanted = {form.oid for form in self.forms}
        self.events: list[StudyEventDef] = [one for one in study.events if wanted & set(one.forms)]
        self.items: dict[str, ItemDef] = {
            i.name: i for form in self.forms for group in form.groups for i in group.items
        }
        self.groups = {group.oid for form in self.forms for group in form.groups}
        self.conditions: dict[str, str] = {}
        self.methods: dict[str, str] = {}
        self.checks: dict[str, list[CheckRule | WindowRule]] = {}
        for rule in study.rules:
            if isinstance(rule, ConditionRule):
                for name in (*rule.items, *rule.groups):
                    self.conditions.setdefault(name, rule.id)
            elif isinstance(rule, MethodRule):
                self.methods[rule.item] = rule.id
            elif isinstance(rule, CheckRule | WindowRule):
                self.checks.setdefault(rule.item, []).append(rule)

    def write(self) -> Iterator[str]:
        study = self.study
        yield (
            f'<Study OID="{study.oid}"><GlobalVariables><StudyName>{xml(study.name.en)}</StudyName>'
            f"<StudyDescription>{xml(study.title.en)}</StudyDescription>"
            f"<ProtocolName>{xml(study.registration)}</ProtocolName></GlobalVariables>"
        )
        units = {one for item in self.items.values() for one in (item.unit, *(u.unit for u in item.units)) if one}
        if units:
            yield "<BasicDefinitions>"
            for unit in sorted(units):
                words = Text(en=unit, zh=unit)
                yield (
                    f'<MeasurementUnit OID="{names.unit(unit)}" Name="{xml(unit)}"><Symbol>{translated(words)}'
                    "</Symbol></MeasurementUnit>"
                )
            yield "</BasicDefinitions>"
        yield f'<MetaDataVersion OID="{version_oid(study)}" Name="{xml(study.protocol_version)}"><Protocol>'
        for order, event in enumerate(self.events, 1):
            yield f'<StudyEventRef StudyEventOID="{names.event(event.oid)}" OrderNumber="{order}" Mandatory="No"/>'
        yield "</Protocol>"
        for event in self.events:
            yield from self._event(event)
        for form in self.forms:
            yield from self._form(form)
        for form in self.forms:
            for group in form.groups:
                yield from self._group(form, group)
        for item in self.items.values():
            yield from self._item(item)
        used = {item.codelist for item in self.items.values() if item.codelist}
        for codelist in study.codelists:
            if codelist.oid in used:
                yield from _codelist(codelist)
        for oid, choices in FLAGS.items():
            yield f'<CodeList OID="{names.codelist(oid)}" Name="{oid}" DataType="text">'
            for code, words in choices:
                yield f'<CodeListItem CodedValue="{code}"><Decode>{translated(words)}</Decode></CodeListItem>'
            yield "</CodeList>"
        yield from self._rules()
        yield "</MetaDataVersion></Study>"

    def _event(self, event: StudyEventDef) -> Iterator[str]:
        repeating = "Yes" if event.repeating else "No"
        yield (
            f'<StudyEventDef OID="{names.event(event.oid)}" Name="{xml(event.label.en)}" Repeating="{repeating}" '
            f'Type="{EVENT_TYPES[event.kind]}" Category="{event.epoch}"><Description>{translated(event.label)}'
            "</Description>"
        )
        wanted = {form.oid for form in self.forms}
        for order, form in enumerate((one for one in event.forms if one in wanted), 1):
            yield f'<FormRef FormOID="{names.form(form)}" OrderNumber="{order}" Mandatory="No"/>'
        if event.due:
            due = event.due
            days = f"months={due.months}" if due.months is not None else f"days={due.days}"
            yield alias(
                "TrialDesk:window", f"after={self.study.anchor(due)};{days};pre={due.pre_window};post={due.post_window}"
            )
        if event.when:
            yield alias("TrialDesk:when", event.when)
        yield "</StudyEventDef>"

    def _form(self, form: FormDef) -> Iterator[str]:
        yield (
            f'<FormDef OID="{names.form(form.oid)}" Name="{xml(form.label.en)}" Repeating="No"><Description>'
            f"{translated(form.label)}</Description>"
        )
        sections = [(group, row) for group in form.groups for row in self._rows(form, group)]
        for order, (group, row) in enumerate(sections, 1):
            skip = self._exception(group.oid)
            yield (
                f'<ItemGroupRef ItemGroupOID="{names.group(form.oid, group.oid, row)}" OrderNumber="{order}" '
                f'Mandatory="No"{skip}/>'
            )
        yield alias("TrialDesk:version", form.version) + alias("TrialDesk:sheet", form.sheet) + "</FormDef>"

    def _rows(self, form: FormDef, group: ItemGroupDef) -> list[int | None]:
        """The rows that stand as sections of their own; None for a section that is one."""
        if self.rows is None or not group.repeating:
            return [None]
        return [*range(1, max(group.rows or 1, self.rows.get((form.oid, group.oid), 1)) + 1)]

    def _group(self, form: FormDef, group: ItemGroupDef) -> Iterator[str]:
        for row in self._rows(form, group):
            yield from self._section(form, group, row)

    def _section(self, form: FormDef, group: ItemGroupDef, row: int | None) -> Iterator[str]:
        repeating = "Yes" if group.repeating and row is None else "No"
        label = group.label
        if row is not None:
            named = group.row_labels[row - 1] if row <= len(group.row_labels) else Text(en=f"{row}", zh=f"{row}")
            label = Text(en=f"{label.en}, {named.en}", zh=f"{label.zh}，{named.zh}")
        yield (
            f'<ItemGroupDef OID="{names.group(form.oid, group.oid, row)}" Name="{xml(label.en)}" '
            f'Repeating="{repeating}"><Description>{translated(label)}</Description>'
        )
        for order, item in enumerate(group.items, 1):
            method = self.methods.get(item.name)
            computed = f' MethodOID="{names.rule("M", method)}"' if method else ""
            needed = "No" if item.optional or item.derived else "Yes"
            yield (
                f'<ItemRef ItemOID="{names.item(item.name)}" OrderNumber="{order}" Mandatory="{needed}"{computed}'
                f"{self._exception(item.name) if row is None else ''}/>"
            )
        if group.rows and row is None:
            yield alias("TrialDesk:rows", str(group.rows))
        yield "</ItemGroupDef>"

    def _exception(self, name: str) -> str:
        rule = self.conditions.get(name)
        return f' CollectionExceptionConditionOID="{names.rule("C", rule)}"' if rule else ""

    def _item(self, item: ItemDef) -> Iterator[str]:
        kind = DATA_TYPES[item.kind]
        extra = ""
        if kind == "text":
            extra = f' Length="{item.length}"'
        elif kind == "float":
            extra = f' Length="20" SignificantDigits="{item.digits if item.digits is not None else 6}"'
        elif kind == "integer":
            extra = ' Length="12"'
        yield (
            f'<ItemDef OID="{names.item(item.name)}" Name="{xml(item.name)}" DataType="{kind}"{extra}>'
            f"<Question>{translated(item.label)}</Question>"
        )
        for unit in dict.fromkeys([item.unit, *(one.unit for one in item.units)]):
            if unit:
                yield f'<MeasurementUnitRef MeasurementUnitOID="{names.unit(unit)}"/>'
        yield from _range(item)
        for rule in self.checks.get(item.name, ()):
            yield _check(rule)
        if item.codelist:
            yield f'<CodeListRef CodeListOID="{names.codelist(item.codelist)}"/>'
        if item.sdtm:
            yield alias("SDTM", item.sdtm)
        if item.lab:
            yield alias("TrialDesk:lab", item.lab)
        if item.setting:
            yield alias("TrialDesk:setting", "not in the registration")
        if item.kind in ("term", "long_text"):
            yield alias("TrialDesk:kind", item.kind)
        yield "</ItemDef>"

    def _rules(self) -> Iterator[str]:
        named = set(self.items) | self.groups
        wanted = {self.conditions[name] for name in named & set(self.conditions)}
        for rule in self.study.rules:
            if isinstance(rule, ConditionRule) and rule.id in wanted:
                # ODM asks when not to collect: the reverse of when the question is shown.
                yield (
                    f'<ConditionDef OID="{names.rule("C", rule.id)}" Name="{rule.id}"><Description>'
                    f"{translated(rule.because)}</Description><FormalExpression "
                    f'Context="{EXPRESSIONS}">!({xml(rule.show)})</FormalExpression></ConditionDef>'
                )
        for rule in self.study.rules:
            if isinstance(rule, MethodRule) and rule.item in self.items:
                means = rule.value or f"{rule.method}({', '.join(f'{k}={v}' for k, v in rule.inputs.items())})"
                yield (
                    f'<MethodDef OID="{names.rule("M", rule.id)}" Name="{rule.id}" Type="Computation"><Description>'
                    f"{translated(rule.says)}</Description><FormalExpression "
                    f'Context="{EXPRESSIONS}">{xml(means)}</FormalExpression></MethodDef>'
                )


def version_oid(study: Study) -> str:
    """The MetaDataVersion of a study release."""
    return "MDV." + "".join(
        sign if sign.isascii() and (sign.isalnum() or sign == ".") else "_" for sign in study.version
    )


def _range(item: ItemDef) -> Iterator[str]:
    if item.range is None:
        return
    unit = f'<MeasurementUnitRef MeasurementUnitOID="{names.unit(item.unit)}"/>' if item.unit else ""
    hard = item.range.outside.capitalize()
    for comparator, value in (("GE", item.range.min), ("LE", item.range.max)):
        if value is not None:
            yield (
                f'<RangeCheck Comparator="{comparator}" SoftHard="{hard}"><CheckValue>{value:f}</CheckValue>{unit}'
                "</RangeCheck>"
            )


def _check(rule: CheckRule | WindowRule) -> str:
    """A rule beside its item: the expression is true while the value is valid."""
    if isinstance(rule, WindowRule):
        hard, means = (
            rule.outside,
            (
                f"-({rule.pre_window}) <= days_between({rule.after}, {rule.item}) - ({rule.target}) <= {rule.post_window}"
            ),
        )
    else:
        hard, means = rule.severity, f"(not ({rule.when})) or ({rule.expect})" if rule.when else rule.expect
    return (
        f'<RangeCheck SoftHard="{hard.capitalize()}"><FormalExpression Context="{EXPRESSIONS}:{rule.id}">{xml(means)}'
        f"</FormalExpression><ErrorMessage>{translated(rule.says)}</ErrorMessage></RangeCheck>"
    )


def _codelist(codelist: CodeList) -> Iterator[str]:
    yield f'<CodeList OID="{names.codelist(codelist.oid)}" Name="{xml(codelist.oid)}" DataType="text">'
    for order, one in enumerate(codelist.items, 1):
        yield (
            f'<CodeListItem CodedValue="{xml(one.code)}" OrderNumber="{order}"><Decode>{translated(one.label)}</Decode>'
            "</CodeListItem>"
        )
    yield "</CodeList>"
