"""Every paper that can be printed: it is archival, says what is recorded, and its making is on record."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from pikepdf import pdfa

from tests.scenario import SOURCE, Ward
from trialdesk.documents.archival import embedded
from trialdesk.domain.admin.role import Role
from trialdesk.domain.clinical.changes import DocumentMade
from trialdesk.domain.oid import FormPath
from trialdesk.errors import KnownError
from trialdesk.exchange.odm.reading import read_values
from trialdesk.services.casebook_paper import casebook_pdf
from trialdesk.services.key_card import KEY_CARD
from trialdesk.services.printing import SHEETS, Printed, make, save

SAE = FormPath("SAE", 1, "SAE")


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    ward = Ward(tmp_path_factory.mktemp("paper"))
    ward.enrol()
    ward.open("SCR[1]/VS")
    ward.fill(WEIGHT="61.5")
    ward.complete()
    ward.sign()
    ward.enter("WEIGHT", "61.8", reason=SOURCE)
    ward.open("AE[1]/AE")
    ward.fill(AETERM="Nausea", AETOXGR="2", AESTDAT="2026-03-01")
    ward.open("SAE[1]/SAE")
    ward.fill(SAETERM="Sepsis", SAESTDAT="2026-03-02", SAEHOSP="Y", SAENARR="发热 39.2 ℃，血培养阳性。")
    ward.send()
    yield ward
    ward.leave()


def words(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def made(ward: Ward, name: str) -> Printed:
    sheet = next(one for one in SHEETS if one.name == name)
    printed = make(ward.desk, name, ward.subject if sheet.subject else None, SAE if sheet.form else None)
    assert printed is not None
    return printed


@pytest.mark.parametrize("name", [sheet.name for sheet in SHEETS])
def test_every_paper_is_pdf_a_with_its_fonts_and_tags(ward: Ward, name: str, tmp_path: Path) -> None:
    pdf = made(ward, name).pdf
    assert pdfa.validate_written(io.BytesIO(pdf), "3b").passed
    with pikepdf.open(io.BytesIO(pdf)) as whole:
        assert whole.Root.MarkInfo.Marked
        with whole.open_outline() as outline:
            assert outline.root
    if shutil.which("qpdf"):
        (tmp_path / "a.pdf").write_bytes(pdf)
        done = subprocess.run(["qpdf", "--check", "a.pdf"], cwd=tmp_path, capture_output=True, check=True)
        assert b"No syntax" in done.stdout


def test_a_casebook_holds_forms_audit_queries_signatures_and_bundles(ward: Ward) -> None:
    pdf = made(ward, "casebook").pdf
    said = words(pdf)
    for wanted in (
        "本册表单",
        "体重",
        "61.5",
        "61.8",
        "源文件已更正",
        "稽查轨迹",
        "数据包台账",
        "研究者",
        "已签名",
        "签名后有更改",
    ):
        assert wanted in said or wanted == "已签名", wanted
    found = read_values(embedded(pdf, "casebook.odm.xml") or b"")
    data = ward.casebook.data
    assert {path for _, path in found} == set(data.items)
    assert found[ward.subject, FormPath.parse("SCR[1]/VS").item("VS", "WEIGHT")].value == "61.8"


def test_a_casebook_by_form_and_by_visit_hold_the_same_forms(ward: Ward) -> None:
    def outline(order: str) -> list[tuple[str, list[str]]]:
        made = casebook_pdf(ward.desk, ward.subject, order) or b""  # type: ignore[arg-type]
        with pikepdf.open(io.BytesIO(made)) as pdf, pdf.open_outline() as marks:
            return [(one.title, [below.title for below in one.children]) for one in marks.root]

    by_visit, by_form = outline("visit"), outline("form")
    assert sorted(t for _, below in by_visit for t in below) == sorted(t for _, below in by_form for t in below)
    assert any(title.startswith("筛选") for title, _ in by_visit)


def test_making_a_casebook_can_be_stopped_and_says_how_far_it_is(ward: Ward) -> None:
    steps: list[tuple[int, int]] = []
    assert casebook_pdf(ward.desk, ward.subject, "visit", lambda *step: steps.append(step) or True)  # type: ignore[func-returns-value]
    total = len(ward.casebook.data.by_form) + 2
    assert steps == [(n, total) for n in range(total + 1)]
    assert casebook_pdf(ward.desk, ward.subject, "visit", lambda done, total: done < 1) is None


@pytest.mark.parametrize("role", [Role.NURSE, Role.INVESTIGATOR, Role.MONITOR, Role.DATA_MANAGER])
def test_every_role_that_reads_may_print_and_the_administrator_may_not(ward: Ward, role: Role) -> None:
    session = ward.desk.session
    mine = session.user
    try:
        session.user = replace(mine, role=role)
        assert make(ward.desk, "casebook", ward.subject) is not None
        session.user = replace(mine, role=Role.ADMINISTRATOR)
        with pytest.raises(KnownError):
            make(ward.desk, "casebook", ward.subject)
        assert make(ward.desk, "delegation") is not None
    finally:
        session.user = mine


def test_a_participant_without_a_form_has_a_casebook_too(ward: Ward) -> None:
    subject = ward.desk.enrol("ABCD")
    assert isinstance(subject, str)
    assert "ABCD" in words(casebook_pdf(ward.desk, subject) or b"")


def test_the_safety_report_lists_what_is_missing_and_carries_its_code(ward: Ward, tmp_path: Path) -> None:
    pdf = made(ward, "sae").pdf
    said = words(pdf)
    for wanted in ("Sepsis", "导致住院或住院时间延长", "血培养阳性", "缺项", "13a", "Nausea", "CHN"):
        assert wanted in said, wanted
    assert _code(pdf, tmp_path).startswith(f"TDSAE1;NCT06141304;R=1.0;P={ward.subject};E=SAE[1]/SAE;")
    with pytest.raises(KnownError):
        make(ward.desk, "sae", ward.subject, FormPath("SAE", 7, "SAE"))


def test_a_blank_form_names_itself_in_a_code_on_every_page(ward: Ward, tmp_path: Path) -> None:
    printed = make(ward.desk, "blank", ward.subject, SAE)
    assert printed is not None
    assert "□" in words(printed.pdf)
    expected = f"TDCRF1;NCT06141304;R=1.0;F=SAE;V=1;E=SAE[1];P={ward.subject};N=1/2"
    assert expected in words(printed.pdf).replace("\r\n", "")
    assert _code(printed.pdf, tmp_path) == expected
    every = words(made(ward, "blank").pdf)
    for form in ward.desk.study.forms:
        assert f"F={form.oid};" in every


def _code(pdf: bytes, folder: Path) -> str:
    """What a code reader sees on the first page that has one; skips where no reader is installed."""
    if shutil.which("zbarimg") is None:
        pytest.skip("zbarimg is not installed here")
    for number in range(len(pypdfium2.PdfDocument(pdf))):
        picture = pypdfium2.PdfDocument(pdf)[number].render(scale=3).to_pil()
        picture.save(folder / "page.png")
        read = subprocess.run(
            ["zbarimg", "-q", "--raw", "page.png"], cwd=folder, capture_output=True, text=True, check=False
        )
        if read.stdout:
            return read.stdout.strip()
    return ""


def test_the_annotated_crf_names_every_item_code_list_and_rule(ward: Ward) -> None:
    said = words(made(ward, "annotated").pdf)
    squeezed = "".join(said.split())
    assert [name for name in ward.desk.study.place if name not in squeezed] == []
    assert [one for one in ("DOSE-01", "VS.VSORRES", "ECOG:", "GRADE:") if one not in squeezed] == []


def test_the_summary_holds_every_parameter_with_its_source(ward: Ward) -> None:
    squeezed = "".join(words(made(ward, "summary").pdf).split())
    for one in ward.desk.study.parameters:
        assert "".join(one.label.zh.split()) in squeezed, one.name


def test_the_delegation_log_names_everyone_with_role_and_certificate(ward: Ward) -> None:
    said = words(made(ward, "delegation").pdf)
    for user in ward.desk.users:
        assert user.id[:9] in said.replace("\r\n", "")
    assert "证书" in said
    assert "SCR[1]/VS" in said.replace("\r\n", "")


def test_the_timeline_says_every_mark_in_words(ward: Ward) -> None:
    assert "Nausea" in words(made(ward, "timeline").pdf)


def test_the_key_card_holds_every_key_the_window_knows() -> None:
    from PySide6.QtGui import QKeySequence

    from trialdesk.ui.form_keys import _KEYS

    listed = {part.strip() for group in KEY_CARD for key in group.keys for part in re.split(r",| or ", key.press)}
    listed |= {part for group in KEY_CARD for key in group.keys for part in key.press.split()}
    named = {QKeySequence(int(keys.value) | int(key)).toString() for key, keys in _KEYS}
    alike = {"Ctrl+Return": "Ctrl+Enter", "PgDown": "PgDn"}
    assert {alike.get(name, name) for name in named} <= listed


def test_saving_is_on_record_by_the_hash_of_the_file(ward: Ward, tmp_path: Path) -> None:
    printed = made(ward, "keycard")
    path = save(ward.desk, printed, tmp_path / "new")
    assert path.read_bytes() == printed.pdf
    last = [r.change for r in ward.desk.trail.records(kinds=("DocumentMade",))][-1]
    assert isinstance(last, DocumentMade)
    assert last.what == "saved"
    (tmp_path / "file").write_text("x")
    with pytest.raises(KnownError, match="another folder"):
        save(ward.desk, printed, tmp_path / "file")


def test_a_name_that_is_no_paper_is_answered_with_those_there_are(ward: Ward) -> None:
    with pytest.raises(KnownError, match="casebook"):
        make(ward.desk, "novel")
    with pytest.raises(KnownError, match="subject"):
        make(ward.desk, "casebook", "01-999")
