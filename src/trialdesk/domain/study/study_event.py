"""Visits and logs (ODM StudyEventDef) with the day they are due."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from trialdesk.domain.study.labelled import Labelled
from trialdesk.domain.text import Text


def _whole_number(value: Any) -> Any:
    """Files hold every scalar as text; digits mean a number, anything else the name of a parameter."""
    return int(value) if isinstance(value, str) and value.lstrip("-").isdigit() else value


Amount = Annotated[int | str, BeforeValidator(_whole_number)]
"""A whole number of days, or the name of a study parameter that holds it."""


class AnchorChoice(BaseModel):
    """The anchor a parameter chooses: `choices` gives the item for each value the parameter may hold."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    setting: str
    choices: dict[str, str]


class Timing(BaseModel):
    """When an event is due: so many days (or calendar months) after an anchor item, within a window of days.

    `after` is the anchor item, or a choice between items by a parameter; `Study.anchor` says which item it is.
    `rule` names the rule of the protocol that speaks of this window; without one the visit schedule speaks itself.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    after: str | AnchorChoice
    days: Amount | None = None
    months: Amount | None = None
    pre_window: Amount = 0
    post_window: Amount = 0
    rule: str | None = None


class StudyEventDef(Labelled):
    """One visit, unscheduled visit or log.

    `scheduled` events stand as columns of the casebook; a `per_round` event occurs once in each treatment round and
    its repeat number is the round. `log` events repeat freely (adverse events, medication): one occurrence is one row.
    `common` events occur at most once, whenever they happen (relapse, death, end of study).
    `when` is an expression; the event is expected only while it is true.
    """

    oid: str
    short: Text
    kind: Literal["scheduled", "unscheduled", "log", "common"] = "scheduled"
    per_round: bool = False
    due: Timing | None = None
    date_item: str | None = None
    when: str | None = None
    forms: tuple[str, ...]
    epoch: Literal["SCREENING", "TREATMENT", "FOLLOW-UP"] = "FOLLOW-UP"
    help: Text | None = None

    @property
    def repeating(self) -> bool:
        """True when the event may occur more than once."""
        return self.per_round or self.kind in ("log", "unscheduled")
