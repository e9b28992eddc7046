"""Values with which rules reckon: exact numbers, words, date ranges, and "cannot tell"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from trialdesk.domain.partial_date import PartialDate
from trialdesk.domain.study.form import ItemDef


class _Unknown:
    """Cannot tell: empty, missing, disputed or not precise enough; it never passes and never fails."""

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        raise TypeError("UNKNOWN is neither true nor false; ask with `is True` or `is False`")


UNKNOWN: Final = _Unknown()


@dataclass(frozen=True, slots=True)
class Span:
    """A day or a number that lies between two ends, both included: what a partial date leaves open."""

    lo: Any
    hi: Any


Value = Any
"""Decimal, str, bool, datetime.date, Span or UNKNOWN."""


def item_value(item: ItemDef, text: str | None, unit: str | None = None) -> Value:
    """The value of a stored answer: numbers in the item's own unit, dates as days or ranges, all else as text."""
    if text is None or text == "":
        return UNKNOWN
    if item.kind in ("integer", "float"):
        try:
            number = Decimal(text)
        except InvalidOperation:
            return UNKNOWN
        if unit and unit != item.unit:
            factor = next((choice.factor for choice in item.units if choice.unit == unit), None)
            return UNKNOWN if factor is None else number * factor
        return number
    if item.kind in ("date", "partial_date"):
        try:
            return day(PartialDate.parse(text))
        except ValueError:
            return UNKNOWN
    return text


def day(partial: PartialDate) -> Value:
    """A whole date as a day, a partial one as the range of days it can be."""
    return partial.earliest if partial.complete else Span(partial.earliest, partial.latest)


def ends(value: Value) -> tuple[Any, Any]:
    """The least and the greatest it can be."""
    return (value.lo, value.hi) if isinstance(value, Span) else (value, value)


def span(lo: Any, hi: Any) -> Value:
    """A single value where both ends meet, otherwise the range between them."""
    return lo if lo == hi else Span(lo, hi)


def _alike(one: Any, other: Any) -> bool:
    kinds = (Decimal, str, bool, date)
    return any(isinstance(one, kind) and isinstance(other, kind) for kind in kinds)


def equal(one: Value, other: Value) -> Value:
    """True, False or UNKNOWN; values of different kinds are not comparable and give UNKNOWN."""
    if one is UNKNOWN or other is UNKNOWN:
        return UNKNOWN
    (a, b), (c, d) = ends(one), ends(other)
    if not _alike(a, c):
        return UNKNOWN
    if b < c or d < a:
        return False
    return True if a == b == c == d else UNKNOWN


def less(one: Value, other: Value, or_equal: bool) -> Value:
    """True, False or UNKNOWN for one < other, or one <= other."""
    if one is UNKNOWN or other is UNKNOWN:
        return UNKNOWN
    (a, b), (c, d) = ends(one), ends(other)
    if not _alike(a, c):
        return UNKNOWN
    if b < c or (or_equal and b == c):
        return True
    if a > d or (not or_equal and a == d):
        return False
    return UNKNOWN


def plus(one: Value, other: Value) -> Value:
    """Sum of numbers, or a day moved by a number of days."""
    if one is UNKNOWN or other is UNKNOWN:
        return UNKNOWN
    (a, b), (c, d) = ends(one), ends(other)
    if isinstance(a, Decimal) and isinstance(c, Decimal):
        return span(a + c, b + d)
    if isinstance(a, date) and isinstance(c, Decimal):
        return span(a + timedelta(days=int(c)), b + timedelta(days=int(d)))
    return UNKNOWN


def minus(one: Value, other: Value) -> Value:
    """Difference of numbers, days between two dates, or a day moved back."""
    if one is UNKNOWN or other is UNKNOWN:
        return UNKNOWN
    (a, b), (c, d) = ends(one), ends(other)
    if isinstance(a, Decimal) and isinstance(c, Decimal):
        return span(a - d, b - c)
    if isinstance(a, date) and isinstance(c, date):
        return span(Decimal((a - d).days), Decimal((b - c).days))
    if isinstance(a, date) and isinstance(c, Decimal):
        return span(a - timedelta(days=int(d)), b - timedelta(days=int(c)))
    return UNKNOWN


def written(value: Value, item: ItemDef) -> str | None:
    """Canonical text of a computed value, rounded to the item's digits; None when it cannot be told."""
    if value is UNKNOWN or value is None or isinstance(value, Span):
        return None
    if isinstance(value, Decimal):
        if item.kind == "integer":
            return str(int(value.to_integral_value()))
        number = round(value, item.digits) if item.digits is not None else value.normalize()
        return f"{number:f}"
    if isinstance(value, bool):
        return "Y" if value else "N"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
