"""A laboratory's own normal ranges reach the wards without a study release; what was finished stays as it was read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.scenario import SOURCE, Ward
from trialdesk import cli
from trialdesk.app import dress
from trialdesk.centre.lab_ranges import give_ranges, look, read_ranges
from trialdesk.centre.library import rules_of_centre
from trialdesk.centre.rebuild import rebuild
from trialdesk.centre.review import Reviewer
from trialdesk.demo import DEMO_PASSPHRASE, NURSE
from trialdesk.domain.admin.role import Role
from trialdesk.domain.clinical.changes import LabRangesTaken
from trialdesk.domain.clinical.form_status import FormStatus
from trialdesk.domain.oid import FormPath
from trialdesk.domain.rules.laboratory import LabResult, lab_result
from trialdesk.domain.rules.pages import place
from trialdesk.errors import KnownError
from trialdesk.services.amendment import take_up
from trialdesk.services.desk import sign_in
from trialdesk.services.desk_setup import person
from trialdesk.services.laboratory import result_at
from trialdesk.services.ranges_news import ranges_news, read_otherwise
from trialdesk.ui.form_wizard import FormWizard
from trialdesk.ui.lab_strip import LabStrip
from trialdesk.ui.today_view import TodayView

D7, D28 = FormPath("D7", 1, "HAEM"), FormPath("D28", 1, "HAEM")
PLT = D7.item("HAEM", "PLT")
LISTED = "analyte,unit,sex,age_from,age_to,low,high\n血小板,10^9/L,,,,50,300\n"


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    """A woman of 34 whose platelets of day 7 are 100; the centre has it."""
    opened = Ward(tmp_path)
    opened.enrol()
    opened.open("SCR[1]/DM")
    opened.fill(SEX="F", BRTHDAT="1992-01-15")
    opened.open("SCR[1]/HAEM")
    opened.fill(HAEMDAT="2026-02-22", PLT="200")
    opened.open(str(D7))
    opened.fill(HAEMDAT="2026-03-03", PLT="100")
    opened.receive(opened.send())
    yield opened
    opened.leave()


def manager(ward: Ward) -> Reviewer:
    return Reviewer(ward.centre, "dm1", Role.DATA_MANAGER, ward.clock.now())


def listed(ward: Ward, text: str = LISTED) -> Path:
    path = ward.folder / "ranges.csv"
    path.write_text(text, encoding="utf-8")
    return path


def give(ward: Ward, valid_from: str = "2026-03-01", text: str = LISTED) -> None:
    """The list goes out, the desk hears of it and takes it up."""
    path = listed(ward, text)
    study = rules_of_centre(ward.centre).study
    table, _ = read_ranges(study, "LAB1", path, date.fromisoformat(valid_from), keep=True)
    assert give_ranges(manager(ward), "LAB1", table, path) == ("W1",)
    ward.hear()
    assert take_up(ward.desk)


def grade(result: LabResult) -> int | None:
    return result.proposals[0].grade


def test_a_new_list_holds_by_the_day_of_sampling_and_an_older_result_keeps_its_range(ward: Ward) -> None:
    assert (result_at(ward.casebook, PLT).low, grade(result_at(ward.casebook, PLT))) == (Decimal(125), 1)
    give(ward, "2026-03-10")
    assert result_at(ward.casebook, PLT).low == Decimal(125), "sampled before the list was in force"
    ward.open(str(D28))
    ward.fill(HAEMDAT="2026-03-12", PLT="100")
    later = result_at(ward.casebook, D28.item("HAEM", "PLT"))
    assert (later.low, later.flag, grade(later)) == (Decimal(50), "normal", 0)
    assert ranges_news(ward.desk) == (), "nothing on record is read otherwise"


def test_the_desk_records_that_it_took_the_list_up_and_the_trail_holds(ward: Ward) -> None:
    give(ward)
    (record,) = ward.desk.trail.records(origin="W1", kinds=("LabRangesTaken",))
    assert record.change == LabRangesTaken(laboratory="LAB1", valid_from="2026-03-01", given="CENTRE-W1:1")
    assert record.user == "SYSTEM"
    assert not take_up(ward.desk), "once"
    assert ward.receive(ward.send()).result == "accepted"
    assert ward.desk.verify().whole
    ward.sign_in_again()
    assert result_at(ward.casebook, PLT).low == Decimal(50)


def test_a_draft_is_read_anew_and_that_is_shown(ward: Ward) -> None:
    give(ward)
    assert result_at(ward.casebook, PLT).flag == "normal"
    (news,) = ranges_news(ward.desk)
    (one,) = news.results
    assert (one.subject, one.form, one.finished) == ("01-001", D7, False)
    assert one.one.says.en == "Platelet count 100 10^9/L: ↓ range 125–350, grade 1 becomes range 50–300, no grade"


def test_a_finished_form_stays_as_it_was_read_until_a_person_reopens_it(ward: Ward) -> None:
    ward.complete()
    assert ward.status() is FormStatus.COMPLETE
    give(ward)
    assert grade(result_at(ward.casebook, PLT)) == 1, "as it was finished"
    assert [one.says.en for one in read_otherwise(ward.casebook, D7)] == [
        "Platelet count 100 10^9/L: ↓ range 125–350, grade 1 becomes range 50–300, no grade"
    ]
    (news,) = ranges_news(ward.desk)
    assert [one.finished for one in news.results] == [True]
    ward.receive(ward.send())
    data, today = manager(ward).data("01-001"), ward.clock.now().date()
    book = rules_of_centre(ward.centre).on(data, today, D7)
    assert grade(lab_result(place(book, data, PLT, today), PLT)) == 1, "the centre reads it as the desk does"
    ward.casebook.reopen(D7, SOURCE)
    assert grade(result_at(ward.casebook, PLT)) == 0
    ward.complete()
    assert read_otherwise(ward.casebook, D7) == ()
    assert ranges_news(ward.desk) == (), "finished by the new list"
    ward.receive(ward.send())
    data = manager(ward).data("01-001")
    book = rules_of_centre(ward.centre).on(data, today, D7)
    assert grade(lab_result(place(book, data, PLT, today), PLT)) == 0


def test_the_laboratorys_own_list_carries_no_assumption_mark_and_what_is_carried_over_does(ward: Ward) -> None:
    study = ward.desk.study
    path = listed(ward)
    table, carried = read_ranges(study, "LAB1", path, date(2026, 3, 1), keep=True)
    assert study.laboratory is not None
    lab = study.laboratory.laboratory["LAB1"]
    assert "ALT" in carried
    assert lab.assumed(table), "other tests still rest on the assumed list"
    whole = [one.model_copy(update={"assumed": False}) for one in table.ranges]
    own = table.model_copy(update={"ranges": tuple(whole)})
    assert not lab.assumed(own)
    assert lab.assumed(lab.tables[0])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("analyte,unit,low\nPLT,10^9/L,50\n", "lacks the columns high"),
        ("analyte,unit,low,high\nUnobtainium,g/L,1,2\n", "Line 2 .* Unobtainium"),
        ("analyte,unit,low,high\nPLT,10^9/L,much,2\n", "Line 2"),
        ("analyte,unit,low,high\nPLT,furlong,50,300\n", "unit furlong is not one of"),
        ("analyte,unit,low,high\nPLT,10^9/L,300,50\n", "reversed"),
        ("analyte,unit,low,high\nPLT,10^9/L,50,300\nPLT,10^9/L,60,300\n", "two ranges for men"),
        ("analyte,unit,sex,low,high\nPLT,10^9/L,M,50,300\n", "no range for women"),
    ],
)
def test_a_list_with_a_fault_is_refused_by_name(ward: Ward, text: str, says: str) -> None:
    with pytest.raises(KnownError, match=says):
        read_ranges(ward.desk.study, "LAB1", listed(ward, text), date(2026, 3, 1), keep=True)


def test_a_list_that_leaves_tests_out_has_to_say_that_they_are_kept(ward: Ward) -> None:
    with pytest.raises(KnownError, match="ALT: the list from 2026-03-01 has no range"):
        read_ranges(ward.desk.study, "LAB1", listed(ward), date(2026, 3, 1))
    with pytest.raises(KnownError, match="knows no laboratory LAB7"):
        read_ranges(ward.desk.study, "LAB7", listed(ward), date(2026, 3, 1))


def test_the_centre_sees_what_a_list_would_change_before_it_goes_out(ward: Ward) -> None:
    table, carried = read_ranges(ward.desk.study, "LAB1", listed(ward), date(2026, 3, 1), keep=True)
    shown = look(ward.centre, "LAB1", table, carried, ward.clock.now().date())
    (one,) = shown.regraded
    assert (one.subject, one.form, one.finished) == ("01-001", D7, False)
    assert "draft, read so from now on" in shown.as_text()
    with pytest.raises(KnownError, match="data manager"):
        give_ranges(Reviewer(ward.centre, "mon1", Role.MONITOR), "LAB1", table, listed(ward))


def test_the_command_shows_and_gives_out(ward: Ward, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["centre", "lab-ranges", str(ward.folder / "centre"), str(listed(ward)), "--laboratory", "LAB1"]
    given += ["--valid-from", "2026-03-01", "--keep-others"]
    assert cli.main([*given, "--dry-run"]) == 0
    assert "nothing was written" in capsys.readouterr().out
    assert cli.main([*given, "--site", "02"]) == 0
    assert "goes to no workstation" in capsys.readouterr().out
    assert cli.main(given) == 0
    assert "goes to W1 with the next receipts" in capsys.readouterr().out


def test_a_rebuilt_laptop_takes_the_list_up_and_keeps_what_was_finished_before(ward: Ward) -> None:
    ward.complete()
    give(ward)
    ward.receive(ward.send())
    ward.desk.close()
    rebuild(
        ward.centre, ward.folder / "new", "W1", "W2", [person(NURSE, Role.NURSE, DEMO_PASSPHRASE)], clock=ward.clock
    )
    ward.desk = sign_in(ward.folder / "new", NURSE, DEMO_PASSPHRASE, ward.clock)
    assert grade(result_at(ward.casebook, PLT)) == 1
    ward.open(str(D28))
    ward.fill(HAEMDAT="2026-03-12", PLT="100")
    assert result_at(ward.casebook, D28.item("HAEM", "PLT")).flag == "normal"


def test_the_window_names_the_list_the_form_and_the_results(ward: Ward, qtbot: QtBot) -> None:
    ward.complete()
    give(ward)
    dress(dark=False, language="en")
    wizard = FormWizard(ward.desk, ward.casebook, D7)
    qtbot.addWidget(wizard)
    assert "newer list of normal ranges reads 1 results here otherwise" in wizard.head.banner()
    strip = wizard.findChild(LabStrip)
    assert strip is not None
    page = TodayView(ward.desk)
    qtbot.addWidget(page)
    assert len(page.releases.acts) == 1
