"""Paper from the window: the preview of everything that can be printed from here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trialdesk.ui.form_wizard import FormWizard
from trialdesk.ui.inspector_page import InspectorPage
from trialdesk.ui.timeline_page import TimelinePage

if TYPE_CHECKING:
    from trialdesk.ui.main_window import MainWindow


def preview(window: MainWindow, what: str | None = None) -> None:
    """Preview what can be printed from here: of the open form, of the participant, of the study and the desk."""
    from trialdesk.ui.print_preview import PrintPreview

    view = window.view
    if isinstance(view, InspectorPage):
        view.print()
        return
    if isinstance(view, TimelinePage):
        what = what or "timeline"
    form = view.form if isinstance(view, FormWizard) else None
    if isinstance(view, FormWizard):
        view.page.commit_pending()
    subject = window.subject
    if form is not None and subject is not None and form not in window.desk.casebook(subject).data.by_form:
        what = what or "blank"
    PrintPreview(window.desk, subject, form, what, window).exec()


def sign_clean(window: MainWindow, subject: str) -> None:
    """Show every form of a participant that is ready to be signed, and sign those that were looked at."""
    from trialdesk.ui import message
    from trialdesk.ui.signing_series import sign_series

    said = sign_series(window.desk, subject, window)
    if said is not None:
        window.note_saved()
        window.open_casebook(subject)
        message.tell(said, window)
