"""Reading the cells of a table somebody else wrote: numbers, yes or no, words of a list, dates."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from trialdesk.domain.text import Text

Kind = Literal["number", "value", "whole", "logical", "amount_or_logical", "word", "text", "date", "moment"]

NOT_KNOWN = frozenset(
    {"", "empty", "na", "n/a", "nan", "null", "nk", "unk", "unknown", "?", ".", "u", "ne", "nd", "not known", "not examined", "not done"}
    | {"not assessed", "not re-examined", "未知", "不详", "未查", "未做", "未评估", "未复查"}
)  # fmt: skip
YES = frozenset({"y", "yes", "1", "1.0", "true", "t", "是", "有", "present", "pos", "positive", "阳性"})
NO = frozenset({"n", "no", "0", "0.0", "false", "f", "否", "无", "absent", "neg", "negative", "阴性"})

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d\d)(\d\d)")
_FAR = Decimal(10) ** 9


class Unclear(ValueError):
    """A cell that cannot be read; holds what is wrong with it."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True, slots=True)
class Bounded:
    """A value reported as below or above a limit, such as `<0.1`: between two ends."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class Column:
    """An input by name: what kind of cell it is, the words it may hold, and the least and most it can be."""

    name: str
    kind: Kind = "number"
    words: Mapping[str, str] = field(default_factory=dict)
    least: Decimal | None = None
    most: Decimal | None = None

    def described(self) -> str:
        """The name with what may stand in it, for the list of methods."""
        choices = "|".join(dict.fromkeys(self.words.values()))
        kinds = {"logical": "Y|N", "amount_or_logical": "Y|N or amount", "date": "date", "moment": "date and time"}
        note = choices or kinds.get(self.kind, "")
        return f"{self.name} ({note})" if note else self.name


def column(
    name: str, kind: Kind = "number", words: str = "", least: str | None = None, most: str | None = None
) -> Column:
    """A column; `words` lists `canonical=alias=alias` groups with spaces between."""
    table = {}
    for group in words.split():
        canonical, *aliases = group.split("=")
        table.update({_key(one.replace("_", " ")): canonical for one in (canonical, *aliases)})
    bounds = [None if text is None else Decimal(text) for text in (least, most)]
    return Column(name, kind, table, bounds[0], bounds[1])


def plain(text: str) -> str:
    """Full-width signs made narrow, spaces at the ends gone."""
    return unicodedata.normalize("NFKC", text).replace("−", "-").replace("，", ",").strip()


def _key(text: str) -> str:
    return re.sub(r"[\s_\-]+", " ", plain(text)).strip().casefold()


def read(cell: str, column: Column) -> Any:
    """The value of a cell, None where it is empty or says not known; raises Unclear for one that cannot be read."""
    if column.kind == "text":
        return cell.strip() or None
    words = _key(cell)
    if column.words and words in column.words:
        return column.words[words]
    if words in NOT_KNOWN:
        return None
    if column.kind == "word":
        return _word(cell, words, column)
    if column.kind in ("logical", "amount_or_logical"):
        return _logical(cell, words, column)
    if column.kind == "date":
        return _day(cell, column)
    if column.kind == "moment":
        return _moment(cell, column)
    if column.kind == "value" and plain(cell)[:1] in "<>≤≥":
        return _bounded(cell, column)
    return _number(cell, column)


def _unclear(column: Column, cell: str, en: str, zh: str) -> Unclear:
    said = Text(en=f"{column.name}: {cell!r} {en}", zh=f"{column.name}：“{cell}”{zh}")
    return Unclear(said)


def _number(cell: str, column: Column) -> Decimal:
    text = plain(cell).removesuffix("%").strip()
    if not _NUMBER.fullmatch(text):
        raise _unclear(column, cell, "is not a number.", "不是数字。")
    number = Decimal(text)
    if (column.least is not None and number < column.least) or (column.most is not None and number > column.most):
        raise _unclear(
            column, cell, f"is outside {column.least} to {column.most}.".replace("None", "any"), "超出可能范围。"
        )
    if abs(number) > _FAR:
        raise _unclear(column, cell, "is too large.", "数值过大。")
    if column.kind == "whole" and number != number.to_integral_value():
        raise _unclear(column, cell, "is not a whole number.", "不是整数。")
    return number


def _bounded(cell: str, column: Column) -> Bounded:
    sign, text = plain(cell)[0], plain(cell)[1:].strip()
    with_end = text.startswith("=") or sign in "≤≥"
    limit = _number(text.removeprefix("="), column)
    near = Decimal(1) if with_end else Decimal("0.999999999") if sign in "<≤" else Decimal("1.000000001")
    return Bounded(Decimal(0), limit * near) if sign in "<≤" else Bounded(limit * near, _FAR)


def _word(cell: str, words: str, column: Column) -> str:
    if words.endswith(".0") and words[:-2] in column.words:
        return column.words[words[:-2]]
    choices = ", ".join(dict.fromkeys(column.words.values()))
    raise _unclear(column, cell, f"is none of: {choices}.", f"不在可选范围：{choices}。")


def _logical(cell: str, words: str, column: Column) -> bool:
    if words in YES:
        return True
    if words in NO:
        return False
    if column.kind == "amount_or_logical":
        return _number(cell, Column(column.name, "number", {}, Decimal(0))) > 0
    raise _unclear(column, cell, "is not Y or N.", "应为 Y 或 N。")


def _day(cell: str, column: Column) -> date:
    text = re.sub(r"[T ]\d{1,2}:\d\d(:\d\d(\.\d+)?)?$", "", plain(cell))
    found = _DATE.fullmatch(text)
    if not found:
        raise _unclear(column, cell, "is not a whole date such as 2026-03-01.", "不是完整日期（如 2026-03-01）。")
    try:
        year, month, day = (int(part) for part in found.groups() if part)
        return date(year, month, day)
    except ValueError:
        raise _unclear(column, cell, "is no day of the calendar.", "不是有效日期。") from None


def _moment(cell: str, column: Column) -> datetime:
    text = plain(cell).replace("/", "-")
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise _unclear(
            column, cell, "is not a moment such as 2026-03-01 09:20.", "不是完整日期时间（如 2026-03-01 09:20）。"
        ) from None
    if not re.search(r"\d[T ]\d", text):
        raise _unclear(column, cell, "has no time of day.", "缺少时间。")
    return found
