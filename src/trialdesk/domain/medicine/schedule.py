"""The calendar of one treatment round, from the chemotherapy day it is counted from."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal


@dataclass(frozen=True, slots=True)
class Days:
    """Intervals of a round in days; `months` counts the two long ones in calendar months, clipped to the month's end."""

    chemo_to_dli: int = 3
    dli_to_plerixafor: int = 10
    plerixafor_days: int = 5
    per_day: int = 2
    trae_days: int = 30
    trae_months: int = 1
    response_days: int = 90
    response_months: int = 3
    months: bool = False


@dataclass(frozen=True, slots=True)
class Round:
    """The target days of one round; the adverse event window ends with its last day included."""

    dli: date
    plerixafor_day1: date
    plerixafor_last_day: date
    injections: int
    trae_window_end: date
    response: date


USUAL = Days()


def round_days(
    last_chemo: date | None = None,
    first_chemo: date | None = None,
    anchor: Literal["END", "START"] = "END",
    days: Days = USUAL,
) -> Round | None:
    """Target days from the last (anchor END) or the first (START) day of chemotherapy; None when that day is not known.

    DLI 3 days later, plerixafor from 10 days after DLI on 5 days in a row twice a day; the adverse event window ends 30
    days after the last plerixafor day, response is assessed 90 days after DLI (or 1 and 3 calendar months).
    Source: NCT06141304, arm description; anchor, window and response day are study settings.
    """
    start = last_chemo if anchor == "END" else first_chemo
    if start is None:
        return None
    dli = start + timedelta(days.chemo_to_dli)
    first = dli + timedelta(days.dli_to_plerixafor)
    last = first + timedelta(days.plerixafor_days - 1)
    window = month_later(last, days.trae_months) if days.months else last + timedelta(days.trae_days)
    response = month_later(dli, days.response_months) if days.months else dli + timedelta(days.response_days)
    return Round(dli, first, last, days.plerixafor_days * days.per_day, window, response)


def month_later(start: date, months: int) -> date:
    """The same day so many calendar months on, or the month's last day where that day does not exist.

    Source: calendar arithmetic; `2026-01-31` and one month is `2026-02-28`.
    """
    index = start.year * 12 + start.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))
