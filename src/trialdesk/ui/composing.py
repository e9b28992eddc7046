"""While an input method composes, keys belong to it: no key of TrialDesk acts before the characters are chosen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

_LETTERS = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier


class Composing(QObject):
    """Watches text boxes; `composing` is true from the first letter of a composition to its end."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.composing = False

    def watch(self, box: QWidget) -> None:
        """Guard one box; the newest guard of a box is asked first."""
        box.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if isinstance(event, QInputMethodEvent):
            self.composing = bool(event.preeditString())
        elif kind == QEvent.Type.FocusOut:
            self.composing = False
        elif self.composing and isinstance(event, QKeyEvent):
            if kind == QEvent.Type.ShortcutOverride:
                # An accepted override keeps the shortcuts of the window asleep.
                event.accept()
                return True
            if kind == QEvent.Type.KeyPress and _is_act(event):
                return True
        return False


def _is_act(event: QKeyEvent) -> bool:
    """True for a key that writes nothing: Enter, Tab, Esc, function keys, and everything with Ctrl or Alt."""
    return bool(event.modifiers() & ~_LETTERS) or not event.text() or not event.text().isprintable()
