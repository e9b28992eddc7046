"""A whole laboratory visit by keyboard: 24 results, the judgements they need, one adverse event; every key is counted."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.scenario import Ward
from tests.ui.conftest import wizard
from trialdesk.app import dress
from trialdesk.domain.clinical.form_status import FormStatus
from trialdesk.domain.oid import FormPath
from trialdesk.ui.main_window import MainWindow

HAEM, CHEM = FormPath("D7", 1, "HAEM"), FormPath("D7", 1, "CHEM")
KEYS = 94
"""Keys of the whole visit, the characters of the values among them; a change that needs more has to say why."""

BASELINE = {
    "HAEM": {"WBC": "5.0", "ANC": "3.0", "LYM": "1.5", "HGB": "130", "PLT": "38", "PBBLAST": "0"},
    "CHEM": {"ALT": "22", "AST": "25", "ALP": "70", "GGT": "30", "TBIL": "12", "ALB": "41", "CREAT": "60", "UREA": "5",
             "K": "4.1", "NA": "140", "CA": "2.3", "MG": "0.9", "GLU": "5", "LDH": "220", "UA": "280", "INR": "1",
             "FIB": "3", "APTT": "30"},
}  # fmt: skip


class Hand:
    """Presses keys where the focus is, and counts them."""

    def __init__(self) -> None:
        self.keys = 0

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        found = QApplication.focusWidget()
        assert found is not None
        QTest.keyClick(found, key, modifiers)
        QApplication.processEvents()
        self.keys += 1

    def write(self, text: str) -> None:
        for letter in text:
            found = QApplication.focusWidget()
            assert found is not None
            QTest.keyClicks(found, letter)
            self.keys += 1
        QApplication.processEvents()

    def enter(self, *values: str) -> None:
        """Each value and Enter."""
        for value in values:
            self.write(value)
            self.key(Qt.Key.Key_Return)


def test_24_results_and_an_event_from_one_of_them_take_so_many_keys(
    tmp_path: Path, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    ward = Ward(tmp_path)
    ward.enrol()
    ward.open("SCR[1]/DM")
    ward.fill(SEX="F", BRTHDAT="1992-01-15")
    for form, values in BASELINE.items():
        ward.open(f"SCR[1]/{form}")
        ward.fill(**{f"{form}DAT": "2026-02-22"}, **values)
    dress(dark=False, language="zh")
    window = MainWindow(ward.desk)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    hand = Hand()

    window.open_form(ward.subject, HAEM)
    hand.enter("t", "", "4.1", "2.1", "1.2", "118")
    hand.write("12")
    hand.key(Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
    hand.enter("", "0")
    hand.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert ward.casebook.status(HAEM) is FormStatus.COMPLETE

    window.open_form(ward.subject, CHEM)
    hand.enter("t", "31", "28", "66", "29", "11", "42", "55", "4.2")
    hand.key(Qt.Key.Key_Return)
    hand.enter("3.9", "141", "2.2", "0.9", "5.1", "210", "281")
    hand.key(Qt.Key.Key_Return)
    hand.enter("1", "2.8", "45")
    hand.write("1")
    hand.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert wizard(window).form == CHEM
    assert ward.casebook.status(CHEM) is FormStatus.COMPLETE, [
        finding.rule for finding in ward.casebook.assessment(CHEM).to_finish
    ]

    results = [path for form in (HAEM, CHEM) for path in ward.casebook.data.by_form[form] if _measured(ward, path.item)]
    assert len(results) == 24
    event = FormPath("AE", 1, "AE")
    said = {path.item: ward.casebook.data.value(path) for path in ward.casebook.data.by_form[event]}
    assert (said["AETERM"], said["AETOXGR"]) == ("Platelet count decreased", "4")
    with capsys.disabled():
        print(f"\n24 results, significance, one event from a result, two forms complete: {hand.keys} keys")
    window.close()
    ward.leave()
    assert hand.keys <= KEYS


def _measured(ward: Ward, name: str) -> bool:
    item = ward.desk.study.item(name)
    return item.lab is not None and not item.derived
