"""Shields as screens and paper show them: participants by visits, the forms of one visit, the answers of one form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from trialdesk.domain.actions.reasons import MISSING
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.change_base import SourceKind
from trialdesk.domain.clinical.form_status import FormStatus, form_status
from trialdesk.domain.clinical.source_review import FormReview, Shield, SubjectReview, Tally, summed
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.clinical.trail_review import TrailSign, UserRate
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.study.monitoring import MonitoringPlan
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text
from trialdesk.services.as_it_stood import EMPTY, answer_words, question_words

LOGS = "logs"
"""The column of everything that is no scheduled visit."""


SOURCE_WORDS: dict[SourceKind, Text] = {
    "Medical record": Text(en="Medical record", zh="病历"),
    "Laboratory report": Text(en="Laboratory report", zh="检验报告"),
    "Order sheet": Text(en="Order sheet", zh="医嘱单"),
    "Transfusion record": Text(en="Transfusion record", zh="输血记录"),
    "Nursing record": Text(en="Nursing record", zh="护理记录"),
    "Other": Text(en="Other", zh="其他"),
}
"""Kinds of source document, in the order in which they are offered."""


@dataclass(frozen=True)
class VisitShield:
    """One participant at one visit: counts, waiting queries, and the forms a medical reviewer has still to see."""

    tally: Tally
    forms: int
    queries: int
    medical: int


@dataclass(frozen=True)
class ShieldRow:
    """One participant: how far every visit is, by the visit's name."""

    subject: str
    initials: str
    site: str
    review: SubjectReview
    visits: Mapping[str, VisitShield]
    trail_seen: bool = False

    @property
    def tally(self) -> Tally:
        """The counts of the participant."""
        return self.review.tally


@dataclass(frozen=True)
class FormLine:
    """One form of a participant; `medical` is None for a form the plan sends to no medical reviewer."""

    form: FormPath
    visit: Text
    label: Text
    status: FormStatus
    tally: Tally
    queries: int
    medical: bool | None
    reviewed: AuditRecord | None


@dataclass(frozen=True)
class Past:
    """An answer as it was at one time: in words, who gave it when, why it was changed, what it was compared with then."""

    answer: Text
    record: AuditRecord
    verified: AuditRecord | None


@dataclass(frozen=True)
class AnswerLine:
    """One answer of a form: what was asked and said, by whom, and what it was compared with.

    `answer` ends with `unit` where the value has one; `again` says that it was drawn to be compared once more.
    """

    path: ItemPath
    section: Text
    question: Text
    answer: Text
    unit: str
    record: AuditRecord
    required: bool
    shield: Shield
    again: bool
    verified: AuditRecord | None
    queries: int


@dataclass(frozen=True)
class SiteMonitoring:
    """A site as the centre's page shows it: participants, what stands out in the trail, and rates of persons."""

    site: str
    rows: tuple[ShieldRow, ...]
    signs: tuple[TrailSign, ...]
    rates: tuple[UserRate, ...]

    @property
    def tally(self) -> Tally:
        """The counts of the site."""
        return summed(row.tally for row in self.rows)


class ShieldSource(Protocol):
    """Where a matrix of shields gets its participants."""

    @property
    def study(self) -> Study:
        """The study."""

    def data(self, subject: str) -> SubjectData:
        """A participant's casebook."""


def columns(study: Study) -> tuple[tuple[str, Text], ...]:
    """The columns of the matrix: scheduled visits, then the logs together."""
    visits = tuple((event.oid, event.short) for event in study.events if event.kind == "scheduled")
    return (*visits, (LOGS, Text(en="Logs", zh="记录表")))


def column_of(study: Study, event: str) -> str:
    """The column an event belongs to."""
    known = study.event.get(event)
    return event if known is not None and known.kind == "scheduled" else LOGS


def shield_row(
    study: Study, plan: MonitoringPlan, data: SubjectData, review: SubjectReview, trail_seen: bool = False
) -> ShieldRow:
    """How far every visit of a participant is."""
    forms: dict[str, list[FormReview]] = defaultdict(list)
    for one in review.forms:
        forms[column_of(study, one.form.event)].append(one)
    visits = {
        column: VisitShield(
            summed(one.tally for one in held),
            len(held),
            sum(asked_about(data, one.form) for one in held),
            sum(1 for one in held if is_medical(plan, data, one.form) and data.medical_review(one.form) is None),
        )
        for column, held in forms.items()
    }
    site = data.enrolled.site if data.enrolled else ""
    return ShieldRow(data.subject, data.initials, site, review, visits, trail_seen)


