"""The two rails: forms found as one types, and places that a role may see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.scenario import Ward
from tests.ui.conftest import press, wizard, write
from trialdesk.domain.admin.role import Role
from trialdesk.domain.oid import FormPath
from trialdesk.services.finder import Finder
from trialdesk.ui import window_acts
from trialdesk.ui.main_window import MainWindow
from trialdesk.ui.section_rail import SectionRail
from trialdesk.ui.today_view import TodayView

Open = Callable[[], MainWindow]


@pytest.fixture
def rail(ward: Ward, open_window: Open) -> SectionRail:
    """The rail beside an open form."""
    ward.enrol()
    window = open_window()
    window.open_form(ward.subject, FormPath("SCR", 1, "VS"))
    found = wizard(window).findChild(SectionRail)
    assert found is not None
    return found


def shown(rail: SectionRail) -> set[str]:
    """Forms that are left in the rail."""
    return {form.form for form, line in rail.forms.items() if not line.isHidden()}


@pytest.mark.parametrize("typed", ["血常规", "xuechanggui", "xcg", "haematol"])
def test_a_form_is_found_by_han_pinyin_first_letters_and_english(rail: SectionRail, typed: str) -> None:
    rail.filter_box.setFocus()
    write(typed) if typed.isascii() else rail.filter_box.setText(typed)
    QApplication.processEvents()
    assert "HAEM" in shown(rail)
    assert "VS" not in shown(rail)


def test_a_visit_without_a_form_of_that_name_goes_and_everything_comes_back(rail: SectionRail) -> None:
    rail.filter_box.setText("plerixafor")
    assert shown(rail) == {"PLX"}
    visible = [caption.text() for caption, _ in rail.captions if not caption.isHidden()]
    assert len(visible) == 1
    rail.filter_box.clear()
    assert shown(rail) == {form.form for form in rail.forms}
    assert not any(caption.isHidden() for caption, _ in rail.captions)


def test_the_line_of_the_open_form_is_in_sight_and_enter_on_another_opens_it(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    window = open_window()
    window.open_form(ward.subject, FormPath("D28", 1, "VS"))
    QApplication.processEvents()
    rail = wizard(window).rail
    line = rail.forms[FormPath("D28", 1, "VS")]
    assert rail.list.viewport().rect().contains(rail.list.visualItemRect(line))
    assert "D28" not in str(line.data(Qt.ItemDataRole.AccessibleTextRole))
    assert "Vital signs" in str(line.data(Qt.ItemDataRole.AccessibleTextRole))
    rail.take_focus()
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    assert wizard(window).form != FormPath("D28", 1, "VS")


def test_the_administrator_sees_no_way_to_participants(ward: Ward, open_window: Open) -> None:
    ward.enrol("ZHLI")
    ward.desk.session.user = replace(ward.desk.session.user, role=Role.ADMINISTRATOR)
    window = open_window()
    assert window.rail.buttons["subjects"].isHidden()
    assert not window.rail.buttons["transfer"].isHidden()
    press(Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert isinstance(window.view, TodayView)
    window.enrol()
    assert isinstance(window.view, TodayView)
    for typed in ("ZHLI", "@", "@ZHLI", "#", "01-001", "weight", "", "participants", "enrol"):
        hits = [hit for group in window.finder.find(typed, None) for hit in group.hits]
        assert {hit.kind for hit in hits} <= {"act"}, typed
        assert not {hit.act for hit in hits} & {"subjects", "enrol"}, typed


def test_the_nurse_and_the_monitor_find_what_their_role_allows(ward: Ward) -> None:
    ward.enrol("ZHLI")
    finder = Finder(ward.desk, window_acts.COMMANDS)
    acts = {hit.act for group in finder.find(">", ward.subject) for hit in group.hits}
    assert {"subjects", "enrol", "adverse_event", "send"} <= acts
    ward.desk.session.user = replace(ward.desk.session.user, role=Role.MONITOR)
    acts = {hit.act for group in finder.find(">", ward.subject) for hit in group.hits}
    assert "subjects" in acts
    assert not acts & {"enrol", "adverse_event", "send"}
    assert any(hit.kind == "participant" for group in finder.find("ZHLI", None) for hit in group.hits)
