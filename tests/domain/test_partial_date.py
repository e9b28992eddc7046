"""A partial date is the range of days it can be."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialdesk.domain.partial_date import PartialDate


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026-03-05", date(2026, 3, 5), date(2026, 3, 5)),
    ],
)
def test_it_spans_the_days_it_can_be(text: str, earliest: date, latest: date) -> None:
    found = PartialDate.parse(text)
    assert (found.earliest, found.latest, found.text) == (earliest, latest, text)


@pytest.mark.parametrize("text", ["2026-13", "2026-02-30", "26", "2026-3-5", "", "2026-03-05T10:00"])
def test_impossible_days_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        PartialDate.parse(text)


@given(st.dates())
def test_a_whole_date_reads_back_to_itself(day: date) -> None:
    assert PartialDate.parse(PartialDate.of(day).text).earliest == day
