"""The centre's window opens to people: signed in by keys, locked when nobody touches it, with a second one at hand."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.scenario import Ward
from trialdesk.app_centre import CentreProgram, dress
from trialdesk.centre import people
from trialdesk.centre.admission import DEMO_SETTINGS, require_people
from trialdesk.centre.at_work import AtWork
from trialdesk.centre.centre import Centre
from trialdesk.demo import DEMO_PASSPHRASE
from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.admin.role import Act
from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.storage.audit_trail import AuditTrail
from trialdesk.ui import parts
from trialdesk.ui.centre.own_passphrase import OwnPassphraseDialog
from trialdesk.ui.centre.queries_page import QueriesPage
from trialdesk.ui.centre.second_person import SecondPersonDialog, ask_second

DM = FormPath("SCR", 1, "DM")
SAYS = Text(en="Lock Demographics of 01-001.", zh="锁定 01-001 的“人口学资料”。")
OWN = "the heron on the other bank"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre's folder with its people and one participant's signed form; every test has a copy."""
    ward = Ward(tmp_path_factory.mktemp("ward"))
    ward.enrol_with_signed_form()
    ward.receive(ward.send())
    require_people(ward.centre)
    ward.leave()
    return ward.folder / "centre"


@pytest.fixture
def centre(folder: Path, tmp_path: Path) -> Iterator[Centre]:
    shutil.copytree(folder, tmp_path / "centre")
    opened = Centre.open(tmp_path / "centre")
    yield opened
    opened.close()


@pytest.fixture
def program(centre: Centre, qtbot: QtBot) -> Iterator[CentreProgram]:
    dress(dark=False, language="en")
    made = CentreProgram(centre)
    made._chosen = "dm1"
    made.show_sign_in()
    yield made
    made.watch.end()
    for window in (made.sign_in, made.window):
        if window is not None:
            window.close()
            window.deleteLater()
    QApplication.sendPostedEvents()


def type_in(program: CentreProgram, qtbot: QtBot, passphrase: str = DEMO_PASSPHRASE) -> None:
    assert program.sign_in is not None
    qtbot.keyClicks(program.sign_in.passphrase, passphrase)
    qtbot.keyClick(program.sign_in.passphrase, Qt.Key.Key_Return)


def enter(program: CentreProgram, qtbot: QtBot, user: str = "dm1") -> None:
    """Choose a name with the arrow keys, type the passphrase, press Enter."""
    assert program.sign_in is not None
    ids = [one.user_id for one in program.sign_in.people]
    here = ids.index(program.sign_in.user_id())
    key = Qt.Key.Key_Down if ids.index(user) > here else Qt.Key.Key_Up
    for _ in range(abs(ids.index(user) - here)):
        qtbot.keyClick(program.sign_in.passphrase, key)
    assert program.sign_in.user_id() == user
    type_in(program, qtbot)
    qtbot.waitUntil(lambda: program.sign_in is None, timeout=15000)
    assert program.window is not None


def buttons(program: CentreProgram) -> set[str]:
    assert program.window is not None
    return {one.text() for one in program.window.findChildren(parts.Button) if one.isVisible()}


def test_who_signs_in_by_keys_is_named_in_the_head(program: CentreProgram, qtbot: QtBot) -> None:
    enter(program, qtbot, "dm2")
    window = program.window
    assert window is not None
    assert window.work.user.id == "dm2"
    assert any("Take in bundles" in one for one in buttons(program))
    assert "Data manager 2" in [one.text() for one in window.findChildren(parts.QLabel)]  # type: ignore[attr-defined]
    assert program.centre.attendance.is_present("dm2")


def test_a_monitor_is_not_offered_what_a_monitor_may_not_do(program: CentreProgram, qtbot: QtBot) -> None:
    enter(program, qtbot, "mon1")
    assert program.window is not None
    assert not any("Take in" in one or "receipts" in one for one in buttons(program))
    with pytest.raises(KnownError, match="role data manager"):
        program.window.work.write_receipts(program.centre.folder)


def test_a_wrong_passphrase_says_how_many_tries_are_left(program: CentreProgram, qtbot: QtBot) -> None:
    type_in(program, qtbot, "not the passphrase")
    assert program.sign_in is not None
    qtbot.waitUntil(lambda: "4 more tries" in (program.sign_in.fault() if program.sign_in else ""), timeout=15000)
    type_in(program, qtbot)
    qtbot.waitUntil(lambda: program.window is not None, timeout=15000)


