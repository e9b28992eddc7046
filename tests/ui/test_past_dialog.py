"""The form as it stood: walked through by keyboard, by person, by day."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from tests.scenario import SOURCE, Ward
from tests.ui.conftest import press
from trialdesk.ui.main_window import MainWindow
from trialdesk.ui.past_dialog import PastDialog

Open = Callable[[], MainWindow]


def consent(ward: Ward) -> None:
    """A consent form, certified by the nurse and signed, then corrected on the next day."""
    ward.enrol()
    ward.open("SCR[1]/CONSENT")
    ward.fill(RFICDAT="2026-03-02", ICFVER="1.0", ICFCOPY="Y", ICWDYN="N")
    ward.complete()
    ward.sign()
    ward.later(days=1)
    ward.enter("ICFVER", "1.1", reason=SOURCE)


def words(dialog: PastDialog) -> str:
    """Everything the dialog says now."""
    return " | ".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisibleTo(dialog))


def opened(qtbot: QtBot, ward: Ward) -> PastDialog:
    dialog = PastDialog(ward.casebook, ward.form)
    qtbot.addWidget(dialog)
    dialog.show()
    QApplication.processEvents()
    return dialog


def test_the_last_change_stands_before_and_after_with_its_reason(qtbot: QtBot, ward: Ward, open_window: Open) -> None:
    consent(ward)
    open_window()
    said = words(opened(qtbot, ward))
    assert "Before | 1.0" in said
    assert "After | 1.1 | The source was corrected" in said
    assert "◆ Version of the consent form" in said or "◆" in said


def test_arrows_and_leaps_go_through_the_moments(qtbot: QtBot, ward: Ward, open_window: Open) -> None:
    consent(ward)
    open_window()
    dialog = opened(qtbot, ward)
    QTest.keyClick(dialog.slider, Qt.Key.Key_PageUp)
    assert dialog.moment().kind == "signed"
    assert "Before" not in words(dialog), "a signature changes no answer"
    QTest.keyClick(dialog.slider, Qt.Key.Key_Home)
    assert dialog.moment() is dialog.moments[0]
    QTest.keyClick(dialog.slider, Qt.Key.Key_Right)
    assert dialog.moment() is dialog.moments[1]


def test_one_persons_records_are_walked_through_alone(qtbot: QtBot, ward: Ward, open_window: Open) -> None:
    consent(ward)
    open_window()
    dialog = opened(qtbot, ward)
    everybody = len(dialog.moments)
    dialog.who.setCurrentIndex(dialog.who.findData("investigator1"))
    assert [moment.kind for moment in dialog.moments] == ["signed"]
    assert "investigator1" in words(dialog)
    dialog.who.setCurrentIndex(0)
    assert len(dialog.moments) == everybody


def test_a_day_is_typed_and_the_form_stands_as_it_was_that_evening(qtbot: QtBot, ward: Ward, open_window: Open) -> None:
    consent(ward)
    open_window()
    dialog = opened(qtbot, ward)
    dialog.day.setFocus()
    QTest.keyClicks(dialog.day, "y")
    QTest.keyClick(dialog.day, Qt.Key.Key_Return)
    assert dialog.moment().kind == "signed"
    QTest.keyClicks(dialog.day, "2026")
    QTest.keyClick(dialog.day, Qt.Key.Key_Return)
    assert "whole day" in words(dialog)


def test_f5_opens_it_from_a_form_and_nothing_is_written(ward: Ward, open_window: Open) -> None:
    consent(ward)
    window = open_window()
    window.open_form(ward.subject, ward.form)
    head = ward.desk.trail.head("W1")
    seen: list[bool] = []

    def look_and_leave() -> None:
        dialog = QApplication.activeModalWidget()
        seen.append(isinstance(dialog, PastDialog))
        if isinstance(dialog, PastDialog):
            dialog.accept()

    QTimer.singleShot(0, look_and_leave)
    press(Qt.Key.Key_F5)
    assert seen == [True]
    assert ward.desk.trail.head("W1") == head
