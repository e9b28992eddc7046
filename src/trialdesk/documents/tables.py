"""Rows and tables on paper: cells side by side, broken over pages where they must, heads repeated."""

from __future__ import annotations

from collections.abc import Sequence

from trialdesk.documents.content import CrfCell, CrfTable
from trialdesk.documents.paper import BODY, FOOT, HEAD, HEIGHT, MARGIN, Paper
from trialdesk.documents.wrapping import GREY, INK, SOFT, Line, Piece, Style, flow
from trialdesk.domain.text import Text

ABOVE, BELOW, GAP = 3.0, 3.4, 6.0
"""Room above and below the words of a row, and between columns, in points."""

TITLE, TITLE_EN = Style(10.5, strong=True), Style(8, GREY, english=True)
CELL, CELL_EN, HEAD_EN = Style(7.6), Style(7.2, GREY, english=True), Style(6.5, GREY, english=True)
HEAD_ZH = Style(7.6, strong=True)


def title(paper: Paper, words: Text, room: float = 60.0, bookmark: int | None = None) -> None:
    """A section's title in both languages, with room for its first row below it."""
    paper.need(room)
    if bookmark is not None:
        paper.bookmark(f"{words.zh} {words.en}", bookmark)
    lines = flow([(words.zh, TITLE), (f"  {words.en}", TITLE_EN)], BODY)
    paper.y = paper.say(lines, MARGIN, paper.y, "H2") - 3
    paper.rule(paper.y, ink=INK, w=0.8)


def row(paper: Paper, cells: Sequence[Sequence[Line]], places: Sequence[float], kinds: Sequence[str] = ()) -> None:
    """One row whose cells begin at `places`, with a hairline below; a row taller than a page goes on on the next."""
    height = max(sum(line.height for line in cell) for cell in cells)
    room = HEIGHT - HEAD - FOOT - 40
    if height + ABOVE + BELOW <= room:
        paper.need(height + ABOVE + BELOW)
        _draw(paper, cells, places, kinds)
        return
    left = [list(cell) for cell in cells]
    while any(left):
        paper.need(40)
        part = [_take(cell, paper.y - FOOT - 12 - ABOVE - BELOW) for cell in left]
        _draw(paper, part, places, kinds)


def _take(cell: list[Line], room: float) -> list[Line]:
    """The lines of a cell that fit; they leave the cell. At least one goes, so that a row always ends."""
    taken: list[Line] = []
    while cell and (not taken or cell[0].height <= room):
        room -= cell[0].height
        taken.append(cell.pop(0))
    return taken


def _draw(paper: Paper, cells: Sequence[Sequence[Line]], places: Sequence[float], kinds: Sequence[str]) -> None:
    top = paper.y - ABOVE
    paper.begin("TR")
    low = top
    for index, (cell, x) in enumerate(zip(cells, places, strict=True)):
        paper.begin(kinds[index] if kinds else "TD")
        low = min(low, paper.say(cell, x, top))
        paper.end()
    paper.end()
    paper.y = low - BELOW
    paper.rule(paper.y)


def table(paper: Paper, content: CrfTable, bookmark: int | None = None) -> None:
    """A titled table whose columns share the width by what is in them; its head stands on every page."""
    title(paper, content.title, bookmark=bookmark)
    widths = columns(content)
    places = [MARGIN + 3 + sum(widths[:index]) for index in range(len(widths))]
    heads = [
        flow([(head.zh, HEAD_ZH), (f"\n{head.en}" if head.en else "", HEAD_EN)], width - GAP)
        for head, width in zip(content.heads, widths, strict=True)
    ]
    height = max(sum(line.height for line in head) for head in heads) + ABOVE + BELOW

    def draw_heads() -> None:
        paper.fill(MARGIN, paper.y - height, BODY, height - 0.5, SOFT)
        row(paper, heads, places, ["TH"] * len(heads))

    paper.begin("Table")
    draw_heads()
    paper.on_break = draw_heads
    for cells in content.cells:
        broken = [flow(pieces(cell), width - GAP) for cell, width in zip(cells, widths, strict=True)]
        row(paper, broken, places)
    paper.on_break = None
    paper.end()


def pieces(cell: str | CrfCell) -> list[Piece]:
    """The words of one cell: a plain text, or an answer with the words of its code."""
    if isinstance(cell, str):
        return [(cell, CELL)]
    made: list[Piece] = []
    if cell.words is None:
        made.append((cell.value, CELL, cell.path))
        if cell.unit:
            made.append((f" {cell.unit}", HEAD_EN))
    else:
        made += [
            (cell.words.zh, CELL, cell.path and f"{cell.path}|zh"),
            (f" {cell.words.en}", CELL_EN),
            (f" [{cell.value}]", HEAD_EN, cell.path),
        ]
    if cell.note:
        made += [(f"\n{cell.note.zh} ", Style(6.5, GREY)), (cell.note.en, HEAD_EN)]
    return made


def columns(content: CrfTable) -> list[float]:
    """Columns share the width by the longest thing in them, within bounds."""
    if content.weights:
        return [BODY * one / sum(content.weights) for one in content.weights]
    weight = []
    for index, head in enumerate(content.heads):
        words = [head.zh, head.en, *(_flat(row[index]) for row in content.cells)]
        weight.append(min(26, max(7, max(map(_breadth, words)))))
    return [BODY * one / sum(weight) for one in weight]


def _flat(cell: str | CrfCell) -> str:
    if isinstance(cell, str):
        return cell
    return f"{cell.words.zh} {cell.words.en} {cell.value}" if cell.words else cell.value + (cell.unit or "")


def _breadth(words: str) -> int:
    return len(words) if words.isascii() else sum(2 if ord(sign) > 0x2E80 else 1 for sign in words)
