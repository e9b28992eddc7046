"""Reading the NCI's workbook of CTCAE v5.0 as it is: nothing in it is mended."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from trialdesk.domain.text import Text
from trialdesk.errors import KnownError

_NAME, _SOC, _CODE, _DEFINITION, _NOTE = "ctcae term", "meddra soc", "meddra code", "definition", "navigational note"
_GRADES = tuple(f"grade {grade}" for grade in range(1, 6))
_NEEDED = (_NAME, _SOC, *_GRADES)


@dataclass(frozen=True, slots=True)
class WorkbookTerm:
    """One row: name, class, MedDRA code, the wording of each grade that has one, definition and note where given."""

    name: str
    soc: str
    code: str
    grades: dict[int, str]
    definition: str | None
    note: str | None


@dataclass(frozen=True)
class Workbook:
    """The rows of a workbook, and the SHA-256 of its file."""

    terms: tuple[WorkbookTerm, ...]
    sha256: str


def read_workbook(path: Path) -> Workbook:
    """The terms of a workbook; raises KnownError for a file that cannot be read or is no CTCAE workbook.

    Headings may carry blanks and no-break blanks; a lone dash means that there is none; line breaks within a text stay.
    """
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as fault:
        raise KnownError(_UNREADABLE.format(file=path.name, why=fault.strerror or fault)) from fault
    for rows in _sheets(path):
        heads = next(iter(rows), ())
        place = {_plain(head): column for column, head in reversed(list(enumerate(heads)))}
        if all(name in place for name in _NEEDED):
            return Workbook(tuple(_term(row, place) for row in rows[1:] if _text(row, place[_NAME])), digest)
    raise KnownError(_NOT_CTCAE.format(file=path.name))


def _sheets(path: Path) -> list[list[tuple[object, ...]]]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=True, data_only=True)
        try:
            return [list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets]
        finally:
            book.close()
    # A damaged workbook fails in many ways inside zip, XML and openpyxl; all of them mean the same to a person.
    except Exception as fault:
        raise KnownError(_UNREADABLE.format(file=path.name, why=fault)) from fault


def _term(row: Sequence[object], place: dict[str, int]) -> WorkbookTerm:
    grades = {grade: said for grade, head in enumerate(_GRADES, start=1) if (said := _text(row, place[head]))}
    code = _text(row, place[_CODE]) if _CODE in place else None
    return WorkbookTerm(
        name=_text(row, place[_NAME]) or "",
        soc=_text(row, place[_SOC]) or "",
        code=code or "",
        grades=grades,
        definition=_text(row, place[_DEFINITION]) if _DEFINITION in place else None,
        note=_text(row, place[_NOTE]) if _NOTE in place else None,
    )


def _text(row: Sequence[object], column: int) -> str | None:
    """A cell without blanks at its ends; None for an empty cell or a lone dash."""
    value = row[column] if column < len(row) else None
    said = str(value).strip() if value is not None else ""
    return said if said and said != "-" else None


def _plain(head: object) -> str:
    return " ".join(_words(str(head or ""))).lower()


def _words(text: str) -> Iterable[str]:
    # str.split counts the no-break blank as a blank.
    return text.split()


_UNREADABLE = Text(
    en="{file} cannot be read as a workbook ({why}). Nothing was imported; fetch the file from the NCI again.",
    zh="无法读取工作簿 {file}（{why}），未导入任何内容。请重新从 NCI 获取该文件。",
)
_NOT_CTCAE = Text(
    en="{file} is not the NCI's CTCAE workbook: no sheet has the columns CTCAE Term, MedDRA SOC and Grade 1 to 5. Nothing "
    "was imported.",
    zh="{file} 不是 NCI 的 CTCAE 工作簿：缺少 CTCAE Term、MedDRA SOC、Grade 1～5 列。未导入任何内容。",
)
