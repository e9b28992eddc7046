"""Good CRFs in every state, language, length and stage of signing: not one may be refused.

The suite judges 40; `TRIALDESK_GOOD_CRFS=200` judges as many as named, in the same spread.
"""

from __future__ import annotations

import os
from datetime import timedelta
from itertools import cycle, islice, product

import pytest

from tests.documents.crf_maker import INVESTIGATOR, LIST, NOW, NURSE, TRUST, Making, content, give, sealed
from trialdesk.documents.crf import render_crf
from trialdesk.documents.signing import prepare_fields
from trialdesk.documents.verifying import Flaw, verify_crf
from trialdesk.domain.clinical.form_status import STATUS_WORDS, FormStatus
from trialdesk.security.trust import StudyTrust

COUNT = int(os.environ.get("TRIALDESK_GOOD_CRFS", "40"))
STATES = tuple(STATUS_WORDS[one] for one in FormStatus)
KINDS = tuple(product((True, False), STATES, (2, 30, 90), ("signed", "sealed", "sealed twice", "own entry")))
TRUSTED = StudyTrust(TRUST.root, (LIST,))


def made(number: int) -> bytes:
    """The number-th good CRF."""
    zh, state, rows, stage = next(islice(cycle(KINDS), number * 7, None))
    subject = f"01-{number % 999 + 1:03d}"
    base = render_crf(content(subject, f"{number / 10 + 1:.1f}", zh, rows, state))
    nurse = INVESTIGATOR if stage == "own entry" else NURSE
    pdf = Making(base, nurse=nurse, at=NOW - timedelta(days=number % 20)).signed()
    for _ in range({"sealed": 1, "sealed twice": 2}.get(stage, 0)):
        pdf = sealed(pdf)
    return pdf


@pytest.mark.parametrize("number", range(COUNT))
def test_a_good_crf_is_never_refused(number: int) -> None:
    verdict = verify_crf(made(number), TRUSTED, name=f"01-{number % 999 + 1:03d}_DLI1_DLI.pdf")
    assert verdict.ok, [gate.says.en for gate in verdict.gates if not gate.fine]


def test_with_one_signature_the_other_is_what_is_missing_and_nothing_else() -> None:
    pdf = give(prepare_fields(render_crf(content())), "DataEntry", NURSE)
    assert verify_crf(pdf, TRUSTED).flaws == {Flaw.UNSIGNED}
