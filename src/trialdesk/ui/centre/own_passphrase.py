"""A first or reset passphrase was set by somebody else: the person chooses one that nobody else knows."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from trialdesk.domain.text import Text
from trialdesk.ui import look, parts
from trialdesk.ui.centre.asking_dialog import AskingDialog

WIDE = 460
"""Width of the dialog in pixels."""


class OwnPassphraseDialog(AskingDialog):
    """Asks twice for a new passphrase; `chosen` holds it once `change` has taken it."""

    def __init__(self, change: Callable[[str], None], parent: QWidget | None = None) -> None:
        super().__init__(Text(en="Choose your own passphrase", zh="设置本人口令"), WIDE, parent)
        self._change = change
        self.chosen: str | None = None
        self.asks.addWidget(parts.words(look.first(_WHY), "text", "ink2", wrap=True))
        self.first = self.box(_NEW, hidden=True)
        self.second = self.box(_AGAIN, hidden=True)
        self.first.returnPressed.connect(self.second.setFocus)
        self.second.returnPressed.connect(self.try_it)
        self.end(Text(en="Not now", zh="暂不设置"), Text(en="Set it", zh="设置"))
        self.first.setFocus()

    def try_it(self) -> None:
        given = self.first.text()
        if given != self.second.text():
            self.fail(Text(en="The two are not the same. Type it once more.", zh="两次输入不一致，请重新输入。"))
        else:
            waiting = Text(en="Setting it…", zh="正在设置…")
            self.run(waiting, lambda: self._change(given), lambda _: self._done(given))

    def _done(self, given: str) -> None:
        self.chosen = given
        self.accept()

    def fail(self, says: Text) -> None:
        super().fail(says)
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
