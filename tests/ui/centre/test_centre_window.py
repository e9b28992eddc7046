"""The centre's window: every place opens by its digit, fits a small screen, and shows what was done elsewhere."""

from __future__ import annotations

from threading import Event

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.scenario import Ward
from tests.ui.centre.conftest import SUBJECT, WHY
from trialdesk.centre.at_work import AtWork
from trialdesk.services.centre_view import Progress
from trialdesk.ui.centre.places import PLACES
from trialdesk.ui.centre.window import CentreWindow

CTRL = Qt.KeyboardModifier.ControlModifier


def test_every_place_opens_by_its_digit_and_fits_a_small_screen(window: CentreWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    for digit, place in enumerate(PLACES, 1):
        qtbot.keyClick(window, Qt.Key(Qt.Key.Key_0 + digit), CTRL)
        assert window.place == place.name
        assert window.minimumSizeHint().width() <= 1366, place.name
        assert window.minimumSizeHint().height() <= 690, place.name
    window.open_record(SUBJECT)
    assert window.minimumSizeHint().width() <= 1366


def test_what_was_done_on_one_page_shows_on_the_others(window: CentreWindow, work: AtWork, ward: Ward) -> None:
    window.go("queries")
    window.open_record(SUBJECT, ward.path("SEX"))
    assert window.rail.buttons["queries"].isChecked(), "the rail says where one came from"
    page = window.pages["record"]
    page.question.put(WHY.en, WHY.zh)  # type: ignore[attr-defined]
    page.ask(draft=False)  # type: ignore[attr-defined]
    window.back()
    assert window.place == "queries"
    assert window.pages["queries"].table.lines.rowCount() == 1  # type: ignore[attr-defined]


def test_closing_the_window_stops_what_runs(window: CentreWindow) -> None:
    begun, go_on = Event(), Event()

    def endless(told: Progress) -> None:
        begun.set()
        go_on.wait(20)
        while True:
            told(0, 1)

    page = window.pages["intake"]
    assert page.busy.run(WHY, endless, lambda _: None)
    assert begun.wait(20), "it runs before the window closes"
    assert page.busy.running
    go_on.set()
    window.close()
    assert not page.busy.running
