"""The endpoints of the trial counted from the participants' courses; every figure names its definition and population."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

from trialdesk.centre.statistics import Interval, exact_interval
from trialdesk.domain.clinical.course import Course
from trialdesk.domain.study.endpoint import EndpointRoles
from trialdesk.domain.study.study import Study

Population = Literal["ITT", "treated", "evaluable", "remission"]


@dataclass(frozen=True)
class Rate:
    """k of n participants with the exact interval (None for an empty population), and who the k are."""

    k: int
    n: int
    interval: Interval | None
    who: tuple[str, ...]


@dataclass(frozen=True)
class Waiting:
    """One participant's time in days from a start to an event, a competing event, or the end of observation.

    `status` 0 censored, 1 the event, 2 the competing event.
    """

    subject: str
    days: int
    status: Literal[0, 1, 2]


class Endpoints:
    """Everything counted at one data cut."""

    def __init__(self, study: Study, courses: Sequence[Course], cut: date) -> None:
        assert study.endpoints is not None
        self.study, self.cut = study, cut
        self.roles: EndpointRoles = study.endpoints
        self.courses = tuple(sorted(courses, key=lambda one: one.subject))

    def days(self, parameter: str) -> int:
        """A parameter of the study as whole days."""
        return int(self.study.parameter[parameter].value)

    def switched(self, parameter: str | None) -> bool:
        """True while a Y/N parameter says Y."""
        return parameter is not None and str(self.study.parameter[parameter].value) == "Y"

    # -- populations

    @cached_property
    def enrolled(self) -> tuple[Course, ...]:
        """Everyone with a date of enrolment up to the cut (ITT)."""
        return tuple(one for one in self.courses if one.enrolled)

    @cached_property
    def treated(self) -> tuple[Course, ...]:
        """Enrolled participants with at least one dose of plerixafor."""
        return tuple(one for one in self.enrolled if one.treated)

    @cached_property
    def evaluable(self) -> tuple[Course, ...]:
        """Treated participants with at least one response that could be evaluated in the window."""
        return tuple(
            one for one in self.treated if self.best_response(one) not in (None, *self.roles.response.not_evaluable)
        )

    @cached_property
    def in_remission(self) -> tuple[Course, ...]:
        """Enrolled participants who reached complete remission at any time up to the cut."""
        return tuple(one for one in self.enrolled if self.first_remission(one))

    def population(self, name: Population) -> tuple[Course, ...]:
        """The participants of a population by name."""
        return {
            "ITT": self.enrolled,
            "treated": self.treated,
            "evaluable": self.evaluable,
            "remission": self.in_remission,
        }[name]

    # -- response

    @property
    def complete_codes(self) -> tuple[str, ...]:
        """Categories that count as complete remission."""
        roles = self.roles.response
        return roles.complete + (roles.complete_too if self.switched(roles.complete_too_if) else ())

    @property
    def overall_codes(self) -> tuple[str, ...]:
        """Categories that count as overall remission."""
        roles = self.roles.response
        more = roles.overall_too if self.switched(roles.overall_too_if) else ()
        return self.complete_codes + roles.partial + more

    def response_until(self, one: Course) -> date | None:
        """Last day of the response window: so many days after enrolment, tolerance included."""
        span = self.days(self.roles.response_days) + self.days(self.roles.response_tolerance)
        return one.enrolled + timedelta(days=span) if one.enrolled else None

    def best_response(self, one: Course) -> str | None:
        """Best category from the first study treatment to the end of the window, by the study's order; None without any."""
        until, first = self.response_until(one), min(one.treatment, default=None)
        if until is None or first is None:
            return None
        order = self.roles.response.order
        found = [r.value for r in one.responses if first <= r.day <= until and r.value in order]
        return min(found, key=order.index) if found else None

    def first_remission(self, one: Course) -> date | None:
        """Day of the first complete remission after treatment began."""
        first = min(one.treatment, default=None)
        days = (r.day for r in one.responses if r.value in self.complete_codes and first is not None and r.day >= first)
        return min(days, default=None)

    def rate(self, codes: Sequence[str], population: Population) -> Rate:
        """How many of a population had one of these as best response; not evaluable counts as none of them."""
        return self._rate(lambda one: self.best_response(one) in codes, self.population(population))

    def _rate(self, holds: Callable[[Course], bool], among: Sequence[Course]) -> Rate:
        who = tuple(one.subject for one in among if holds(one))
        return Rate(len(who), len(among), exact_interval(len(who), len(among)) if among else None, who)

    # -- times

    def _seen_until(self, one: Course) -> date:
        assert one.enrolled is not None
        seen = min(one.last_contact or one.enrolled, self.cut)
        return one.death or seen

    def overall_survival(self, among: Population = "ITT") -> list[Waiting]:
        """Days from enrolment to death from any cause; alive: censored at last contact."""
        return [
            _waiting(one.subject, one.enrolled, self._seen_until(one), 1 if one.death else 0)
            for one in self.population(among)
            if one.enrolled
        ]

    def disease_free(self, death_counts: bool, among: Population = "ITT") -> list[Waiting]:
        """Days from the first complete remission to relapse; death without relapse is an event or censors.

        `death_counts` False is the registration's wording, True the usual definition (relapse or death).
        """
        rows: list[Waiting] = []
        for one in self._remitted(among):
            start = self.first_remission(one)
            relapse = self._relapse_after(one, start)
            if relapse is not None:
                rows.append(_waiting(one.subject, start, relapse, 1))
            else:
                rows.append(_waiting(one.subject, start, self._seen_until(one), 1 if one.death and death_counts else 0))
        return rows

    def _remitted(self, among: Population) -> list[Course]:
        """Those of a population who reached complete remission."""
        return [one for one in self.population(among) if self.first_remission(one)]

    def non_relapse_mortality(
        self, population: Literal["remission", "ITT"], among: Population = "ITT"
    ) -> list[Waiting]:
        """Days to death without relapse (1), relapse competing (2).

        Among those in remission time runs from remission. Among all enrolled it runs from enrolment: death while
        leukaemia-free is 1; relapse after remission is 2 on its day; who never reached remission has the competing
        event on day 0, since the disease they enrolled with never left.
        """
        if population == "remission":
            return [self._competing(one, self.first_remission(one)) for one in self._remitted(among)]
        rows: list[Waiting] = []
        for one in self.population(among):
            reached = self.first_remission(one)
            rows.append(self._competing(one, one.enrolled, reached) if reached else Waiting(one.subject, 0, 2))
        return rows

    def _competing(self, one: Course, start: date | None, reached: date | None = None) -> Waiting:
        relapse = self._relapse_after(one, reached or start)
        if relapse is not None:
            return _waiting(one.subject, start, relapse, 2)
        return _waiting(one.subject, start, self._seen_until(one), 1 if one.death else 0)

    def _relapse_after(self, one: Course, start: date | None) -> date | None:
        return one.relapse if one.relapse and start and one.relapse >= start else None

    # -- graft-versus-host disease

    def worst(self, one: Course, acute: bool) -> str | None:
        """Highest grade within the follow-up after enrolment; None when it was never assessed."""
        roles = self.roles.acute_gvhd if acute else self.roles.chronic_gvhd
        found = one.acute_gvhd if acute else one.chronic_gvhd
        until = one.enrolled + timedelta(days=self.days(self.roles.follow_up_days)) if one.enrolled else None
        values = [a.value for a in found if until and a.day <= until]
        return max(values, key=roles.order.index) if values else None

    def gvhd_waiting(self, acute: bool, codes: Iterable[str], among: Population = "treated") -> list[Waiting]:
        """Days from the first study treatment to the first assessment with one of these grades (1).

        Relapse or death before it competes (2); who had neither is censored at the last contact.
        """
        wanted = set(codes)
        rows: list[Waiting] = []
        for one in self.population(among):
            start = min(one.treatment, default=None)
            if start is None:
                continue
            found = one.acute_gvhd if acute else one.chronic_gvhd
            first = min((a.day for a in found if a.value in wanted and a.day >= start), default=None)
            relapse = self._relapse_after(one, start)
            competing = min([day for day in (relapse, one.death) if day is not None], default=None)
            if first is not None and (competing is None or first <= competing):
                rows.append(_waiting(one.subject, start, first, 1))
            elif competing is not None:
                rows.append(_waiting(one.subject, start, competing, 2))
            else:
                rows.append(_waiting(one.subject, start, self._seen_until(one), 0))
        return rows

    def only_at_least(self, one: Course, acute: bool) -> bool:
        """True when an assessment of the follow-up is a lower bound that may hide a higher grade than `worst` says."""
        found = one.acute_gvhd if acute else one.chronic_gvhd
        until = one.enrolled + timedelta(days=self.days(self.roles.follow_up_days)) if one.enrolled else None
        order = (self.roles.acute_gvhd if acute else self.roles.chronic_gvhd).order
        known = self.worst(one, acute)
        return known != order[-1] and any(a.at_least for a in found if until and a.day <= until)

    def gvhd(self, acute: bool, codes: Iterable[str], among: Population = "treated") -> Rate:
        """How many treated participants, or of another population, had one of these as their highest grade."""
        wanted = set(codes)
        return self._rate(lambda one: self.worst(one, acute) in wanted, self.population(among))


def _waiting(subject: str, start: date | None, end: date, status: Literal[0, 1, 2]) -> Waiting:
    assert start is not None
    return Waiting(subject, max((end - start).days, 0), status)