def test_locking_takes_the_keys_away_and_keeps_what_was_typed_for_the_same_person(
    program: CentreProgram, qtbot: QtBot
) -> None:
    enter(program, qtbot)
    first = program.window
    assert first is not None
    first.go("queries")
    page = first.pages["queries"]
    assert isinstance(page, QueriesPage)
    page.words.setPlainText("half a sentence")
    program.watch.timer.timeout.emit()
    assert not first.isVisible()
    assert not program.centre.attendance.is_present("dm1")
    assert program.sign_in is not None
    with pytest.raises(KnownError, match="has not signed in"):
        first.work._reviewer.freeze("01-001", DM)
    enter(program, qtbot)
    assert program.window is first
    assert page.words.toPlainText() == "half a sentence"
    qtbot.keyClick(first, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    enter(program, qtbot, "mon1")
    assert program.window is not None
    assert program.window is not first
    assert program.window.work.user.id == "mon1"


def test_a_lent_passphrase_is_changed_on_the_way_in(program: CentreProgram, qtbot: QtBot) -> None:
    centre = program.centre
    people.sign_in(centre, "admin1", DEMO_PASSPHRASE)
    people.reset_passphrase(centre, "admin1", "dm1", "a passphrase on paper", settings=DEMO_SETTINGS)
    centre.attendance.leave()
    seen: list[str] = []

    def choose() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, OwnPassphraseDialog):
            QTimer.singleShot(20, choose)
            return
        qtbot.keyClicks(dialog.first, OWN)
        qtbot.keyClick(dialog.first, Qt.Key.Key_Return)
        qtbot.keyClick(dialog.second, Qt.Key.Key_Return)
        seen.append(dialog.said.text())
        qtbot.keyClicks(dialog.first, OWN)
        qtbot.keyClicks(dialog.second, OWN)
        qtbot.keyClick(dialog.second, Qt.Key.Key_Return)

    QTimer.singleShot(20, choose)
    type_in(program, qtbot, "a passphrase on paper")
    qtbot.waitUntil(lambda: program.window is not None, timeout=20000)
    assert "not the same" in seen[0]
    assert people.sign_in(centre, "dm1", OWN).id == "dm1"


def test_the_second_person_gives_a_passphrase_and_the_two_lock_together(centre: Centre, qtbot: QtBot) -> None:
    dress(dark=False, language="en")
    work = AtWork(centre, people.sign_in(centre, "dm1", DEMO_PASSPHRASE))
    assert [one.id for one in work.others(Act.LOCK)] == ["dm2"]
    dialog = SecondPersonDialog(work, SAYS)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.keyClick(dialog.passphrase, Qt.Key.Key_Return)
    assert "type their own passphrase" in dialog.said.text()
    qtbot.keyClicks(dialog.passphrase, "not the passphrase")
    qtbot.keyClick(dialog.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "4 more tries" in dialog.said.text(), timeout=15000)
    assert dialog.person is None
    qtbot.keyClicks(dialog.passphrase, DEMO_PASSPHRASE)
    qtbot.keyClick(dialog.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.person is not None, timeout=15000)
    assert dialog.person is not None
    done = work._reviewer.lock("01-001", DM, dialog.person.id)
    assert not isinstance(done, Refusal), done.says.en
    assert (done[0].user, done[0].change.second) == ("dm1", "dm2")  # type: ignore[union-attr]


def test_leaving_the_dialog_changes_nothing(centre: Centre, qtbot: QtBot) -> None:
    dress(dark=False, language="en")
    work = AtWork(centre, people.sign_in(centre, "dm1", DEMO_PASSPHRASE))

    def leave() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, SecondPersonDialog):
            qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        else:
            QTimer.singleShot(20, leave)

    QTimer.singleShot(20, leave)
    assert ask_second(None, work, SAYS) is None
    assert list(AuditTrail(centre.engine).records(kinds=("FormLocked",))) == []
    with pytest.raises(KnownError, match="takes two persons"):
        work.let_second_in("dm1", DEMO_PASSPHRASE, Act.LOCK)


def test_where_nobody_else_may_the_dialog_says_whom_to_ask(centre: Centre, qtbot: QtBot) -> None:
    dress(dark=False, language="en")
    people.sign_in(centre, "admin1", DEMO_PASSPHRASE)
    people.deactivate(centre, "admin1", "dm2")
    dialog = SecondPersonDialog(AtWork(centre, people.sign_in(centre, "dm1", DEMO_PASSPHRASE)), SAYS)
    qtbot.addWidget(dialog)
    assert "administrator has to add" in dialog.said.text()
    assert not dialog.enter.isEnabled()
