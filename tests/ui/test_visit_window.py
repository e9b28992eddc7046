"""A visit by keyboard: from the matrix to a form, one answer, all of them after reading, a query, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from tests.scenario import Ward
from tests.ui.conftest import focus, press, write
from tests.visiting import PASSPHRASE, Monitor, ward_with_two
from trialdesk.app import dress
from trialdesk.app_visit import VisitProgram
from trialdesk.domain.clinical.source_review import Shield
from trialdesk.domain.oid import FormPath
from trialdesk.exchange.visit_pack import read_head
from trialdesk.ui.shield_forms import FormButton
from trialdesk.ui.shields import ShieldMatrix
from trialdesk.ui.visit.unlock import UnlockWindow
from trialdesk.ui.visit.window import VisitWindow

DM = FormPath("SCR", 1, "DM")


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Ward]:
    opened = ward_with_two(tmp_path)
    # A long form, which a window of usual height does not show whole.
    opened.subject = "01-001"
    opened.open("SCR[1]/HAEM")
    opened.fill(HAEMDAT="2026-03-02", WBC="3.1", ANC="1.2", LYM="0.8", HGB="92", PLT="45", PBBLAST="2")
    opened.open("SCR[1]/VS")
    opened.fill(WEIGHT="62.0", HEIGHT="165", TEMP="36.6", SYSBP="118", DIABP="72", PULSE="80", RESP="18", ECOG="1")
    opened.receive(opened.send())
    yield opened
    opened.leave()


@pytest.fixture
def monitor(held: Ward) -> Monitor:
    return Monitor(held)


@pytest.fixture
def window(qtbot: QtBot, monitor: Monitor) -> VisitWindow:
    dress(dark=False, language="en")
    made = VisitWindow(monitor.visit)
    qtbot.addWidget(made)
    made.resize(1366, 640)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def shield(monitor: Monitor, item: str) -> Shield:
    where = monitor.paths(item)[0]
    forms = monitor.visit.review("01-001").forms
    return next(one.shield for form in forms for one in form.items if one.path == where)


def test_one_answer_is_verified_without_touching_the_mouse(window: VisitWindow, monitor: Monitor) -> None:
    assert isinstance(focus(), ShieldMatrix)
    press(Qt.Key.Key_Return)
    button = focus()
    assert isinstance(button, FormButton)
    window.open_form("01-001", DM)
    press(Qt.Key.Key_V)
    assert window.form.bar.where.hasFocus(), "without a place nothing is called verified"
    assert monitor.visit.log.records == []
    write("front page")
    press(Qt.Key.Key_Return)
    (record,) = monitor.visit.log.records
    assert record.change.where == "front page"  # type: ignore[union-attr]
    assert window.form.sheet.hasFocus(), "the hands are back at the answers"
    press(Qt.Key.Key_2)
    press(Qt.Key.Key_V)
    assert monitor.visit.log.records[-1].change.source == "Laboratory report"  # type: ignore[union-attr]
    assert window.form.waiting() == ()
    press(Qt.Key.Key_Escape)
    assert isinstance(focus(), ShieldMatrix)
    assert window.matrix.rows["01-001"].tally.verified == 2


def test_all_of_a_form_waits_for_its_end_and_says_the_count_first(window: VisitWindow, monitor: Monitor) -> None:
    window.resize(1366, 480)
    window.open_form("01-001", FormPath("SCR", 1, "VS"))
    QApplication.processEvents()
    bar, sheet = window.form.bar, window.form.sheet
    assert not sheet.reached
    assert not bar.all.isEnabled()
    assert "read to its end" in bar.why_not.text()
    press(Qt.Key.Key_A)
    assert bar.asking.isHidden()
    press(Qt.Key.Key_End)
    assert sheet.reached
    assert bar.all.isEnabled()
    bar.where.setText("nursing chart 3 March")
    press(Qt.Key.Key_A)
    assert "8 answers of this form will be called verified" in bar.sure.text()
    assert monitor.visit.log.records == []
    press(Qt.Key.Key_Return)
    assert [record.change.kind for record in monitor.visit.log.records] == ["FormRead", "SourceVerified"]
    assert shield(monitor, "WEIGHT") is Shield.VERIFIED


def test_changing_one_s_mind_before_the_count_writes_nothing(window: VisitWindow, monitor: Monitor) -> None:
    window.open_form("01-001", DM)
    press(Qt.Key.Key_End)
    window.form.bar.where.setText("front page")
    press(Qt.Key.Key_A)
    press(Qt.Key.Key_Escape)
    assert window.form.bar.asking.isHidden()
    assert monitor.visit.log.records == []


def test_a_verification_is_taken_back_with_its_reason(window: VisitWindow, monitor: Monitor) -> None:
    window.open_form("01-001", DM)
    window.form.bar.where.setText("front page")
    press(Qt.Key.Key_V)
    press(Qt.Key.Key_Home)
    press(Qt.Key.Key_U)
    assert window.form.panel.reason.hasFocus()
    press(Qt.Key.Key_Return)
    assert "reason" in window.form.panel.said.text()
    write("page of another participant")
    press(Qt.Key.Key_Return)
    assert monitor.visit.log.records[-1].change.words == "page of another participant"  # type: ignore[union-attr]
    assert window.form.sheet.lines[0].shield is Shield.TO_VERIFY


def test_an_answer_that_lapsed_shows_what_it_was_and_what_that_was_compared_with(
    monitor: Monitor, held: Ward, qtbot: QtBot
) -> None:
    monitor.verify("SEX", where="card 7")
    monitor.hand_over()
    held.open("SCR[1]/DM")
    held.enter("SEX", "M")
    held.receive(held.send())
    dress(dark=False, language="en")
    window = VisitWindow(Monitor(held, "mon2").visit)
    qtbot.addWidget(window)
    window.open_field("01-001", monitor.paths("SEX")[0])
    shown = " ".join(label.text() for label in window.form.panel.findChildren(QLabel))
    assert "Before: Female" in shown
    assert "card 7" in shown
    assert window.form.sheet.lines[window.form.sheet.here].shield is Shield.LAPSED


def test_a_finding_becomes_a_draft_that_can_be_dropped(window: VisitWindow, monitor: Monitor) -> None:
    window.open_form("01-001", DM)
    press(Qt.Key.Key_Q)
    write("Which sex is on the card?")
    window.form.panel.ask.click()
    assert len(monitor.visit.drafted()) == 1
    assert window.form.sheet.lines[0].queries == 1
    window.go("queries")
    (why, drop), *_ = window.queries.drops
    drop.click()
    assert "why" in window.queries.said.text().lower()
    why.setText("answered at the bedside")
    drop.click()
    assert monitor.visit.drafted() == ()


def test_a_stick_that_cannot_be_written_is_said_and_nothing_counts_as_verified(
    window: VisitWindow, monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.open_form("01-001", DM)
    window.form.bar.where.setText("front page")

    def full(_fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("trialdesk.services.visit_log.os.fsync", full)
    press(Qt.Key.Key_V)
    assert "not kept" in window.form.panel.said.text()
    assert window.form.sheet.lines[0].shield is Shield.TO_VERIFY
    monkeypatch.undo()
    press(Qt.Key.Key_V)
    assert len(monitor.open().log.records) == 1


def test_no_form_makes_the_window_wider_than_a_small_screen(window: VisitWindow, monitor: Monitor) -> None:
    window.resize(1366, 690)
    for form in monitor.visit.review("01-001").forms:
        monitor.verify_form(str(form.form))
        window.open_form("01-001", form.form)
        QApplication.processEvents()
        assert window.minimumSizeHint().width() <= 1366, str(form.form)
        assert window.minimumSizeHint().height() <= 690, str(form.form)


def test_the_result_and_the_report_are_written_from_the_window(
    window: VisitWindow, monitor: Monitor, tmp_path: Path
) -> None:
    window.hand_over(tmp_path)
    assert (tmp_path / f"{monitor.visit.head.visit}.tdvr").is_file()
    window.write_report(tmp_path / "visit.pdf")
    assert (tmp_path / "visit.pdf").read_bytes().startswith(b"%PDF")
    window.hand_over(tmp_path / "no such stick")
    assert "could not be written" in window.said.text()


@pytest.fixture
def program(qtbot: QtBot, monitor: Monitor) -> Iterator[Callable[[], VisitProgram]]:
    made: list[VisitProgram] = []

    def start() -> VisitProgram:
        dress(dark=False, language="en")
        made.append(VisitProgram(monitor.pack, monitor.home, read_head(monitor.pack)))
        made[0].show()
        return made[0]

    yield start
    for one in made:
        if one.window is not None:
            one.window.close()


def test_the_passphrase_stands_before_the_visit(qtbot: QtBot, program: Callable[[], VisitProgram]) -> None:
    run = program()
    asking = run.window
    assert isinstance(asking, UnlockWindow)
    asking.passphrase.setText("not this one at all")
    QTest.keyClick(asking.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "does not fit" in asking.said.text())
    asking.passphrase.setText(PASSPHRASE)
    QTest.keyClick(asking.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(run.window, VisitWindow))
