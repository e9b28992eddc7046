"""The terms offered under the box: best match first, then terms of the same GVHD organ, then the usual ones."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from trialdesk.domain.medicine.adverse_event_term import Term
from trialdesk.domain.text import Text
from trialdesk.ui import look, parts

ROW, HEADING = 46, 32
MARK = Text(en="like GVHD", zh="似 GVHD")


class TermLine(QWidget):
    """One term: name, name in the other language with its class, and whether GVHD can look like it."""

    pressed = Signal(object)

    def __init__(self, term: Term) -> None:
        super().__init__()
        self.term = term
        self.chosen = False
        self.setFixedHeight(ROW)
        self.setToolTip(f"{look.first(soc(term))}\n{look.second(soc(term))}")
        self.setAccessibleName(spoken(term))

    def choose(self, on: bool) -> None:
        """Show the line as the one Enter takes, or not."""
        if self.chosen != on:
            self.chosen = on
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, ROW)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit(self.term)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.chosen:
            painter.fillRect(self.rect(), look.color("selected"))
            painter.fillRect(0, 0, 3, self.height(), look.color("fill"))
        elif self.underMouse():
            painter.fillRect(self.rect(), look.color("hover"))
        room = self.width() - 28 - (self._mark(painter) if self.term.resembles_gvhd else 0)
        painter.setFont(look.font("strong"))
        painter.setPen(look.color("accent" if self.chosen else "ink"))
        name = painter.fontMetrics().elidedText(look.first(self.term.label), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(14, 4, room, 20), Qt.AlignmentFlag.AlignVCenter, name)
        painter.setFont(look.font("small"))
        painter.setPen(look.color("ink3"))
        below = f"{look.second(self.term.label)}  ·  {look.first(soc(self.term))}"
        below = painter.fontMetrics().elidedText(below, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(14, 23, room, 18), Qt.AlignmentFlag.AlignVCenter, below)
        painter.setPen(QPen(look.color("line"), 1))
        painter.drawLine(14, self.height() - 1, self.width() - 14, self.height() - 1)

    def _mark(self, painter: QPainter) -> int:
        words = look.first(MARK)
        painter.setFont(look.font("small"))
        wide = painter.fontMetrics().horizontalAdvance(words) + 16
        box = QRectF(self.width() - wide - 12, (self.height() - 20) / 2, wide, 20)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("query_soft"))
        painter.drawRoundedRect(box, 6, 6)
        painter.setPen(look.color("query"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
        return wide + 8


class TermList(QFrame):
    """Lies over the page under the box; it takes no focus, so that an input method goes on working in the box."""

    taken = Signal(object)

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setProperty("plane", "card")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(look.both(Text(en="Terms", zh="术语")))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 6, 1, 1)
        outer.setSpacing(0)
        self._head = parts.words("", "small", "ink3")
        self._head.setContentsMargins(14, 2, 14, 4)
        outer.addWidget(self._head)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        ground = QWidget()
        ground.setProperty("clear", "true")
        self._column = QVBoxLayout(ground)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._area.setWidget(ground)
        outer.addWidget(self._area)
        self.lines: list[TermLine] = []
        self._at = -1
        self._headings = 0
        self.hide()

    def show_terms(self, found: Sequence[Term], alike: Sequence[Term], usual: Sequence[Term], typed: str) -> None:
        """Fill the list; the first match is the one Enter takes, nothing is chosen while nothing is typed."""
        parts.empty(self._column)
        self.lines, self._headings = [], 0
        self._add(found)
        if alike:
            self._heading(Text(en="Related terms", zh="相关术语"))
            self._add(alike)
        if usual:
            self._heading(Text(en="Usual in this trial", zh="常用于本试验"))
            self._add(usual)
        self._column.addStretch(1)
        said = Text(en="{n} found, {m} related", zh="{n} 条，相关 {m} 条").format(n=len(found), m=len(alike))
        if typed and not found:
            said = Text(en="No term fits; the words are kept as typed", zh="无匹配术语，将按原文保留")
        elif not typed:
            said = Text(en="Chinese, English, pinyin or initials", zh="中文、英文、拼音或首字母")
        self._head.setText(look.first(said))
        self._at = -1
        if found:
            self.move(1)

    def _add(self, terms: Sequence[Term]) -> None:
        for term in terms:
            line = TermLine(term)
            line.pressed.connect(self.taken)
            self.lines.append(line)
            self._column.addWidget(line)

    def _heading(self, text: Text) -> None:
        head = parts.words(look.first(text), "smallstrong", "ink3")
        head.setContentsMargins(14, 9, 14, 3)
        head.setFixedHeight(HEADING)
        self._headings += 1
        self._column.addWidget(head)

    def move(self, by: int) -> None:  # type: ignore[override]
        """Choose the next or previous line; it stops at the ends."""
        if not self.lines:
            return
        if self._at >= 0:
            self.lines[self._at].choose(False)
        self._at = max(0, min(len(self.lines) - 1, self._at + by))
        self.lines[self._at].choose(True)
        self._area.ensureWidgetVisible(self.lines[self._at], 0, 4)

    @property
    def chosen(self) -> Term | None:
        """The term Enter takes, or None."""
        return self.lines[self._at].term if 0 <= self._at < len(self.lines) else None

    def tall(self) -> int:
        """The height all lines want."""
        return len(self.lines) * ROW + self._headings * HEADING + 38


def soc(term: Term) -> Text:
    """The system organ class of a term."""
    return Text(en=term.soc, zh=term.soc_zh)


def spoken(term: Term) -> str:
    """A term as it is read aloud."""
    return f"{look.both(term.label)}{', ' + look.first(MARK) if term.resembles_gvhd else ''}"
