"""A first or reset passphrase was set by somebody else: the person chooses one that nobody else knows."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.ui import job, look, parts

WIDE = 460
"""Width of the dialog in pixels."""


class OwnPassphraseDialog(QDialog):
    """Asks twice for a new passphrase; `chosen` holds it once `change` has taken it."""

    def __init__(self, change: Callable[[str], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._change = change
        self.chosen: str | None = None
        title = Text(en="Choose your own passphrase", zh="设置本人口令")
        self.setWindowTitle(look.first(title))
        self.setFixedWidth(WIDE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(8)
        layout.addWidget(parts.bilingual(title, "title"))
        layout.addWidget(parts.words(look.first(_WHY), "text", "ink2", wrap=True))
        self.first = self._box(_NEW, layout)
        self.second = self._box(_AGAIN, layout)
        self.first.returnPressed.connect(self.second.setFocus)
        self.second.returnPressed.connect(self._try)
        self.said = parts.words("", "text", "hard", wrap=True)
        self.said.hide()
        layout.addWidget(self.said)
        leave = parts.Button(Text(en="Not now", zh="暂不设置"), key="Esc")
        leave.clicked.connect(self.reject)
        self.enter = parts.Button(Text(en="Set it", zh="设置"), "primary", "Enter")
        self.enter.clicked.connect(self._try)
        layout.addWidget(parts.row(None, leave, self.enter))
        self._fit()
        self.first.setFocus()

    def _box(self, label: Text, layout: QVBoxLayout) -> QLineEdit:
        layout.addWidget(parts.words(look.first(label), "smallstrong", "ink2"))
        box = QLineEdit()
        box.setFixedHeight(38)
        box.setEchoMode(QLineEdit.EchoMode.Password)
        box.setAccessibleName(look.both(label))
        layout.addWidget(box)
        return box

    def _try(self) -> None:
        given = self.first.text()
        if given != self.second.text():
            self._fail(Text(en="The two are not the same. Type it once more.", zh="两次输入不一致，请重新输入。"))
        elif self.enter.isEnabled():
            self.enter.forbid(Text(en="Setting it…", zh="正在设置…"))
            job.start(self, lambda: self._change(given), lambda _: self._done(given), self._refused)

    def _done(self, given: str) -> None:
        self.chosen = given
        self.accept()

    def _refused(self, fault: KnownError) -> None:
        self.enter.forbid(None)
        self._fail(fault.text)

    def _fit(self) -> None:
        """As high as the words need in this language."""
        layout = self.layout()
        assert layout is not None
        layout.activate()
        self.setFixedHeight(layout.totalHeightForWidth(WIDE))

    def _fail(self, says: Text) -> None:
        self.said.setText(look.first(says))
        self.said.setAccessibleName(look.both(says))
        self.said.show()
        self._fit()
        self.second.clear()
        self.first.selectAll()
        self.first.setFocus()


def ask_own_passphrase(parent: QWidget | None, change: Callable[[str], None]) -> str | None:
    """The passphrase the person chose, or None; `change` sets it and raises KnownError for one that will not do."""
    dialog = OwnPassphraseDialog(change, parent)
    dialog.exec()
    return dialog.chosen


_WHY = Text(
    en="The one you typed was set by somebody else. What is done here stands under your name, so nobody else may know "
    "your passphrase. At least 12 characters; a short sentence is easy to remember.",
    zh="您输入的口令由他人设置。此处的操作均记在您名下，口令只能由本人掌握。至少 12 个字符，短句更易记。",
)
_NEW = Text(en="New passphrase", zh="新口令")
_AGAIN = Text(en="Once more", zh="再次输入")
