"""The age of the backup is on every screen, and the next one is made beside the person's work."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.scenario import Ward
from trialdesk.app import DeskProgram
from trialdesk.services.backup import back_up, backup_state, choose_folder
from trialdesk.ui.main_window import MainWindow
from trialdesk.ui.transfer_view import TransferView


@pytest.fixture
def stick(ward: Ward) -> Path:
    place = ward.folder / "backup-stick"
    place.mkdir()
    return place


def test_the_status_bar_says_how_old_the_backup_is(
    ward: Ward, stick: Path, open_window: Callable[[], MainWindow]
) -> None:
    ward.enrol()
    window = open_window()
    assert window.status.backup() == "No backup yet"
    back_up(ward.desk, stick)
    ward.later(minutes=26)
    window.show_backup()
    assert window.status.backup() == "Backup 26 min ago"


def test_a_backup_is_written_from_the_transfer_screen_and_later_ones_go_there_too(
    ward: Ward, stick: Path, open_window: Callable[[], MainWindow], qtbot: QtBot
) -> None:
    ward.enrol()
    window = open_window()
    window.show_transfer()
    view = window.view
    assert isinstance(view, TransferView)
    with qtbot.waitSignal(view.changed):
        view.back_up_to(stick)
    assert "every seal holds" in view.said()
    assert window.status.backup() == "Backup just now"
    assert backup_state(ward.desk).folder == stick


def test_the_next_backup_is_made_by_itself_and_a_stick_that_is_out_stops_nothing(
    ward: Ward, stick: Path, open_window: Callable[[], MainWindow], qtbot: QtBot
) -> None:
    ward.enrol()
    choose_folder(ward.desk, stick)
    program = DeskProgram(ward.folder / "desk")
    program.window = open_window()
    program.back_up_when_due()
    qtbot.waitUntil(lambda: backup_state(ward.desk).at is not None)
    assert len(list(stick.iterdir())) == 1
    shutil.rmtree(stick)
    ward.enrol("BBBB")
    ward.later(minutes=31)
    program.back_up_when_due()
    beside = ward.folder / "desk-backup"
    qtbot.waitUntil(lambda: backup_state(ward.desk).since == 0)
    assert len(list(beside.iterdir())) == 1
    program.window = None
