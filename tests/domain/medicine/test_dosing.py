"""Doses, clearance, cell doses and the calendar of a round."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialdesk.domain.medicine import infusion, plerixafor, renal, schedule


@pytest.mark.parametrize(
    ("kg", "clearance", "per_kg", "mg", "ml", "daily", "above"),
    [
        ("83.4", "90", "0.24", "20.02", "1.001", "40.03", True), ("83.3", "90", "0.24", "19.99", "1.000", "39.98", False),
        ("70", "90", "0.24", "16.80", "0.840", "33.60", False), ("170", "90", "0.24", "40.00", "2.000", "80.00", True),
        ("84.4", "50", "0.16", "13.50", "0.675", "27.01", True), ("84.3", "50", "0.16", "13.49", "0.674", "26.98", False),
        ("84.4", "50.1", "0.16", "13.50", "0.675", "27.01", False), ("120", "50", "0.24", "27.00", "1.350", "54.00", True),
    ],
)  # fmt: skip
def test_the_dose_is_by_weight_and_the_label_is_compared_before_rounding(
    kg: str, clearance: str, per_kg: str, mg: str, ml: str, daily: str, above: bool
) -> None:
    found = plerixafor.dose(Decimal(kg), Decimal(clearance), Decimal(per_kg))
    shown = (plerixafor.rounded(found.mg, 2), plerixafor.rounded(found.ml, 3), plerixafor.rounded(found.daily_mg, 2))
    assert (*shown, found.above_label) == (mg, ml, daily, above)


@given(st.decimals(30, 200, places=1), st.decimals(30, 200, places=1), st.sampled_from(["20", "50", "51", "120"]))
def test_a_heavier_participant_never_gets_less_nor_more_than_the_cap(
    one: Decimal, other: Decimal, clearance: str
) -> None:
    light, heavy = sorted((one, other))
    doses = [plerixafor.dose(kg, Decimal(clearance), Decimal("0.24")) for kg in (light, heavy)]
    assert doses[0].mg <= doses[1].mg <= doses[1].label_cap
    assert doses[1].ml * 20 == doses[1].mg


def test_a_dose_is_not_told_before_everything_is_known() -> None:
    assert plerixafor.dose_mg(Decimal("83.4"), Decimal("0.24"), Decimal(40)) == Decimal("20.016")
    assert plerixafor.dose_mg(Decimal(170), Decimal("0.24"), Decimal(40)) == 40
    assert plerixafor.dose_mg(None, Decimal("0.24"), Decimal(40)) is None
    assert plerixafor.volume_ml(Decimal("20.016")) == Decimal("1.0008")
    assert plerixafor.volume_ml(None) is None
    assert plerixafor.volume_ml(Decimal(20), Decimal(10)) == 2
    assert plerixafor.daily_mg(Decimal(20), None) is None


def test_reduced_clearance_lowers_the_dose() -> None:
    usual, reduced, limit = Decimal("0.24"), Decimal("0.16"), Decimal(50)
    assert plerixafor.mg_per_kg(Decimal("50.1"), usual, reduced, limit) == usual
    assert plerixafor.mg_per_kg(Decimal(50), usual, reduced, limit) == reduced
    assert plerixafor.mg_per_kg(None, usual, reduced, limit) is None


def test_clearance_needs_every_input_and_follows_the_formula() -> None:
    assert renal.cockcroft_gault(None, Decimal(72), Decimal("88.4"), "M") is None
    assert renal.cockcroft_gault(Decimal(40), Decimal(72), Decimal("88.4"), "M") == 100
    assert renal.cockcroft_gault(Decimal(40), Decimal(72), Decimal("88.4"), "F") == 85
    assert renal.cockcroft_gault(Decimal(40), Decimal(72), Decimal("88.4"), None) is None
    assert renal.cockcroft_gault(Decimal(40), Decimal(72), Decimal(0), "M") is None


@pytest.mark.parametrize(
    ("dose", "answer"), [("0.009", "LOW"), ("0.01", "OK"), ("1000", "OK"), ("1000.1", "HIGH"), (None, None)]
)
def test_a_slip_of_the_power_of_ten_is_seen(dose: str | None, answer: str | None) -> None:
    assert infusion.cd3_dose(None if dose is None else Decimal(dose)) == answer


def test_cd3_cells_are_a_part_of_the_mononuclear_cells() -> None:
    assert infusion.mnc_and_cd3_agree(Decimal(100), Decimal(1)) == "Y"
    assert infusion.mnc_and_cd3_agree(Decimal(101), Decimal(1)) == "N"
    assert infusion.mnc_and_cd3_agree(None, Decimal(1)) is None


def test_a_round_runs_from_the_last_day_of_chemotherapy() -> None:
    found = schedule.round_days(date(2026, 2, 26))
    assert found == schedule.Round(
        date(2026, 3, 1), date(2026, 3, 11), date(2026, 3, 15), 10, date(2026, 4, 14), date(2026, 5, 30)
    )


def test_a_round_can_run_from_the_first_day_instead() -> None:
    found = schedule.round_days(date(2026, 2, 26), date(2026, 2, 22), "START")
    assert found is not None
    assert found.dli == date(2026, 2, 25)
    assert schedule.round_days(date(2026, 2, 26), None, "START") is None
    assert schedule.round_days(None) is None


def test_months_of_the_calendar_end_with_the_month() -> None:
    found = schedule.round_days(date(2026, 11, 27), days=schedule.Days(months=True))
    assert found is not None
    assert (found.dli, found.response) == (date(2026, 11, 30), date(2027, 2, 28))
    assert schedule.month_later(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert schedule.month_later(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert schedule.month_later(date(2026, 12, 15), 3) == date(2027, 3, 15)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_the_days_of_a_round_stand_in_order(start: date) -> None:
    found = schedule.round_days(start)
    assert found is not None
    days = [start, found.dli, found.plerixafor_day1, found.plerixafor_last_day, found.trae_window_end, found.response]
    assert days == sorted(days)
    assert (found.plerixafor_last_day - found.dli).days == 14
