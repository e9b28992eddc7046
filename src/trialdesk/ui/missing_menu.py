"""F8: why there is no value; F8 again widens it from the question to its section and to the whole form."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QWidget

from trialdesk.domain.actions.reasons import MISSING
from trialdesk.domain.study.form import ItemDef
from trialdesk.domain.text import Text
from trialdesk.ui import look

Reach = tuple[str, Text]
"""How far the reason goes (item, section, form), and the words for it."""


class MissingMenu(QMenu):
    """Offers not done, unknown, not applicable by digit; `chosen` carries reach and code."""

    chosen = Signal(str, str)

    def __init__(self, reaches: Sequence[Reach], parent: QWidget) -> None:
        super().__init__(parent)
        self._reaches = list(reaches)
        self.at = 0
        self.setToolTipsVisible(False)
        self._fill()

    def _fill(self) -> None:
        self.clear()
        reach, words = self._reaches[self.at]
        head = self.addAction(look.first(words))
        head.setEnabled(False)
        self.setAccessibleName(look.both(words))
        for number, (code, text) in enumerate(MISSING, start=1):
            act = self.addAction(f"&{number}  {look.first(text)}  {look.second(text)}")
            act.triggered.connect(lambda _=False, r=reach, c=code: self.chosen.emit(r, c))
        if len(self._reaches) > 1:
            self.addSeparator()
            following = self._reaches[(self.at + 1) % len(self._reaches)][1]
            wider = self.addAction(look.first(_WIDER.format(reach=following)))
            wider.setEnabled(False)

    def widen(self) -> None:
        """Let the reason hold for more, and after the whole form for the one question again."""
        self.at = (self.at + 1) % len(self._reaches)
        self._fill()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F8 or event.text() == ".":
            self.widen()
            return
        digit = event.text()
        if digit.isdigit() and 1 <= int(digit) <= len(MISSING):
            self.close()
            self.chosen.emit(self._reaches[self.at][0], MISSING[int(digit) - 1][0])
            return
        super().keyPressEvent(event)


_WIDER = Text(en="F8: {reach}", zh="F8：{reach}")


DOTS = (".", "。", "．")
_LEAVE = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)


def is_dot(item: ItemDef, text: str, event: QKeyEvent) -> bool:
    """A full stop in an empty box means no value; in a box of decimals only once it is left alone, as in .5."""
    if item.kind == "float":
        return text.strip() in DOTS and event.key() in _LEAVE
    return not text and event.text() in DOTS
