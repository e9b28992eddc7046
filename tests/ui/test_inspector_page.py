"""An inspector at the desk: the questions, the answers, and where a line leads, by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from tests.scenario import SOURCE, Ward
from tests.ui.conftest import press, wizard, write
from trialdesk.domain.admin.role import Act, Role, may
from trialdesk.domain.clinical.reading_changes import AnswerShown
from trialdesk.services.inspection.page import QUESTIONS
from trialdesk.ui import window_acts
from trialdesk.ui.inspector_page import InspectorPage
from trialdesk.ui.inspector_preview import AnswerPreview
from trialdesk.ui.main_window import MainWindow

Open = Callable[[], MainWindow]
ALT = Qt.KeyboardModifier.AltModifier


def page(qtbot: QtBot, window: MainWindow) -> InspectorPage:
    """The inspector's page, its answer read."""
    view = window.view
    assert isinstance(view, InspectorPage)
    qtbot.waitUntil(lambda: view.answer is not None)
    return view


def choose(qtbot: QtBot, window: MainWindow, name: str) -> InspectorPage:
    """Choose a question and wait for its answer."""
    view = page(qtbot, window)
    view.list.selectRow(next(n for n, one in enumerate(view._questions) if one.name == name))
    return page(qtbot, window)


def corrected(ward: Ward) -> None:
    ward.enrol()
    ward.open("DLI[1]/DLI")
    ward.fill(DLIDAT="2026-03-03", DLICD3="50.0")
    ward.enter("DLICD3", "51.0", reason=SOURCE)


def become(ward: Ward, role: Role) -> None:
    ward.desk.session.user = replace(ward.desk.session.user, role=role)


def shown(ward: Ward) -> list[tuple[str, str]]:
    changes = (r.change for r in ward.desk.trail.records(kinds=("AnswerShown",)))
    return [(one.question, one.how) for one in changes if isinstance(one, AnswerShown)]


def test_an_inspectors_day_begins_with_the_questions(ward: Ward, open_window: Open, qtbot: QtBot) -> None:
    become(ward, Role.INSPECTOR)
    window = open_window()
    view = page(qtbot, window)
    assert len(view._questions) == len(QUESTIONS) == 14
    assert not window.rail.buttons["inspector"].isHidden()
    assert shown(ward) == [("history", "shown")]
    press(Qt.Key.Key_Down)
    page(qtbot, window)
    assert view.question == "after-signature"
    assert shown(ward)[-1] == ("after-signature", "shown")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
def test_the_page_opens_for_those_who_may_ask(ward: Ward, open_window: Open, qtbot: QtBot, role: Role) -> None:
    corrected(ward)
    become(ward, role)
    window = open_window()
    press(Qt.Key.Key_4, ALT)
    assert isinstance(window.view, InspectorPage) is may(role, Act.INSPECT)
    names = {hit.act for group in window.finder.find(">", None) for hit in group.hits}
    assert ("inspector" in names) is may(role, Act.INSPECT)
    if isinstance(window.view, InspectorPage):
        page(qtbot, window)


def test_enter_leads_from_the_list_to_the_history_and_from_there_to_the_field(
    ward: Ward, open_window: Open, qtbot: QtBot
) -> None:
    corrected(ward)
    become(ward, Role.INSPECTOR)
    window = open_window()
    view = page(qtbot, window)
    press(Qt.Key.Key_Right)
    press(Qt.Key.Key_Return)
    page(qtbot, window)
    assert view.asked.path == ward.path("DLICD3")
    assert view.answer is not None
    assert len(view.answer.found.tables[0].rows) == 2
    press(Qt.Key.Key_Return)
    assert wizard(window).form == ward.form
    assert wizard(window).row is not None
    press(Qt.Key.Key_4, ALT)
    assert page(qtbot, window).asked.path == ward.path("DLICD3"), "from a form the page asks about its field"


def test_a_day_is_typed_and_the_register_follows(ward: Ward, open_window: Open, qtbot: QtBot) -> None:
    become(ward, Role.ADMINISTRATOR)
    window = open_window()
    press(Qt.Key.Key_4, ALT)
    view = choose(qtbot, window, "rights")
    box = view._asks.itemAt(0).widget().box
    box.setFocus()
    box.selectAll()
    write("20260302")
    press(Qt.Key.Key_Return)
    page(qtbot, window)
    qtbot.waitUntil(lambda: view.answer is not None and "2026-03-02: 0 accounts" in view.answer.found.says[0].en)
    box.setText("2026")
    press(Qt.Key.Key_Return)
    assert "whole day" in view._asks.itemAt(0).widget()._said.text()


def test_lines_are_narrowed_by_typing_and_sorted_by_their_heads(ward: Ward, open_window: Open, qtbot: QtBot) -> None:
    corrected(ward)
    become(ward, Role.INSPECTOR)
    window = open_window()
    view = choose(qtbot, window, "trail")
    table = view.table
    assert table is not None
    everything = len(table.rows)
    view.narrow.setFocus()
    write("51.0 CD3")
    assert 0 < len(table.rows) < everything
    view.narrow.clear()
    write("zzz")
    assert table.rows == []
    assert table.says_empty == "No line holds these words. Empty the box to see all."
    table.narrow("")
    assert table.says_empty == ""
    table.sort_by(0)
    numbers = [str(row.cells[0]) for row in table.rows]
    assert numbers == sorted(numbers)
    table.sort_by(0)
    assert [str(row.cells[0]) for row in table.rows] == numbers[::-1]


def test_the_answer_is_previewed_printed_and_saved_and_each_is_recorded(
    ward: Ward, open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corrected(ward)
    become(ward, Role.INSPECTOR)
    window = open_window()
    view = choose(qtbot, window, "switched-off")
    made: list[int] = []

    def look_at(dialog: QDialog) -> int:
        assert isinstance(dialog, AnswerPreview)
        qtbot.waitUntil(lambda: dialog.printed is not None)
        assert dialog._pages is not None
        made.append(dialog._pages.count)
        dialog.save_to(tmp_path)
        dialog.done(0)
        return 0

    monkeypatch.setattr(AnswerPreview, "exec", look_at)
    press(Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert made
    assert made[0] >= 1
    view.save_to(tmp_path, "xlsx")
    view.save_to(tmp_path, "csv")
    assert "Saved, and recorded" in view.said()
    assert len(list(tmp_path.glob("*switched-off*"))) == 1 + 1 + 3
    assert [how for name, how in shown(ward) if name == "switched-off"] == ["shown", *["saved"] * 5]


def test_a_folder_that_cannot_be_written_is_said_and_nothing_is_recorded(
    ward: Ward, open_window: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    become(ward, Role.INSPECTOR)
    window = open_window()
    view = choose(qtbot, window, "rights")
    before = len(shown(ward))
    (tmp_path / "file").write_text("")
    view.save_to(tmp_path / "file", "csv")
    assert "could not be written" in view.said()
    assert len(shown(ward)) == before


def test_in_another_language_the_page_stays_at_its_question(ward: Ward, open_window: Open, qtbot: QtBot) -> None:
    become(ward, Role.INSPECTOR)
    window = open_window()
    choose(qtbot, window, "clock")
    window.dress_again()
    assert page(qtbot, window).question == "clock"
    window_acts.do(window, "today")
