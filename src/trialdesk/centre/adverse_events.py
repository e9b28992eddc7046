"""Treatment-related adverse events in the month after treatment, without GVHD, by class and term at the highest grade."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from trialdesk.centre.endpoints import Endpoints
from trialdesk.domain.clinical.course import Course, EventOnset
from trialdesk.domain.text import Text

GRADES = (1, 2, 3, 4, 5)


class Classes(Protocol):
    """What the table asks of the terminology."""

    def class_of(self, term: str) -> str | None:
        """The system organ class of a term; None for a term it lacks."""

    def words_of(self, name: str) -> Text:
        """A term or a class in both languages; a name it lacks stands for itself."""


@dataclass(frozen=True)
class EventRow:
    """Participants with a term (or any term of a class, `term` empty) by their highest grade."""

    soc: str
    term: str
    by_grade: Mapping[int, tuple[str, ...]]

    @property
    def any_grade(self) -> int:
        """Participants at any grade."""
        return sum(map(len, self.by_grade.values()))

    @property
    def severe(self) -> int:
        """Participants at grade 3 or higher."""
        return sum(len(self.by_grade.get(grade, ())) for grade in (3, 4, 5))


@dataclass(frozen=True)
class EventTable:
    """The table, its denominator, and the rows that a person must look at.

    `left_out` GVHD manifestations; `gvhd_unknown` counted although GVHD was not excluded; `uncertain` counted although
    the partial onset may lie outside the window; `ungraded` not counted for want of a grade or a start.
    """

    treated: int
    rows: tuple[EventRow, ...]
    haematological: EventRow
    other: EventRow
    left_out: tuple[str, ...]
    gvhd_unknown: tuple[str, ...]
    uncertain: tuple[str, ...]
    ungraded: tuple[str, ...]


def windows(endpoints: Endpoints, one: Course) -> list[tuple[date, date]]:
    """Each stretch from the first study treatment to so many days after the last one of a round, end inclusive."""
    days = endpoints.days(endpoints.roles.events.window_days)
    spans: list[tuple[date, date]] = []
    for day in one.treatment:
        until = day + timedelta(days=days)
        if spans and day <= spans[-1][1]:
            spans[-1] = (spans[-1][0], until)
        else:
            spans.append((day, until))
    return spans


def related(endpoints: Endpoints, event: EventOnset) -> bool:
    """True when any agent's relatedness reaches the study's level."""
    roles = endpoints.roles.events
    listed = endpoints.study.codelist[endpoints.study.item(roles.related[0]).codelist or ""]
    codes = [item.code for item in listed.items]
    least = codes.index(str(endpoints.study.parameter[roles.related_from].value))
    return any(level in codes and codes.index(level) >= least for level in event.related)


def table(endpoints: Endpoints, classes: Classes) -> EventTable:
    """Count every treated participant once per class and once per term, at the highest grade."""
    return _Counting(endpoints, classes).table()


class _Counting:
    def __init__(self, endpoints: Endpoints, classes: Classes) -> None:
        self.endpoints, self.classes = endpoints, classes
        self.worst: dict[tuple[str, str], dict[str, int]] = {}
        self.set_worst: dict[bool, dict[str, int]] = {True: {}, False: {}}
        self.left_out: list[str] = []
        self.unknown: list[str] = []
        self.uncertain: list[str] = []
        self.ungraded: list[str] = []

    def table(self) -> EventTable:
        for one in self.endpoints.treated:
            spans = windows(self.endpoints, one)
            for event in one.events:
                self._take(one, event, spans)
        rows = [self._row(soc, term, who) for (soc, term), who in sorted(self.worst.items())]
        return EventTable(
            treated=len(self.endpoints.treated),
            rows=tuple(rows),
            haematological=self._row("", "", self.set_worst[True]),
            other=self._row("", "", self.set_worst[False]),
            left_out=tuple(self.left_out),
            gvhd_unknown=tuple(self.unknown),
            uncertain=tuple(self.uncertain),
            ungraded=tuple(self.ungraded),
        )

    def _take(self, one: Course, event: EventOnset, spans: Sequence[tuple[date, date]]) -> None:
        roles, name = self.endpoints.roles.events, f"{one.subject} {event.row} {event.term}"
        if not related(self.endpoints, event):
            return
        if event.gvhd == roles.gvhd_yes or (event.names_gvhd and event.gvhd != roles.gvhd_no):
            self.left_out.append(name)
            return
        if event.start is None or event.grade is None:
            self.ungraded.append(name)
            return
        start = event.start
        if not any(start.earliest <= until and start.latest >= first for first, until in spans):
            return
        if not any(first <= start.earliest and start.latest <= until for first, until in spans):
            self.uncertain.append(name)
        if event.gvhd == roles.gvhd_unknown:
            self.unknown.append(name)
        soc = self.classes.class_of(event.term) or "?"
        for key in ((soc, ""), (soc, event.term)):
            _raise(self.worst.setdefault(key, {}), one.subject, event.grade)
        blood = soc in roles.haematological_classes or event.term in roles.haematological_terms
        _raise(self.set_worst[blood], one.subject, event.grade)

    @staticmethod
    def _row(soc: str, term: str, worst: Mapping[str, int]) -> EventRow:
        by_grade = {grade: tuple(sorted(s for s, g in worst.items() if g == grade)) for grade in GRADES}
        return EventRow(soc, term, by_grade)


def _raise(worst: dict[str, int], subject: str, grade: int) -> None:
    worst[subject] = max(grade, worst.get(subject, 0))
