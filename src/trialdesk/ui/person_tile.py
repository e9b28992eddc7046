"""A person to choose: at sign-in, and where another person takes over."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QRadioButton

from trialdesk.domain.text import Text
from trialdesk.ui import look


class Person(QRadioButton):
    """A person to choose at sign-in: initial in a square, name, role."""

    def __init__(self, user_id: str, name: Text, role: Text) -> None:
        super().__init__(look.first(name))
        self.user_id, self._name, self._role = user_id, name, role
        self.setFixedHeight(54)
        self.setAccessibleName(f"{look.both(name)}, {look.both(role)}")

    def hitButton(self, pos: object) -> bool:
        return True

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.click()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        wide = 2 if on else 1
        painter.setPen(QPen(look.color("accent" if on else "edge"), wide))
        painter.setBrush(look.color("selected" if on else "surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("fill" if on else "idle"))
        painter.drawRoundedRect(QRectF(10, 11, 32, 32), 6, 6)
        painter.setPen(look.color("on_fill" if on else "surface"))
        painter.setFont(look.font("label"))
        painter.drawText(QRectF(10, 11, 32, 32), Qt.AlignmentFlag.AlignCenter, look.first(self._name)[:1])
        painter.setPen(look.color("ink"))
        painter.drawText(QRectF(54, 7, self.width() - 60, 22), Qt.AlignmentFlag.AlignVCenter, look.first(self._name))
        painter.setPen(look.color("ink3"))
        painter.setFont(look.font("small"))
        painter.drawText(QRectF(54, 28, self.width() - 60, 18), Qt.AlignmentFlag.AlignVCenter, look.second(self._name))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(look.color("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(3, 3, -3, -3), 7, 7)


def step_to(people: Sequence[Person], event: QKeyEvent) -> bool:
    """Choose the person above or below with an arrow key while the passphrase keeps the keyboard; False for other keys."""
    way = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
    if not way or not people:
        return False
    here = next((place for place, one in enumerate(people) if one.isChecked()), 0)
    people[min(max(here + way, 0), len(people) - 1)].setChecked(True)
    return True
