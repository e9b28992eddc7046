"""Ctrl+K at the centre leads to a participant, a query, a field, a place, or does what the page can do."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.scenario import Ward
from tests.ui.centre.conftest import SUBJECT, WHY
from trialdesk.centre.at_work import AtWork
from trialdesk.storage.centre_lists import CentreLists
from trialdesk.ui.centre.queries_page import QueriesPage
from trialdesk.ui.centre.record_page import RecordPage
from trialdesk.ui.centre.window import CentreWindow

CTRL = Qt.KeyboardModifier.ControlModifier


def take(window: CentreWindow, qtbot: QtBot, typed: str) -> None:
    """Open the palette by its key, type, and take the first line."""
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_K, CTRL)
    palette = window.palette_open
    assert palette is not None
    palette.box.setText(typed)
    qtbot.keyClick(palette.box, Qt.Key.Key_Return)
    assert window.palette_open is None


def test_initials_or_a_number_lead_to_the_participant(window: CentreWindow, qtbot: QtBot) -> None:
    for typed in ("@zhli", "@001"):
        window.go("intake")
        take(window, qtbot, typed)
        page = window.pages["record"]
        assert isinstance(page, RecordPage)
        assert (window.place, page.subject) == ("record", SUBJECT)


def test_a_field_of_the_participant_shown_is_found_by_pinyin(window: CentreWindow, ward: Ward, qtbot: QtBot) -> None:
    window.open_record(SUBJECT)
    take(window, qtbot, "xingbie")
    page = window.pages["record"]
    assert isinstance(page, RecordPage)
    field = page.field()
    assert field is not None
    assert field.path == ward.path("SEX")


def test_a_query_is_found_by_its_words_and_chosen_on_the_board(
    window: CentreWindow, work: AtWork, ward: Ward, qtbot: QtBot
) -> None:
    (asked,) = work.ask(SUBJECT, [ward.path("SEX")], WHY, draft=True)  # type: ignore[misc]
    take(window, qtbot, "#please")
    page = window.pages["queries"]
    assert isinstance(page, QueriesPage)
    line = page.line()
    assert line is not None
    assert (page.state, line.id) == ("Candidate", asked.id)


def test_a_place_opens_and_an_act_of_the_page_is_done(window: CentreWindow, qtbot: QtBot) -> None:
    take(window, qtbot, ">deviations")
    assert window.place == "deviations"
    window.pages["deviations"].busy.leave_off(wait=True)
    window.open_record(SUBJECT)
    take(window, qtbot, ">back")
    assert window.place == "deviations"


def test_signs_of_the_search_language_are_letters(work: AtWork) -> None:
    work.refresh()
    lists = CentreLists(work.centre.engine)
    assert lists.named("%") == ()
    assert lists.named("_") == ()
    assert [one.subject for one in lists.named("1-0")] == [SUBJECT]
