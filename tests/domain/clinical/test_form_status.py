"""The state of a form follows from which records are covered."""

from __future__ import annotations

from typing import Any

from tests.factories import DLI_FORM, DLIDAT, record
from trialdesk.domain.clinical.changes import (
    FormCompleted,
    FormLocked,
    FormReopened,
    FormSigned,
    FormUnlocked,
    ItemCorrected,
    ItemEntered,
)
from trialdesk.domain.clinical.fold import fold
from trialdesk.domain.clinical.form_status import FormStatus, form_status

ENTERED = ItemEntered(path=DLIDAT, value="2026-03-04")
COMPLETED = FormCompleted(form=DLI_FORM, covers=("W1:1",))
SIGNED = FormSigned(
    form=DLI_FORM, covers=("W1:1",), meaning={"en": "a", "zh": "b"}, document="0" * 64, certificate="1"
)  # fmt: skip
CORRECTED = ItemCorrected(path=DLIDAT, value="2026-03-05", replaces=("W1:1",))


def status_after(*changes: Any) -> FormStatus:
    return form_status(fold("01-001", [record(n, change) for n, change in enumerate(changes, start=1)]), DLI_FORM)


def test_a_form_nobody_touched_is_empty() -> None:
    assert status_after() is FormStatus.EMPTY


def test_an_answer_makes_a_draft_and_completion_makes_it_complete() -> None:
    assert status_after(ENTERED) is FormStatus.DRAFT
    assert status_after(ENTERED, COMPLETED) is FormStatus.COMPLETE


def test_a_correction_after_completion_makes_it_a_draft_again() -> None:
    assert status_after(ENTERED, COMPLETED, CORRECTED) is FormStatus.DRAFT


def test_a_signed_form_shows_at_once_that_it_was_changed() -> None:
    assert status_after(ENTERED, COMPLETED, SIGNED) is FormStatus.SIGNED
    assert status_after(ENTERED, COMPLETED, SIGNED, CORRECTED) is FormStatus.CHANGED


def test_signing_again_covers_the_change() -> None:
    again = SIGNED.model_copy(update={"covers": ("W1:4",)})
    assert status_after(ENTERED, COMPLETED, SIGNED, CORRECTED, again) is FormStatus.SIGNED


def test_reopening_lifts_the_completion_it_names() -> None:
    assert status_after(ENTERED, COMPLETED, FormReopened(form=DLI_FORM, replaces=("W1:2",))) is FormStatus.DRAFT


def test_a_lock_stands_until_it_is_lifted() -> None:
    locked = (ENTERED, COMPLETED, FormLocked(form=DLI_FORM))
    assert status_after(*locked) is FormStatus.LOCKED
    assert status_after(*locked, FormUnlocked(form=DLI_FORM, replaces=("W1:3",))) is FormStatus.COMPLETE
