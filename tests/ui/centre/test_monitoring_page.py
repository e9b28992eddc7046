"""The monitoring page: shields as the centre holds them, a medical review by keyboard, and a trail looked through."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.scenario import SOURCE, Ward
from tests.ui.centre.conftest import Wait
from tests.visiting import Monitor, ward_with_two
from trialdesk.app import dress
from trialdesk.centre.at_work import AtWork
from trialdesk.domain.admin.role import ROLE_WORDS, Role
from trialdesk.domain.admin.user import User
from trialdesk.ui.centre.monitoring_page import MonitoringPage


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    opened = ward_with_two(tmp_path)
    opened.subject = "01-001"
    opened.open("AE[1]/AE")
    opened.fill(AETERM="Nausea", AESTDAT="2026-03-02")
    opened.complete()
    opened.receive(opened.send())
    yield opened
    opened.leave()


@pytest.fixture
def open_page(ward: Ward, qtbot: QtBot, over: Wait) -> Iterator[Callable[[Role], MonitoringPage]]:
    made: list[MonitoringPage] = []

    def make(role: Role) -> MonitoringPage:
        dress(dark=False, language="en")
        work = AtWork(ward.centre, User(id="someone", name=ROLE_WORDS[role], role=role), ward.clock.now())
        work.refresh()
        page = MonitoringPage(work)
        qtbot.addWidget(page)
        page.resize(1290, 680)
        with qtbot.waitActive(page):
            page.show()
            page.activateWindow()
        made.append(page)
        over(page)
        return page

    yield make
    for page in made:
        page.leave_off()


def test_the_page_counts_what_came_back_from_a_visit(
    ward: Ward, open_page: Callable[[Role], MonitoringPage], over: Wait
) -> None:
    monitor = Monitor(ward)
    monitor.verify("SEX", "BRTHDAT")
    monitor.hand_over()
    page = open_page(Role.DATA_MANAGER)
    assert page.held is not None
    assert page.count.text().startswith("2 of ")
    assert page.lapsed.isHidden()
    ward.open("SCR[1]/DM")
    ward.enter("SEX", "M", reason=SOURCE)
    ward.receive(ward.send())
    page.refresh()
    over(page)
    assert page.count.text().startswith("1 of ")
    assert not page.lapsed.isHidden()
    assert "first 3 participants" in page.plan.text()


def test_a_medical_reviewer_judges_a_form_and_takes_it_back(
    open_page: Callable[[Role], MonitoringPage], over: Wait
) -> None:
    page = open_page(Role.MEDICAL_REVIEWER)
    page.matrix.go_to("01-001", "logs")
    QApplication.processEvents()
    page.matrix.setFocus()
    QTest.keyClick(page.matrix, Qt.Key.Key_Return)
    (button,) = page.form_buttons()
    assert button.hasFocus()
    QTest.keyClick(button, Qt.Key.Key_M)
    assert page.words.hasFocus()
    QTest.keyClicks(page.words, "plausible")
    QTest.keyClick(page.words, Qt.Key.Key_Return)
    over(page)
    assert page.medical.isHidden()
    QApplication.processEvents()
    (button,) = page.form_buttons()
    button.setFocus()
    QApplication.processEvents()
    assert "plausible" in page.judged.text()
    page.do_review.click()
    assert "reason" in page.said.text()
    page.words.setText("wrong participant")
    page.do_review.click()
    over(page)
    assert not page.medical.isHidden()


def test_others_see_the_mark_and_cannot_judge(open_page: Callable[[Role], MonitoringPage]) -> None:
    page = open_page(Role.MONITOR)
    page.matrix.go_to("01-001", "logs")
    QApplication.processEvents()
    page.form_buttons()[0].setFocus()
    assert "medical review" in page.judged.text()
    assert page.reviewing.isHidden()


def test_a_trail_is_looked_through_with_a_conclusion(
    ward: Ward, open_page: Callable[[Role], MonitoringPage], over: Wait
) -> None:
    ward.later(hours=14)
    ward.open("SCR[1]/VS")
    ward.fill(WEIGHT="62.0")
    ward.receive(ward.send())
    page = open_page(Role.MONITOR)
    page.show_view("trail")
    assert page.trail.table.lines.rowCount() == 1
    assert "0 are" in page.trail.todo.text()
    page.trail.done.click()
    assert "concluded" in page.trail.said.text()
    page.trail.conclusion.setText("night entry explained by the transfusion")
    page.trail.done.click()
    over(page)
    assert "1 are" in page.trail.todo.text()


def test_a_pack_is_written_and_a_visit_taken_in_from_the_page(
    ward: Ward, open_page: Callable[[Role], MonitoringPage], over: Wait
) -> None:
    page = open_page(Role.DATA_MANAGER)
    assert len(page.acts()) == 2
    page._ask_pack()
    assert "knows no monitor" in page.told.text()
    monitor = Monitor(ward)
    page.write_pack("mon1", ward.folder / "second")
    over(page)
    assert [path.suffix for path in (ward.folder / "second").iterdir()] == [".tdv"]
    monitor.verify("SEX")
    result = monitor.visit.finish(monitor.stick)
    page.take_visits([result, ward.folder / "nothing.tdvr"])
    over(page)
    assert "1 answers verified" in page.told.text()
    assert "cannot be read" in page.told.text()
    over(page)
    assert page.count.text().startswith("1 of ")


def test_a_monitor_begins_with_the_plan_and_takes_nothing_in(ward: Ward, qtbot: QtBot) -> None:
    from trialdesk.ui.centre.window import CentreWindow

    work = AtWork(ward.centre, User(id="mon1", name=ROLE_WORDS[Role.MONITOR], role=Role.MONITOR), ward.clock.now())
    window = CentreWindow(work)
    qtbot.addWidget(window)
    assert window.place == "monitoring"
    assert window.page("monitoring").acts() == ()
    window.close()
