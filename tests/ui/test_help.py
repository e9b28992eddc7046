"""Help by one key from every screen, and the card of keys; nothing is cut in either language."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from tests.scenario import Ward
from tests.ui.test_every_form import cut
from trialdesk.app import dress
from trialdesk.domain.text import Language
from trialdesk.services.key_card import KEY_CARD
from trialdesk.services.screen_help import SCREENS
from trialdesk.ui.casebook_view import CasebookView
from trialdesk.ui.help_dialog import HelpDialog, key_page, screen_page
from trialdesk.ui.main_window import MainWindow

Open = Callable[[], MainWindow]


def test_f1_explains_the_screen_and_shift_f1_shows_the_keys(ward: Ward, open_window: Open) -> None:
    subject = ward.enrol()
    window = open_window()
    window.open_casebook(subject)
    QApplication.processEvents()
    assert isinstance(window.view, CasebookView)
    seen: list[str] = []

    def read_and_close() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, HelpDialog)
        seen.append(dialog.windowTitle())
        dialog.accept()

    for key, modifiers in (
        (Qt.Key.Key_F1, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier),
        (Qt.Key.Key_Question, Qt.KeyboardModifier.ShiftModifier),
    ):
        QTimer.singleShot(0, read_and_close)
        QTest.keyClick(window.view.matrix, key, modifiers)
    assert seen == ["Casebook", "Keys", "Keys"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_help_page_cuts_a_word(qtbot: QtBot, language: Language) -> None:
    dress(dark=False, language=language)
    pages = [screen_page(one.name, None) for one in SCREENS] + [key_page(None)]
    for page in pages:
        qtbot.addWidget(page)
        page.show()
        QApplication.processEvents()
        assert [label.text() for label in page.findChildren(QLabel) if cut(label)] == []
        page.close()


def test_every_key_of_the_form_stands_on_the_card() -> None:
    told = " ".join(key.press for group in KEY_CARD for key in group.keys)
    for name in (
        "Ctrl+Enter",
        "F4",
        "F8",
        "F3",
        "F9",
        "F6",
        "F1",
        "F11",
        "Ctrl+Z",
        "Ctrl+Q",
        "Ctrl+M",
        "Ctrl+H",
        "PgUp",
    ):
        assert name in told, name
