"""The centre's answer comes back signed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.exchange.conftest import STUDY, Post
from trialdesk.errors import KnownError
from trialdesk.exchange.faults import Fault, Refused
from trialdesk.exchange.receipt import Receipt, pack_receipt, read_receipt, write_receipt

RECEIPT = Receipt(
    study=STUDY,
    site="S01",
    origin="W1",
    epoch="e1",
    number=4,
    header_sha256="a" * 64,
    result="accepted",
    accepted_to=187,
    seal="b" * 64,
    centre_time="2026-03-02T02:00:00.000Z",
    skew_seconds=3,
)


def test_the_receipt_comes_back_as_the_centre_wrote_it(post: Post, tmp_path: Path) -> None:
    path = write_receipt(tmp_path, RECEIPT, post.sign)
    assert path.name == "S01_W1_000004.tdr"
    assert read_receipt(path, post.verify, STUDY) == RECEIPT


def test_a_receipt_that_the_centre_did_not_sign_is_refused(post: Post, tmp_path: Path) -> None:
    path = write_receipt(tmp_path, RECEIPT, Post(key=b"stranger").sign)
    with pytest.raises(Refused) as caught:
        read_receipt(path, post.verify)
    assert caught.value.fault == Fault.WRONG_SIGNATURE


def test_a_receipt_of_another_study_is_refused(post: Post, tmp_path: Path) -> None:
    path = write_receipt(tmp_path, RECEIPT, post.sign)
    with pytest.raises(Refused) as caught:
        read_receipt(path, post.verify, "NCT00000000")
    assert caught.value.fault == Fault.FOREIGN_STUDY


def test_a_changed_byte_never_gives_another_receipt(post: Post, tmp_path: Path) -> None:
    good = pack_receipt(RECEIPT, post.sign)
    path = tmp_path / "r.tdr"
    for at in range(len(good)):
        path.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
        try:
            assert read_receipt(path, post.verify) == RECEIPT
        except KnownError:
            continue
