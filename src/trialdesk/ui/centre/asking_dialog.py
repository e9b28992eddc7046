"""The frame of a dialog that asks for a few words: they are tried off the window's thread, a refusal stands below."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.ui import job, look, parts

SIDE = 24
"""Pixels left free at each side."""


class AskingDialog(QDialog):
    """Title, what is asked, what stands against it, and two buttons; as high as the words need in this language.

    A dialog adds its parts to `asks` and closes with `end`; `try_it` follows Enter and the button.
    """

    def __init__(self, title: Text, wide: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wide = wide
        self.setWindowTitle(look.first(title))
        self.setFixedWidth(wide)
        self.asks = QVBoxLayout(self)
        self.asks.setContentsMargins(SIDE, 20, SIDE, 20)
        self.asks.setSpacing(8)
        self.asks.addWidget(parts.bilingual(title, "title"))

    def box(self, label: Text, hidden: bool = False, high: int = 38) -> QLineEdit:
        """One line to type into below its label; `hidden` shows dots in place of letters."""
        self.asks.addWidget(parts.words(look.first(label), "smallstrong", "ink2"))
        made = QLineEdit()
        made.setFixedHeight(high)
        made.setAccessibleName(look.both(label))
        if hidden:
            made.setEchoMode(QLineEdit.EchoMode.Password)
        self.asks.addWidget(made)
        return made

    def end(self, leave: Text, act: Text, tone: str = "primary") -> None:
        """Where a refusal will stand, then the button that leaves all as it was and the one that acts."""
        self.said = parts.words("", "text", "hard", wrap=True)
        self.said.hide()
        self.asks.addWidget(self.said)
        away = parts.Button(leave, key="Esc")
        away.clicked.connect(self.reject)
        self.enter = parts.Button(act, tone, "Enter")
        self.enter.clicked.connect(self.try_it)
        self.asks.addWidget(parts.row(None, away, self.enter))
        self._fit()

    def try_it(self) -> None:
        """Look at what was typed and hand it to `run`, or say with `fail` what is missing."""
        raise NotImplementedError

    def run(self, waiting: Text, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        """Do the work once, however often Enter is pressed meanwhile; a KnownError of it is said."""
        if self.enter.isEnabled():
            self.said.hide()
            self.enter.forbid(waiting)
            job.start(self, work, done, self._refused)

    def fail(self, says: Text) -> None:
        """Say what stands against it."""
        self.said.setText(look.first(says))
        self.said.setAccessibleName(look.both(says))
        self.said.show()
        self._fit()

    def _refused(self, fault: KnownError) -> None:
        self.enter.forbid(None)
        self.fail(fault.text)

    def _fit(self) -> None:
        self.asks.activate()
        self.setFixedHeight(self.asks.totalHeightForWidth(self._wide))
