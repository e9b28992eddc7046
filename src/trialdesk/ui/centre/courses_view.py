"""One bar per enrolled participant from enrolment to the last contact, with treatment, remission, relapse and death."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from trialdesk.domain.text import Text
from trialdesk.services.endpoint_view import CourseBar
from trialdesk.ui import look

HIGH, LEFT, TOP = 22, 74, 34
_MARKS = {
    "treatment": ("ink3", Text(en="Treatment", zh="治疗")), "remission": ("ok", Text(en="Remission", zh="缓解")),
    "relapse": ("warn", Text(en="Relapse", zh="复发")), "death": ("hard", Text(en="Death", zh="死亡")),
}  # fmt: skip


class CoursesView(QWidget):
    """The longest course on top; arrows choose, Enter or two clicks open."""

    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.bars: tuple[CourseBar, ...] = ()
        self.at = 0
        self.setProperty("clear", "true")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_bars(self, bars: tuple[CourseBar, ...]) -> None:
        """Show these courses."""
        self.bars = tuple(sorted(bars, key=lambda one: -one.length))
        self.at = 0
        self.setMinimumHeight(TOP + HIGH * len(self.bars) + 40)
        self._describe()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(600, TOP + HIGH * len(self.bars) + 40)

    def _describe(self) -> None:
        if not self.bars:
            return
        bar = self.bars[self.at]
        said = ", ".join(f"{look.first(_MARKS[kind][1])} {day}" for day, kind in bar.marks if kind != "treatment")
        self.setAccessibleName(f"{bar.subject} {bar.length} {look.first(_DAYS)} {said}")

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._legend(p)
        if not self.bars:
            return
        longest = max(max(bar.length for bar in self.bars), 1)
        scale = (self.width() - LEFT - 26) / longest
        for row, bar in enumerate(self.bars):
            self._bar(p, bar, TOP + row * HIGH, scale, row == self.at and self.hasFocus())
        foot = TOP + len(self.bars) * HIGH + 4
        p.setFont(look.font("small"))
        p.setPen(look.color("ink3"))
        for part in range(5):
            day = round(longest * part / 4)
            p.drawText(QRectF(LEFT + day * scale - 30, foot, 60, 18), Qt.AlignmentFlag.AlignCenter, str(day))
        p.drawText(
            QRectF(LEFT, foot + 16, self.width() - LEFT - 20, 18), Qt.AlignmentFlag.AlignRight, look.first(_FROM)
        )

    def _bar(self, p: QPainter, bar: CourseBar, y: float, scale: float, on: bool) -> None:
        if on:
            p.fillRect(QRectF(0, y, self.width(), HIGH), look.color("selected"))
            p.fillRect(QRectF(0, y, 3, HIGH), look.color("accent"))
        p.setFont(look.font("small"))
        p.setPen(look.color("ink"))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        p.drawText(QRectF(0, y, LEFT - 10, HIGH), right, bar.subject)
        middle = y + HIGH / 2
        p.setPen(QPen(look.color("edge"), 0.8))
        p.setBrush(look.color("info_soft"))
        p.drawRect(QRectF(LEFT, middle - 5, max(bar.length * scale, 1), 10))
        for day, kind in bar.marks:
            self._mark(p, kind, QPointF(LEFT + day * scale, middle))
        if not bar.died:
            end = LEFT + bar.length * scale
            p.setPen(QPen(look.color("edge"), 1.6))
            p.drawPolyline([QPointF(end + 3, middle - 4), QPointF(end + 8, middle), QPointF(end + 3, middle + 4)])

    def _mark(self, p: QPainter, kind: str, at: QPointF) -> None:
        tone = look.color(_MARKS[kind][0])
        p.setPen(QPen(tone, 1.6))
        p.setBrush(tone)
        if kind == "treatment":
            p.drawLine(at - QPointF(0, 6), at + QPointF(0, 6))
        elif kind == "remission":
            p.drawEllipse(at, 4, 4)
        elif kind == "relapse":
            p.drawPolygon([at + QPointF(0, -5), at + QPointF(5, 0), at + QPointF(0, 5), at + QPointF(-5, 0)])
        else:
            p.drawRect(QRectF(at.x() - 4, at.y() - 4, 8, 8))

    def _legend(self, p: QPainter) -> None:
        x = float(LEFT)
        p.setFont(look.font("small"))
        for kind, (_, words) in _MARKS.items():
            self._mark(p, kind, QPointF(x + 4, 14))
            p.setPen(look.color("ink2"))
            text = look.first(words)
            wide = p.fontMetrics().horizontalAdvance(text)
            p.drawText(QRectF(x + 14, 4, wide + 4, 20), Qt.AlignmentFlag.AlignVCenter, text)
            x += wide + 34

    def _row_at(self, y: float) -> int:
        return int((y - TOP) // HIGH)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position().y())
        if 0 <= row < len(self.bars):
            self.at = row
            self._describe()
            self.setFocus()
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if 0 <= self._row_at(event.position().y()) < len(self.bars):
            self.opened.emit(self.bars[self.at].subject)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self.bars:
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self.at = max(0, min(len(self.bars) - 1, self.at + step))
            self._describe()
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.bars:
            self.opened.emit(self.bars[self.at].subject)
        else:
            super().keyPressEvent(event)


_DAYS = Text(en="days", zh="天")
_FROM = Text(en="Days from enrolment", zh="入组后天数")
