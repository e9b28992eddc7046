"""The timeline: treatment, windows, episodes and events by day, out-of-window visits, what is uncertain or still open."""

from __future__ import annotations

from datetime import date

from trialdesk.domain.oid import FormPath
from trialdesk.domain.rules.example import example_casebook
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.services.study_release import release_from_folder, shipped_study
from trialdesk.services.timeline import Mark, timeline

BOOK = Rulebook(release_from_folder(shipped_study()).study)
TODAY = date(2026, 3, 20)


def marks(today: date = TODAY, **given: str | list[str]) -> list[Mark]:
    """The marks of a casebook that holds these answers; `D7__AGDAT` means the answer of that visit."""
    named = {name.replace("__", "."): value for name, value in given.items()}
    return list(timeline(BOOK, example_casebook(BOOK, FormPath("AE", 1, "AE"), named), today).marks)


def of(found: list[Mark], shape: str) -> list[Mark]:
    """Marks of one shape."""
    return [mark for mark in found if mark.shape == shape]


def test_chemotherapy_is_a_bar_and_the_infusion_a_diamond() -> None:
    found = marks(CHSTDAT="2026-02-24", CHENDAT="2026-02-28", CHREG="VEN", DLIDAT="2026-03-03")
    bar = of(found, "bar")[0]
    assert (bar.lane, bar.start, bar.end, bar.open) == ("treatment", date(2026, 2, 24), date(2026, 2, 28), False)
    assert of(found, "diamond")[0].form == FormPath("DLI", 1, "DLI")


def test_only_injections_that_were_given_are_solid_and_the_rest_of_the_series_is_planned() -> None:
    given = {"PLXGIVEN": ["Y", "N"], "PLXDAT": ["2026-03-13", "2026-03-13"], "PLXTIM": ["08:00", ""]}
    ticks = of(marks(DLIDAT="2026-03-03", **given), "tick")
    assert [t.planned for t in ticks].count(False) == 1
    assert [t.planned for t in ticks].count(True) == 8
    assert "08:00" in ticks[0].says.zh


def test_a_visit_not_yet_held_shows_its_window_and_a_late_one_a_triangle() -> None:
    found = marks(DLIDAT="2026-03-03", D7__SVDAT="2026-03-14")
    assert date(2026, 3, 22) in {mark.start for mark in of(found, "window")}
    late = of(found, "triangle")[0]
    assert (late.lane, late.start) == ("event", date(2026, 3, 14))
    assert "2 days too late" in late.says.en


def test_an_ongoing_event_runs_to_today_and_a_partial_start_is_called_uncertain() -> None:
    found = marks(AETERM="Anemia", AETOXGR="3", AESTDAT="2026-03", AEONGO="Y")
    bar = of(found, "bar")[0]
    assert (bar.start, bar.end, bar.open, bar.uncertain, bar.grade) == (date(2026, 3, 1), TODAY, True, True, 3)
    assert bar.says.zh == "不良事件 贫血，自 3月1日 起（日期不详）"


def test_gvhd_assessments_join_into_an_episode_with_the_worst_grade() -> None:
    sick = {"AGYN": "Y", "AGBULLA": "N", "AGDESQ": "N", "AGBILI": "10", "AGPAIN": "N", "AGBLOOD": "N", "AGEPIS": "1"}
    given: dict[str, str | list[str]] = {}
    for event, day, area in (("D7", "2026-03-10", "10"), ("PLX", "2026-03-13", "30"), ("D21", "2026-03-17", "")):
        given[f"{event}__AGDAT"] = day
        if area:
            given |= {f"{event}__{name}": value for name, value in sick.items()} | {f"{event}__AGBSA": area}
            given |= {f"{event}__AGUGI": "0"}
        else:
            given[f"{event}__AGYN"] = "N"
    given["D7__AGONSDAT"] = "2026-03-08"
    episodes = of(marks(**given), "episode")
    assert len(episodes) == 1
    assert (episodes[0].start, episodes[0].end, episodes[0].open) == (date(2026, 3, 8), date(2026, 3, 17), False)
    assert episodes[0].grade is not None


def test_an_empty_casebook_has_a_span_and_no_marks() -> None:
    line = timeline(BOOK, example_casebook(BOOK, FormPath("AE", 1, "AE"), {}), TODAY)
    assert line.marks == ()
    assert line.first < TODAY < line.last
    assert line.day_words(TODAY).en == "20 Mar"
