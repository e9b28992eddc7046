"""A dialog that is read like a letter: a title, a few sentences, then all the rest, which scrolls; lines lead to forms."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFrame, QScrollArea, QVBoxLayout, QWidget

from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Text
from trialdesk.ui import look, parts


class ReadingDialog(QDialog):
    """Nothing is asked in it; `form_wanted` follows a line that leads to a form, and closes it."""

    form_wanted = Signal(str, object)

    def __init__(self, title: Text, wide: int, high: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(look.first(title))
        self.resize(wide, high)
        self._down = QVBoxLayout(self)
        self._down.setContentsMargins(24, 20, 24, 20)
        self._down.setSpacing(10)
        self._down.addWidget(parts.bilingual(title, "title", "small"))

    def say(self, says: Text, role: str, ink: str) -> None:
        """A sentence below the title that stays in sight."""
        self._down.addWidget(parts.words(look.first(says), role, ink, wrap=True))

    def show_all(self, *content: parts.Content) -> None:
        """The rest, which scrolls, and the button that closes."""
        inner = parts.column(*content, None, gap=6)
        inner.setProperty("clear", "true")
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        self._down.addWidget(area, 1)
        self.back = parts.Button(Text(en="Close", zh="关闭"), "primary", "Esc")
        self.back.clicked.connect(self.reject)
        self._down.addWidget(parts.row(None, self.back))
        self.back.setFocus()

    def go(self, subject: str, form: FormPath) -> None:
        """Close and open a form."""
        self.accept()
        self.form_wanted.emit(subject, form)
