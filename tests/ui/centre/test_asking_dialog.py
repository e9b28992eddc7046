"""The frame of the dialogs that ask for a few words: what was typed is tried once, a refusal leaves it there to mend."""

from __future__ import annotations

from threading import Event

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from trialdesk.app import dress
from trialdesk.domain.text import Language, Text
from trialdesk.errors import KnownError
from trialdesk.ui.centre.own_passphrase import OwnPassphraseDialog

OWN = "four plain words here"


def opened(qtbot: QtBot, dialog: OwnPassphraseDialog) -> OwnPassphraseDialog:
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    for box in (dialog.first, dialog.second):
        box.setText(OWN)
    return dialog


def test_enter_pressed_twice_does_the_work_once(qtbot: QtBot) -> None:
    dress(dark=False, language="en")
    go_on, given = Event(), []

    def change(passphrase: str) -> None:
        given.append(passphrase)
        go_on.wait(20)

    dialog = opened(qtbot, OwnPassphraseDialog(change))
    with qtbot.waitSignal(dialog.accepted, timeout=20_000):
        qtbot.keyClick(dialog.second, Qt.Key.Key_Return)
        assert not dialog.enter.isEnabled()
        qtbot.keyClick(dialog.second, Qt.Key.Key_Return)
        go_on.set()
    assert (given, dialog.chosen) == ([OWN], OWN)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_refusal_is_said_in_full_and_the_dialog_stays(qtbot: QtBot, language: Language) -> None:
    dress(dark=False, language=language)
    long = Text(en="This passphrase was leaked before. " * 6, zh="此口令曾经泄露，不可使用。" * 8)

    def change(passphrase: str) -> None:
        raise KnownError(long)

    dialog = opened(qtbot, OwnPassphraseDialog(change))
    before = dialog.height()
    qtbot.keyClick(dialog.second, Qt.Key.Key_Return)
    qtbot.waitUntil(dialog.said.isVisible, timeout=20_000)
    assert dialog.enter.isEnabled()
    assert dialog.chosen is None
    assert dialog.height() > before
    qtbot.waitUntil(lambda: dialog.said.height() >= dialog.said.heightForWidth(dialog.said.width()), timeout=20_000)
    assert (dialog.first.text(), dialog.second.text()) == (OWN, "")
