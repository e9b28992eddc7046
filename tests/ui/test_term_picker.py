"""Registering an adverse event by keyboard: the term is found while it is typed, the grade is one digit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.scenario import Ward
from tests.ui.conftest import focus, press, wizard, write
from tests.workbooks import write_workbook
from trialdesk.demo import DEMO_PASSPHRASE, INVESTIGATOR
from trialdesk.domain.oid import FormPath
from trialdesk.services.desk import sign_in
from trialdesk.ui.grade_box import GradeBox
from trialdesk.ui.main_window import MainWindow
from trialdesk.ui.term_box import TermBox
from trialdesk.ui.transfer_view import TransferView

AE = FormPath("AE", 1, "AE")


@pytest.fixture
def window(ward: Ward, open_window: Callable[[], MainWindow]) -> MainWindow:
    """A new adverse event lies open, the caret in its term."""
    ward.enrol()
    opened = open_window()
    opened.open_form(ward.subject, AE)
    QApplication.processEvents()
    return opened


def _box() -> TermBox:
    box = focus()
    assert isinstance(box, TermBox)
    return box


def _names(box: TermBox) -> list[str]:
    assert box.open_list is not None
    return [line.term.name for line in box.open_list.lines]


def _grades(window: MainWindow) -> GradeBox:
    row = wizard(window).page.row_at(AE.item("AEWHAT", "AETOXGR"))
    assert row is not None
    assert isinstance(row.control, GradeBox)
    return row.control


def _recorded(window: MainWindow, item: str) -> str | None:
    return wizard(window).casebook.data.value(AE.item("AEWHAT", item))


def test_an_empty_box_offers_what_is_usual_in_the_trial_and_chooses_nothing(window: MainWindow) -> None:
    box = _box()
    assert _names(box)[:2] == ["Febrile neutropenia", "Platelet count decreased"]
    assert box.open_list is not None
    assert box.open_list.chosen is None
    assert wizard(window).casebook.data.by_form == {}


def test_a_term_is_taken_by_enter_and_its_english_name_is_recorded(window: MainWindow) -> None:
    write("fuxie")
    assert _names(_box())[:1] == ["Diarrhea"]
    assert {"Colitis", "Enterocolitis"} <= set(_names(_box())) or "Colitis" in _names(_box())
    assert _box().accessibleDescription().startswith("Diarrhea")
    press(Qt.Key.Key_Return)
    assert _recorded(window, "AETERM") == "Diarrhea"


def test_arrows_walk_the_list_and_escape_closes_it(window: MainWindow) -> None:
    write("neutropenia")
    box = _box()
    press(Qt.Key.Key_Down)
    assert box.open_list is not None
    assert box.open_list.chosen is not None
    assert box.open_list.chosen.name == "Febrile neutropenia"
    press(Qt.Key.Key_Escape)
    assert box.open_list is None
    assert box.text() == "neutropenia"


def test_words_that_are_no_term_stay_as_typed(window: MainWindow) -> None:
    write("qqqqqqqq")
    press(Qt.Key.Key_Return)
    assert _recorded(window, "AETERM") == "qqqqqqqq"


def test_while_an_input_method_composes_enter_belongs_to_it(window: MainWindow) -> None:
    box = _box()
    QApplication.sendEvent(box, QInputMethodEvent("fu'xie", []))
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Down)
    assert _recorded(window, "AETERM") is None
    committed = QInputMethodEvent()
    committed.setCommitString("腹泻")
    QApplication.sendEvent(box, committed)
    QApplication.processEvents()
    assert _names(box)[0] == "Diarrhea"
    press(Qt.Key.Key_Return)
    assert _recorded(window, "AETERM") == "Diarrhea"


def test_a_digit_chooses_the_grade_and_a_grade_the_term_lacks_takes_neither_digit_nor_focus(window: MainWindow) -> None:
    write("nausea")
    press(Qt.Key.Key_Return)
    grades = _grades(window)
    assert [card.exists for card in grades.segments] == [True, True, True, False, False]
    assert grades.segments[3].focusPolicy() == Qt.FocusPolicy.NoFocus
    assert "no such grade" in grades.segments[3].accessibleName()
    wizard(window).go_to(AE.item("AEWHAT", "AETOXGR"))
    press(Qt.Key.Key_4)
    assert _recorded(window, "AETOXGR") is None
    press(Qt.Key.Key_3)
    assert _recorded(window, "AETOXGR") == "3"
    press(Qt.Key.Key_Delete)
    assert _recorded(window, "AETOXGR") is None


def test_the_cards_say_whose_words_they_show(window: MainWindow) -> None:
    assert "general scale" in _grades(window).whose
    write("nausea")
    press(Qt.Key.Key_Return)
    assert "project" in _grades(window).whose
    wizard(window).casebook.session.official = {"Nausea": {"1": "Words from the workbook"}}
    wizard(window).refresh()
    assert _grades(window).whose == "NCI wording"
    assert "Words from the workbook" in _grades(window).segments[0].accessibleName()


def test_a_gvhd_episode_is_offered_where_the_event_is_its_manifestation(ward: Ward, window: MainWindow) -> None:
    ward.open("D21[1]/AGVHD")
    ward.fill(AGDAT="2026-02-24", AGYN="Y", AGONSDAT="2026-02-20")
    write("fuxie")
    press(Qt.Key.Key_Return)
    view = wizard(window)
    view.go_to(AE.item("AEWHAT", "AEGVHD"))
    press(Qt.Key.Key_1)
    row = view.page.row_at(AE.item("AEWHAT", "AEGVDAT"))
    assert row is not None
    assert row.offered.isVisible()
    row.offered.taken.emit("2026-02-20")
    assert _recorded(window, "AEGVDAT") == "2026-02-20"
    assert not row.offered.isVisible()


def test_opening_an_event_writes_nothing(ward: Ward, window: MainWindow) -> None:
    ward.open("AE[1]/AE")
    ward.fill(AETERM="Diarrhea")
    before = ward.desk.trail.head(ward.desk.session.origin)
    window.open_form(ward.subject, AE)
    QApplication.processEvents()
    window.back_to_casebook()
    assert ward.desk.trail.head(ward.desk.session.origin) == before


def test_the_button_imports_the_wording_and_the_cards_show_it(
    ward: Ward, tmp_path: Path, qtbot: QtBot, open_window: Callable[[], MainWindow]
) -> None:
    ward.enrol()
    ward.desk.close()
    ward.desk = sign_in(ward.folder / "desk", INVESTIGATOR, DEMO_PASSPHRASE, ward.clock)
    window = open_window()
    window.show_transfer()
    view = window.view
    assert isinstance(view, TransferView)
    view.import_wording(write_workbook(tmp_path / "ctcae.xlsx"))
    qtbot.waitUntil(lambda: "837 terms" in view.said(), timeout=20_000)
    window.open_form(ward.subject, AE)
    QApplication.processEvents()
    write("nausea")
    press(Qt.Key.Key_Return)
    assert _grades(window).whose == "NCI wording"
