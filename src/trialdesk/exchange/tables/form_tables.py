"""The study's forms as tables: one for each form, one for each section that repeats, one for what is missing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from trialdesk.domain.actions.reasons import MISSING
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.study.form import FormDef, ItemDef, ItemGroupDef
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text
from trialdesk.exchange.tables.table import Cell, Column, Kind, Table, number

_KINDS: dict[str, Kind] = {"integer": "integer", "float": "float"}
_KEYS = (
    Column("SITEID", Text(en="Site", zh="中心"), length=20, key=1),
    Column("SUBJECT", Text(en="Participant", zh="受试者"), length=20, key=2),
    Column("EVENT", Text(en="Visit or log", zh="访视或日志"), length=20, key=3),
    Column("REPEAT", Text(en="Round or row of the log", zh="疗程或日志行号"), "integer", key=4),
)
_ROW = Column("ROW", Text(en="Row of the section", zh="分节行号"), "integer", key=5)
_STATES = (
    Column("COMPLETE", Text(en="Form marked complete (Y)", zh="表单已标记完成（Y）"), length=1),
    Column("SIGNED", Text(en="Signed, nothing changed since (Y)", zh="已签名且签名后未改动（Y）"), length=1),
    Column("RELEASE", Text(en="Study release the form was asked by", zh="表单所用研究版本"), length=20),
)
UNIT = "_U"
"""Ends the name of the column that holds the unit an answer was given in."""


class FormTables:
    """Every table of a study; `add` takes one participant after another, `release` tells by which release a form was asked."""

    def __init__(self, study: Study, release: Callable[[SubjectData, FormPath], str] | None = None) -> None:
        self.study = study
        self._release = release or (lambda data, form: study.version)
        self.forms: dict[str, tuple[Table, list[tuple[ItemGroupDef, ItemDef]]]] = {}
        self.sections: dict[tuple[str, str], tuple[Table, list[tuple[ItemGroupDef, ItemDef]]]] = {}
        for form in study.forms:
            single = [(g, i) for g in form.groups if not g.repeating for i in g.items]
            self.forms[form.oid] = (Table(form.oid, form.label, (*_KEYS, *_STATES, *_columns(single))), single)
            for group in form.groups:
                if group.repeating:
                    self.sections[form.oid, group.oid] = _section(form, group)
        self.missing = Table("MISSING", Text(en="Answers without a value", zh="无值的答案"), (*_KEYS, *_MISSING))

    @property
    def tables(self) -> list[Table]:
        """All of them, forms in study order, then repeating sections, then what is missing."""
        return [*(t for t, _ in self.forms.values()), *(t for t, _ in self.sections.values()), self.missing]

    def add(self, data: SubjectData, left_out: Collection[ItemPath] = ()) -> None:
        """One participant; rows struck out and the places of `left_out` are left away."""
        order = self.study.event_order
        known = [form for form in data.by_form if form.form in self.forms and form.event in order]
        for form in sorted(known, key=lambda f: (order[f.event], f.repeat)):
            if (form, None, 1) not in data.struck:
                self._add(data, form, left_out)

    def _add(self, data: SubjectData, form: FormPath, left_out: Collection[ItemPath]) -> None:
        keys: list[Cell] = [data.enrolled.site if data.enrolled else None, data.subject, form.event, form.repeat]
        acts = data.forms.get(form)
        complete = acts is not None and acts.completion is not None
        signed = acts is not None and acts.signature is not None and not data.changed_since_signed(form)
        states: list[Cell] = ["Y" if complete else None, "Y" if signed else None, self._release(data, form)]
        table, single = self.forms[form.form]
        table.add([*keys, *states, *self._cells(data, form, 1, single, left_out)])
        for (oid, group), (section, items) in self.sections.items():
            if oid == form.form:
                for row in data.rows(form, group):
                    section.add([*keys, row, *self._cells(data, form, row, items, left_out)])
        for path in data.by_form[form]:
            item = data.items[path]
            said = "DISPUTED" if item.disputed else item.missing
            if said and path not in left_out and not data.is_struck(path):
                self.missing.add([*keys, path.form, path.group, path.group_repeat, path.item, said])

    def _cells(
        self,
        data: SubjectData,
        form: FormPath,
        row: int,
        items: Iterable[tuple[ItemGroupDef, ItemDef]],
        left_out: Collection[ItemPath],
    ) -> Iterator[Cell]:
        for group, item in items:
            path = form.item(group.oid, item.name, row)
            value = None if path in left_out else data.value(path)
            yield number(value, _KINDS.get(item.kind, "text"))
            if item.units:
                yield (data.items[path].unit or item.unit) if value is not None else None


_MISSING = (
    Column("FORM", Text(en="Form", zh="表单"), length=20, key=5),
    Column("SECTION", Text(en="Section", zh="分节"), length=20, key=6),
    Column("ROW", Text(en="Row of the section", zh="分节行号"), "integer", key=7),
    Column("ITEM", Text(en="Question", zh="条目"), length=20, key=8),
    Column("REASON", Text(en="Why there is no value", zh="无值原因"), length=20, codelist="MISSING"),
)
REASONS: tuple[tuple[str, Text], ...] = (
    *MISSING,
    ("DISPUTED", Text(en="Two answers differ; a person decides", zh="两处答案不一致，待人工判定")),
)


def _section(form: FormDef, group: ItemGroupDef) -> tuple[Table, list[tuple[ItemGroupDef, ItemDef]]]:
    items = [(group, item) for item in group.items]
    name = f"{form.oid}_{group.oid}" if form.oid != group.oid else f"{form.oid}_ROWS"
    return Table(name, group.label, (*_KEYS, _ROW, *_columns(items))), items


def _columns(items: Iterable[tuple[ItemGroupDef, ItemDef]]) -> Iterator[Column]:
    for _, item in items:
        kind = _KINDS.get(item.kind, "text")
        yield Column(item.name, item.label, kind, item.length, None, item.codelist or "", item.unit or "")
        if item.units:
            words = Text(en=f"Unit of: {item.label.en}", zh=f"单位：{item.label.zh}")
            yield Column(item.name + UNIT, words, length=20)
