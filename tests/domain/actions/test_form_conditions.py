"""The conditions of an act on a form say how each stands, and the act is refused while one is not met."""

from __future__ import annotations

from datetime import date

from tests.strategies import PATHS, SUBJECT, entered
from trialdesk.domain.actions.form_conditions import conditions, ready
from trialdesk.domain.actions.outcome import Outcome, Refusal, Request
from trialdesk.domain.actions.review import freeze_form, lock_form, thaw_form
from trialdesk.domain.admin.role import Role
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import FormFrozen, FormSigned, ItemCorrected, QueryOpened
from trialdesk.domain.clinical.fold import fold
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.text import Text

FORM = PATHS[0].form_path
MANAGER = Request("dm1", Role.DATA_MANAGER, date(2026, 3, 20))
WORDS = Text(en="Words", zh="文字")


def held(*more: AuditRecord) -> SubjectData:
    return fold(SUBJECT, [entered(1), *more])


def act(seq: int, change: object) -> AuditRecord:
    return entered(seq).model_copy(update={"change": change})


SIGNED = act(
    2, FormSigned(form=FORM, covers=("W1:1",), meaning=WORDS, document="0" * 64, certificate="1")
)  # fmt: skip


def unmet(data: SubjectData) -> list[str]:
    return [one.says.en for one in conditions(data, FORM, "lock") if not one.met]


def test_a_form_is_locked_once_it_is_signed_unchanged_undisputed_and_unasked() -> None:
    assert unmet(held()) == ["No investigator has signed it yet"]
    assert unmet(held(SIGNED)) == []
    assert isinstance(lock_form(held(SIGNED), MANAGER, FORM, "dm2"), Outcome)
    corrected = act(3, ItemCorrected(path=PATHS[0], value="2", replaces=("W1:1",)))
    assert unmet(held(SIGNED, corrected)) == ["Changed since the signature: 1 records. Let it be signed again"]
    asked = act(3, QueryOpened(source="Monitor", paths=(PATHS[0],), says=WORDS))
    assert unmet(held(SIGNED, asked)) == ["Waiting: 1 queries. Settle them first"]
    assert isinstance(lock_form(held(SIGNED, asked), MANAGER, FORM, "dm2"), Refusal)


def test_an_answer_two_laptops_give_differently_keeps_a_form_from_being_locked() -> None:
    sides = [
        entered(seq, origin).model_copy(
            update={"change": ItemCorrected(path=PATHS[0], value=value, replaces=("W1:1",))}
        )
        for seq, origin, value in ((5, "W1", "2"), (1, "W2", "3"))
    ]
    both = act(6, FormSigned(form=FORM, covers=("W1:5", "W2:1"), meaning=WORDS, document="0" * 64, certificate="1"))
    assert unmet(held(*sides, both)) == ["Disputed between laptops: 1 answers"]


def test_freezing_and_thawing_take_turns() -> None:
    assert ready(held(), FORM, "freeze")
    assert not ready(held(), FORM, "thaw")
    frozen = held(act(2, FormFrozen(form=FORM)))
    assert [one.says.en for one in conditions(frozen, FORM, "freeze") if not one.met] == ["The form is held still"]
    assert isinstance(freeze_form(frozen, MANAGER, FORM), Refusal)
    assert isinstance(thaw_form(frozen, MANAGER, FORM), Outcome)
