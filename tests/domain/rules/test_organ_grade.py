"""The overall grade of acute GVHD: which organ decides, what is missing, both grades where an investigator differs."""

from __future__ import annotations

from datetime import date

from trialdesk.domain.oid import FormPath
from trialdesk.domain.rules.example import example_casebook
from trialdesk.domain.rules.organ_grade import OrganGrade, course, grade_words, organ_grade
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.services.study_release import release_from_folder, shipped_study

BOOK = Rulebook(release_from_folder(shipped_study()).study)
SHEET = BOOK.study.form["AGVHD"].organs
FORM = FormPath("D7", 1, "AGVHD")
TODAY = date(2026, 3, 20)
WELL = {
    "BRTHDAT": "1985-01-01",
    "AGDAT": "2026-03-10",
    "AGYN": "Y",
    "AGBSA": "0",
    "AGBILI": "10",
    "AGUGI": "0",
    "AGPAIN": "N",
    "AGBLOOD": "N",
    "AGEPIS": "1",
}
assert SHEET is not None


def grade(**given: str) -> OrganGrade:
    """The grade of an assessment with these findings, everything else well."""
    assert SHEET is not None
    return organ_grade(BOOK, example_casebook(BOOK, FORM, WELL | given), FORM, SHEET, TODAY)


def test_lower_gut_two_makes_grade_three_whatever_the_skin_does() -> None:
    assert SHEET is not None
    made = grade(AGBSA="18", AGUGI="1", AGVOL="1200")
    assert made.grade == "III"
    assert [organ.stage for organ in made.deciding] == ["AGLOWER"]
    assert made.stages == {"AGSKIN": "1", "AGLIVER": "0", "AGUGI": "1", "AGLOWER": "2"}
    says = grade_words(BOOK, SHEET, made)
    assert (
        says.zh == "下消化道 2 级，因此整体 Ⅲ 度。皮肤 1 级、上消化道 1 级 不改变结果；整体分度不是各器官分级的最大值。"
    )


def test_two_organs_may_decide_together() -> None:
    made = grade(AGBSA="60", AGBULLA="N", AGDESQ="N", AGUGI="1")
    assert made.grade == "II"
    assert {organ.stage for organ in made.deciding} == {"AGSKIN", "AGUGI"}


def test_no_organ_decides_where_nothing_is_wrong() -> None:
    made = grade()
    assert (made.grade, made.deciding, made.unknown) == ("0", (), ())


def test_what_is_not_staged_is_named_and_no_grade_is_guessed() -> None:
    assert SHEET is not None
    made = organ_grade(BOOK, example_casebook(BOOK, FORM, {"AGYN": "Y", "AGBSA": "10"}), FORM, SHEET, TODAY)
    assert made.grade is None
    assert "肝脏" in grade_words(BOOK, SHEET, made).zh


def test_an_investigators_grade_stands_beside_the_derived_one() -> None:
    made = grade(AGVOL="1200", AGINV="II")
    assert (made.grade, made.override, made.counts) == ("III", "II", "II")


def test_the_course_takes_the_grade_that_counts_by_day() -> None:
    assert SHEET is not None
    given = {f"D7.{n}": v for n, v in (WELL | {"AGVOL": "1200"}).items() if n != "BRTHDAT"}
    given |= {f"D21.{n}": v for n, v in (WELL | {"AGDAT": "2026-03-24"}).items() if n != "BRTHDAT"}
    given["BRTHDAT"] = "1985-01-01"
    found = course(BOOK, example_casebook(BOOK, FORM, given), SHEET, TODAY)
    assert [(day.isoformat(), code) for day, _, code in found] == [("2026-03-10", "III"), ("2026-03-24", "0")]
