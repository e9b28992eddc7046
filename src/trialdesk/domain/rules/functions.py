"""The functions a rule may call, and how each treats what it cannot tell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from trialdesk.domain.medicine.ctcae import BaselineStatus, Graded
from trialdesk.domain.medicine.schedule import month_later
from trialdesk.domain.rules.values import UNKNOWN, Span, Value, ends, minus, span

FUNCTIONS: dict[str, tuple[int, int]] = {
    "days_between": (2, 2),
    "hours_between": (4, 4),
    "years_between": (2, 2),
    "add_months": (2, 2),
    "abs": (1, 1),
    "min": (2, 9),
    "max": (2, 9),
    "round": (1, 2),
    "text": (1, 1),
    "grade_exists": (2, 2),
    "looks_like_gvhd": (1, 1),
    "mentions_gvhd": (1, 1),
}
"""Name of each function and the least and most values it takes."""

LABORATORY_FUNCTIONS = frozenset({"out_of_range", "lab_grade", "lab_worse", "lab_asks", "lab_event"})
"""Functions that ask about a laboratory value in its setting; its result rests on more than the item itself."""

PLACE_FUNCTIONS = LABORATORY_FUNCTIONS | {
    "latest", "first", "baseline", "previous", "count", "any_is", "total", "given", "unavailable"
}  # fmt: skip
"""Functions whose first argument is the name of an item, not its value."""

NEAR_FUNCTIONS = LABORATORY_FUNCTIONS | {"given", "unavailable", "previous"}
"""Of these, the ones that look where the bare name would be read, not through the whole casebook."""


class Terminology(Protocol):
    """What rules ask of the adverse event terminology (CTCAE v5.0)."""

    def available_grades(self, term: str) -> tuple[int, ...] | None:
        """Grades that exist for a term; None for a name the terminology lacks."""

    def looks_like_gvhd(self, term: str) -> bool:
        """True for a term that a manifestation of GVHD can be mistaken for."""

    def mentions_gvhd(self, words: str) -> bool:
        """True when free text speaks of GVHD, in English, Chinese or by abbreviation."""

    def grade(
        self,
        term: str,
        value: Decimal,
        unit: str,
        lln: Decimal | None,
        uln: Decimal | None,
        baseline: Decimal | None,
        status: BaselineStatus | None,
    ) -> Graded:
        """The grade a number proposes for a term, in its own unit, with limits and baseline in the same unit."""


def apply(function: str, arguments: tuple[Value, ...], terminology: Terminology | None) -> Value:
    """Call a function of the language; any argument that cannot be told makes the answer one that cannot be told."""
    if any(argument is UNKNOWN for argument in arguments):
        return UNKNOWN
    if function in _PLAIN:
        return _PLAIN[function](*arguments)
    return _ask_terminology(function, arguments, terminology)


def _ask_terminology(function: str, arguments: tuple[Value, ...], terminology: Terminology | None) -> Value:
    if terminology is None:
        return UNKNOWN
    words = str(arguments[0])
    if function == "looks_like_gvhd":
        return terminology.looks_like_gvhd(words)
    if function == "mentions_gvhd":
        return terminology.mentions_gvhd(words)
    grades = terminology.available_grades(words)
    return UNKNOWN if grades is None else str(arguments[1]) in {str(grade) for grade in grades}


def _days_between(one: Value, other: Value) -> Value:
    return minus(other, one)


def _minutes(clock: Value) -> int | None:
    hours, _, minutes = str(clock).partition(":")
    return int(hours) * 60 + int(minutes) if hours.isdigit() and minutes.isdigit() else None


def _hours_between(day1: Value, time1: Value, day2: Value, time2: Value) -> Value:
    """Hours from the first moment to the second, exact to the minute; UNKNOWN when a date is partial."""
    days, start, end = minus(day2, day1), _minutes(time1), _minutes(time2)
    if not isinstance(days, Decimal) or start is None or end is None:
        return UNKNOWN
    return days * 24 + Decimal(end - start) / 60


def _years(start: date, end: date) -> Decimal:
    return Decimal(end.year - start.year - ((end.month, end.day) < (start.month, start.day)))


def _years_between(one: Value, other: Value) -> Value:
    """Completed years from one date to another, as ages are counted."""
    (a, b), (c, d) = ends(one), ends(other)
    if not isinstance(a, date) or not isinstance(c, date):
        return UNKNOWN
    return span(_years(b, c), _years(a, d))


def _add_months(start: Value, months: Value) -> Value:
    lo, hi = ends(start)
    if not isinstance(lo, date) or not isinstance(months, Decimal):
        return UNKNOWN
    return span(month_later(lo, int(months)), month_later(hi, int(months)))


def _numbers(values: tuple[Value, ...]) -> bool:
    return all(isinstance(ends(value)[0], type(ends(values[0])[0])) for value in values)


def _least(*values: Value) -> Value:
    return span(min(ends(v)[0] for v in values), min(ends(v)[1] for v in values)) if _numbers(values) else UNKNOWN


def _greatest(*values: Value) -> Value:
    return span(max(ends(v)[0] for v in values), max(ends(v)[1] for v in values)) if _numbers(values) else UNKNOWN


def _round(value: Value, digits: Value = Decimal(0)) -> Value:
    """Half away from zero, as a nurse rounds, not half to even."""
    if not isinstance(value, Decimal) or not isinstance(digits, Decimal):
        return UNKNOWN
    return value.quantize(Decimal(1).scaleb(-int(digits)), ROUND_HALF_UP)


def _text(value: Value) -> Value:
    return UNKNOWN if isinstance(value, Span) else f"{value:f}" if isinstance(value, Decimal) else str(value)


_PLAIN: dict[str, Callable[..., Value]] = {
    "days_between": _days_between,
    "hours_between": _hours_between,
    "years_between": _years_between,
    "add_months": _add_months,
    "abs": lambda value: abs(value) if isinstance(value, Decimal) else UNKNOWN,
    "min": _least,
    "max": _greatest,
    "round": _round,
    "text": _text,
}
