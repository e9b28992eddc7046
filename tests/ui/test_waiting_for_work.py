"""Work the window waits for: it goes on drawing meanwhile, and what goes wrong is raised where the work was asked for."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.ui import job


def test_the_window_goes_on_while_the_work_is_done_elsewhere(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    drawn = threading.Event()
    QTimer.singleShot(0, window, drawn.set)

    def work() -> threading.Thread:
        # The work ends only because the window's thread still takes its turns.
        assert drawn.wait(20)
        return threading.current_thread()

    assert job.outcome(window, work) is not threading.current_thread()


@pytest.mark.parametrize("fault", [KnownError(Text(en="The disk is full.", zh="磁盘已满。")), ValueError("a bug")])
def test_what_goes_wrong_in_the_work_is_raised_where_it_was_asked_for(qtbot: QtBot, fault: Exception) -> None:
    window = QWidget()
    qtbot.addWidget(window)

    def work() -> None:
        raise fault

    with pytest.raises(type(fault)) as raised:
        job.outcome(window, work)
    assert raised.value is fault
