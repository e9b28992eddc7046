"""An administrator lets an inspector in and out at the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from tests.scenario import Ward
from trialdesk.domain.admin.role import Act, Role, may
from trialdesk.services.desk import look
from trialdesk.ui import window_acts
from trialdesk.ui.main_window import MainWindow
from trialdesk.ui.people_dialog import PeopleDialog

Open = Callable[[], MainWindow]


@pytest.fixture
def dialog(ward: Ward, open_window: Open, qtbot: QtBot) -> PeopleDialog:
    ward.desk.session.user = replace(ward.desk.session.user, role=Role.ADMINISTRATOR)
    open_window()
    made = PeopleDialog(ward.desk)
    qtbot.addWidget(made)
    made.show()
    return made


def test_an_inspector_is_let_in_for_three_days_and_out_again(ward: Ward, dialog: PeopleDialog) -> None:
    assert [one.user for one in dialog.accounts] == ["nurse1", "investigator1", "admin1"]
    for box, typed in ((dialog.name, "inspector1"), (dialog.begins, "t"), (dialog.ends, "+2")):
        QTest.keyClicks(box, typed)
    QTest.keyClicks(dialog.passphrase, "reads and changes nothing")
    QTest.keyClick(dialog.passphrase, Qt.Key.Key_Return)
    assert dialog.said() == "inspector1 may sign in."
    last = dialog.accounts[-1]
    assert (last.role, last.begins, last.ends) == (Role.INSPECTOR, "2026-03-03", "2026-03-05")
    assert dialog.passphrase.text() == ""
    assert "inspector1" in {user.id for user in look(ward.folder / "desk").users}
    dialog.table.selectRow(3)
    dialog.end.click()
    assert dialog.said() == "Press again to end inspector1 for good."
    dialog.end.click()
    assert dialog.said() == "inspector1 may not sign in any more."
    assert "inspector1" not in {user.id for user in look(ward.folder / "desk").users}


@pytest.mark.parametrize(
    ("name", "ends", "passphrase", "says"),
    [
        ("inspector1", "", "reads and changes nothing", "needs a last day"),
        ("inspector1", "2026", "reads and changes nothing", "whole day"),
        ("inspector1", "+2", "short", "12 characters"),
        ("two words", "+2", "reads and changes nothing", "letters and digits"),
        ("nurse1", "+2", "reads and changes nothing", "never given again"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_lost(
    ward: Ward, dialog: PeopleDialog, name: str, ends: str, passphrase: str, says: str
) -> None:
    head = ward.desk.trail.head("W1")
    dialog.name.setText(name)
    dialog.ends.setText(ends)
    dialog.passphrase.setText(passphrase)
    dialog.let_in.click()
    assert says in dialog.said()
    assert dialog.name.text() == name
    assert ward.desk.trail.head("W1") == head


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
def test_only_who_manages_accounts_reaches_them(
    ward: Ward, open_window: Open, role: Role, monkeypatch: pytest.MonkeyPatch
) -> None:
    ward.desk.session.user = replace(ward.desk.session.user, role=role)
    window = open_window()
    opened: list[QDialog] = []
    monkeypatch.setattr(PeopleDialog, "exec", lambda dialog: opened.append(dialog) or 0)
    window_acts.do(window, "people")
    assert bool(opened) is may(role, Act.MANAGE_USERS)
    for one in opened:
        one.close()
