"""Chronic GVHD: organ scores on both sides of every NIH limit, and a severity that never takes "not assessed" for 0."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialdesk.domain.medicine import chronic_gvhd

ORDER = ["none", "mild", "moderate", "severe"]


def number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@pytest.mark.parametrize(
    ("scores", "shown"),
    [  # skin mouth eyes gi liver lungs joints genital
        ("00000000", "none"), ("10000000", "mild"), ("11000000", "mild"), ("11100000", "moderate"),
        ("00000100", "moderate"), ("20000000", "moderate"), ("00000200", "severe"), ("00000300", "severe"),
        ("00300000", "severe"), ("22222022", "moderate"), ("3-------", "severe"), ("-----2--", "severe"),
        ("1-------", "at least mild"), ("0000000-", "at least none"), ("111----0", "at least moderate"),
        ("--------", ""), ("x3000000", "severe"), ("x1000000", "mild"), ("xx000000", "none"),
    ],
)  # fmt: skip
def test_severity_follows_the_organ_scores(scores: str, shown: str) -> None:
    organs = [None if sign == "-" else sign for sign in scores]
    assert chronic_gvhd.severity(*organs).shown == shown


def test_a_lower_bound_stands_with_the_number_of_organs_not_assessed() -> None:
    assert chronic_gvhd.least_severity("1", None, None, "1", "1", "0", "0", "0") == ">=MODERATE"
    assert chronic_gvhd.least_severity(*["0"] * 8) == "NONE"
    assert chronic_gvhd.least_severity(*[None] * 8) is None
    assert chronic_gvhd.settled_severity("3", *[None] * 7) == "SEVERE"
    assert chronic_gvhd.settled_severity("2", *[None] * 7) is None
    assert chronic_gvhd.not_assessed("1", None, None, "1", "1", "0", "0", "0") == 2
    assert "7 organ(s) not assessed" in chronic_gvhd.severity("1", *[None] * 7).why.en


score = st.sampled_from("0123")
maybe = st.sampled_from(["0", "1", "2", "3", None])


@given(st.tuples(*[maybe] * 8), st.tuples(*[score] * 8))
def test_what_was_told_holds_whatever_was_not_assessed(scores: tuple[str | None, ...], later: tuple[str, ...]) -> None:
    told = chronic_gvhd.severity(*scores)
    whole = chronic_gvhd.severity(*[now or then for now, then in zip(scores, later, strict=True)])
    assert whole.value is not None
    assert told.value is None or ORDER.index(told.value) <= ORDER.index(whole.value)
    assert told.exact in (None, whole.value)


@given(st.tuples(*[score] * 8), st.integers(0, 7))
def test_a_worse_organ_never_makes_it_milder(scores: tuple[str, ...], organ: int) -> None:
    worse = [*scores]
    worse[organ] = str(min(int(worse[organ]) + 1, 3))
    before, after = chronic_gvhd.severity(*scores).value, chronic_gvhd.severity(*worse).value
    assert before is not None
    assert after is not None
    assert ORDER.index(before) <= ORDER.index(after)


@pytest.mark.parametrize(
    ("surface", "sclerosis", "shown"),
    [
        ("0", "none", "0"), ("0.1", "none", "1"), ("18", "none", "1"), ("18.1", "none", "2"), ("50", "none", "2"),
        ("50.1", "none", "3"), ("0", "superficial", "2"), ("0", "deep", "3"), ("60", "superficial", "3"),
        ("10", None, "at least 1"), ("60", None, "3"), (None, "deep", "3"), (None, "none", "at least 0"), (None, None, ""),
    ],
)  # fmt: skip
def test_the_skin_takes_the_higher_of_surface_and_sclerosis(
    surface: str | None, sclerosis: str | None, shown: str
) -> None:
    assert chronic_gvhd.skin_score(number(surface), sclerosis).shown == shown


@pytest.mark.parametrize(
    ("fev1", "symptoms", "shown"),
    [
        ("80", None, "0"), ("79.9", None, "1"), ("60", None, "1"), ("59.9", None, "2"), ("40", None, "2"),
        ("39.9", None, "3"), ("85", "rest", "0"), (None, "none", "0"), (None, "one_flight", "1"), (None, "flat", "2"),
        (None, "rest", "3"), (None, None, ""),
    ],
)  # fmt: skip
def test_lung_function_counts_and_symptoms_only_without_it(fev1: str | None, symptoms: str | None, shown: str) -> None:
    assert chronic_gvhd.lung_score(number(fev1), symptoms).shown == shown


@pytest.mark.parametrize(
    ("bilirubin", "unit", "uln", "alt", "alp", "shown"),
    [
        ("1", "mg/dL", "1.2", "119", "299", "0"), ("1", "mg/dL", "1.2", "120", "299", "1"),
        ("1", "mg/dL", "1.2", "200", "100", "1"), ("1", "mg/dL", "1.2", "201", "100", "2"),
        ("1", "mg/dL", "1.2", "20", "300", "1"), ("1", "mg/dL", "1.2", "20", "3000", "1"),
        ("1.2", "mg/dL", "1.2", "20", "100", "0"), ("1.3", "mg/dL", "1.2", "20", "100", "2"),
        ("3.0", "mg/dL", "1.2", "20", "100", "2"), ("3.01", "mg/dL", "1.2", "20", "100", "3"),
        ("51.3", "umol/L", "20.5", "20", "100", "2"), ("51.4", "umol/L", "20.5", "20", "100", "3"),
        ("4", "mg/dL", None, None, None, "3"), ("1", "mg/dL", "1.2", None, "100", "at least 0"),
        (None, None, None, "300", None, "at least 2"), (None, None, None, None, None, ""), ("1", "g/L", "1", "20", "20", ""),
    ],
)  # fmt: skip
def test_the_liver_is_scored_from_bilirubin_alt_and_ap(
    bilirubin: str | None, unit: str | None, uln: str | None, alt: str | None, alp: str | None, shown: str
) -> None:
    told = chronic_gvhd.liver_score(
        number(bilirubin), unit, number(uln), number(alt), Decimal(40), number(alp), Decimal(100)
    )
    assert told.shown == shown


@pytest.mark.parametrize(
    ("given_signs", "shown"),
    [
        ((False, "none", None, None, None, None), "0"), ((True, "none", "3", False, False, False), "1"),
        ((True, "none", "3.1", False, False, False), "2"), ((True, "none", "2", True, False, False), "2"),
        ((True, "partly", "2", False, False, False), "2"), ((True, "significant", None, None, None, None), "3"),
        ((True, "none", "2", False, True, False), "3"), ((True, "none", "2", False, False, True), "3"),
        ((True, "partly", "2", False, None, False), "at least 2"), ((None,) * 6, ""),
    ],
)  # fmt: skip
def test_the_eyes_are_scored_by_drops_plugs_and_daily_life(given_signs: tuple[object, ...], shown: str) -> None:
    dry, life, drops, plugs, vision, work = given_signs
    told = chronic_gvhd.eyes_score(dry, life, number(drops), plugs, vision, work)  # type: ignore[arg-type]
    assert told.shown == shown


@pytest.mark.parametrize(
    ("loss", "diarrhoea", "supplement", "shown"),
    [
        ("4.9", "none", False, "1"), ("5", "none", False, "2"), ("15", "none", False, "2"), ("15.1", "none", False, "3"),
        ("0", "moderate", False, "2"), ("0", "severe", False, "3"), ("0", "none", True, "3"),
        (None, "moderate", False, "at least 2"),
    ],
)  # fmt: skip
def test_the_gut_is_scored_by_weight_loss_and_diarrhoea(
    loss: str | None, diarrhoea: str, supplement: bool, shown: str
) -> None:
    assert chronic_gvhd.gi_score(True, number(loss), diarrhoea, supplement, False).shown == shown


def test_a_gut_without_symptoms_is_0() -> None:
    assert chronic_gvhd.gi_score(False, None, None, None, None).shown == "0"
    assert chronic_gvhd.gi_score(None, None, None, None, None).shown == ""


@pytest.mark.parametrize(
    ("tight", "motion", "life", "shown"),
    [
        ("none", "none", "none", "0"), ("mild", "none", "none", "1"), ("mild", "mild", "none", "1"),
        ("moderate", "moderate", "moderate", "2"), ("contracture", "moderate", "moderate", "2"),
        ("contracture", "severe", "severe", "3"), ("contracture", "severe", "moderate", "2"),
        ("mild", "severe", "none", ""), (None, "none", "none", ""),
    ],
)  # fmt: skip
def test_joints_need_motion_and_daily_life_together(tight: str | None, motion: str, life: str, shown: str) -> None:
    assert chronic_gvhd.joint_score(tight, motion, life).shown == shown
