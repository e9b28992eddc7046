"""One run of the program: the seals are checked behind the person's back, an idle desk locks and keeps the draft."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from tests.scenario import Ward
from tests.ui.conftest import focus, press, wizard, write
from trialdesk.app import DeskProgram, dress
from trialdesk.demo import DEMO_PASSPHRASE
from trialdesk.domain.oid import FormPath
from trialdesk.services.desk import OpenDesk
from trialdesk.storage.audit_trail import Break, Verdict
from trialdesk.ui.form_wizard import FormWizard
from trialdesk.ui.idle import IDLE_MINUTES
from trialdesk.ui.main_window import MainWindow
from trialdesk.ui.reason_dialog import ReasonDialog

DLI = FormPath("DLI", 1, "DLI")
DATE = DLI.item("DLIINF", "DLIDAT")
START = DLI.item("DLIINF", "DLISTTIM")


@pytest.fixture
def enter(ward: Ward, qtbot: QtBot) -> Iterator[Callable[[], DeskProgram]]:
    """Starts the program on the ward's desk and signs the nurse in by keys."""
    programs: list[DeskProgram] = []

    def go() -> DeskProgram:
        dress(dark=False, language="en")
        ward.desk.close()
        program = DeskProgram(ward.folder / "desk")
        programs.append(program)
        program.show_sign_in()
        sign_in(program, qtbot)
        return program

    yield go
    for program in programs:
        program.watch.end()
        if program.window is None:
            sign_in(program, qtbot)
        window = opened(program)
        window.closed.disconnect()
        ward.desk = window.desk
        _put_away(window)


def _put_away(window: MainWindow) -> None:
    """Close a window here: pytest-qt closes its own before this, and one left open would answer the next test's keys."""
    if isinstance(window.view, FormWizard) and window.view.row is not None:
        window.view.row.restore()
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents()
    QApplication.processEvents()


def sign_in(program: DeskProgram, qtbot: QtBot) -> None:
    """Type the passphrase and press Enter; the seals are checked afterwards."""
    assert program.sign_in is not None
    qtbot.keyClicks(program.sign_in.passphrase, DEMO_PASSPHRASE)
    qtbot.keyClick(program.sign_in.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: program.window is not None, timeout=20000)
    window = opened(program)
    qtbot.waitUntil(window.isActiveWindow, timeout=5000)
    qtbot.waitUntil(lambda: window.status.seals() != "checking seals", timeout=20000)


def opened(program: DeskProgram) -> MainWindow:
    """The window of a program whose person is signed in."""
    assert program.window is not None
    return program.window


def at_infusion_date(program: DeskProgram, ward: Ward) -> None:
    """The caret stands in the infusion date."""
    opened(program).open_form(ward.subject, DLI)
    wizard(opened(program)).go_to(DATE)


def idle(program: DeskProgram, qtbot: QtBot) -> None:
    """Nobody touches the desk until it locks."""
    usual = program.watch.timer.interval()
    program.watch.timer.start(1)
    qtbot.waitUntil(lambda: program.sign_in is not None, timeout=10000)
    program.watch.timer.setInterval(usual)


def idle_while(kind: type[QDialog], program: DeskProgram) -> None:
    """The time runs out while a dialog of this kind stands open."""
    assert isinstance(QApplication.activeModalWidget(), kind)
    program.watch.idle.emit()


def test_after_signing_in_the_status_bar_says_that_the_seals_are_whole(enter: Callable[[], DeskProgram]) -> None:
    window = opened(enter())
    assert window.status.seals() == "seals whole"
    assert not window.alarm.said()


def test_a_broken_seal_stands_across_the_window_and_says_what_to_do(
    enter: Callable[[], DeskProgram], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OpenDesk, "verify", lambda _desk: Verdict(9, {}, (Break("W1", 7),)))
    window = opened(enter())
    assert window.status.seals() == "seals broken"
    assert "record 7 of W1" in window.alarm.said()
    assert "data manager" in window.alarm.said()
    dress(dark=False, language="zh")
    window.dress_again()
    assert "第 7 条" in window.alarm.said()


def test_ten_minutes_is_the_time_until_a_desk_locks(enter: Callable[[], DeskProgram]) -> None:
    program = enter()
    assert IDLE_MINUTES == 10
    assert program.watch.timer.isActive()
    assert program.watch.timer.interval() == 10 * 60 * 1000


def test_any_key_counts_the_idle_time_anew(enter: Callable[[], DeskProgram], ward: Ward) -> None:
    ward.enrol()
    program = enter()
    at_infusion_date(program, ward)
    program.watch.timer.stop()
    press(Qt.Key.Key_Right)
    assert program.watch.timer.isActive()


def test_an_idle_desk_locks_and_the_half_typed_text_comes_back_to_the_same_person(
    enter: Callable[[], DeskProgram], ward: Ward, qtbot: QtBot
) -> None:
    ward.enrol()
    program = enter()
    at_infusion_date(program, ward)
    write("3/")
    idle(program, qtbot)
    assert program.window is None
    assert not program.watch.timer.isActive()
    sign_in(program, qtbot)
    row = wizard(opened(program)).page.row_at(DATE)
    assert row is not None
    assert row.control.text_now() == "3/"
    assert opened(program).desk.casebook(ward.subject).data.value(DATE) is None


def test_locking_by_ctrl_l_keeps_what_was_typed_and_writes_none_of_it(
    enter: Callable[[], DeskProgram], ward: Ward, qtbot: QtBot
) -> None:
    ward.enrol()
    program = enter()
    at_infusion_date(program, ward)
    write("3/3")
    press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: program.sign_in is not None, timeout=10000)
    sign_in(program, qtbot)
    row = wizard(opened(program)).page.row_at(DATE)
    assert row is not None
    assert row.control.text_now() == "3/3"
    assert opened(program).desk.casebook(ward.subject).data.value(DATE) is None


def test_an_idle_desk_locks_through_an_open_question_and_keeps_the_correction(
    enter: Callable[[], DeskProgram], ward: Ward, qtbot: QtBot
) -> None:
    ward.enrol()
    ward.open("DLI[1]/DLI")
    ward.fill(DLIDAT="2026-03-03", DLISTTIM="10:20")
    ward.complete()
    program = enter()
    at_infusion_date(program, ward)
    wizard(opened(program)).go_to(START)
    focus().selectAll()  # type: ignore[attr-defined]
    write("1040")
    QTimer.singleShot(0, lambda: idle_while(ReasonDialog, program))
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: program.sign_in is not None, timeout=10000)
    assert not any(isinstance(one, ReasonDialog) and one.isVisible() for one in QApplication.topLevelWidgets())
    sign_in(program, qtbot)
    row = wizard(opened(program)).page.row_at(START)
    assert row is not None
    assert row.control.text_now() == "1040"
    assert opened(program).desk.casebook(ward.subject).data.value(START) == "10:20"
