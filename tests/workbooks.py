"""A workbook with the quirks of the NCI's: no-break blanks in headings, lone dashes, line breaks within a cell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from trialdesk.services.terminology import rule_terminology

Row = list[str | int | None]


def write_workbook(path: Path, change: Callable[[list[Row]], None] | None = None) -> Path:
    """Write a workbook with the shipped facts and made-up wording; `change` may spoil its rows first."""
    from openpyxl import Workbook

    heads: Row = ["MedDRA Code", "MedDRA SOC", "CTCAE Term "]
    heads += [f"Grade {grade} \xa0\xa0" for grade in range(1, 6)]
    heads += ["Definition\xa0", "Navigational Note", "CTCAE v5.0 Change"]
    rows: list[Row] = []
    for number, term in enumerate(rule_terminology().terms):
        grades: Row = [
            f"Wording {number} grade {grade}\n  second line ≥{grade}" if grade in term.grades else " -"
            for grade in range(1, 6)
        ]
        rows.append(
            [10000000 + number, term.soc, f"{term.name} ", *grades, "Defined", "Note\n" if number == 3 else " -", None]
        )
    if change is not None:
        change(rows)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "CTCAE v5.0 Clean Copy"
    for row in [heads, *rows]:
        sheet.append(row)
    book.save(path)
    return path
