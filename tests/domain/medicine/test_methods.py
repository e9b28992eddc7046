"""Published criteria give the published answers."""

from __future__ import annotations

import inspect
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import form, group, item, make_book, rule, study_source
from trialdesk.domain.medicine import acute_gvhd, chronic_gvhd, plerixafor, renal
from trialdesk.domain.medicine.registry import METHODS
from trialdesk.domain.rules.example import run_example


@pytest.mark.parametrize(
    ("skin", "liver", "upper_gi", "lower_gi", "grade"),
    [
        ("0", "0", "0", "0", "0"), ("2", "0", "0", "0", "I"), ("3", "0", "0", "0", "II"), ("0", "1", "0", "0", "II"),
        ("0", "0", "1", "0", "II"), ("0", "0", "0", "1", "II"), ("0", "0", "0", "2", "III"), ("3", "3", "1", "3", "III"),
        ("4", "0", "0", "0", "IV"), ("0", "4", "0", "0", "IV"), ("0", "0", "0", "4", "IV"), ("2", "2", "0", "0", "III"),
    ],
)  # fmt: skip
def test_acute_gvhd_is_graded_by_magic(skin: str, liver: str, upper_gi: str, lower_gi: str, grade: str) -> None:
    assert acute_gvhd.grade(skin, liver, upper_gi, lower_gi) == grade


stages = st.sampled_from(["0", "1", "2", "3", "4", None])
ORDER = ["0", "I", "II", "III", "IV"]


@given(stages, stages, st.sampled_from(["0", "1", None]), stages, st.sampled_from("01234"))
def test_a_grade_that_was_told_is_not_overturned_by_what_was_missing(
    skin: str | None, liver: str | None, upper: str | None, lower: str | None, later: str
) -> None:
    told = acute_gvhd.grade(skin, liver, upper, lower)
    whole = acute_gvhd.grade(skin or later, liver or later, upper or "0", lower or later)
    assert whole is not None
    assert told is None or ORDER.index(told) == ORDER.index(whole)


def test_clearance_needs_every_input_and_follows_the_formula() -> None:
    assert renal.cockcroft_gault(None, Decimal(72), Decimal("88.4"), "M") is None
    assert renal.cockcroft_gault(Decimal(40), Decimal(72), Decimal("88.4"), "M") == 100
    assert renal.cockcroft_gault(Decimal(40), Decimal(72), Decimal("88.4"), "F") == 85
    assert renal.cockcroft_gault(Decimal(40), Decimal(72), Decimal("88.4"), None) is None


def test_the_dose_is_capped_before_it_is_rounded() -> None:
    assert plerixafor.dose_mg(Decimal("83.4"), Decimal("0.24"), Decimal(40)) == Decimal("20.016")
    assert plerixafor.dose_mg(Decimal(170), Decimal("0.24"), Decimal(40)) == 40
    assert plerixafor.volume_ml(Decimal("20.016")) == Decimal("1.0008")


def test_every_method_names_its_inputs_and_its_source() -> None:
    for name, method in METHODS.items():
        assert method.name == name
        assert method.source
        assert tuple(inspect.signature(method.function).parameters) == method.inputs
        assert "Source:" in (inspect.getdoc(method.function) or "") or name == "plerixafor.volume_ml"


def test_a_study_can_name_a_published_criterion() -> None:
    source = study_source()
    organs = [item(name, "text") for name in ("SKIN", "LIVER", "UPPER", "LOWER")]
    source["forms"] = [*source["forms"], form("GV", group("GV", *organs, item("GRADE", derived=True)))]
    source["events"][0] = source["events"][0] | {"forms": ("DM", "VS", "GV")}
    inputs = {"skin": "SKIN", "liver": "LIVER", "upper_gi": "UPPER", "lower_gi": "LOWER"}
    given_all = {"SKIN": "3", "LIVER": "0", "UPPER": "0", "LOWER": "0"}
    examples = [{"given": given_all, "expect": "II"}, {"given": {"SKIN": "3"}, "expect": "cannot_tell"}]
    source["rules"] = [
        rule("CALC-9", "method", item="GRADE", method="acute_gvhd.grade", inputs=inputs, examples=examples)
    ]
    book = make_book(**source)
    for example in book.study.rule["CALC-9"].examples:
        assert run_example(book, book.study.rule["CALC-9"], example).expect == example.expect


SCORES = [st.sampled_from(["0", "1", "2", "3", None]) for _ in range(8)]
SEVERITY = ["NONE", "MILD", "MODERATE", "SEVERE"]


@given(st.tuples(*SCORES), st.integers(0, 7))
def test_chronic_gvhd_never_gets_milder_when_an_organ_gets_worse(scores: tuple[str | None, ...], organ: int) -> None:
    before = chronic_gvhd.severity(*scores)
    worse = [*scores[:organ], "3", *scores[organ + 1 :]]
    assert chronic_gvhd.severity(*worse) == "SEVERE"
    whole = [score or "0" for score in scores]
    told = chronic_gvhd.severity(*whole)
    assert told is not None
    assert before is None or SEVERITY.index(told) == SEVERITY.index(before)
