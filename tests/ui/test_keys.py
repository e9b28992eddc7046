"""A form without a mouse: what each key does, also while an input method composes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.scenario import Ward
from tests.ui.conftest import focus, press, wizard, write
from trialdesk.domain.clinical.changes import ItemCorrected
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.ui import form_page
from trialdesk.ui.main_window import MainWindow
from trialdesk.ui.reason_dialog import ReasonDialog

DLI = FormPath("DLI", 1, "DLI")
DATE, START = DLI.item("DLIINF", "DLIDAT"), DLI.item("DLIINF", "DLISTTIM")
VITALS = FormPath("SCR", 1, "VS")
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Open = Callable[[], MainWindow]


def at(ward: Ward, window: MainWindow, path: ItemPath) -> None:
    """A form lies open, the caret in one of its fields."""
    window.open_form(ward.subject, path.form_path)
    wizard(window).go_to(path)


def write_any(text: str) -> None:
    """Type, with the input method where the keyboard has no key for it."""
    if text.isascii():
        write(text)
        return
    chosen = QInputMethodEvent()
    chosen.setCommitString(text)
    QApplication.sendEvent(focus(), chosen)


def here(window: MainWindow) -> str:
    """The question the caret is in."""
    row = wizard(window).row
    assert row is not None
    return row.path.item


def choose(*keys: Qt.Key) -> None:
    """Press keys in the menu that stands open."""
    for key in keys:
        menu = QApplication.activePopupWidget()
        assert menu is not None
        QTest.keyClick(menu, key)
        QApplication.processEvents()


def said(window: MainWindow, item: str) -> str:
    """What stands beside a field."""
    row = next(one for one in wizard(window).page.rows if one.path.item == item)
    return " ".join(label.text() for label in row.labels())


@pytest.fixture
def source_corrected(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is asked for a reason presses 2."""

    def answer(dialog: ReasonDialog) -> int:
        dialog.show()
        QTest.keyClick(dialog, Qt.Key.Key_2)
        return dialog.result()

    monkeypatch.setattr(ReasonDialog, "exec", answer)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("t", "2026-03-03 Tue today D+1"),
        ("y", "2026-03-02 Mon yesterday D+0"),
        ("v", "2026-03-02 Mon yesterday D+0"),
        ("+3", "2026-03-06 Fri D+4"),
        ("-1w", "2026-02-24 Tue D−6"),
        ("4/3", "2026-04-03 Fri D+32"),
        ("３/２", "2026-03-02 Mon yesterday D+0"),
        ("20260303", "2026-03-03 Tue today D+1"),
        ("soon", "This is not a date"),
    ],
)
def test_a_date_is_echoed_with_weekday_and_day_of_treatment(
    ward: Ward, open_window: Open, typed: str, read: str
) -> None:
    ward.enrol()
    ward.open("DLI[1]/DLI")
    ward.fill(DLIDAT="2026-03-02")
    window = open_window()
    at(ward, window, DATE)
    focus().selectAll()  # type: ignore[attr-defined]
    write_any(typed)
    assert read in said(window, "DLIDAT")


