"""The endpoints of a handful of made-up courses, counted by hand beside the program."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from trialdesk.centre.adverse_events import table, windows
from trialdesk.centre.endpoints import Endpoints, Waiting
from trialdesk.centre.report_tables import tables
from trialdesk.domain.clinical.course import Assessed, Course, EventOnset
from trialdesk.domain.partial_date import PartialDate
from trialdesk.domain.study.study import Study
from trialdesk.services.study_release import release_from_folder, shipped_study
from trialdesk.services.terminology import rule_terminology

STUDY = release_from_folder(shipped_study()).study
DAY_0 = date(2026, 1, 1)
CUT = date(2027, 6, 30)


def day(number: int) -> date:
    """So many days after enrolment."""
    return DAY_0 + timedelta(days=number)


def course(subject: str, **facts: Any) -> Course:
    """A participant enrolled on day 0 and treated from day 3 on; `facts` say what differs."""
    usual: dict[str, Any] = {
        "subject": subject,
        "site": "01",
        "disease": "AML",
        "enrolled": DAY_0,
        "treatment": (day(3), day(10), day(20), day(24)),
        "treated": day(20),
        "responses": (),
        "relapse": None,
        "death": None,
        "death_cause": None,
        "last_contact": day(400),
        "ended": None,
        "end_reason": None,
        "acute_gvhd": (),
        "chronic_gvhd": (),
        "events": (),
        "incomplete": (),
    }
    return Course(**(usual | facts))


def cr(number: int) -> Assessed:
    """A complete remission found on a day."""
    return Assessed(day(number), "CR")


def counted(*courses: Course) -> Endpoints:
    """The endpoints of these participants."""
    return Endpoints(STUDY, courses, CUT)


def test_rates_take_the_best_response_in_the_window_and_count_the_unassessed_as_none() -> None:
    ends = counted(
        course("1", responses=(Assessed(day(38), "PR"), cr(80))),
        course("2", responses=(Assessed(day(38), "PR"), cr(105))),  # CR one day after the window of 90 + 14 days
        course("3", responses=(cr(1),)),  # before the first treatment
        course("4", responses=(Assessed(day(38), "NE"),)),
        course("5", treated=None, treatment=()),
    )
    assert ends.best_response(ends.courses[0]) == "CR"
    assert ends.best_response(ends.courses[1]) == "PR"
    assert ends.best_response(ends.courses[2]) is None
    assert (ends.rate(ends.complete_codes, "ITT").k, ends.rate(ends.complete_codes, "ITT").n) == (1, 5)
    assert ends.rate(ends.overall_codes, "treated").n == 4
    assert ends.rate(ends.overall_codes, "evaluable").who == ("1", "2")


def test_a_remission_counts_as_complete_without_full_counts_only_while_the_setting_says_so() -> None:
    assert counted().complete_codes == ("CR", "CRH", "CRI")
    raw = STUDY.model_dump(mode="json", exclude_defaults=True)
    next(p for p in raw["parameters"] if p["name"] == "cri_counts_as_cr")["value"] = "N"
    other = Study.model_validate(raw)
    assert Endpoints(other, (), CUT).complete_codes == ("CR",)


def test_disease_free_survival_by_both_definitions_differs_in_deaths_without_relapse() -> None:
    ends = counted(
        course("1", responses=(cr(38),), relapse=day(138)),
        course("2", responses=(cr(38),), death=day(88)),
        course("3", responses=(cr(38),), last_contact=day(238)),
        course("4", responses=(Assessed(day(38), "NR"),), death=day(60)),
    )
    assert ends.disease_free(death_counts=False) == [Waiting("1", 100, 1), Waiting("2", 50, 0), Waiting("3", 200, 0)]
    assert ends.disease_free(death_counts=True) == [Waiting("1", 100, 1), Waiting("2", 50, 1), Waiting("3", 200, 0)]


def test_overall_survival_runs_from_enrolment_to_death_or_the_last_contact() -> None:
    ends = counted(course("1", death=day(60)), course("2", last_contact=day(365)), course("3", last_contact=None))
    assert ends.overall_survival() == [Waiting("1", 60, 1), Waiting("2", 365, 0), Waiting("3", 0, 0)]


def test_who_never_reached_remission_has_the_competing_event_on_day_0() -> None:
    ends = counted(
        course("1", responses=(cr(38),), death=day(88)),
        course("2", responses=(cr(38),), relapse=day(138), death=day(150)),
        course("3", death=day(60)),
    )
    assert ends.non_relapse_mortality("ITT") == [Waiting("1", 88, 1), Waiting("2", 138, 2), Waiting("3", 0, 2)]
    assert ends.non_relapse_mortality("remission") == [Waiting("1", 50, 1), Waiting("2", 100, 2)]


def test_gvhd_counts_the_highest_grade_within_twelve_months() -> None:
    acute = (Assessed(day(30), "I"), Assessed(day(50), "III"), Assessed(day(60), "0"))
    ends = counted(
        course("1", acute_gvhd=acute),
        course("2", acute_gvhd=(Assessed(day(30), "0"), Assessed(day(366), "IV"))),
        course("3"),
    )
    assert [ends.worst(one, acute=True) for one in ends.courses] == ["III", "0", None]
    assert ends.gvhd(True, ("II", "III", "IV")).who == ("1",)


def event(number: int, term: str, grade: int | None, start: str | None, **facts: Any) -> EventOnset:
    """A related adverse event; `facts` say what differs."""
    usual: dict[str, Any] = {"related": ("POSSIBLE", "UNRELATED", ""), "gvhd": "N"}
    return EventOnset(number, term, grade, PartialDate.parse(start) if start else None, **(usual | facts))


def test_the_window_ends_thirty_days_after_the_last_treatment_of_a_round() -> None:
    ends = counted(course("1", treatment=(day(3), day(24), day(70), day(90))))
    assert windows(ends, ends.courses[0]) == [(day(3), day(54)), (day(70), day(120))]


def test_adverse_events_are_counted_once_at_the_highest_grade_without_gvhd() -> None:
    fever, nausea, platelets = "Fever", "Nausea", "Platelet count decreased"
    ends = counted(
        course(
            "1",
            events=(
                event(1, fever, 1, day(5).isoformat()),
                event(2, fever, 3, day(54).isoformat()),
                event(3, fever, 4, day(55).isoformat()),  # one day after the window
                event(4, platelets, 4, day(12).isoformat()),
                event(5, nausea, 2, day(12).isoformat(), gvhd="Y"),
                event(
                    7, "Immune system disorders - Other, specify", 3, day(12).isoformat(), gvhd=None, names_gvhd=True
                ),
                event(6, nausea, 2, day(12).isoformat(), related=("UNRELATED", "UNLIKELY", "")),
            ),
        ),
        course("2", events=(event(1, nausea, 2, "2026-01", gvhd="U"), event(2, nausea, None, day(6).isoformat()))),
    )
    found = table(ends, rule_terminology())
    rows = {row.term: row for row in found.rows if row.term}
    assert rows[fever].by_grade[3] == ("1",)
    assert rows[fever].any_grade == 1
    assert rows[nausea].by_grade[2] == ("2",)
    assert found.haematological.by_grade[4] == ("1",)
    assert found.other.by_grade[3] == ("1",)
    assert found.left_out == ("1 5 Nausea", "1 7 Immune system disorders - Other, specify")
    assert found.gvhd_unknown == ("2 1 Nausea",)
    assert found.uncertain == ("2 1 Nausea",)
    assert found.ungraded == ("2 2 Nausea",)


def test_every_table_names_its_definition_and_its_population_even_without_participants() -> None:
    for one in tables(counted(), rule_terminology()):
        assert one.definition.zh
        assert one.population.en
        assert all(len(row) == len(one.heads) for row in one.rows)


def test_the_inconsistencies_of_the_registration_stand_under_the_tables_they_touch() -> None:
    by_name = {one.name: one for one in tables(counted(), rule_terminology())}
    assert any(note.en.startswith("N2") for note in by_name["dfs"].notes)
    assert any(note.en.startswith("N3") for note in by_name["nrm"].notes)
    assert any(note.en.startswith("N5") for note in by_name["trae"].notes)


def test_gvhd_comes_first_or_competes_with_relapse_and_death() -> None:
    ends = counted(
        course("1", acute_gvhd=(Assessed(day(30), "I"), Assessed(day(50), "III"), Assessed(day(60), "0"))),
        course("2", acute_gvhd=(Assessed(day(40), "II"),), relapse=day(20)),
        course("3", death=day(70), last_contact=day(70)),
        course("4", acute_gvhd=(Assessed(day(30), "0"),)),
        course("5", treated=None, treatment=(), acute_gvhd=(Assessed(day(30), "II"),)),
    )
    assert ends.gvhd_waiting(True, ("II", "III", "IV")) == [
        Waiting("1", 47, 1), Waiting("2", 17, 2), Waiting("3", 67, 2), Waiting("4", 397, 0),
    ]  # fmt: skip
    assert ends.gvhd_waiting(True, ("I", "II", "III", "IV"))[0] == Waiting("1", 27, 1)
    found = {one.name: one for one in tables(ends, rule_terminology())}["gvhd-incidence"]
    two_to_four = next(row for row in found.rows if "II to IV" in row[0])
    assert [str(cell) for cell in two_to_four[1:5]] == ["4", "1", "2", "25.0%"]
    assert two_to_four[5] != "–"
