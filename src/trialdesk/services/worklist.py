"""What is due for a participant and where things stand: the plan of visits, and one line per participant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from trialdesk.domain.clinical.form_status import FormStatus, form_status
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath
from trialdesk.domain.partial_date import PartialDate
from trialdesk.domain.rules.assess import assess_form
from trialdesk.domain.rules.checks import scope_anchor
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.domain.rules.scope import PlaceScope
from trialdesk.domain.rules.windows import Window, window_of_event
from trialdesk.domain.study.study_event import StudyEventDef
from trialdesk.domain.text import Text
from trialdesk.services.day_count import day_zeros

Due = Literal["none", "not_due", "in_window", "closes_today", "overdue", "done"]


@dataclass(frozen=True)
class Column:
    """One visit of one participant: when it is due and what is asked there."""

    event: StudyEventDef
    repeat: int
    label: Text
    window: Window | None
    day: str | None
    state: Due

    @property
    def forms(self) -> tuple[FormPath, ...]:
        """The forms asked at this visit."""
        return tuple(FormPath(self.event.oid, self.repeat, form) for form in self.event.forms)


@dataclass(frozen=True)
class LogRows:
    """One log (adverse events, medication) or rare event, and the occurrences that hold answers."""

    event: StudyEventDef
    rows: tuple[FormPath, ...]
    next_repeat: int


@dataclass(frozen=True)
class Plan:
    """Visits in schedule order, round by round, and the logs beside them."""

    columns: tuple[Column, ...]
    logs: tuple[LogRows, ...]


@dataclass(frozen=True)
class Counts:
    """How much waits on a form or in a casebook: empty answers, findings, queries."""

    missing: int = 0
    findings: int = 0
    queries: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.missing + other.missing, self.findings + other.findings, self.queries + other.queries)


@dataclass(frozen=True)
class SubjectSummary:
    """One participant in a list."""

    subject: str
    initials: str
    sex: Text | None
    age: int | None
    disease: Text | None
    day_text: Text
    next_visit: Column | None
    counts: Counts
    states: dict[FormStatus, int]


def plan(book: Rulebook, data: SubjectData, today: date) -> Plan:
    """The visits expected of this participant now, with their windows, and the logs."""
    book = book.on(data, today)
    columns: list[Column] = []
    scheduled = [event for event in book.study.events if event.kind == "scheduled"]
    before = [e for e in scheduled if not e.per_round and book.order(FormPath(e.oid, 1, "")) < (1, 0)]
    rounds = [e for e in scheduled if e.per_round]
    after = [e for e in scheduled if not e.per_round and e not in before]
    columns += [_column(book, data, e, 1, today) for e in before if _expected(book, data, e, 1, today)]
    for number in range(1, book.study.max_rounds + 1):
        columns += [_column(book, data, e, number, today) for e in rounds if _expected(book, data, e, number, today)]
    columns += [_column(book, data, e, 1, today) for e in after if _expected(book, data, e, 1, today)]
    logs = [_log(data, event) for event in book.study.events if event.kind != "scheduled"]
    return Plan(tuple(columns), tuple(logs))


def counts(book: Rulebook, data: SubjectData, form: FormPath, today: date) -> Counts:
    """What waits on one form; nothing waits on a form nobody has begun."""
    if form not in data.by_form:
        return Counts(queries=sum(1 for _ in data.open_queries(form)))
    left = assess_form(book, data, form, today).to_finish
    missing = sum(1 for finding in left if finding.severity == "missing")
    return Counts(missing, len(left) - missing, sum(1 for _ in data.open_queries(form)))


def summary(book: Rulebook, data: SubjectData, today: date, counted: bool = True) -> SubjectSummary:
    """One line about a participant; without `counted` nobody looks at every form for what waits there."""
    whole = Counts()
    states: dict[FormStatus, int] = {}
    for form in data.by_form:
        whole += counts(book, data, form, today) if counted else Counts()
        state = form_status(data, form)
        states[state] = states.get(state, 0) + 1
    visits = plan(book, data, today).columns
    waiting = next((c for c in visits if c.state in ("overdue", "closes_today", "in_window")), None)
    following = next((c for c in visits if c.state == "not_due"), None)
    marks = book.study.landmarks
    sex = _first(data, marks.sex)
    disease = _first(data, marks.disease)
    return SubjectSummary(
        subject=data.subject,
        initials=data.initials,
        sex=_words(book, marks.sex, sex),
        age=_age(data, marks.birth, today),
        disease=_words(book, marks.disease, disease),
        day_text=day_text(book, data, today),
        next_visit=waiting or following,
        counts=whole,
        states=states,
    )


def sex_and_age(book: Rulebook, data: SubjectData, today: date) -> tuple[Text | None, int | None]:
    """A participant's sex in words and age in years on a day, as far as they are recorded."""
    marks = book.study.landmarks
    return _words(book, marks.sex, _first(data, marks.sex)), _age(data, marks.birth, today)


