"""Which answers a trial's endpoints are counted from: items and codes by role, as the study's file names them."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict


class _Roles(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TreatmentDay(_Roles):
    """An item that holds a day of study treatment; with `where`, only rows in which that item holds `code`."""

    item: str
    where: str | None = None
    code: str = "Y"


class ResponseRoles(_Roles):
    """Response by category; `*_if` names a parameter that is Y while the further categories count."""

    date: str
    value: str
    complete: tuple[str, ...]
    complete_too: tuple[str, ...] = ()
    complete_too_if: str | None = None
    partial: tuple[str, ...] = ()
    overall_too: tuple[str, ...] = ()
    overall_too_if: str | None = None
    order: tuple[str, ...]
    not_evaluable: tuple[str, ...] = ()
    relapse: tuple[str, ...] = ()


class RelapseRoles(_Roles):
    """A relapse; only kinds in `counts` are events (a molecular relapse alone is none)."""

    date: str
    kind: str | None = None
    counts: tuple[str, ...] = ()


class GradeRoles(_Roles):
    """An assessment graded on an ordered scale; `none` is the code for nothing found.

    `override` is the investigator's own grade, which goes before the derived one. `least` says the grade, or from which
    grade up it is, while organs are missing; such a code begins with `>=` and counts by its lower bound.
    """

    date: str
    grade: str
    order: tuple[str, ...]
    none: str
    override: str | None = None
    least: str | None = None
    confidence: str | None = None
    counts: tuple[str, ...] = ()


class EventRoles(_Roles):
    """Adverse events: related from a level up to any agent, inside a window after treatment, GVHD left out."""

    term: str
    specify: str | None = None
    grade: str
    start: str
    related: tuple[str, ...]
    related_from: str
    window_days: str
    gvhd: str
    gvhd_yes: str = "Y"
    gvhd_no: str = "N"
    gvhd_unknown: str = "U"
    haematological_classes: tuple[str, ...] = ()
    haematological_terms: tuple[str, ...] = ()


class WithdrawalRoles(_Roles):
    """End of study and its reason."""

    date: str
    reason: str


class EndpointRoles(_Roles):
    """Everything the endpoints read; names ending in `_days` and `_tolerance` are parameters, the rest items."""

    enrolled: str
    disease: str
    treatment: tuple[TreatmentDay, ...]
    treated: str
    response: ResponseRoles
    response_days: str
    response_tolerance: str
    relapse: RelapseRoles
    death: str
    death_cause: str | None = None
    contact: tuple[str, ...]
    withdrawal: WithdrawalRoles | None = None
    follow_up_days: str
    acute_gvhd: GradeRoles
    chronic_gvhd: GradeRoles
    events: EventRoles

    def items(self) -> Iterator[str]:
        """Every item named, for checking a study."""
        yield from (self.enrolled, self.disease, self.treated, self.death, *self.contact)
        yield from (one.item for one in self.treatment)
        yield from (one.where for one in self.treatment if one.where)
        yield from (self.response.date, self.response.value, self.relapse.date)
        optional = (self.relapse.kind, self.death_cause, self.acute_gvhd.confidence, self.events.specify)
        yield from (name for name in optional if name)
        for graded in (self.acute_gvhd, self.chronic_gvhd):
            yield from (graded.date, graded.grade)
            yield from (name for name in (graded.override, graded.least) if name)
        if self.withdrawal:
            yield from (self.withdrawal.date, self.withdrawal.reason)
        yield from (self.events.term, self.events.grade, self.events.start, self.events.gvhd, *self.events.related)

    def parameters(self) -> Iterator[str]:
        """Every parameter named, for checking a study."""
        yield from (self.response_days, self.response_tolerance, self.follow_up_days)
        yield from (self.events.related_from, self.events.window_days)
        yield from (name for name in (self.response.complete_too_if, self.response.overall_too_if) if name)
