"""Which grade of GVHD counts: the investigator's, else the derived one, else the bound that missing organs leave."""

from __future__ import annotations

from datetime import date

from tests.factories import answered
from trialdesk.centre.endpoints import Endpoints
from trialdesk.centre.report_tables import tables
from trialdesk.domain.clinical.course import Assessed, Course, course_of
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.services.study_release import release_from_folder, shipped_study

STUDY = release_from_folder(shipped_study()).study
CUT = date(2026, 12, 31)
DAY = date(2026, 4, 1)


def at(form: FormPath, name: str) -> ItemPath:
    """Where an item stands on a form."""
    return form.item(STUDY.place[name][1].oid, name)


def course(acute: dict[str, str], parked: tuple[str, ...] = (), **chronic: str) -> Course:
    """A participant treated in March and graded on 1 April."""
    a, c, plx = FormPath("D21", 1, "AGVHD"), FormPath("M3", 1, "CGVHD"), FormPath("PLX", 1, "PLX")
    answers = {at(a, name): value for name, value in ({"AGDAT": str(DAY), "AGCONF": "CONFIRMED"} | acute).items()}
    answers |= {at(c, name): value for name, value in chronic.items()}
    answers |= {at(plx, "PLXDAT"): "2026-03-12", at(plx, "PLXGIVEN"): "Y"}
    for name in ("ENRLDAT",):
        form = STUDY.place[name][0].oid
        answers[at(FormPath(STUDY.events_of_form[form][0].oid, 1, form), name)] = "2026-03-01"
    return course_of(STUDY, answered(answers), CUT, frozenset(at(a, name) for name in parked))


def test_the_investigators_grade_goes_before_the_derived_one() -> None:
    assert course({"AGGRADE": "I", "AGINV": "III"}).acute_gvhd == (Assessed(DAY, "III"),)
    assert course({"AGGRADE": "I"}).acute_gvhd == (Assessed(DAY, "I"),)


def test_an_investigators_grade_that_is_not_asked_any_more_counts_for_nothing() -> None:
    assert course({"AGGRADE": "0", "AGINV": "III"}, parked=("AGINV",)).acute_gvhd == (Assessed(DAY, "0"),)


def test_missing_organs_leave_a_lower_bound_that_counts() -> None:
    assert course({"AGLEAST": ">=II"}).acute_gvhd == (Assessed(DAY, "II", at_least=True),)
    assert course({"AGLEAST": "IV", "AGGRADE": "IV"}).acute_gvhd == (Assessed(DAY, "IV"),)
    assert course({}, CGDAT=str(DAY), CGLEAST=">=MILD").chronic_gvhd == (Assessed(DAY, "MILD", at_least=True),)


def test_without_the_confidence_that_counts_a_bound_is_none_either() -> None:
    assert course({"AGLEAST": ">=II", "AGCONF": "POSSIBLE"}).acute_gvhd == ()


def test_the_report_counts_the_bound_and_names_the_participant() -> None:
    one = course({"AGLEAST": ">=II"}, CGDAT=str(DAY), CGLEAST=">=MILD")
    counted = Endpoints(STUDY, (one,), CUT)
    assert counted.gvhd(True, ("II",)).k == 1
    assert counted.gvhd(False, ("MILD",)).k == 1
    listed = next(table for table in tables(counted, {}) if table.name == "incomplete")
    assert "急性 GVHD 器官评估不全，至少" in listed.rows[0][1]
    assert "chronic GVHD with organs missing" in listed.rows[0][1]


def test_a_bound_at_the_top_of_what_was_found_hides_nothing() -> None:
    one = course({"AGLEAST": ">=II"})
    worse = Course(**(one.__dict__ | {"acute_gvhd": (*one.acute_gvhd, Assessed(DAY, "IV"))}))
    assert not Endpoints(STUDY, (worse,), CUT).only_at_least(worse, acute=True)
