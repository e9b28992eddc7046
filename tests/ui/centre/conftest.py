"""A centre that has received from one ward, one person at it, and the window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.scenario import Ward
from trialdesk.centre.at_work import AtWork
from trialdesk.domain.admin.role import Role
from trialdesk.domain.admin.user import User
from trialdesk.domain.text import Text
from trialdesk.ui import look
from trialdesk.ui.centre.page import CentrePage
from trialdesk.ui.centre.window import CentreWindow
from trialdesk.ui.tokens import LIGHT

SUBJECT = "01-001"
WHY = Text(en="Please check.", zh="请核对。")


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    """One participant with a date of birth and a sex, held by the centre."""
    opened = Ward(tmp_path)
    opened.enrol()
    opened.open("SCR[1]/DM")
    opened.fill(BRTHDAT="1990-05-01", SEX="F")
    opened.receive(opened.send())
    yield opened
    opened.leave()


def at_work(ward: Ward, role: Role = Role.DATA_MANAGER) -> AtWork:
    """A person at the centre."""
    return AtWork(ward.centre, User(id="dm1", name=Text(en="dm1", zh="dm1"), role=role), ward.clock.now())


@pytest.fixture
def work(ward: Ward) -> AtWork:
    return at_work(ward)


@pytest.fixture
def window(work: AtWork, qtbot: QtBot) -> Iterator[CentreWindow]:
    """The window in English; closing it stops what runs."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    look.load_fonts()
    look.apply(application, LIGHT, "en")
    made = CentreWindow(work)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.close()


Wait = Callable[[CentrePage], None]


@pytest.fixture
def over(qtbot: QtBot) -> Wait:
    """Waits until a page's work is over and its result shown."""

    def wait(page: CentrePage) -> None:
        qtbot.waitUntil(lambda: not page.busy.running and page.busy.ended_once, timeout=20_000)

    return wait
