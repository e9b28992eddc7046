"""Covers the page of a participant and holds everything beneath still: no key, no loss of focus, no half word saved."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut

from trialdesk.services.worklist import summary
from trialdesk.ui.cover import Cover
from trialdesk.ui.form_wizard import FormWizard

if TYPE_CHECKING:
    from trialdesk.ui.main_window import MainWindow

_LOCK = QKeySequence("Ctrl+L")


class Covering:
    """The cover of one window, and the window's keys, which rest while it stands."""

    def __init__(self, window: MainWindow) -> None:
        # A window that holds what holds it would outlive its own closing.
        self._ref = weakref.ref(window)
        self._keys: list[QShortcut] = []
        self.covered: Cover | None = None

    @property
    def _window(self) -> MainWindow:
        window = self._ref()
        assert window is not None
        return window

    def add_key(self, keys: str, act: Callable[[], object]) -> None:
        """A key of the window as a whole."""
        made = QShortcut(QKeySequence(keys), self._window)
        made.activated.connect(act)
        self._keys.append(made)

    def cover(self) -> None:
        """Cover the page of a participant; the text that stands half typed in a box stays there unsaved."""
        window = self._window
        if window.subject is None or self.covered is not None:
            return
        if window.palette_open is not None:
            window.palette_open.close_palette()
        self._hold(True)
        about = summary(window.desk.book, window.desk.casebook(window.subject).data, window.desk.session.today)
        self.covered = Cover(window, about, window.desk.subjects())
        self.covered.confirmed.connect(self.uncover)
        self.covered.other_wanted.connect(self._to_other)
        self.covered.left.connect(self._leave)

    def _hold(self, held: bool) -> None:
        for key in self._keys:
            key.setEnabled(not held or key.key() == _LOCK)
        if isinstance(self._window.view, FormWizard):
            self._window.view.entry.busy = held

    def uncover(self) -> None:
        """Show the page again, the caret where it was."""
        if self.covered is not None:
            self.covered.remove()
            self.covered = None
        self._hold(False)
        view = self._window.view
        if isinstance(view, FormWizard) and view.row is not None:
            view.row.focus()

    def _to_other(self, subject: str) -> None:
        self.uncover()
        self._window.open_casebook(subject)

    def _leave(self) -> None:
        self.uncover()
        self._window.show_today()
