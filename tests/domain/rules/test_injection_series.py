"""Ten injections: planned moments from the first, intervals to the last one given, late and early at the minute."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.rules.example import example_casebook
from trialdesk.domain.rules.injection_series import (
    Series,
    Timing,
    given_now,
    hours_words,
    injection_series,
    interval_brief,
    interval_words,
    not_given,
)
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.services.study_release import release_from_folder, shipped_study

BOOK = Rulebook(release_from_folder(shipped_study()).study)
SHEET = BOOK.study.form["PLX"].injections
FORM = FormPath("PLX", 1, "PLX")
TIMING = Timing(Decimal(12), Decimal(2), Decimal(6))
assert SHEET is not None


def series(**given: str | list[str]) -> Series:
    """The series of a casebook that holds these answers."""
    assert SHEET is not None
    return injection_series(BOOK, casebook(**given), FORM, SHEET, date(2026, 3, 17))


def casebook(**given: str | list[str]) -> SubjectData:
    """A casebook with these answers."""
    return example_casebook(BOOK, FORM, given)


def test_planned_times_follow_from_the_first_injection_twelve_hours_apart() -> None:
    made = series(PLXGIVEN=["Y"], PLXDAT=["2026-03-13"], PLXTIM=["08:00"]).injections
    assert [one.planned for one in made[1:4]] == [
        datetime(2026, 3, 13, 20),
        datetime(2026, 3, 14, 8),
        datetime(2026, 3, 14, 20),
    ]
    assert made[9].planned == datetime(2026, 3, 17, 20)
    assert [(one.day, one.slot) for one in made[:3]] == [(1, 0), (1, 1), (2, 0)]


def test_a_planned_time_that_was_written_down_stands() -> None:
    made = series(
        DLIDAT="2026-03-03", PLXGIVEN=["Y"], PLXDAT=["2026-03-13"], PLXTIM=["08:00"], PLXPTIM=["", "21:00"]
    ).injections
    assert made[1].planned == datetime(2026, 3, 13, 21)


@pytest.mark.parametrize(
    ("second", "verdict"),
    [
        ("22:00", "in_time"), ("22:01", "late"), ("18:00", "in_time"), ("17:59", "early"),
        ("14:00", "early"), ("13:59", "too_close"),
    ],
)  # fmt: skip
def test_the_window_is_twelve_hours_and_two_and_never_less_than_six(second: str, verdict: str) -> None:
    made = series(PLXGIVEN=["Y", "Y"], PLXDAT=["2026-03-13"] * 2, PLXTIM=["08:00", second]).injections
    interval = made[1].interval
    assert interval is not None
    assert interval.verdict == verdict


def test_after_a_missed_injection_the_interval_counts_two_steps() -> None:
    made = series(
        PLXGIVEN=["Y", "N", "Y"], PLXDAT=["2026-03-13", "", "2026-03-14"], PLXTIM=["08:00", "", "08:30"]
    ).injections
    interval = made[2].interval
    assert interval is not None
    assert (interval.since, interval.hours, interval.verdict) == (1, Decimal("24.5"), "in_time")


def test_late_is_said_in_hours_and_minutes() -> None:
    made = series(PLXGIVEN=["Y", "Y"], PLXDAT=["2026-03-13"] * 2, PLXTIM=["08:00", "22:30"]).injections
    interval = made[1].interval
    assert interval is not None
    assert interval_words(TIMING, interval).zh == "距第 1 针 14 h 30 min，偏晚 30 min"
    assert interval_brief(TIMING, interval).en == "14.5 h, late 0.5 h"


def test_the_next_injection_is_the_first_nobody_accounted_for() -> None:
    made = series(PLXGIVEN=["Y", "N"], PLXDAT=["2026-03-13"], PLXTIM=["08:00"])
    assert made.next is not None
    assert (made.next.number, made.given) == (3, 1)
    assert made.next.window == (datetime(2026, 3, 14, 6), datetime(2026, 3, 14, 10))


def test_the_cap_of_a_day_follows_renal_function() -> None:
    about = {"BRTHDAT": "1985-01-01", "SEX": "M", "PLXWT": "72", "PLXDAT": ["2026-03-13"]}
    assert series(**about, PLXCREAT="88.4").day_cap == 40
    assert series(**about, PLXCREAT="180").day_cap == 27
    assert series().day_cap is None


def test_given_now_takes_day_time_and_the_planned_dose_and_leaves_what_is_answered() -> None:
    assert SHEET is not None
    now = datetime(2026, 3, 13, 20, 3)
    data = casebook(BRTHDAT="1985-01-01", SEX="M", PLXWT="62", PLXCREAT="88.4", PLXDAT=["2026-03-13"], PLXSITE=["ABD"])
    answers = {path.item: text for path, text in given_now(BOOK, data, FORM, SHEET, 2, now)}
    assert answers == {
        "PLXGIVEN": "Y", "PLXDAT": "2026-03-13", "PLXTIM": "20:03", "PLXMG": "14.88", "PLXML": "0.744",
    }  # fmt: skip
    first = {path.item for path, _ in given_now(BOOK, data, FORM, SHEET, 1, now)}
    assert "PLXDAT" not in first
    assert not_given(FORM, SHEET, 3, "MISSED") == [
        (ItemPath("PLX", 1, "PLX", "PLXINJ", 3, "PLXGIVEN"), "N"),
        (ItemPath("PLX", 1, "PLX", "PLXINJ", 3, "PLXREASN"), "MISSED"),
    ]


def test_without_a_known_plan_the_dose_is_left_open() -> None:
    assert SHEET is not None
    answers = {p.item for p, _ in given_now(BOOK, casebook(), FORM, SHEET, 1, datetime(2026, 3, 13, 8))}
    assert answers == {"PLXGIVEN", "PLXDAT", "PLXTIM"}


@given(st.integers(0, 60 * 80), st.integers(1, 9))
def test_every_interval_has_one_verdict_and_the_window_is_symmetric(minutes: int, steps: int) -> None:
    hours = Decimal(minutes) / 60
    verdict = TIMING.verdict(hours, steps)
    off = hours - 12 * steps
    assert (verdict == "in_time") == (abs(off) <= 2 and hours >= 6)
    assert hours_words(hours).en


def test_hours_are_spoken_without_empty_parts() -> None:
    assert [hours_words(Decimal(m) / 60).en for m in (0, 30, 60, 723)] == ["0 h", "30 min", "1 h", "12 h 3 min"]
