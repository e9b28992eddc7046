"""Whole forms, medical review and trail review: who may, when it is refused, and what ends it."""

from __future__ import annotations

from datetime import date

import pytest

from tests.factories import path, record
from trialdesk.domain.actions.monitoring import lift_medical_review, review_medically, review_trail, verify_form
from trialdesk.domain.actions.outcome import Outcome, Refusal, Request
from trialdesk.domain.admin.role import Role
from trialdesk.domain.clinical.changes import FormCompleted, ItemCorrected, ItemEntered, RowStruck
from trialdesk.domain.clinical.fold import fold
from trialdesk.domain.clinical.subject_data import SubjectData

TERM, DAY = path("AE[1]/AE/AE[1]/AETERM"), path("AE[1]/AE/AE[1]/AESTDAT")
FORM = TERM.form_path


def asking(role: Role) -> Request:
    return Request("someone", role, date(2026, 3, 20))


def casebook(*more: object) -> SubjectData:
    changes = (
        ItemEntered(path=TERM, value="fever"),
        ItemEntered(path=DAY, value="2026-03-18"),
        FormCompleted(form=FORM, covers=("W1:1", "W1:2")),
        *more,
    )
    return fold("01-001", [record(n, change) for n, change in enumerate(changes, 1)])


def reviewed(data: SubjectData) -> SubjectData:
    done = review_medically(data, asking(Role.MEDICAL_REVIEWER), FORM, "plausible")
    assert isinstance(done, Outcome)
    return fold("01-001", [record(50, done.changes[0], origin="CENTRE")], data)


def kind(outcome: Outcome | Refusal) -> str:
    return outcome.kind if isinstance(outcome, Refusal) else "done"


def test_all_of_a_form_at_once_needs_the_form_read_to_its_end() -> None:
    monitor = asking(Role.MONITOR)
    unread = verify_form(casebook(), monitor, FORM, (TERM, DAY), "Medical record", "p. 2", read=False)
    assert isinstance(unread, Refusal)
    assert "to its end" in unread.says.en
    done = verify_form(casebook(), monitor, FORM, (TERM, DAY), "Medical record", "p. 2", read=True)
    assert isinstance(done, Outcome)
    assert [change.kind for change in done.changes] == ["FormRead", "SourceVerified"]
    other = path("SCR[1]/DM/DM[1]/SEX")
    assert kind(verify_form(casebook(), monitor, FORM, (other,), "Other", "p. 2", read=True)) == "state"
    assert kind(verify_form(casebook(), monitor, FORM, (TERM,), "Other", " ", read=True)) == "reason_needed"


@pytest.mark.parametrize("role", list(Role))
def test_only_the_medical_reviewer_reviews_medically_and_only_the_monitor_verifies(role: Role) -> None:
    asked = asking(role)
    medical = review_medically(casebook(), asked, FORM)
    assert (kind(medical) == "done") is (role is Role.MEDICAL_REVIEWER)
    lifted = lift_medical_review(reviewed(casebook()), asked, "CENTRE:50", "wrong form")
    assert (kind(lifted) == "done") is (role is Role.MEDICAL_REVIEWER)
    verified = verify_form(casebook(), asked, FORM, (TERM,), "Other", "p. 1", read=True)
    assert (kind(verified) == "done") is (role is Role.MONITOR)
    trail = review_trail(asked, ("W1:3",), (), "nothing to note")
    assert (kind(trail) == "done") is (role in (Role.MONITOR, Role.DATA_MANAGER))


def test_a_medical_review_holds_for_the_form_as_it_stood() -> None:
    data = reviewed(casebook())
    standing = data.medical_review(FORM)
    assert standing is not None
    assert kind(review_medically(data, asking(Role.MEDICAL_REVIEWER), FORM)) == "state"
    changed = fold("01-001", [record(9, ItemCorrected(path=TERM, value="pain", replaces=("W1:1",)))], data)
    assert changed.medical_review(FORM) is None
    struck = fold("01-001", [record(9, RowStruck(form=FORM))], data)
    assert struck.medical_review(FORM) is None


def test_a_medical_review_is_taken_back_with_a_reason_once() -> None:
    data, reviewer = reviewed(casebook()), asking(Role.MEDICAL_REVIEWER)
    assert kind(lift_medical_review(data, reviewer, "CENTRE:50", " ")) == "reason_needed"
    done = lift_medical_review(data, reviewer, "CENTRE:50", "looked at another participant")
    assert isinstance(done, Outcome)
    after = fold("01-001", [record(51, done.changes[0], origin="CENTRE")], data)
    assert after.medical_review(FORM) is None
    assert kind(lift_medical_review(after, reviewer, "CENTRE:50", "again")) == "state"


def test_a_draft_is_not_reviewed() -> None:
    draft = fold("01-001", [record(1, ItemEntered(path=TERM, value="fever"))])
    assert kind(review_medically(draft, asking(Role.MEDICAL_REVIEWER), FORM)) == "state"


def test_a_trail_review_needs_a_conclusion() -> None:
    monitor = asking(Role.MONITOR)
    assert kind(review_trail(monitor, ("W1:3",), (), "")) == "reason_needed"
    assert kind(review_trail(monitor, (), (), "nothing to note")) == "state"
