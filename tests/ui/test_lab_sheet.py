"""The laboratory sheet by keyboard alone: results, significance, questions, adverse events, reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from tests.scenario import Ward
from tests.ui.conftest import focus, press, wizard, write
from tests.ui.test_every_form import cut
from trialdesk.app import dress
from trialdesk.domain.admin.role import Role
from trialdesk.domain.clinical.changes import FindingExplained
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.text import Language
from trialdesk.ui.lab_import_dialog import LabImportDialog
from trialdesk.ui.lab_page import LabPage
from trialdesk.ui.lab_row import LabRow
from trialdesk.ui.main_window import MainWindow
from trialdesk.ui.parts import Button

Open = Callable[[], MainWindow]
HAEM, CHEM = FormPath("D7", 1, "HAEM"), FormPath("D7", 1, "CHEM")
PLT, HGB = HAEM.item("HAEM", "PLT"), HAEM.item("HAEM", "HGB")
ALT_A = (Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    """One ward for this page; every test enrols a participant of its own."""
    opened = Ward(Path(tmp_path_factory.mktemp("ward")))
    yield opened
    opened.leave()


def baseline(ward: Ward) -> None:
    """A woman of 34 with normal counts at baseline, but for platelets of 100."""
    ward.enrol()
    ward.open("SCR[1]/DM")
    ward.fill(SEX="F", BRTHDAT="1992-01-15")
    ward.open("SCR[1]/HAEM")
    ward.fill(HAEMDAT="2026-02-22", WBC="5.0", ANC="3.0", LYM="1.5", HGB="130", PLT="100", PBBLAST="0")


def sheet_of(window: MainWindow) -> LabPage:
    page = wizard(window).page
    assert isinstance(page, LabPage)
    return page


def at(ward: Ward, window: MainWindow, path: ItemPath) -> LabRow:
    """The sheet lies open with its sampling day, the caret in one test."""
    ward.casebook.enter(path.form_path.item("HAEM", "HAEMDAT"), "2026-03-03")
    window.open_form(ward.subject, path.form_path)
    wizard(window).go_to(path)
    row = sheet_of(window).row_at(path)
    assert isinstance(row, LabRow)
    return row


def test_enter_goes_down_the_tests_and_arrows_go_both_ways(ward: Ward, open_window: Open) -> None:
    baseline(ward)
    window = open_window()
    window.open_form(ward.subject, HAEM)
    write("3/3")
    press(Qt.Key.Key_Return)
    assert wizard(window).row is not None
    press(Qt.Key.Key_Return)
    for value in ("5.1", "3.1", "1.6", "131"):
        write(value)
        press(Qt.Key.Key_Return)
    row = wizard(window).row
    assert row is not None
    assert row.path == PLT
    press(Qt.Key.Key_Up)
    assert wizard(window).row.path == HGB  # type: ignore[union-attr]
    press(Qt.Key.Key_Down)
    assert wizard(window).row.path == PLT  # type: ignore[union-attr]
    assert ward.casebook.data.value(HGB) == "131"


def test_one_letter_says_significant_and_another_not(ward: Ward, open_window: Open) -> None:
    baseline(ward)
    window = open_window()
    row = at(ward, window, PLT)
    write("12")
    press(Qt.Key.Key_C)
    assert ward.casebook.data.value(PLT) == "12"
    assert ward.casebook.data.value(PLT._replace(item="PLTCS")) == "CS"
    press(Qt.Key.Key_N)
    assert ward.casebook.data.value(PLT._replace(item="PLTCS")) == "NCS"
    assert row.control.hasFocus()
    press(Qt.Key.Key_Up)
    write("131")
    press(Qt.Key.Key_C)
    assert "not asked" in wizard(window).foot.said()
    assert ward.casebook.data.value(HGB._replace(item="HGBCS")) is None


def test_alt_a_makes_the_event_of_this_row_and_the_sheet_stays(ward: Ward, open_window: Open) -> None:
    baseline(ward)
    window = open_window()
    at(ward, window, PLT)
    write("12")
    press(*ALT_A)
    ae = FormPath("AE", 1, "AE")
    assert ward.casebook.data.value(ae.item("AEWHAT", "AETERM")) == "Platelet count decreased"
    assert wizard(window).form == HAEM
    assert "AE-001" in wizard(window).foot.said()
    page = sheet_of(window)
    made = [label.text() for label in page.proposals.findChildren(QLabel)]
    assert any("Platelet count decreased" in text for text in made)
    press(*ALT_A)
    assert ward.casebook.data.repeats("AE") == (1,)


def test_alt_a_in_a_row_without_a_proposal_opens_an_empty_event(ward: Ward, open_window: Open) -> None:
    baseline(ward)
    window = open_window()
    at(ward, window, PLT)
    write("150")
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Up)
    press(*ALT_A)
    assert wizard(window).form == FormPath("AE", 1, "AE")
    assert not ward.casebook.data.repeats("AE")


def test_f2_says_why_no_event_is_made(ward: Ward, open_window: Open) -> None:
    baseline(ward)
    window = open_window()
    row = at(ward, window, PLT)
    write("12")
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Up)
    press(Qt.Key.Key_F2)
    assert "CS first" in wizard(window).foot.said()
    press(Qt.Key.Key_C)
    press(Qt.Key.Key_F2)
    press(Qt.Key.Key_2)
    record = row.sheet_row.declined if row.sheet_row else None
    assert record is not None
    assert isinstance(record.change, FindingExplained)
    assert record.change.code == "MEDICAL"
    assert row.control.hasFocus()
    assert not ward.casebook.data.repeats("AE")


def test_q_leads_to_what_the_number_cannot_settle_and_a_digit_answers(ward: Ward, open_window: Open) -> None:
    baseline(ward)
    window = open_window()
    at(ward, window, HGB)
    write("71")
    press(Qt.Key.Key_C)
    press(Qt.Key.Key_Q)
    press(Qt.Key.Key_2)
    assert ward.casebook.data.value(HGB._replace(item="HGBAQ")) == "4"
    wizard(window).go_to(HGB)
    press(*ALT_A)
    assert ward.casebook.data.value(FormPath("AE", 1, "AE").item("AEWHAT", "AETOXGR")) == "4"


def test_u_changes_the_unit_and_the_number_stays(ward: Ward, open_window: Open) -> None:
    baseline(ward)
    window = open_window()
    row = at(ward, window, HGB)
    write("8.1")
    press(Qt.Key.Key_U)
    assert (ward.casebook.data.items[HGB].value, ward.casebook.data.items[HGB].unit) == ("8.1", "g/dL")
    assert row.sheet_row is not None
    assert row.sheet_row.result.si == 81


def test_a_box_for_numbers_takes_no_input_method_and_half_a_word_of_one_does_no_act(
    ward: Ward, open_window: Open
) -> None:
    baseline(ward)
    window = open_window()
    row = at(ward, window, PLT)
    assert not row.control.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    before = ward.desk.trail.head("W1")
    QApplication.sendEvent(row.control, QInputMethodEvent("ceshi", []))
    QApplication.sendEvent(row.control, QKeyEvent(QKeyEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, "测"))
    assert ward.desk.trail.head("W1") == before


def test_after_the_last_test_enter_goes_to_what_is_left_to_judge(ward: Ward, open_window: Open) -> None:
    baseline(ward)
    window = open_window()
    at(ward, window, PLT)
    write("12")
    press(Qt.Key.Key_Return)
    write("0")
    press(Qt.Key.Key_Return)
    assert wizard(window).row is not None
    assert wizard(window).row.path.item == "PLTCS"  # type: ignore[union-attr]
    press(Qt.Key.Key_1)
    press(Qt.Key.Key_Return)
    assert ward.casebook.data.value(PLT._replace(item="PLTCS")) == "NCS"
    assert focus() is wizard(window).foot.forward


def test_text_that_is_no_number_stays_with_a_sentence_below_the_row(ward: Ward, open_window: Open) -> None:
    baseline(ward)
    window = open_window()
    row = at(ward, window, PLT)
    write("1x")
    press(Qt.Key.Key_Return)
    assert row.control.text_now() == "1x"
    assert any("number" in label.text() for label in row.labels())
    assert ward.casebook.data.value(PLT) is None


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("wide", [1366, 1093])
def test_nothing_of_a_full_sheet_is_cut_at_the_usual_and_the_narrow_width(
    ward: Ward, open_window: Open, language: Language, wide: int
) -> None:
    baseline(ward)
    ward.open("D7[1]/HAEM")
    ward.fill(HAEMDAT="2026-03-03", WBC="0.4", ANC="0.1", LYM="0.2", HGB="71", PLT="12", HGBCS="CS", PLTCS="CS")
    window = open_window()
    window.resize(wide, 614 if wide < 1100 else 768)
    dress(dark=False, language=language)
    window.dress_again()
    window.open_form(ward.subject, HAEM)
    QApplication.processEvents()
    page = sheet_of(window)
    assert page.widget().width() <= page.viewport().width()
    assert not [label.text() for label in page.findChildren(QLabel) if cut(label)]
    for row in page.tests:
        right = row.significance
        assert right is None or right.geometry().right() <= row.width()


def test_the_description_of_a_box_says_what_is_only_painted(ward: Ward, open_window: Open) -> None:
    baseline(ward)
    window = open_window()
    row = at(ward, window, PLT)
    write("12")
    press(Qt.Key.Key_Return)
    said = row.control.accessibleDescription()
    for part in ("125–350", "below normal", "grade 4", "−88"):
        assert part in said


def test_a_copied_slip_is_looked_over_laid_on_the_sheet_and_counts_once_confirmed(
    ward: Ward, open_window: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    baseline(ward)
    window = open_window()
    at(ward, window, PLT)
    text = "受试者\t采样日期\t项目\t结果\t单位\n" + "".join(
        f"{ward.subject}\t2026-03-03\t{row}\n"
        for row in ("PLT\t12\t10^9/L", "HGB\t71\tg/L", "WBC\t0.4\t", "LYM\t?\t10^9/L")
    )
    QApplication.clipboard().setText(text)
    seen: list[list[str]] = []

    def answer(dialog: LabImportDialog) -> int:
        dialog.show()
        seen.append([line.state for line in dialog.preview.lines] if dialog.preview else [])
        dialog.table.setFocus()
        for _ in range(2):
            QTest.keyClick(dialog.table, Qt.Key.Key_Down)
        QTest.keyClick(dialog.table, Qt.Key.Key_Space)
        QTest.keyClick(dialog.table, Qt.Key.Key_Return)
        # A dialog that ran of itself hands the focus back.
        window.activateWindow()
        QApplication.processEvents()
        return dialog.result()

    monkeypatch.setattr(LabImportDialog, "exec", answer)
    press(Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    assert seen == [["ready", "ready", "warning", "error"]]
    page = sheet_of(window)
    assert [row.item.name for row in page.tests if row.proposed is not None] == ["WBC", "HGB", "PLT"]
    assert ward.casebook.data.value(PLT) is None
    wizard(window).page.commit_pending()
    assert ward.casebook.data.value(PLT) is None
    assert wizard(window).row is not None
    assert wizard(window).row.path.item == "WBC"  # type: ignore[union-attr]
    press(Qt.Key.Key_Return)
    assert ward.casebook.data.value(PLT._replace(item="WBC")) == "0.4"
    assert ward.casebook.data.value(PLT) is None
    wizard(window).go_to(HGB)
    press(Qt.Key.Key_Delete)
    press(Qt.Key.Key_F7)
    assert ward.casebook.data.value(HGB) is None
    assert ward.casebook.data.value(PLT) == "12"
    QApplication.clipboard().clear()


def test_a_slip_of_another_participant_says_whose_it_is_and_offers_nothing(ward: Ward, open_window: Open) -> None:
    baseline(ward)
    window = open_window()
    at(ward, window, PLT)
    QApplication.clipboard().setText("受试者\t采样日期\t项目\t结果\t单位\n01-999\t2026-03-03\tPLT\t12\t10^9/L\n")
    dialog = LabImportDialog(ward.casebook, HAEM, window)
    try:
        assert dialog.chosen() == []
        assert not dialog.take.isEnabled()
        assert any("01-999" in label.text() for label in dialog.findChildren(QLabel))
        QTest.keyClick(dialog, Qt.Key.Key_Return)
        assert dialog.taken == 0
    finally:
        dialog.close()
        QApplication.clipboard().clear()


def test_the_caret_stays_in_an_answered_question_and_enter_goes_on(ward: Ward, open_window: Open) -> None:
    baseline(ward)
    window = open_window()
    at(ward, window, HGB)
    write("71")
    press(Qt.Key.Key_C)
    press(Qt.Key.Key_Q)
    press(Qt.Key.Key_1)
    assert ward.casebook.data.value(HGB._replace(item="HGBAQ")) == "N"
    row = wizard(window).page.row_at(HGB._replace(item="HGBAQ"))
    assert row is not None
    assert row.isAncestorOf(focus())
    press(Qt.Key.Key_2)
    assert ward.casebook.data.value(HGB._replace(item="HGBAQ")) == "4"
    press(Qt.Key.Key_Return)
    assert focus() is wizard(window).foot.forward


def test_only_an_investigator_calls_all_others_not_significant_and_a_grade_4_still_asks(
    ward: Ward, open_window: Open
) -> None:
    baseline(ward)
    ward.open("D7[1]/HAEM")
    ward.fill(HAEMDAT="2026-03-03", WBC="3.2", ANC="1.7", LYM="1.5", HGB="110", PLT="12", PLTCS="CS")
    nurse = ward.desk.session.user
    window = open_window()
    window.open_form(ward.subject, HAEM)
    others = next(one for one in sheet_of(window).findChildren(Button) if "NCS" in one.text())
    assert not others.isEnabled()
    assert "investigator" in others.toolTip()
    ward.desk.session.user = replace(nurse, role=Role.INVESTIGATOR)
    try:
        window.open_form(ward.subject, HAEM)
        others = next(one for one in sheet_of(window).findChildren(Button) if "NCS" in one.text())
        others.click()
    finally:
        ward.desk.session.user = nurse
    said = {
        name: ward.casebook.data.value(PLT._replace(item=f"{name}CS")) for name in ("WBC", "ANC", "LYM", "HGB", "PLT")
    }
    assert said == {"WBC": "NCS", "ANC": "NCS", "LYM": None, "HGB": "NCS", "PLT": "CS"}


def test_a_file_dropped_on_the_sheet_is_looked_over(
    ward: Ward, open_window: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    baseline(ward)
    window = open_window()
    at(ward, window, PLT)
    path = tmp_path / "slip.csv"
    path.write_text(f"受试者,采样日期,PLT (10^9/L)\n{ward.subject},2026-03-03,12\n", encoding="utf-8")
    seen: list[str] = []

    def leave(dialog: LabImportDialog) -> int:
        seen.extend(line.state for line in dialog.preview.lines) if dialog.preview else None
        return dialog.result()

    monkeypatch.setattr(LabImportDialog, "exec", leave)
    carried = QMimeData()
    carried.setUrls([QUrl.fromLocalFile(str(path))])
    none = Qt.KeyboardModifier.NoModifier
    event = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, carried, Qt.MouseButton.LeftButton, none)
    sheet_of(window).dropEvent(event)
    assert seen == ["ready"]
    assert ward.casebook.data.value(PLT) is None
