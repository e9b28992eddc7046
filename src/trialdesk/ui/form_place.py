"""Where a person is in a form: kept beside the data, so that work goes on at the same field with the same text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from trialdesk.domain.clinical.audit_record import stamp
from trialdesk.storage.place_store import ResumePoint

if TYPE_CHECKING:
    from trialdesk.ui.field_row import FieldRow
    from trialdesk.ui.form_wizard import FormWizard


class FormPlace:
    """The place in one open form; it is no data and may be overwritten."""

    def __init__(self, wizard: FormWizard, after: int) -> None:
        self._wizard = wizard
        self.timer = QTimer(wizard)
        self.timer.setSingleShot(True)
        self.timer.setInterval(after)
        self.timer.timeout.connect(self.keep)

    def keep(self) -> None:
        """Remember form, field and typed text."""
        wizard = self._wizard
        session = wizard.desk.session
        row = wizard.row
        at = stamp(session.clock.now())[0]
        item = row.path if row else None
        typed = row.pending() if row else None
        point = ResumePoint(session.user.id, wizard.casebook.subject, wizard.form, at, item, typed)
        wizard.desk.places.save(point)

    def resume(self, point: ResumePoint) -> None:
        """Go back to a kept place and say what was put back."""
        wizard = self._wizard
        if point.item is None or point.item.group not in [group.oid for group in wizard.definition.groups]:
            wizard.page.focus_first()
            return
        wizard.open_page(wizard.page_of(point.item.group), focus=False)
        row = wizard.page.row_at(point.item)
        if row is None:
            wizard.page.focus_first()
            return
        row.focus()
        if point.typed is not None:
            row.put_back(point.typed)
            wizard.head.show_restored(point.typed, row.item.label)

    def leave(self) -> bool:
        """Commit what stands in a box before the form is closed; False when text that cannot be read is kept instead."""
        wizard = self._wizard
        wizard.page.commit_pending()
        self.timer.stop()
        unread = self.unread()
        wizard.row = unread or wizard.row
        self.keep()
        return unread is None

    def freeze(self) -> None:
        """Keep the place with the text that was typed, and commit nothing from now on."""
        wizard = self._wizard
        self.timer.stop()
        if wizard.row is None or wizard.row.pending() is None:
            wizard.row = self.unread() or wizard.row
        self.keep()
        wizard.entry.busy = True
        wizard.blockSignals(True)
        for page in wizard.pages:
            for row in page.made:
                row.blockSignals(True)

    def unread(self) -> FieldRow | None:
        """A row whose box holds text that was not recorded, on any page."""
        rows = [row for page in self._wizard.pages for row in page.made]
        return next((row for row in rows if row.can_take_focus() and row.pending() is not None), None)
