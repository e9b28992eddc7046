"""Day 1 of plerixafor by keyboard alone, from Today to the evening injection; every key is counted."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.journeys.test_lab_sheet_by_keyboard import KEYS as LABORATORY
from tests.journeys.test_lab_sheet_by_keyboard import Hand
from tests.scenario import Ward
from tests.ui.conftest import focus, wizard
from trialdesk.app import dress
from trialdesk.domain.clinical.form_status import FormStatus
from trialdesk.domain.oid import FormPath
from trialdesk.ui.injection_page import InjectionPage
from trialdesk.ui.main_window import MainWindow
from trialdesk.ui.today_view import TodayView

VITALS, PLX = FormPath("PLX", 1, "VS"), FormPath("PLX", 1, "PLX")
KEYS = 56
"""Keys for the vital signs and both injections of day 1 with the ways between them; more has to say why."""
CTRL = Qt.KeyboardModifier.ControlModifier


def test_vital_signs_and_both_injections_of_a_day_take_so_many_keys(
    tmp_path: Path, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    ward = Ward(tmp_path)
    ward.enrol()
    ward.open("SCR[1]/DM")
    ward.fill(SEX="F", BRTHDAT="1992-01-15")
    ward.open("DLI[1]/DLI")
    ward.fill(DLIDAT="2026-02-21")
    dress(dark=False, language="zh")
    window = MainWindow(ward.desk)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    assert isinstance(window.view, TodayView)
    hand = Hand()

    hand.key(Qt.Key.Key_K, CTRL)
    hand.write("smtz")
    hand.key(Qt.Key.Key_Return)
    assert wizard(window).form == VITALS
    hand.enter("61.5", "", "36.8", "118", "76", "80", "18")
    hand.write("2")
    hand.key(Qt.Key.Key_Return, CTRL)
    assert ward.casebook.status(VITALS) is FormStatus.COMPLETE

    hand.key(Qt.Key.Key_K, CTRL)
    hand.write("sjtz")
    hand.key(Qt.Key.Key_Return)
    assert wizard(window).form == PLX
    hand.enter("61.5", "70", "B1")
    hand.key(Qt.Key.Key_Return, CTRL)
    assert isinstance(wizard(window).page, InjectionPage)
    focus()
    for _ in range(2):
        hand.write("t1")
        hand.key(Qt.Key.Key_Return)
        ward.later(hours=12)
    page = wizard(window).page
    assert isinstance(page, InjectionPage)
    assert page.series().given == 2
    with capsys.disabled():
        print(
            f"\nvital signs and two injections: {hand.keys} keys; with 24 results and an event: {hand.keys + LABORATORY}"
        )
    assert hand.keys <= KEYS
    window.close()
    ward.leave()
