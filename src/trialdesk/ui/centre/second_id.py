"""Where the centre's window asks for the second person of an act that takes two."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from trialdesk.domain.text import Text
from trialdesk.services.centre_view import CentreAtWork
from trialdesk.ui import look, parts


def ask_second(parent: QWidget, work: CentreAtWork, says: Text) -> str | None:
    """The name of a second person who agrees to `says`; None when nobody was named."""
    dialog = SecondDialog(work, says, parent)
    return dialog.name.text().strip() if dialog.exec() else None


class SecondDialog(QDialog):
    """One box; the person at work is not accepted as the second one."""

    def __init__(self, work: CentreAtWork, says: Text, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._first = work.user.id
        self.setWindowTitle(look.first(_TITLE))
        self.setMinimumWidth(420)
        down = QVBoxLayout(self)
        down.setContentsMargins(22, 18, 22, 16)
        down.setSpacing(10)
        down.addWidget(parts.bilingual(_TITLE, "title"))
        down.addWidget(parts.words(look.first(says), "text", "ink2", wrap=True))
        self.name = QLineEdit()
        self.name.setPlaceholderText(look.first(_NAME))
        self.name.setAccessibleName(look.both(_NAME))
        self.name.returnPressed.connect(self.agree)
        down.addWidget(self.name)
        self.said = parts.words("", "small", "hard", wrap=True)
        down.addWidget(self.said)
        agree = parts.Button(Text(en="Agree", zh="同意"), "primary", key="Enter")
        agree.clicked.connect(lambda _=False: self.agree())
        down.addWidget(parts.row(None, agree))

    def agree(self) -> None:
        """Accept a name other than that of the person at work."""
        if self.name.text().strip() in ("", self._first):
            self.said.setText(look.first(_OTHER))
        else:
            self.accept()


_TITLE = Text(en="Second person", zh="第二人确认")
_NAME = Text(en="Name of the second person", zh="第二人账号")
_OTHER = Text(en="It takes another person than the one at work.", zh="须由当前操作者以外的人员确认。")
