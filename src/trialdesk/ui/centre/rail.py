"""The rail of the centre's window: up to nine places in groups, each with the digit that opens it, and the language."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QVBoxLayout

from trialdesk.domain.text import Text
from trialdesk.ui import icons, look, parts
from trialdesk.ui.centre.places import PLACES

HIGH = 51
"""Nine places, three groups, language and lock stand within the 690 pixels a small screen leaves."""


class PlaceButton(QAbstractButton):
    """Icon above word, the digit beside the icon; the current place has plate, bar and strong word."""

    def __init__(self, name: str, text: Text, shape: str, digit: str = "", checkable: bool = True) -> None:
        super().__init__()
        self.name, self._shape, self._digit = name, shape, digit
        self.setText(look.first(text))
        self.setAccessibleName(look.both(text))
        self.setToolTip(f"{look.second(text)}  Ctrl {digit}" if digit else look.second(text))
        self.setCheckable(checkable)
        self.setFixedSize(76, HIGH)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(76, HIGH)

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        p.setPen(QPen(look.color("accent"), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        if on or self.hasFocus():
            p.setBrush(look.color("selected" if on else "window"))
            p.drawRoundedRect(QRectF(6, 2, 64, HIGH - 4), 9, 9)
        if on:
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(look.color("accent"))
            p.drawRoundedRect(QRectF(0, 13, 3, HIGH - 26), 1.5, 1.5)
        tone = "accent" if on else "ink2"
        icons.draw(p, self._shape, QRectF(28, 5, 20, 20), tone, "window")
        if self._digit:
            p.setPen(look.color("ink3"))
            p.setFont(look.font("micro"))
            p.drawText(QRectF(54, 4, 12, 14), Qt.AlignmentFlag.AlignCenter, self._digit)
        p.setPen(look.color(tone))
        p.setFont(look.font("smallstrong" if on else "small"))
        if p.fontMetrics().horizontalAdvance(self.text()) > self.width() - 14:
            p.setFont(look.font("micro"))
        p.drawText(QRectF(2, 26, 72, 20), Qt.AlignmentFlag.AlignCenter, self.text())


class CentreRail(QFrame):
    """`chosen` carries the name of a place, `language` or `lock`."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("plane", "window")
        self.setFixedWidth(76)
        self.buttons: dict[str, PlaceButton] = {}
        down = QVBoxLayout(self)
        down.setContentsMargins(0, 8, 0, 6)
        down.setSpacing(1)
        down.addWidget(parts.row(None, parts.icon("trialdesk", 30, "fill"), None))
        down.addSpacing(4)
        group = 0
        for digit, place in enumerate(PLACES, 1):
            if place.group != group:
                down.addWidget(_rule())
                group = place.group
            self._add(down, PlaceButton(place.name, place.words, place.shape, str(digit) if digit < 10 else ""))
        down.addStretch(1)
        language = PlaceButton("language", Text(en="中文", zh="English"), "language", checkable=False)
        self._add(down, language)
        self._add(down, PlaceButton("lock", Text(en="Lock", zh="锁屏"), "locked", checkable=False))

    def _add(self, layout: QVBoxLayout, button: PlaceButton) -> None:
        button.clicked.connect(lambda _=False, name=button.name: self.chosen.emit(name))
        self.buttons[button.name] = button
        layout.addWidget(button)

    def mark(self, name: str) -> None:
        """Show where one is."""
        for one in self.buttons.values():
            if one.isCheckable():
                one.setChecked(one.name == name)


def _rule() -> QFrame:
    rule = QFrame()
    rule.setFixedHeight(7)
    line = QVBoxLayout(rule)
    line.setContentsMargins(18, 3, 18, 3)
    line.addWidget(parts.Line())
    return rule
