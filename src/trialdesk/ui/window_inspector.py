"""The inspector's page in the window: who may open it, and where its lines lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trialdesk.domain.admin.role import Act, may
from trialdesk.domain.text import Text
from trialdesk.services.inspection.answer import Asked
from trialdesk.ui.frame import Strip

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from trialdesk.ui.main_window import MainWindow


def show(window: MainWindow) -> None:
    """Open the page; from an open form with the field that has the caret. Who may not stays."""
    from trialdesk.ui.form_wizard import FormWizard

    if not may(window.desk.session.user.role, Act.INSPECT):
        return
    view = window.view
    asked = None
    if isinstance(view, FormWizard) and view.row is not None:
        view.page.commit_pending()
        asked = Asked(view.casebook.subject, view.row.path)
    window._leave()
    _open(window, "history" if asked else "", asked)


def same_page(window: MainWindow, old: QWidget | None) -> bool:
    """Show the page again in another dress, at the same question; False where another page was open."""
    from trialdesk.ui.inspector_page import InspectorPage

    if not isinstance(old, InspectorPage):
        return False
    _open(window, old.question, old.asked)
    return True


def _open(window: MainWindow, name: str, asked: Asked | None) -> None:
    from trialdesk.ui.inspector_page import InspectorPage

    page = InspectorPage(window.desk, name, asked)
    page.place_wanted.connect(lambda place: window.go_to(*place))
    title = Text(en="Inspection", zh="检查资料")
    window._show(page, Strip(window.desk.session.user, title=title), "inspector")
    window.status.show_keys(
        (
            ("↑ ↓", Text(en="question", zh="选择问题")),
            ("→", Text(en="to the table", zh="进入表格")),
            ("Ctrl P", Text(en="print", zh="打印")),
        )
    )
    page.focus_first()


def show_people(window: MainWindow) -> None:
    """The accounts of the desk; who may not manage them stays."""
    from trialdesk.ui.people_dialog import PeopleDialog

    if may(window.desk.session.user.role, Act.MANAGE_USERS):
        PeopleDialog(window.desk, window).exec()
