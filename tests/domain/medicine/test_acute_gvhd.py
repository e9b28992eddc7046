"""Acute GVHD: organ stages on both sides of every MAGIC limit, the overall grade, confidence and class."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialdesk.domain.medicine import acute_gvhd, gvhd_episode

ORDER = ["0", "I", "II", "III", "IV"]


def number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@pytest.mark.parametrize(
    ("bsa", "erythroderma", "bullae", "peeling", "shown"),
    [
        ("0", None, None, None, "0"), ("0.1", None, None, None, "1"), ("24.9", None, None, None, "1"),
        ("25", None, None, None, "2"), ("50", None, None, None, "2"), ("50", True, True, True, "2"),
        ("50.1", False, False, False, "3"), ("60", None, False, None, "3"), ("90", None, True, True, "4"),
        ("90", True, True, True, "4"), ("90", True, True, False, "3"), ("90", True, False, True, "3"),
        ("90", False, True, True, "3"), ("90", True, True, None, "at least 3"), ("60", None, None, None, "at least 3"),
        (None, True, True, True, "4"), (None, None, True, True, ""),
    ],
)  # fmt: skip
def test_the_skin_is_staged_by_surface_and_stage_4_needs_all_three_signs(
    bsa: str | None, erythroderma: bool | None, bullae: bool | None, peeling: bool | None, shown: str
) -> None:
    assert acute_gvhd.skin_stage(number(bsa), erythroderma, bullae, peeling).shown == shown


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        ("1.99", "mg/dL", "0"), ("2", "mg/dL", "1"), ("3", "mg/dL", "1"), ("3.01", "mg/dL", "2"), ("6", "mg/dL", "2"),
        ("6.1", "mg/dL", "3"), ("15.0", "mg/dL", "3"), ("15.1", "mg/dL", "4"), ("33.9", "umol/L", "0"),
        ("34", "μmol/L", "1"), ("50", "umol/L", "1"), ("51", "umol/L", "2"), ("102", "umol/L", "2"),
        ("103", "umol/L", "3"), ("255", "umol/L", "3"), ("256", "µmol/L", "4"), ("5", "g/L", ""), (None, "mg/dL", ""),
    ],
)  # fmt: skip
def test_the_liver_is_staged_in_the_unit_of_the_laboratory(value: str | None, unit: str, shown: str) -> None:
    assert acute_gvhd.liver_stage(number(value), unit).shown == shown


@pytest.mark.parametrize(
    ("who", "weight", "volume", "episodes", "shown"),
    [
        ("adult", None, "499", None, "0"), ("adult", None, "500", None, "1"), ("adult", None, "999.9", None, "1"),
        ("adult", None, "1000", None, "2"), ("adult", None, "1500", None, "2"), ("adult", None, "1500.1", None, "3"),
        ("adult", None, None, "2.9", "0"), ("adult", None, None, "3", "1"), ("adult", None, None, "4.9", "1"),
        ("adult", None, None, "5", "2"), ("adult", None, None, "6", "2"), ("adult", None, None, "7", "2"),
        ("adult", None, None, "7.1", "3"), ("adult", None, "400", "9", "0"),
        ("child", "20", "199", None, "0"), ("child", "20", "200", None, "1"), ("child", "20", "399", None, "1"),
        ("child", "20", "400", None, "2"), ("child", "20", "600", None, "2"), ("child", "20", "601", None, "3"),
        ("child", "20", None, "3.9", "0"), ("child", "20", None, "4", "1"), ("child", "20", None, "7", "2"),
        ("child", "20", None, "10", "2"), ("child", "20", None, "10.1", "3"), ("child", None, "600", "8", "2"),
        ("child", None, "600", None, ""), (None, "51", "1200", None, "2"), (None, "20", "1200", None, ""),
        (None, None, None, "12", "3"), ("adult", None, None, None, ""),
    ],
)  # fmt: skip
def test_the_gut_is_staged_by_volume_where_measured_else_by_episodes(
    who: str | None, weight: str | None, volume: str | None, episodes: str | None, shown: str
) -> None:
    told = acute_gvhd.lower_gi_stage(who, number(weight), number(volume), number(episodes), False, False)
    assert told.shown == shown


def test_pain_or_blood_is_stage_4_and_not_known_leaves_a_lower_bound() -> None:
    litre = Decimal(400)
    assert acute_gvhd.lower_gi_stage("adult", None, litre, None, None, True).shown == "4"
    assert acute_gvhd.lower_gi_stage(None, None, None, None, True, None).shown == "4"
    assert acute_gvhd.lower_gi_stage("adult", None, Decimal(1200), None, None, False).shown == "at least 2"
    assert acute_gvhd.lower_gi_stage("adult", None, Decimal(1200), None, None, False).exact is None


def test_an_unmeasured_episode_adds_200_ml_or_3_ml_per_kg() -> None:
    adult = acute_gvhd.lower_gi_stage("adult", Decimal(60), Decimal(0), None, False, False, Decimal(6))
    assert (adult.shown, adult.why.en) == ("2", "1200 mL a day.")
    child = acute_gvhd.lower_gi_stage("child", Decimal(20), Decimal(140), None, False, False, Decimal(1))
    assert (child.shown, child.why.en) == ("1", "10 mL/kg a day.")
    heavy = acute_gvhd.lower_gi_stage("child", Decimal(50), Decimal(300), None, False, False, Decimal(1))
    assert heavy.shown == "1"


def test_upper_gut_is_stage_1_only_when_it_persists() -> None:
    assert [acute_gvhd.upper_gi_stage(word).shown for word in ("persistent", "intermittent", "none", None)] == [
        "1", "0", "0", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("nausea", "per_day", "days", "anorexia", "loss", "persists"),
    [
        ("3", None, None, None, None, True), ("2", "2", "2", None, None, True), ("2", "2", "1", False, None, False),
        ("2", "1", None, True, True, True), ("0", "0", None, True, False, False), ("2", None, None, False, None, None),
    ],
)  # fmt: skip
def test_persistent_means_three_days_of_nausea_or_two_of_vomiting_or_wasting(
    nausea: str, per_day: str | None, days: str | None, anorexia: bool | None, loss: bool | None, persists: bool | None
) -> None:
    found = acute_gvhd.upper_gi_persistent(number(nausea), number(per_day), number(days), anorexia, loss)
    assert found is persists


@pytest.mark.parametrize(
    ("age", "weight", "who"),
    [("18", None, "adult"), ("17", "50.1", "adult"), ("17", "50", "child"), ("17", None, None), (None, "51", "adult")],
)
def test_an_adult_is_18_or_heavier_than_50_kg(age: str | None, weight: str | None, who: str | None) -> None:
    assert acute_gvhd.population(number(age), number(weight)) == who


@pytest.mark.parametrize(
    ("stages", "shown"),
    [
        ("0000", "0"), ("1000", "I"), ("2000", "I"), ("3000", "II"), ("0100", "II"), ("0010", "II"), ("0001", "II"),
        ("2011", "II"), ("0200", "III"), ("0300", "III"), ("0002", "III"), ("0003", "III"), ("3313", "III"),
        ("4000", "IV"), ("0400", "IV"), ("0004", "IV"), ("4---", "IV"), ("-4--", "IV"), ("2---", "at least I"),
        ("-2--", "at least III"), ("02-0", "at least III"), ("000-", "at least 0"), ("----", ""),
    ],
)  # fmt: skip
def test_the_grade_is_not_the_highest_stage(stages: str, shown: str) -> None:
    organs = [None if sign == "-" else sign for sign in stages]
    assert acute_gvhd.grade(*organs).shown == shown


def test_upper_gut_alone_cannot_change_grade_three() -> None:
    assert acute_gvhd.settled_grade("0", "2", None, "0") == "III"
    assert acute_gvhd.settled_grade(None, "2", "0", "0") is None
    assert acute_gvhd.least_grade("0", "1", None, None) == ">=II"
    assert acute_gvhd.least_grade("0", "1", "0", "0") == "II"
    assert acute_gvhd.least_grade(None, None, None, None) is None


stage = st.sampled_from("01234")
maybe = st.sampled_from(["0", "1", "2", "3", "4", None])


@given(maybe, maybe, st.sampled_from(["0", "1", None]), maybe, st.tuples(stage, stage, st.sampled_from("01"), stage))
def test_what_was_told_holds_whatever_the_missing_organs_turn_out_to_be(
    skin: str | None, liver: str | None, upper: str | None, lower: str | None, later: tuple[str, str, str, str]
) -> None:
    told = acute_gvhd.grade(skin, liver, upper, lower)
    known = [now or then for now, then in zip((skin, liver, upper, lower), later, strict=True)]
    whole = acute_gvhd.grade(*known)
    assert whole.value is not None
    assert not whole.at_least
    if told.value is not None:
        assert ORDER.index(told.value) <= ORDER.index(whole.value)
    settled = acute_gvhd.settled_grade(skin, liver, upper, lower)
    assert settled in (None, whole.value)


@given(st.tuples(stage, stage, st.sampled_from("01"), stage), st.integers(0, 3))
def test_a_worse_organ_never_makes_a_milder_grade(stages: tuple[str, str, str, str], organ: int) -> None:
    worse = [*stages]
    worse[organ] = str(min(int(worse[organ]) + 1, 1 if organ == 2 else 4))
    before, after = acute_gvhd.grade(*stages).value, acute_gvhd.grade(*worse).value
    assert before is not None
    assert after is not None
    assert ORDER.index(before) <= ORDER.index(after)


@pytest.mark.parametrize(
    ("biopsy", "treated", "other", "resolved", "level"),
    [
        ("POS", None, None, None, "CONFIRMED"), ("POS", True, True, None, "CONFIRMED"),
        ("NOTDONE", True, False, False, "PROBABLE"), ("EQUIV", True, False, None, "PROBABLE"),
        ("NOTGVHD", False, False, None, "POSSIBLE"), (None, None, True, None, "NEGATIVE"),
        (None, False, False, True, "NEGATIVE"), (None, None, False, None, None), (None, True, None, None, None),
    ],
)  # fmt: skip
def test_confidence_joins_the_biopsy_with_the_decision_to_treat(
    biopsy: str | None, treated: bool | None, other: bool | None, resolved: bool | None, level: str | None
) -> None:
    assert gvhd_episode.confidence(biopsy, treated, other, resolved) == level


def test_confirmed_and_probable_count() -> None:
    levels = ["CONFIRMED", "PROBABLE", "POSSIBLE", "NEGATIVE", None]
    assert [gvhd_episode.counts_as_acute(one) for one in levels] == [True, True, False, False, None]


@pytest.mark.parametrize(
    ("days", "acute", "chronic", "name"),
    [
        ("100", True, False, "CLASSIC"), ("101", True, False, "LATE"), (None, True, False, None),
        ("30", False, True, "CHRONIC"), ("30", True, True, "OVERLAP"), ("30", False, False, "NONE"),
        ("30", True, None, None),
    ],
)  # fmt: skip
def test_features_decide_the_class_and_the_day_only_parts_early_from_late(
    days: str | None, acute: bool | None, chronic: bool | None, name: str | None
) -> None:
    assert gvhd_episode.gvhd_class(number(days), acute, chronic) == name


def test_the_onset_is_counted_from_the_last_cells() -> None:
    assert gvhd_episode.days_after(date(2026, 3, 31), date(2026, 3, 1)) == 30
    assert gvhd_episode.days_after(date(2026, 3, 1), date(2026, 3, 1)) == 0
    assert gvhd_episode.days_after(date(2026, 2, 1), date(2026, 3, 1)) is None
    assert gvhd_episode.days_after(None, date(2026, 3, 1)) is None
