"""Pictures of the centre's window, page by page, from the synthetic ward's own centre."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QWidget

from tests.scenario import Ward
from trialdesk.app import dress
from trialdesk.centre.at_work import AtWork
from trialdesk.domain.admin.role import Role
from trialdesk.domain.admin.user import User
from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Language, Text
from trialdesk.ui.centre.page import CentrePage
from trialdesk.ui.centre.places import PLACES
from trialdesk.ui.centre.window import CentreWindow

Keep = Callable[..., None]


def finished(page: CentrePage) -> None:
    """Wait for what runs on a page, and for its result to be shown."""
    while page.busy.running or not page.busy.isHidden():
        QApplication.processEvents()
    for _ in range(6):
        QApplication.processEvents()


def shoot_centre(ward: Ward, language: Language, dark: bool, size: QSize, keep: Keep) -> None:
    """Every place of the rail, the answers of a participant, the conditions of a lock, and who is behind a number."""
    from trialdesk.ui.centre.endpoints_page import EndpointsPage
    from trialdesk.ui.centre.figure_button import FigureButton
    from trialdesk.ui.centre.form_act_dialog import FormActDialog
    from trialdesk.ui.centre.queries_page import QueriesPage
    from trialdesk.ui.centre.record_page import RecordPage

    dress(dark, language)
    user = User(id="dm1", name=Text(en="Data manager 1", zh="数据管理员一"), role=Role.DATA_MANAGER)
    work = AtWork(ward.centre, user, ward.clock.now())
    window = CentreWindow(work)
    window.resize(size)
    window.show()
    for place in PLACES:
        window.go(place.name)
        page = window.pages[place.name]
        finished(page)
        if isinstance(page, QueriesPage):
            page.narrow("Candidate")
        keep(f"2{PLACES.index(place)}-centre-{place.name}", window)
        if isinstance(page, EndpointsPage):
            numbers: list[QWidget] = [one for one in page.area.findChildren(FigureButton) if one.isVisible()]
            if numbers and isinstance(numbers[0], FigureButton):
                numbers[0].click()
                keep("30-centre-people", window)
    window.open_record(work.lists.subjects()[0].subject, FormPath("SCR", 1, "VS"))
    record = window.pages["record"]
    assert isinstance(record, RecordPage)
    assert record.data is not None
    keep("31-centre-answers", window)
    lock = FormActDialog(work, record.data, FormPath("SCR", 1, "VS"), "lock", window)
    lock.adjustSize()
    keep("32-centre-lock", window, lock)
    lock.close()
    window.find()
    assert window.palette_open is not None
    window.palette_open.box.setText("00")
    keep("33-centre-palette", window)
    window.palette_open.close_palette()
    window.close()


def hold(ward: Ward) -> None:
    """Let the centre have everything, its rules look at it, and a query or two be asked."""
    ward.receive(ward.send())
    user = User(id="dm1", name=Text(en="dm1", zh="dm1"), role=Role.DATA_MANAGER)
    work = AtWork(ward.centre, user, ward.clock.now())
    work.refresh()
    subject = work.lists.subjects()[0].subject
    says = Text(en="Please check against the slip.", zh="请与检验单核对。")
    path = work.data(subject).by_item["WEIGHT"][0]
    work.ask(subject, [path], says, draft=True)
    work.check()
