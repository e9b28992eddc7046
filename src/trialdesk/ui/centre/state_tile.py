"""The tiles above the query board: one state each, how many, and how long they have waited."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from trialdesk.domain.text import Text
from trialdesk.ui import icons, look
from trialdesk.ui.centre.thread import STATES

AGES = ((3, "idle"), (7, "grade1"), (14, "grade2"), (10**6, "hard"))
"""Days up to which a query is of an age, and the tone of that age."""


class StateTile(QAbstractButton):
    """One state: how many, and how long they have waited."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self._text, self._shape = STATES[name]
        self._ages: list[int] = []
        self._count = 0
        self.setCheckable(True)
        self.setFixedHeight(76)
        self.setMinimumWidth(196)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(200, 76)

    def show_ages(self, count: int, ages: list[int]) -> None:
        """Count, and the days of each that waits."""
        self._count, self._ages = count, ages
        self.setAccessibleName(f"{look.both(self._text)} {count}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked() or self.hasFocus()
        p.setPen(QPen(look.color("accent" if on else "line"), 2 if on else 1))
        p.setBrush(look.color("surface"))
        p.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 9, 9)
        icons.draw(p, self._shape, QRectF(14, 22, 18, 18), "ink2", "surface")
        p.setPen(look.color("ink"))
        p.setFont(look.font("label"))
        title = look.first(self._text)
        p.drawText(QRectF(40, 18, 200, 26), Qt.AlignmentFlag.AlignVCenter, title)
        after = 48 + p.fontMetrics().horizontalAdvance(title)
        p.setPen(look.color("ink3"))
        p.setFont(look.font("small"))
        second = look.second(self._text)
        if after + p.fontMetrics().horizontalAdvance(second) < self.width() - 58:
            p.drawText(QRectF(after, 18, 120, 26), Qt.AlignmentFlag.AlignVCenter, second)
        p.setPen(look.color("ink"))
        p.setFont(look.font("number"))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        p.drawText(QRectF(0, 14, self.width() - 16, 32), right, str(self._count))
        self._bar(p)

    def _bar(self, p: QPainter) -> None:
        box = QRectF(14, 57, self.width() - 28, 6)
        p.setPen(Qt.PenStyle.NoPen)
        if self.name == "Closed" or not self._ages:
            p.setBrush(look.color("ok" if self.name == "Closed" and self._count else "line"))
            p.drawRoundedRect(box, 3, 3)
            return
        left, low = box.left(), -1
        for high, tone in AGES:
            share = sum(1 for days in self._ages if low < days <= high) / len(self._ages)
            p.fillRect(QRectF(left, box.top(), max(0.0, share * box.width() - 1), 6), look.color(tone))
            left, low = left + share * box.width(), high


class Legend(QWidget):
    """What the tone of an age means."""

    def __init__(self, tone: str, words: Text) -> None:
        super().__init__()
        self._tone, self._words = tone, look.first(words)
        self.setFixedSize(80, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(look.color(self._tone))
        p.drawRoundedRect(QRectF(2, 4, 12, 12), 3, 3)
        p.setPen(look.color("ink2"))
        p.setFont(look.font("small"))
        p.drawText(QRectF(20, 0, 70, 20), Qt.AlignmentFlag.AlignVCenter, self._words)
