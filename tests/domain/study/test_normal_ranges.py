"""Normal ranges by laboratory, sex, age and day, and what an author hears about lists that cannot be right."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialdesk.domain.rules.study_check import check_study
from trialdesk.domain.study.laboratory import LaboratoryDef, NormalRange, RangeTable
from trialdesk.domain.study.reading import SourceFile, Sources
from trialdesk.services.study_release import shipped_study, terminology
from trialdesk.storage.study_library import load_study, read_folder

STUDY = load_study(shipped_study())
LAB = STUDY.laboratory
DAY = date(2026, 3, 17)


def limits(
    analyte: str, sex: str | None, age: int | None, day: date = DAY
) -> tuple[Decimal | None, Decimal | None] | None:
    assert LAB is not None
    found = LAB.range_for(None, analyte, sex, age, day)
    return None if found is None else (found.low, found.high)


def test_a_range_depends_on_sex_age_and_day() -> None:
    assert limits("HGB", "F", 34) == (Decimal(115), Decimal(150))
    assert limits("HGB", "M", 34) == (Decimal(130), Decimal(175))
    assert limits("CREAT", "M", 59) == (Decimal(57), Decimal(97))
    assert limits("CREAT", "M", 60) == (Decimal(57), Decimal(111))
    assert limits("PLT", None, None) == (Decimal(125), Decimal(350))
    assert limits("PLT", None, None, date(2019, 12, 31)) is None


@pytest.mark.parametrize(("sex", "age"), [(None, 34), ("F", None)])
def test_what_an_unknown_sex_or_age_would_decide_is_not_guessed(sex: str | None, age: int | None) -> None:
    assert limits("ALP", sex, age) is None


def test_every_item_has_one_range_for_every_adult() -> None:
    for _, _, item in STUDY.place.values():
        if item.lab:
            for sex in ("M", "F"):
                for age in (18, 34, 49, 50, 59, 60, 80):
                    assert limits(item.lab, sex, age) is not None, (item.lab, sex, age)


@given(
    st.lists(st.dates(date(2020, 1, 1), date(2030, 1, 1)), min_size=1, max_size=5, unique=True),
    st.dates(date(2020, 1, 1), date(2031, 1, 1)),
)
def test_of_lists_that_follow_each_other_exactly_one_holds_on_any_day_after_the_first(
    starts: list[date], day: date
) -> None:
    starts.sort()
    ends = [*(one - timedelta(days=1) for one in starts[1:]), None]
    tables = [
        RangeTable(valid_from=start, valid_to=end, ranges=(NormalRange(analyte="X", unit="g/L", low=Decimal(i)),))
        for i, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]
    holding = [table for table in tables if table.holds_on(day)]
    assert len(holding) == (1 if day >= starts[0] else 0)


def sources(change: Any) -> list[str]:
    """What the check says of the shipped study after a change of its laboratory."""
    whole = read_folder(shipped_study())
    files = [SourceFile(one.name, copy.deepcopy(one.data), one.lines) for one in whole.files]
    laboratory = next(one.data for one in files if one.name == "laboratory.yaml")
    change(laboratory)
    return [str(one) for one in check_study(Sources(files), terminology())]


def table(laboratory: Any) -> Any:
    return laboratory["laboratories"][0]["tables"][0]


def without(analyte: str, sex: str) -> Any:
    def change(laboratory: Any) -> None:
        table(laboratory)["ranges"] = [
            one for one in table(laboratory)["ranges"] if (one["analyte"], one.get("sex")) != (analyte, sex)
        ]

    return change


def setting(analyte: str, **fields: str) -> Any:
    def change(laboratory: Any) -> None:
        next(one for one in table(laboratory)["ranges"] if one["analyte"] == analyte).update(fields)

    return change


def second_table(valid_from: str) -> Any:
    def change(laboratory: Any) -> None:
        tables = laboratory["laboratories"][0]["tables"]
        tables.append(copy.deepcopy(tables[0]) | {"valid_from": valid_from})

    return change


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (without("HGB", "F"), "HGB: no range for women; give sex M and F, or any"),
        (setting("PLT", low="350", high="125"), "PLT: low 350 is above high 125; the limits are reversed"),
        (setting("PLT", unit="10^6/L"), "PLT: unit 10^6/L is not one of"),
        (setting("CREAT", age_to="70"), "CREAT: two ranges for men of 60"),
        (setting("CREAT", age_to="40"), "CREAT: no range for men of 41"),
        (second_table("2026-01-01"), "the lists from 2020-01-01 and 2026-01-01 overlap; end the first on 2025-12-31"),
        (lambda lab: table(lab).update(valid_to="2019-01-01"), "ends before it begins"),
        (lambda lab: table(lab)["ranges"].pop(0), "WBC: the list from 2020-01-01 has no range"),
        (lambda lab: lab["analytes"].pop(0), "analyte WBC of item WBC is not listed"),
        (lambda lab: lab["adverse_event"].update(term="AETERN"), "no item AETERN; did you mean 'AETERM'?"),
        (lambda lab: lab["adverse_event"].update(rule="LAB-99"), "no rule LAB-99"),
        (lambda lab: lab["analytes"][0].update(hihg="Leukocytosis"), "did you mean 'high'?"),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_right_is_named(change: Any, says: str) -> None:
    found = sources(change)
    assert any(says in one and one.startswith("laboratory.yaml:") for one in found), found[:4]


def test_a_rule_for_each_item_is_unfolded_and_a_wrong_word_is_named() -> None:
    ids = {rule.id for rule in STUDY.rules if rule.template == "LAB-03"}
    assert {"LAB-03-PLT", "LAB-03-ALT"} <= ids
    assert "LAB-03-PBBLAST" not in ids
    rule = SourceFile("rules/x.yaml", [{"id": "X", "each": "everything"}], {})
    assert any("finds no item" in one.says for one in check_study(Sources([rule])))


def test_each_laboratory_item_has_its_companion_behind_the_items_of_its_section() -> None:
    names = [item.name for item in STUDY.form["HAEM"].groups[0].items]
    assert names.index("PBBLAST") < names.index("WBCCS")
    assert "PBBLASTCS" in names
    assert "PBBLASTAQ" not in names
    assert isinstance(LAB, LaboratoryDef)
    assert STUDY.item("PLTCS").codelist == LAB.significance


def test_each_laboratory_has_its_own_list_and_a_list_its_own_days() -> None:
    assert LAB is not None
    old = RangeTable(
        valid_from=date(2020, 1, 1),
        valid_to=date(2025, 12, 31),
        ranges=(NormalRange(analyte="PLT", unit="10^9/L", low=Decimal(100)),),
    )
    new = RangeTable(valid_from=date(2026, 1, 1), ranges=(NormalRange(analyte="PLT", unit="10^9/L", low=Decimal(110)),))
    ward_lab = LAB.laboratories[0].model_copy(update={"code": "WARD", "tables": (old, new)})
    both = LaboratoryDef.model_validate(LAB.model_dump() | {"laboratories": (LAB.laboratories[0], ward_lab)})
    lows = [
        found.low
        for place, day in (("LAB1", DAY), (None, DAY), ("WARD", DAY), ("WARD", date(2025, 12, 31)))
        if (found := both.range_for(place, "PLT", "F", 34, day)) is not None
    ]
    assert lows == [125, 125, 110, 100]
    assert both.range_for("WARD", "PLT", "F", 34, date(2019, 12, 31)) is None
    assert both.range_for("NONE", "PLT", "F", 34, DAY) is None
