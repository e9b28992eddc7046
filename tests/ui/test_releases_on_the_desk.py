"""A study release at the desk: seen before it comes, taken up while nothing lies open, a draft moved by a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from threading import current_thread, main_thread

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.amended import first_release, second_release
from tests.scenario import Ward
from tests.ui.conftest import press, wizard
from trialdesk.app import DeskProgram, dress
from trialdesk.centre.letters import write_receipts
from trialdesk.centre.releases import give_out
from trialdesk.centre.review import Reviewer
from trialdesk.demo import DEMO_PASSPHRASE
from trialdesk.domain.admin.role import Role
from trialdesk.domain.oid import FormPath
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.domain.study.effective import EffectiveRule
from trialdesk.domain.study.rule import Rule
from trialdesk.domain.study.study import Study
from trialdesk.services.release_news import release_news
from trialdesk.services.transfer import take_receipt
from trialdesk.storage import study_library
from trialdesk.ui.main_window import MainWindow
from trialdesk.ui.move_dialog import MoveDialog
from trialdesk.ui.release_dialog import ReleaseDialog
from trialdesk.ui.today_view import TodayView
from trialdesk.ui.transfer_view import TransferView

DM = FormPath("SCR", 1, "DM")
Open = Callable[[], MainWindow]


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    opened = Ward(tmp_path, release=first_release())
    opened.enrol()
    opened.open(str(DM))
    opened.fill(BRTHDAT="1990-05-01")
    opened.receive(opened.send())
    yield opened
    opened.leave()


def give(ward: Ward, in_days: int, rule: EffectiveRule | None = None) -> Path:
    today = ward.clock.now().date()
    manager = Reviewer(ward.centre, "dm1", Role.DATA_MANAGER, ward.clock.now())
    give_out(manager, second_release(), today, today + timedelta(days=in_days), rule=rule)
    (receipt,) = write_receipts(ward.centre, ward.folder / "stick")
    return receipt


def today_page(window: MainWindow) -> TodayView:
    window.show_today()
    assert isinstance(window.view, TodayView)
    return window.view


def test_a_release_that_waits_stands_on_today_with_day_participants_and_changes(ward: Ward, open_window: Open) -> None:
    take_receipt(ward.desk, give(ward, 5))
    window = open_window()
    (news,) = release_news(ward.desk)
    assert (news.taken, news.waiting, news.summary.en) == (False, 1, "2 questions new")
    assert news.terms.en == "from 2026-03-08"
    assert [label.en for label, _ in news.changes] == ["Demographics", "Vital signs and ECOG"]
    page = today_page(window)
    assert len(page.releases.acts) == 1
    dialog = ReleaseDialog(ward.desk, news, window)
    assert not dialog.drafts, "nothing can be moved before its day"
    dialog.deleteLater()


def test_its_day_comes_while_the_window_is_open_and_no_form_loses_its_place(ward: Ward, open_window: Open) -> None:
    take_receipt(ward.desk, give(ward, 1))
    window = open_window()
    window.open_form(ward.subject, FormPath("SCR", 1, "VS"))
    ward.later(days=1)
    assert ward.desk.session.version == "1.1", "a form lies open"
    today_page(window)
    assert ward.desk.session.version == "2.0"
    window.open_form(ward.subject, FormPath("SCR", 1, "VS"))
    assert any(row.item.name == "NEWVS" for row in wizard(window).page.rows)
    window.open_form(ward.subject, DM)
    assert not any(row.item.name == "NEWDM" for row in wizard(window).page.rows)
    assert ward.desk.trail.verify().whole


def test_a_receipt_that_brings_a_release_says_so_and_it_is_in_use(ward: Ward, open_window: Open) -> None:
    receipt = give(ward, 0)
    window = open_window()
    window.show_transfer()
    view = window.view
    assert isinstance(view, TransferView)
    view._taken(take_receipt(ward.desk, receipt))
    assert "Study release 2.0 is in use" in view.said()
    assert ward.desk.session.version == "2.0"


def test_the_head_says_that_a_newer_release_is_in_effect_and_f9_shows_what_changes_and_moves(
    ward: Ward, open_window: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_receipt(ward.desk, give(ward, 0))
    window = open_window()
    window.show_list()
    window.open_form(ward.subject, DM)
    assert "begun under release 1.1; release 2.0 is in effect" in wizard(window).head.banner()
    shown: list[MoveDialog] = []

    def leave_then_move(dialog: MoveDialog) -> int:
        shown.append(dialog)
        dialog.show()
        (dialog.stay if len(shown) == 1 else dialog.move_it).click()
        window.activateWindow()
        wizard(window).page.focus_first()
        return dialog.result()

    monkeypatch.setattr(MoveDialog, "exec", leave_then_move)
    _choose_more(1)
    assert ward.casebook.study(DM).version == "1.1", "left as it was"
    _choose_more(1)
    assert ward.casebook.study(DM).version == "2.0"
    assert any(row.item.name == "NEWDM" for row in wizard(window).page.rows)
    assert not wizard(window).head.banner()
    assert release_news(ward.desk) == (), "nothing waits any more"


def test_a_question_that_only_the_newer_release_asks_is_named_when_someone_jumps_to_it(
    ward: Ward, open_window: Open
) -> None:
    take_receipt(ward.desk, give(ward, 0))
    window = open_window()
    window.show_list()
    group = ward.desk.study.place["NEWDM"][1].oid
    window.go_to(ward.subject, DM, DM.item(group, "NEWDM"))
    assert "release 1.1, which does not ask that" in wizard(window).foot.said()


def test_a_draft_of_the_list_leads_to_its_form(ward: Ward, open_window: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    take_receipt(ward.desk, give(ward, 0))
    window = open_window()
    page = today_page(window)

    def choose(dialog: ReleaseDialog) -> int:
        dialog.drafts[0].click()
        return dialog.result()

    monkeypatch.setattr(ReleaseDialog, "exec", choose)
    page.releases.acts[0].click()
    assert wizard(window).form == DM


def test_participants_for_whom_it_waits_are_named_with_the_reason(ward: Ward) -> None:
    take_receipt(ward.desk, give(ward, 0, EffectiveRule(consent="RECONDAT")))
    ward.sign_in_again()
    (news,) = release_news(ward.desk)
    assert news.taken
    assert [(subject, one.state) for subject, one in news.who] == [("01-001", "waits")]
    assert "Consent again" in news.who[0][1].says.en
    assert not news.drafts


@pytest.fixture
def compiled_by(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each set of rules that is compiled and each release that is read: was it on the window's thread?"""
    told: list[bool] = []
    compiles, reads = Rulebook._take, study_library.thaw

    def compile_told(book: Rulebook, rule: Rule) -> None:
        told.append(current_thread() is main_thread())
        compiles(book, rule)

    def read_told(content: bytes) -> Study:
        told.append(current_thread() is main_thread())
        return reads(content)

    monkeypatch.setattr(Rulebook, "_take", compile_told)
    monkeypatch.setattr(study_library, "thaw", read_told)
    return told


