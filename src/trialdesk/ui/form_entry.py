"""Answers of an open form on their way to the trail: entered, refused with a question, explained, queries answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.clinical.audit_record import Reason
from trialdesk.domain.text import Text
from trialdesk.ui.reason_dialog import ask_reason, becomes

if TYPE_CHECKING:
    from trialdesk.ui.field_row import FieldRow
    from trialdesk.ui.form_wizard import FormWizard


class FormEntry:
    """Hands answers to the casebook and shows what came of it; decides nothing."""

    def __init__(self, wizard: FormWizard) -> None:
        self._wizard = wizard
        self.busy = False

    def commit(self, row: FieldRow, text: str, unit: str) -> None:
        """Record what stands in a row."""
        self.enter(row, text, None, unit)

    def missing(self, row: FieldRow, code: str) -> None:
        """Record why a row has no answer, and go on."""
        if self.enter(row, "", code, ""):
            self._wizard.page.focus_after(row)

    def enter(self, row: FieldRow, text: str, missing: str | None, unit: str, reason: Reason | None = None) -> bool:
        """Record an answer; False when nothing was recorded."""
        if self.busy:
            return False
        wizard = self._wizard
        kind = cast('Literal["ND", "UNK", "NA"] | None', missing)
        outcome = wizard.casebook.enter(row.path, text, kind, unit or None, reason)
        if isinstance(outcome, Refusal):
            return self._refused(row, text, missing, unit, outcome)
        wizard.place.timer.stop()
        if outcome:
            wizard.saved.emit()
            wizard.keep_place()
        row.control.put(wizard.casebook.shown(row.path) or "")
        wizard.refresh()
        return True

    def _refused(self, row: FieldRow, text: str, missing: str | None, unit: str, refusal: Refusal) -> bool:
        if refusal.kind != "reason_needed":
            row.refuse(refusal.says)
            return False
        what = becomes(row.item.label, self._wizard.casebook.data.value(row.path), text or missing)
        reason = self.ask(refusal.says, what)
        if reason is None:
            row.restore()
            return False
        return self.enter(row, text, missing, unit, reason)

    def ask(self, says: Text, what: Text) -> Reason | None:
        """Ask for a reason; the dialog takes the focus away from the field, which must not commit a second time."""
        self.busy = True
        reason = ask_reason(says, what, self._wizard)
        self.busy = False
        return reason

    def explain(self, row: FieldRow, rule: str, code: str, words: str) -> None:
        """Keep a value in spite of a soft finding."""
        outcome = self._wizard.casebook.explain(row.path, rule, code, words)
        if isinstance(outcome, Refusal):
            row.refuse(outcome.says)
            return
        self._wizard.saved.emit()
        row.focus()
        self._wizard.refresh()

    def answer_query(self, query: str, words: str) -> None:
        """Answer a query from the drawer."""
        outcome = self._wizard.casebook.answer(query, words)
        if isinstance(outcome, Refusal):
            self._wizard.foot.say(outcome.says)
            return
        self._wizard.saved.emit()
        self._wizard.refresh()
