"""A ward with its window, and hands that type."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.scenario import Ward
from trialdesk.app import dress
from trialdesk.ui.form_wizard import FormWizard
from trialdesk.ui.main_window import MainWindow


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    """A ward in the morning of 3 March 2026, the nurse signed in."""
    opened = Ward(tmp_path)
    yield opened
    opened.leave()


@pytest.fixture
def open_window(qtbot: QtBot, ward: Ward) -> Callable[[], MainWindow]:
    """Opens the desk's window in English."""

    def make() -> MainWindow:
        dress(dark=False, language="en")
        window = MainWindow(ward.desk)
        qtbot.addWidget(window)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        return window

    return make


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key wherever the focus is."""
    QTest.keyClick(focus(), key, modifiers)
    QApplication.processEvents()


def write(text: str) -> None:
    """Type letters wherever the focus is."""
    QTest.keyClicks(focus(), text)
    QApplication.processEvents()


def focus() -> QWidget:
    """The part that has the focus."""
    found = QApplication.focusWidget()
    assert found is not None
    return found


def wizard(window: MainWindow) -> FormWizard:
    """The form that is open in the window."""
    assert isinstance(window.view, FormWizard)
    return window.view
