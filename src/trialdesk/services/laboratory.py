"""A laboratory sheet at work: today's results beside the baseline and the last visits, and adverse events made of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.rules.finding import Finding
from trialdesk.domain.rules.laboratory import LabResult, Proposal, lab_result, laboratory_of, sampling_day
from trialdesk.domain.rules.scope import PlaceScope
from trialdesk.domain.study.form import ItemDef, ItemGroupDef
from trialdesk.domain.study.laboratory import CS, Laboratory, LaboratoryDef, RangeTable
from trialdesk.domain.text import Text
from trialdesk.services.casebook import Answer, Casebook

EARLIER = 2
"""How many visits before this one stand beside it."""


@dataclass(frozen=True)
class SheetColumn:
    """An earlier visit of the same form, with the day its sample was taken."""

    form: FormPath
    label: Text
    day: date | None


@dataclass(frozen=True)
class SheetRow:
    """One test: today's result, the baseline and the visits before, and what was said to its missing adverse event."""

    item: ItemDef
    result: LabResult
    baseline: LabResult | None
    earlier: tuple[LabResult, ...]
    finding: Finding | None = None

    @property
    def declined(self) -> AuditRecord | None:
        """The reason why no adverse event is made, or None."""
        return self.finding.explained if self.finding else None


@dataclass(frozen=True)
class Sheet:
    """A section of a laboratory form as a grid."""

    day: date | None
    laboratory: Laboratory | None
    table: RangeTable | None
    baseline: SheetColumn | None
    earlier: tuple[SheetColumn, ...]
    rows: tuple[SheetRow, ...]

    @property
    def proposals(self) -> tuple[tuple[SheetRow, Proposal], ...]:
        """Everything an adverse event can be made of, in the order of the sheet; what is called NCS is left out."""
        return tuple((row, one) for row in self.rows if row.result.significance != "NCS" for one in row.result.worse)


def sheet(casebook: Casebook, form: FormPath, group: ItemGroupDef) -> Sheet:
    """The grid of one section as it stands now."""
    book, data = casebook.book(form), casebook.data
    lab = laboratory_def(casebook, form)
    day = sampling_day(book, data, form)
    base, earlier = _columns(casebook, form, day)
    rows = tuple(_row(casebook, lab, form, group, item, base, earlier) for item in group.items if item.lab)
    place = lab.laboratory.get(laboratory_of(book, data, form) or lab.laboratories[0].code)
    return Sheet(day, place, place.table_on(day) if place and day else None, base, earlier, rows)


def laboratory_def(casebook: Casebook, form: FormPath | None = None) -> LaboratoryDef:
    """What the laboratory sheets of this study rest on; a study with a laboratory sheet has one."""
    found = casebook.study(form).laboratory
    assert found is not None
    return found


def result_at(casebook: Casebook, path: ItemPath) -> LabResult:
    """One laboratory value in its setting."""
    form = path.form_path
    book, today = casebook.book(form), casebook.session.today
    scope = PlaceScope(book, casebook.data, form, path.group, path.group_repeat, today)
    return lab_result(scope, path)


def make_event(casebook: Casebook, path: ItemPath, term: str) -> FormPath | Refusal:
    """Turn a proposal into an adverse event: term, grade, start, the number's own grade and the link, in one act.

    A result nobody has judged yet is called clinically significant with it.
    """
    lab = laboratory_def(casebook)
    result = result_at(casebook, path)
    proposal = next((one for one in result.worse if one.term == term), None)
    if proposal is None:
        return Refusal("state", Text(en="Nothing is proposed here now.", zh="此处目前没有建议登记的不良事件。"))
    if proposal.made is not None:
        return Refusal("state", Text(en="This event is on record already.", zh="此不良事件已登记。"))
    items, event = lab.adverse_event, casebook.study().event[lab.adverse_event.event]
    row = FormPath(event.oid, max(casebook.data.repeats(event.oid), default=0) + 1, event.forms[0])
    said: list[tuple[str | None, str]] = [
        (items.term, proposal.term),
        (items.grade, str(proposal.now)),
        (items.start, result.day.isoformat() if result.day else ""),
        (items.proposed, str(proposal.grade)),
        (items.link, str(path)),
    ]
    if proposal.now != proposal.grade:
        said.append((items.reason, _why_higher(proposal)))
    answers = [
        Answer(row.item(casebook.study(row).place[name][1].oid, name), typed)
        for name, typed in said
        if name is not None and typed
    ]
    if result.significance is None:
        answers.append(Answer(path._replace(item=path.item + CS), lab.significant))
    made = casebook.enter_all(answers)
    return made if isinstance(made, Refusal) else row


