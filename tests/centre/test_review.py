"""The centre asks, holds, locks and verifies; the ward hears of it with the receipt, answers, and the answer comes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenario import Ward
from trialdesk.centre.letters import write_receipts
from trialdesk.centre.review import Reviewer
from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.admin.role import Role
from trialdesk.domain.clinical.form_status import FormStatus
from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.transfer import take_receipt
from trialdesk.storage import projections
from trialdesk.storage.centre_lists import CentreLists, QueryLine

DM = FormPath("SCR", 1, "DM")
WHY = Text(en="Sex and date of birth do not agree with the card.", zh="性别和出生日期与病历首页不一致。")


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    """A participant with a date of birth and a sex, held by the centre."""
    opened = Ward(tmp_path)
    opened.enrol()
    opened.open("SCR[1]/DM")
    opened.fill(BRTHDAT="1990-05-01", SEX="F")
    opened.receive(opened.send())
    yield opened
    opened.leave()


def manager(ward: Ward) -> Reviewer:
    return Reviewer(ward.centre, "dm1", Role.DATA_MANAGER, ward.clock.now())


def monitor(ward: Ward) -> Reviewer:
    return Reviewer(ward.centre, "mon1", Role.MONITOR, ward.clock.now())


def paths(ward: Ward, *items: str) -> tuple:
    data = ward.desk.session.data("01-001")
    return tuple(path for name in items for path in data.by_item[name])


def post(ward: Ward) -> None:
    """The centre writes receipts onto the stick, and the ward takes them in."""
    for path in write_receipts(ward.centre, ward.folder / "stick"):
        taken = take_receipt(ward.desk, path)
        assert not isinstance(taken, Refusal), taken.says.en


def board(ward: Ward, *states: str) -> tuple[QueryLine, ...]:
    projections.refresh(ward.centre.engine)
    return CentreLists(ward.centre.engine).queries(states)


def test_one_question_about_two_fields_goes_out_is_answered_and_settled(ward: Ward) -> None:
    (asked,) = manager(ward).issue("01-001", paths(ward, "BRTHDAT", "SEX"), WHY)
    assert asked.id == "CENTRE-W1:1"
    post(ward)
    casebook = ward.desk.casebook("01-001")
    (query,) = casebook.data.open_queries(DM)
    assert (query.id, query.change.says, len(query.change.paths)) == (asked.id, WHY, 2)
    casebook.answer(query.id, "The card is right; corrected.")
    ward.receive(ward.send())
    (line,) = board(ward, "Answered")
    assert (line.said, line.says_zh) == ("The card is right; corrected.", WHY.zh)
    assert not isinstance(manager(ward).close("01-001", asked.id, "Agreed."), Refusal)
    assert board(ward, "Open", "Answered") == ()
    post(ward)
    assert ward.desk.session.data("01-001").queries[asked.id].state == "Closed"
    assert ward.desk.verify().whole


def test_the_ward_confirms_what_it_holds_and_is_not_told_twice(ward: Ward) -> None:
    manager(ward).issue("01-001", paths(ward, "SEX"), WHY)
    post(ward)
    post(ward)
    ward.enter("SEX", "M")
    ward.receive(ward.send())
    before = ward.desk.trail.head("CENTRE-W1")
    assert before[0] == 1
    post(ward)
    assert ward.desk.trail.head("CENTRE-W1") == before


def test_a_drafted_query_is_seen_by_no_site_until_it_is_issued(ward: Ward) -> None:
    (draft,) = manager(ward).propose("01-001", paths(ward, "SEX"), WHY)
    (other,) = monitor(ward).propose("01-001", paths(ward, "BRTHDAT"), WHY)
    assert {line.state for line in board(ward)} == {"Candidate"}
    post(ward)
    assert not list(ward.desk.casebook("01-001").data.open_queries())
    manager(ward).issue_candidate("01-001", draft.id)
    assert isinstance(manager(ward).close("01-001", other.id, "", cancelled=True), Refusal), "dropping needs a reason"
    manager(ward).close("01-001", other.id, "asked by telephone", cancelled=True)
    (line,) = board(ward)
    assert (line.state, line.source) == ("Open", "Data Management")


def test_a_query_needs_both_languages_and_a_field(ward: Ward) -> None:
    assert isinstance(manager(ward).issue("01-001", paths(ward, "SEX"), Text(en="Why?", zh="")), Refusal)
    assert isinstance(manager(ward).issue("01-001", (), WHY), Refusal)
    with pytest.raises(KnownError, match="no participant"):
        manager(ward).close("99-999", "CENTRE:1", "x")


def test_a_frozen_form_takes_no_change_but_its_query_can_be_answered(ward: Ward) -> None:
    manager(ward).freeze("01-001", DM)
    post(ward)
    refused = ward.desk.casebook("01-001").enter(paths(ward, "SEX")[0], "M")
    assert isinstance(refused, Refusal)
    assert "holds this form still" in refused.says.en
    manager(ward).thaw("01-001", DM)
    post(ward)
    assert not isinstance(ward.desk.casebook("01-001").enter(paths(ward, "SEX")[0], "M"), Refusal)


def test_a_lock_takes_a_signature_and_two_persons(ward: Ward) -> None:
    assert isinstance(manager(ward).lock("01-001", DM, "dm2"), Refusal), "the form is not signed"
    assert isinstance(monitor(ward).lock("01-001", DM, "dm2"), Refusal)
    alone = manager(ward).unlock("01-001", DM, "dm1", "wrong form")
    assert isinstance(alone, Refusal)
    assert "two persons" in alone.says.en


def test_a_comparison_with_the_source_ends_with_the_answer_it_was_made_for(ward: Ward) -> None:
    sex, born = paths(ward, "SEX", "BRTHDAT")
    (seen,) = monitor(ward).verify("01-001", (sex, born), "Medical record", "front page")
    data = monitor(ward).data("01-001")
    assert data.verification(sex) == data.verification(born) == seen
    ward.enter("SEX", "M")
    ward.receive(ward.send())
    assert monitor(ward).data("01-001").verification(sex) is None
    assert isinstance(monitor(ward).unverify("01-001", seen.id, ""), Refusal)
    monitor(ward).unverify("01-001", seen.id, "another patient's record")
    assert monitor(ward).data("01-001").verification(born) is None
    assert isinstance(manager(ward).verify("01-001", (sex,), "Other", "p. 1"), Refusal), "the monitor compares"


def test_a_letter_that_claims_an_answer_is_not_taken_in(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    from trialdesk.domain.clinical.changes import ItemEntered

    sex = paths(ward, "SEX")[0]
    manager(ward).tell("W1", ItemEntered(path=sex, value="M"))
    with pytest.raises(KnownError, match="may not write"):
        post(ward)
    assert ward.desk.trail.head("CENTRE-W1")[0] == 0


def test_what_the_centre_checks_becomes_drafts_that_settle_themselves(ward: Ward) -> None:
    assert manager(ward).check("01-001") == ()
    assert ward.desk.casebook("01-001").status(DM) is FormStatus.DRAFT


def test_an_answer_that_does_not_satisfy_is_asked_again_in_the_same_thread(ward: Ward) -> None:
    (asked,) = manager(ward).issue("01-001", paths(ward, "SEX"), WHY)
    post(ward)
    ward.casebook.answer(asked.id, "The card is right.")
    ward.receive(ward.send())
    more = Text(en="Which card?", zh="请注明是哪份资料。")
    assert not isinstance(manager(ward).ask_again("01-001", asked.id, more), Refusal)
    (line,) = board(ward, "Open")
    assert (line.id, line.says_en, line.said) == (asked.id, "Which card?", "The card is right.")
    post(ward)
    (query,) = ward.desk.casebook("01-001").data.open_queries(DM)
    assert (query.state, query.says, query.words) == ("Open", more, ("The card is right.",))
    ward.casebook.answer(asked.id, "The admission sheet.")
    ward.receive(ward.send())
    (line,) = board(ward, "Answered")
    assert line.said == "The admission sheet."
    assert ward.desk.verify().whole
