"""What every page of the centre's window has in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from trialdesk.domain.text import Text
from trialdesk.services.centre_view import CentreAtWork
from trialdesk.ui.centre.busy import Busy

Keys = tuple[tuple[str, Text], ...]


@dataclass(frozen=True)
class HeadAct:
    """An act of a page that stands in the window's head; `kind` as for a button, `key` a shortcut of the window."""

    words: Text
    do: Callable[[], object]
    shape: str | None = None
    kind: str = "secondary"
    key: str = ""


class CentrePage(QWidget):
    """One place of the window.

    `changed` tells that the centre's records changed, `acts_changed` that the acts in the head did; `record_wanted`
    asks for a participant's answers: the number, and the field or form to show (an ItemPath, a FormPath or None).
    """

    changed = Signal()
    acts_changed = Signal()
    record_wanted = Signal(str, object)

    def __init__(self, work: CentreAtWork) -> None:
        super().__init__()
        self.work = work
        self.stale = False
        self.busy = Busy()

    def acts(self) -> tuple[HeadAct, ...]:
        """The acts in the window's head."""
        return ()

    def key_hints(self) -> Keys:
        """Keys that work on this page, for the foot of the window."""
        return ()

    def refresh(self) -> None:
        """Read again what is held."""

    def take_focus(self) -> None:
        """Put the focus on what one works with here."""
        table = getattr(self, "table", None)
        (table if isinstance(table, QWidget) else self).setFocus()

    def leave_off(self) -> None:
        """Stop what runs for this page, and wait for it to end."""
        self.busy.leave_off(wait=True)
