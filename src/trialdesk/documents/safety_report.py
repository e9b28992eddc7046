"""The report of a serious adverse event on paper: numbered cells after the CIOMS I form, gaps listed, QR with the payload."""

from __future__ import annotations

from dataclasses import dataclass

from trialdesk.documents import fonts
from trialdesk.documents.binding import bind
from trialdesk.documents.glyphs import MissingGlyph
from trialdesk.documents.paper import BODY, FOOT, HEIGHT, MARGIN, WIDTH, About, Paper
from trialdesk.documents.qr import placed_qr
from trialdesk.documents.study_summary import SheetFrame
from trialdesk.documents.wrapping import GREY, Line, Piece, Style, flow
from trialdesk.domain.text import Text

_NUMBER, _LABEL, _LABEL_EN = Style(7, strong=True), Style(7), Style(6.4, GREY, english=True)
_TEXT = Style(8.4)
_QR = 96.0


@dataclass(frozen=True)
class SafetyCell:
    """One numbered cell with its lines as recorded; an empty needed cell is marked and listed."""

    number: str
    label: Text
    lines: tuple[str, ...]
    needed: bool = True
    wide: bool = False


@dataclass(frozen=True)
class SafetyContent:
    """One report: its frame, its cells, and the words of the QR code."""

    frame: SheetFrame
    about: About
    cells: tuple[SafetyCell, ...]
    payload: str

    @property
    def missing(self) -> tuple[SafetyCell, ...]:
        """Needed cells without an answer."""
        return tuple(cell for cell in self.cells if cell.needed and not cell.lines)


def render_safety(content: SafetyContent) -> bytes:
    """The report as PDF/A-3b; raises KnownError for a character that cannot be printed."""
    from trialdesk.documents.archival import judged

    paper = Paper()
    try:
        paper.section(content.frame)
        paper.bookmark(f"{content.frame.title.zh} {content.frame.title.en}")
        paper.begin("Sect")
        _cells(paper, content.cells)
        paper.end()
        _close(paper, content)
        paper.finish()
    except MissingGlyph:
        fonts.refuse_missing({f"{cell.number} {cell.label.zh}": " ".join(cell.lines) for cell in content.cells})
        raise
    return judged(bind(paper, content.about))


def _cells(paper: Paper, cells: tuple[SafetyCell, ...]) -> None:
    waiting: list[SafetyCell] = []
    for cell in cells:
        if cell.wide:
            _row(paper, waiting)
            waiting = []
            _row(paper, [cell])
        else:
            waiting.append(cell)
            if len(waiting) == 2:
                _row(paper, waiting)
                waiting = []
    _row(paper, waiting)


def _row(paper: Paper, cells: list[SafetyCell]) -> None:
    if not cells:
        return
    wide = BODY / len(cells)
    blocks = [_words(cell, wide - 10) for cell in cells]
    while any(blocks):
        room = HEIGHT - 92 - FOOT - 30
        tall = max(sum(line.height for line in block) for block in blocks) + 8
        paper.need(min(tall, room))
        part = [_fitting(block, paper.y - FOOT - 20) for block in blocks]
        height = max(22.0, max(sum(line.height for line in block) for block in part) + 8)
        for index, block in enumerate(part):
            x = MARGIN + index * wide
            paper.graphic(f"0.6 w 0.09 0.13 0.17 RG {x:.1f} {paper.y - height:.1f} {wide:.1f} {height:.1f} re S")
            paper.say(block, x + 5, paper.y - 3)
        paper.y -= height


def _fitting(block: list[Line], room: float) -> list[Line]:
    taken: list[Line] = []
    while block and (not taken or sum(line.height for line in taken) + block[0].height <= room):
        taken.append(block.pop(0))
    return taken


def _words(cell: SafetyCell, width: float) -> list[Line]:
    head: list[Piece] = [(f"{cell.number}  ", _NUMBER), (f"{cell.label.zh}  ", _LABEL), (cell.label.en, _LABEL_EN)]
    lines = flow(head, width)
    if not cell.lines:
        mark = "▲ 缺 missing" if cell.needed else "无 none recorded"
        return lines + flow([(mark, Style(8.4, strong=cell.needed))], width)
    for said in cell.lines:
        lines += flow([(said, _TEXT)], width)
    return lines


def _close(paper: Paper, content: SafetyContent) -> None:
    """What is missing, who signs, and the code."""
    paper.y -= 8
    paper.need(_QR + 40)
    top = paper.y
    words = "、".join(f"{cell.number} {cell.label.zh}" for cell in content.missing) or "无 none"
    lines = flow([("缺项 missing cells: ", Style(8, strong=True)), (words, Style(8))], BODY - _QR - 20)
    low = paper.say(lines, MARGIN, top)
    low = paper.say(
        flow([("报告人 reported by ____________________   日期时间 date and time ____________________", Style(8))], BODY - _QR - 20),
        MARGIN, low - 26,
    )  # fmt: skip
    paper.graphic(placed_qr(content.payload, WIDTH - MARGIN - _QR, top - _QR, _QR))
    paper.y = min(low, top - _QR) - 4
