"""Judges that are not ours, where they are installed: qpdf, pdfsig, openssl. They must agree on what is good."""

from __future__ import annotations

import io
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from tests.documents.attacks import GOOD
from tests.documents.crf_maker import INVESTIGATOR, LIST, NOW, ROOT, revoked, sealed
from trialdesk.security.certificates import pem
from trialdesk.security.trust import list_pem

SEALED = sealed(GOOD)


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A tool run in a folder; the test is skipped where the tool is missing."""
    if shutil.which(words[0]) is None:
        pytest.skip(f"{words[0]} is not installed here")
    return subprocess.run(
        words, cwd=folder, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL, check=False
    )


def signatures(pdf: bytes) -> list[tuple[str, bytes, bytes]]:
    """Field, signature and signed bytes of each signature, as a person with a hex editor would cut them out."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    found = []
    for one in PdfFileReader(io.BytesIO(pdf)).embedded_signatures:
        a, b, c, d = (int(n) for n in one.byte_range)
        found.append((one.field_name, bytes(one.pkcs7_content), pdf[a:b] + pdf[c : c + d]))
    return found


@pytest.mark.parametrize("pdf", [GOOD, SEALED], ids=["signed", "sealed"])
def test_qpdf_finds_no_fault(tmp_path: Path, pdf: bytes) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf)
    done = run(tmp_path, "qpdf", "--check", "a.pdf")
    assert done.returncode == 0, done.stdout + done.stderr


def test_pdfsig_trusts_both_signatures(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(GOOD)
    (tmp_path / "root.pem").write_bytes(pem(ROOT.certificate))
    (tmp_path / "nss").mkdir()
    assert run(tmp_path, "certutil", "-N", "-d", "sql:nss", "--empty-password").returncode == 0
    trusted = ("certutil", "-A", "-t", "CT,C,C", "-n", "ca", "-i", "root.pem", "-d", "sql:nss")
    assert run(tmp_path, *trusted).returncode == 0
    said = run(tmp_path, "pdfsig", "-nssdir", "sql:nss", "a.pdf").stdout
    assert said.count("Signature is Valid") == 2
    assert said.count("Certificate is Trusted") == 2


def test_openssl_verifies_each_signature_and_honours_the_revocation_list(tmp_path: Path) -> None:
    (tmp_path / "root.pem").write_bytes(pem(ROOT.certificate))
    theft = revoked(INVESTIGATOR, NOW - timedelta(hours=1)).revoked[0]
    for name, made in (("none", LIST), ("theft", theft)):
        (tmp_path / f"{name}.pem").write_bytes(pem(ROOT.certificate) + list_pem(made))
    good = {"none": [0, 0], "theft": [0, 4]}
    for name, wanted in good.items():
        found = []
        for _, signature, signed in signatures(GOOD):
            (tmp_path / "s.der").write_bytes(signature)
            (tmp_path / "s.bin").write_bytes(signed)
            words = ("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "s.der", "-content", "s.bin")
            more = ("-CAfile", f"{name}.pem", "-crl_check_all", "-out", "out.bin")
            found.append(run(tmp_path, *words, *more).returncode)
        assert found == wanted, name


def test_openssl_verifies_the_centres_timestamp(tmp_path: Path) -> None:
    (tmp_path / "root.pem").write_bytes(pem(ROOT.certificate))
    name, token, stamped = signatures(SEALED)[-1]
    assert name == "Timestamp1"
    (tmp_path / "t.der").write_bytes(token)
    (tmp_path / "t.bin").write_bytes(stamped)
    words = ("openssl", "ts", "-verify", "-token_in", "-in", "t.der", "-data", "t.bin", "-CAfile", "root.pem")
    done = run(tmp_path, *words)
    assert "Verification: OK" in done.stdout, done.stdout + done.stderr
