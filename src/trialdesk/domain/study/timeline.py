"""What a participant's timeline shows: which dated answers become marks, in which lane, in which shape."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict

from trialdesk.domain.study.labelled import Labelled

Lane = Literal["treatment", "assessment", "event"]
Shape = Literal["bar", "diamond", "tick", "dot", "drop", "episode", "triangle", "cross"]


class TimelineMark(Labelled):
    """One kind of mark: a dated item, and the items that say how long, what, and how bad.

    `start` is the dated item, `end` and `ongoing` (answered `ongoing_code`) say how long it lasts, `given` must hold
    `given_code` for the mark to be drawn as done, `planned` is the derived date of what is still to come. `what` is
    the answer in words, `grade` the one whose digit colours the mark, and an answer among `unless` hides it.
    An `episode` joins assessments that follow one another while `grade` is not among `unless`; `onset` dates its start.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    lane: Lane
    shape: Shape
    start: str
    end: str | None = None
    ongoing: str | None = None
    ongoing_code: str = "Y"
    given: str | None = None
    given_code: str = "Y"
    planned: str | None = None
    what: str | None = None
    grade: str | None = None
    onset: str | None = None
    unless: tuple[str, ...] = ()

    def items(self) -> tuple[str, ...]:
        """Every item the mark reads."""
        named = (self.start, self.end, self.ongoing, self.given, self.planned, self.what, self.grade, self.onset)
        return tuple(name for name in named if name is not None)