def _why_higher(proposal: Proposal) -> str:
    """The question a person said yes to: why the grade is above the number's own."""
    asked = next((one for one in proposal.questions if one.grade == proposal.now), None)
    return f"{asked.words.zh} {asked.words.en}" if asked else ""


def event_finding(casebook: Casebook, path: ItemPath) -> Finding | None:
    """The finding that asks for an adverse event of this value, settled or not."""
    wanted = f"{laboratory_def(casebook).adverse_event.rule}-{path.item}"
    return next((f for f in casebook.assessment(path.form_path).findings if f.rule == wanted), None)


def link_words(casebook: Casebook, item: ItemDef, text: str) -> Text | None:
    """The result an adverse event was made from, in words; None for another question or a place that holds nothing."""
    lab = casebook.study().laboratory
    if lab is None or item.name != lab.adverse_event.link:
        return None
    try:
        path = ItemPath.parse(text)
        source = casebook.study(path.form_path).item(path.item)
    except (ValueError, KeyError):
        return None
    result = result_at(casebook, path)
    if result.value is None:
        return None
    return Text(en="{visit}, {day}: {test} {value} {unit}", zh="{visit}，{day}：{test} {value} {unit}").format(
        visit=visit_label(casebook, path.form_path), day=result.day or "–", test=source.label,
        value=result.text, unit=result.unit,
    )  # fmt: skip


def visit_label(casebook: Casebook, form: FormPath) -> Text:
    """The short name of a visit, with the round where there are several."""
    event = casebook.study(form).event[form.event]
    if event.repeating and form.repeat > 1:
        return Text(en="{label} ({n})", zh="{label}（{n}）").format(label=event.short, n=form.repeat)
    return event.short


def _columns(
    casebook: Casebook, form: FormPath, day: date | None
) -> tuple[SheetColumn | None, tuple[SheetColumn, ...]]:
    book, data = casebook.book(form), casebook.data
    base_form = FormPath(book.study.baseline_event, 1, form.form)
    base = None
    if form.event != book.study.baseline_event:
        base = SheetColumn(base_form, Text(en="Baseline", zh="基线"), sampling_day(book, data, base_form))
    found = []
    for other in data.by_form:
        if other.form != form.form or other in (form, base_form):
            continue
        when = sampling_day(book, data, other)
        before = when < day if when and day else book.order(other) < book.order(form)
        if before:
            found.append((when or date.min, book.order(other), other))
    last = sorted(found)[-EARLIER:]
    return base, tuple(SheetColumn(one, visit_label(casebook, one), when) for when, _, one in last)


def _row(
    casebook: Casebook,
    lab: LaboratoryDef,
    form: FormPath,
    group: ItemGroupDef,
    item: ItemDef,
    base: SheetColumn | None,
    earlier: tuple[SheetColumn, ...],
) -> SheetRow:
    path = form.item(group.oid, item.name)
    at = [result_at(casebook, column.form.item(group.oid, item.name)) for column in earlier]
    baseline = result_at(casebook, base.form.item(group.oid, item.name)) if base else None
    return SheetRow(item, result_at(casebook, path), baseline, tuple(at), event_finding(casebook, path))
