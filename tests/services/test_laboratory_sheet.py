"""From a number on a slip to a grade, and from a grade to an adverse event that names it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.scenario import SOURCE, Ward
from trialdesk.documents.content import CrfSection
from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.services.crf_content import crf_content
from trialdesk.services.laboratory import event_finding, link_words, make_event, result_at, sheet
from trialdesk.services.transfer import send

D7 = FormPath("D7", 1, "HAEM")
PLT = D7.item("HAEM", "PLT")
HGB = D7.item("HAEM", "HGB")


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    """One ward for this page; every test enrols a participant of its own."""
    opened = Ward(Path(tmp_path_factory.mktemp("ward")))
    yield opened
    opened.leave()


def woman_of_34(ward: Ward, **baseline: str) -> None:
    """A woman born in 1992 with a baseline of 22 February 2026; the counts of day 7 lie open."""
    ward.enrol()
    ward.open("SCR[1]/DM")
    ward.fill(SEX="F", BRTHDAT="1992-01-15")
    ward.open("SCR[1]/HAEM")
    ward.fill(HAEMDAT="2026-02-22", **baseline)
    ward.open("D7[1]/HAEM")
    ward.fill(HAEMDAT="2026-03-03")


def chemistry(ward: Ward, baseline: dict[str, str], **answers: str) -> FormPath:
    ward.open("SCR[1]/CHEM")
    ward.fill(CHEMDAT="2026-02-22", **baseline)
    ward.open("D7[1]/CHEM")
    ward.fill(CHEMDAT="2026-03-03", **answers)
    return ward.form


def test_a_value_shows_range_arrow_change_and_grade(ward: Ward) -> None:
    woman_of_34(ward, PLT="38")
    ward.fill(PLT="12")
    found = result_at(ward.casebook, PLT)
    assert (found.low, found.high, found.flag) == (Decimal(125), Decimal(350), "low")
    assert found.change == Decimal(-26)
    assert round(found.percent or 0) == -68
    assert [(one.term, one.grade, one.baseline, one.worse) for one in found.proposals] == [
        ("Platelet count decreased", 4, 3, True)
    ]


def test_the_entered_unit_is_kept_and_graded_by_its_own_ladder(ward: Ward) -> None:
    woman_of_34(ward)
    done = ward.casebook.enter(HGB, "8.0", unit="g/dL")
    assert not isinstance(done, Refusal)
    found = result_at(ward.casebook, HGB)
    assert (found.text, found.unit, found.si) == ("8.0", "g/dL", Decimal("80.0"))
    assert (found.low, found.high) == (Decimal("11.5"), Decimal(15))
    assert found.proposals[0].grade == 2
    assert ward.casebook.data.items[HGB].unit == "g/dL"


def test_a_limit_in_another_unit_is_never_reached_by_conversion(ward: Ward) -> None:
    """0.9 mg/dL is 0.37 mmol/L, below the printed 0.4; by its own ladder it is grade 2, not 3 (CTCAE v5.0)."""
    woman_of_34(ward)
    form = chemistry(ward, {})
    path = form.item("CHEMEL", "MG")
    ward.casebook.enter(path, "0.9", unit="mg/dL")
    assert result_at(ward.casebook, path).proposals[0].grade == 2


def test_a_grade_that_stood_at_baseline_is_no_new_event(ward: Ward) -> None:
    woman_of_34(ward, PLT="20")
    ward.fill(PLT="12", PLTCS="CS")
    found = result_at(ward.casebook, PLT)
    assert (found.proposals[0].grade, found.proposals[0].baseline, found.worse) == (4, 4, ())
    assert event_finding(ward.casebook, PLT) is None


@pytest.mark.parametrize(("baseline", "today", "grade"), [("30", "121", 2), ("60", "121", 1), ("60", "89", 0)])
def test_liver_values_go_by_a_normal_or_an_abnormal_baseline(ward: Ward, baseline: str, today: str, grade: int) -> None:
    """ULN 40: 121 is above 3 x ULN (grade 2); from 60 it is 2.0 x baseline (grade 1); 89 is below 1.5 x baseline."""
    woman_of_34(ward)
    form = chemistry(ward, {"ALT": baseline}, ALT=today)
    assert result_at(ward.casebook, form.item("CHEM", "ALT")).proposals[0].grade == grade


def test_without_a_baseline_a_liver_value_is_not_graded_and_says_why(ward: Ward) -> None:
    woman_of_34(ward)
    form = chemistry(ward, {}, ALT="121")
    (one,) = result_at(ward.casebook, form.item("CHEM", "ALT")).proposals
    assert one.grade is None
    assert "baseline" in one.why.en


def test_without_sex_a_range_by_sex_is_not_guessed(ward: Ward) -> None:
    ward.enrol()
    ward.open("D7[1]/HAEM")
    ward.fill(HAEMDAT="2026-03-03", HGB="114", PLT="100")
    assert result_at(ward.casebook, HGB).range is None
    assert result_at(ward.casebook, HGB).proposals[0].grade is None
    assert result_at(ward.casebook, PLT).proposals[0].grade == 1


def test_calcium_is_graded_after_its_correction_for_albumin(ward: Ward) -> None:
    woman_of_34(ward)
    form = chemistry(ward, {}, CA="2.00", ALB="28")
    found = result_at(ward.casebook, form.item("CHEMEL", "CACORR"))
    assert found.si == Decimal("2.24")
    assert found.flag == "normal"
    assert not result_at(ward.casebook, form.item("CHEMEL", "CA")).gradable


def test_one_act_makes_the_event_with_term_grade_start_and_link(ward: Ward) -> None:
    woman_of_34(ward, PLT="38")
    ward.fill(PLT="12")
    head = ward.desk.trail.head("W1")[0]
    row = make_event(ward.casebook, PLT, "Platelet count decreased")
    assert row == FormPath("AE", 1, "AE")
    data = ward.casebook.data
    said = {path.item: data.value(path) for path in data.by_form[row]}
    assert said["AETERM"] == "Platelet count decreased"
    assert said["AETOXGR"] == "4"
    assert said["AESTDAT"] == "2026-03-03"
    assert ItemPath.parse(said["AELAB"] or "") == PLT
    assert data.value(PLT._replace(item="PLTCS")) == "CS"
    written = list(ward.desk.trail.records(origin="W1", after=head))
    assert {record.user for record in written} == {"nurse1"}
    assert len({record.at for record in written}) == 1
    (one,) = result_at(ward.casebook, PLT).proposals
    assert one.made is not None
    assert one.made.form == row
    again = make_event(ward.casebook, PLT, "Platelet count decreased")
    assert isinstance(again, Refusal)


def test_a_significant_grade_without_an_event_asks_until_it_is_made_or_declined(ward: Ward) -> None:
    woman_of_34(ward, PLT="38")
    ward.fill(PLT="12", PLTCS="CS")
    asks = event_finding(ward.casebook, PLT)
    assert asks is not None
    assert not asks.settled
    ward.casebook.explain(PLT, asks.rule, "MEDICAL")
    settled = event_finding(ward.casebook, PLT)
    assert settled is not None
    assert settled.settled
    ward.enter("PLT", "9")
    again = event_finding(ward.casebook, PLT)
    assert again is not None
    assert not again.settled


def test_an_event_of_a_lower_grade_is_worse_now_and_one_of_the_same_grade_is_made(ward: Ward) -> None:
    woman_of_34(ward, PLT="100")
    ward.fill(PLT="12", PLTCS="CS")
    ward.open("AE[1]/AE")
    ward.fill(AETERM="Platelet count decreased", AETOXGR="2", AESTDAT="2026-03-01")
    (one,) = result_at(ward.casebook, PLT).proposals
    assert one.made is None
    assert one.milder is not None
    ward.enter("AETOXGR", "4")
    (one,) = result_at(ward.casebook, PLT).proposals
    assert one.made is not None
    ward.casebook.strike(FormPath("AE", 1, "AE"), SOURCE)
    assert event_finding(ward.casebook, PLT) is not None


def test_what_a_number_cannot_settle_is_asked_and_a_yes_raises_the_grade_with_its_reason(ward: Ward) -> None:
    woman_of_34(ward, HGB="120")
    ward.fill(HGB="71")
    (low, _) = result_at(ward.casebook, HGB).proposals
    assert (low.grade, [one.grade for one in low.questions]) == (3, [4])
    ward.fill(HGBCS="CS", HGBAQ="4")
    (low, _) = result_at(ward.casebook, HGB).proposals
    assert (low.grade, low.now) == (3, 4)
    row = make_event(ward.casebook, HGB, "Anemia")
    assert isinstance(row, FormPath)
    assert ward.casebook.data.value(row.item("AEWHAT", "AETOXGR")) == "4"


def test_a_corrected_birth_date_or_sex_judges_the_sheet_anew(ward: Ward) -> None:
    woman_of_34(ward)
    ward.fill(HGB="120")
    assert result_at(ward.casebook, HGB).flag == "normal"
    ward.open("SCR[1]/DM")
    ward.enter("SEX", "M", reason=SOURCE)
    assert result_at(ward.casebook, HGB).flag == "low"
    assert not ward.casebook.assessment(D7).skipped.get(HGB._replace(item="HGBCS"))


def test_the_sheet_puts_the_last_two_visits_beside_today_in_the_order_of_days(ward: Ward) -> None:
    woman_of_34(ward, PLT="150")
    for number, (event, day, count) in enumerate((("CHEMO", "2026-02-25", "90"), ("DLI", "2026-02-28", "40")), start=1):
        ward.open(f"{event}[1]/HAEM")
        ward.fill(HAEMDAT=day, PLT=count)
        made = sheet(ward.casebook, D7, ward.desk.study.form["HAEM"].groups[0])
        assert len(made.earlier) == number
    made = sheet(ward.casebook, D7, ward.desk.study.form["HAEM"].groups[0])
    row = next(row for row in made.rows if row.item.name == "PLT")
    assert [one.text for one in row.earlier] == ["90", "40"]
    assert row.baseline is not None
    assert row.baseline.text == "150"
    assert made.table is not None


def test_at_the_baseline_visit_a_value_is_its_own_baseline(ward: Ward) -> None:
    woman_of_34(ward, PLT="20", HGB="90")
    found = result_at(ward.casebook, FormPath("SCR", 1, "HAEM").item("HAEM", "PLT"))
    assert found.proposals[0].grade == 4
    assert not found.worse


def test_companions_travel_to_the_centre_like_any_answer(ward: Ward) -> None:
    woman_of_34(ward, PLT="38")
    ward.fill(PLT="12", PLTCS="CS")
    make_event(ward.casebook, PLT, "Platelet count decreased")
    assert not isinstance(send(ward.desk, ward.folder), Refusal)


def test_paper_shows_range_arrow_change_own_unit_and_grade_with_its_version(ward: Ward) -> None:
    woman_of_34(ward, HGB="130", PLT="38")
    ward.casebook.enter(HGB, "7.1", unit="g/dL")
    ward.fill(PLT="150", HGBCS="CS", HGBAQ="N")
    (part,) = crf_content(ward.casebook, D7).parts
    assert isinstance(part, CrfSection)
    rows = {row.name: row for row in part.rows}
    names = [row.name for row in part.rows]
    assert names[names.index("HGB") :][:3] == ["HGB", "HGBCS", "HGBAQ"]
    assert (rows["HGB"].value, rows["HGB"].unit, rows["HGB"].range) == ("7.1", "g/dL", "11.5–15 g/dL")
    (note,) = rows["HGB"].notes
    assert note.en == "↓; = 71 g/L; from baseline −59 (−45%); Anemia: grade 3 (CTCAE v5.0, baseline 0)"
    assert "贫血 3 级" in note.zh
    assert rows["PLT"].range == "125–350 10^9/L"
    assert rows["WBC"].notes == ()


def test_an_event_made_from_a_result_says_in_words_which_one_it_was(ward: Ward) -> None:
    woman_of_34(ward, PLT="38")
    ward.fill(PLT="12")
    row = make_event(ward.casebook, PLT, "Platelet count decreased")
    assert isinstance(row, FormPath)
    items = {path.item: ward.casebook.data.value(path) for path in ward.casebook.data.by_form[row]}
    assert (items["AEPGRD"], items["AETOXGR"]) == ("4", "4")
    item = ward.desk.study.item("AELAB")
    said = link_words(ward.casebook, item, items["AELAB"] or "")
    assert said is not None
    assert said.en == "D+7, 2026-03-03: Platelet count 12 10^9/L"
    assert link_words(ward.casebook, item, "no place") is None
    assert link_words(ward.casebook, ward.desk.study.item("AETERM"), str(PLT)) is None
