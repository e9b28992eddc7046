"""Writing a question in both languages: the leading one in the larger box."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from trialdesk.domain.text import Text
from trialdesk.ui import look


class Question(QWidget):
    """Two boxes; `sent` follows Ctrl+Enter in either."""

    sent = Signal()

    def __init__(self, hint: Text) -> None:
        super().__init__()
        leading, other = (_ZH, _EN) if look.language() == "zh" else (_EN, _ZH)
        self.lead = QPlainTextEdit()
        self.lead.setFixedHeight(60)
        self.lead.setTabChangesFocus(True)
        self.lead.setPlaceholderText(look.first(hint))
        self.lead.setAccessibleName(look.both(leading))
        self.other = QLineEdit()
        self.other.setFixedHeight(36)
        self.other.setPlaceholderText(look.first(_SAME.format(language=other)))
        self.other.setAccessibleName(look.both(other))
        down = QVBoxLayout(self)
        down.setContentsMargins(0, 0, 0, 0)
        down.setSpacing(6)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        for box in (self.lead, self.other):
            box.installEventFilter(self)
            down.addWidget(box)

    def says(self) -> Text:
        """What was written, each in its language."""
        lead, other = self.lead.toPlainText().strip(), self.other.text().strip()
        return Text(zh=lead, en=other) if look.language() == "zh" else Text(en=lead, zh=other)

    def plain(self) -> str:
        """What was written in the larger box."""
        return self.lead.toPlainText().strip()

    def put(self, words: str, other: str = "") -> None:
        """Show these words."""
        self.lead.setPlainText(words)
        self.other.setText(other)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if ctrl and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.sent.emit()
                return True
        return super().eventFilter(watched, event)


_ZH, _EN = Text(en="Question in Chinese", zh="中文质疑内容"), Text(en="Question in English", zh="英文质疑内容")
_SAME = Text(en="{language}", zh="{language}")
