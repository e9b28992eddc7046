"""What waits on this desk today, for whoever signed in: visits, drafts, queries, signatures, and where the data are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from trialdesk.domain.clinical.form_status import FormStatus
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.text import Text
from trialdesk.services.worklist import Column

if TYPE_CHECKING:
    from trialdesk.services.casebook import Casebook
    from trialdesk.services.desk import OpenDesk

Urgency = Literal["overdue", "closes_today", "due", "unfinished", "next"]
AHEAD = timedelta(days=7)
"""How far the list of what comes next reaches."""

_RANK: dict[str, int] = {"overdue": 0, "closes_today": 1, "due": 2, "unfinished": 3, "next": 4}


@dataclass(frozen=True)
class Task:
    """One visit of one participant that needs something; `form` is where to begin, `not_begun` counts empty forms."""

    subject: str
    initials: str
    urgency: Urgency
    column: Column
    form: FormPath
    not_begun: int
    drafts: int


@dataclass(frozen=True)
class Draft:
    """A form that was begun and is not complete."""

    subject: str
    form: FormPath
    label: Text
    changed_at: datetime | None
    missing: int
    findings: int


@dataclass(frozen=True)
class Waiting:
    """A query that waits, with its age in days."""

    subject: str
    path: ItemPath
    says: Text
    source: str
    state: str
    days: int


@dataclass(frozen=True)
class ToSign:
    """A completed form without the signatures it needs: of data entry first, then of an investigator.

    `again` when it was changed since a signature; `asked` when a query on it waits, which holds the signature up.
    What else stands in the way is looked over when the form is opened for signing.
    """

    subject: str
    form: FormPath
    label: Text
    completed_at: datetime | None
    again: bool
    certified: bool
    asked: bool

    @property
    def ready(self) -> bool:
        """True when the investigator is next."""
        return self.certified and not self.asked


@dataclass(frozen=True)
class Today:
    """Everything that waits, most urgent first."""

    day: date
    subjects: int
    tasks: tuple[Task, ...] = ()
    following: tuple[Task, ...] = ()
    drafts: tuple[Draft, ...] = ()
    queries: tuple[Waiting, ...] = ()
    to_sign: tuple[ToSign, ...] = ()

    def count(self, *urgencies: Urgency) -> int:
        """How many visits are as urgent as that."""
        return sum(1 for task in self.tasks if task.urgency in urgencies)


def today_of(desk: OpenDesk) -> Today:
    """Look through every casebook of the desk."""
    day = desk.session.today
    tasks: list[Task] = []
    drafts: list[Draft] = []
    queries: list[Waiting] = []
    to_sign: list[ToSign] = []
    subjects = desk.subjects()
    for subject in subjects:
        casebook = desk.casebook(subject)
        tasks += _tasks(desk, casebook)
        drafts += _drafts(casebook)
        queries += _queries(casebook)
        to_sign += _to_sign(casebook)
    tasks.sort(key=lambda one: (_RANK[one.urgency], one.column.window.last if one.column.window else day, one.subject))
    drafts.sort(key=lambda one: one.changed_at.timestamp() if one.changed_at else 0, reverse=True)
    queries.sort(key=lambda one: (one.state != "Open", -one.days))
    to_sign.sort(key=lambda one: (not one.ready, one.completed_at.timestamp() if one.completed_at else 0))
    return Today(
        day=day,
        subjects=len(subjects),
        tasks=tuple(task for task in tasks if task.urgency != "next"),
        following=tuple(task for task in tasks if task.urgency == "next"),
        drafts=tuple(drafts),
        queries=tuple(queries),
        to_sign=tuple(to_sign),
    )


def _tasks(desk: OpenDesk, casebook: Casebook) -> list[Task]:
    found = []
    for column in desk.plan(casebook.subject).columns:
        states = {form: casebook.status(form) for form in column.forms}
        empty = [form for form, state in states.items() if state is FormStatus.EMPTY]
        drafts = [form for form, state in states.items() if state is FormStatus.DRAFT]
        urgency = _urgency(column, desk.session.today, bool(empty))
        if urgency is None:
            continue
        begin = next((form for form in column.forms if form in (*drafts, *empty)), column.forms[0])
        initials = casebook.data.initials
        found.append(Task(casebook.subject, initials, urgency, column, begin, len(empty), len(drafts)))
    return found


def _urgency(column: Column, today: date, empty: bool) -> Urgency | None:
    """How much a visit presses; None when nothing is to be done for it now."""
    if column.state == "overdue":
        return "overdue"
    if column.state == "closes_today":
        return "closes_today"
    if column.state == "in_window":
        return "due"
    if column.state == "done" and empty:
        return "unfinished"
    soon = column.window is not None and column.window.first <= today + AHEAD
    return "next" if column.state == "not_due" and soon else None


def _drafts(casebook: Casebook) -> list[Draft]:
    found = []
    for form, paths in casebook.data.by_form.items():
        if casebook.status(form) is not FormStatus.DRAFT or (form, None, 1) in casebook.data.struck:
            continue
        moments = [casebook.data.items[path].current.record.local_time for path in paths if path in casebook.data.items]
        left = casebook.assessment(form).to_finish
        missing = sum(1 for finding in left if finding.severity == "missing")
        label = casebook.study(form).form[form.form].label
        found.append(Draft(casebook.subject, form, label, max(moments, default=None), missing, len(left) - missing))
    return found


def _queries(casebook: Casebook) -> list[Waiting]:
    found = []
    for query in casebook.data.queries.values():
        if query.state in ("Open", "Answered"):
            age = (casebook.session.today - query.opened.local_time.date()).days
            change = query.change
            path = change.paths[0]
            found.append(Waiting(casebook.subject, path, query.says, change.source, query.state, max(0, age)))
    return found


def _to_sign(casebook: Casebook) -> list[ToSign]:
    data = casebook.data
    found = []
    for form in data.by_form:
        state = casebook.status(form)
        if state not in (FormStatus.COMPLETE, FormStatus.CHANGED) or not casebook.study(form).form[form.form].signed:
            continue
        acts = data.forms.get(form)
        done = acts.completion if acts else None
        at = done.local_time if done else None
        asked = any(query.state == "Open" for query in data.open_queries(form))
        certified = data.certification(form) is not None
        label = casebook.study(form).form[form.form].label
        found.append(ToSign(casebook.subject, form, label, at, state is FormStatus.CHANGED, certified, asked))
    return found


def place_words(desk: OpenDesk, form: FormPath) -> Text:
    """Which visit or log entry a form belongs to, in a few words."""
    event = desk.study.event[form.event]
    if event.repeating and (form.repeat > 1 or not event.per_round):
        return Text(en="{label} {n}", zh="{label} {n}").format(label=event.short, n=form.repeat)
    return event.short
