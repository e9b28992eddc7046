"""The keys of an open form: one table from key to act, read by the wizard and by the card of keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

if TYPE_CHECKING:
    from collections.abc import Callable

    from trialdesk.ui.form_wizard import FormWizard

_NONE, _SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
_CTRL = Qt.KeyboardModifier.ControlModifier
_KEYS: dict[tuple[Qt.Key, Qt.KeyboardModifier], Callable[[FormWizard], object]] = {
    (Qt.Key.Key_Return, _CTRL): lambda form: form.go_on(),
    (Qt.Key.Key_Enter, _CTRL): lambda form: form.go_on(),
    (Qt.Key.Key_PageDown, _NONE): lambda form: form.step(1),
    (Qt.Key.Key_PageUp, _NONE): lambda form: form.step(-1),
    (Qt.Key.Key_F4, _NONE): lambda form: form.next_to_finish(),
    (Qt.Key.Key_F4, _SHIFT): lambda form: form.next_to_finish(back=True),
    (Qt.Key.Key_F3, _NONE): lambda form: form.new_row(),
    (Qt.Key.Key_F9, _NONE): lambda form: form.offer_acts(),
    (Qt.Key.Key_F7, _NONE): lambda form: form.visit_question.take_there(),
    (Qt.Key.Key_F6, _NONE): lambda form: form.next_area(),
    (Qt.Key.Key_F6, _SHIFT): lambda form: form.next_area(back=True),
    (Qt.Key.Key_Z, _CTRL): lambda form: form.entry.take_back(),
    (Qt.Key.Key_Y, _CTRL): lambda form: form.entry.take_back(redo=True),
    (Qt.Key.Key_Q, _CTRL): lambda form: form.drawer.open_thread(),
    (Qt.Key.Key_M, _CTRL): lambda form: form.drawer.open_thread(note=True),
    (Qt.Key.Key_H, _CTRL): lambda form: form.drawer.open_history(),
    (Qt.Key.Key_H, _CTRL | _SHIFT): lambda form: form.show_past(),
    (Qt.Key.Key_F5, _NONE): lambda form: form.show_past(),
    (Qt.Key.Key_F1, _NONE): lambda form: form.toggle_drawer(),
}


def act(form: FormWizard, event: QKeyEvent) -> bool:
    """Do what this key means in a form; False when it means nothing here."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    wanted = _KEYS.get((Qt.Key(event.key()), modifiers))
    if wanted is None:
        return False
    wanted(form)
    return True
