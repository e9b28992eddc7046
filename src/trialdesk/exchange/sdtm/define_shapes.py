"""What stands in the columns of a dataset: how long, which kind, which values; as a whole and for each test."""

from __future__ import annotations

from dataclasses import dataclass, field

from trialdesk.exchange.tables.table import Cell, Table

_LISTED = 300
"""Distinct values that are kept of a column; a column with more is no coded one."""


@dataclass
class Shape:
    """What the cells of a column have in common."""

    length: int = 1
    digits: int = 0
    whole: bool = True
    numeric: bool = True
    shortest: int = 99
    values: dict[str, None] = field(default_factory=dict)

    def add(self, cell: Cell) -> None:
        """Take a cell in."""
        if cell is None or cell == "":
            return
        text = f"{cell:g}" if isinstance(cell, float) else str(cell)
        self.length, self.shortest = max(self.length, len(text.encode())), min(self.shortest, len(text))
        number = not isinstance(cell, str) or _is_number(cell)
        self.numeric &= number
        if number:
            decimals = len(text.partition(".")[2])
            self.digits, self.whole = max(self.digits, decimals), self.whole and decimals == 0
        if isinstance(cell, str) and len(self.values) <= _LISTED:
            self.values[cell] = None

    def attributes(self, name: str, numeric: bool) -> str:
        """DataType, Length and SignificantDigits of define.xml; `numeric` is what the guide says of the variable."""
        if name.endswith(("DTC", "ENTPT")):
            kind = "date" if self.shortest == self.length == 10 else "partialDate" if self.length <= 10 else "datetime"
            return f'DataType="{kind if self.shortest in (self.length, 99) else _mixed(kind)}"'
        if not numeric:
            return f'DataType="text" Length="{self.length}"'
        if self.whole:
            return f'DataType="integer" Length="{self.length}"'
        return f'DataType="float" Length="{self.length}" SignificantDigits="{self.digits}"'


def _mixed(kind: str) -> str:
    return "partialDatetime" if kind == "datetime" else "partialDate"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text[:1] not in "+nNiI"


def shapes(table: Table, by: str | None) -> dict[tuple[str, str | None], Shape]:
    """The shape of every column as a whole, under (name, None), and for each value of the column `by`."""
    names = [column.name for column in table.columns]
    found: dict[tuple[str, str | None], Shape] = {(name, None): Shape() for name in names}
    place = names.index(by) if by in names else None
    for row in table.rows():
        key = None if place is None else row[place]
        for name, cell in zip(names, row, strict=True):
            found[name, None].add(cell)
            if isinstance(key, str):
                found.setdefault((name, key), Shape()).add(cell)
    return found
