"""The monitoring plan: who is compared in full, what a form needs, and what the check of a study says of a bad plan."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialdesk.domain.study.amendment import differences
from trialdesk.domain.study.monitoring import MonitoringPlan, TrailPlan, is_drawn
from trialdesk.domain.text import Text
from trialdesk.services.study_release import check_folder, shipped_release, shipped_study

NEEDS = ("none", "critical", "all")


def plan(**more: object) -> MonitoringPlan:
    return MonitoringPlan.model_validate({"source": "assumption", "basis": Text(en="a", zh="b")} | more)


def test_the_first_of_a_site_are_compared_in_full_and_then_what_the_plan_says() -> None:
    made = plan(first_participants=3, forms=[{"form": "HAEM", "events": ["SCR"], "verify": "none"}])
    assert [made.in_full("S", f"01-{n:03d}", n) for n in (1, 3, 4)] == ["first", "first", None]
    assert made.need("SCR", "HAEM", full=True) == "all"
    assert made.need("SCR", "HAEM", full=False) == "none"
    assert made.need("D7", "HAEM", full=False) == "critical"


@given(st.text(max_size=8), st.integers(0, 100), st.integers(0, 100))
def test_a_larger_sample_holds_the_smaller_one(subject: str, one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert is_drawn("S", subject, high) or not is_drawn("S", subject, low)
    assert is_drawn("S", subject, 100)
    assert not is_drawn("S", subject, 0)


def test_a_sample_of_a_tenth_draws_about_a_tenth_and_always_the_same() -> None:
    people = [f"01-{n:04d}" for n in range(2000)]
    drawn = [one for one in people if is_drawn("NCT06141304", one, 10)]
    assert 150 < len(drawn) < 250
    assert drawn == [one for one in people if is_drawn("NCT06141304", one, 10)]
    assert drawn != [one for one in people if is_drawn("OTHER", one, 10)]


@given(st.sampled_from(NEEDS), st.sampled_from(NEEDS))
def test_comparing_in_full_asks_for_no_less_than_the_plan(usual: str, form: str) -> None:
    made = plan(usual=usual, forms=[{"form": "DM", "verify": form}])
    for oid in ("DM", "VS"):
        assert NEEDS.index(made.need("SCR", oid, full=True)) >= NEEDS.index(made.need("SCR", oid, full=False))


def test_the_night_may_go_over_midnight() -> None:
    assert [TrailPlan(night_from=22, night_to=6).is_night(hour) for hour in (21, 22, 3, 6)] == [
        False,
        True,
        True,
        False,
    ]
    assert [TrailPlan(night_from=1, night_to=5).is_night(hour) for hour in (0, 1, 5)] == [False, True, False]


def test_the_shipped_plan_is_an_assumption_and_says_itself_in_both_languages() -> None:
    made = shipped_release().study.monitoring
    assert made is not None
    assert made.source == "assumption"
    assert "first 3 participants" in made.words().en
    assert f"{len(made.critical)} 项" in made.words().zh


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("- RSRESP\n", "- RSREPS\n", "no item RSREPS; did you mean 'RSRESP'"),
        ("- RSRESP\n", "- AGGRADE\n", "AGGRADE is computed"),
        ("- RSRESP\n", "- RSRESP\n- RSRESP\n", "RSRESP is named twice"),
        ("form: SAE,", "form: SEA,", "no form SEA; did you mean 'SAE'"),
        ("form: SAE,", "form: SAE, events: [SCR],", "form SAE is not asked at SCR"),
        ("form: SAE,", "form: ELIG,", "an entry above holds for ELIG already"),
        ('sample_percent: "10"', 'sample_percent: "110"', "less than or equal to 100"),
        ("usual: critical", "usal: critical", "usal is not a field here; did you mean 'usual'"),
    ],
)
def test_a_bad_plan_is_named_by_file_and_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    folder = copytree(shipped_study(), tmp_path / "study")
    file = folder / "monitoring.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    problems = check_folder(folder).problems
    assert any(one.file == "monitoring.yaml" and one.line > 1 and says in one.says for one in problems), problems


def test_a_release_that_changes_the_plan_says_which_part() -> None:
    study = shipped_release().study
    assert study.monitoring is not None
    wider = study.monitoring.model_copy(update={"first_participants": 5})
    (found,) = differences(study, study.model_copy(update={"monitoring": wider}))
    assert (found.what, found.act, found.name, found.hides) == ("monitoring", "changed", "first_participants", None)