@pytest.mark.parametrize("days", [0, 5])
def test_nothing_is_compiled_on_the_thread_of_the_window_after_sign_in(
    ward: Ward, qtbot: QtBot, compiled_by: list[bool], days: int
) -> None:
    take_receipt(ward.desk, give(ward, days))
    ward.desk.close()
    compiled_by.clear()
    dress(dark=False, language="en")
    program = DeskProgram(ward.folder / "desk")
    program.show_sign_in()
    assert program.sign_in is not None
    qtbot.keyClicks(program.sign_in.passphrase, DEMO_PASSPHRASE)
    qtbot.keyClick(program.sign_in.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: program.window is not None, timeout=20_000)
    window = program.window
    assert window is not None
    assert today_page(window).releases.acts, "the release stands on Today"
    program.watch.end()
    window.closed.disconnect()
    ward.desk = window.desk
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents()
    assert compiled_by
    assert not any(compiled_by)


@pytest.mark.parametrize("days", [0, 1])
def test_a_receipt_is_read_and_its_release_compiled_beside_the_window(
    ward: Ward, open_window: Open, qtbot: QtBot, compiled_by: list[bool], days: int
) -> None:
    receipt = give(ward, days)
    window = open_window()
    window.show_transfer()
    view = window.view
    assert isinstance(view, TransferView)
    compiled_by.clear()
    view.take(receipt)
    qtbot.waitUntil(lambda: "Receipt taken in" in view.said(), timeout=20_000)
    ward.later(days=days)
    assert today_page(window).releases.acts
    assert ward.desk.session.version == "2.0"
    assert compiled_by
    assert not any(compiled_by)


def _choose_more(number: int) -> None:
    press(Qt.Key.Key_F9)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    QTest.keyClick(menu, Qt.Key(Qt.Key.Key_0 + number))
    QApplication.processEvents()
