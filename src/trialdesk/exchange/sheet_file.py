"""Tables as CSV and as a workbook that nobody's text can turn into a formula: typed cells, frozen and filtered heads."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

Value = str | int
_DANGER = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
# XML 1.0 knows no control characters but tab and line ends.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 32_767


@dataclass(frozen=True)
class Sheet:
    """One table: its name (at most 31 characters are shown), its heads, its rows; read once, from front to back."""

    name: str
    heads: Sequence[str]
    rows: Iterable[Sequence[Value]]


def guarded(text: str) -> str:
    """Text that a spreadsheet program leaves as text: one that would begin a formula gets an apostrophe, a number not."""
    return f"'{text}" if text.startswith(_DANGER) and not _NUMBER.fullmatch(text) else text


def write_csv(sheet: Sheet, path: Path) -> Path:
    """UTF-8 with a mark, so that spreadsheet programs show Chinese; text that begins like a formula is guarded."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(sheet.heads)
        for row in sheet.rows:
            writer.writerow([guarded(one) if isinstance(one, str) else one for one in row])
    return path


def write_workbook(sheets: Sequence[Sheet], path: Path) -> Path:
    """One sheet for each table. Text is stored as text, whole numbers as numbers; nothing is a formula or a date."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        names = _names(sheets)
        for name, content in _frame(names).items():
            file.writestr(name, content)
        for number, sheet in enumerate(sheets, start=1):
            with file.open(f"xl/worksheets/sheet{number}.xml", "w", force_zip64=True) as part:
                for piece in _pieces(sheet):
                    part.write(piece.encode())
    return path


def _pieces(sheet: Sheet) -> Iterator[str]:
    yield (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews>'
        '<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        "</sheetView></sheetViews><sheetData>"
    )
    yield _row(sheet.heads)
    count, buffer = 1, io.StringIO()
    for row in sheet.rows:
        count += 1
        buffer.write(_row(row))
        if not count % 500:
            yield buffer.getvalue()
            buffer = io.StringIO()
    yield buffer.getvalue()
    yield f'</sheetData><autoFilter ref="A1:{_column(len(sheet.heads))}{count}"/></worksheet>'


def _row(cells: Sequence[Value]) -> str:
    return "<row>" + "".join(map(_cell, cells)) + "</row>"


def _cell(value: Value) -> str:
    if isinstance(value, int):
        return f"<c><v>{value}</v></c>"
    text = escape(_FORBIDDEN.sub("\ufffd", value)[:_LONGEST])
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _column(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _names(sheets: Sequence[Sheet]) -> list[str]:
    found: list[str] = []
    for sheet in sheets:
        name = re.sub(r"[\[\]:*?/\\']", " ", sheet.name).strip()[:31] or "sheet"
        if name.lower() in {one.lower() for one in found}:
            name = f"{name[:27]} {len(found) + 1}"
        found.append(name)
    return found


def _frame(names: list[str]) -> dict[str, str]:
    """The parts around the sheets (ECMA-376)."""
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    related = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packed = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    numbers = range(1, len(names) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}.worksheet+xml"/>' for n in numbers
    )
    sheets = "".join(
        f'<sheet name="{escape(name, {chr(34): "&quot;"})}" sheetId="{n}" r:id="rId{n}"/>'
        for n, name in zip(numbers, names, strict=True)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{related}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    return {
        "[Content_Types].xml": f'{head}<Types xmlns="{packed}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>{overrides}</Types>',
        "_rels/.rels": f'{head}<Relationships xmlns="{packed}/relationships"><Relationship Id="rId1" '
        f'Type="{related}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{head}<workbook xmlns="{main}" xmlns:r="{related}"><sheets>{sheets}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{head}<Relationships xmlns="{packed}/relationships">{links}</Relationships>',
    }
