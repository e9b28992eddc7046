"""A table goes through a published criterion and comes back with its results, whoever wrote the table."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from trialdesk import cli
from trialdesk.errors import KnownError
from trialdesk.services.calc import TableMethod, listing, over, read_table, run
from trialdesk.services.calc_cells import column
from trialdesk.services.calc_methods import METHODS


def calc(method: str, text: str, language: str = "en") -> list[dict[str, str]]:
    table = over(METHODS[method], read_table(text.encode(), "rows.csv"), language)  # type: ignore[arg-type]
    return list(csv.DictReader(io.StringIO(table)))


def one(method: str, **cells: str) -> dict[str, str]:
    return calc(method, f"{','.join(cells)}\n{','.join(cells.values()) or chr(34) * 2}\n")[0]


# ------------------------------------------------------------------ the methods that are promised, column by column

PROMISED = {
    "ctcae.grade": (
        "term value unit lln uln baseline baseline_status percent_change",
        "grade",
    ),
    "acute_gvhd.stage": (
        "organ bsa_pct erythroderma bullae desquamation_pct bilirubin bilirubin_unit upper_gi population weight_kg "
        "stool_ml_day episodes_day severe_pain grossly_bloody",
        "stage",
    ),
    "acute_gvhd.grade": ("skin liver upper_gi lower_gi", "grade"),
    "chronic_gvhd.severity": ("skin mouth eyes gi liver lungs joints genital", "severity"),
    "response.aml": (
        "marrow_blasts_pct pretreatment_blasts_pct circulating_blasts extramedullary anc platelets marrow_adequate",
        "response",
    ),
    "plerixafor.dose": ("weight_kg crcl_ml_min mg_per_kg", "dose_mg volume_ml daily_mg exceeds_label_daily_cap"),
    "schedule.round": (
        "last_chemo_date",
        "dli_date plerixafor_day1 plerixafor_day5 injections trae_window_end response_date",
    ),
}


@pytest.mark.parametrize("name", PROMISED)
def test_every_promised_column_is_there(name: str) -> None:
    inputs, results = (words.split() for words in PROMISED[name])
    method = METHODS[name]
    assert set(inputs) <= {column.name for column in method.inputs}
    assert list(method.results) == results
    header = over(method, read_table((",".join(inputs) + "\n").encode(), "x")).splitlines()[0]
    assert header.split(",") == [*inputs, *results, "why"]


@pytest.mark.parametrize(
    ("cells", "grade"),
    [
        ({"term": "Anemia", "value": "79", "unit": "g/L", "lln": "120"}, "3"),
        ({"term": " anemia ", "value": "８０", "unit": "Ｇ／Ｌ", "lln": "120"}, "2"),
        ({"term": "Anemia", "value": "130", "unit": "g/L", "lln": "120"}, "0"),
        ({"term": "Anemia", "value": "110", "unit": "g/L"}, ""),
        ({"term": "Anemia", "value": "", "unit": "g/L", "lln": "120"}, ""),
        ({"term": "Anemia", "value": "abc", "unit": "g/L", "lln": "120"}, ""),
        ({"term": "Anemia", "value": "100", "unit": "", "lln": "120"}, ""),
        ({"term": "Nausea", "value": "3", "unit": ""}, ""),
        ({"term": "Alanine aminotransferase increased", "value": "90", "unit": "U/L", "baseline": "60", "baseline_status": "Abnormal"}, "1"),
        ({"term": "Alanine aminotransferase increased", "value": "90", "unit": "U/L", "uln": "40", "baseline_status": "NORMAL"}, "1"),
        ({"term": "Alanine aminotransferase increased", "value": "90", "unit": "U/L", "uln": "40", "baseline_status": ""}, ""),
        ({"term": "Weight loss", "value": "70", "unit": "kg", "percent_change": "-10%"}, "2"),
        ({"term": "Neutrophil count decreased", "value": "<0.1", "unit": "10^9/L", "lln": "1.8"}, "4"),
        ({"term": "Platelet count decreased", "value": "<30", "unit": "10^9/L", "lln": "125"}, ""),
        ({"term": "Alanine aminotransferase increased", "value": ">1000", "unit": "U/L", "uln": "40", "baseline_status": "normal"}, "4"),
        ({"term": "Fever", "value": "40.1", "unit": "degC", "over_24_h": "Y"}, "4"),
    ],
)  # fmt: skip
def test_a_laboratory_value_is_graded(cells: dict[str, str], grade: str) -> None:
    row = one("ctcae.grade", **cells)
    assert row["grade"] == grade
    assert row["why"]


@pytest.mark.parametrize(
    ("cells", "stage"),
    [
        ({"organ": "skin", "bsa_pct": "30"}, "2"), ({"organ": "Skin", "bsa_pct": "60%", "bullae": "n"}, "3"),
        ({"organ": "skin", "bsa_pct": "90", "bullae": "TRUE", "desquamation_pct": "8"}, "4"),
        ({"organ": "skin", "bsa_pct": "90", "bullae": "1", "desquamation_pct": "5"}, "3"),
        ({"organ": "skin", "bsa_pct": "60"}, "3"), ({"organ": "skin", "bsa_pct": "101"}, ""),
        ({"organ": "liver", "bilirubin": "51", "bilirubin_unit": "umol/L"}, "2"),
        ({"organ": "liver", "bilirubin": "15.1", "bilirubin_unit": "MG/DL"}, "4"),
        ({"organ": "liver", "bilirubin": "51", "bilirubin_unit": ""}, ""),
        ({"organ": "upper_gi", "upper_gi": "persistent"}, "1"), ({"organ": "Upper GI", "upper_gi": "none"}, "0"),
        ({"organ": "upper_gi", "upper_gi": ""}, ""), ({"organ": "lung", "bsa_pct": "3"}, ""),
        ({"organ": "lower_gi", "population": "adult", "stool_ml_day": "1200", "severe_pain": "N", "grossly_bloody": "0"}, "2"),
        ({"organ": "lower_gi", "population": "child", "weight_kg": "20", "stool_ml_day": "601", "severe_pain": "false", "grossly_bloody": "no"}, "3"),
        ({"organ": "lower_gi", "population": "adult", "stool_ml_day": "400", "grossly_bloody": "Y"}, "4"),
        ({"organ": "lower_gi", "population": "adult", "episodes_day": "6", "severe_pain": "N", "grossly_bloody": "N"}, "2"),
        ({"organ": "lower_gi", "population": "adult", "stool_ml_day": "1200"}, "2"),
    ],
)  # fmt: skip
def test_an_organ_is_staged(cells: dict[str, str], stage: str) -> None:
    row = one("acute_gvhd.stage", **cells)
    assert row["stage"] == stage
    assert row["why"]


def test_grades_severities_and_responses_come_with_their_reason() -> None:
    assert one("acute_gvhd.grade", skin="3", liver="0", upper_gi="0", lower_gi="0")["grade"] == "II"
    assert one("acute_gvhd.grade", skin="3.0", liver="", upper_gi="0", lower_gi="0")["grade"] == "at least II"
    assert one("acute_gvhd.grade", skin="3", liver="0", upper_gi="2", lower_gi="0")["grade"] == ""
    organs = dict.fromkeys(("skin", "mouth", "eyes", "gi", "liver", "lungs", "joints", "genital"), "0")
    assert one("chronic_gvhd.severity", **organs | {"lungs": "1"})["severity"] == "moderate"
    row = one("chronic_gvhd.severity", **organs | {"lungs": "", "skin": "1"})
    assert row["severity"] == "at least mild"
    assert "1 organ(s) not assessed" in row["why"]
    blasts = {
        "marrow_blasts_pct": "4",
        "circulating_blasts": "0",
        "extramedullary": "N",
        "anc": "1.0",
        "platelets": "100",
    }
    assert one("response.aml", **blasts, marrow_adequate="Y")["response"] == "CR"
    assert one("response.aml", **blasts | {"circulating_blasts": "0.5"}, marrow_adequate="Y")["response"] == "NR"
    assert one("response.aml", **blasts | {"anc": ""}, marrow_adequate="Y")["response"] == "at least MLFS"


def test_doses_and_days() -> None:
    dose = one("plerixafor.dose", weight_kg="83.4", crcl_ml_min="90", mg_per_kg="0.24")
    assert list(dose.values())[3:7] == ["20.02", "1.001", "40.03", "Y"]
    blank = one("plerixafor.dose", weight_kg="83.4", crcl_ml_min="", mg_per_kg="0.24")
    assert (blank["dose_mg"], blank["why"]) == ("", "Not known: crcl_ml_min.")
    days = one("schedule.round", last_chemo_date="2026-02-26")
    assert list(days.values())[1:7] == ["2026-03-01", "2026-03-11", "2026-03-15", "10", "2026-04-14", "2026-05-30"]
    for written in ("2026/2/26", "20260226", "2026年2月26日", "2026-02-26 00:00:00"):
        assert one("schedule.round", last_chemo_date=written)["dli_date"] == "2026-03-01"
    for bad in ("2026-02", "2026-02-30", "26/02/2026", ""):
        row = one("schedule.round", last_chemo_date=bad)
        assert row["dli_date"] == ""
        assert row["why"]
    assert one("renal.cockcroft_gault", age="40", weight_kg="72", sex="f", creatinine="1", creatinine_unit="mg/dL")["crcl_ml_min"] == "85.00"  # fmt: skip


def test_safety_methods() -> None:
    row = one("safety.deadlines", aware="2026-02-27T09:20+08:00", fatal_or_life_threatening="Y", susar="Y")
    assert (row["report_due"], row["susar_due"], row["full_report_due"]) == (
        "2026-02-28T09:20+08:00", "2026-03-06", "2026-03-14",
    )  # fmt: skip
    assert one("safety.deadlines", aware="2026-02-27")["report_due"] == ""
    assert one("safety.serious", death="N", hospitalisation="Y")["serious"] == "Y"
    assert one("safety.related", chemotherapy="Unlikely", dli="possible", plerixafor="unrelated", related_from="")["related"] == "Y"  # fmt: skip


# ------------------------------------------------------------------ tables as people write them

ROWS = '\ufeff Skin ,LIVER,Upper GI,lower-gi,note\r\n3,0,0,0,"first, one"\r\n,,,,\r\n4,x,0,0,bad\r\n２,0,0,0\r\n'


def test_header_case_spaces_bom_line_ends_and_extra_columns_do_not_matter() -> None:
    rows = calc("acute_gvhd.grade", ROWS)
    assert [row["grade"] for row in rows] == ["II", "", "", "I"]
    assert rows[0]["note"] == "first, one"
    assert "'x'" in rows[2]["why"]
    assert rows[1]["why"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_table_out_of_excel_is_read_in_any_of_its_encodings(encoding: str) -> None:
    text = "organ;bsa_pct;备注\n皮肤;30;第一例\n"
    out = over(METHODS["acute_gvhd.stage"], read_table(text.encode(encoding), "x"), "zh")
    (row,) = csv.DictReader(io.StringIO(out))
    assert (row["stage"], row["备注"]) == ("2", "第一例")


def test_an_empty_line_is_a_row_only_in_a_table_of_one_column() -> None:
    assert [row["injections"] for row in calc("schedule.round", "last_chemo_date\n2026-02-26\n\n2026-02-27\n\n")] == [
        "10",
        "",
        "10",
    ]
    assert len(calc("acute_gvhd.grade", "skin,liver\n1,0\n\n2,0\n\n")) == 2


def test_a_column_of_the_result_s_name_is_kept_under_another() -> None:
    (row,) = calc("acute_gvhd.grade", "skin,liver,upper_gi,lower_gi,grade\n3,0,0,0,III\n")
    assert (row["given_grade"], row["grade"]) == ("III", "II")


def test_a_row_longer_than_the_header_and_a_missing_column_give_a_reason() -> None:
    rows = calc("acute_gvhd.grade", "skin,liver\n3,0,0,0\n1,0\n")
    assert [row["grade"] for row in rows] == ["", "at least I"]
    assert all(row["why"] for row in rows)


@pytest.mark.parametrize("bad", ["1,5", "1_0", "inf", "nan5", "1e9999", "--1", "0x10", "١x", "=1+1"])
def test_what_is_no_number_is_named_and_nothing_crashes(bad: str) -> None:
    (row,) = calc("ctcae.grade", f'term,value,unit,lln\nAnemia,"{bad}",g/L,120\n')
    assert row["grade"] == ""
    assert bad in row["why"]


def test_the_reason_can_be_chinese() -> None:
    (row,) = calc("ctcae.grade", "term,value,unit\nAnemia,110,g/L\n", "zh")
    assert row["why"] == "缺少以下数据，无法分级：正常值下限。"


def test_an_empty_file_two_columns_of_one_name_and_an_unknown_method_are_said(tmp_path: Path) -> None:
    for data in (b"", b"\n\n"):
        with pytest.raises(KnownError, match="is empty"):
            read_table(data, "x")
    with pytest.raises(KnownError, match="Two columns"):
        read_table(b"skin,Skin\n1,2\n", "x")
    with pytest.raises(KnownError, match=r"ctcae\.grade"):
        run(METHODS, "ctcae.grad", tmp_path / "x.csv")
    with pytest.raises(KnownError, match="is not there"):
        run(METHODS, "ctcae.grade", tmp_path / "x.csv")


# ------------------------------------------------------------------ methods over the whole table


def test_the_best_response_of_each_participant() -> None:
    rows = calc("response.best", "participant,response\nA,PR\nB,NR\nA,CRi\nC,\nA,zz\n")
    assert [(row["participant"], row["best_response"]) for row in rows] == [
        ("A", "CRi"),
        ("B", "NR"),
        ("C", ""),
        ("", ""),
    ]
    assert rows[-1]["why"].startswith("Line 6 left out")


def test_a_table_method_of_another_module_answers_with_rows_of_its_own() -> None:
    def total(rows: object) -> list[dict[str, str]]:
        return [{"count": str(len(list(rows)))}]  # type: ignore[call-overload]

    method = TableMethod("endpoints.count", (column("time"),), ("count",), total, "Counting")
    assert over(method, read_table(b"time\n1\n2\nx\n", "x")).splitlines() == [
        "count,why", "2,", ",Line 4 left out: time: 'x' is not a number.",
    ]  # fmt: skip
    assert "over the whole table" in listing({method.name: method})


# ------------------------------------------------------------------ as a command


def test_the_command_prints_the_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "labs.csv"
    file.write_text("term,value,unit,lln\nAnemia,75,g/L,120\n", encoding="utf-8")
    assert cli.main(["calc", "ctcae.grade", str(file)]) == 0
    header, row = capsys.readouterr().out.splitlines()
    assert header == "term,value,unit,lln,grade,why"
    assert row.startswith("Anemia,75,g/L,120,3,")
    assert cli.main(["calc", "ctcae.grades", str(file)]) == 1
    assert "ctcae.grade" in capsys.readouterr().err
    assert cli.main(["calc", "ctcae.grade"]) == 2


def test_the_list_names_every_method_with_inputs_results_and_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["calc", "--list"]) == 0
    said = capsys.readouterr().out
    for name, method in METHODS.items():
        assert f"\n{name}" in f"\n{said}"
        assert method.source in said


def test_a_stage_of_what_was_measured_says_which_signs_of_stage_4_were_not_answered() -> None:
    row = one("acute_gvhd.stage", organ="lower_gi", population="adult", stool_ml_day="1200")
    assert row["stage"] == "2"
    assert "could be 4" in row["why"]
