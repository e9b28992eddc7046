"""Special layouts of a form: which question plays which part, so that a sheet knows no study by name."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

from trialdesk.domain.text import Text


class InjectionSheet(BaseModel):
    """A series of injections laid out by days: the section with one row for each, and what each question means there.

    `given` is a yes-or-no question; `not_given_code` is the answer that makes the sheet ask for `reason`.
    `interval`, `tolerance` and `minimum` name parameters in hours, `per_day` one that counts the injections of a day.
    `day_cap` is an expression for the highest daily amount, seen from the first row; `figures` stand above the days.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    group: str
    planned_date: str
    planned_time: str | None = None
    given: str
    given_code: str = "Y"
    not_given_code: str = "N"
    date: str
    time: str
    dose: str
    volume: str
    site: str | None = None
    reason: str
    planned_dose: str
    planned_volume: str
    daily_dose: str
    day_cap: str | None = None
    figures: tuple[str, ...] = ()
    interval: str
    tolerance: str
    minimum: str
    per_day: str

    def items(self) -> Iterator[str]:
        """Every item the sheet names."""
        named = (self.planned_date, self.planned_time, self.given, self.date, self.time, self.dose, self.volume)
        more = (self.site, self.reason, self.planned_dose, self.planned_volume, self.daily_dose, *self.figures)
        yield from (name for name in (*named, *more) if name is not None)

    def parameters(self) -> tuple[str, ...]:
        """Every parameter the sheet names."""
        return self.interval, self.tolerance, self.minimum, self.per_day


class Organ(BaseModel):
    """One organ of a graded assessment: what is seen, the stage that follows from it, how sure the cause is.

    `stage` is derived from the findings, or a question of its own; `input` names the input of the grading method that
    this organ is, so that the deciding organ can be told. `highest` is the last stage of the scale.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: Text
    findings: tuple[str, ...] = ()
    stage: str
    input: str
    confidence: str | None = None
    highest: int = 4


class OrganSheet(BaseModel):
    """An assessment organ by organ that comes to one grade.

    `before` stands above the organs (date, any sign at all), `grade` is the derived grade, `least` what it is at least
    while organs are missing, `override` and `override_reason` are an investigator's own grade beside it, `after`
    stands below the organs.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    before: tuple[str, ...] = ()
    organs: tuple[Organ, ...]
    grade: str
    least: str | None = None
    override: str | None = None
    override_reason: str | None = None
    date: str | None = None
    after: tuple[str, ...] = ()

    def items(self) -> Iterator[str]:
        """Every item the sheet names."""
        yield from self.before
        for organ in self.organs:
            yield from organ.findings
            yield organ.stage
            if organ.confidence:
                yield organ.confidence
        yield self.grade
        yield from (name for name in (self.least, self.override, self.override_reason, self.date) if name)
        yield from self.after
