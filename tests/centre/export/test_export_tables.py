"""The forms as tables: every value once, text that stays text, and what a format cannot hold said."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from trialdesk.centre.export.holdings import Holdings
from trialdesk.centre.export.tables import export_tables
from trialdesk.exchange.tables.xpt import short_names

SCHEMA = Path(__file__).resolve().parents[4] / "shared/data/dataset-json-1.1.schema.json"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_csv_has_a_file_for_each_form_and_a_codebook_in_both_languages(held: Holdings, out: Path) -> None:
    files, count = export_tables(held, out, "csv")
    assert count == 1
    assert {form.oid for form in held.study.forms} <= {file.stem for file in files}
    (screening,) = rows(out / "VS.csv")
    assert (screening["WEIGHT"], screening["TEMP"], screening["COMPLETE"], screening["SIGNED"]) == ("61.8", "", "Y", "")
    assert ("TEMP", "ND") in [(one["ITEM"], one["REASON"]) for one in rows(out / "MISSING.csv")]
    (counts,) = rows(out / "HAEM.csv")
    assert (counts["HGB"], counts["HGB_U"]) == ("9.8", "g/dL")
    assert [one["PLXGIVEN"] for one in rows(out / "PLX_PLXINJ.csv")] == ["Y", "N"]
    book = rows(out / "codebook.csv")
    (female,) = [one for one in book if one["variable"] == "SEX" and one["code"] == "F"]
    assert (female["code_en"], female["code_zh"], female["table_zh"]) == ("Female", "女", "人口学资料")


def test_every_value_that_counts_stands_in_a_table(held: Holdings, out: Path) -> None:
    export_tables(held, out, "csv")
    (data,) = held.casebooks()
    expected = sum(1 for path in data.items if data.value(path) is not None and path not in held.parked(data))
    names = set(held.study.place)
    found = sum(
        1 for file in out.glob("*.csv") if file.stem not in ("codebook", "MISSING")
        for row in rows(file) for name, value in row.items() if name in names and value != ""
    )  # fmt: skip
    assert found == expected


def test_in_a_workbook_every_cell_is_text(held: Holdings, out: Path) -> None:
    from openpyxl import load_workbook

    export_tables(held, out, "xlsx")
    book = load_workbook(out / f"{held.study.oid}.xlsx")
    names, words, row = list(book["CM"].iter_rows())
    cell = {name.value: one for name, one in zip(names, row, strict=True)}
    assert (cell["CMTRT"].value, cell["CMTRT"].data_type) == ("=HYPERLINK(1)", "s")
    assert (cell["CMDOSE"].value, cell["CMDOSE"].data_type) == ("+1 mg", "s")
    assert "药物名称 Drug" in [one.value for one in words]
    assert all(one.data_type in ("s", "n") and (one.value is None or one.data_type == "s") for one in row)
    book.close()


def test_dataset_json_is_valid_and_keeps_numbers(held: Holdings, out: Path) -> None:
    files, _ = export_tables(held, out, "json")
    read = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in files if file.suffix == ".json"}
    signs = read["VS"]
    names = [column["name"] for column in signs["columns"]]
    assert signs["rows"][0][names.index("WEIGHT")] == 61.8
    assert signs["records"] == len(signs["rows"])
    if not SCHEMA.is_file():
        pytest.skip("the schema of Dataset-JSON is not part of this repository")
    jsonschema = pytest.importorskip("jsonschema", reason="only a check of ours needs it")
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    for one in read.values():
        jsonschema.validate(one, schema)


def test_sas_transport_is_read_back_and_its_losses_are_listed(held: Holdings, out: Path) -> None:
    pyreadstat = pytest.importorskip("pyreadstat", reason="part of the analysis group")
    export_tables(held, out, "xpt")
    frame, about = pyreadstat.read_xport(str(out / "vs.xpt"))
    assert frame["WEIGHT"][0] == 61.8
    assert all(len(name) <= 8 for name in about.column_names)
    assert all(len(label) <= 40 for label in about.column_labels)
    losses = rows(out / "not-in-xpt.csv")
    assert any(one["variable"] == "PULSE" or one["table"] for one in losses)


def test_short_names_stay_apart() -> None:
    assert short_names(["CACORRCS1", "CACORRCS2", "a b"]) == ["CACORRCS", "CACORRC2", "A_B"]
