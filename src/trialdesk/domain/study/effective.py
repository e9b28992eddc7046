"""For whom a study release takes effect, and from which visit on: data in the centre's signed letter."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class EffectiveRule(BaseModel):
    """Conditions that all have to hold before a form is begun under a release; without any it is for everybody.

    `subjects` names participants; `newly_enrolled` asks for enrolment on or after the effective day; `consent` names the
    date item on which a participant consents again, on or after the day of approval; `when` is an expression of the
    study's rule language about the participant; `from_event` is the first StudyEvent that is asked by the release.
    What cannot be told counts as not yet.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    subjects: tuple[str, ...] = ()
    newly_enrolled: bool = False
    consent: str | None = None
    when: str | None = None
    from_event: str | None = None

    @property
    def is_for_all(self) -> bool:
        """True when no participant is set apart."""
        return self == EffectiveRule()
