"""Giving, correcting and explaining answers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories import CHDAT, DLI_FORM, DLIDAT, TODAY, answered, investigator, make_book, nurse, path, record
from trialdesk.domain.actions.completing import complete_form
from trialdesk.domain.actions.entry import enter_item, explain_finding, strike_row
from trialdesk.domain.actions.outcome import Outcome, Refusal, Request
from trialdesk.domain.admin.role import Role
from trialdesk.domain.clinical.audit_record import Reason
from trialdesk.domain.clinical.changes import FormCompleted, FormLocked, ItemCorrected, ItemDerived, ItemEntered
from trialdesk.domain.clinical.fold import fold
from trialdesk.domain.clinical.subject_data import SubjectData

BOOK = make_book()
WHY = Reason(code="SOURCE")
WEIGHT = path("SCR[1]/VS/VS[1]/WT")


def after(*changes: Any) -> SubjectData:
    return fold("01-001", [record(n, change) for n, change in enumerate(changes, start=1)])


def made(outcome: Outcome | Refusal) -> tuple[Any, ...]:
    assert isinstance(outcome, Outcome), outcome
    return outcome.changes


def test_a_date_is_recorded_as_it_was_understood() -> None:
    (change,) = made(enter_item(BOOK, answered({}), nurse(), DLIDAT, "3/3"))
    assert change == ItemEntered(path=DLIDAT, value="2026-03-03")


def test_the_same_answer_again_writes_nothing() -> None:
    assert made(enter_item(BOOK, answered({DLIDAT: "2026-03-03"}), nurse(), DLIDAT, "20260303")) == ()


def test_leaving_an_empty_field_empty_writes_nothing() -> None:
    assert made(enter_item(BOOK, answered({}), nurse(), DLIDAT, "  ")) == ()


def test_a_correction_names_the_record_it_replaces() -> None:
    (change,) = made(enter_item(BOOK, answered({DLIDAT: "2026-03-03"}), nurse(), DLIDAT, "3/4"))
    assert change == ItemCorrected(path=DLIDAT, value="2026-03-04", replaces=("W1:1",))


def test_a_value_out_of_every_range_is_still_saved() -> None:
    (change,) = made(enter_item(BOOK, answered({}), nurse(), WEIGHT, "620"))
    assert change.value == "620"


def test_the_slips_zero_is_kept() -> None:
    (change,) = made(enter_item(BOOK, answered({}), nurse(), WEIGHT, "６２.0"))
    assert change.value == "62.0"


def test_another_unit_is_kept_as_entered() -> None:
    (change,) = made(enter_item(BOOK, answered({}), nurse(), WEIGHT, "62000", unit="g"))
    assert (change.value, change.unit) == ("62000", "g")


def test_not_done_is_an_answer() -> None:
    (change,) = made(enter_item(BOOK, answered({}), nurse(), WEIGHT, "", "ND"))
    assert (change.value, change.missing) == (None, "ND")


def test_what_cannot_be_read_is_refused_with_how_to_write_it() -> None:
    refused = enter_item(BOOK, answered({}), nurse(), WEIGHT, "sixty")
    assert isinstance(refused, Refusal)
    assert refused.kind == "not_readable"
    assert "数字" in refused.says.zh


def test_a_whole_date_is_asked_for_where_a_partial_one_will_not_do() -> None:
    refused = enter_item(BOOK, answered({}), nurse(), DLIDAT, "UN/3/2026")
    assert isinstance(refused, Refusal)
    (change,) = made(enter_item(BOOK, answered({}), nurse(), path("AE[1]/AE/AE[1]/AESTDAT"), "UN/3/2026"))
    assert change.value == "2026-03"


def test_once_complete_a_change_needs_a_reason() -> None:
    data = after(ItemEntered(path=DLIDAT, value="2026-03-03"), FormCompleted(form=DLI_FORM, covers=("W1:1",)))
    refused = enter_item(BOOK, data, nurse(), DLIDAT, "3/4")
    assert isinstance(refused, Refusal)
    assert refused.kind == "reason_needed"
    outcome = enter_item(BOOK, data, nurse(WHY), DLIDAT, "3/4")
    assert isinstance(outcome, Outcome)
    assert outcome.reason == WHY


@pytest.mark.parametrize("role", [Role.MONITOR, Role.DATA_MANAGER, Role.ADMINISTRATOR])
def test_the_centre_cannot_write_the_sites_data(role: Role) -> None:
    refused = enter_item(BOOK, answered({}), Request("x", role, TODAY), DLIDAT, "3/3")
    assert isinstance(refused, Refusal)
    assert refused.kind == "role"


def test_a_locked_form_says_whom_to_ask() -> None:
    data = after(ItemEntered(path=DLIDAT, value="2026-03-03"), FormLocked(form=DLI_FORM))
    refused = enter_item(BOOK, data, investigator(), DLIDAT, "3/4")
    assert isinstance(refused, Refusal)
    assert "data manager" in refused.says.en


def test_a_computed_answer_cannot_be_typed() -> None:
    refused = enter_item(BOOK, answered({}), nurse(), DLI_FORM.item("DLI", "DLIGAP"), "3")
    assert isinstance(refused, Refusal)


def test_a_reason_settles_a_soft_finding_until_the_value_changes() -> None:
    data = answered({CHDAT: "2026-03-01", DLIDAT: "2026-03-06"})
    assert isinstance(complete_form(BOOK, data, nurse(), DLI_FORM, lambda i: f"W1:{3 + i}"), Refusal)
    (kept,) = made(explain_finding(BOOK, data, nurse(), DLIDAT, "DOSE-01", "MEDICAL"))
    explained = fold("01-001", [record(3, kept)], data)
    changes = made(complete_form(BOOK, explained, nurse(), DLI_FORM, lambda i: f"W1:{4 + i}"))
    assert [change.kind for change in changes] == ["ItemDerived", "FormCompleted"]
    moved = fold("01-001", [record(4, ItemCorrected(path=DLIDAT, value="2026-03-07", replaces=("W1:2",)))], explained)
    assert isinstance(complete_form(BOOK, moved, nurse(), DLI_FORM, lambda i: f"W1:{5 + i}"), Refusal)


def test_other_as_a_reason_needs_words() -> None:
    data = answered({CHDAT: "2026-03-01", DLIDAT: "2026-03-06"})
    assert isinstance(explain_finding(BOOK, data, nurse(), DLIDAT, "DOSE-01", "OTHER", " "), Refusal)


def test_completion_covers_what_was_seen_computed_answers_included() -> None:
    data = answered({CHDAT: "2026-03-01", DLIDAT: "2026-03-05"})
    derived, completed = made(complete_form(BOOK, data, nurse(), DLI_FORM, lambda i: f"W1:{3 + i}"))
    assert isinstance(derived, ItemDerived)
    assert derived.value == "4"
    assert completed.covers == ("W1:2", "W1:3")


def test_an_unfinished_form_says_how_much_is_left() -> None:
    refused = complete_form(BOOK, answered({CHDAT: "2026-03-01"}), nurse(), DLI_FORM, lambda i: f"W1:{i}")
    assert isinstance(refused, Refusal)
    assert "1 empty" in refused.says.en


def test_a_struck_row_needs_a_reason_and_leaves_the_rules() -> None:
    term = path("AE[1]/AE/AE[1]/AETERM")
    data = answered({term: "Nausea"})
    assert isinstance(strike_row(data, nurse(), term.form_path), Refusal)
    (change,) = made(strike_row(data, nurse(WHY), term.form_path))
    gone = fold("01-001", [record(2, change)], data)
    assert gone.value(term) is None
    assert term in gone.items
