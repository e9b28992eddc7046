"""Any field, form, visit, participant, query or act by a few letters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenario import Ward
from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Text
from trialdesk.services.finder import Command, Finder, Hit

ACTS = (
    Command("enrol", Text(en="Enrol a participant", zh="登记受试者"), "Ctrl N"),
    Command("adverse_event", Text(en="New adverse event", zh="登记不良事件"), "Alt A", needs_subject=True),
)


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    """Two participants; one has screening blood counts and an adverse event."""
    opened = Ward(tmp_path)
    opened.enrol("ZHLI")
    opened.open("SCR[1]/HAEM")
    opened.fill(ANC="0.9")
    opened.open("AE[1]/AE")
    opened.fill(AETERM="Neutrophil count decreased")
    opened.enrol("WAMI")
    opened.subject = "01-001"
    yield opened
    opened.leave()


def hits(ward: Ward, typed: str, subject: str | None = "01-001") -> list[Hit]:
    """Every line found, in order."""
    groups = Finder(ward.desk, ACTS).find(typed, subject)
    return [hit for group in groups for hit in group.hits]


@pytest.mark.parametrize("typed", ["中性粒", "zhongxing", "zxlxb", "neutrophil", "ANC", "anc"])
def test_a_field_is_found_by_han_pinyin_initials_english_and_code_with_what_stands_there(
    ward: Ward, typed: str
) -> None:
    fields = [hit for hit in hits(ward, typed) if hit.kind == "field" and hit.path and hit.path.item == "ANC"]
    screening = next(hit for hit in fields if hit.form == FormPath("SCR", 1, "HAEM"))
    assert "0.9 10^9/L" in screening.about.zh
    assert "血常规" in screening.about.zh


def test_an_adverse_event_is_found_by_its_chinese_name_and_a_new_one_is_offered(ward: Ward) -> None:
    found = hits(ward, "zhongxing")
    log = next(hit for hit in found if hit.kind == "log")
    assert (log.form, log.label.zh[:4]) == (FormPath("AE", 1, "AE"), "AE-1")
    new = next(hit for hit in found if hit.act == "adverse_event" and hit.detail)
    assert new.detail == "Neutrophil count decreased"


def test_forms_visits_and_participants_are_found(ward: Ward) -> None:
    assert any(hit.kind == "form" and hit.form == FormPath("SCR", 1, "VS") for hit in hits(ward, "shengmingtizheng"))
    assert any(hit.kind == "visit" for hit in hits(ward, "shaixuan"))
    assert [hit.subject for hit in hits(ward, "@wa")] == ["01-002"]
    assert [hit.subject for hit in hits(ward, "002")][-1] == "01-002"


def test_signs_narrow_to_acts_participants_and_queries(ward: Ward) -> None:
    assert {hit.kind for hit in hits(ward, ">")} == {"act"}
    assert {hit.kind for hit in hits(ward, "@")} == {"participant"}
    assert hits(ward, "#") == []


def test_an_act_about_a_participant_is_not_offered_where_none_is_open(ward: Ward) -> None:
    assert [hit.act for hit in hits(ward, ">", None)] == ["enrol"]
    assert [hit.act for hit in hits(ward, "dengji", None) if hit.kind == "act"] == ["enrol"]


def test_words_that_name_nothing_find_nothing_and_an_empty_box_shows_where_one_can_go(ward: Ward) -> None:
    assert hits(ward, "qqqq") == []
    assert {hit.kind for hit in hits(ward, "")} == {"participant", "act"}


def test_an_answer_given_meanwhile_is_shown_at_once(ward: Ward) -> None:
    finder = Finder(ward.desk, ACTS)
    finder.find("anc", "01-001")
    ward.open("SCR[1]/HAEM")
    ward.fill(ANC="1.1")
    found = [hit for group in finder.find("anc", "01-001") for hit in group.hits]
    assert any("1.1" in hit.about.en for hit in found)
