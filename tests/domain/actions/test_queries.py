"""A question may be put again in its own thread; what was answered and closed stays to be read."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest

from tests.strategies import PATHS, SUBJECT, entered
from trialdesk.domain.actions.outcome import Outcome, Refusal, Request
from trialdesk.domain.actions.queries import ask_again
from trialdesk.domain.admin.role import Role
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import Change, QueryAnswered, QueryAskedAgain, QueryClosed, QueryOpened
from trialdesk.domain.clinical.fold import fold
from trialdesk.domain.clinical.subject_data import SubjectData, turn_line
from trialdesk.domain.text import Text

MANAGER = Request("dm1", Role.DATA_MANAGER, date(2026, 3, 20))
WHY = Text(en="Which unit?", zh="请核对单位。")
MORE = Text(en="The slip says otherwise.", zh="检验单与此不符。")


def said(seq: int, change: Change, origin: str = "W1") -> AuditRecord:
    return entered(seq, origin).model_copy(update={"change": change})


ASKED = said(1, QueryOpened(source="Data Management", paths=(PATHS[0],), says=WHY), "C")
ANSWER = said(1, QueryAnswered(query="C:1", words="mg/dL"))
CLOSED = said(2, QueryClosed(query="C:1", words=""), "C")


def put_again(data: SubjectData) -> QueryAskedAgain:
    done = ask_again(data, MANAGER, "C:1", MORE)
    assert isinstance(done, Outcome)
    (change,) = done.changes
    assert isinstance(change, QueryAskedAgain)
    return change


def test_an_answer_that_does_not_settle_it_leaves_the_question_open_again_with_all_that_was_said() -> None:
    again = said(3, put_again(fold(SUBJECT, [ASKED, ANSWER])), "C")
    query = fold(SUBJECT, [ASKED, ANSWER, again]).queries["C:1"]
    assert (query.state, query.says) == ("Open", MORE)
    assert {turn_line(record) for record in query.thread} == {"mg/dL", "检验单与此不符。 The slip says otherwise."}
    second = said(2, QueryAnswered(query="C:1", words="μmol/L"))
    assert fold(SUBJECT, [ASKED, ANSWER, again, second]).queries["C:1"].state == "Answered"


def test_a_closed_question_can_be_taken_up_again() -> None:
    again = said(3, put_again(fold(SUBJECT, [ASKED, ANSWER, CLOSED])), "C")
    assert fold(SUBJECT, [ASKED, ANSWER, CLOSED, again]).queries["C:1"].state == "Open"


def test_an_answer_of_another_laptop_that_nobody_had_read_still_counts() -> None:
    again = said(3, put_again(fold(SUBJECT, [ASKED, ANSWER])), "C")
    other = said(9, QueryAnswered(query="C:1", words="from the other laptop"), "W2")
    for order in permutations([ASKED, ANSWER, again, other]):
        assert fold(SUBJECT, list(order)).queries["C:1"].state == "Answered"


@pytest.mark.parametrize(
    ("records", "says", "words"),
    [
        ((ASKED,), MORE, "has not answered"),
        ((ASKED, ANSWER), Text(en=" ", zh=" "), "still to be clarified"),
        ((ASKED, said(2, QueryClosed(query="C:1", words="mistake", cancelled=True), "C")), MORE, "settled"),
    ],
)
def test_asking_again_is_refused(records: tuple[AuditRecord, ...], says: Text, words: str) -> None:
    done = ask_again(fold(SUBJECT, records), MANAGER, "C:1", says)
    assert isinstance(done, Refusal)
    assert words in done.says.en


def test_the_site_itself_does_not_ask() -> None:
    nurse = Request("nurse1", Role.NURSE, date(2026, 3, 20))
    assert isinstance(ask_again(fold(SUBJECT, [ASKED, ANSWER]), nurse, "C:1", MORE), Refusal)
