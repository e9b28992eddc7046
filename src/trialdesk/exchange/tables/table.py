"""A table on its way out: columns in both languages, and rows that wait on disk."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, Literal

from trialdesk.domain.text import Text

Cell = str | int | float | None
Kind = Literal["text", "integer", "float"]


@dataclass(frozen=True)
class Column:
    """One variable; dates are ISO 8601 text, cut where they are unknown. `key` orders the identifying columns from 1."""

    name: str
    label: Text
    kind: Kind = "text"
    length: int = 200
    key: int | None = None
    codelist: str = ""
    unit: str = ""


@dataclass
class Table:
    """One dataset; rows are added one at a time and read back any number of times, never all held in memory."""

    name: str
    label: Text
    columns: tuple[Column, ...]
    count: int = 0
    filled: set[int] = field(default_factory=set)
    """The columns that hold a value somewhere."""
    _rows: IO[str] | None = None
    _kept: tuple[int, ...] | None = None

    def add(self, row: Sequence[Cell]) -> None:
        """Keep a row; raises ValueError where it does not fit the columns."""
        if len(row) != len(self.columns):
            raise ValueError(f"{self.name}: {len(row)} cells for {len(self.columns)} columns")
        if self._rows is None:
            self._rows = tempfile.TemporaryFile("w+", encoding="utf-8", newline="")  # noqa: SIM115 - closed by close()
        self._rows.write(json.dumps(row, ensure_ascii=True) + "\n")
        self.filled.update(index for index, cell in enumerate(row) if cell is not None and cell != "")
        self.count += 1

    def narrowed(self, kept: Sequence[int]) -> Table:
        """The same rows with some of the columns only; it reads what this table holds and is not added to."""
        if len(kept) == len(self.columns):
            return self
        columns = tuple(self.columns[index] for index in kept)
        return Table(self.name, self.label, columns, self.count, set(range(len(kept))), self._rows, tuple(kept))

    def rows(self) -> Iterator[list[Cell]]:
        """Every row in the order it was added."""
        if self._rows is None:
            return
        self._rows.flush()
        self._rows.seek(0)
        for line in self._rows:
            row = json.loads(line)
            yield row if self._kept is None else [row[index] for index in self._kept]
        self._rows.seek(0, 2)

    def close(self) -> None:
        """Let go of the rows."""
        if self._rows is not None:
            self._rows.close()
            self._rows = None


def number(text: str | None, kind: Kind) -> Cell:
    """A recorded value as a cell: a number where the column is one and the text is one, else the text."""
    if text is None or kind == "text":
        return text
    try:
        return int(text) if kind == "integer" else float(text)
    except ValueError:
        return None
