"""Every way of forging a signed CRF is refused, with the flaw's name and a sentence in both languages."""

from __future__ import annotations

import pytest

from tests.documents.attacks import ATTACKS, GOOD, judged_with
from tests.documents.crf_maker import INVESTIGATOR, NOW, TRUST, revoked, sealed, trail_of
from trialdesk.documents.verifying import verify_crf


@pytest.mark.parametrize("name", ATTACKS)
def test_every_forgery_is_refused_by_name(name: str) -> None:
    forged = judged_with(name)
    verdict = verify_crf(forged.pdf, forged.trust, forged.trail, forged.file_name)
    assert not verdict.ok
    assert verdict.flaws & ATTACKS[name][1], (verdict.flaws, [g.says.en for g in verdict.gates if not g.fine])
    assert all(gate.says.zh for gate in verdict.gates)


def test_the_kit_is_as_large_as_promised() -> None:
    assert len(ATTACKS) >= 25


def test_what_is_forged_is_good_before() -> None:
    for pdf in (GOOD, sealed(GOOD), sealed(sealed(GOOD))):
        verdict = verify_crf(pdf, TRUST, trail_of(GOOD), "01-007_DLI1_DLI_187.pdf")
        assert verdict.ok, [gate.says.en for gate in verdict.gates if not gate.fine]
    assert verdict.level == "B-LTA"


def test_a_signer_who_left_later_still_signed_then() -> None:
    from datetime import timedelta

    assert verify_crf(GOOD, revoked(INVESTIGATOR, NOW + timedelta(hours=1))).ok


def test_a_seal_before_the_theft_keeps_what_was_signed_before() -> None:
    from datetime import timedelta

    theft = revoked(INVESTIGATOR, NOW + timedelta(days=1), stolen=True)
    assert not verify_crf(GOOD, theft).ok
    assert verify_crf(sealed(GOOD), theft).ok
