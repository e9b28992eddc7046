"""An answer out of few: every choice in sight, each with the digit that picks it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLayout, QRadioButton, QWidget

from trialdesk.domain.text import Text
from trialdesk.ui import look
from trialdesk.ui.boxes import Options


class Segment(QRadioButton):
    """One choice of a row of choices, with the digit that chooses it."""

    def __init__(self, code: str, text: Text, digit: str, place: str) -> None:
        super().__init__(look.first(text))
        self.code, self.wanted = code, False
        self.setAutoExclusive(False)
        self.setFixedHeight(34)
        self.show_as(text, digit, place)

    def show_as(self, text: Text, digit: str, place: str) -> None:
        """Show other words and another digit for the same code, at another place of the row."""
        self._digit, self.place = digit, place
        self.setText(look.first(text))
        letters = QFontMetricsF(look.font("strong")).horizontalAdvance(self.text())
        self.setFixedWidth(max(56, int(letters + (15 if digit else 0) + 26)))
        self.setAccessibleName(look.both(text))
        self.setToolTip(look.second(text))

    def plain(self, wide: int) -> None:
        """Show the word alone, in a row of a grid."""
        self._digit = ""
        self.setFixedSize(wide, 30)

    def hitButton(self, pos: object) -> bool:
        return True

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        if not self.isEnabled() and not on:
            painter.setOpacity(0.6)
        # Drawing beyond the inner edge gives neighbours one shared line and round corners only at the ends.
        more_left = 0 if self.place in ("first", "only") else 8
        more_right = 0 if self.place in ("last", "only") else 8
        box = QRectF(self.rect()).adjusted(0.5 - more_left, 0.5, -0.5 + more_right, -0.5)
        edge = QPen(look.color("fill" if on else "edge"), 1)
        if self.wanted and not on:
            edge.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(edge)
        painter.setBrush(look.color("fill" if on else "surface"))
        painter.drawRoundedRect(box, 6, 6)
        if more_right and not on:
            painter.setPen(QPen(look.color("line"), 1))
            painter.drawLine(self.width() - 1, 7, self.width() - 1, self.height() - 7)
        letters = QFontMetricsF(look.font("strong" if on else "text")).horizontalAdvance(self.text())
        x = (self.width() - letters - (15 if self._digit else 0)) / 2
        painter.setPen(look.color("on_fill" if on else "ink3"))
        painter.setFont(look.font("micro"))
        painter.drawText(QRectF(x, 0, 14, self.height()), Qt.AlignmentFlag.AlignVCenter, self._digit)
        painter.setPen(look.color("on_fill" if on else "ink"))
        painter.setFont(look.font("strong" if on else "text"))
        painter.drawText(
            QRectF(x + (15 if self._digit else 0), 0, letters + 4, self.height()),
            Qt.AlignmentFlag.AlignVCenter,
            self.text(),
        )
        if self.hasFocus():
            painter.setPen(QPen(look.color("ink" if on else "accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 5, 5)


class SegmentBox(QWidget):
    """Up to five choices side by side; a digit chooses, nothing is chosen beforehand, Delete takes the choice back."""

    left = Signal(str)
    typing = Signal(str)
    next_wanted = Signal()

    def __init__(self, options: Options) -> None:
        super().__init__()
        last = len(options) - 1
        self.segments: list[Segment] = []
        for index, (code, text) in enumerate(options):
            place = "only" if last == 0 else "first" if index == 0 else "last" if index == last else "middle"
            one = Segment(code, text, str(index + 1), place)
            one.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            one.clicked.connect(lambda _=False, chosen=code: self._choose(chosen))
            one.installEventFilter(self)
            self.segments.append(one)
        self._code = ""
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.segments[0].setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self.segments[0])
        self.setLayout(self._arrange())

    def _arrange(self) -> QLayout:
        """Side by side on one line; a box that wraps places the same choices otherwise."""
        layout = QHBoxLayout()
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for one in self.segments:
            layout.addWidget(one)
        self.setFixedSize(sum(s.width() for s in self.segments), 34)
        return layout

    def put(self, text: str) -> None:
        """Show a choice, or none for an empty text."""
        self._code = text
        for one in self.segments:
            one.setChecked(one.code == text)
        stop = next((s for s in self.segments if s.code == text), self.segments[0])
        for one in self.segments:
            one.setFocusPolicy(Qt.FocusPolicy.StrongFocus if one is stop else Qt.FocusPolicy.ClickFocus)
        self.setFocusProxy(stop)

    def text_now(self) -> str:
        """The code chosen now."""
        return self._code

    def _choose(self, code: str) -> None:
        self.put(code)
        self.left.emit(code)

    def eventFilter(self, watched: object, event: object) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == event.Type.KeyPress and self._key(watched, event):
            return True
        return super().eventFilter(watched, event)  # type: ignore[arg-type]

    def _key(self, watched: object, event: QKeyEvent) -> bool:
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        here = self.segments.index(watched) if watched in self.segments else 0
        digit = event.text()
        # Only what is offered now has a digit.
        offered = [one for one in self.segments if not one.isHidden()]
        if digit.isdigit() and 1 <= int(digit) <= len(offered):
            offered[int(digit) - 1].setFocus()
            self._choose(offered[int(digit) - 1].code)
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if event.key() == Qt.Key.Key_Right else -1
            self.segments[max(0, min(len(self.segments) - 1, here + step))].setFocus()
        elif event.key() == Qt.Key.Key_Delete:
            self._choose("")
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.next_wanted.emit()
        else:
            return False
        return True
