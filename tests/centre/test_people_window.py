"""An administrator's window: accounts and keys by keys and clicks, every act a record, and no participant in sight."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from trialdesk.app_centre import CentreProgram, dress
from trialdesk.centre import people
from trialdesk.centre.admission import require_people
from trialdesk.centre.centre import Centre
from trialdesk.centre.key_files import RECOVERY_KEY, plain_secrets
from trialdesk.centre.office import Office
from trialdesk.demo import DEMO_PASSPHRASE
from trialdesk.domain.admin.lockout import ALLOWED
from trialdesk.domain.admin.role import Role
from trialdesk.errors import KnownError
from trialdesk.services.study_release import shipped_release
from trialdesk.ui import parts
from trialdesk.ui.centre.account_dialog import AccountDialog
from trialdesk.ui.centre.people_window import PeopleWindow

FIRST = "a boat under the bridge"


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    made = Centre.init(tmp_path / "centre", shipped_release(), kind="demo")
    require_people(made)
    yield made
    made.close()


@pytest.fixture
def window(centre: Centre, qtbot: QtBot) -> Iterator[PeopleWindow]:
    dress(dark=False, language="en")
    made = PeopleWindow(Office(centre, people.sign_in(centre, "admin1", DEMO_PASSPHRASE)))
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close()


def choose(window: PeopleWindow, user: str) -> None:
    window.table.selectRow([one.user.id for one in window._shown].index(user))


def act(window: PeopleWindow, words: str) -> parts.Button:
    # Buttons of the line before are on their way out; the newest is the one in sight.
    return [one for one in window.findChildren(parts.Button) if one.text() == words and not one.isHidden()][-1]


def answer(qtbot: QtBot, fill: Callable[[AccountDialog], None]) -> list[str]:
    """Fill in the dialog that opens next and press its button; what it says then is kept, and the dialog is left."""
    said: list[str] = []

    def wait_for_end(dialog: AccountDialog) -> None:
        if not dialog.isVisible():
            return
        if not dialog.enter.isEnabled():
            QTimer.singleShot(20, lambda: wait_for_end(dialog))
            return
        said.append(dialog.said.text())
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)

    def go() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, AccountDialog):
            QTimer.singleShot(20, go)
            return
        fill(dialog)
        dialog.enter.click()
        wait_for_end(dialog)

    QTimer.singleShot(20, go)
    return said


def write(**words: str) -> Callable[[AccountDialog], None]:
    def fill(dialog: AccountDialog) -> None:
        for name, one in words.items():
            if name == "role":
                assert dialog.role is not None
                dialog.role.put(one)
            else:
                dialog.boxes[name].setText(one)

    return fill


def test_a_person_is_added_with_a_first_passphrase(window: PeopleWindow, centre: Centre, qtbot: QtBot) -> None:
    said = answer(qtbot, write(id="dm9", role="data_manager", passphrase=FIRST, again="other words"))
    window.ask_new()
    assert said == ["The two passphrases are not the same."]
    said = answer(qtbot, write(id="dm1", role="data_manager", passphrase=FIRST, again=FIRST))
    window.ask_new()
    assert "never given twice" in said[0]
    said = answer(qtbot, write(id="dm9", passphrase=FIRST, again=FIRST))
    window.ask_new()
    assert said == ["Choose the role."]
    answer(qtbot, write(id="dm9", zh="数据管理员 九", role="data_manager", passphrase=FIRST, again=FIRST))
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    made = centre.attendance.accounts()["dm9"]
    assert (made.user.name.zh, made.user.role, made.lent) == ("数据管理员 九", Role.DATA_MANAGER, True)
    assert made.periods[0].by == "admin1"
    assert (
        "has to set a passphrase" in window.table.lines.lines[[o.user.id for o in window._shown].index("dm9")][4].text
    )


def test_role_passphrase_and_end_of_an_account(window: PeopleWindow, centre: Centre, qtbot: QtBot) -> None:
    choose(window, "mon1")
    answer(qtbot, write(role="statistician"))
    act(window, "Another role…").click()
    assert centre.attendance.accounts()["mon1"].user.role is Role.STATISTICIAN
    for _ in range(ALLOWED):
        with pytest.raises(KnownError, match=r"Caps Lock|Too many"):
            people.sign_in(centre, "mon1", "not the passphrase")
    window.refresh("mon1")
    row = [one.user.id for one in window._shown].index("mon1")
    assert "waits until" in window.table.lines.lines[row][4].text
    assert "5 wrong passphrases" in window.table.lines.lines[row][4].under
    answer(qtbot, write(passphrase=FIRST, again=FIRST))
    act(window, "New passphrase…").click()
    assert "has to set a passphrase" in window.table.lines.lines[row][4].text
    answer(qtbot, write())
    act(window, "End the account…").click()
    assert centre.attendance.accounts()["mon1"].user.retired
    assert not act(window, "End the account…").isEnabled()


def test_ones_own_account_is_out_of_reach(window: PeopleWindow) -> None:
    choose(window, "admin1")
    assert not any(act(window, words).isEnabled() for words in ("New passphrase…", "Another role…", "End the account…"))


def test_the_keys_are_sealed_from_the_window(window: PeopleWindow, centre: Centre, tmp_path: Path) -> None:
    assert act(window, "Seal the keys…").isEnabled()
    window.seal(tmp_path / "stick")
    assert plain_secrets(centre.folder) == ()
    assert (tmp_path / "stick" / RECOVERY_KEY).is_file()
    assert not [one for one in window.findChildren(parts.Button) if one.text() == "Seal the keys…" and one.isVisible()]


def test_an_administrator_comes_to_people_and_others_to_data(centre: Centre, qtbot: QtBot) -> None:
    dress(dark=False, language="zh")
    program = CentreProgram(centre)
    program._chosen = "admin1"
    program.show_sign_in()
    assert program.sign_in is not None
    qtbot.keyClicks(program.sign_in.passphrase, DEMO_PASSPHRASE)
    qtbot.keyClick(program.sign_in.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: program.sign_in is None, timeout=15000)
    window = program.window
    assert isinstance(window, PeopleWindow)
    window.language_wanted.emit()
    assert isinstance(program.window, PeopleWindow)
    assert program.window is not window
    qtbot.keyClick(program.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert program.sign_in is not None
    assert not centre.attendance.is_present("admin1")
    program.watch.end()
    for one in (program.window, program.sign_in):
        one.close()
        one.deleteLater()
    QApplication.sendPostedEvents()
