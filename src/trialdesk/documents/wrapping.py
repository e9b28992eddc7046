"""Breaking words into lines: Latin between words, Han anywhere but before a closing or after an opening sign."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from trialdesk.documents import fonts

INK, GREY, LINE, SOFT = "#17202B", "#5F6B79", "#C9D0D8", "#F3F5F7"


class Style(NamedTuple):
    """How a run of words looks: weight, size in points, colour, and whether it is English."""

    size: float = 9.0
    ink: str = INK
    strong: bool = False
    english: bool = False
    raised: bool = False


class Run(NamedTuple):
    """Words of one style at a distance from the left edge; `mark` names the recorded value they print."""

    x: float
    words: str
    style: Style
    font: str
    mark: str | None


class Line(NamedTuple):
    """One line: how high it is and what stands in it."""

    height: float
    runs: tuple[Run, ...]
    width: float


Piece = tuple[str, Style] | tuple[str, Style, str | None]

_OPENING = "（《「『“‘【〔([{"
_CLOSING = "，。、：；？！）》」』”’】〕…％)\\]},.;:%!?"
_HAN = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_TOKEN = re.compile(f" +|\\n|[{re.escape(_OPENING)}]*(?:[{_HAN}]|[^\\s{_HAN}{re.escape(_OPENING)}]+)[{_CLOSING}]*|.")
_RAISED = re.compile(r"\^([+-]?\d+)")
LEADING = 1.36


def width_of(words: str, style: Style) -> float:
    """Width of words in points."""
    return sum(map(fonts.widths(_font(words, style)).__getitem__, words)) * _size(style) / 1000


def flow(pieces: Iterable[Piece], width: float) -> list[Line]:
    """Break pieces of words into lines no wider than `width` points; text keeps its order, spaces at breaks go."""
    return _Flow(width).run(pieces)


def _font(words: str, style: Style) -> str:
    return fonts.strong_or_regular(words) if style.strong else fonts.REGULAR


def _size(style: Style) -> float:
    return style.size * 0.68 if style.raised else style.size


class _Flow:
    def __init__(self, width: float) -> None:
        self.width = width
        self.lines: list[Line] = []
        self.runs: list[Run] = []
        self.x = 0.0
        self.height = 0.0

    def run(self, pieces: Iterable[Piece]) -> list[Line]:
        for piece in pieces:
            mark = piece[2] if len(piece) == 3 else None
            words = fonts.cleaned(piece[0])
            if "^" in words:
                for index, part in enumerate(_RAISED.split(words)):
                    if part:
                        self._add(part, piece[1]._replace(raised=True) if index % 2 else piece[1], mark)
            elif words:
                self._add(words, piece[1], mark)
        if self.runs or not self.lines:
            self._break(9.0)
        return self.lines

    def _add(self, words: str, style: Style, mark: str | None) -> None:
        font = _font(words, style)
        size = _size(style) / 1000
        leading = style.size * LEADING
        measure = fonts.widths(font).__getitem__
        if "\n" not in words:
            whole = sum(map(measure, words)) * size
            if self.x + whole <= self.width:
                self._put(words, style, font, mark, whole, leading)
                return
        held, held_width = "", 0.0
        for token in _TOKEN.findall(words):
            if token == "\n":
                self._put(held, style, font, mark, held_width, leading)
                held, held_width = "", 0.0
                self._break(leading)
                continue
            wide = sum(map(measure, token)) * size
            if self.x + held_width + wide > self.width:
                if token.isspace():
                    self._put(held, style, font, mark, held_width, leading)
                    held, held_width = "", 0.0
                    self._break(leading)
                    continue
                if held or self.runs:
                    self._put(held.rstrip(), style, font, mark, held_width, leading)
                    held, held_width = "", 0.0
                    self._break(leading)
                while wide > self.width:
                    head, head_width = self._part(token, measure, size)
                    self._put(head, style, font, mark, head_width, leading)
                    self._break(leading)
                    token = token[len(head) :]
                    wide -= head_width
            elif token.isspace() and not held and not self.runs:
                continue
            held += token
            held_width += wide
        self._put(held, style, font, mark, held_width, leading)

    def _part(self, token: str, measure, size: float) -> tuple[str, float]:  # type: ignore[no-untyped-def]
        """As much of an unbreakable word as fits a line, at least one character."""
        wide, count = 0.0, 0
        for sign in token:
            step = measure(sign) * size
            if count and wide + step > self.width:
                break
            wide += step
            count += 1
        return token[:count], wide

    def _put(self, words: str, style: Style, font: str, mark: str | None, wide: float, leading: float) -> None:
        if words:
            self.runs.append(Run(self.x, words, style, font, mark))
            self.x += wide
            self.height = max(self.height, leading)

    def _break(self, leading: float) -> None:
        self.lines.append(Line(self.height or leading, tuple(self.runs), self.x))
        self.runs, self.x, self.height = [], 0.0, 0.0