def day_text(book: Rulebook, data: SubjectData, today: date) -> Text:
    """Where the participant stands in treatment: round and day after DLI, or that treatment has not begun."""
    begun = day_zeros(book, data).before(today)
    if begun is None:
        return Text(en="Before treatment", zh="治疗前")
    number, start = begun
    return Text(en="Round {n} D+{day}", zh="第 {n} 轮 D+{day}").format(n=number, day=(today - start).days)


def _expected(book: Rulebook, data: SubjectData, event: StudyEventDef, repeat: int, today: date) -> bool:
    """Whether a visit belongs to the plan: it holds answers, or its condition holds (round 2 needs a decision)."""
    if repeat in data.repeats(event.oid):
        return True
    condition = book.expected_when.get(event.oid)
    if event.per_round and repeat > 1 and not _round_opened(book, data, repeat):
        return False
    if condition is None:
        return True
    scope = PlaceScope(book, data, FormPath(event.oid, repeat, event.forms[0]), None, 1, today)
    return condition.run(scope) is True


def _round_opened(book: Rulebook, data: SubjectData, number: int) -> bool:
    """Whether the round before this one ended with the recorded decision to go on."""
    asked = book.study.next_round
    if asked is None:
        return False
    places = [p for p in data.by_item.get(asked.item, ()) if p.repeat == number - 1]
    return any(data.value(p) == asked.code for p in places)


def _column(book: Rulebook, data: SubjectData, event: StudyEventDef, repeat: int, today: date) -> Column:
    window = None
    if event.due is not None:
        scope = PlaceScope(book, data, FormPath(event.oid, repeat, event.forms[0]), None, 1, today)
        window = window_of_event(book, event.due, scope_anchor(scope, book.study.anchor(event.due)))
    day = _visit_day(book, data, event, repeat)
    label = event.label
    if event.per_round and repeat > 1:
        label = Text(en="{label}, round {n}", zh="{label}（第 {n} 轮）").format(label=label, n=repeat)
    return Column(event, repeat, label, window, day, _state(window, day, today, repeat in data.repeats(event.oid)))


def _visit_day(book: Rulebook, data: SubjectData, event: StudyEventDef, repeat: int) -> str | None:
    if event.date_item is None:
        return None
    form, group, _ = book.study.place[event.date_item]
    return data.value(FormPath(event.oid, repeat, form.oid).item(group.oid, event.date_item))


def _state(window: Window | None, day: str | None, today: date, begun: bool) -> Due:
    if day is not None:
        return "done"
    if window is None:
        return "in_window" if begun else "none"
    if today < window.first:
        return "not_due"
    if today > window.last:
        return "overdue"
    return "closes_today" if today == window.last else "in_window"


def _log(data: SubjectData, event: StudyEventDef) -> LogRows:
    repeats = data.repeats(event.oid)
    rows = [FormPath(event.oid, repeat, event.forms[0]) for repeat in repeats]
    standing = [form for form in rows if (form, None, 1) not in data.struck]
    return LogRows(event, tuple(standing), max(repeats, default=0) + 1)


def _first(data: SubjectData, name: str) -> str | None:
    values: Sequence[str | None] = [data.value(path) for path in data.by_item.get(name, ())]
    return next((value for value in values if value), None)


def _words(book: Rulebook, name: str, code: str | None) -> Text | None:
    if code is None or name not in book.study.place:
        return None
    return book.study.words(book.study.item(name), code)


def _age(data: SubjectData, birth: str, today: date) -> int | None:
    born = _first(data, birth)
    if born is None:
        return None
    day = PartialDate.parse(born).latest
    return today.year - day.year - ((today.month, today.day) < (day.month, day.day))
