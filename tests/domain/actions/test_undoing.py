"""An answer is taken back by a correction that says so; what another act changed since is left alone."""

from __future__ import annotations

from tests.factories import DLI_FORM, DLIDAT, answered, nurse, record
from trialdesk.domain.actions.outcome import Outcome, Refusal
from trialdesk.domain.actions.undoing import Step, answer_at, set_back
from trialdesk.domain.clinical.audit_record import Reason
from trialdesk.domain.clinical.changes import FormCompleted, FormLocked, ItemCorrected, ItemEntered
from trialdesk.domain.clinical.fold import fold

NOTHING = (None, None, None)
TYPED = ("2026-03-05", None, None)
BACK = Step(DLIDAT, TYPED, NOTHING)


def test_a_first_answer_goes_back_to_nothing_under_the_reason_undo() -> None:
    data = answered({DLIDAT: "2026-03-05"})
    outcome = set_back(data, nurse(), [BACK], "UNDO")
    assert isinstance(outcome, Outcome)
    (change,) = outcome.changes
    assert isinstance(change, ItemCorrected)
    assert change.value is None
    assert change.replaces == data.items[DLIDAT].head_ids
    assert outcome.reason == Reason(code="UNDO")
    after = fold("01-001", [record(2, change, reason=outcome.reason)], data)
    assert answer_at(after, DLIDAT) == NOTHING
    again = set_back(after, nurse(), [BACK.back], "REDO")
    assert isinstance(again, Outcome)
    assert again.changes[0].value == "2026-03-05"  # type: ignore[union-attr]


def test_an_answer_that_changed_since_is_left_alone() -> None:
    refused = set_back(answered({DLIDAT: "2026-03-06"}), nurse(), [BACK], "UNDO")
    assert isinstance(refused, Refusal)
    assert refused.kind == "state"


def test_a_completed_form_asks_why_and_keeps_the_reason_given() -> None:
    first = record(1, ItemEntered(path=DLIDAT, value="2026-03-05"))
    data = fold("01-001", [first, record(2, FormCompleted(form=DLI_FORM, covers=(first.id,)))])
    refused = set_back(data, nurse(), [BACK], "UNDO")
    assert isinstance(refused, Refusal)
    assert refused.kind == "reason_needed"
    made = set_back(data, nurse(Reason(code="SOURCE")), [BACK], "UNDO")
    assert isinstance(made, Outcome)
    assert made.reason == Reason(code="SOURCE")


def test_a_locked_form_stays_as_it_is() -> None:
    first = record(1, ItemEntered(path=DLIDAT, value="2026-03-05"))
    data = fold("01-001", [first, record(2, FormLocked(form=DLI_FORM))])
    refused = set_back(data, nurse(), [BACK], "UNDO")
    assert isinstance(refused, Refusal)
    assert refused.kind == "locked"
