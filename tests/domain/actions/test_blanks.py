"""One act says for many empty questions why they have no value; answers stay."""

from __future__ import annotations

from tests.factories import TODAY, answered, investigator, make_book, nurse, path, record
from trialdesk.domain.actions.blanks import blanks, mark_missing
from trialdesk.domain.actions.outcome import Outcome, Refusal, Request
from trialdesk.domain.admin.role import Role
from trialdesk.domain.clinical.audit_record import Reason
from trialdesk.domain.clinical.changes import FormCompleted, ItemCorrected, ItemEntered
from trialdesk.domain.clinical.fold import fold
from trialdesk.domain.oid import FormPath
from trialdesk.domain.rules.assess import assess_form

PLX = FormPath("PLX", 1, "PLX")
GIVEN = [path(f"PLX[1]/PLX/INJ[{n}]/PLXGIVEN") for n in (1, 2, 3)]


def test_a_form_a_section_and_a_row_are_told_apart_and_only_what_needs_an_answer_counts() -> None:
    book = make_book()
    assessment = assess_form(book, answered({GIVEN[1]: "Y"}), PLX, TODAY)
    times = path("PLX[1]/PLX/INJ[2]/PLXTIM")
    assert set(blanks(assessment)) == {GIVEN[0], GIVEN[2], times}
    assert blanks(assessment, "INJ", 2) == (times,)
    assert blanks(assessment, "OTHER") == ()


def test_every_empty_question_gets_its_own_record_and_answers_are_not_touched() -> None:
    data = answered({GIVEN[1]: "Y"})
    outcome = mark_missing(data, nurse(), GIVEN, "ND")
    assert isinstance(outcome, Outcome)
    assert [(type(c), str(c.path), c.missing) for c in outcome.changes if isinstance(c, ItemEntered)] == [
        (ItemEntered, str(GIVEN[0]), "ND"),
        (ItemEntered, str(GIVEN[2]), "ND"),
    ]


def test_an_emptied_answer_is_corrected_and_a_reason_that_stands_stays() -> None:
    first = record(1, ItemEntered(path=GIVEN[0], value="Y"))
    emptied = record(2, ItemCorrected(path=GIVEN[0], replaces=(first.id,)))
    said = record(3, ItemEntered(path=GIVEN[1], missing="UNK"))
    outcome = mark_missing(fold("01-001", [first, emptied, said]), nurse(), GIVEN[:2], "NA")
    assert isinstance(outcome, Outcome)
    (change,) = outcome.changes
    assert isinstance(change, ItemCorrected)
    assert (change.path, change.missing, change.replaces) == (GIVEN[0], "NA", (emptied.id,))


def test_a_form_that_was_complete_asks_for_the_reason_once() -> None:
    done = record(1, FormCompleted(form=PLX, covers=()))
    data = fold("01-001", [done])
    refused = mark_missing(data, nurse(), GIVEN, "ND")
    assert isinstance(refused, Refusal)
    assert refused.kind == "reason_needed"
    made = mark_missing(data, nurse(Reason(code="LATE")), GIVEN, "ND")
    assert isinstance(made, Outcome)
    assert len(made.changes) == 3


def test_nothing_empty_says_so_and_a_monitor_marks_nothing() -> None:
    full = answered(dict.fromkeys(GIVEN, "Y"))
    nothing = mark_missing(full, investigator(), GIVEN, "ND")
    assert isinstance(nothing, Refusal)
    assert nothing.kind == "state"
    refused = mark_missing(answered({}), Request("m1", Role.MONITOR, TODAY), GIVEN, "ND")
    assert isinstance(refused, Refusal)
    assert refused.kind == "role"
