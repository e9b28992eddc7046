"""While an input method composes, keys belong to it: no key of TrialDesk acts before the characters are chosen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

_LETTERS = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier


class Composition:
    """What a box is being told by an input method; `going_on` from the first letter of a composition to its end."""

    def __init__(self) -> None:
        self.going_on = False

    def takes(self, event: QEvent, kind: QEvent.Type) -> bool:
        """True for a key that belongs to the input method and to nothing else."""
        if isinstance(event, QInputMethodEvent):
            self.going_on = bool(event.preeditString())
        elif kind == QEvent.Type.FocusOut:
            self.going_on = False
        elif self.going_on and isinstance(event, QKeyEvent):
            if kind == QEvent.Type.ShortcutOverride:
                # An accepted override keeps the shortcuts of the window asleep.
                event.accept()
                return True
            return kind == QEvent.Type.KeyPress and _is_act(event)
        return False


class Composing(QObject):
    """Guards text boxes while somebody composes in them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._composition = Composition()

    def watch(self, box: QWidget) -> None:
        """Guard one box; the newest guard of a box is asked first."""
        box.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        return self._composition.takes(event, event.type())


def _is_act(event: QKeyEvent) -> bool:
    """True for a key that writes nothing: Enter, Tab, Esc, function keys, and everything with Ctrl or Alt."""
    return bool(event.modifiers() & ~_LETTERS) or not event.text() or not event.text().isprintable()
