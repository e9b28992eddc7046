"""Days counted from the infusions of a participant: D+14 says more at a bedside than a date does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.partial_date import PartialDate
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.domain.text import Text

LONG_BEFORE = 99
"""Days before the first infusion beyond which a count says nothing more, as for a date of birth."""


@dataclass(frozen=True)
class DayZeros:
    """The day 0 of each treatment round that has one, in order."""

    days: tuple[tuple[int, date], ...] = ()

    def before(self, day: date) -> tuple[int, date] | None:
        """The round a day falls into: the last one that had begun by then."""
        begun = [zero for zero in self.days if zero[1] <= day]
        return begun[-1] if begun else None

    def words(self, day: date) -> Text | None:
        """`D+14`, with its round where there are several; `D-3` before the first; None long before, or while no day 0 is known."""
        if not self.days:
            return None
        number, zero = self.before(day) or self.days[0]
        away = (day - zero).days
        if away < -LONG_BEFORE:
            return None
        shown = f"D+{away}" if away >= 0 else f"D−{-away}"
        if len(self.days) == 1:
            return Text(en=shown, zh=shown)
        return Text(en="round {n} {day}", zh="第 {n} 轮 {day}").format(n=number, day=shown)


def day_zeros(book: Rulebook, data: SubjectData) -> DayZeros:
    """The recorded day 0 of each round; a partial date is none."""
    known = [(p.repeat, data.value(p)) for p in data.by_item.get(book.study.landmarks.day_0, ())]
    dates = [(number, PartialDate.parse(text)) for number, text in known if text]
    return DayZeros(tuple(sorted((number, day.earliest) for number, day in dates if day.complete)))
