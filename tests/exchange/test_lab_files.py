"""Files of laboratory systems become tables of text, or a sentence that says what to do."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialdesk.errors import KnownError
from trialdesk.exchange import lab_files
from trialdesk.exchange.lab_files import read_bytes, read_file, read_text

ROWS = [["项目", "结果", "单位"], ["血小板计数", "12", "10^9/L"]]
TEXT = "项目,结果,单位\r\n血小板计数,12,10^9/L\r\n"


def workbook(rows: list[list[object]]) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    book.close()
    return content.getvalue()


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_is_read_in_the_codes_hospitals_use(codec: str) -> None:
    assert read_bytes(TEXT.encode(codec), "slip.csv") == ROWS


@pytest.mark.parametrize("sign", ["\t", ";", ","])
def test_columns_are_told_by_the_sign_between_them(sign: str) -> None:
    assert read_text("\n".join(sign.join(row) for row in ROWS), "clipboard") == ROWS


def test_a_workbook_gives_days_as_days_and_formulas_as_the_text_they_are() -> None:
    found = read_bytes(workbook([["a", 12.50, 12.0, datetime(2026, 3, 17, 6, 10), "=1+1", None, "end"]]), "x.xlsx")
    assert found == [["a", "12.5", "12", "2026-03-17 06:10", "=1+1", "", "end"]]


def test_quoted_cells_keep_their_commas_and_lines() -> None:
    assert read_text('a,"b, c"\n"d ""e""",f', "x") == [["a", "b, c"], ['d "e"', "f"]]


def packed_beyond_bounds() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (lab_files.MOST_UNPACKED + 1))
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "holds no results"),
        (b"  \r\n ", "holds no results"),
        (b"PK\x03\x04 and then nothing", "damaged"),
        (workbook([["a"]])[:-200], "damaged"),
        (b"\xd0\xcf\x11\xe0" + b"0" * 600, "old XLS"),
        (b"\x00\xff\x00\xff\x81" * 40, "neither a workbook nor text"),
        (("x\n" * (lab_files.MOST_ROWS + 1)).encode(), "more than 5000 rows"),
        (",".join("x" * 300).encode(), "200 columns"),
        (packed_beyond_bounds(), "larger than"),
    ],
    ids=["empty", "blank", "half", "cut", "xls", "binary", "rows", "columns", "bomb"],
)
def test_every_bad_file_gets_a_clear_sentence(content: bytes, says: str) -> None:
    with pytest.raises(KnownError) as told:
        read_bytes(content, "slip")
    assert says in told.value.text.en
    assert told.value.text.zh


def test_a_file_that_is_gone_or_too_large_is_said_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(KnownError, match="cannot be read"):
        read_file(tmp_path / "gone.csv")
    monkeypatch.setattr(lab_files, "MOST_BYTES", 10)
    (tmp_path / "big.csv").write_bytes(b"12345678901")
    with pytest.raises(KnownError, match="larger than"):
        read_file(tmp_path / "big.csv")


@given(st.binary(max_size=400))
def test_no_bytes_whatever_end_in_anything_but_a_table_or_a_sentence(content: bytes) -> None:
    try:
        rows = read_bytes(content, "x")
    except KnownError:
        return
    assert rows
    assert all(any(row) for row in rows)
