"""The kinds of rules a study may hold; the kind's name is the file's name in `domain/rules`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from trialdesk.domain.study.study_event import Amount
from trialdesk.domain.text import Text

Given = dict[str, str | list[str]]
"""Values of an example by item name; `today` sets the day; a list gives the rows of a repeating group."""


class Example(BaseModel):
    """One proof of a rule: with these values this must follow.

    `expect` for checks, windows and eligibility: `ok`, `finding`, `cannot_tell`; for conditions `shown`, `hidden`,
    `cannot_tell`; for methods the derived text, or `cannot_tell`. `days_outside` is for windows alone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    given: Given = {}
    expect: str
    days_outside: int | None = None


class _Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    says: Text
    protocol: Text
    source: str
    setting: bool = False
    examples: tuple[Example, ...] = ()
    template: str | None = None
    """The rule of the study's files that this one was unfolded from, where it is written once for many items."""


class WindowRule(_Rule):
    """A date must lie `target` days after another date, within a window of days before and after."""

    kind: Literal["window"]
    item: str
    after: str
    target: Amount
    pre_window: Amount = 0
    post_window: Amount = 0
    outside: Literal["soft", "hard"] = "soft"


class CheckRule(_Rule):
    """An expression that must be true wherever `when` is true; shown beside `item` when it is false.

    `asks` turns a check that cannot be decided yet into a finding as well: unknown asks, it never passes.
    """

    kind: Literal["check"]
    item: str
    when: str | None = None
    expect: str
    severity: Literal["soft", "hard"] = "soft"
    asks: Text | None = None
    deviation: bool = False


class ConditionRule(_Rule):
    """The items or groups named are asked only while `show` is true (ODM ConditionDef, with the sense reversed).

    `because` says in words when they are asked, and stands in their place while they are not.
    """

    kind: Literal["condition"]
    items: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    show: str
    because: Text


class MethodRule(_Rule):
    """An item is computed by an expression, or by a published criterion named `module.function` (ODM MethodDef)."""

    kind: Literal["method"]
    item: str
    value: str | None = None
    method: str | None = None
    inputs: dict[str, str] = {}


class EligibilityRule(_Rule):
    """A criterion of the study: `expect` must be true for the participant to be eligible."""

    kind: Literal["eligibility"]
    item: str
    criterion: Literal["inclusion", "exclusion"] = "inclusion"
    expect: str


Rule = Annotated[WindowRule | CheckRule | ConditionRule | MethodRule | EligibilityRule, Field(discriminator="kind")]
