"""The risk-based monitoring plan of a study: what is compared with its source, judged medically, looked for in the trail."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from trialdesk.domain.text import Text

Need = Literal["none", "critical", "all"]
"""How much of a form is compared with its source: nothing, its critical answers, every answer."""

Why = Literal["first", "sample"]
"""Why a participant is compared in full: among the first of the site, or drawn for the sample."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FormNeed(_Part):
    """What one form needs, at some visits or, without `events`, at all; the first entry that fits a form holds."""

    form: str
    events: tuple[str, ...] = ()
    verify: Need


class TrailPlan(_Part):
    """What the review of the audit trail looks for (ICH E6(R3) 4.2.3: planned, by risk).

    An answer is late when it was entered more than `late_days` after the day of its visit; night runs from the hour
    `night_from` to the hour `night_to`; more than `most_in_ten_minutes` answers of one person in ten minutes, and more
    than `corrected_percent` of at least `least_answers` answers corrected, stand out.
    """

    late_days: int = Field(default=7, ge=0)
    night_from: int = Field(default=22, ge=0, le=23)
    night_to: int = Field(default=6, ge=0, le=23)
    most_in_ten_minutes: int = Field(default=150, ge=1)
    corrected_percent: int = Field(default=20, ge=1, le=100)
    least_answers: int = Field(default=50, ge=1)

    def is_night(self, hour: int) -> bool:
        """True for an hour (0 to 23) of the night."""
        if self.night_from <= self.night_to:
            return self.night_from <= hour < self.night_to
        return hour >= self.night_from or hour < self.night_to


class MonitoringPlan(_Part):
    """How much is compared with its source, and where.

    The first `first_participants` of each site and `sample_percent` of the others are compared in full; of the rest each
    form as `forms` says, or else as `usual` says. `recheck_percent` of the answers that were verified together with others
    in one act are compared once more. `critical` names items. `medical` names the forms that a medically
    qualified person reviews. `source` is `assumption` for a plan the study has still to confirm.
    """

    source: Literal["protocol", "assumption"]
    basis: Text
    first_participants: int = Field(default=0, ge=0)
    sample_percent: int = Field(default=0, ge=0, le=100)
    recheck_percent: int = Field(default=0, ge=0, le=100)
    usual: Need = "critical"
    critical: tuple[str, ...] = ()
    forms: tuple[FormNeed, ...] = ()
    medical: tuple[str, ...] = ()
    trail: TrailPlan = TrailPlan()

    def in_full(self, study: str, subject: str, place: int) -> Why | None:
        """Why a participant, the `place`-th enrolled at the site (from 1), is compared in full; None for one who is not."""
        if place <= self.first_participants:
            return "first"
        return "sample" if is_drawn(study, subject, self.sample_percent) else None

    def again(self, study: str, subject: str, place: str) -> bool:
        """Whether an answer, named by its place, belongs to the sample that is compared once more."""
        return is_drawn(f"{study}|once more", f"{subject}|{place}", self.recheck_percent)

    def need(self, event: str, form: str, full: bool) -> Need:
        """What a form of a visit needs."""
        if full:
            return "all"
        fitting = (one for one in self.forms if one.form == form and (not one.events or event in one.events))
        return next((one.verify for one in fitting), self.usual)

    def words(self) -> Text:
        """The plan in one sentence."""
        drawn = Text(en="", zh="")
        if self.sample_percent:
            drawn = Text(en=", and {n} % of the others in full", zh="，另抽取 {n}% 全部核查").format(
                n=self.sample_percent
            )
        rest = _USUAL[self.usual].format(n=len(self.critical))
        if self.recheck_percent:
            again = Text(
                en="; {n} % of the answers verified several at once are compared once more",
                zh="；一次核查多项的答案中抽取 {n}% 复核",
            ).format(n=self.recheck_percent)
            drawn = Text(en=drawn.en + again.en, zh=drawn.zh + again.zh)
        return Text(
            en="The first {n} participants of each site in full; of the others {rest}{drawn}.",
            zh="每家中心前 {n} 名受试者全部核查；其余受试者{rest}{drawn}。",
        ).format(n=self.first_participants, rest=rest, drawn=drawn)

    def named_items(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Every item named, with its place in the plan."""
        for index, name in enumerate(self.critical):
            yield ("critical", index), name

    def named_forms(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Every form named, with its place in the plan."""
        for index, one in enumerate(self.forms):
            yield ("forms", index, "form"), one.form
        for index, name in enumerate(self.medical):
            yield ("medical", index), name


def is_drawn(study: str, subject: str, percent: int) -> bool:
    """Whether a participant belongs to the sample: always the same answer, and a larger sample holds the smaller."""
    digest = hashlib.sha256(f"source verification|{study}|{subject}".encode()).digest()
    return int.from_bytes(digest[:4]) < percent * 2**32 // 100


_USUAL: dict[Need, Text] = {
    "none": Text(en="only what the plan names", zh="仅核查计划指明的表单"),
    "critical": Text(en="the critical answers ({n} fields)", zh="仅核查关键字段（{n} 项）"),
    "all": Text(en="everything", zh="全部核查"),
}
