"""A signed CRF: what it must pass, and every way of tampering it must fail."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trialdesk.documents.archival import embedded
from trialdesk.documents.content import CrfAuditLine, CrfContent, CrfFinding, CrfRow, CrfSection, CrfTable
from trialdesk.documents.crf import render_crf
from trialdesk.documents.signing import Stamp, prepare_fields, sign_field
from trialdesk.documents.verifying import verify_crf
from trialdesk.domain.admin.signature_def import signature_def
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.security.certificates import (
    Authority,
    Subject,
    issue,
    make_request,
    new_authority,
    new_key,
)
from trialdesk.security.trust import StudyTrust

NOW = datetime.now(UTC).replace(microsecond=0)
ROOT = new_authority("TEST01", NOW - timedelta(days=1))
TRUST = StudyTrust(ROOT.certificate)
LABEL = Text(en="Date of infusion", zh="输注日期")
KEPT = CrfFinding("DOSE-01", Text(en="1 day too late.", zh="超窗 1 天。"), Text(en="Medical reason", zh="医学原因"))
ROWS = (
    CrfRow("DLIDAT", LABEL, "2026-03-03", findings=(KEPT,)),
    CrfRow("DLICD3", Text(en="CD3+ cell dose", zh="CD3+ 细胞剂量"), "50.0", unit="10^6/kg", setting=True),
)
TABLE = CrfTable(LABEL, (LABEL, LABEL), tuple((str(n), "腹部 Abdomen") for n in range(10)))
DATA = json.dumps(
    {
        "study": "TEST01",
        "subject": "01-007",
        "form": "DLI[1]/DLI",
        "answers": [{"value": "2026-03-03", "missing": None}, {"value": "50.0", "missing": None}],
    }
).encode()
CONTENT = CrfContent(
    study=Text(en="Study", zh="研究"), registration="NCT06141304", protocol_version="1.0", study_version="1.0",
    site="01", subject="01-007", initials="ZHLI", person=Text(en="female, 34 y", zh="女，34 岁"),
    visit=Text(en="Round 1, D0", zh="第 1 轮 D0"), visit_date="2026-03-03", form=LABEL, form_oid="DLI",
    form_version="1", state=Text(en="Complete", zh="已完成"), parts=(CrfSection(LABEL, ROWS), TABLE),
    audit=(CrfAuditLine("2026-03-03 14:02 +08:00", Text(en="Nurse", zh="护士"), "DLIDAT", "", "2026-03-03", ""),),
    chain_head="ab" * 32, record_number=187, printed_at="2026-03-03 14:10（UTC+8）", data=DATA,
)  # fmt: skip


def person(id: str, role: str, root: Authority = ROOT):  # type: ignore[no-untyped-def]
    key = new_key()
    return key, issue(root, make_request(key, Subject("person", id, role, "01", "TEST01")), NOW - timedelta(hours=1))


NURSE, INVESTIGATOR = person("nurse1", "nurse"), person("inv1", "investigator")
WORDS = Stamp(Text(en="Person 1", zh="人员 1"), Text(en="Role", zh="角色"), NOW, signature_def("Investigator"))


def signed(root: Authority = ROOT, content: CrfContent = CONTENT) -> bytes:
    nurse, investigator = (
        (NURSE, INVESTIGATOR) if root is ROOT else (person("n", "nurse", root), person("i", "x", root))
    )
    pdf = prepare_fields(render_crf(content))
    pdf = sign_field(pdf, "DataEntry", *nurse, [root.certificate], WORDS, "01")
    return sign_field(pdf, "Investigator", *investigator, [root.certificate], WORDS, "01")


SIGNED = signed()


def test_a_good_crf_passes_and_names_its_signers() -> None:
    verdict = verify_crf(SIGNED, TRUST)
    assert verdict.ok, [gate.says.en for gate in verdict.gates if not gate.fine]
    assert [(s.field, s.signer) for s in verdict.signers] == [("DataEntry", "nurse1"), ("Investigator", "inv1")]


def test_the_data_can_be_taken_out_unchanged() -> None:
    assert embedded(SIGNED, "crf.json") == CONTENT.data


def test_chinese_can_be_read_back_from_the_page(tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed here")
    (tmp_path / "a.pdf").write_bytes(SIGNED)
    words = subprocess.run(["pdftotext", "-layout", "a.pdf", "-"], cwd=tmp_path, capture_output=True, check=True).stdout
    for wanted in ("输注日期", "DOSE-01", "医学原因", "2026-03-03", "abababab", "第 1 页"):
        assert wanted in words.decode(), wanted


@settings(max_examples=60)
@given(st.integers(0, len(SIGNED) - 1), st.integers(0, 7))
def test_no_flipped_bit_passes(place: int, bit: int) -> None:
    changed = bytearray(SIGNED)
    changed[place] ^= 1 << bit
    assert not verify_crf(bytes(changed), TRUST).ok or place >= _end_of_signed(SIGNED)


def _end_of_signed(pdf: bytes) -> int:
    """Bytes after the last %%EOF are outside every signature."""
    return pdf.rindex(b"%%EOF") + 5


def test_a_character_the_font_lacks_is_named_before_anything_is_printed() -> None:
    row = replace(ROWS[0], value="\U0001f600")
    with pytest.raises(KnownError, match="U\\+1F600"):
        render_crf(replace(CONTENT, parts=(CrfSection(LABEL, (row,)),)))


def test_markup_in_an_answer_stays_text() -> None:
    row = replace(ROWS[0], value="<b>x</b> & <font>")
    assert render_crf(replace(CONTENT, parts=(CrfSection(LABEL, (row,)),))).startswith(b"%PDF")
