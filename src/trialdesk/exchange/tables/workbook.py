"""Tables as one workbook in which every cell is text, so that nothing is turned into a formula or a date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trialdesk.exchange.tables.table import Cell, Table

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

ROWS = 1_048_575
"""Rows of data a sheet can hold below its heading (the format ends at 1,048,576)."""
_LONGEST = 32_767


def write_workbook(tables: Iterable[Table], path: Path) -> Path:
    """One sheet for each table, further sheets where a table is longer than a sheet; headings in both languages."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for table in tables:
        rows: Iterator[Sequence[Cell]] = table.rows()
        for number in range(1, 1000):
            some = islice(rows, ROWS - 1)
            first = next(some, None)
            if first is None and number > 1:
                break
            sheet = book.create_sheet(table.name if number == 1 else f"{table.name} ({number})")
            sheet.append([_cell(sheet, column.name) for column in table.columns])
            sheet.append([_cell(sheet, f"{column.label.zh} {column.label.en}") for column in table.columns])
            for row in chain([] if first is None else [first], some):
                sheet.append([_cell(sheet, value) for value in row])
    book.save(path)
    return path


def _cell(sheet: WriteOnlyWorksheet, value: Cell) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if value is None:
        return None
    text = ILLEGAL_CHARACTERS_RE.sub("", str(value))[:_LONGEST]
    cell = WriteOnlyCell(sheet, text)
    # The library takes what begins with = for a formula; a cell says of itself what it holds.
    cell.data_type = "s"
    if text[:1] in "=+-@":
        cell.quotePrefix = True
    return cell