def asked_about(data: SubjectData, form: FormPath) -> int:
    """How many queries wait about a form, drafted ones among them."""
    drafted = (record for record in data.candidates if _speaks_of(record, form))
    return sum(1 for _ in data.open_queries(form)) + sum(1 for _ in drafted)


def _speaks_of(record: AuditRecord, form: FormPath) -> bool:
    return any(path.form_path == form for path in getattr(record.change, "paths", ()))


def is_medical(plan: MonitoringPlan, data: SubjectData, form: FormPath) -> bool:
    """Whether a medical reviewer is to see a form: the plan says so, it is finished, and it was not struck out."""
    finished = form_status(data, form) not in (FormStatus.EMPTY, FormStatus.DRAFT)
    return form.form in plan.medical and finished and (form, None, 1) not in data.struck


def form_lines(
    study: Study, plan: MonitoringPlan, data: SubjectData, review: SubjectReview, column: str | None = None
) -> tuple[FormLine, ...]:
    """The forms of one column, or of all, in the order of the schedule."""
    return tuple(
        FormLine(
            one.form,
            visit_words(study, one.form),
            study.form[one.form.form].label
            if one.form.form in study.form
            else Text(en=one.form.form, zh=one.form.form),
            form_status(data, one.form),
            one.tally,
            asked_about(data, one.form),
            data.medical_review(one.form) is not None if is_medical(plan, data, one.form) else None,
            data.medical_review(one.form),
        )
        for one in review.forms
        if column is None or column_of(study, one.form.event) == column
    )


def answer_lines(study: Study, data: SubjectData, review: FormReview) -> tuple[AnswerLine, ...]:
    """The answers of a form in its order, what the program computed left out."""
    found = []
    for one in review.items:
        _, group, item = study.place[one.path.item]
        asked = sum(1 for query in data.queries_at(one.path) if query.state in ("Open", "Answered"))
        asked += sum(1 for record in data.candidates if one.path in getattr(record.change, "paths", ()))
        found.append(
            AnswerLine(
                one.path,
                group.label,
                question_words(item, one.path),
                answer_words(study, data, one.path, item),
                (data.items[one.path].unit or item.unit or "") if data.items[one.path].value is not None else "",
                data.items[one.path].current.record,
                one.required,
                one.shield,
                one.again,
                data.verification(one.path),
                asked,
            )
        )
    return tuple(found)


def history(study: Study, data: SubjectData, path: ItemPath) -> tuple[Past, ...]:
    """Every answer that was given here and is replaced by now, the newest first, each with its verification."""
    item, known = study.place[path.item][2], data.items[path]
    found = []
    for entry in known.entries:
        if entry.id not in known.head_ids:
            value, missing, unit = entry.answer
            shown = unit or item.unit or ""
            words = study.words(item, value) if value is not None else None
            plain = Text(en=f"{value} {shown}".strip(), zh=f"{value} {shown}".strip())
            said = words or (plain if value is not None else dict(MISSING).get(missing or "", EMPTY))
            verified = [
                r
                for r in data.verified.get(path, ())
                if r.id not in data.unverified and entry.id in getattr(r.change, "covers", ())
            ]
            found.append(Past(said, entry.record, verified[-1] if verified else None))
    return tuple(reversed(found))


def visit_words(study: Study, form: FormPath) -> Text:
    """Which visit, round or log entry a form belongs to, in a few words."""
    event = study.event.get(form.event)
    if event is None:
        return Text(en=form.event, zh=form.event)
    if event.repeating and (form.repeat > 1 or not event.per_round):
        return Text(en="{label} {n}", zh="{label} {n}").format(label=event.short, n=form.repeat)
    return event.short


def place_words(study: Study, path: ItemPath) -> Text:
    """Visit, form and question of an answer, in words."""
    form = study.form.get(path.form)
    known = study.place.get(path.item)
    label = form.label if form else Text(en=path.form, zh=path.form)
    question = question_words(known[2], path) if known else Text(en=path.item, zh=path.item)
    visit = visit_words(study, path.form_path)
    return Text(en="{visit}, {form}, {item}", zh="{visit}，{form}，{item}").format(
        visit=visit, form=label, item=question
    )


def chosen_people(rows: Sequence[ShieldRow]) -> Iterable[ShieldRow]:
    """The participants whose trail is looked through whole: those compared in full, by the same plan."""
    return (row for row in rows if row.review.full is not None)
