"""Today: one key from the most urgent line into the field; each role has a home of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from tests.scenario import Ward
from tests.ui.conftest import focus, press, wizard
from trialdesk.domain.admin.role import Role
from trialdesk.domain.oid import FormPath
from trialdesk.ui.main_window import MainWindow
from trialdesk.ui.today_lines import NoteLine, TaskLine
from trialdesk.ui.today_view import TodayView

Open = Callable[[], MainWindow]


def today(window: MainWindow) -> TodayView:
    """The view of the day, which stands open."""
    assert isinstance(window.view, TodayView)
    return window.view


def words(window: MainWindow) -> str:
    """Every word on the screen."""
    return " ".join(label.text() for label in window.findChildren(QLabel))


def chemotherapy_ended(ward: Ward, day: str) -> None:
    """The infusion is due three days after that day."""
    ward.enrol()
    ward.open("CHEMO[1]/CHEMO")
    ward.fill(CHENDAT=day)


def test_the_desk_opens_at_today_and_enter_leads_into_a_field_of_the_most_urgent_visit(
    ward: Ward, open_window: Open
) -> None:
    chemotherapy_ended(ward, "2026-02-20")
    window = open_window()
    line = today(window).lines[0]
    assert isinstance(line, TaskLine)
    assert line.task.urgency == "overdue"
    assert focus() is line
    press(Qt.Key.Key_Return)
    form = wizard(window)
    assert form.form == line.task.form
    assert form.row is not None
    assert form.row.control.hasFocus()


def test_arrows_walk_the_lines_and_a_tile_narrows_them(ward: Ward, open_window: Open) -> None:
    chemotherapy_ended(ward, "2026-02-20")
    window = open_window()
    view = today(window)
    press(Qt.Key.Key_Down)
    assert focus() is view.lines[1]
    view.narrow("overdue")
    assert {line.task.urgency for line in view.lines if isinstance(line, TaskLine)} == {"overdue"}
    view.narrow("overdue")
    assert len({line.task.urgency for line in view.lines if isinstance(line, TaskLine)}) > 1


def test_an_empty_desk_says_what_to_do(ward: Ward, open_window: Open) -> None:
    window = open_window()
    assert "Ctrl+N enrols the first" in words(window)
    assert "No form was left half done" in words(window)


def test_drafts_and_where_the_data_are_stand_beside(ward: Ward, open_window: Open) -> None:
    chemotherapy_ended(ward, "2026-03-01")
    window = open_window()
    drafts = [line for line in today(window).findChildren(NoteLine) if "Chemotherapy" in line.accessibleName()]
    assert drafts
    assert "Where my data are" in words(window)
    assert "No backup yet" in words(window)
    drafts[0].click()
    assert wizard(window).form == FormPath("CHEMO", 1, "CHEMO")


@pytest.mark.parametrize(
    ("role", "shows"),
    [
        (Role.INVESTIGATOR, "To sign"),
        (Role.DATA_MANAGER, "Queries"),
        (Role.MONITOR, "Queries"),
        (Role.ADMINISTRATOR, "This desk"),
    ],
)
def test_each_role_begins_with_what_is_its_own(ward: Ward, open_window: Open, role: Role, shows: str) -> None:
    chemotherapy_ended(ward, "2026-02-20")
    ward.complete()
    ward.desk.session.user = replace(ward.desk.session.user, role=role)
    window = open_window()
    headings = [label.text() for label in window.findChildren(QLabel) if label.property("role") == "heading"]
    assert headings[0] == shows
    if role is Role.ADMINISTRATOR:
        assert ward.subject not in " ".join(w.accessibleName() for w in window.findChildren(NoteLine))
        assert not today(window).lines
