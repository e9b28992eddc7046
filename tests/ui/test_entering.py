"""Typing into a form: committed as it is left, explained where it stands out, taken up again after a crash."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.scenario import Ward
from tests.ui.conftest import focus, press, wizard, write
from trialdesk.app import dress
from trialdesk.domain.clinical.form_status import FormStatus
from trialdesk.domain.oid import FormPath
from trialdesk.ui import form_wizard
from trialdesk.ui.main_window import MainWindow
from trialdesk.ui.reason_dialog import ReasonDialog

DLI = FormPath("DLI", 1, "DLI")
DATE = DLI.item("DLIINF", "DLIDAT")
START = DLI.item("DLIINF", "DLISTTIM")
Open = Callable[[], MainWindow]


def at_infusion_date(ward: Ward, window: MainWindow) -> None:
    """The DLI form lies open, the caret in the infusion date."""
    window.open_form(ward.subject, DLI)
    wizard(window).go_to(DATE)


def chemotherapy_ended(ward: Ward, day: str) -> None:
    """Chemotherapy is on record."""
    ward.enrol()
    ward.open("CHEMO[1]/CHEMO")
    ward.fill(CHENDAT=day)


def test_opening_a_form_writes_nothing(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    before = ward.desk.trail.head("W1")
    window = open_window()
    for event in ward.desk.study.events:
        for form in event.forms:
            window.open_form(ward.subject, FormPath(event.oid, 1, form))
    window.back_to_casebook()
    assert ward.desk.trail.head("W1") == before


def test_a_field_is_on_disk_as_soon_as_it_is_left(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    window = open_window()
    at_infusion_date(ward, window)
    write("3/3")
    assert ward.casebook.data.value(DATE) is None
    press(Qt.Key.Key_Return)
    assert ward.desk.session.data(ward.subject).value(DATE) == "2026-03-03"
    assert wizard(window).row is not None
    assert wizard(window).row.path == START
    assert "Saved" in window.status.saved()


def test_the_date_understood_is_echoed_while_it_is_typed(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    window = open_window()
    at_infusion_date(ward, window)
    write("3/3")
    row = wizard(window).row
    assert row is not None
    assert "2026-03-03 Tue" in " ".join(label.text() for label in row.labels())


def test_text_that_is_no_date_stays_with_a_sentence_beside_it(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    window = open_window()
    at_infusion_date(ward, window)
    write("soon")
    press(Qt.Key.Key_Return)
    page = wizard(window).page
    row = page.row_at(DATE)
    assert row is not None
    assert row.control.text_now() == "soon"
    assert any(label.property("tone") == "hard" and label.text() for label in row.labels())
    assert ward.casebook.data.value(DATE) is None


def test_a_late_infusion_is_kept_with_a_reason_by_two_keys(ward: Ward, open_window: Open) -> None:
    chemotherapy_ended(ward, "2026-02-26")
    window = open_window()
    at_infusion_date(ward, window)
    write("3/3")
    press(Qt.Key.Key_Return)
    wizard(window).go_to(DATE)
    soft = [f for f in ward.casebook.assessment(DLI).at(DATE) if f.severity == "soft"]
    assert soft
    for _ in soft:
        press(Qt.Key.Key_F2)
        press(Qt.Key.Key_2)
    found = ward.casebook.assessment(DLI).at(DATE)
    assert all(f.settled for f in found)
    assert "MEDICAL" in {f.explained.change.code for f in found if f.explained}  # type: ignore[union-attr]


def test_a_value_that_cannot_be_had_gets_its_reason_with_f8(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    window = open_window()
    at_infusion_date(ward, window)
    press(Qt.Key.Key_F8)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    QApplication.processEvents()
    from PySide6.QtTest import QTest

    QTest.keyClick(menu, Qt.Key.Key_2)
    QApplication.processEvents()
    assert ward.casebook.data.items[DATE].missing == "UNK"


def test_completing_too_early_lists_what_is_left_and_leads_there(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    window = open_window()
    at_infusion_date(ward, window)
    write("3/3")
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    form = wizard(window)
    assert ward.casebook.status(DLI) is FormStatus.DRAFT
    assert form.list.isVisible()
    wanted = form.list.lines[0].finding.path
    press(Qt.Key.Key_Return)
    assert not form.list.isVisible()
    assert form.row is not None
    assert form.row.path == wanted


def test_a_change_after_completion_asks_why_and_one_digit_answers(
    ward: Ward, open_window: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    ward.enrol()
    ward.open("DLI[1]/DLI")
    ward.fill(DLIDAT="2026-03-03", DLISTTIM="10:20")
    ward.complete()
    window = open_window()
    window.open_form(ward.subject, DLI)
    wizard(window).go_to(START)

    def answer(dialog: ReasonDialog) -> int:
        dialog.show()
        from PySide6.QtTest import QTest

        QTest.keyClick(dialog, Qt.Key.Key_1)
        return dialog.result()

    monkeypatch.setattr(ReasonDialog, "exec", answer)
    focus().selectAll()  # type: ignore[attr-defined]
    write("1040")
    press(Qt.Key.Key_Return)
    last = ward.casebook.history(START)[-1]
    assert ward.casebook.data.value(START) == "10:40"
    assert last.reason is not None
    assert last.reason.code == "TRANSCRIPTION"


def test_after_a_crash_the_same_field_opens_with_the_text_that_was_typed(
    ward: Ward, open_window: Open, qtbot: QtBot
) -> None:
    ward.enrol()
    window = open_window()
    at_infusion_date(ward, window)
    write("3/")
    qtbot.waitUntil(lambda: any(p.typed == "3/" for p in ward.desk.places.open("nurse1")), timeout=5000)
    for row in wizard(window).page.rows:
        row.blockSignals(True)
    window.deleteLater()
    del window
    QApplication.processEvents()
    again = open_window()
    form = wizard(again)
    assert form.form == DLI
    row = form.page.row_at(DATE)
    assert row is not None
    assert row.control.text_now() == "3/"
    assert row.control.hasFocus()
    assert "3/" in form.head.banner()
    assert ward.casebook.data.value(DATE) is None
    write("3")
    press(Qt.Key.Key_Return)
    assert ward.casebook.data.value(DATE) == "2026-03-03"


def test_another_language_keeps_the_field_and_the_half_typed_text(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    window = open_window()
    at_infusion_date(ward, window)
    write("3/")
    dress(dark=False, language="zh")
    window.dress_again()
    row = wizard(window).page.row_at(DATE)
    assert row is not None
    assert row.control.hasFocus()
    assert row.control.text_now() == "3/"
    assert row.labels()[0].text() == row.item.label.zh
    assert ward.casebook.data.value(DATE) is None


def test_f3_opens_the_next_adverse_event(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    ward.open("AE[1]/AE")
    ward.fill(AETERM="Anemia")
    window = open_window()
    window.open_form(ward.subject, FormPath("AE", 1, "AE"))
    press(Qt.Key.Key_F3)
    assert wizard(window).form == FormPath("AE", 2, "AE")


def test_ten_injections_stand_as_ten_cards_and_enter_leads_from_one_to_the_next(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    form = FormPath("PLX", 1, "PLX")
    window = open_window()
    window.open_form(ward.subject, form)
    opened = wizard(window)
    number = next(i for i, group in enumerate(opened.definition.groups) if group.rows == 10)
    opened.open_page(number)
    assert opened.page.cards is not None
    assert len(opened.page.cards.cards) == 10
    last = [row for row in opened.page.rows if row.can_take_focus()][-1]
    last.focus()
    opened.page.focus_after(last)
    assert opened.page.repeat == 2


def test_text_that_cannot_be_read_is_neither_lost_on_leaving_nor_completed_over(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    window = open_window()
    at_infusion_date(ward, window)
    write("soon")
    window.back_to_casebook()
    window.open_form(ward.subject, DLI)
    form = wizard(window)
    row = form.page.row_at(DATE)
    assert row is not None
    assert row.control.text_now() == "soon"
    form.complete()
    assert "not saved" in form.foot.said()
    assert ward.casebook.status(DLI) is FormStatus.EMPTY


def test_an_adverse_event_is_typed_by_name_and_says_which_grades_exist(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    window = open_window()
    window.open_form(ward.subject, FormPath("AE", 1, "AE"))
    write("Anemia")
    press(Qt.Key.Key_Return)
    row = wizard(window).page.rows[0]
    assert any("grades" in label.text() for label in row.labels())


def test_the_resume_point_waits_a_quarter_of_a_second_so_that_typing_never_waits_for_the_disk() -> None:
    assert form_wizard.RESUME_AFTER == 250
