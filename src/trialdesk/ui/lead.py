"""A line that was looked at: fine or not, in words, and the way to its field."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout

from trialdesk.domain.oid import ItemPath
from trialdesk.domain.text import Text
from trialdesk.ui import look, parts


class Lead(QFrame):
    """One line that was looked at before signing; one that names a field leads there by click or Enter.

    `shows` are the words on screen where they are shorter than `says`, which is read aloud.
    """

    chosen = Signal(object)

    def __init__(
        self,
        fine: bool,
        says: Text,
        path: ItemPath | None,
        shape: str | None = None,
        tone: str | None = None,
        note: Text | None = None,
        shows: Text | None = None,
    ) -> None:
        super().__init__()
        self.fine, self.says, self.path = fine, says, path
        across = QHBoxLayout(self)
        across.setContentsMargins(4, 3, 4, 3)
        across.setSpacing(9)
        mark = parts.icon(shape or ("complete" if fine else "soft"), 18, tone or ("ok" if fine else "warn"))
        across.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        words = parts.words(look.first(shows or says), "text", wrap=True)
        if note is not None:
            across.addWidget(parts.column(words, parts.words(look.first(note), "small", "ink2", wrap=True), gap=0), 1)
        else:
            across.addWidget(words, 1)
        self.setAccessibleName(look.both(says))
        if path is not None:
            across.addWidget(parts.icon("right", 16, "accent"), 0, Qt.AlignmentFlag.AlignTop)
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setAccessibleDescription(look.both(Text(en="Enter goes to the field", zh="按 Enter 前往该字段")))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.path is not None and self.rect().contains(event.position().toPoint()):
            self.chosen.emit(self.path)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.path is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self.path)
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(look.color("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
