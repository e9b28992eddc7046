"""Why something is changed after its form was complete: a digit is enough, words where the reason is another one."""

from __future__ import annotations

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from trialdesk.domain.actions.reasons import CHANGES
from trialdesk.domain.clinical.audit_record import Reason
from trialdesk.domain.text import Text
from trialdesk.ui import look, parts


class ReasonDialog(QDialog):
    """Asks for one reason; `reason` holds it once accepted."""

    def __init__(self, says: Text, what: Text, parent: QWidget | None = None, stay: Text | None = None) -> None:
        super().__init__(parent)
        self.reason: Reason | None = None
        title = Text(en="Reason for the change", zh="修改原因")
        self.setWindowTitle(look.first(title))
        self.setMinimumWidth(440)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(8)
        layout.addWidget(parts.bilingual(title, "title"))
        layout.addWidget(parts.words(look.first(what), "body", "ink", wrap=True))
        layout.addWidget(parts.words(look.first(says), "small", "ink2", wrap=True))
        self.choices: list[parts.Button] = []
        for number, (code, text) in enumerate(CHANGES, start=1):
            made = parts.Button(Text(en=f"{number}  {text.en}", zh=f"{number}  {text.zh}"))
            made.clicked.connect(lambda _=False, chosen=code: self._choose(chosen))
            self.choices.append(made)
        layout.addWidget(parts.flow(*self.choices, gap=8))
        self.words = QLineEdit()
        self.words.setFixedHeight(34)
        self.words.setAccessibleName(look.both(Text(en="Reason in words", zh="原因说明")))
        self.words.setPlaceholderText(look.first(Text(en="Write the reason, then Enter", zh="填写原因，按 Enter 保存")))
        self.words.returnPressed.connect(self._words_given)
        self.words.hide()
        layout.addWidget(self.words)
        leave = parts.Button(stay or Text(en="Leave the value as it was", zh="保留原值"), key="Esc")
        leave.clicked.connect(self.reject)
        layout.addWidget(parts.row(None, leave))
        self.choices[0].setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = event.text()
        if not self.words.hasFocus() and digit.isdigit() and 1 <= int(digit) <= len(CHANGES):
            self._choose(CHANGES[int(digit) - 1][0])
            return
        super().keyPressEvent(event)

    def _choose(self, code: str) -> None:
        if code == "OTHER":
            self.words.show()
            self.words.setFocus()
            return
        self.reason = Reason(code=code)
        self.accept()

    def _words_given(self) -> None:
        if self.words.text().strip():
            self.reason = Reason(code="OTHER", words=self.words.text().strip())
            self.accept()


def becomes(label: Text, old: str | None, new: str | None) -> Text:
    """What a correction does, in words."""
    said = Text(en="{label}: {old} becomes {new}", zh="{label}：{old} 改为 {new}")
    return said.format(label=label, old=old or "–", new=new or "–")


def ask_reason(says: Text, what: Text, parent: QWidget | None = None, stay: Text | None = None) -> Reason | None:
    """The reason a person gives, or None when everything stays as it was; `stay` names the way out."""
    dialog = ReasonDialog(says, what, parent, stay)
    dialog.exec()
    return dialog.reason
