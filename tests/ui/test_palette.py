"""Ctrl+K from anywhere to the exact field, by real keys."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.scenario import Ward
from tests.ui.conftest import focus, press, wizard, write
from trialdesk.domain.oid import FormPath
from trialdesk.ui.casebook_view import CasebookView
from trialdesk.ui.main_window import MainWindow
from trialdesk.ui.palette import Palette

CTRL = Qt.KeyboardModifier.ControlModifier
Open = Callable[[], MainWindow]


def open_palette(window: MainWindow) -> Palette:
    """Press Ctrl+K."""
    press(Qt.Key.Key_K, CTRL)
    assert window.palette_open is not None
    assert focus() is window.palette_open.box
    return window.palette_open


def test_pinyin_and_enter_land_in_the_exact_field_of_the_participant(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    window = open_window()
    window.open_casebook(ward.subject)
    palette = open_palette(window)
    write("tiwen")
    hit = palette.list.chosen()
    assert hit is not None
    press(Qt.Key.Key_Return)
    form = wizard(window)
    assert form.row is not None
    assert form.row.path == hit.path
    assert form.row.path.item == "TEMP"
    assert form.row.control.hasFocus()
    assert window.palette_open is None


def test_arrows_choose_and_escape_leads_back_to_the_field_with_nothing_written(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    window = open_window()
    window.open_form(ward.subject, FormPath("SCR", 1, "VS"))
    box, head = focus(), ward.desk.trail.head("W1")
    palette = open_palette(window)
    write("x")
    first = palette.list.chosen()
    press(Qt.Key.Key_Down)
    assert palette.list.chosen() is not first
    press(Qt.Key.Key_Up)
    assert palette.list.chosen() is first
    press(Qt.Key.Key_Escape)
    assert focus() is box
    assert ward.desk.trail.head("W1") == head


def test_a_field_of_the_form_that_is_open_is_reached_without_opening_it_again(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    window = open_window()
    window.open_form(ward.subject, FormPath("SCR", 1, "VS"))
    view = window.view
    open_palette(window)
    write("pulse")
    press(Qt.Key.Key_Return)
    assert window.view is view
    assert wizard(window).row is not None
    assert wizard(window).row.path.item == "PULSE"  # type: ignore[union-attr]


def test_a_participant_and_an_act_by_their_signs(ward: Ward, open_window: Open) -> None:
    ward.enrol("ZHLI")
    second = ward.enrol("WAMI")
    window = open_window()
    open_palette(window)
    write("@wa")
    press(Qt.Key.Key_Return)
    assert isinstance(window.view, CasebookView)
    assert window.subject == second
    open_palette(window)
    write(">adverse")
    press(Qt.Key.Key_Return)
    assert wizard(window).form.event == "AE"


def test_a_new_event_by_name_stands_in_its_box_until_enter_confirms_it(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    window = open_window()
    window.open_casebook(ward.subject)
    palette = open_palette(window)
    write("pinxue")
    at = next(n for n, hit in enumerate(palette.list.hits) if hit.detail == "Anemia")
    for _ in range(at):
        press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    form = wizard(window)
    term = form.form.item("AEWHAT", "AETERM")
    assert ward.casebook.data.value(term) is None
    press(Qt.Key.Key_Return)
    assert ward.casebook.data.value(term) == "Anemia"


def test_words_that_name_nothing_say_so(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    window = open_window()
    palette = open_palette(window)
    QTest.keyClicks(palette.box, "qqqq")
    QApplication.processEvents()
    assert palette.list.chosen() is None
    press(Qt.Key.Key_Return)
    assert window.palette_open is palette
