"""The query board: drafts go out, answers are closed or asked again, and a query leads to its field."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.scenario import Ward
from tests.ui.centre.conftest import SUBJECT, WHY, Wait
from trialdesk.centre.at_work import AtWork
from trialdesk.centre.letters import write_receipts
from trialdesk.services.transfer import take_receipt
from trialdesk.ui.centre.queries_page import QueriesPage
from trialdesk.ui.centre.record_page import RecordPage
from trialdesk.ui.centre.window import CentreWindow


@pytest.fixture
def board(window: CentreWindow) -> QueriesPage:
    window.go("queries")
    page = window.pages["queries"]
    assert isinstance(page, QueriesPage)
    return page


def answered(ward: Ward, work: AtWork) -> str:
    """A query about the sex that the ward has answered."""
    (asked,) = work.ask(SUBJECT, [ward.path("SEX")], WHY, draft=False)  # type: ignore[misc]
    for path in write_receipts(ward.centre, ward.folder / "out"):
        take_receipt(ward.desk, path)
    ward.casebook.answer(asked.id, "It is right.")
    ward.receive(ward.send())
    work.refresh()
    return str(asked.id)


def test_a_drafted_query_is_sent_and_cancelled_from_the_board(board: QueriesPage, work: AtWork, ward: Ward) -> None:
    work.ask(SUBJECT, [ward.path("SEX")], WHY, draft=True)
    board.narrow("Candidate")
    assert board.table.lines.rowCount() == 1
    assert [act.words.en for act in board.acts()] == ["Check all", "Send 1 drafted"]
    assert board.issue_all() == 1
    assert "1 queries go out" in board.said.text()
    board.narrow("Open")
    assert board.table.lines.rowCount() == 1
    board.cancel_it.click()
    assert "Say why" in board.said.text()
    board.question.put("asked in error")
    board.cancel_it.click()
    assert board.table.lines.rowCount() == 0
    assert work.lists.query_counts() == {"Cancelled": 1}
    board.narrow("Closed")
    assert board.table.lines.rowCount() == 1, "what was cancelled can still be read"


def test_an_answer_that_does_not_settle_it_is_asked_again_by_keys(
    board: QueriesPage, work: AtWork, ward: Ward, qtbot: QtBot
) -> None:
    name = answered(ward, work)
    board.refresh()
    board.narrow("Answered")
    qtbot.keyClick(board.table, Qt.Key.Key_R)
    assert board.question.lead.hasFocus()
    board.ask_again()
    assert "still to be clarified" in board.said.text()
    board.question.put("By which source?", "依据哪份资料？")
    board.question.sent.emit()
    board.narrow("Open")
    assert board.line() is not None
    shown = {label.text() for label in board.thread_view.findChildren(QLabel)}
    assert {WHY.en, "It is right.", "By which source?", "依据哪份资料？"} <= shown
    assert work.data(SUBJECT).queries[name].state == "Open"
    qtbot.keyClick(board.table, Qt.Key.Key_C)
    assert work.data(SUBJECT).queries[name].state == "Closed"


def test_a_query_leads_to_its_field_with_what_stood_there_when_it_was_asked(
    window: CentreWindow, board: QueriesPage, work: AtWork, ward: Ward, qtbot: QtBot
) -> None:
    answered(ward, work)
    ward.later(hours=1)
    ward.enter("SEX", "M")
    ward.receive(ward.send())
    work.refresh()
    board.refresh()
    board.narrow("Answered")
    shown = [label.text() for label in board.thread_view.findChildren(QLabel)]
    assert shown[shown.index("Now") + 1] == "Male"
    assert shown[shown.index("When asked") + 1] == "Female"
    qtbot.keyClick(board.table, Qt.Key.Key_Return)
    page = window.pages["record"]
    assert isinstance(page, RecordPage)
    assert (window.place, page.subject) == ("record", SUBJECT)
    field = page.field()
    assert field is not None
    assert field.path == ward.path("SEX")
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert window.place == "queries"


def test_the_board_is_narrowed_by_source_and_age(board: QueriesPage, work: AtWork, ward: Ward) -> None:
    work.ask(SUBJECT, [ward.path("SEX")], WHY, draft=False)
    work._reviewer.moment = ward.clock.now().replace(month=4)
    board.refresh()
    assert board.table.lines.rowCount() == 1
    board.source.setCurrentIndex(board.source.findData("Monitor"))
    assert board.table.lines.rowCount() == 0
    assert "No query meets the filters" in " ".join(one.text() for one in board.thread_view.findChildren(QLabel))
    board.source.setCurrentIndex(0)
    board.age.setCurrentIndex(board.age.findData(3))
    assert board.table.lines.rowCount() == 1
    board.age.setCurrentIndex(board.age.findData(0))
    assert board.table.lines.rowCount() == 0


def test_check_all_runs_beside_the_window_and_says_how_many_it_drafted(
    board: QueriesPage, work: AtWork, ward: Ward, over: Wait
) -> None:
    ward.complete()
    ward.open("SCR[1]/VS")
    ward.fill(WEIGHT="62")
    ward.receive(ward.send())
    work.refresh()
    board.check()
    over(board)
    assert "queries drafted" in board.said.text()


def test_what_a_check_had_drafted_stays_when_it_is_left_off(board: QueriesPage, over: Wait) -> None:
    board.check()
    board.busy.leave_off()
    over(board)
    assert board.said.text().startswith(("Left off", "0 queries"))