def test_an_unknown_day_is_echoed_as_the_span_it_may_be(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    window = open_window()
    at(ward, window, FormPath("AE", 1, "AE").item("AEWHAT", "AESTDAT"))
    write("UN/03/2026")
    assert "2026-03-01 to 2026-03-31" in said(window, "AESTDAT")


def test_f8_again_reaches_the_section_and_the_form_and_each_question_is_recorded(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    ward.open("SCR[1]/VS")
    ward.fill(TEMP="36.8")
    window = open_window()
    at(ward, window, VITALS.item("VS", "SYSBP"))
    head = ward.desk.trail.head("W1")[0]
    press(Qt.Key.Key_F8)
    choose(Qt.Key.Key_F8, Qt.Key.Key_1)
    records = ward.desk.trail.records(origin="W1", after=head)
    marked = {r.change.path.item for r in records if getattr(r.change, "missing", None) == "ND"}
    assert "SYSBP" in marked
    assert "TEMP" not in marked
    assert len(marked) > 3
    assert ward.casebook.data.value(VITALS.item("VS", "TEMP")) == "36.8"
    assert not ward.casebook.assessment(VITALS).to_finish
    assert focus() is wizard(window).foot.forward
    press(Qt.Key.Key_Z, CTRL)
    assert all(ward.casebook.data.items[VITALS.item("VS", name)].missing is None for name in marked)


def test_a_full_stop_in_an_empty_box_asks_why_and_in_a_number_it_is_a_decimal_point(
    ward: Ward, open_window: Open
) -> None:
    ward.enrol()
    window = open_window()
    at(ward, window, DATE)
    write(".")
    choose(Qt.Key.Key_3)
    assert ward.casebook.data.items[DATE].missing == "NA"
    temperature = VITALS.item("VS", "TEMP")
    at(ward, window, temperature)
    write(".5")
    assert QApplication.activePopupWidget() is None
    press(Qt.Key.Key_Return)
    assert ward.casebook.data.value(temperature) == "0.5"
    weight = VITALS.item("VS", "WEIGHT")
    at(ward, window, weight)
    write(".")
    press(Qt.Key.Key_Return)
    choose(Qt.Key.Key_1)
    assert ward.casebook.data.items[weight].missing == "ND"


def test_ctrl_z_takes_the_last_answer_back_and_ctrl_y_puts_it_back_each_on_record(
    ward: Ward, open_window: Open
) -> None:
    ward.enrol()
    window = open_window()
    at(ward, window, DATE)
    write("3/3")
    press(Qt.Key.Key_Return)
    write("1020")
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Z, CTRL)
    assert here(window) == "DLISTTIM"
    assert ward.casebook.data.value(START) is None
    press(Qt.Key.Key_Z, CTRL)
    assert here(window) == "DLIDAT"
    assert focus().text() == ""  # type: ignore[attr-defined]
    assert "Taken back" in wizard(window).foot.said()
    press(Qt.Key.Key_Y, CTRL)
    last = ward.casebook.history(DATE)[-1]
    assert isinstance(last.change, ItemCorrected)
    assert (last.change.value, last.reason.code if last.reason else "") == ("2026-03-03", "REDO")
    assert [r.reason.code for r in ward.casebook.history(DATE) if r.reason] == ["UNDO", "REDO"]


def test_ctrl_z_in_a_half_typed_box_brings_back_what_is_stored_and_writes_nothing(
    ward: Ward, open_window: Open
) -> None:
    ward.enrol()
    ward.open("DLI[1]/DLI")
    ward.fill(DLIDAT="2026-03-02")
    window = open_window()
    at(ward, window, DATE)
    head = ward.desk.trail.head("W1")
    write("9")
    press(Qt.Key.Key_Z, CTRL)
    assert focus().text() == "2026-03-02"  # type: ignore[attr-defined]
    assert ward.desk.trail.head("W1") == head


def test_undoing_reaches_over_a_form_that_was_closed_and_opened_again(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    window = open_window()
    at(ward, window, DATE)
    write("3/3")
    press(Qt.Key.Key_Return)
    window.back_to_casebook()
    window.open_form(ward.subject, DLI)
    press(Qt.Key.Key_Z, CTRL)
    assert ward.casebook.data.value(DATE) is None


@pytest.mark.usefixtures("source_corrected")
def test_undoing_on_a_completed_form_asks_for_the_reason_like_any_correction(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    ward.open("DLI[1]/DLI")
    ward.fill(DLIDAT="2026-03-02")
    ward.complete()
    window = open_window()
    at(ward, window, DATE)
    press(Qt.Key.Key_Z, CTRL)
    (taken,) = [r for r in ward.desk.trail.records(subject=ward.subject) if isinstance(r.change, ItemCorrected)]
    assert taken.reason is not None
    assert taken.reason.code == "SOURCE"


def test_with_nothing_to_undo_a_sentence_says_so(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    window = open_window()
    at(ward, window, DATE)
    press(Qt.Key.Key_Z, CTRL)
    assert "Nothing was entered" in wizard(window).foot.said()


def test_while_an_input_method_composes_no_key_acts(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    window = open_window()
    at(ward, window, DATE)
    box, form = focus(), wizard(window)
    QApplication.sendEvent(box, QInputMethodEvent("zhong", []))
    for key, held in (
        (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_F8, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_F4, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Return, CTRL),
        (Qt.Key.Key_L, CTRL),
        (Qt.Key.Key_B, CTRL),
    ):
        press(key, held)
        assert focus() is box
        assert QApplication.activePopupWidget() is None
    assert form.page_number == form.page_of("DLIINF")
    chosen = QInputMethodEvent()
    chosen.setCommitString("3/3")
    QApplication.sendEvent(box, chosen)
    press(Qt.Key.Key_Return)
    assert ward.casebook.data.value(DATE) == "2026-03-03"


def test_f4_goes_from_one_thing_to_finish_to_the_next_and_shift_f4_back(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    window = open_window()
    at(ward, window, VITALS.item("VS", "TEMP"))
    first = here(window)
    press(Qt.Key.Key_F4)
    second = here(window)
    press(Qt.Key.Key_F4)
    third = here(window)
    assert len({first, second, third}) == 3
    press(Qt.Key.Key_F4, SHIFT)
    assert here(window) == second


def test_f6_goes_round_rail_fields_foot_and_drawer(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    window = open_window()
    at(ward, window, DATE)
    form = wizard(window)
    areas = []
    for _ in range(4):
        press(Qt.Key.Key_F6)
        found = [a for a in (form.foot, form.drawer, form.rail, form.page) if a is focus() or a.isAncestorOf(focus())]
        areas.append(found[0])
    assert areas == [form.foot, form.drawer, form.rail, form.page]
    assert here(window) == "DLIDAT"


def test_the_number_block_enters_too_and_ctrl_u_takes_the_next_unit(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    window = open_window()
    path = DLI.item(ward.desk.study.place["DLICD3"][1].oid, "DLICD3")
    at(ward, window, path)
    press(Qt.Key.Key_U, CTRL)
    write("5.0")
    press(Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
    known = ward.casebook.data.items[path]
    assert (known.value, known.unit) == ("5.0", "10^7/kg")


def test_enter_leaves_a_long_text_and_shift_enter_begins_a_line(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    window = open_window()
    study = ward.desk.study
    form, group, item = next(p for p in study.place.values() if p[2].kind == "long_text" and p[2].length == 4000)
    path = FormPath(study.events_of_form[form.oid][0].oid, 1, form.oid).item(group.oid, item.name)
    at(ward, window, path)
    write("one")
    press(Qt.Key.Key_Return, SHIFT)
    write("two")
    press(Qt.Key.Key_Return)
    assert ward.casebook.data.value(path) == "one\ntwo"


def test_ctrl_s_answers_that_everything_is_saved(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    window = open_window()
    at(ward, window, DATE)
    write("3/3")
    press(Qt.Key.Key_S, CTRL)
    assert ward.casebook.data.value(DATE) == "2026-03-03"
    assert "Saved" in wizard(window).foot.said()


def test_rows_below_the_first_screenful_follow_by_themselves_and_keep_the_way_of_tab(
    ward: Ward, open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(form_page, "AT_ONCE", 3)
    monkeypatch.setattr(form_page, "A_TURN", 2)
    ward.enrol()
    window = open_window()
    window.open_form(ward.subject, FormPath("SCR", 1, "VS"))
    page = wizard(window).page
    assert len(page.made) == 3
    qtbot.waitUntil(lambda: len(page.made) == len(page.group.items))
    for row, following in pairwise(page.made):
        row.focusable()[-1].setFocus()
        press(Qt.Key.Key_Tab)
        assert focus() in following.focusable()


def test_what_needs_a_row_that_is_still_to_come_has_it_made_at_once(
    ward: Ward, open_window: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(form_page, "AT_ONCE", 1)
    ward.enrol()
    window = open_window()
    window.open_form(ward.subject, FormPath("SCR", 1, "VS"))
    page = wizard(window).page
    last = page.group.items[-1]
    window.go_to(ward.subject, FormPath("SCR", 1, "VS"), FormPath("SCR", 1, "VS").item(page.group.oid, last.name))
    assert focus() in page.rows[-1].focusable()
    assert [row.item for row in page.rows] == list(page.group.items)
