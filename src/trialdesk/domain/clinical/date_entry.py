"""Reading dates and times as a hurried person types them; what was understood is echoed beside the box."""

from __future__ import annotations

import calendar
import re
import unicodedata
from datetime import date, timedelta
from typing import Literal

from trialdesk.domain.partial_date import PartialDate
from trialdesk.domain.text import Text

Order = Literal["md", "dm"]

LATEST_GUESS = 60
"""A day and month without a year is taken in the year that puts it nearest to today, at most this many days ahead."""

_SHIFT = re.compile(r"([+-]\d{1,4})([dwm]?)")
_PARTS = re.compile(r"[/\-.\s]+")
_HAN = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2}|不详)月)?(?:(\d{1,2}|不详)[日号])?")
_UNKNOWN = ("un", "uk", "unk", "??", "?", "不详", "未知")


def read_date(typed: str, today: date, visit: date | None = None, order: Order = "md") -> PartialDate | Text:
    """Understand a date, or say how to write one.

    Takes `t` today, `y` yesterday, `v` the visit's day, `+3` `-1w` `-2m` from today, `3/3` `3-3` (in the study's
    order), `20260303`, `2026-03-03`, `2026.3.3`, `2026年3月3日`, and partial dates `2026`, `2026-03`, `UN/3/2026`,
    `UN/UN/2026`, `3/2026`. Full-width digits count as digits.
    """
    words = unicodedata.normalize("NFKC", typed).strip().lower()
    if not words:
        return _HOW
    named = _named(words, today, visit)
    if named is not None:
        return named
    try:
        return _written(words, today, order)
    except _NoSuchDay as fault:
        return _SHORT_MONTH.format(month=fault.month, days=fault.days)
    except ValueError:
        return _HOW


def _named(words: str, today: date, visit: date | None) -> PartialDate | Text | None:
    if words in ("t", "今", "今天", "今日"):
        return PartialDate.of(today)
    if words in ("y", "昨", "昨天", "昨日"):
        return PartialDate.of(today - timedelta(days=1))
    if words == "v":
        return PartialDate.of(visit) if visit is not None else _NO_VISIT
    shift = _SHIFT.fullmatch(words)
    if shift is None:
        return None
    number, unit = int(shift[1]), shift[2] or "d"
    try:
        if unit == "m":
            return PartialDate.of(_months_on(today, number))
        return PartialDate.of(today + timedelta(days=number * (7 if unit == "w" else 1)))
    except (OverflowError, ValueError):
        return _HOW


def _months_on(start: date, months: int) -> date:
    index = start.year * 12 + start.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def _written(words: str, today: date, order: Order) -> PartialDate:
    if re.fullmatch(r"\d{8}", words):
        return _made(int(words[:4]), int(words[4:6]), int(words[6:]))
    if re.fullmatch(r"\d{6}", words):
        return _made(int(words[:4]), int(words[4:]), None)
    if re.fullmatch(r"\d{4}", words):
        return _made(int(words), None, None)
    han = _HAN.fullmatch(words.replace(" ", ""))
    if han is not None and any(han.groups()):
        year, month, day = han.groups()
        if year is None:
            return _nearest(int(month or ""), int(day or ""), today)
        return _made(int(year), _maybe(month), _maybe(day))
    return _from_parts(_PARTS.split(words), today, order)


def _from_parts(parts: list[str], today: date, order: Order) -> PartialDate:
    if len(parts) == 3 and len(parts[0]) == 4:
        return _made(int(parts[0]), _maybe(parts[1]), _maybe(parts[2]))
    if len(parts) == 3 and len(parts[2]) in (2, 4):
        year = int(parts[2]) if len(parts[2]) == 4 else 2000 + int(parts[2])
        # With an unknown part or a number above 12 there is only one way to read it.
        first, second = parts[0], parts[1]
        day_first = order == "dm" or first in _UNKNOWN or (first.isdigit() and int(first) > 12)
        day, month = (first, second) if day_first else (second, first)
        return _made(year, _maybe(month), _maybe(day))
    if len(parts) == 2 and len(parts[0]) == 4:
        return _made(int(parts[0]), _maybe(parts[1]), None)
    if len(parts) == 2 and len(parts[1]) == 4:
        return _made(int(parts[1]), _maybe(parts[0]), None)
    if len(parts) == 2:
        one, two = int(parts[0]), int(parts[1])
        return _nearest(two, one, today) if order == "dm" or one > 12 else _nearest(one, two, today)
    raise ValueError("not a date")


def _maybe(part: str | None) -> int | None:
    return None if part is None or part in _UNKNOWN else int(part)


def _made(year: int, month: int | None, day: int | None) -> PartialDate:
    if not 1900 <= year <= 2199 or (month is None and day is not None):
        raise ValueError("not a date of a living person")
    _check_day(year, month, day)
    text = f"{year:04d}" + (f"-{month:02d}" if month is not None else "") + (f"-{day:02d}" if day is not None else "")
    return PartialDate.parse(text)


class _NoSuchDay(ValueError):
    """A day beyond the end of its month."""

    def __init__(self, month: int, days: int) -> None:
        super().__init__("no such day")
        self.month, self.days = month, days


def _check_day(year: int, month: int | None, day: int | None) -> None:
    if month is None or day is None or not 1 <= month <= 12:
        return
    days = calendar.monthrange(year, month)[1]
    if days < day <= 99:
        raise _NoSuchDay(month, days)


def _nearest(month: int, day: int, today: date) -> PartialDate:
    if month != 2:
        _check_day(today.year, month, day)
    choices = []
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            choices.append(date(year, month, day))
        except ValueError:
            continue
    choices = [one for one in choices if (one - today).days <= LATEST_GUESS]
    if not choices:
        raise ValueError("no such day")
    return PartialDate.of(min(choices, key=lambda one: abs((one - today).days)))


def read_time(typed: str, now: str | None = None) -> str | Text:
    """A time of day as HH:MM from `9:30`, `930`, `0930`, `9点30`, or `t` for `now`; else how to write one.

    A bare hour is refused: nobody typed its minutes, and the interval between injections rests on them.
    """
    if now is not None and unicodedata.normalize("NFKC", typed).strip().lower() in ("t", "现在"):
        return now
    words = unicodedata.normalize("NFKC", typed).strip().lower().replace("点", ":").replace("时", ":").rstrip("分:")
    found = re.fullmatch(r"(\d{1,2})[:.h](\d{1,2})", words) or re.fullmatch(r"(\d{1,2})(\d{2})", words)
    if found is not None:
        hour, minute = int(found[1]), int(found[2])
        if hour < 24 and minute < 60:
            return f"{hour:02d}:{minute:02d}"
    return Text(en="Write a time such as 09:30 or 930.", zh="请写时间，例如 09:30 或 930。")


_HOW = Text(
    en="This is not a date. Write 3/5, 20260305, t for today, -1 for yesterday, or UN/3/2026 if the day is not known.",
    zh="无法识别日期。可写 3/5、20260305、t（今天）、-1（昨天），日不详写 UN/3/2026。",
)
_SHORT_MONTH = Text(en="Month {month} has {days} days; check the day.", zh="{month} 月只有 {days} 天，请核对日期。")
_NO_VISIT = Text(en="The visit has no date yet; write the date itself.", zh="本次访视尚无日期，请直接写日期。")
