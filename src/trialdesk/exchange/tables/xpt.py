"""Tables as SAS transport files (XPORT version 5), with a list of all that the format could not hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.exchange.tables.table import Cell, Column, Table

NAME, LABEL, TEXT = 8, 40, 200
"""Longest name, label and text value of the format, in ASCII characters."""


@dataclass(frozen=True)
class Loss:
    """What one column lost: `renamed` from its full name, labels cut, values cut or with signs left out."""

    table: str
    column: str
    written_as: str
    label: str
    cut: int
    not_ascii: int


def write_xpt(table: Table, path: Path) -> list[Loss]:
    """Write one table and say what was lost; raises KnownError where the analysis packages are not installed."""
    try:
        import pandas
        import pyreadstat
    except ImportError as fault:
        raise KnownError(
            Text(
                en="SAS transport files need the analysis packages. Install them (pip install 'trialdesk[analysis]') "
                "or choose Dataset-JSON, which needs none.",
                zh="导出 SAS 传输文件需要分析组件。请安装（pip install 'trialdesk[analysis]'），或改用 Dataset-JSON。",
            )
        ) from fault
    names = short_names([column.name for column in table.columns])
    columns: dict[str, list[Cell]] = {name: [] for name in names}
    cut, strange = [0] * len(names), [0] * len(names)
    for row in table.rows():
        for index, (column, value) in enumerate(zip(table.columns, row, strict=True)):
            if column.kind == "text":
                text = "" if value is None else str(value)
                plain = _ascii(text)
                strange[index] += plain != _micro(text)
                cut[index] += len(plain) > TEXT
                columns[names[index]].append(plain[:TEXT])
            else:
                columns[names[index]].append(value)
    frame = pandas.DataFrame(
        {
            name: pandas.Series(columns[name], dtype="object" if column.kind == "text" else "float64")
            for name, column in zip(names, table.columns, strict=True)
        }
    )
    labels: list[str | None] = [_ascii(column.label.en)[:LABEL] for column in table.columns]
    pyreadstat.write_xport(
        frame,
        str(path),
        file_label=_ascii(table.label.en)[:LABEL],
        table_name=short_names([table.name])[0],
        column_labels=labels,
        file_format_version=5,
    )
    return [
        Loss(table.name, column.name, name, label or "", cut[index], strange[index])
        for index, (column, name, label) in enumerate(zip(table.columns, names, labels, strict=True))
        if _changed(column, name, label) or cut[index] or strange[index]
    ]


def losses_csv(losses: Iterable[Loss], path: Path) -> Path:
    """The list of losses beside the files."""
    import csv

    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["table", "variable", "written_as", "label", "values_cut", "values_with_signs_replaced_by_?"])
        writer.writerows([(one.table, one.column, one.written_as, one.label, one.cut, one.not_ascii) for one in losses])
    return path


def short_names(names: Iterable[str]) -> list[str]:
    """Names of at most eight letters, digits and underscores, each once, in the same order."""
    made: list[str] = []
    for name in names:
        plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign == "_") else "_" for sign in name).upper()
        short, number = plain[:NAME], 1
        while short in made:
            number += 1
            short = f"{plain[: NAME - len(str(number))]}{number}"
        made.append(short)
    return made


def _micro(words: str) -> str:
    """The Greek letter of a unit as CDISC writes it (umol/L)."""
    return words.replace("\u00b5", "u").replace("\u03bc", "u")


def _ascii(words: str) -> str:
    return _micro(words).encode("ascii", "replace").decode()


def _changed(column: Column, name: str, label: str | None) -> bool:
    return name != column.name or label != column.label.en
