"""GVHD stays out of adverse events; a grade other than the proposed one says why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenario import Ward
from trialdesk.domain.rules.adverse_events import (
    AdverseEvent,
    adverse_events,
    counts_as_adverse_event,
    gvhd_manifestations,
    open_gvhd_questions,
)


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    """A ward with one participant enrolled."""
    opened = Ward(tmp_path)
    opened.enrol()
    yield opened
    opened.leave()


def _events(ward: Ward) -> dict[str, AdverseEvent]:
    found = adverse_events(ward.desk.book, ward.casebook.data, ward.desk.session.today)
    return {event.term: event for event in found}


def _event(ward: Ward, number: int, term: str, **answers: str) -> None:
    ward.open(f"AE[{number}]/AE")
    ward.fill(AETERM=term, **answers)


def _rules(ward: Ward, item: str) -> list[str]:
    return [finding.rule for finding in ward.findings(item) if finding.severity != "missing"]


def test_an_event_that_gvhd_explains_leaves_the_tables_and_joins_its_episode(ward: Ward) -> None:
    ward.open("D21[1]/AGVHD")
    ward.fill(AGDAT="2026-02-24", AGYN="Y", AGONSDAT="2026-02-20")
    _event(ward, 1, "Diarrhea", AESTDAT="2026-02-21", AEGVHD="Y", AEGVDAT="2026-02-20")
    _event(ward, 2, "Nausea", AESTDAT="2026-02-21", AEGVHD="N")
    found = _events(ward)
    assert not counts_as_adverse_event(found["Diarrhea"])
    assert counts_as_adverse_event(found["Nausea"])
    (episode,), loose = gvhd_manifestations(ward.desk.book, ward.casebook.data, ward.desk.session.today)
    assert (episode.onset, [event.term for event in episode.manifestations]) == ("2026-02-20", ["Diarrhea"])
    assert loose == ()
    path = ward.form.item("AEWHAT", "AEGVHD")._replace(repeat=1)
    assert [record.change.kind for record in ward.casebook.history(path)] == ["ItemEntered"]


def test_a_manifestation_without_an_episode_asks_for_one(ward: Ward) -> None:
    _event(ward, 1, "Diarrhea", AESTDAT="2026-02-21", AEGVHD="Y", AEGVDAT="2026-02-20")
    assert _rules(ward, "AEGVDAT") == ["GVHD-24"]
    _, loose = gvhd_manifestations(ward.desk.book, ward.casebook.data, ward.desk.session.today)
    assert [event.term for event in loose] == ["Diarrhea"]
    ward.open("D21[1]/AGVHD")
    ward.fill(AGDAT="2026-02-24", AGYN="Y", AGONSDAT="2026-02-20")
    ward.open("AE[1]/AE")
    assert _rules(ward, "AEGVDAT") == []


def test_not_known_counts_and_is_listed(ward: Ward) -> None:
    _event(ward, 1, "Diarrhea", AESTDAT="2026-02-21", AEGVHD="U")
    _event(ward, 2, "Rash maculo-papular", AESTDAT="2026-02-21")
    ward.enter("AEGVHD", "", missing="UNK")
    _event(ward, 3, "Vomiting", AESTDAT="2026-02-21")
    _event(ward, 4, "Anemia", AESTDAT="2026-02-21")
    assert all(counts_as_adverse_event(event) for event in _events(ward).values())
    listed = open_gvhd_questions(ward.desk.book, ward.casebook.data, ward.desk.session.today)
    assert [(event.term, why) for event, why in listed] == [
        ("Diarrhea", "unknown"), ("Rash maculo-papular", "unknown"), ("Vomiting", "unanswered"),
    ]  # fmt: skip


def test_an_answer_behind_a_question_that_is_no_longer_asked_is_no_answer(ward: Ward) -> None:
    _event(ward, 1, "Diarrhea", AESTDAT="2026-02-21", AEGVHD="Y", AEGVDAT="2026-02-20")
    ward.enter("AETERM", "Anemia")
    (event,) = _events(ward).values()
    assert (event.gvhd, event.episode) == (None, None)
    assert counts_as_adverse_event(event)


@pytest.mark.parametrize("words", ["aGVHD of the gut", "肠道排异", "移植物抗宿主病", "graft-versus-host disease"])
def test_an_event_that_names_gvhd_is_refused_a_place_in_the_tables(ward: Ward, words: str) -> None:
    _event(ward, 1, words, AESTDAT="2026-02-21")
    assert "GVHD-01" in _rules(ward, "AETERM")
    (event,) = _events(ward).values()
    assert not counts_as_adverse_event(event)
    listed = open_gvhd_questions(ward.desk.book, ward.casebook.data, ward.desk.session.today)
    assert [why for _, why in listed] == ["named"]


def test_a_verbatim_text_that_names_gvhd_is_recognised(ward: Ward) -> None:
    _event(ward, 1, "Immune system disorders - Other, specify", AELLTO="急性GVHD", AESTDAT="2026-02-21")
    assert "GVHD-02" in _rules(ward, "AELLTO")
    assert not counts_as_adverse_event(next(iter(_events(ward).values())))


def test_only_terms_that_gvhd_can_look_like_are_asked_about(ward: Ward) -> None:
    _event(ward, 1, "Anemia", AESTDAT="2026-02-21")
    assert ward.path("AEGVHD") in ward.casebook.assessment(ward.form).skipped
    ward.enter("AETERM", "Diarrhea")
    assert ward.path("AEGVHD") not in ward.casebook.assessment(ward.form).skipped


def test_every_staged_organ_asks_for_its_cause(ward: Ward) -> None:
    ward.open("D21[1]/AGVHD")
    ward.fill(AGDAT="2026-02-24", AGYN="Y", AGBSA="60", AGBULLA="N", AGDESQ="N", AGBILI="10", AGUGI="0")
    asked = ward.casebook.assessment(ward.form)
    assert ward.path("AGSKINCA") not in asked.skipped
    assert {ward.path("AGLIVCA"), ward.path("AGUGICA")} <= set(asked.skipped)
    assert ward.path("AGSKINCA") in [finding.path for finding in asked.to_finish]
    ward.enter("AGSKINCA", "GVHD")
    assert ward.path("AGSKINCA") not in [finding.path for finding in ward.casebook.assessment(ward.form).to_finish]


def test_a_chronic_organ_score_asks_for_its_cause(ward: Ward) -> None:
    ward.open("M6[1]/CGVHD")
    ward.fill(CGDAT="2026-02-24", CGYN="Y", CGMOUTH="2", CGEYES="0")
    asked = ward.casebook.assessment(ward.form)
    assert ward.path("CGMOUCA") not in asked.skipped
    assert ward.path("CGEYECA") in asked.skipped


def test_a_grade_other_than_the_proposed_one_needs_a_reason_and_both_are_kept(ward: Ward) -> None:
    _event(ward, 1, "Platelet count decreased", AESTDAT="2026-02-21", AEPGRD="3", AETOXGR="3")
    assert ward.path("AEGRREAS") in ward.casebook.assessment(ward.form).skipped
    ward.enter("AETOXGR", "4")
    assert _rules(ward, "AETOXGR") == ["AE-08"]
    assert ward.path("AEGRREAS") in [finding.path for finding in ward.casebook.assessment(ward.form).to_finish]
    ward.enter("AEGRREAS", "bleeding, platelets given before the sample")
    assert _rules(ward, "AETOXGR") == []
    (event,) = _events(ward).values()
    assert (event.grade, event.proposed, event.reason) == ("4", "3", "bleeding, platelets given before the sample")
