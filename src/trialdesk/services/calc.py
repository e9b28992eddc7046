"""Published criteria over a table: reads a CSV, adds result columns, and says why a row has none."""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trialdesk.domain.text import Language, Text
from trialdesk.errors import KnownError
from trialdesk.services.calc_cells import Column, Unclear, plain, read

Cells = Mapping[str, Any]
"""The inputs of one row by name; None is not known."""


@dataclass(frozen=True)
class RowMethod:
    """A criterion for one row: its inputs, its result columns, and a function from cells to results and why."""

    name: str
    inputs: tuple[Column, ...]
    results: tuple[str, ...]
    function: Callable[[Cells], tuple[Mapping[str, str], Text]]
    source: str


@dataclass(frozen=True)
class TableMethod:
    """A method that needs the whole table and answers with rows of its own, such as an estimate per event time.

    `function` takes every readable row and returns the result rows, each holding exactly `results`. Rows that cannot be
    read are left out and named in a last line with empty results and the reason in `why`.
    """

    name: str
    inputs: tuple[Column, ...]
    results: tuple[str, ...]
    function: Callable[[Sequence[Cells]], Sequence[Mapping[str, str]]]
    source: str


Method = RowMethod | TableMethod


@dataclass(frozen=True)
class Table:
    """A table as it was read: header names as written, the same made plain, and the rows as long as the header."""

    header: tuple[str, ...]
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def run(methods: Mapping[str, Method], name: str, file: Path, language: Language = "en") -> str:
    """The table of a file with the results of a method, as CSV; raises KnownError for a method or a file it cannot take."""
    return over(
        method_named(methods, name), read_table(file.read_bytes() if file.exists() else None, str(file)), language
    )


def method_named(methods: Mapping[str, Method], name: str) -> Method:
    """The method of that name, any case; raises KnownError with the nearest names."""
    found = methods.get(name) or methods.get(name.strip().lower())
    if found is not None:
        return found
    near = difflib.get_close_matches(name.lower(), methods, n=3, cutoff=0.4) or sorted(methods)
    raise KnownError(
        Text(
            en="There is no method {name}. Nearest: {near}. `trialdesk calc --list` names them all.",
            zh="没有名为 {name} 的方法。相近的有：{near}。用 trialdesk calc --list 查看全部。",
        ).format(name=name, near=", ".join(near))
    )


def listing(methods: Mapping[str, Method]) -> str:
    """Every method with its inputs, its results and its source."""
    lines = []
    for one in sorted(methods.values(), key=lambda method: method.name):
        whole = "  (over the whole table)" if isinstance(one, TableMethod) else ""
        why = "" if isinstance(one, TableMethod) else ", why"
        lines += [
            f"{one.name}{whole}",
            f"  inputs:  {', '.join(column.described() for column in one.inputs)}",
            f"  results: {', '.join(one.results)}{why}",
            f"  source:  {one.source}",
        ]
    return "\n".join(lines) + "\n"


def read_table(data: bytes | None, name: str) -> Table:
    """A CSV in UTF-8, UTF-16 or GB 18030, with commas, semicolons or tabs; raises KnownError when there is no header."""
    if data is None:
        raise KnownError(Text(en="The file {name} is not there.", zh="找不到文件 {name}。").format(name=name))
    text = _decoded(data).lstrip("\ufeff")
    first = text.split("\n", 1)[0]
    sign = max(",;\t", key=first.count)
    lines = list(csv.reader(io.StringIO(text), delimiter=sign))
    while lines and not lines[-1]:
        lines.pop()
    while lines and not any(cell.strip() for cell in lines[0]):
        lines.pop(0)
    if not lines:
        raise KnownError(Text(en="The file {name} is empty.", zh="文件 {name} 是空的。").format(name=name))
    header = tuple(cell.strip() for cell in lines[0])
    names = tuple(_named(cell) for cell in header)
    twice = sorted({one for one in names if one and names.count(one) > 1})
    if twice:
        raise KnownError(
            Text(en="Two columns are named {twice}. Keep one.", zh="有两列同名：{twice}，请只保留一列。").format(
                twice=", ".join(twice)
            )
        )
    width = len(header)
    # In a table of one column an empty line is an empty cell; in a wider one it is no row.
    rows = [line for line in lines[1:] if line or width == 1]
    return Table(header, names, tuple(tuple((line + [""] * width)[: max(width, len(line))]) for line in rows))


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", errors="replace")


def _named(cell: str) -> str:
    return re.sub(r"[\s\-]+", "_", plain(cell).strip("\ufeff").casefold())


def over(method: Method, table: Table, language: Language = "en") -> str:
    """The table with the results appended, or the result rows of a whole-table method."""
    if isinstance(method, TableMethod):
        return _whole(method, table, language)
    added = (*method.results, "why")
    header = tuple(f"given_{name}" if _named(name) in added else name for name in table.header)
    out = _writer(header + added)
    for row in table.rows:
        results, why = _row(method, table, row)
        out.line([*row[: len(header)], *(results.get(name, "") for name in method.results), why.show(language)])
    return out.text()


def _row(method: RowMethod, table: Table, row: tuple[str, ...]) -> tuple[Mapping[str, str], Text]:
    if len(row) > len(table.header):
        return {}, Text(en="The row has more cells than the header.", zh="本行单元格多于表头。")
    try:
        return method.function(_cells(method, table, row))
    except Unclear as fault:
        return {}, fault.text


def _cells(method: Method, table: Table, row: tuple[str, ...]) -> Cells:
    """Every input of a row, None for a column that is not there; raises Unclear naming every cell it cannot read."""
    found: dict[str, Any] = {}
    faults: list[Text] = []
    for column in method.inputs:
        place = table.names.index(column.name) if column.name in table.names else None
        try:
            found[column.name] = None if place is None else read(row[place], column)
        except Unclear as fault:
            faults.append(fault.text)
    if faults:
        raise Unclear(Text(en=" ".join(one.en for one in faults), zh="".join(one.zh for one in faults)))
    return found


def _whole(method: TableMethod, table: Table, language: Language) -> str:
    rows, left_out = [], []
    for number, row in enumerate(table.rows, 2):
        try:
            rows.append(_cells(method, table, row))
        except Unclear as fault:
            left_out.append(
                Text(en=f"Line {number} left out: {fault.text.en}", zh=f"第 {number} 行未计入：{fault.text.zh}")
            )
    out = _writer((*method.results, "why"))
    for result in method.function(rows):
        out.line([*(result.get(name, "") for name in method.results), result.get("why", "")])
    for fault_text in left_out:
        out.line([*("" for _ in method.results), fault_text.show(language)])
    return out.text()


class _writer:
    """A CSV in memory, comma and line feed."""

    def __init__(self, header: Sequence[str]) -> None:
        self._out = io.StringIO()
        self._csv = csv.writer(self._out, lineterminator="\n")
        self._csv.writerow(header)

    def line(self, cells: Sequence[str]) -> None:
        """Write one row."""
        self._csv.writerow(cells)

    def text(self) -> str:
        """All of it."""
        return self._out.getvalue()
