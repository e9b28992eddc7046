"""Signing many forms in one sitting: each is shown, each gets a signature of its own, the passphrase is given once.

21 CFR 11.200(a)(1)(i): a series of signings in one continuous session; closing the window ends it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.actions.signing import next_field, preflight
from trialdesk.domain.admin.signature_def import FieldName
from trialdesk.domain.clinical.form_status import FormStatus
from trialdesk.domain.oid import FormPath
from trialdesk.services.casebook import Casebook
from trialdesk.services.credential import open_credential
from trialdesk.services.desk import OpenDesk
from trialdesk.services.signing import Prepared, Signed, put_signature

Told = Callable[[int, int], bool]
"""Hears how many of how many are done; answers False to stop after this one."""


@dataclass(frozen=True)
class Batch:
    """What became of a series: forms signed, forms refused with the reason, and whether it was stopped early."""

    signed: tuple[Signed, ...]
    refused: tuple[tuple[FormPath, Refusal], ...] = ()
    stopped: bool = False


def clean_forms(
    desk: OpenDesk, field: FieldName, subjects: Sequence[str] | None = None
) -> Iterator[tuple[Casebook, FormPath]]:
    """Every form that waits for this signature and has nothing left to settle, participant by participant."""
    request = desk.session.request()
    for subject in desk.subjects() if subjects is None else subjects:
        casebook = desk.casebook(subject)
        data = casebook.data
        for form in sorted(data.by_form):
            definition = casebook.study(form).form.get(form.form)
            waits = casebook.status(form) in (FormStatus.COMPLETE, FormStatus.CHANGED)
            if definition is None or not definition.signed or not waits or (form, None, 1) in data.struck:
                continue
            if next_field(data, form) == field and all(
                line.fine for line in preflight(casebook.book(form), data, request, form, field)
            ):
                yield casebook, form


def sign_shown(
    desk: OpenDesk,
    shown: Sequence[tuple[Casebook, Prepared]],
    passphrase: str,
    user_id: str,
    told: Told = lambda done, of: True,
) -> Batch:
    """Sign each paper that was shown; one that changed meanwhile is refused by name and does not stop the others.

    Raises KnownError for a wrong passphrase or a person who has no certificate fit to sign; nothing is signed then.
    """
    credential = open_credential(desk, user_id, passphrase)
    signed: list[Signed] = []
    refused: list[tuple[FormPath, Refusal]] = []
    for number, (casebook, prepared) in enumerate(shown, start=1):
        outcome = put_signature(desk, casebook, prepared, credential)
        if isinstance(outcome, Refusal):
            refused.append((prepared.form, outcome))
        else:
            signed.append(outcome)
        if not told(number, len(shown)) and number < len(shown):
            return Batch(tuple(signed), tuple(refused), stopped=True)
    return Batch(tuple(signed), tuple(refused))
