"""The sections of a form as they stand on paper: every answer with its words, unit, remarks and queries."""

from __future__ import annotations

from trialdesk.documents.content import CrfCell, CrfFinding, CrfNote, CrfQuery, CrfRow, CrfSection, CrfTable
from trialdesk.domain.actions.reasons import EXPLANATIONS, MISSING, words_of
from trialdesk.domain.clinical.changes import FindingExplained, NoteAdded
from trialdesk.domain.clinical.subject_data import Query, turn_line
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.rules.finding import Finding, FormAssessment
from trialdesk.domain.rules.pages import rows
from trialdesk.domain.study.form import ItemDef, ItemGroupDef
from trialdesk.domain.study.laboratory import ASKED, CS
from trialdesk.domain.text import Text
from trialdesk.services import terminology
from trialdesk.services.casebook import Casebook
from trialdesk.services.lab_figures import in_a_line, limits
from trialdesk.services.laboratory import result_at

MISSING_WORDS = dict(MISSING)
QUERY_WORDS = {
    "Open": Text(en="open", zh="待答复"), "Answered": Text(en="answered", zh="已答复"),
    "Closed": Text(en="closed", zh="已关闭"), "Cancelled": Text(en="cancelled", zh="已撤销"),
}  # fmt: skip
DERIVED = Text(en="computed", zh="计算值")
DISPUTED = Text(en="disputed: laptops differ", zh="有争议：各工作站不一致")
PARKED = Text(en="parked: not asked any more", zh="暂存：该题已不再询问")
STRUCK = Text(en="struck out", zh="已划去")
GRADED = Text(en=terminology.VERSION, zh="依据")

# A table of more columns than this cannot be read on A4; its rows are printed one under the other.
WIDEST = 9


class FormOnPaper:
    """One form of a casebook being written down for the printer."""

    def __init__(self, casebook: Casebook, form: FormPath) -> None:
        self.casebook, self.form = casebook, form
        self.study, self.data = casebook.study(form), casebook.data
        self.assessment: FormAssessment = casebook.assessment(form)
        self.queries = [q for q in self.data.queries.values() if any(p.form_path == form for p in q.change.paths)]

    def parts(self) -> tuple[CrfSection | CrfTable, ...]:
        """Sections and tables in the order of the form."""
        return tuple(part for group in self.study.form[self.form.form].groups for part in self._group(group))

    def _group(self, group: ItemGroupDef) -> list[CrfSection | CrfTable]:
        if not group.repeating:
            return [CrfSection(group.label, tuple(self._rows(group, 1)))]
        numbers = self._numbers(group)
        items = [item for item in group.items if any(self._answered(group, item, n) for n in numbers)]
        if not items:
            return []
        if len(items) > WIDEST:
            return [CrfSection(group.label, tuple(self._rows(group, n)), self._row_label(group, n)) for n in numbers]
        heads = (Text(en="No.", zh="序号"), *(_headed(item) for item in items))
        cells: list[tuple[str | CrfCell, ...]] = []
        for n in numbers:
            answers = (self._cell(self.form.item(group.oid, item.name, n), item) for item in items)
            cells.append((self._row_label(group, n).zh, *answers))
        found = tuple(_finding(f) for f in self.assessment.findings if f.path.group == group.oid)
        asked = tuple(_query(q) for q in self.queries if any(p.group == group.oid for p in q.change.paths))
        written = tuple(
            note
            for n in numbers
            for item in group.items
            for note in self._written(self.form.item(group.oid, item.name, n), self._cell_label(group, item, n))
        )
        return [CrfTable(group.label, heads, tuple(cells), found, asked, written=written)]

    def _numbers(self, group: ItemGroupDef) -> tuple[int, ...]:
        """Every row that is asked or recorded, struck ones included: what was struck stays readable."""
        recorded = {p.group_repeat for p in self.data.by_form.get(self.form, ()) if p.group == group.oid}
        return tuple(sorted({*rows(self.data, self.form, group), *recorded}))

    def _answered(self, group: ItemGroupDef, item: ItemDef, number: int) -> bool:
        path = self.form.item(group.oid, item.name, number)
        return path in self.data.items or bool(self.casebook.shown(path))

    def _rows(self, group: ItemGroupDef, number: int) -> list[CrfRow]:
        made = []
        for item in _in_order(group):
            path = self.form.item(group.oid, item.name, number)
            if path in self.assessment.skipped and path not in self.data.items:
                continue
            value, words = self._said(path, item)
            made.append(
                CrfRow(
                    name=item.name,
                    label=item.label,
                    value=value,
                    words=words,
                    unit=self._unit(path, item) if value and not words else None,
                    range=self._range(path, item),
                    setting=item.setting,
                    derived=item.derived,
                    findings=tuple(_finding(f) for f in self.assessment.at(path)),
                    queries=tuple(_query(q) for q in self.queries if path in q.change.paths),
                    path=str(path) if path in self.data.items else "",
                    notes=self._notes(path, item, value),
                    written=self._written(path),
                )
            )
        return made

    def _said(self, path: ItemPath, item: ItemDef) -> tuple[str, Text | None]:
        """The stored value and, for codes and missing answers, its words; of a disputed answer every value."""
        recorded = self.data.items.get(path)
        if recorded is not None and recorded.disputed:
            return " / ".join(e.answer[0] or e.answer[1] or "" for e in recorded.heads), None
        if recorded is not None and recorded.missing is not None:
            return recorded.missing, MISSING_WORDS[recorded.missing]
        value = recorded.value if recorded is not None else self.casebook.shown(path)
        if value is None:
            return "", None
        if item.kind == "term":
            return value, _term_words(value)
        return value, self._graded(path, item, value) or self.study.words(item, value)

    def _graded(self, path: ItemPath, item: ItemDef, value: str) -> Text | None:
        """A grade with what it means for the term beside it, and whose words these are; None for any other item."""
        _, group, _ = self.study.place[item.name]
        name = next((one.name for one in group.items if one.graded_by == item.name), None)
        written = self.casebook.shown(path._replace(item=name)) if name else None
        terms = terminology.rule_terminology()
        term = terms.find(written) if written else None
        if term is None or not value.isdigit():
            return None
        said = terms.grade_words(term, self.casebook.session.official).get(int(value))
        label = self.study.words(item, value)
        if said is None or label is None:
            return None
        return Text(en="{grade}: {words} ({whose})", zh="{grade}：{words}（{whose}）").format(
            grade=label, words=said.words, whose=PRINTED_WHOSE[said.whose]
        )

    def _unit(self, path: ItemPath, item: ItemDef) -> str | None:
        recorded = self.data.items.get(path)
        return (recorded.unit if recorded else None) or item.unit

    def _notes(self, path: ItemPath, item: ItemDef, value: str) -> tuple[Text, ...]:
        notes = []
        if value and (item.kind == "term" or (item.sdtm or "").endswith("TOXGR")):
            notes.append(GRADED)
        measured = in_a_line(result_at(self.casebook, path), item) if item.lab else None
        if measured is not None:
            notes.append(measured)
        notes += self._states(path)
        return tuple(notes)

    def _range(self, path: ItemPath, item: ItemDef) -> str | None:
        """The normal range of a laboratory value in its unit, else the range the question expects."""
        normal = limits(result_at(self.casebook, path)) if item.lab else ""
        return f"{normal} {self._unit(path, item) or ''}".strip() if normal else _range(item)

    def _states(self, path: ItemPath) -> list[Text]:
        recorded = self.data.items.get(path)
        states = []
        if recorded is not None and recorded.disputed:
            states.append(DISPUTED)
        if recorded is not None and path in self.assessment.skipped and recorded.value is not None:
            states.append(PARKED)
        if self.data.is_struck(path):
            states.append(STRUCK)
        return states

    def _cell(self, path: ItemPath, item: ItemDef) -> CrfCell:
        value, words = self._said(path, item)
        unit = self._unit(path, item) if value and not words else None
        states = self._states(path)
        written = str(path) if path in self.data.items else ""
        # The head of the column carries the item's own unit; a slip in another unit says so in its cell.
        return CrfCell(value, words, unit if unit != item.unit else None, written, states[0] if states else None)

    def _written(self, path: ItemPath, where: Text | None = None) -> tuple[CrfNote, ...]:
        """What people noted at a field, oldest first."""
        return tuple(
            CrfNote(r.change.words, f"{r.user} {r.local_time.strftime('%Y-%m-%d %H:%M')}", where)
            for r in self.data.notes.get(path, ())
            if isinstance(r.change, NoteAdded)
        )

    def _cell_label(self, group: ItemGroupDef, item: ItemDef, number: int) -> Text:
        row = self._row_label(group, number)
        return Text(en=f"{row.en}, {item.label.en}", zh=f"{row.zh}，{item.label.zh}")

    def _row_label(self, group: ItemGroupDef, number: int) -> Text:
        if number <= len(group.row_labels):
            return group.row_labels[number - 1]
        return Text(en=f"no. {number}", zh=f"第 {number} 行")


