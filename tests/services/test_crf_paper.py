"""Before anyone signs: what is printed, what is embedded and what is recorded are compared, each read from the file."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from tests.scenario import SOURCE, Ward
from trialdesk.documents.archival import embedded
from trialdesk.documents.crf import draw
from trialdesk.errors import KnownError
from trialdesk.services import crf_content as content_module
from trialdesk.services.crf_content import crf_content
from trialdesk.services.crf_paper import ODM_NAME, copies_differ, crf_pdf, differences
from trialdesk.services.verdicts import verify_files


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    ward = Ward(tmp_path)
    ward.enrol()
    ward.open("SCR[1]/VS")
    ward.fill(WEIGHT="61.5")
    ward.enter("TEMP", "", missing="ND")
    ward.complete()
    ward.enter("WEIGHT", "61.8", reason=SOURCE)
    yield ward
    ward.leave()


def check(ward: Ward, pdf: bytes) -> list[str]:
    return differences(pdf, ward.desk.study, ward.casebook.data, ward.form)


def test_the_three_copies_of_a_form_agree(ward: Ward) -> None:
    pdf = crf_pdf(ward.casebook, ward.form)
    assert check(ward, pdf) == []
    assert b"61.8" in (embedded(pdf, ODM_NAME) or b"")


def test_an_embedded_value_that_differs_is_found(ward: Ward) -> None:
    content = crf_content(ward.casebook, ward.form)
    changed = draw(replace(content, odm=content.odm.replace(b'Value="61.8"', b'Value="61.9"')))
    assert [line for line in check(ward, changed) if "WEIGHT" in line and "61.9" in line]


def test_a_printed_value_that_differs_or_is_left_out_is_found(ward: Ward) -> None:
    content = crf_content(ward.casebook, ward.form)
    (section, *others) = content.parts
    rows = tuple(replace(row, value="16.8") if row.name == "WEIGHT" else row for row in section.rows)  # type: ignore[union-attr]
    changed = draw(replace(content, parts=(replace(section, rows=rows), *others)))
    assert [line for line in check(ward, changed) if "WEIGHT" in line and "16.8" in line]
    fewer = tuple(row for row in section.rows if row.name != "WEIGHT")  # type: ignore[union-attr]
    assert any(
        "WEIGHT" in line for line in check(ward, draw(replace(content, parts=(replace(section, rows=fewer), *others))))
    )


def test_glyphs_exchanged_in_the_finished_file_are_found(ward: Ward) -> None:
    pdf = crf_pdf(ward.casebook, ward.form)
    with pikepdf.open(io.BytesIO(pdf)) as whole:
        font = whole.pages[0].Resources.Font.S
        table = font.ToUnicode.read_bytes()
        one = next(line for line in table.splitlines() if line.endswith(b"<0036>"))
        font.ToUnicode.write(table.replace(one, one.replace(b"<0036>", b"<0037>")))
        out = io.BytesIO()
        whole.save(out)
    assert any("WEIGHT" in line for line in check(ward, out.getvalue()))


def test_paper_that_does_not_agree_is_never_handed_out(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    real = content_module.form_odm
    monkeypatch.setattr(content_module, "form_odm", lambda *one: real(*one).replace(b'"61.8"', b'"61.0"'))
    with pytest.raises(KnownError, match="WEIGHT"):
        crf_pdf(ward.casebook, ward.form)


def test_a_graded_event_says_what_its_grade_means_and_still_agrees(ward: Ward) -> None:
    ward.open("AE[1]/AE")
    ward.fill(AETERM="Nausea", AETOXGR="2", AESTDAT="2026-03-01")
    assert check(ward, crf_pdf(ward.casebook, ward.form)) == []


def test_the_page_says_what_was_corrected_and_why_there_is_no_value(ward: Ward) -> None:
    import pypdfium2

    words = pypdfium2.PdfDocument(crf_pdf(ward.casebook, ward.form))[0].get_textpage().get_text_range()
    for wanted in ("未做", "61.5", "61.8", "源文件已更正", "VS v1"):
        assert wanted in words, wanted


def test_whoever_holds_the_file_alone_can_compare_page_and_data(ward: Ward) -> None:
    content = crf_content(ward.casebook, ward.form)
    assert copies_differ(draw(content)) == []
    assert copies_differ(draw(replace(content, odm=b""))) is None
    changed = draw(replace(content, odm=content.odm.replace(b'Value="61.8"', b'Value="61.9"')))
    assert copies_differ(changed) == ["SCR[1]/VS/VS[1]/WEIGHT"]


def test_the_verdict_on_a_signed_form_says_that_page_and_odm_agree(ward: Ward, tmp_path: Path) -> None:
    ward.complete()
    signed = ward.sign()
    file = tmp_path / "signed.pdf"
    file.write_bytes(signed.pdf)
    (verdict,) = verify_files([file], ward.folder / "desk" / "trust" / "root.pem")
    assert verdict.ok, verdict.as_text()
    assert "Every printed value is the one in the embedded ODM." in verdict.as_text()
    assert len(signed.pdf) < 100_000


def test_notes_stand_beside_the_answer_on_the_page_and_as_annotations_in_the_odm(ward: Ward) -> None:
    ward.casebook.note(ward.path("WEIGHT"), "床旁秤，已去鞋")
    ward.casebook.note(ward.path("SYSBP"), "袖带 <8 cm")
    pdf = crf_pdf(ward.casebook, ward.form)
    assert check(ward, pdf) == []
    rows = {row.name: row for part in crf_content(ward.casebook, ward.form).parts for row in part.rows}  # type: ignore[union-attr]
    assert [note.words for note in rows["WEIGHT"].written] == ["床旁秤，已去鞋"]
    assert rows["WEIGHT"].written[0].written_by.startswith("nurse1 2026-03-03")
    odm = (embedded(pdf, ODM_NAME) or b"").decode()
    weight = odm[odm.index('ItemData ItemOID="I.WEIGHT"') :].partition("</ItemData>")[0]
    assert "nurse1] 床旁秤，已去鞋" in weight
    assert 'SponsorOrSite="Site"' in weight
    assert odm.count("袖带 &lt;8 cm") == 1


def test_a_note_at_a_question_nobody_answered_is_printed_and_embedded_too(ward: Ward) -> None:
    ward.open("SCR[1]/DM")
    ward.fill(SEX="F")
    ward.casebook.note(ward.path("BRTHDAT"), "证件未带")
    pdf = crf_pdf(ward.casebook, ward.form)
    assert check(ward, pdf) == []
    odm = (embedded(pdf, ODM_NAME) or b"").decode()
    assert "BRTHDAT[1]: [" in odm
    assert "证件未带" in odm


def test_a_note_in_a_table_names_its_row_and_column(ward: Ward) -> None:
    ward.open("PLX[1]/PLX")
    ward.enter("PLXGIVEN", "Y")
    ward.enter("PLXDAT", "2026-03-03")
    ward.casebook.note(ward.path("PLXDAT"), "夜班给药")
    pdf = crf_pdf(ward.casebook, ward.form)
    assert check(ward, pdf) == []
    notes = [note for part in crf_content(ward.casebook, ward.form).parts for note in getattr(part, "written", ())]
    notes += [
        n for part in crf_content(ward.casebook, ward.form).parts for r in getattr(part, "rows", ()) for n in r.written
    ]
    assert [note.words for note in notes] == ["夜班给药"]
