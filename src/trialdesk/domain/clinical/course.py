"""One participant's course through the trial, as the endpoints see it: dates and categories taken from the casebook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.medicine.gvhd_words import speaks_of_gvhd
from trialdesk.domain.oid import ItemPath
from trialdesk.domain.partial_date import PartialDate
from trialdesk.domain.study.endpoint import EndpointRoles, GradeRoles
from trialdesk.domain.study.study import Study

LEAST = ">="
"""Begins a code that is a lower bound."""


@dataclass(frozen=True)
class Assessed:
    """A category found on a day; `at_least` is true where it is only a lower bound, because organs are missing."""

    day: date
    value: str
    at_least: bool = False


@dataclass(frozen=True)
class EventOnset:
    """One adverse event row; `start` may be partial, `related` holds the level per agent item.

    `names_gvhd` is true when the term or the words beside it speak of GVHD.
    """

    row: int
    term: str
    grade: int | None
    start: PartialDate | None
    related: tuple[str, ...]
    gvhd: str | None
    names_gvhd: bool = False


@dataclass(frozen=True)
class Course:
    """What the endpoints need of one participant; a day after the data cut is not in it.

    `last_contact` is the latest day on which the participant was seen or known alive.
    `incomplete` names what is missing or disputed, so that a table can list it.
    """

    subject: str
    site: str
    disease: str | None
    enrolled: date | None
    treatment: tuple[date, ...]
    treated: date | None
    responses: tuple[Assessed, ...]
    relapse: date | None
    death: date | None
    death_cause: str | None
    last_contact: date | None
    ended: date | None
    end_reason: str | None
    acute_gvhd: tuple[Assessed, ...]
    chronic_gvhd: tuple[Assessed, ...]
    events: tuple[EventOnset, ...]
    incomplete: tuple[str, ...]


def course_of(study: Study, data: SubjectData, cut: date, parked: frozenset[ItemPath] = frozenset()) -> Course:
    """The course of a participant up to and including the day of the data cut; the study must name its endpoints.

    `parked` are answers that are not asked any more: they stay on record and count for nothing.
    """
    roles = study.endpoints
    assert roles is not None, "the study names no endpoints"
    return _Reading(study, roles, data, cut, parked).course()


class _Reading:
    def __init__(
        self, study: Study, roles: EndpointRoles, data: SubjectData, cut: date, parked: frozenset[ItemPath]
    ) -> None:
        self.study, self.roles, self.data, self.cut, self.parked = study, roles, data, cut, parked

    def course(self) -> Course:
        roles = self.roles
        response = self._assessed(roles.response.date, roles.response.value)
        death = self._first(roles.death)
        relapse = min(
            [*self._relapses(), *(one.day for one in response if one.value in roles.response.relapse)], default=None
        )
        treated = self._first(roles.treated, self._given(roles.treated))
        enrolled = self._first(roles.enrolled)
        contacts = [day for name in roles.contact for day in self._days(name)]
        contacts += [day for day in (enrolled, treated, relapse, death) if day]
        return Course(
            subject=self.data.subject,
            site=self.data.enrolled.site if self.data.enrolled else "",
            disease=self._single(roles.disease),
            enrolled=enrolled,
            treatment=tuple(sorted(self._treatment())),
            treated=treated,
            responses=response,
            relapse=relapse,
            death=death,
            death_cause=self._single(roles.death_cause) if roles.death_cause else None,
            last_contact=max(contacts, default=None),
            ended=self._first(roles.withdrawal.date) if roles.withdrawal else None,
            end_reason=self._single(roles.withdrawal.reason) if roles.withdrawal else None,
            acute_gvhd=self._graded(roles.acute_gvhd),
            chronic_gvhd=self._graded(roles.chronic_gvhd),
            events=tuple(self._events()),
            incomplete=tuple(self._incomplete(enrolled)),
        )

    # -- single answers

    def _paths(self, name: str) -> tuple[ItemPath, ...]:
        return tuple(path for path in self.data.by_item.get(name, ()) if path not in self.parked)

    def _single(self, name: str) -> str | None:
        values = [value for path in self._paths(name) if (value := self.data.value(path)) is not None]
        return values[0] if values else None

    def _day(self, text: str | None) -> date | None:
        try:
            day = date.fromisoformat(text) if text else None
        except ValueError:
            return None
        return day if day is not None and day <= self.cut else None

    def _days(self, name: str) -> Iterator[date]:
        for path in self._paths(name):
            day = self._day(self.data.value(path))
            if day is not None:
                yield day

    def _first(self, name: str, rows: frozenset[ItemPath] | None = None) -> date | None:
        paths = self._paths(name) if rows is None else sorted(rows)
        return min((d for p in paths if (d := self._day(self.data.value(p)))), default=None)

    def _beside(self, path: ItemPath, name: str) -> str | None:
        """The answer of another item in the same row, or on the same form."""
        _, group, _ = self.study.place[name]
        row = path.group_repeat if group.oid == path.group else 1
        return self.data.value(path.form_path.item(group.oid, name, row))

    def _asked(self, path: ItemPath, name: str) -> str | None:
        """The answer of another item of the form while it is asked; a parked one counts for nothing."""
        _, group, _ = self.study.place[name]
        row = path.group_repeat if group.oid == path.group else 1
        place = path.form_path.item(group.oid, name, row)
        return None if place in self.parked else self.data.value(place)

    # -- treatment

    def _given(self, name: str) -> frozenset[ItemPath] | None:
        known = next((one for one in self.roles.treatment if one.item == name and one.where), None)
        if known is None or known.where is None:
            return None
        where = known.where
        return frozenset(path for path in self._paths(name) if self._beside(path, where) == known.code)

    def _treatment(self) -> Iterator[date]:
        for one in self.roles.treatment:
            rows = self._given(one.item)
            for path in self._paths(one.item):
                day = self._day(self.data.value(path))
                if day is not None and (rows is None or path in rows):
                    yield day

    # -- assessments

    def _assessed(self, date_item: str, value_item: str) -> tuple[Assessed, ...]:
        found: list[Assessed] = []
        for path in self._paths(value_item):
            value, day = self.data.value(path), self._day(self._beside(path, date_item))
            if value is not None and day is not None:
                found.append(Assessed(day, value))
        return tuple(sorted(found, key=lambda one: one.day))

    def _graded(self, roles: GradeRoles) -> tuple[Assessed, ...]:
        found: list[Assessed] = []
        # A form whose grade could not be derived has no record of it; the form is found by its date.
        for path in self._paths(roles.date):
            day, told = self._day(self.data.value(path)), self._grade(path, roles)
            sure = roles.confidence is None or self._beside(path, roles.confidence) in roles.counts
            if told is not None and day is not None and (told[0] == roles.none or sure):
                found.append(Assessed(day, *told))
        return tuple(sorted(found, key=lambda one: one.day))

    def _grade(self, path: ItemPath, roles: GradeRoles) -> tuple[str, bool] | None:
        """The investigator's grade, else the derived one, else the lower bound; True where it is no more than that."""
        names = (name for name in (roles.override, roles.grade, roles.least) if name)
        for value in (self._asked(path, name) for name in names):
            if value is not None and value.removeprefix(LEAST) in roles.order:
                return value.removeprefix(LEAST), value.startswith(LEAST)
        return None

    def _relapses(self) -> Iterator[date]:
        roles = self.roles.relapse
        for path in self._paths(roles.date):
            day = self._day(self.data.value(path))
            kind = self._beside(path, roles.kind) if roles.kind else None
            if day is not None and (not roles.counts or kind is None or kind in roles.counts):
                yield day

    # -- adverse events

    def _events(self) -> Iterator[EventOnset]:
        roles = self.roles.events
        for path in self._paths(roles.term):
            term = self.data.value(path)
            start = self._partial(self._beside(path, roles.start))
            if term is None or (start is not None and start.earliest > self.cut):
                continue
            grade = self._beside(path, roles.grade)
            other = (self._beside(path, roles.specify) if roles.specify else None) or ""
            yield EventOnset(
                row=path.repeat,
                term=term,
                grade=int(grade) if grade and grade.isdigit() else None,
                start=start,
                related=tuple(self._beside(path, name) or "" for name in roles.related),
                gvhd=self._beside(path, roles.gvhd),
                names_gvhd=speaks_of_gvhd(term) or speaks_of_gvhd(other),
            )

    @staticmethod
    def _partial(text: str | None) -> PartialDate | None:
        try:
            return PartialDate.parse(text) if text else None
        except ValueError:
            return None

    # -- what is missing

    def _incomplete(self, enrolled: date | None) -> Iterator[str]:
        if enrolled is None:
            yield self.roles.enrolled
        for name in sorted(set(self.roles.items())):
            if any(self.data.items[path].disputed for path in self._paths(name)):
                yield name
