"""Paper from the window: the pages that are signed, and the preview of everything that can be printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Text
from trialdesk.ui import message
from trialdesk.ui.form_wizard import FormWizard
from trialdesk.ui.timeline_page import TimelinePage

if TYPE_CHECKING:
    from trialdesk.ui.main_window import MainWindow


def sign(window: MainWindow, form: FormPath) -> None:
    """Show the form's pages and let the person whose signature is due sign."""
    from trialdesk.errors import KnownError
    from trialdesk.services.signing import prepare
    from trialdesk.ui.signing_dialog import SigningDialog

    view = window.view
    if not isinstance(view, FormWizard):
        return
    try:
        prepared = prepare(window.desk, view.casebook, form)
    except KnownError as fault:
        message.tell(fault.text, window)
        return
    dialog = SigningDialog(window.desk, view.casebook, form, prepared, window)
    dialog.path_wanted.connect(view.go_to)
    dialog.exec()
    if dialog.signed is not None or dialog.certified is not None:
        window.note_saved()
        view.refresh()
        said = Text(en="Signed. The PDF is kept in the desk.", zh="已签署，PDF 已保存在本机。")
        if dialog.signed is None:
            said = Text(
                en="Signed by data entry. The investigator's signature is next.", zh="数据录入者已签名，待研究者签名。"
            )
        view.foot.say(said)


def preview(window: MainWindow, what: str | None = None) -> None:
    """Preview what can be printed from here: of the open form, of the participant, of the study and the desk."""
    from trialdesk.ui.print_preview import PrintPreview

    view = window.view
    if isinstance(view, TimelinePage) and what is None:
        view.choose_file()
        return
    form = view.form if isinstance(view, FormWizard) else None
    if isinstance(view, FormWizard):
        view.page.commit_pending()
    subject = window.subject
    if form is not None and subject is not None and form not in window.desk.casebook(subject).data.by_form:
        what = what or "blank"
    PrintPreview(window.desk, subject, form, what, window).exec()
