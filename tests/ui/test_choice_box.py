"""Choosing by typing: every choice can be typed in either language, and half a word is never taken for an answer."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from trialdesk.app import dress
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Language, Text
from trialdesk.services.study_release import shipped_study
from trialdesk.storage.study_library import load_study
from trialdesk.ui import look
from trialdesk.ui.boxes import ChoiceBox, Combo
from trialdesk.ui.wrapped_segments import WrappedSegments


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


def test_choices_take_a_second_line_where_one_has_no_room_for_them(qtbot: QtBot) -> None:
    dress(dark=False, language="en")
    box = WrappedSegments([(str(n), Text(en=f"Choice number {n}", zh=f"选项 {n}")) for n in range(1, 6)])
    qtbot.addWidget(box)
    one_line = box.sizeHint().width()
    assert box.heightForWidth(one_line) == 34
    box.resize(one_line - 1, box.heightForWidth(one_line - 1))
    with qtbot.waitExposed(box):
        box.show()
    assert box.height() == 72
    assert [one.place for one in box.segments] == ["first", "middle", "middle", "last", "only"]
    assert all(box.rect().contains(one.geometry()) for one in box.segments)
    qtbot.keyClick(box.segments[0], Qt.Key.Key_5)
    assert box.text_now() == "5"


def test_a_choice_without_room_ends_in_an_ellipsis(qtbot: QtBot) -> None:
    dress(dark=False, language="en")
    box = Combo()
    box.setFixedWidth(220)
    box.addItems(["01 The First Affiliated Hospital of the University", "02"])
    qtbot.addWidget(box)
    assert box.shown().endswith("…")
    assert box.fontMetrics().horizontalAdvance(box.shown()) <= 220 - 40
    assert not box.grab().isNull()
    box.setCurrentIndex(1)
    assert box.shown() == "02"
