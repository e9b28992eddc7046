"""An answer on paper (PDF/A-3b), as workbook and as CSV; the whole trail as files. What leaves is recorded by its hash."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from trialdesk.domain.clinical.reading_changes import AnswerShown
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.inspection.answer import Answer, Cell, Table

if TYPE_CHECKING:
    from trialdesk.exchange.sheet_file import Sheet, Value
    from trialdesk.services.desk import OpenDesk

MOST = 400
"""Lines of one table that are printed; the file has all of them, and the paper says so."""

Kind = Literal["xlsx", "csv"]


def answer_pdf(desk: OpenDesk, answer: Answer) -> bytes:
    """The answer as PDF/A-3b, with the seal of the record it was read at in the foot."""
    from trialdesk.documents.content import CrfTable
    from trialdesk.documents.paper import About
    from trialdesk.documents.study_summary import SheetFrame, sheets

    question, found, study = answer.question, answer.found, desk.study
    rows = [(Text(en="Answer", zh="回答"), says) for says in found.says]
    rows += [(Text(en="Note", zh="说明"), note) for note in found.notes]
    heads = (Text(en="", zh=""), Text(en="", zh=""))
    tables = [CrfTable(question.label, heads, tuple((_both(a), f"{b.zh}\n{b.en}") for a, b in rows), weights=(9, 91))]
    tables += [_table(one) for one in found.tables if one.rows]
    user = desk.session.user
    frame = SheetFrame(
        question.label,
        f"{study.registration}   {study.name.zh}   中心 site {desk.session.site}   工作站 workstation "
        f"{desk.session.origin}   {user.name.zh} {user.name.en}   {answer.asked}",
        f"记录 record {answer.head}   链 chain {answer.seal[:16]}…{answer.seal[-8:]}   {answer.at}   ({question.clause})",
    )
    now = desk.session.clock.now()
    about = About(
        _both(question.label), f"{study.registration} {desk.session.site}", f"TrialDesk {study.registration}", now
    )
    return sheets(frame, about, tuple(tables))


def _table(one: Table):  # type: ignore[no-untyped-def]
    from trialdesk.documents.content import CrfTable

    title = one.title
    if len(one.rows) > MOST:
        more = Text(en="{t}: {n} of {m} lines, the file has all", zh="{t}：{m} 行中的前 {n} 行，完整内容见文件").format(
            t=one.title, n=MOST, m=len(one.rows)
        )
        title = more
    return CrfTable(title, one.heads, tuple(tuple(_printed(cell) for cell in row.cells) for row in one.rows[:MOST]))


def _printed(cell: Cell) -> str:
    from trialdesk.documents.fonts import printable

    return printable(_both(cell) if isinstance(cell, Text) else str(cell))


def _both(text: Text) -> str:
    return text.zh if text.zh == text.en else f"{text.zh} {text.en}"


def _sheet(one: Table) -> Sheet:
    from trialdesk.exchange.sheet_file import Sheet

    rows = (tuple(_value(cell) for cell in row.cells) for row in one.rows)
    return Sheet(one.title.zh, [_both(head) for head in one.heads], rows)


def _value(cell: Cell) -> Value:
    return _both(cell) if isinstance(cell, Text) else cell


def save(desk: OpenDesk, answer: Answer, folder: Path, kind: Kind) -> list[Path]:
    """Write an answer as a workbook, or one CSV for each table, and record it; the whole trail as its four files.

    Raises KnownError when the folder cannot be written.
    """
    from trialdesk.exchange.sheet_file import write_csv, write_workbook
    from trialdesk.exchange.trail_file import write_trail
    from trialdesk.services.inspection.whole import trail_lines

    name = f"{desk.session.site}_{desk.session.origin}_{answer.question.name}_{answer.head:06d}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if answer.question.name == "trail":
            heads = desk.verify().heads
            made = write_trail(lambda: trail_lines(desk), heads, folder / name)
        elif kind == "xlsx":
            made = [write_workbook([_sheet(one) for one in answer.found.tables], folder / f"{name}.xlsx")]
        else:
            made = [
                write_csv(_sheet(one), folder / f"{name}_{number}.csv")
                for number, one in enumerate(answer.found.tables, start=1)
            ]
        sums = [hashlib.sha256(path.read_bytes()).hexdigest() for path in made]
    except OSError as fault:
        raise KnownError(_NOT_WRITTEN.format(folder=folder, why=fault.strerror or fault)) from fault
    about = str(answer.asked)
    desk.session.record(
        [AnswerShown(question=answer.question.name, about=about, how="saved", document=one) for one in sums]
    )
    return made


def save_pdf(desk: OpenDesk, answer: Answer, pdf: bytes, folder: Path) -> Path:
    """Write a printed answer into a folder and record it; raises KnownError when the folder cannot be written."""
    path = folder / f"{desk.session.site}_{desk.session.origin}_{answer.question.name}_{answer.head:06d}.pdf"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pdf)
    except OSError as fault:
        raise KnownError(_NOT_WRITTEN.format(folder=folder, why=fault.strerror or fault)) from fault
    note_printed(desk, answer, pdf, "saved")
    return path


def note_printed(desk: OpenDesk, answer: Answer, pdf: bytes, how: Literal["printed", "saved"]) -> None:
    """Record that an answer left on paper or as a file."""
    document = hashlib.sha256(pdf).hexdigest()
    shown = AnswerShown(question=answer.question.name, about=str(answer.asked), how=how, document=document)
    desk.session.record([shown])


_NOT_WRITTEN = Text(
    en="The file could not be written to {folder}: {why}. Choose another folder.",
    zh="无法写入 {folder}：{why}。请另选文件夹。",
)
