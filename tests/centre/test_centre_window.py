"""The centre's window: every page opens in both languages, and what is done on it is done at the centre."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.scenario import Ward
from trialdesk.centre.at_work import AtWork
from trialdesk.domain.admin.role import Role
from trialdesk.domain.admin.user import User
from trialdesk.domain.text import Text
from trialdesk.ui import look
from trialdesk.ui.centre.data_page import DataPage
from trialdesk.ui.centre.intake_page import IntakePage
from trialdesk.ui.centre.queries_page import QueriesPage
from trialdesk.ui.centre.window import PLACES, CentreWindow
from trialdesk.ui.tokens import LIGHT

WHY = Text(en="Please check.", zh="请核对。")


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    opened = Ward(tmp_path)
    opened.enrol()
    opened.open("SCR[1]/DM")
    opened.fill(BRTHDAT="1990-05-01", SEX="F")
    opened.receive(opened.send())
    yield opened
    opened.leave()


@pytest.fixture
def work(ward: Ward) -> AtWork:
    return AtWork(ward.centre, User(id="dm1", name=WHY, role=Role.DATA_MANAGER), ward.clock.now())


@pytest.fixture
def window(work: AtWork, qtbot: QtBot) -> Iterator[CentreWindow]:
    from PySide6.QtWidgets import QApplication

    look.load_fonts()
    look.apply(QApplication.instance(), LIGHT, "en")
    made = CentreWindow(work)
    qtbot.addWidget(made)
    yield made
    made.close()


def test_every_page_opens_and_fits_a_small_screen(window: CentreWindow) -> None:
    for name, *_ in PLACES:
        if name != "endpoints":
            window.go(name)
    assert window.minimumSizeHint().width() <= 1366
    assert window.work.lists.sites() == ("01",)


def test_a_drafted_query_is_sent_and_closed_from_the_board(window: CentreWindow, work: AtWork, ward: Ward) -> None:
    sex = ward.desk.session.data("01-001").by_item["SEX"]
    work._reviewer.propose("01-001", sex, WHY)
    work.refresh()
    window.go("queries")
    page = window.pages["queries"]
    assert isinstance(page, QueriesPage)
    page.narrow("Candidate")
    assert page.table.lines.rowCount() == 1
    assert page.issue_all() == 1
    page.narrow("Open")
    assert page.table.lines.rowCount() == 1
    page.cancel_it.click()
    assert "Say why" in page.said.text()
    page.words.setPlainText("asked in error")
    page.cancel_it.click()
    assert page.table.lines.rowCount() == 0
    assert work.lists.query_counts() == {"Cancelled": 1}


def test_the_browser_filters_and_its_file_holds_what_is_shown(window: CentreWindow, tmp_path: Path) -> None:
    window.go("data")
    page = window.pages["data"]
    assert isinstance(page, DataPage)
    page.subject.setText("01-001")
    page.form.setCurrentIndex(page.form.findData("DM"))
    page.item.setCurrentIndex(page.item.findData("SEX"))
    assert page.table.lines.rowCount() == 1
    assert page.write(tmp_path / "data.csv") == 1
    with (tmp_path / "data.csv").open(encoding="utf-8-sig") as file:
        (line,) = csv.DictReader(file)
    assert (line["subject"], line["item"], line["value"]) == ("01-001", "SEX", "F")


def test_a_stick_is_taken_in_and_answered_from_the_window(window: CentreWindow, ward: Ward) -> None:
    ward.enter("SEX", "M")
    sent = ward.send()
    page = window.pages["intake"]
    assert isinstance(page, IntakePage)
    page.take_in([sent.path, ward.folder / "nothing.tdb"])
    assert sent.path.with_suffix(".tdr").is_file()
    assert window.work.lists.answers(item="SEX")[0].value == "M"
