"""Small parts every screen is made of: words, chips, buttons, plates, planes, flowing rows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from trialdesk.domain.text import Text
from trialdesk.ui import icons, look
from trialdesk.ui.flowing import Flow

Margins = tuple[int, int, int, int]
Content = QWidget | int | None


def words(text: str, role: str = "text", ink: str = "ink", wrap: bool = False, parent: QWidget | None = None) -> QLabel:
    """A piece of text in one of the window's sizes and colours."""
    made = QLabel(text, parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if wrap:
        made.setWordWrap(True)
    letters(made, role)
    tone(made, ink)
    return made


def letters(label: QLabel, role: str) -> None:
    """Show a label in one of the window's sizes."""
    label.setProperty("role", role)
    label.setFont(look.font(role))


def tone(label: QLabel, name: str) -> None:
    """Show a label in one of the window's colours."""
    if label.property("tone") != name:
        label.setProperty("tone", name)
        label.setPalette(look.inks(name))


def unit_label(text: str) -> str:
    """A unit for the screen: powers are set with <sup>, because the font lacks most raised digits."""
    import html
    import re

    marked = re.sub(r"\^(-?\d+)", r"<sup>\1</sup>", html.escape(text)).replace("x10", "×10")
    return f"×{marked}" if marked.startswith("10<sup>") else marked


def unit_pieces(text: str) -> list[tuple[str, bool]]:
    """A unit cut into pieces, each with whether it stands raised: `10^9/L` is ×10, raised 9, /L."""
    import re

    shown = text.replace("x10", "×10")
    shown = f"×{shown}" if shown.startswith("10^") else shown
    return [(piece.removeprefix("^"), piece.startswith("^")) for piece in re.split(r"(\^-?\d+)", shown) if piece]


def draw_unit(painter: QPainter, box: QRectF, text: str, role: str = "body", tone: str = "ink") -> None:
    """Draw a unit into a box, its powers smaller and raised."""
    painter.setPen(look.color(tone))
    x = box.x()
    for piece, raised in unit_pieces(text):
        letters = look.font("micro" if raised else role)
        painter.setFont(letters)
        wide = QFontMetricsF(letters).horizontalAdvance(piece)
        place = QRectF(x, box.y() - (5 if raised else 0), wide + 2, box.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, piece)
        x += wide


def icon(name: str, size: int = 18, tone: str = "ink2", surface: str = "surface") -> QLabel:
    """A picture of fixed size."""
    made = QLabel()
    made.setPixmap(icons.pixmap(name, size, tone, surface))
    made.setFixedSize(size, size)
    return made


def _fill(layout: QBoxLayout, content: Sequence[Content], gap: int, margins: Margins) -> None:
    layout.setContentsMargins(*margins)
    layout.setSpacing(gap)
    for one in content:
        if one is None:
            layout.addStretch(1)
        elif isinstance(one, int):
            layout.addSpacing(one)
        else:
            layout.addWidget(one)


def row(*content: Content, gap: int = 8, margins: Margins = (0, 0, 0, 0)) -> QWidget:
    """Parts side by side; None takes the free room, a number is a gap."""
    made = QWidget()
    _fill(QHBoxLayout(made), content, gap, margins)
    return made


def column(*content: Content, gap: int = 8, margins: Margins = (0, 0, 0, 0)) -> QWidget:
    """Parts below one another."""
    made = QWidget()
    _fill(QVBoxLayout(made), content, gap, margins)
    if gap == 0:
        # Two lines of one thing stay together instead of sharing out the free height.
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
    return made


def plane(
    kind: str,
    *content: Content,
    gap: int = 8,
    margins: Margins = (16, 12, 16, 12),
    across: bool = False,
    parent: QWidget | None = None,
) -> QFrame:
    """A ground for parts: card, surface, sunken, window or a soft tint."""
    made = QFrame(parent)
    made.setProperty("plane", kind)
    _fill(QHBoxLayout(made) if across else QVBoxLayout(made), content, gap, margins)
    return made


def bilingual(text: Text, role: str = "label", small: str = "small", wrap: bool = False) -> QWidget:
    """The leading language, and the other one small under it."""
    made = column(words(look.first(text), role, wrap=wrap), words(look.second(text), small, "ink3", wrap=wrap), gap=0)
    made.setSizePolicy(
        QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed if not wrap else QSizePolicy.Policy.Minimum
    )
    return made


def empty(layout: QLayout) -> None:
    """Take everything out of a layout."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


class Line(QWidget):
    """A hairline."""

    def __init__(self, upright: bool = False) -> None:
        super().__init__()
        if upright:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), look.color("line"))


class Chip(QWidget):
    """A state: shape, then word, then tint."""

    def __init__(
        self,
        text: str,
        tone: str = "idle",
        shape: str | None = None,
        outline: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._state: tuple[str, str, str | None, bool] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_state(text, tone, shape, outline)

    def show_state(self, text: str, tone: str = "idle", shape: str | None = None, outline: bool = False) -> None:
        """Show another state in the same place."""
        if (text, tone, shape, outline) == self._state:
            return
        self._state = self._text, self._tone, self._shape, self._outline = text, tone, shape, outline
        wide = QFontMetricsF(look.font("small")).horizontalAdvance(text) + 18 + (18 if shape else 0)
        self.setFixedSize(int(wide + 1), 22)
        self.setAccessibleName(text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        soft = f"{self._tone}_soft"
        painter.setPen(QPen(look.color(self._tone), 1) if self._outline else Qt.PenStyle.NoPen)
        painter.setBrush(Qt.BrushStyle.NoBrush if self._outline else look.color(soft))
        painter.drawRoundedRect(box, 6, 6)
        left = 9.0
        if self._shape:
            icons.draw(painter, self._shape, QRectF(7, 3.5, 15, 15), self._tone, "surface" if self._outline else soft)
            left = 26
        painter.setPen(look.color(self._tone))
        painter.setFont(look.font("small"))
        painter.drawText(QRectF(left, 0, self.width(), 22), Qt.AlignmentFlag.AlignVCenter, self._text)


class KeyCap(QWidget):
    """A key as it stands on the keyboard."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text
        self.setFixedSize(int(QFontMetricsF(look.font("micro")).horizontalAdvance(text)) + 12, 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.color("line"), 1))
        painter.setBrush(look.color("surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(look.color("ink2"))
        painter.setFont(look.font("micro"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._text)


class Plate(QWidget):
    """The participant's number in the participant's colour: never one without the other."""

    def __init__(self, subject: str, wide: int = 52, high: int = 32) -> None:
        super().__init__()
        self._subject = subject
        self.setFixedSize(wide, high)
        self.setAccessibleName(subject)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color(look.hue(self._subject)))
        painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        painter.setPen(look.color("#FFFFFF"))
        painter.setFont(look.font("heading"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, look.number_of(self._subject))


def _held(event: QKeyEvent) -> bool:
    """True while Shift, Ctrl or Alt is held; the number block's own mark is no such key."""
    return bool(event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier)


class Button(QAbstractButton):
    """An act: primary, secondary, quiet or danger; `key` is shown as a cap, the focus ring is always drawn."""

    def __init__(
        self, text: Text, kind: str = "secondary", key: str = "", shape: str | None = None, high: int = 34
    ) -> None:
        super().__init__()
        self._kind, self._key, self._shape = kind, key, shape
        self.struck = False
        self.setFixedHeight(high)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.say(text)

    def say(self, text: Text) -> None:
        """Show other words."""
        if look.first(text) == self.text():
            return
        self.setText(look.first(text))
        self.setAccessibleName(look.both(text))
        self.setToolTip(look.second(text))
        self.updateGeometry()

    def strike_through(self, word: Text) -> None:
        """Draw the words through, and say so to a reader."""
        self.struck = True
        self.setAccessibleName(f"{self.accessibleName()} {look.both(word)}")
        self.update()

    def forbid(self, why: Text | None) -> None:
        """Disable with a reason that stands in the tooltip, or enable again."""
        self.setEnabled(why is None)
        if why is not None:
            self.setToolTip(look.first(why))
            self.setAccessibleDescription(look.both(why))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not _held(event):
            self.click()
            return
        super().keyPressEvent(event)

    def _parts(self) -> tuple[float, float, float]:
        role = "strong" if self._kind == "primary" else "text"
        letters = QFontMetricsF(look.font(role)).horizontalAdvance(self.text())
        cap = QFontMetricsF(look.font("micro")).horizontalAdvance(self._key) + 11 if self._key else 0.0
        return letters, cap, letters + (23 if self._shape else 0) + (cap + 7 if cap else 0)

    def sizeHint(self) -> QSize:
        return QSize(int(self._parts()[2] + (16 if self._kind == "quiet" else 30)), self.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = {"primary": "on_fill", "secondary": "ink", "quiet": "accent", "danger": "hard"}[self._kind]
        ground = "fill" if self._kind == "primary" else "surface"
        if not self.isEnabled():
            ink, ground = "ink3", "idle_soft" if self._kind == "primary" else "surface"
        self._paint_ground(painter, ground)
        letters, cap, total = self._parts()
        x = (self.width() - total) / 2
        if self._shape:
            icons.draw(painter, self._shape, QRectF(x, (self.height() - 17) / 2, 17, 17), ink, ground)
            x += 23
        painter.setPen(look.color(ink))
        drawn = QFont(look.font("strong" if self._kind == "primary" else "text"))
        drawn.setStrikeOut(self.struck)
        painter.setFont(drawn)
        painter.drawText(QRectF(x, 0, letters + 4, self.height()), Qt.AlignmentFlag.AlignVCenter, self.text())
        if cap:
            self._paint_cap(painter, QRectF(x + letters + 7, (self.height() - 18) / 2, cap, 18), ink)

    def _paint_ground(self, painter: QPainter, ground: str) -> None:
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self._kind != "quiet":
            edge = {"primary": ground, "secondary": "edge", "danger": "hard"}[self._kind]
            painter.setPen(QPen(look.color(edge), 1))
            painter.setBrush(look.color(ground))
            painter.drawRoundedRect(box, 7, 7)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(look.color("ink" if self._kind == "primary" else "accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 7, 7)

    def _paint_cap(self, painter: QPainter, box: QRectF, ink: str) -> None:
        tint = look.color(ink)
        tint.setAlphaF(0.5)
        painter.setPen(QPen(tint, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(look.color(ink))
        painter.setFont(look.font("micro"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._key)


def flow(*content: QWidget, gap: int = 6) -> QWidget:
    """Parts that wrap onto further lines."""
    made = QWidget()
    layout = Flow(gap)
    made.setLayout(layout)
    for one in content:
        layout.addWidget(one)
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    made.setSizePolicy(policy)
    return made
