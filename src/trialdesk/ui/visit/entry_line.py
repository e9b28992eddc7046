"""One line to type into whose Enter is an act of its own and reaches nothing behind it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from trialdesk.domain.text import Text
from trialdesk.ui import look


class EntryLine(QLineEdit):
    """Named by its hint; Qt would pass Enter on to the page, which would do its own act as well."""

    def __init__(self, hint: Text, high: int = 34) -> None:
        super().__init__()
        self.setFixedHeight(high)
        self.setPlaceholderText(look.first(hint))
        self.setAccessibleName(look.both(hint))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
