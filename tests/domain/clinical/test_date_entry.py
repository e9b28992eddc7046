"""Dates and times as they are typed at the bedside."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialdesk.domain.clinical.date_entry import read_date, read_time
from trialdesk.domain.partial_date import PartialDate
from trialdesk.domain.text import Text

TODAY = date(2026, 3, 20)
VISIT = date(2026, 3, 3)


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("t", "2026-03-20"), ("y", "2026-03-19"), ("v", "2026-03-03"), ("今天", "2026-03-20"),
        ("+3", "2026-03-23"), ("-1w", "2026-03-13"), ("-3", "2026-03-17"), ("-1m", "2026-02-20"),
        ("3/3", "2026-03-03"), ("3-3", "2026-03-03"), ("12/30", "2025-12-30"), ("30/12", "2025-12-30"),
        ("20260303", "2026-03-03"), ("2026-3-5", "2026-03-05"), ("2026.3.5", "2026-03-05"), ("2026/3/5", "2026-03-05"),
        ("2026年3月5日", "2026-03-05"), ("3月5日", "2026-03-05"), ("2026年3月", "2026-03"), ("2026年", "2026"),
        ("2026", "2026"), ("2026-03", "2026-03"), ("202603", "2026-03"), ("3/2026", "2026-03"),
        ("UN/03/2026", "2026-03"), ("un/3/2026", "2026-03"), ("un/un/2026", "2026"), ("5/3/2026", "2026-05-03"),
        ("25/3/2026", "2026-03-25"), ("３／３", "2026-03-03"), ("5/3/26", "2026-05-03"),
    ],
)  # fmt: skip
def test_it_understands_what_a_hurried_person_types(typed: str, understood: str) -> None:
    found = read_date(typed, TODAY, VISIT)
    assert isinstance(found, PartialDate), found
    assert found.text == understood


def test_the_order_of_day_and_month_is_the_studys() -> None:
    assert read_date("5/3", TODAY, order="md") == PartialDate(2026, 5, 3)
    assert read_date("5/3", TODAY, order="dm") == PartialDate(2026, 3, 5)


@pytest.mark.parametrize(
    "typed", ["", "abc", "31/2", "2026-02-30", "13/13/2026", "1/2/3/4", "99999999", "un/un/un", "+99999"]
)
def test_nonsense_is_answered_with_how_to_write_it(typed: str) -> None:
    assert isinstance(read_date(typed, TODAY), Text)


def test_the_visits_day_is_not_guessed() -> None:
    found = read_date("v", TODAY, None)
    assert isinstance(found, Text)
    assert "visit has no date" in found.en


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.integers(0, 2))
def test_every_iso_text_reads_back_to_itself(day: date, unknown: int) -> None:
    text = day.isoformat()[: (10, 7, 4)[unknown]]
    found = read_date(text, TODAY)
    assert isinstance(found, PartialDate)
    assert found.text == text


@given(st.text(alphabet="0123456789/-.tyvunUN年月日", max_size=12))
def test_full_width_reads_as_half_width_and_nothing_crashes(typed: str) -> None:
    wide = "".join(chr(ord(sign) + 0xFEE0) if sign.isascii() else sign for sign in typed)
    assert read_date(wide, TODAY, VISIT) == read_date(typed, TODAY, VISIT)


@pytest.mark.parametrize(
    ("typed", "understood"),
    [("9:30", "09:30"), ("930", "09:30"), ("0930", "09:30"), ("２１：０５", "21:05")],
)
def test_times_are_read_short_or_long(typed: str, understood: str) -> None:
    assert read_time(typed) == understood


@pytest.mark.parametrize("typed", ["25:00", "9:75", "noon", "", "9"])
def test_impossible_times_are_answered_with_how_to_write_one(typed: str) -> None:
    assert isinstance(read_time(typed), Text)


def test_now_is_one_key_where_the_clock_is_known() -> None:
    assert read_time("t", "14:02") == "14:02"
    assert isinstance(read_time("t"), Text)


def test_a_day_beyond_its_month_is_answered_with_the_months_length() -> None:
    found = read_date("4/31", TODAY)
    assert isinstance(found, Text)
    assert found.zh == "4 月只有 30 天，请核对日期。"
    assert isinstance(read_date("2/29", TODAY), Text)
