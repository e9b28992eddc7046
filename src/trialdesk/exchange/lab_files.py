"""Slips of laboratory systems as plain tables: CSV, tab-separated text or XLSX, bounded, formulas as the text they are."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, time
from pathlib import Path

from trialdesk.domain.text import Text
from trialdesk.errors import KnownError

MOST_BYTES, MOST_ROWS, MOST_COLUMNS, MOST_LETTERS = 4 * 2**20, 5000, 200, 300
MOST_UNPACKED = 64 * 2**20
"""Bounds that keep a wrong file from stalling the ward."""

Table = list[list[str]]


def read_file(path: Path) -> tuple[Table, bytes]:
    """The first sheet of a file as text, and the file's bytes; raises KnownError with what to do for anything else."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise KnownError(_TOO_LARGE.format(name=path.name, n=MOST_BYTES // 2**20))
        content = path.read_bytes()
    except OSError as fault:
        raise KnownError(_UNREADABLE.format(name=path.name)) from fault
    return read_bytes(content, path.name), content


def read_bytes(content: bytes, name: str) -> Table:
    """A workbook by its first bytes, else text in UTF-8 or GB18030."""
    if not content.strip():
        raise KnownError(_EMPTY.format(name=name))
    if content[:4] == b"PK\x03\x04":
        return _workbook(content, name)
    if content[:4] == b"\xd0\xcf\x11\xe0":
        raise KnownError(_OLD_EXCEL.format(name=name))
    return read_text(_decoded(content, name), name)


def read_text(text: str, name: str) -> Table:
    """Rows of text separated by tabs, semicolons or commas, whichever its lines hold most evenly."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n\ufeff")
    if not lines.strip():
        raise KnownError(_EMPTY.format(name=name))
    if len(lines) > MOST_BYTES:
        raise KnownError(_TOO_LARGE.format(name=name, n=MOST_BYTES // 2**20))
    try:
        rows = [list(row) for row in csv.reader(io.StringIO(lines), delimiter=_delimiter(lines), strict=False)]
    except csv.Error as fault:
        raise KnownError(_NOT_A_TABLE.format(name=name)) from fault
    return _bounded([[cell.strip() for cell in row] for row in rows], name)


def _delimiter(text: str) -> str:
    first = [line for line in text.split("\n")[:30] if line.strip()]
    counts = {sign: sum(line.count(sign) for line in first) for sign in ("\t", ";", ",", "，")}
    if counts["\t"]:
        return "\t"
    best = max(counts, key=lambda sign: counts[sign])
    return best if counts[best] else ","


def _decoded(content: bytes, name: str) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        codecs: tuple[str, ...] = ("utf-16",)
    else:
        codecs = ("utf-8-sig", "gb18030")
    for codec in codecs:
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise KnownError(_NOT_TEXT.format(name=name))


def _workbook(content: bytes, name: str) -> Table:
    import zipfile

    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > MOST_UNPACKED:
                raise KnownError(_TOO_LARGE.format(name=name, n=MOST_BYTES // 2**20))
        # Formulas stay text: a value someone computes elsewhere is not what the laboratory measured.
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError, TypeError, EOFError) as fault:
        raise KnownError(_DAMAGED.format(name=name)) from fault
    try:
        sheet = next((one for one in book.worksheets), None)
        if sheet is None:
            raise KnownError(_EMPTY.format(name=name))
        rows: Table = []
        for row in sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS + 1, values_only=True):
            cells = [_cell(value) for value in row]
            while cells and not cells[-1]:
                cells.pop()
            rows.append(cells)
    except KnownError:
        raise
    except Exception as fault:  # a damaged part shows only when it is read, as whatever the reader stumbles over
        raise KnownError(_DAMAGED.format(name=name)) from fault
    finally:
        book.close()
    return _bounded(rows, name)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d") + (value.strftime(" %H:%M") if value.time() != time() else "")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return str(value).strip()


def _bounded(rows: Table, name: str) -> Table:
    kept = [row for row in rows if any(row)]
    if not kept:
        raise KnownError(_EMPTY.format(name=name))
    if len(kept) > MOST_ROWS or any(len(row) > MOST_COLUMNS and any(row[MOST_COLUMNS:]) for row in kept):
        raise KnownError(_TOO_MANY.format(name=name, rows=MOST_ROWS, columns=MOST_COLUMNS))
    return [[cell[:MOST_LETTERS] for cell in row[:MOST_COLUMNS]] for row in kept]


_TOO_LARGE = Text(
    en="{name} is larger than {n} MB. Export the results of one participant and try again; nothing was taken.",
    zh="{name} 超过 {n} MB。请只导出 1 名受试者的检验结果后重试，未取入任何数据。",
)
_TOO_MANY = Text(
    en="{name} holds more than {rows} rows or {columns} columns. Export fewer; nothing was taken.",
    zh="{name} 超过 {rows} 行或 {columns} 列，请减少导出内容，未取入任何数据。",
)
_EMPTY = Text(
    en="{name} holds no results. Copy or export them again; nothing was taken.",
    zh="{name} 中没有检验结果，请重新复制或导出，未取入任何数据。",
)
_UNREADABLE = Text(
    en="{name} cannot be read. Check that the file is still there and not open elsewhere.",
    zh="无法读取 {name}。请确认文件存在且未在其他程序中打开。",
)
_NOT_TEXT = Text(
    en="{name} is neither a workbook nor text in UTF-8 or GB18030. Export it as XLSX or CSV; nothing was taken.",
    zh="{name} 既不是 XLSX 工作簿，也不是 UTF-8 或 GB18030 文本。请导出为 XLSX 或 CSV，未取入任何数据。",
)
_NOT_A_TABLE = Text(
    en="{name} is not a table of rows and columns. Export it as CSV or XLSX; nothing was taken.",
    zh="{name} 不是行列表格。请导出为 CSV 或 XLSX，未取入任何数据。",
)
_OLD_EXCEL = Text(
    en="{name} is in the old XLS format. Save it as XLSX or CSV and try again; nothing was taken.",
    zh="{name} 为旧版 XLS 格式，请另存为 XLSX 或 CSV 后重试，未取入任何数据。",
)
_DAMAGED = Text(
    en="{name} is damaged or not a workbook. Export it again; nothing was taken.",
    zh="{name} 已损坏或不是工作簿，请重新导出，未取入任何数据。",
)
