"""Pages as they are drawn: lines, glyphs, tags, bookmarks, archival form, and what outside programs say of them."""

from __future__ import annotations

import io
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.documents.test_signed_crf import CONTENT, LABEL, ROWS, SIGNED
from trialdesk.documents import fonts
from trialdesk.documents.content import CrfCell, CrfQuery, CrfSection, CrfTable
from trialdesk.documents.crf import draw, render_crf
from trialdesk.documents.placed import placed_values
from trialdesk.documents.wrapping import Style, flow
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError

PLACE = "DLI[1]/DLI/DOSE[1]/DLIDAT"
WORDS = st.text(st.sampled_from(list("供者淋巴细胞输注，。（）「」、：abcDEF 12.5-/()")), max_size=120)
PLACED = replace(
    CONTENT,
    parts=(
        CrfSection(LABEL, (replace(ROWS[0], path=PLACE), replace(ROWS[1], value="Y", words=Text(en="Yes", zh="是"), path="A"))),
        CrfTable(LABEL, (LABEL,), ((CrfCell("ABD", Text(en="Abdomen", zh="腹部"), path="B"),),)),
    ),
)  # fmt: skip


@given(WORDS, st.floats(24, 300))
def test_no_line_is_wider_than_its_column_and_no_character_is_lost(words: str, width: float) -> None:
    lines = flow([(words, Style(9))], width)
    drawn = "".join(run.words for line in lines for run in line.runs)
    assert drawn.replace(" ", "") == words.replace(" ", "")
    assert all(line.width <= width + 0.01 for line in lines)


@given(st.lists(st.sampled_from(["输注", "（腹部）", "日期，", "“是”。", "dose", "(mg)"]), max_size=40))
def test_a_line_never_begins_with_a_closing_sign_nor_ends_with_an_opening_one(parts: list[str]) -> None:
    for line in flow([("".join(parts), Style(9))], 120):
        words = "".join(run.words for run in line.runs)
        assert not words or words[0] not in "，。）”)"
        assert not words or words[-1] not in "（“("


def test_latin_words_stay_whole_and_han_fill_the_line() -> None:
    lines = flow([("Creatinine clearance 肌酐清除率按公式计算", Style(9))], 120)
    assert [run.words for line in lines for run in line.runs] == ["Creatinine clearance 肌酐清", "除率按公式计算"]


def test_raised_digits_are_drawn_raised_whichever_way_they_were_typed() -> None:
    runs = [run for line in flow([("5×10⁹/L 和 10^6/kg", Style(9))], 400) for run in line.runs]
    assert [run.words for run in runs if run.style.raised] == ["9", "6"]


def test_a_missing_glyph_is_named_with_its_field_and_every_other_one() -> None:
    bad = (replace(ROWS[0], value="x\U0001f600y\u0e01"), replace(ROWS[1], value="\U0001f4a9"))
    with pytest.raises(KnownError) as fault:
        render_crf(replace(CONTENT, parts=(CrfSection(LABEL, bad),)))
    said = fault.value.text.zh
    assert "DLIDAT 输注日期：\U0001f600（U+1F600）" in said
    assert "U+0E01" in said
    assert "U+1F4A9" in said


def test_the_same_form_gives_the_same_bytes() -> None:
    assert draw(CONTENT) == draw(CONTENT)


def test_every_page_is_tagged_and_the_language_is_known() -> None:
    with pikepdf.open(io.BytesIO(render_crf(PLACED))) as pdf:
        root = pdf.Root
        assert root.MarkInfo.Marked
        assert str(root.Lang) == "zh-CN"
        kinds = _kinds(root.StructTreeRoot.K[0])
        assert {"/Document", "/Sect", "/Table", "/TR", "/TH", "/TD", "/H2"} <= kinds
        assert len(root.StructTreeRoot.ParentTree.Nums) == 2 * len(pdf.pages)
        with pdf.open_outline() as outline:
            assert "Date of infusion" in outline.root[0].title
            assert len(outline.root[0].children) == 3
        assert {str(spec.AFRelationship) for spec in root.AF} == {"/Source"}


def _kinds(node) -> set[str]:  # type: ignore[no-untyped-def]
    found = {str(node.S)}
    for kid in node.get("/K", ()) if isinstance(node.get("/K"), pikepdf.Array) else ():
        found |= _kinds(kid)
    return found


def test_values_are_read_back_from_the_glyphs_of_the_page() -> None:
    found = placed_values(render_crf(PLACED))
    assert found == {PLACE: "2026-03-03", "A": " [Y]", "A|zh": "是", "B": " [ABD]", "B|zh": "腹部"}


def test_a_value_painted_otherwise_is_seen() -> None:
    changed = draw(replace(PLACED, parts=(CrfSection(LABEL, (replace(ROWS[0], value="2026-03-04", path=PLACE),)),)))
    assert placed_values(changed)[PLACE] == "2026-03-04"


def test_a_row_taller_than_a_page_goes_on_on_the_next() -> None:
    long = replace(ROWS[0], value="长" * 4000, path=PLACE)
    pdf = render_crf(replace(CONTENT, parts=(CrfSection(LABEL, (long,)),)))
    with pikepdf.open(io.BytesIO(pdf)) as whole:
        assert len(whole.pages) > 3
    assert placed_values(pdf)[PLACE] == "长" * 4000


def test_queries_and_states_are_words_and_shapes_on_the_page() -> None:
    asked = CrfQuery(Text(en="open", zh="待答复"), Text(en="Please check.", zh="请核对。"), ("已核对",))
    pdf = render_crf(replace(CONTENT, parts=(CrfSection(LABEL, (replace(ROWS[0], queries=(asked,)),)),)))
    import pypdfium2

    words = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    for wanted in ("待答复", "请核对", "已核对", "△", "DOSE-01", "医学原因", "ZHLI"):
        assert wanted in words, wanted


def test_a_crf_of_four_pages_stays_small() -> None:
    content = replace(CONTENT, parts=CONTENT.parts * 7)
    pdf = render_crf(content)
    with pikepdf.open(io.BytesIO(pdf)) as whole:
        assert len(whole.pages) == 4
    assert len(pdf) < 100_000
    assert len(SIGNED) < 150_000


def test_every_character_the_screens_may_show_is_in_the_font() -> None:
    assert fonts.missing("×µ≥±–−→ⅠⅡⅢⅣ△■□◇✓？（UTC+8）…") == ""


def _outside(name: str, *arguments: str, folder: Path) -> str:
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed here")
    done = subprocess.run([name, *arguments], cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("what", ["plain", "signed"])
def test_qpdf_finds_no_fault(tmp_path: Path, what: str) -> None:
    (tmp_path / "a.pdf").write_bytes(SIGNED if what == "signed" else draw(PLACED))
    assert "No syntax or stream encoding errors" in _outside("qpdf", "--check", "a.pdf", folder=tmp_path)


def test_pdffonts_sees_every_font_embedded_cut_and_with_its_characters(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(draw(PLACED))
    lines = _outside("pdffonts", "a.pdf", folder=tmp_path).splitlines()[2:]
    assert len(lines) == 2
    assert all(line.split()[-5:-2] == ["yes", "yes", "yes"] for line in lines)


def test_pdfinfo_sees_tags_pages_and_title(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(draw(PLACED))
    said = _outside("pdfinfo", "a.pdf", folder=tmp_path)
    for wanted in ("Tagged:          yes", "输注日期 Date of infusion", "JavaScript:      no", "PDF version:     1.7"):
        assert wanted in said
    assert "2026-03-03" in _outside("pdfinfo", "-struct-text", "a.pdf", folder=tmp_path)
