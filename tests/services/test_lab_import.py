"""Results of the hospital's system: whose, of which day, which test, which unit; proposed, and counted once confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.scenario import Ward
from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.oid import FormPath
from trialdesk.services.lab_import import Preview, confirm, preview_file, preview_text, propose, proposed_of
from trialdesk.services.lab_table import analyte_of, is_subject, read_day

HAEM = FormPath("D7", 1, "HAEM")
PLT, WBC, HGB = (HAEM.item("HAEM", name) for name in ("PLT", "WBC", "HGB"))


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    """One ward for this page; every test enrols a participant of its own."""
    opened = Ward(Path(tmp_path_factory.mktemp("ward")))
    yield opened
    opened.leave()


@pytest.fixture
def sheet(ward: Ward) -> Ward:
    """The counts of day 7 lie open with their sampling date."""
    ward.enrol()
    ward.open("D7[1]/HAEM")
    ward.fill(HAEMDAT="2026-03-03")
    return ward


def slip(ward: Ward, *rows: str, subject: str | None = None, day: str = "2026-03-03 06:10") -> str:
    """A slip with one result in each row: test, result, unit."""
    who = subject or ward.subject
    lines = [
        "受试者编号\t采样时间\t检验项目\t结果\t单位",
        *(f"{who}\t{day}\t" + row.replace(",", "\t") for row in rows),
    ]
    return "\n".join(lines)


def states(preview: Preview) -> list[str]:
    return [line.state for line in preview.lines]


def test_a_slip_is_looked_over_line_by_line(sheet: Ward) -> None:
    sheet.fill(WBC="3.0", HGB="90")
    text = slip(
        sheet, "血小板计数,12 ↓,10^9/L", "白细胞计数,0.42,10*9/L", "血红蛋白,90,g/L", "ANC,0.1,",
        "LYM,280,10^9/L", "网织红细胞,0.2,%", "原始细胞,=1+1,%",
    )  # fmt: skip
    found = preview_text(sheet.casebook, HAEM, text)
    assert states(found) == ["ready", "overwrite", "same", "warning", "warning", "error", "error"]
    assert [line.says.en for line in found.lines][1] == "replaces 3.0 10^9/L"
    assert "no unit" in found.lines[3].says.en
    assert "outside" in found.lines[4].says.en
    assert "no test of this study" in found.lines[5].says.en
    assert "formula" in found.lines[6].says.en


def test_nothing_is_recorded_before_a_person_confirms_and_the_record_names_the_file(
    sheet: Ward, tmp_path: Path
) -> None:
    path = tmp_path / "slip.csv"
    path.write_bytes(slip(sheet, "PLT,12,10^9/L", "HGB,7.1,g/dL").encode("gb18030"))
    found = preview_file(sheet.casebook, HAEM, path)
    before = sheet.desk.trail.head("W1")
    assert propose(sheet.casebook, HAEM, found, found.lines) == 2
    assert sheet.desk.trail.head("W1") == before
    assert sheet.casebook.data.value(PLT) is None
    done = confirm(sheet.casebook, [PLT, HGB])
    assert not isinstance(done, Refusal)
    assert (sheet.casebook.data.items[HGB].value, sheet.casebook.data.items[HGB].unit) == ("7.1", "g/dL")
    reason = sheet.casebook.history(PLT)[-1].reason
    assert reason is not None
    assert reason.code == "IMPORT"
    assert "slip.csv" in reason.words
    assert found.digest[:16] in reason.words
    assert proposed_of(sheet.casebook, HAEM) == {}
    assert isinstance(confirm(sheet.casebook, [PLT]), Refusal)


def test_a_value_typed_by_hand_meanwhile_waits_no_longer(sheet: Ward) -> None:
    found = preview_text(sheet.casebook, HAEM, slip(sheet, "PLT,12,10^9/L"))
    propose(sheet.casebook, HAEM, found, found.lines)
    sheet.fill(PLT="13")
    assert proposed_of(sheet.casebook, HAEM) == {}
    assert isinstance(confirm(sheet.casebook, [PLT]), Refusal)
    assert sheet.casebook.data.value(PLT) == "13"


@pytest.mark.parametrize(
    ("subject", "day", "says"),
    [
        ("01-999", "2026-03-03", "These are results of 01-999"),
        (None, "2026-03-04", "The samples are of 2026-03-04, this form is of 2026-03-03"),
        (None, "03/04/2026", "no sampling date with its year first"),
    ],
)
def test_another_participant_or_day_takes_nothing(sheet: Ward, subject: str | None, day: str, says: str) -> None:
    found = preview_text(sheet.casebook, HAEM, slip(sheet, "PLT,12,10^9/L", subject=subject, day=day))
    assert found.refused is not None
    assert says in found.refused.en
    assert found.lines == ()
    assert propose(sheet.casebook, HAEM, found, found.lines) == 0


def test_a_table_without_a_participant_or_without_heads_takes_nothing(sheet: Ward) -> None:
    for text, says in (
        ("检验项目\t结果\t采样时间\nPLT\t12\t2026-03-03", "whose results"),
        ("one\ttwo\nthree\tfour", "No column heads"),
    ):
        found = preview_text(sheet.casebook, HAEM, text)
        assert found.refused is not None
        assert says in found.refused.en


def test_of_a_file_of_many_people_and_days_only_these_are_taken(sheet: Ward) -> None:
    rows = [
        f"{who}\t{day}\tPLT\t{value}\t10^9/L"
        for who, day, value in (
            (sheet.subject, "2026-03-03", "12"), (sheet.subject, "2026-03-10", "30"), ("01-998", "2026-03-03", "99"),
        )
    ]  # fmt: skip
    found = preview_text(sheet.casebook, HAEM, "\n".join(["subject\tdate\ttest\tresult\tunit", *rows]))
    assert [line.typed for line in found.lines] == ["12"]
    assert found.left_out == 2


def test_one_test_in_a_column_with_its_unit_in_the_head_is_read_too(sheet: Ward) -> None:
    text = f"受试者,采样日期,WBC(10^9/L),血红蛋白（g/L）,PLT (10^9/L)\n{sheet.subject},2026/3/3,0.42,71,12"
    found = preview_text(sheet.casebook, HAEM, text)
    assert [(line.path, line.typed, line.state) for line in found.lines] == [
        (WBC, "0.42", "ready"), (HGB, "71", "ready"), (PLT, "12", "ready")
    ]  # fmt: skip


def test_participant_and_day_above_the_heads_count_for_every_row(sheet: Ward) -> None:
    text = f"受试者编号：{sheet.subject}\t\t\n采样日期\t2026年3月3日\t\n项目\t结果\t单位\n血小板\t12\t10^9/L"
    found = preview_text(sheet.casebook, HAEM, text)
    assert states(found) == ["ready"]


def test_without_a_sampling_date_the_one_day_of_the_slip_is_proposed_with_the_values(ward: Ward) -> None:
    ward.enrol()
    ward.open("D7[1]/HAEM")
    found = preview_text(ward.casebook, HAEM, slip(ward, "PLT,12,10^9/L"))
    propose(ward.casebook, HAEM, found, found.lines)
    assert ward.casebook.data.by_form.get(HAEM) is None
    assert not isinstance(confirm(ward.casebook, [PLT]), Refusal)
    assert ward.casebook.data.value(HAEM.item("HAEM", "HAEMDAT")) == "2026-03-03"
    several = slip(ward, "PLT,12,10^9/L") + f"\n{ward.subject}\t2026-03-05\tPLT\t30\t10^9/L"
    ward.open("D21[1]/HAEM")
    refused = preview_text(ward.casebook, FormPath("D21", 1, "HAEM"), several).refused
    assert refused is not None
    assert "several days" in refused.en


def test_two_results_of_one_test_are_left_to_a_person_and_the_same_twice_is_one(sheet: Ward) -> None:
    twice = preview_text(sheet.casebook, HAEM, slip(sheet, "PLT,12,10^9/L", "血小板,15,10^9/L"))
    assert states(twice) == ["error", "error"]
    assert "second result" in twice.lines[0].says.en
    same = preview_text(sheet.casebook, HAEM, slip(sheet, "PLT,12,10^9/L", "血小板,12,10^9/L"))
    assert states(same) == ["ready"]


@pytest.mark.parametrize("value", ["<0.01", "溶血", "12-15", "1e3", "++"])
def test_what_is_no_plain_number_is_typed_by_hand(sheet: Ward, value: str) -> None:
    found = preview_text(sheet.casebook, HAEM, slip(sheet, f"PLT,{value},10^9/L"))
    assert states(found) == ["error"]


@pytest.mark.parametrize(
    ("unit", "kept"),
    [("10^9/L", None), ("10*9/L", None), ("×10⁹/L", None), ("10^3/uL", None), ("K/uL", None), ("/uL", "/mm3")],
)
def test_a_unit_is_known_by_its_many_spellings(sheet: Ward, unit: str, kept: str | None) -> None:
    found = preview_text(sheet.casebook, HAEM, slip(sheet, f"PLT,120,{unit}"))
    assert (found.lines[0].state in ("ready", "warning"), found.lines[0].unit) == (True, kept)


def test_a_unit_that_is_not_known_is_never_guessed(sheet: Ward) -> None:
    (line,) = preview_text(sheet.casebook, HAEM, slip(sheet, "PLT,12,g/L")).lines
    assert line.state == "error"
    assert "unit g/L is not known" in line.says.en


def test_names_days_and_numbers_of_participants_are_read_as_wards_write_them(ward: Ward) -> None:
    lab = ward.desk.study.laboratory
    assert lab is not None
    for written in ("血小板", " PLT ", "plt", "血小板计数(PLT)", "★血小板计数", "ＰＬＴ"):
        assert analyte_of(lab, written) == "PLT", written
    assert analyte_of(lab, "平均血小板体积") is None
    for written in ("2026-03-17", "2026/3/17 06:10", "20260317", "2026年3月17日", "20260317061000"):
        assert read_day(written) == date(2026, 3, 17), written
    for written in ("17/03/2026", "3/17", "2026-13-01", "", None):
        assert read_day(written) is None, written
    for written in ("01-007", "01007", "007", "7"):
        assert is_subject(written, "01-007"), written
    for written in ("01-008", "107", "", None):
        assert not is_subject(written, "01-007"), written


def test_every_name_of_a_test_is_of_one_analyte(ward: Ward) -> None:
    lab = ward.desk.study.laboratory
    assert lab is not None
    for one in lab.analytes:
        for name in (one.code, *one.names):
            assert analyte_of(lab, name) == one.code, name
