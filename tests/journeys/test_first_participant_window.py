"""The first participant, through the window alone: sign in, enrol, type, explain, complete, sign, send, receipt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import press, wizard, write
from trialdesk.app import DeskProgram, dress
from trialdesk.centre.centre import Centre
from trialdesk.demo import DEMO_PASSPHRASE, INVESTIGATOR, make_demo_desk
from trialdesk.domain.clinical.form_status import FormStatus
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.services.clock import SystemClock
from trialdesk.services.study_release import release_from_folder, shipped_study
from trialdesk.ui.main_window import MainWindow
from trialdesk.ui.signing_dialog import SigningDialog
from trialdesk.ui.transfer_view import TransferView

ENTER, CTRL = Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier
CHEMO, DLI = FormPath("CHEMO", 1, "CHEMO"), FormPath("DLI", 1, "DLI")


@pytest.fixture
def centre(tmp_path: Path) -> Centre:
    """A centre that has enrolled the desk beside it."""
    made = Centre.init(tmp_path / "centre", release_from_folder(shipped_study()))
    make_demo_desk(tmp_path / "desk", made, SystemClock())
    return made


@pytest.fixture
def program(qtbot: QtBot, tmp_path: Path, centre: Centre) -> DeskProgram:
    """TrialDesk with its sign-in window."""
    dress(dark=False, language="en")
    made = DeskProgram(tmp_path / "desk")
    made.show_sign_in()
    assert made.sign_in is not None
    qtbot.addWidget(made.sign_in)
    awake(qtbot, made.sign_in)
    return made


def awake(qtbot: QtBot, window: QWidget) -> None:
    """The window has the keyboard."""
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window, timeout=5000)


def in_dialog(act: Callable[[QWidget], None]) -> None:
    """Do something in the dialog that is about to open."""

    def when_open() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            QTimer.singleShot(20, when_open)
        else:
            act(dialog)

    QTimer.singleShot(0, when_open)


def read(dialog: SigningDialog, qtbot: QtBot) -> None:
    """Page down through the form, each page as soon as it is drawn."""
    for _ in range(6):
        qtbot.waitUntil(lambda: not dialog.coming, timeout=15000)
        QTest.keyClick(dialog, Qt.Key.Key_PageDown)
    qtbot.waitUntil(lambda: not dialog.coming, timeout=15000)


def type_answers(window: MainWindow, *answers: str) -> None:
    """Type one answer after the other; Enter leads on, an empty answer leaves the field empty."""
    for answer in answers:
        if answer:
            write(answer)
        press(ENTER)


def test_from_the_sign_in_window_to_the_centres_receipt(
    qtbot: QtBot, program: DeskProgram, centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("not the passphrase")
    press(ENTER)
    qtbot.waitUntil(lambda: program.sign_in is not None and bool(program.sign_in.fault()), timeout=15000)
    write(DEMO_PASSPHRASE)
    press(ENTER)
    qtbot.waitUntil(lambda: program.window is not None, timeout=15000)
    window = program.window
    assert window is not None
    qtbot.addWidget(window)
    awake(qtbot, window)

    in_dialog(
        lambda dialog: (QTest.keyClicks(dialog.focusWidget(), "zhli"), QTest.keyClick(dialog.focusWidget(), ENTER))
    )
    press(ENTER)
    awake(qtbot, window)
    subject = window.subject
    assert subject is not None
    casebook = window.desk.casebook(subject)
    assert casebook.data.initials == "ZHLI"

    window.open_form(subject, CHEMO)
    wizard(window).go_to(_path(window, CHEMO, "CHSTDAT"))
    type_answers(window, "-9", "-5")
    assert casebook.data.value(_path(window, CHEMO, "CHENDAT")) is not None

    window.open_form(subject, DLI)
    form = wizard(window)
    form.go_to(_path(window, DLI, "DLICD3"))
    type_answers(window, "50", "", "96", "120", "61.5")
    form.go_to(_path(window, DLI, "DLISRC"))
    type_answers(window, "G-CSF mobilised peripheral cells")
    write("1")
    press(Qt.Key.Key_PageDown)
    form.go_to(_path(window, DLI, "DLIDAT"))
    type_answers(window, "t", "1020", "1055")
    write("2")

    date = _path(window, DLI, "DLIDAT")
    late = [f for f in casebook.assessment(DLI).at(date) if f.severity == "soft"]
    assert late
    form.go_to(date)
    for _ in late:
        press(Qt.Key.Key_F2)
        press(Qt.Key.Key_1)
    press(ENTER, CTRL)
    assert casebook.status(DLI) is FormStatus.COMPLETE, form.foot.said()

    def sign(dialog: QWidget) -> None:
        assert isinstance(dialog, SigningDialog)
        read(dialog, qtbot)
        QTest.keyClicks(dialog.passphrase, DEMO_PASSPHRASE)
        QTest.keyClick(dialog.passphrase, ENTER)
        qtbot.waitUntil(lambda: dialog.certified is not None and dialog.prepared.field == "Investigator", timeout=15000)
        read(dialog, qtbot)
        assert dialog.person.currentData() == INVESTIGATOR
        QTest.keyClicks(dialog.passphrase, DEMO_PASSPHRASE)
        QTest.keyClick(dialog.passphrase, ENTER)

    in_dialog(sign)
    form.head.sign.click()
    awake(qtbot, window)
    assert casebook.status(DLI) is FormStatus.SIGNED

    stick = tmp_path / "stick"
    stick.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(stick))
    press(Qt.Key.Key_E, CTRL)
    qtbot.waitUntil(lambda: any(stick.glob("*.tdb")), timeout=15000)
    view = window.view
    assert isinstance(view, TransferView)
    qtbot.waitUntil(lambda: bool(view.said()), timeout=15000)

    bundle = next(stick.glob("*.tdb"))
    taken = centre.receive(bundle)
    receipt = bundle.with_suffix(".tdr")
    receipt.write_bytes(taken.receipt)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(receipt), ""))
    press(Qt.Key.Key_O, CTRL)
    qtbot.waitUntil(lambda: "The centre has everything" in view.said(), timeout=15000)
    assert centre.status().documents == 1
    window.close()
    qtbot.waitUntil(lambda: program.window is None, timeout=5000)
    centre.close()


def test_a_locked_window_opens_again_at_the_same_field(qtbot: QtBot, program: DeskProgram) -> None:
    write(DEMO_PASSPHRASE)
    press(ENTER)
    qtbot.waitUntil(lambda: program.window is not None, timeout=15000)
    window = program.window
    assert window is not None
    awake(qtbot, window)
    subject = window.desk.enrol("ZHLI")
    assert isinstance(subject, str)
    window.open_form(subject, DLI)
    wizard(window).go_to(_path(window, DLI, "DLISTTIM"))
    write("10")
    press(Qt.Key.Key_L, CTRL)
    assert program.window is None
    assert program.sign_in is not None
    awake(qtbot, program.sign_in)
    write(DEMO_PASSPHRASE)
    press(ENTER)
    qtbot.waitUntil(lambda: program.window is not None, timeout=15000)
    again = program.window
    assert again is not None
    qtbot.addWidget(again)
    form = wizard(again)
    assert form.row is not None
    assert form.row.path == _path(again, DLI, "DLISTTIM")
    again.close()
    qtbot.waitUntil(lambda: program.window is None, timeout=5000)


def _path(window: MainWindow, form: FormPath, item: str) -> ItemPath:
    return form.item(window.desk.study.place[item][1].oid, item)
