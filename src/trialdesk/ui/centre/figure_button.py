"""A number one can open: Enter or a click shows the participants behind it; arrows go to the next number."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from trialdesk.domain.text import Text
from trialdesk.services.endpoint_view import Figure, Topic, text_of
from trialdesk.ui import look, parts

_WAYS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip


class FigureButton(QAbstractButton):
    """`opened` carries the button itself; `says` names the number in a sentence."""

    opened = Signal(object)

    def __init__(self, number: Figure, says: Text, topic: Topic, role: str = "text") -> None:
        super().__init__()
        self.number, self.says, self.topic, self._role = number, says, topic, role
        self.setText(str(number))
        self.setAccessibleName(f"{look.both(says)} {number}")
        self.setToolTip(look.first(says))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedSize(self.sizeHint())
        self.clicked.connect(lambda _=False: self.opened.emit(self))

    def sizeHint(self) -> QSize:
        return QSize(int(QFontMetricsF(look.font(self._role)).horizontalAdvance(self.text())) + 9, 24)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in _WAYS:
            self._go(*_WAYS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _go(self, across: int, down: int) -> None:
        """The focus to the nearest number that way; sideways only on the same line."""
        here, best, least = _middle(self), None, 10**9
        for other in self.window().findChildren(FigureButton):
            if other is self or not other.isVisible():
                continue
            way = _middle(other) - here
            along, aside = (way.x() * across, abs(way.y())) if across else (way.y() * down, abs(way.x()))
            if along > 4 and (not across or aside < 16) and along + 3 * aside < least:
                best, least = other, along + 3 * aside
        if best is not None:
            best.setFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self.hasFocus():
            p.setPen(QPen(look.color("accent"), 2))
            p.setBrush(look.color("selected"))
            p.drawRoundedRect(box.adjusted(0.5, 1, -0.5, -1), 5, 5)
        elif self.underMouse():
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(look.color("hover"))
            p.drawRoundedRect(box, 5, 5)
        p.setFont(look.font(self._role))
        p.setPen(look.color("accent"))
        p.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())


def _middle(one: QWidget) -> QPoint:
    return one.mapToGlobal(one.rect().center())


def number(text: str, says: Text, topic: Topic, opened: object, role: str = "text") -> QWidget:
    """A button for a figure with participants behind it, else plain words."""
    if not isinstance(text, Figure) or not text.who:
        return parts.words(look.first(text_of(text)), role, wrap=not isinstance(text, Figure))
    made = FigureButton(text, says, topic, role)
    made.opened.connect(opened)
    return made
