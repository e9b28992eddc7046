"""The right participant and the right visit: asked after minutes away, and where a date fits another visit."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from tests.scenario import Ward
from tests.ui.conftest import focus, press, wizard, write
from trialdesk.domain.oid import FormPath
from trialdesk.ui.casebook_view import CasebookView
from trialdesk.ui.idle import AWAY_MINUTES, IDLE_MINUTES, IdleWatch
from trialdesk.ui.main_window import MainWindow
from trialdesk.ui.today_view import TodayView

DLI = FormPath("DLI", 1, "DLI")
DATE = DLI.item("DLIINF", "DLIDAT")
CTRL = Qt.KeyboardModifier.ControlModifier
Open = Callable[[], MainWindow]


def half_typed(ward: Ward, window: MainWindow) -> None:
    """The caret stands in the infusion date behind a text that is not finished."""
    window.open_form(ward.subject, DLI)
    wizard(window).go_to(DATE)
    write("3/")


def test_after_minutes_away_the_page_is_covered_and_the_number_uncovers_it_with_the_half_typed_text(
    ward: Ward, open_window: Open
) -> None:
    ward.enrol()
    window = open_window()
    half_typed(ward, window)
    head = ward.desk.trail.head("W1")
    window.cover()
    cover = window.covering.covered
    assert cover is not None
    assert focus() is cover.box
    press(Qt.Key.Key_K, CTRL)
    assert window.palette_open is None
    write("001")
    assert window.covering.covered is None
    assert focus().text() == "3/"  # type: ignore[attr-defined]
    assert ward.desk.trail.head("W1") == head
    write("3")
    press(Qt.Key.Key_Return)
    assert ward.casebook.data.value(DATE) == "2026-03-03"


def test_the_number_of_another_participant_stops_and_names_both(ward: Ward, open_window: Open) -> None:
    first = ward.enrol("ZHLI")
    second = ward.enrol("WAMI")
    ward.subject = first
    window = open_window()
    half_typed(ward, window)
    window.cover()
    cover = window.covering.covered
    assert cover is not None
    write("002")
    assert window.covering.covered is cover
    assert "002" in cover.fault()
    assert "001" in cover.fault()
    cover.go.click()
    assert isinstance(window.view, CasebookView)
    assert window.subject == second


def test_a_number_nobody_has_keeps_the_cover_and_escape_leaves_the_participant(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    window = open_window()
    half_typed(ward, window)
    window.cover()
    write("777")
    assert window.covering.covered is not None
    assert "777" in window.covering.covered.fault()
    press(Qt.Key.Key_Escape)
    assert isinstance(window.view, TodayView)
    assert window.covering.covered is None


def test_pages_about_nobody_are_not_covered(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    window = open_window()
    window.cover()
    assert window.covering.covered is None


def test_being_away_is_noticed_before_the_desk_locks(ward: Ward, open_window: Open) -> None:
    window = open_window()
    watch = IdleWatch(window)
    assert AWAY_MINUTES < IDLE_MINUTES
    assert watch.away_timer.interval() == AWAY_MINUTES * 60_000
    watch.begin()
    assert watch.away_timer.isActive()
    watch.end()
    assert not watch.away_timer.isActive()


def infused(ward: Ward) -> None:
    """The infusion was on 1 February, so that day 21 and day 28 lie behind."""
    ward.enrol()
    ward.open("DLI[1]/DLI")
    ward.fill(DLIDAT="2026-02-01")


def test_a_date_that_fits_another_visit_asks_and_f7_takes_it_there(ward: Ward, open_window: Open) -> None:
    infused(ward)
    window = open_window()
    group = ward.desk.study.place["SVDAT"][1].oid
    seventh = FormPath("D7", 1, "VISIT").item(group, "SVDAT")
    ward.open("D7[1]/VISIT")
    ward.fill(SVOCCUR="Y")
    window.open_form(ward.subject, seventh.form_path)
    wizard(window).go_to(seventh)
    write("2026-02-22")
    press(Qt.Key.Key_Return)
    assert "Wrong visit?" in wizard(window).visit_question.said()
    assert ward.casebook.data.value(seventh) == "2026-02-22"
    press(Qt.Key.Key_F7)
    form = wizard(window)
    assert form.form.event == "D21"
    assert ward.casebook.data.value(seventh) is None
    row = form.page.row_at(FormPath("D21", 1, "VISIT").item(group, "SVDAT"))
    assert row is not None
    assert row.control.text_now() == "2026-02-22"


def test_a_date_within_its_window_asks_nothing(ward: Ward, open_window: Open) -> None:
    infused(ward)
    window = open_window()
    path = FormPath("D7", 1, "VISIT").item(ward.desk.study.place["SVDAT"][1].oid, "SVDAT")
    ward.open("D7[1]/VISIT")
    ward.fill(SVOCCUR="Y")
    window.open_form(ward.subject, path.form_path)
    wizard(window).go_to(path)
    write("2026-02-08")
    press(Qt.Key.Key_Return)
    assert wizard(window).visit_question.said() == ""


def test_a_visit_opened_before_it_is_due_says_so(ward: Ward, open_window: Open) -> None:
    infused(ward)
    window = open_window()
    window.open_form(ward.subject, FormPath("D42", 1, "VISIT"))
    assert "is due" in wizard(window).head.banner()
