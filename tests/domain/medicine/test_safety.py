"""Seriousness, the clocks of a report, relatedness, and what is treatment-emergent."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialdesk.domain.medicine import safety

AWARE = datetime(2026, 2, 27, 9, 20, tzinfo=timezone(timedelta(hours=8)))


def test_one_criterion_makes_it_serious_and_unknown_is_not_no() -> None:
    assert safety.serious(None, None, True, None, None, None) == "Y"
    assert safety.serious(False, False, False, False, False, False) == "N"
    assert safety.serious(False, False, False, False, False, None) is None


def test_the_report_is_due_to_the_minute_and_the_rest_at_the_end_of_a_day() -> None:
    found = safety.deadlines(AWARE, True, True)
    assert found.report == datetime(2026, 2, 28, 9, 20, tzinfo=AWARE.tzinfo)
    assert (found.susar, found.full_report) == (date(2026, 3, 6), date(2026, 3, 14))
    other = safety.deadlines(AWARE, False, True)
    assert (other.susar, other.full_report) == (date(2026, 3, 14), None)
    assert safety.deadlines(AWARE, None, True).susar == date(2026, 3, 6)
    assert safety.deadlines(AWARE, True, None).susar is None


def test_clocks_are_settings() -> None:
    clocks = safety.Clocks(report_hours=48, fatal_days=5, followup_days=10, other_days=20)
    assert safety.deadlines(AWARE, True, True, clocks).full_report == date(2026, 3, 14)
    assert safety.hour_due(date(2026, 3, 1), "23:30", Decimal(24)) == "2026-03-02 23:30"
    assert safety.hour_due(date(2026, 3, 1), None, Decimal(24)) is None
    assert safety.day_due(date(2026, 2, 27), Decimal(7), "Y") == date(2026, 3, 6)
    assert safety.day_due(date(2026, 2, 27), Decimal(7), "N") is None
    assert safety.day_due(None, Decimal(7), "Y") is None


@pytest.mark.parametrize(
    ("is_serious", "expected", "related", "answer"),
    [
        ("Y", "N", "Y", "Y"),
        ("Y", "Y", "Y", "N"),
        ("N", None, None, "N"),
        ("Y", "N", None, None),
        (None, "N", "Y", None),
    ],
)
def test_a_susar_is_serious_unexpected_and_suspected(
    is_serious: str | None, expected: str | None, related: str | None, answer: str | None
) -> None:
    assert safety.susar(is_serious, expected, related) == answer


@pytest.mark.parametrize(
    ("levels", "answer"),
    [
        (("POSSIBLE", None, None), "Y"), (("UNLIKELY", "UNLIKELY", "UNRELATED"), "N"), (("UNLIKELY", None, "UNRELATED"), None),
        (("UNLIKELY", "UNLIKELY", "DEFINITE"), "Y"),
    ],
)  # fmt: skip
def test_one_agent_is_enough_to_be_related(levels: tuple[str | None, ...], answer: str | None) -> None:
    assert safety.any_related(levels[0], levels[1], levels[2], "POSSIBLE") == answer


@given(st.lists(st.sampled_from([*safety.LEVELS, None]), max_size=4))
def test_a_stricter_level_never_makes_more_related(levels: list[str | None]) -> None:
    for milder, stricter in zip(safety.LEVELS, safety.LEVELS[1:], strict=False):
        if safety.related(levels, stricter) == "Y":
            assert safety.related(levels, milder) == "Y"


def test_worsening_is_above_the_baseline_grade() -> None:
    assert safety.worsened(3, 3) == "N"
    assert safety.worsened(4, 3) == "Y"
    assert safety.worsened(1, 0) == "Y"
    assert safety.worsened(None, 0) is None


def days(first: str, last: str | None = None) -> tuple[date, date]:
    return date.fromisoformat(first), date.fromisoformat(last or first)


@pytest.mark.parametrize(
    ("onset", "answer"),
    [
        (days("2026-02-28"), "N"), (days("2026-03-01"), "Y"), (days("2026-04-14"), "Y"), (days("2026-04-15"), "N"),
        (days("2026-03-01", "2026-03-31"), "Y"), (days("2026-04-01", "2026-04-30"), None),
        (days("2026-02-01", "2026-02-28"), "N"), (None, None),
    ],
)  # fmt: skip
def test_treatment_emergent_runs_from_first_treatment_to_the_end_of_the_window(
    onset: tuple[date, date] | None, answer: str | None
) -> None:
    assert safety.treatment_emergent(onset, date(2026, 3, 1), date(2026, 4, 14)) == answer


def test_without_the_end_of_the_window_only_what_came_before_is_told() -> None:
    assert safety.treatment_emergent(days("2026-02-28"), date(2026, 3, 1), None) == "N"
    assert safety.treatment_emergent(days("2026-03-02"), date(2026, 3, 1), None) is None
