"""Help from anywhere in the window: F1 for the screen one is on, Shift+F1 or ? for the card of keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

if TYPE_CHECKING:
    from trialdesk.ui.main_window import MainWindow

_SCREENS = {
    "TodayView": "today",
    "ParticipantList": "list",
    "CasebookView": "casebook",
    "TimelinePage": "timeline",
    "FormWizard": "form",
    "TransferView": "transfer",
    "InspectorPage": "inspector",
}


def act(window: MainWindow, event: QKeyEvent) -> bool:
    """Show help when this key asks for it; False when it means something else. A form answers F1 itself."""
    shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    if event.key() == Qt.Key.Key_Question or (event.key() == Qt.Key.Key_F1 and shift):
        show_keys(window)
    elif event.key() == Qt.Key.Key_F1:
        show_screen(window)
    else:
        return False
    return True


def show_keys(window: MainWindow) -> None:
    """The card of keys."""
    from trialdesk.ui.help_dialog import key_page

    key_page(window).exec()


def show_screen(window: MainWindow) -> None:
    """What the screen is for and what to do there."""
    from trialdesk.ui.help_dialog import screen_page

    screen_page(_SCREENS.get(type(window.view).__name__, "casebook"), window).exec()
