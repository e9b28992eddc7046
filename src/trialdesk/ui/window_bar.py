"""The days on which something is in time: pill for the window, tick for the target, mark for the date entered."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from trialdesk.domain.partial_date import PartialDate
from trialdesk.domain.rules.windows import Window, days_text
from trialdesk.domain.text import Text
from trialdesk.ui import icons, look

MARGIN = 2
"""Days shown on each side of the window and of the date entered."""

_MOST_DAYS = 40


class WindowBar(QWidget):
    """One window on a line of days."""

    def __init__(self, window: Window, entered: str | None) -> None:
        super().__init__()
        self._window = window
        found = PartialDate.parse(entered) if entered else None
        self._day = found.earliest if found is not None and found.complete else None
        near = self._day if self._day and abs((self._day - window.target).days) < _MOST_DAYS else window.target
        self._first = min(window.first, near) - timedelta(days=MARGIN)
        self._days = (max(window.last, near) - self._first).days + MARGIN
        self.setFixedHeight(62)
        says = Text(en="In time {a} to {b}, target {t}", zh="窗口 {a}～{b}，目标 {t}")
        self.setAccessibleName(
            look.both(says.format(a=days_text(window.first), b=days_text(window.last), t=days_text(window.target)))
        )

    def _x(self, day: date) -> float:
        return 14 + (self.width() - 28) * (day - self._first).days / self._days

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = 30
        painter.setPen(QPen(look.color("edge"), 1))
        painter.drawLine(6, middle, self.width() - 6, middle)
        left, right = self._x(self._window.first) - 9, self._x(self._window.last) + 9
        painter.setPen(QPen(look.color("ok"), 1.5))
        painter.setBrush(look.color("ok_soft"))
        painter.drawRoundedRect(QRectF(left, middle - 11, right - left, 22), 11, 11)
        target = self._x(self._window.target)
        painter.setPen(QPen(look.color("ok"), 2))
        painter.drawLine(int(target), middle - 7, int(target), middle + 7)
        self._write(painter, target, 0, look.first(Text(en="target", zh="目标")), "ok")
        self._write(painter, target, 44, look.first(days_text(self._window.target)), "ink2")
        if self._day is not None and self._first <= self._day:
            self._mark(painter, self._day, middle)

    def _mark(self, painter: QPainter, day: date, middle: int) -> None:
        inside = self._window.first <= day <= self._window.last
        x = min(self._x(day), self.width() - 14.0)
        icons.draw(
            painter, "complete" if inside else "soft", QRectF(x - 9, middle - 9, 18, 18), "ok" if inside else "warn"
        )
        if abs(x - self._x(self._window.target)) > 44:
            self._write(painter, x, 44, look.first(days_text(day)), "ok" if inside else "warn")

    def _write(self, painter: QPainter, x: float, y: float, text: str, tone: str) -> None:
        painter.setPen(look.color(tone))
        painter.setFont(look.font("small"))
        wide = painter.fontMetrics().horizontalAdvance(text) + 4
        left = max(0.0, min(x - wide / 2, self.width() - wide))
        painter.drawText(QRectF(left, y, wide, 18), Qt.AlignmentFlag.AlignCenter, text)
