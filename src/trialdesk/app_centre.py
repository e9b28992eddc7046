"""The centre's program: its people sign in, work in one window, and it locks itself when nobody touches it."""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QDialog

from trialdesk.centre.admission import admit_to_window, require_people
from trialdesk.centre.at_work import AtWork
from trialdesk.centre.centre import Centre
from trialdesk.centre.office import Office
from trialdesk.centre.people import OwnPassphraseFirst, change_own_passphrase
from trialdesk.centre.reception import reception
from trialdesk.domain.admin.role import Act, may
from trialdesk.domain.admin.user import User
from trialdesk.domain.text import Language, Text
from trialdesk.errors import KnownError
from trialdesk.ui import job, look
from trialdesk.ui.centre.own_passphrase import ask_own_passphrase
from trialdesk.ui.centre.people_window import PeopleWindow
from trialdesk.ui.centre.sign_in import CentreSignIn
from trialdesk.ui.centre.window import CentreWindow
from trialdesk.ui.idle import IdleWatch
from trialdesk.ui.tokens import DARK, LIGHT


class CentreProgram(QObject):
    """One run of the centre's program: signing in, working, locking, leaving."""

    def __init__(self, centre: Centre) -> None:
        super().__init__()
        self.centre = centre
        self.sign_in: CentreSignIn | None = None
        self.window: CentreWindow | PeopleWindow | None = None
        self._chosen: str | None = None
        self._note: Text | None = None
        self.watch = IdleWatch(self)
        self.watch.idle.connect(self.lock)

    def show_sign_in(self) -> None:
        """Ask who is there."""
        fresh = CentreSignIn(reception(self.centre), self._chosen, self._note)
        fresh.wanted.connect(self.open)
        fresh.language_wanted.connect(self._sign_in_language)
        old, self.sign_in = self.sign_in, fresh
        fresh.show()
        if old is not None:
            old.hide()
            old.deleteLater()

    def open(self, user: str, passphrase: str) -> None:
        """Let a person in; deriving the key takes a moment, so it happens beside the window."""
        assert self.sign_in is not None

        def refused(fault: KnownError) -> None:
            assert self.sign_in is not None
            if isinstance(fault, OwnPassphraseFirst):
                self._own_passphrase(user, passphrase)
            else:
                self.sign_in.fail(fault)

        job.start(self.sign_in, lambda: admit_to_window(self.centre, user, passphrase), self._opened, refused)

    def _own_passphrase(self, user: str, passphrase: str) -> None:
        """The passphrase fits, but somebody else set it: the person chooses one of their own, and goes on with that."""
        assert self.sign_in is not None
        self.sign_in.enter.forbid(None)

        def change(new: str) -> None:
            change_own_passphrase(self.centre, user, passphrase, new)

        chosen = ask_own_passphrase(self.sign_in, change)
        if chosen is not None:
            self.sign_in.passphrase.setText(chosen)
            self.open(user, chosen)

    def _opened(self, user: User) -> None:
        kept, self.window = self.window, None
        if kept is not None and kept.work.user == user:
            self.window = kept
        else:
            if kept is not None:
                kept.deleteLater()
            self._show(user)
        assert self.window is not None
        self.window.show()
        self.window.activateWindow()
        if self.sign_in is not None:
            self.sign_in.hide()
            self.sign_in.deleteLater()
            self.sign_in = None
        self.watch.begin()

    def _show(self, user: User) -> None:
        """An administrator's window shows people and keys, everyone else's shows data."""
        if may(user.role, Act.VIEW):
            self.window = CentreWindow(AtWork(self.centre, user, aside=True))
        else:
            self.window = PeopleWindow(Office(self.centre, user))
        self.window.language_wanted.connect(self._language)
        self.window.lock_wanted.connect(self.lock)
        self.window.closed.connect(self._left)

    def lock(self) -> None:
        """Take the keys away and ask who is there; the same person finds the window as it was left, typed words and all."""
        if self.window is None or not self.window.isVisible():
            return
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QDialog):
            dialog.reject()
        self.watch.end()
        if isinstance(self.window, CentreWindow):
            # What runs needs the keys: it stops after its present step, and is begun again by who comes back.
            for page in self.window.pages.values():
                page.leave_off()
        self.centre.attendance.leave()
        self._chosen = self.window.work.user.id
        self._note = _LOCKED
        self.window.hide()
        self.show_sign_in()

    def _left(self) -> None:
        self.watch.end()
        self.centre.attendance.leave()

    def _sign_in_language(self, language: Language) -> None:
        assert self.sign_in is not None
        self._chosen = self.sign_in.user_id()
        dress(look.is_dark(), language)
        self.show_sign_in()

    def _language(self) -> None:
        """The window is made anew in the other language, for the same person."""
        assert self.window is not None
        dress(look.is_dark(), "en" if look.language() == "zh" else "zh")
        old = self.window
        self._show(old.work.user)
        assert self.window is not None
        self.window.show()
        old.closed.disconnect()
        old.close()
        old.deleteLater()


def dress(dark: bool, language: Language) -> None:
    """Put on a scheme and a language."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    look.load_fonts()
    look.apply(application, DARK if dark else LIGHT, language)


def main(folder: Path, user: str, language: Language = "zh", dark: bool = False) -> int:
    """Open the centre's window; raises KnownError where there is no centre in the folder, or one without people."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("TrialDesk")
    dress(dark, language)
    centre = Centre.open(folder)
    try:
        require_people(centre)
        program = CentreProgram(centre)
        program._chosen = user
        sys.excepthook = lambda kind, fault, trace: _crashed(program, kind, fault, trace)
        program.show_sign_in()
        return application.exec()
    finally:
        centre.close()


def _crashed(
    program: CentreProgram, kind: type[BaseException], fault: BaseException, trace: TracebackType | None
) -> None:
    """Say what stands in the way; of a mistake of the program keep a report without data, and go on."""
    from trialdesk.ui.message import tell, tell_crash, write_report

    if isinstance(fault, KnownError):
        tell(fault.text, program.window)
        return
    sys.__excepthook__(kind, fault, trace)
    tell_crash(write_report(program.centre.folder / "faults", kind, fault, trace), program.window)


_LOCKED = Text(
    en="Locked. What you typed is kept; sign in to go on.",
    zh="已锁定。键入的内容已保留，登录后继续。",
)
