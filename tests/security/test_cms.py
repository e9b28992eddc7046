"""Signatures over bytes: who signed, and that one changed byte is found."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialdesk.errors import KnownError
from trialdesk.security import cms
from trialdesk.security.certificates import (
    Authority,
    Subject,
    issue,
    make_request,
    new_authority,
    new_key,
    pem,
)
from trialdesk.security.trust import revocation_list

NOW = datetime.now(UTC).replace(microsecond=0)
ROOT: Authority = new_authority("TEST01", NOW)
KEY = new_key()
CERTIFICATE = issue(ROOT, make_request(KEY, Subject("workstation", "W1", "workstation", "01", "TEST01")), NOW)
CONTENT = b'{"number":1}'
SIGNATURE = cms.sign(CONTENT, KEY, CERTIFICATE)


def test_it_says_who_signed() -> None:
    signer = cms.verify(CONTENT, SIGNATURE, ROOT.certificate)
    assert (signer.kind, signer.id, signer.site, signer.study) == ("workstation", "W1", "01", "TEST01")


@given(st.integers(0, len(SIGNATURE) * 8 - 1))
def test_no_flipped_bit_of_a_signature_names_another_signer(bit: int) -> None:
    flipped = bytearray(SIGNATURE)
    flipped[bit // 8] ^= 1 << bit % 8
    try:
        signer = cms.verify(CONTENT, bytes(flipped), ROOT.certificate)
    except KnownError:
        return
    assert signer == cms.verify(CONTENT, SIGNATURE, ROOT.certificate)


@given(st.binary(max_size=40).filter(lambda content: content != CONTENT))
def test_other_content_is_refused(content: bytes) -> None:
    with pytest.raises(KnownError, match="changed after it was signed"):
        cms.verify(content, SIGNATURE, ROOT.certificate)


def test_the_root_of_another_study_is_not_trusted() -> None:
    with pytest.raises(KnownError, match="did not issue"):
        cms.verify(CONTENT, SIGNATURE, new_authority("TEST01", NOW).certificate)


def test_a_certificate_revoked_before_the_signature_is_refused_and_one_revoked_later_stands() -> None:
    before = revocation_list(ROOT, {CERTIFICATE.serial_number: NOW - timedelta(hours=1)}, NOW)
    later = revocation_list(ROOT, {CERTIFICATE.serial_number: NOW + timedelta(days=1)}, NOW)
    with pytest.raises(KnownError, match="revoked"):
        cms.verify(CONTENT, SIGNATURE, ROOT.certificate, before)
    assert cms.verify(CONTENT, SIGNATURE, ROOT.certificate, later).id == "W1"


def test_a_request_of_another_study_is_not_signed() -> None:
    request = make_request(new_key(), Subject("person", "inv1", "investigator", "01", "OTHER"))
    with pytest.raises(KnownError, match="not of this study"):
        issue(ROOT, request, NOW)


def test_openssl_accepts_the_signature(tmp_path: Path) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed here")
    for name, content in (("c", CONTENT), ("s", SIGNATURE), ("r", pem(ROOT.certificate))):
        (tmp_path / name).write_bytes(content)
    command = [openssl, "cms", "-verify", "-binary", "-inform", "DER", "-in", "s", "-content", "c", "-CAfile", "r"]
    done = subprocess.run([*command, "-out", "o"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (tmp_path / "c").write_bytes(CONTENT + b" ")
    assert subprocess.run([*command, "-out", "o"], cwd=tmp_path, capture_output=True, check=False).returncode != 0
