"""Choosing by typing: every choice can be typed in either language, and half a word is never taken for an answer."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Language
from trialdesk.services.study_release import shipped_study
from trialdesk.storage.study_library import load_study
from trialdesk.ui import look
from trialdesk.ui.boxes import ChoiceBox


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(shipped_study())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_choice_of_the_study_can_be_typed_in_either_language(
    qtbot: QtBot, study: Study, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(look, "language", lambda: language)
    for codelist in study.codelists:
        box = ChoiceBox(tuple((one.code, one.label) for one in codelist.items))
        qtbot.addWidget(box)
        codes = {one.code.lower() for one in codelist.items}
        for one in codelist.items:
            for words in (one.code, one.label.en, one.label.zh):
                box.setEditText(words)
                assert box.text_now() == one.code or words.lower() in codes, (codelist.oid, words)


def test_half_a_word_stays_what_was_typed(qtbot: QtBot, study: Study) -> None:
    box = ChoiceBox(tuple((one.code, one.label) for one in study.codelist["DONOR"].items))
    qtbot.addWidget(box)
    box.setEditText("unrel")
    assert box.text_now() == "unrel"
