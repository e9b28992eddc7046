"""The keys that work in the field one is in, for the right end of the status bar."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from trialdesk.domain.text import Text
from trialdesk.ui.field_row import FieldRow
from trialdesk.ui.form_wizard import FormWizard

_NEXT = ("Enter", Text(en="next", zh="下一项"))
_REASON = ("F2", Text(en="reason", zh="原因"))
_NOT_AVAILABLE = ("F8", Text(en="not available", zh="无法获得"))


def field_keys(view: QWidget | None, row: FieldRow) -> tuple[tuple[str, Text], ...]:
    """Onward, the reasons of an open finding, what the row adds, and why there is no answer."""
    keys = [_NEXT]
    if isinstance(view, FormWizard):
        found = view.casebook.assessment(view.form).at(row.path)
        if any(f.severity == "soft" and not f.settled for f in found):
            keys.append(_REASON)
    return (*keys, *row.own_keys(), _NOT_AVAILABLE)
