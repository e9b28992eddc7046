"""Finding results in a laboratory system's table: which column is what, whose they are, of which day."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from trialdesk.domain.study.laboratory import ImportColumns, LaboratoryDef

SEARCHED = 30
"""Rows from the top among which the heads are looked for."""

_BRACKETS = re.compile(r"^(.*?)[\s]*[(（\[]([^()（）\[\]]*)[)）\]]\s*$")
_DAY = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?$|^(\d{4})(\d{2})(\d{2})(?:\d{4,6})?$")


class Measured(NamedTuple):
    """One result as the table writes it; `line` counts the table's rows from 1."""

    line: int
    subject: str | None
    day: str | None
    test: str
    value: str
    unit: str | None


@dataclass(frozen=True)
class Heads:
    """Where the columns of a table stand: one result in a row (`test`, `value`), or one test in a column (`tests`)."""

    row: int
    subject: int | None
    day: int | None
    test: int | None
    value: int | None
    unit: int | None
    tests: dict[int, tuple[str, str | None]]


def same(text: str) -> str:
    """A word without case, width, spaces and stars, as names of tests and columns are compared."""
    return re.sub(r"[\s*★☆:：]", "", unicodedata.normalize("NFKC", text)).lower()


def analyte_of(lab: LaboratoryDef, written: str) -> str | None:
    """The analyte a laboratory system means, by its code or one of its names, with or without an abbreviation in brackets."""
    names = {same(name): one.code for one in lab.analytes for name in (one.code, *one.names)}
    whole = same(written)
    if whole in names:
        return names[whole]
    found = _BRACKETS.match(written.strip())
    inside = [names.get(same(part)) for part in found.groups()] if found else []
    known = {one for one in inside if one}
    return known.pop() if len(known) == 1 else None


def find_heads(lab: LaboratoryDef, rows: list[list[str]]) -> Heads | None:
    """The row of heads: the first that names a test and a value column, or tests as columns."""
    for at, row in enumerate(rows[:SEARCHED]):
        columns = _columns(lab.imports, row)
        if "test" in columns and "value" in columns:
            return Heads(at, columns.get("subject"), columns.get("day"), columns["test"], columns["value"],
                         columns.get("unit"), {})  # fmt: skip
        tests = {n: _head(lab, cell) for n, cell in enumerate(row) if cell and _head(lab, cell)[0]}
        wide = {n: (code, unit) for n, (code, unit) in tests.items() if code}
        if wide and (len(wide) > 1 or "subject" in columns) and at + 1 < len(rows):
            return Heads(at, columns.get("subject"), columns.get("day"), None, None, None, wide)
    return None


def _columns(imports: ImportColumns, row: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for kind in ("subject", "day", "test", "value", "unit"):
        words = [same(word) for word in getattr(imports, kind)]
        places = [(words.index(same(cell)), n) for n, cell in enumerate(row) if same(cell) in words]
        if places:
            found[kind] = min(places)[1]
    return found


def _head(lab: LaboratoryDef, cell: str) -> tuple[str | None, str | None]:
    """Test and unit of a column head such as `WBC (10^9/L)`."""
    found = _BRACKETS.match(cell)
    if found and analyte_of(lab, found[1]):
        return analyte_of(lab, found[1]), found[2].strip() or None
    return analyte_of(lab, cell), None


def results(lab: LaboratoryDef, rows: list[list[str]], heads: Heads) -> Iterator[Measured]:
    """Every result of the table; participant and day may stand above the heads instead of in each row."""
    above = _above(lab.imports, rows[: heads.row])
    for number, row in enumerate(rows[heads.row + 1 :], start=heads.row + 2):

        def cell(at: int | None, row: list[str] = row) -> str | None:
            return row[at].strip() or None if at is not None and at < len(row) else None

        subject = cell(heads.subject) or above.get("subject")
        day = cell(heads.day) or above.get("day")
        if heads.test is not None:
            test, value = cell(heads.test), cell(heads.value)
            if test and value:
                yield Measured(number, subject, day, test, value, cell(heads.unit))
        else:
            for at, (code, unit) in heads.tests.items():
                value = cell(at)
                if value:
                    yield Measured(number, subject, day, code, value, unit)


def _above(imports: ImportColumns, rows: list[list[str]]) -> dict[str, str]:
    """`受试者编号：01-007`, in one cell or in two that follow each other."""
    found: dict[str, str] = {}
    for row in rows:
        for at, text in enumerate(row):
            label, _, rest = unicodedata.normalize("NFKC", text).partition(":")
            value = rest.strip() or (row[at + 1].strip() if at + 1 < len(row) else "")
            for kind in ("subject", "day"):
                if same(label) in [same(word) for word in getattr(imports, kind)] and value:
                    found.setdefault(kind, value)
    return found


def read_day(written: str | None) -> date | None:
    """A day with its year first; an order of day and month that could be two is not read."""
    found = _DAY.match(unicodedata.normalize("NFKC", written or "").strip())
    if not found:
        return None
    parts = [part for part in found.groups() if part]
    try:
        return date(*(int(part) for part in parts[:3]))
    except ValueError:
        return None


def is_subject(written: str | None, subject: str) -> bool:
    """True when a table means this participant: the whole number, or the number without the site and its zeros."""
    plain = same(written or "")
    number = subject.rsplit("-", 1)[-1]
    ways = {same(subject), same(subject).replace("-", ""), number, number.lstrip("0")}
    return bool(plain) and plain in ways