PRINTED_WHOSE = {
    "official": Text(en="NCI wording", zh="NCI 原文"),
    "project": Text(en="project's words", zh="项目释义"),
    "general": Text(en="general scale", zh="通用标准"),
}


def _in_order(group: ItemGroupDef) -> list[ItemDef]:
    """A laboratory item with what was said to it below it; the study keeps those at the end of the section."""
    names = {item.name for item in group.items if item.lab}
    owner = {f"{name}{suffix}": name for name in names for suffix in (CS, ASKED)}
    return sorted(group.items, key=lambda item: _place_of(group, owner.get(item.name, item.name)))


def _place_of(group: ItemGroupDef, name: str) -> int:
    return next(at for at, item in enumerate(group.items) if item.name == name)


def _term_words(value: str) -> Text | None:
    term = terminology.rule_terminology().find(value)
    return Text(en=term.name, zh=term.zh) if term and term.zh else None


def _headed(item: ItemDef) -> Text:
    unit = f" {item.unit}" if item.unit else ""
    return Text(en=item.label.en + unit, zh=item.label.zh + unit + (" ◇" if item.setting else ""))


def _range(item: ItemDef) -> str | None:
    limits = item.range
    if limits is None:
        return None
    low = f"{limits.min}" if limits.min is not None else ""
    high = f"{limits.max}" if limits.max is not None else ""
    return f"{low}～{high} {item.unit or ''}".rstrip()


def _finding(finding: Finding) -> CrfFinding:
    reason, kept = None, ""
    if finding.explained is not None and isinstance(finding.explained.change, FindingExplained):
        change = finding.explained.change
        reason = words_of(EXPLANATIONS, change.code, change.words)
        kept = f"{finding.explained.user} {finding.explained.local_time.strftime('%Y-%m-%d %H:%M')}"
    return CrfFinding(finding.rule, finding.says, reason, finding.severity, kept)


def _query(query: Query) -> CrfQuery:
    return CrfQuery(
        QUERY_WORDS[query.state], query.change.says, tuple(filter(None, (turn_line(r) for r in query.thread)))
    )
