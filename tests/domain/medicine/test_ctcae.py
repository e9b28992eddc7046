"""A number gets the published grade in its own unit, and what a number cannot settle is asked."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialdesk.domain.medicine import clause as clauses
from trialdesk.domain.medicine.ctcae import Clause, Facts, Graded
from trialdesk.domain.medicine.ctcae_words import CONDITIONS
from trialdesk.domain.medicine.units import canonical
from trialdesk.paths import resources
from trialdesk.services.ctcae_grading import criteria
from trialdesk.storage.terminology import read_terms

CRITERIA = criteria()
WORKBOOK = Path(__file__).resolve().parents[4] / "shared" / "data" / "CTCAE_v5.0_2017-11-27.xlsx"


def number(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None


def grade(term: str, value: str, unit: str = "", **known: str) -> Graded:
    numbers = {name: number(known.get(name)) for name in ("lln", "uln", "baseline", "percent_change")}
    return CRITERIA.grade(term, number(value), unit, baseline_status=known.get("status"), **numbers)  # type: ignore[arg-type]


# ------------------------------------------------------------------ the table itself, checked mechanically


def test_the_table_holds_53_terms_and_297_clauses_each_with_a_grade_that_exists() -> None:
    terms = {term.name: term for term in read_terms(resources() / "terminology" / "ctcae-5.0")}
    assert len(CRITERIA.clauses) == 297
    assert len(CRITERIA.terms) == 53
    for one in CRITERIA.clauses:
        assert one.grade in terms[one.term].grades, one
        assert one.condition in CONDITIONS, one
        assert clauses.names(one.expression)
    for asked in CRITERIA.asked:
        assert asked.grade in terms[asked.term].grades, asked
        assert asked.term in CRITERIA.terms


def test_every_unit_has_one_spelling_and_is_known() -> None:
    units = {part.strip() for one in CRITERIA.clauses for part in one.unit.split(";")}
    assert units == {
        "any", "g/L", "g/dL", "mg/dL", "mmol/L", "10^9/L", "/mm3", "ms", "%", "pH", "kg/m2", "mL/min/1.73m2", "ratio",
        "plus", "degC", "degF", "mmHg",
    }  # fmt: skip
    assert len({canonical(unit) for unit in units}) == len(units)


def ladders() -> dict[tuple[str, str, str, str], list[Clause]]:
    """Clauses that can be true together: one term, analyte, unit and kind of baseline."""
    found: dict[tuple[str, str, str, str], list[Clause]] = {}
    for one in CRITERIA.clauses:
        kind = one.condition if one.condition.startswith("baseline") else ""
        found.setdefault((one.term, one.analyte, one.unit, kind), []).append(one)
    return found


STEP = Decimal("0.000001")
PLAIN = re.compile(r"^V (?:<=|<|>=|>) ([^<>=]+)$")


def is_a_number(words: str) -> bool:
    return re.fullmatch(r"[\d.]+", words) is not None


@pytest.mark.parametrize("name", sorted({"|".join(key) for key in ladders()}))
def test_bands_meet_without_gap_or_overlap_and_get_worse_in_one_direction(name: str) -> None:
    """Walking away from normal over every limit, the grade never falls, and every limit changes it."""
    term, analyte, unit, kind = name.split("|")
    rows = ladders()[term, analyte, unit, kind]
    low = rows[0].direction == "L"
    sides = [found[1] for one in rows if " and " not in one.expression and (found := PLAIN.match(one.expression))]
    printed = [Decimal(side) for side in sides if is_a_number(side)]
    lln = max([Decimal(90), *(2 * p for p in printed)]) if low else Decimal(1)
    uln = lln * 2 if low else min(printed) / 2 if printed else Decimal(10)
    known: dict[str, Decimal | bool | None] = {"LLN": lln, "ULN": uln, "BASE": uln * (2 if "abnormal" in kind else 1)}
    places = sorted({_sum(side, known) for side in sides})
    grades = []
    for place in places if not low else reversed(places):
        for step in (STEP, Decimal(0), -STEP) if low else (-STEP, Decimal(0), STEP):
            got = CRITERIA.grade(
                term,
                place + step,
                unit.partition(";")[0],
                lln,
                uln,
                known["BASE"] if kind else None,
                "abnormal" if "abnormal" in kind else "normal",
                analyte=analyte,
            )
            grades.append((got.grade or 0, place + step))
        assert grades[-3][0] <= grades[-2][0] <= grades[-1][0], grades
    assert [g for g, _ in grades] == sorted(g for g, _ in grades), grades


@pytest.mark.parametrize("one", CRITERIA.clauses, ids=lambda c: f"{c.term} {c.grade} {c.unit} {c.expression}"[:70])
def test_every_limit_has_an_example_on_both_sides(one: Clause) -> None:
    """On one side of its limit a clause is true and on the other false; at the limit the sign decides."""
    known: dict[str, Decimal | bool | None] = {
        "V": Decimal(7), "LLN": Decimal(9), "ULN": Decimal(3), "BASE": Decimal(2), "PCHG": Decimal(-80),
        "DBP_BASE": Decimal(60), "SUSTAINED38": False, "SBP": Decimal(0), "DBP": Decimal(0), "ANC": Decimal("0.1"), "TEMP": Decimal(0),
    }  # fmt: skip
    for part in re.split(r" and | or ", one.expression.replace("(", "").replace(")", "")):
        if part == "SUSTAINED38":
            continue
        found = re.match(r"^(.*) (<=|<|>=|>) (.*)$", part)
        assert found
        left, sign, right = found.groups()
        moving = next(n for n in ("V", "PCHG", "SBP", "DBP", "ANC", "TEMP") if re.search(rf"\b{n}\b", left))
        at = _limit_value(left, right, moving, known)
        sides = {step: clauses.holds(part, known | {moving: at + step}) for step in (-STEP, Decimal(0), STEP)}
        falls = left.endswith(f"- {moving}")
        upward = (sign.startswith(">")) is not falls
        assert sides[STEP] is upward
        assert sides[-STEP] is not upward
        assert sides[Decimal(0)] is sign.endswith("=")


def _limit_value(left: str, right: str, moving: str, known: dict[str, Decimal | bool | None]) -> Decimal:
    goal = _sum(right, known)
    if left == moving:
        return goal
    one, other = left.split(" - ")
    if other == moving:
        return _sum(one, known) - goal
    return goal + _sum(other, known)


def _sum(words: str, known: dict[str, Decimal | bool | None]) -> Decimal:
    total = Decimal(0)
    for part in words.split(" + "):
        product = Decimal(1)
        for factor in part.split("*"):
            value = known.get(factor.strip())
            product *= value if isinstance(value, Decimal) else Decimal(factor)
        total += product
    return total


def figures(text: str) -> set[Decimal]:
    plain = text.replace(",", "").replace("1.73 m2", "").replace("kg/m2", "").replace("/mm3", "").replace("10e9", "")
    return {Decimal(found).normalize() for found in re.findall(r"\d+(?:\.\d+)?", plain)}


def same_figure(one: Decimal, other: Decimal) -> bool:
    """Equal, or the same limit in another unit (g/L for g/dL, 10^9/L for /mm3)."""
    return any(one * scale == other for scale in (1, 10, 100, 1000, Decimal("0.1"), Decimal("0.01"), Decimal("0.001")))


def test_the_criteria_agree_with_the_official_workbook_figure_by_figure() -> None:
    if not WORKBOOK.exists():
        pytest.skip("the NCI workbook is not at hand")
    import openpyxl

    workbook = openpyxl.load_workbook(WORKBOOK, read_only=True)
    texts = {row[2]: row[3:7] for row in workbook["CTCAE v5.0 Clean Copy"].iter_rows(values_only=True)}
    workbook.close()
    checked = 0
    left_over = []
    for term in CRITERIA.terms:
        rows = CRITERIA.by_term[term.lower()]
        ours = {figure for one in rows for figure in figures(one.expression.replace("SUSTAINED38", "38"))}
        for one in rows:
            printed = figures(str(texts[term][one.grade - 1]))
            for figure in figures(one.expression.replace("SUSTAINED38", "38")):
                gap = {figure - 1, figure + Decimal("0.1")} & printed and (one.unit == "degF" or one.note)
                assert gap or any(same_figure(figure, other) for other in printed), (one, printed)
                checked += 1
        for level in {one.grade for one in rows} - {0}:
            adult = str(texts[term][level - 1]).partition("Pediatric")[0].replace("and self", "")
            for figure in figures(adult):
                near = any(same_figure(figure, other) for other in ours)
                far_end = {figure + Decimal(step) for step in ("1", "-1", "0.1", "-0.1")} & ours or figure in FAR_ENDS
                if not (near or far_end):
                    left_over.append((term, level, str(figure)))
                checked += 1
    assert not left_over
    assert checked > 500


FAR_ENDS = {Decimal(figure) for figure in ("0", "1", "24", "100.4", "101", "125", "130")}
"""Figures that are no limit of their own: 0 and 1 before LLN or ULN, the upper end of a band, 24 hours, degF beside degC."""


# ------------------------------------------------------------------ what a person sees


@pytest.mark.parametrize(
    ("term", "unit", "limits", "cases"),
    [
        ("Anemia", "g/L", {"lln": "120"}, "120:0 119.9:1 100:1 99.9:2 80:2 79.9:3 0:3"),
        ("Anemia", "g/dL", {"lln": "12"}, "12:0 11.9:1 10:1 9.9:2 8:2 7.9:3"),
        ("Anemia", "mmol/L", {"lln": "7.4"}, "7.4:0 7.3:1 6.2:1 6.1:2 4.9:2 4.8:3"),
        ("White blood cell decreased", "10^9/L", {"lln": "3.5"}, "3.5:0 3.4:1 3:1 2.99:2 2:2 1.99:3 1:3 0.99:4"),
        ("Neutrophil count decreased", "10^9/L", {"lln": "1.8"}, "1.8:0 1.79:1 1.5:1 1.49:2 1:2 0.99:3 0.5:3 0.49:4"),
        ("Neutrophil count decreased", "/mm3", {"lln": "1800"}, "1800:0 1500:1 1499:2 1000:2 999:3 500:3 499:4"),
        ("Platelet count decreased", "K/uL", {"lln": "125"}, "125:0 124:1 75:1 74:2 50:2 49:3 25:3 24:4"),
        ("Lymphocyte count decreased", "10^9/L", {"lln": "1.1"}, "1.1:0 0.8:1 0.79:2 0.5:2 0.49:3 0.2:3 0.19:4"),
        ("Lymphocyte count increased", "10^9/L", {}, "4:0 4.01:2 20:2 20.1:3"),
        ("CD4 lymphocytes decreased", "/uL", {"lln": "500"}, "500:0 499:2 200:2 199:3 50:3 49:4"),
        ("Leukocytosis", "10^9/L", {}, "100:0 100.1:3"),
        ("Hyperkalemia", "mEq/L", {"uln": "5.3"}, "5.3:0 5.4:1 5.5:1 5.6:2 6:2 6.1:3 7:3 7.1:4"),
        ("Hypokalemia", "mmol/L", {"lln": "3.5"}, "3.5:0 3.4:1 3:1 2.9:3 2.5:3 2.4:4"),
        ("Hypernatremia", "mmol/L", {"uln": "145"}, "145:0 146:1 150:1 151:2 155:2 156:3 160:3 161:4"),
        ("Hyponatremia", "mmol/L", {"lln": "135"}, "135:0 134:1 130:1 129.5:1 129:2 125:2 124.5:2 124:3 120:3 119.9:4"),
        ("Hypomagnesemia", "mg/dL", {"lln": "1.7"}, "1.7:0 1.2:1 1.19:2 0.9:2 0.89:3 0.7:3 0.69:4"),
        ("Hypomagnesemia", "mmol/L", {"lln": "0.7"}, "0.7:0 0.5:1 0.49:2 0.4:2 0.37:3 0.3:3 0.29:4"),
        ("Hypermagnesemia", "mg/dL", {"uln": "2.6"}, "2.6:0 2.7:1 3:1 3.1:3 8:3 8.1:4"),
        ("Hypoglycemia", "mg/dL", {"lln": "70"}, "70:0 69:1 55:1 54:2 40:2 39:3 30:3 29:4"),
        ("Hypoglycemia", "mmol/L", {"lln": "3.9"}, "3.9:0 3.05:1 3:1 2.9:2 2.2:2 2.1:3 1.7:3 1.6:4"),
        ("Hypercalcemia", "mg/dL", {"uln": "10.2"}, "10.2:0 11.5:1 11.6:2 12.5:2 12.6:3 13.5:3 13.6:4"),
        ("Hypercalcemia (Ionized)", "mmol/L", {"uln": "1.3"}, "1.3:0 1.5:1 1.51:2 1.6:2 1.61:3 1.8:3 1.81:4"),
        ("Hypocalcemia", "mmol/L", {"lln": "2.1"}, "2.1:0 2:1 1.99:2 1.75:2 1.74:3 1.5:3 1.49:4"),
        ("Hypoalbuminemia", "g/L", {"lln": "35"}, "35:0 30:1 29.9:2 20:2 19.9:3"),
        ("Hypertriglyceridemia", "mmol/L", {}, "1.7:0 1.71:1 3.42:1 3.43:2 5.7:2 5.71:3 11.4:3 11.5:4"),
        ("Cholesterol high", "mmol/L", {"uln": "5.2"}, "5.2:0 7.75:1 7.76:2 10.34:2 10.35:3 12.92:3 12.93:4"),
        ("Alanine aminotransferase increased", "U/L", {"uln": "40", "status": "normal"}, "40:0 41:1 120:1 121:2 200:2 201:3 800:3 801:4"),
        ("Aspartate aminotransferase increased", "", {"baseline": "60", "status": "abnormal"}, "89:0 90:1 180:1 181:2 300:2 301:3 1200:3 1201:4"),
        ("GGT increased", "U/L", {"baseline": "100", "status": "abnormal"}, "199:0 200:1 250:1 251:2 500:2 501:3 2000:3 2001:4"),
        ("Alkaline phosphatase increased", "U/L", {"uln": "120", "status": "normal"}, "120:0 121:1 300:1 301:2 600:2 601:3 2400:3 2401:4"),
        ("Blood bilirubin increased", "umol/L", {"uln": "20", "status": "normal"}, "20:0 21:1 30:1 31:2 60:2 61:3 200:3 201:4"),
        ("Blood bilirubin increased", "umol/L", {"baseline": "40", "status": "abnormal"}, "40:0 41:1 60:1 61:2 120:2 121:3 400:3 401:4"),
        ("Creatinine increased", "umol/L", {"uln": "100", "baseline": "100"}, "100:0 101:1 150:1 151:2 300:2 301:3 600:3 601:4"),
        ("Fibrinogen decreased", "g/L", {"lln": "2", "baseline": "2"}, "2:0 1.9:1 1.5:2 1.6:1 1:3 0.51:3 0.5:4 0.49:4"),
        ("INR increased", "", {}, "1.2:0 1.21:1 1.5:1 1.51:2 2.5:2 2.51:3"),
        ("Electrocardiogram QT corrected interval prolonged", "ms", {"baseline": "430"}, "449:0 450:1 480.5:1 481:2 490:2 491:3 501:3"),
        ("Ejection fraction decreased", "%", {"baseline": "60"}, "51:0 50:2 40:3 41:2 39.5:3 20:3 19:4"),
        ("Forced expiratory volume decreased", "%", {}, "99.5:0 99:1 70:1 69.5:2 60:2 59.5:3 49.5:3 49:4"),
        ("Vital capacity abnormal", "%", {}, "91:0 90:1 75:1 74:2 50:2 49:3"),
        ("Weight loss", "kg", {"baseline": "80"}, "76.1:0 76:1 72.1:1 72:2 64.1:2 64:3"),
        ("Weight gain", "kg", {"baseline": "80"}, "83.9:0 84:1 88:2 96:3"),
        ("Fever", "degC", {}, "37.9:0 38:1 39:1 39.1:2 40:2 40.1:3"),
        ("Hypothermia", "degC", {}, "35.1:0 35:2 32:3 28:4"),
        ("Chronic kidney disease", "mL/min/1.73m2", {"lln": "90"}, "90:0 60:1 59.5:2 30:2 29.5:3 15:3 14.9:4"),
        ("Chronic kidney disease", "plus", {}, "1:0 2:1"),
        ("Obesity", "kg/m2", {}, "24.9:0 25:2 29.95:2 30:3 40:4"),
        ("Hemoglobin increased", "g/L", {"uln": "160"}, "160:0 180:1 181:2 200:2 201:3"),
    ],
)  # fmt: skip
def test_a_value_gets_the_printed_grade_on_both_sides_of_every_limit(
    term: str, unit: str, limits: dict[str, str], cases: str
) -> None:
    for case in cases.split():
        value, _, expected = case.partition(":")
        got = grade(term, value, unit, **limits)
        assert got.grade == int(expected), (term, value, unit, got)


def test_the_unit_decides_the_ladder_and_nothing_is_converted() -> None:
    assert grade("Hypomagnesemia", "0.9", "mg/dL", lln="1.7").grade == 2
    assert grade("Hypomagnesemia", "0.37", "mmol/L", lln="0.7").grade == 3
    assert grade("Hypoglycemia", "55", "mg/dL", lln="70").grade == 1


def test_a_wrong_or_missing_unit_is_never_a_grade_and_says_which_units_there_are() -> None:
    for unit in ("", "mol/L", "mg/L"):
        got = grade("Anemia", "70", unit, lln="120")
        assert got.grade is None
        assert "g/dL" in got.why.en
        assert "g/dL" in got.why.zh
    assert grade("Hypercalcemia (Ionized)", "6", "mg/dL").grade is None
    assert grade("Sodium is odd", "6", "mg/dL").grade is None


def test_without_limits_only_an_absolute_grade_can_be_told() -> None:
    assert grade("Anemia", "95", "g/L").grade == 2
    assert grade("Anemia", "105", "g/L").grade is None
    assert "lower limit" in grade("Anemia", "105", "g/L").why.en
    assert grade("Creatinine increased", "200", "umol/L", baseline="100").grade == 2
    assert grade("Creatinine increased", "120", "umol/L", baseline="100").grade is None
    assert grade("Creatinine increased", "120", "umol/L").grade is None
    assert grade("Fibrinogen decreased", "0.4", "g/L").grade == 4


def test_liver_values_need_to_know_what_the_baseline_was() -> None:
    got = grade("Alanine aminotransferase increased", "500", "U/L", uln="40", baseline="30")
    assert got.grade is None
    assert "baseline" in got.why.en


def test_not_known_does_not_hide_what_is_decided_without_it() -> None:
    assert grade("Fibrinogen decreased", "2.5", "g/L", lln="2").grade == 0
    assert grade("Fibrinogen decreased", "1.7", "g/L", lln="2").grade == 1
    assert "Could be higher" in grade("Fibrinogen decreased", "1.7", "g/L", lln="2").why.en
    assert grade("Eosinophilia", "0.3", "10^9/L", uln="0.5").grade == 0
    assert grade("Eosinophilia", "0.9", "10^9/L", uln="0.5").grade is None
    assert grade("Weight loss", "70", "kg").grade is None
    assert grade("Weight loss", "70", "kg", percent_change="-12").grade == 2


def test_what_a_number_cannot_settle_is_asked_and_an_answer_counts() -> None:
    got = grade("Hyponatremia", "127", "mmol/L", lln="135")
    assert got.grade == 2
    assert next((q.grade, q.words.en) for q in got.questions) == (3, "Are there signs or symptoms?")
    ill = CRITERIA.grade("Hyponatremia", Decimal(127), "mmol/L", Decimal(135), facts=Facts(symptomatic=True))
    well = CRITERIA.grade("Hyponatremia", Decimal(127), "mmol/L", Decimal(135), facts=Facts(symptomatic=False))
    assert (ill.grade, well.grade) == (3, 2)
    assert "Are there signs or symptoms?" not in [q.words.en for q in well.questions]
    treated = CRITERIA.grade(
        "Blood bicarbonate decreased", Decimal(18), "", Decimal(22), facts=Facts(intervention=True)
    )
    assert treated.grade == 0
    assert CRITERIA.grade("Fever", Decimal("40.1"), "degC", facts=Facts(over_24_h=True)).grade == 4
    warfarin = Facts(anticoagulated=True)
    assert CRITERIA.grade("INR increased", Decimal("2.6"), "", baseline=Decimal("1.0"), facts=warfarin).grade == 3
    assert CRITERIA.grade("INR increased", Decimal("1.1"), "", baseline=Decimal("1.0"), facts=warfarin).grade == 1


@pytest.mark.parametrize(
    ("anc", "unit", "temperature", "degrees", "sustained", "expected"),
    [
        ("0.99", "10^9/L", "38.4", "degC", None, 3), ("0.99", "10^9/L", "38.3", "degC", False, 0),
        ("0.99", "10^9/L", "38.3", "degC", None, None), ("0.99", "10^9/L", "38.0", "degC", True, 3),
        ("0.99", "10^9/L", "37.9", "degC", None, 0), ("1.0", "10^9/L", "39", "degC", None, 0),
        ("999", "/mm3", "101.1", "degF", None, 3), ("999", "/mm3", "101", "degF", False, 0),
        ("0.2", "10^9/L", None, "degC", None, None),
    ],
)  # fmt: skip
def test_febrile_neutropenia_needs_the_count_and_the_temperature(
    anc: str, unit: str, temperature: str | None, degrees: str, sustained: bool | None, expected: int | None
) -> None:
    facts = Facts(temperature=number(temperature), temperature_unit=degrees, sustained_38=sustained)
    assert CRITERIA.grade("Febrile neutropenia", Decimal(anc), unit, facts=facts).grade == expected


@pytest.mark.parametrize(
    ("systolic", "diastolic", "expected"),
    [("119", "79", 0), ("120", "70", 1), ("110", "80", 1), ("140", "70", 2), ("130", "90", 2), ("160", "70", 3),
     ("150", "100", 3), ("165", None, 3), ("110", None, None)],
)  # fmt: skip
def test_blood_pressure_takes_the_worse_of_the_two(systolic: str, diastolic: str | None, expected: int | None) -> None:
    facts = Facts(diastolic=number(diastolic))
    assert CRITERIA.grade("Hypertension", Decimal(systolic), "mmHg", facts=facts).grade == expected


@pytest.mark.parametrize(
    "unit", ["10^9/L", "10^9/l", "x10^9/L", "×10⁹/L", "10*9/L", "10E9/L", "10^3/uL", "10^3/µL", "K/uL", "10^3/mm3", " 10^9 / L "]
)  # fmt: skip
def test_spellings_of_a_unit_are_one_unit(unit: str) -> None:
    assert grade("Platelet count decreased", "60", unit, lln="125").grade == 2


@pytest.mark.parametrize("unit", ["/mm3", "/uL", "1/uL", "10^3/mL", "10^6/L", "/μL"])
def test_spellings_of_a_count_per_microlitre_are_one_unit(unit: str) -> None:
    assert grade("Platelet count decreased", "60000", unit, lln="125000").grade == 2


def test_milliequivalents_are_millimoles_for_sodium_and_potassium_only() -> None:
    assert grade("Hyponatremia", "119", "mEq/L", lln="135").grade == 4
    assert grade("Hypomagnesemia", "0.2", "mEq/L", lln="0.7").grade is None


def test_noise_of_a_calculation_decides_nothing() -> None:
    assert grade("Creatinine increased", "60.0000000000000001", "umol/L", uln="40", baseline="40").grade == 1


values = st.decimals(min_value=0, max_value=2000, places=2)


@given(values, values, st.sampled_from([t for t in CRITERIA.terms if t not in ("Fibrinogen decreased",)]))
def test_the_further_from_normal_the_higher_the_grade(one: Decimal, other: Decimal, term: str) -> None:
    rows = CRITERIA.by_term[term.lower()]
    unit = rows[0].unit.partition(";")[0]
    facts = Facts(diastolic=Decimal(70), temperature=Decimal(39))

    def graded(value: Decimal) -> int | None:
        return CRITERIA.grade(
            term, value, unit, Decimal(50), Decimal(100), Decimal(80), "normal", None, facts, rows[0].analyte
        ).grade

    mild, bad = (max(one, other), min(one, other)) if rows[0].direction == "L" else (min(one, other), max(one, other))
    before, after = graded(mild), graded(bad)
    assert before is not None
    assert after is not None
    assert before <= after


def test_a_negative_value_or_crossed_limits_are_not_graded() -> None:
    assert grade("Anemia", "-1", "g/L", lln="120").grade is None
    assert grade("Anemia", "100", "g/L", lln="160", uln="120").grade is None


def test_a_clause_takes_nothing_but_arithmetic() -> None:
    for bad in ("V <", "__import__('os')", "V ** 2 > 1", "V < W", "1 < V < 2", "V < 'a'"):
        with pytest.raises(ValueError, match="not a clause"):
            clauses.parse(bad)
