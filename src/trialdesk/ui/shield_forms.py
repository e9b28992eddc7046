"""The forms of one participant at one visit as buttons with their shields, in a list that scrolls."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from trialdesk.domain.clinical.source_review import Shield
from trialdesk.services.monitoring_view import FormLine
from trialdesk.ui import icons, look
from trialdesk.ui.shields import SHAPES
from trialdesk.ui.states import STATUS_SHAPES


class FormButton(QWidget):
    """One form of the chosen visit; Enter or a click opens it, with `medical` two clicks, since one chooses it."""

    opened = Signal(object)
    chosen = Signal(object)
    wants_back = Signal()

    def __init__(self, line: FormLine, medical: bool = False) -> None:
        super().__init__()
        self.line, self._medical = line, medical
        self.setFixedHeight(46)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{look.both(line.label)} {line.tally.verified} / {line.tally.required}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(self.line.form)
        elif key == Qt.Key.Key_Down:
            self.focusNextChild()
        elif key == Qt.Key.Key_Up:
            self.focusPreviousChild()
        elif key in (Qt.Key.Key_Escape, Qt.Key.Key_Left):
            self.wants_back.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.chosen.emit(self.line.form)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self._medical:
            self.opened.emit(self.line.form)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._medical:
            self.opened.emit(self.line.form)

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -3)
        p.setPen(QPen(look.color("accent"), 2) if self.hasFocus() else QPen(look.color("line"), 1))
        p.setBrush(look.color("selected" if self.hasFocus() else "surface"))
        p.drawRoundedRect(box, 7, 7)
        tally = self.line.tally
        shape, tone = SHAPES[tally.shield]
        icons.draw(p, shape, QRectF(12, 12, 18, 18), tone)
        state, colour = STATUS_SHAPES[self.line.status]
        right = self.width() - 12.0
        p.setFont(look.font("smallstrong"))
        p.setPen(look.color(tone))
        count = f"{tally.verified} / {tally.required}" if tally.shield is not Shield.NOT_NEEDED else ""
        wide = p.fontMetrics().horizontalAdvance(count)
        p.drawText(QRectF(right - wide, 0, wide + 2, 43), Qt.AlignmentFlag.AlignVCenter, count)
        right -= wide + 8
        for wanted, mark, hue in (
            (self.line.queries, "bubble", "query"),
            (tally.again, "again", "info"),
            (self._medical and self.line.medical is False, "pulse", "info"),
            (self._medical and self.line.medical is True, "pulse", "ok"),
            (True, state, colour),
        ):
            if wanted:
                icons.draw(p, mark, QRectF(right - 15, 14, 15, 15), hue)
                right -= 20
        room = right - 42
        for words, role, hue, y in (
            (look.first(self.line.label), "strong", "ink", 4),
            (look.first(self.line.visit), "small", "ink3", 22),
        ):
            p.setFont(look.font(role))
            p.setPen(look.color(hue))
            shown = p.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(room))
            p.drawText(QRectF(38, y, room, 18), Qt.AlignmentFlag.AlignVCenter, shown)


def scrolled(inner: QWidget) -> QWidget:
    """A list that may be longer than its place."""
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    inner.setProperty("clear", "true")
    area.setWidget(inner)
    return area
