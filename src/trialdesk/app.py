"""The desk's program: the sign-in window stands first, the heavy parts are fetched behind it, then the desk opens."""

from __future__ import annotations

import gc
import sys
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QThreadPool, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog

from trialdesk.domain.text import Language, Text
from trialdesk.errors import KnownError
from trialdesk.services import desk as desks
from trialdesk.ui import job, look
from trialdesk.ui.idle import IdleWatch
from trialdesk.ui.sign_in_dialog import SignInWindow
from trialdesk.ui.tokens import DARK, LIGHT

if TYPE_CHECKING:
    from trialdesk.services.backup import MadeBackup
    from trialdesk.services.desk import OpenDesk
    from trialdesk.storage.audit_trail import Verdict
    from trialdesk.ui.main_window import MainWindow


class DeskProgram(QObject):
    """One run of TrialDesk on one desk: signing in, working, locking, leaving."""

    def __init__(self, home: Path) -> None:
        super().__init__()
        self.home = home
        self.sign_in: SignInWindow | None = None
        self.window: MainWindow | None = None
        self._chosen: str | None = None
        self._note: Text | None = None
        self.watch = IdleWatch(self)
        self.watch.idle.connect(self._idle)
        self.watch.away.connect(self._away)
        self._was_away = False
        self._minute = QTimer(self)
        self._minute.setInterval(60_000)
        self._minute.timeout.connect(self.back_up_when_due)

    def show_sign_in(self) -> None:
        """Ask who is there."""
        info = desks.look(self.home)
        window = SignInWindow(info, self._chosen, self._note)
        window.wanted.connect(self.open)
        window.language_wanted.connect(self._sign_in_language)
        self._replace(window)

    def _replace(self, window: SignInWindow) -> None:
        old, self.sign_in = self.sign_in, window
        window.show()
        if old is not None:
            old.hide()
            old.deleteLater()

    def _sign_in_language(self, language: Language) -> None:
        assert self.sign_in is not None
        self._chosen = self.sign_in.user_id()
        dress(dark=look.is_dark(), language=language)
        self.show_sign_in()

    def open(self, user: str, passphrase: str) -> None:
        """Unlock the desk; deriving the key takes a moment, so it happens beside the window."""
        assert self.sign_in is not None
        job.start(self.sign_in, lambda: self._unlock(user, passphrase), self._opened, self.sign_in.fail)

    def _unlock(self, user: str, passphrase: str) -> OpenDesk:
        from trialdesk.services.release_news import make_ready

        desk = desks.sign_in(self.home, user, passphrase)
        try:
            return make_ready(desk)
        except BaseException:
            desk.close()
            raise

    def _opened(self, desk: OpenDesk) -> None:
        from trialdesk.ui.main_window import MainWindow

        window = MainWindow(desk)
        window.locked.connect(self.lock)
        window.language_wanted.connect(self._language)
        window.theme_wanted.connect(self._theme)
        window.closed.connect(self._left)
        self.window = window
        window.show()
        window.activateWindow()
        if self.sign_in is not None:
            self.sign_in.hide()
            self.sign_in.deleteLater()
            self.sign_in = None
        # The study and the casebooks stay while the desk is open: looking through them for garbage stops the window.
        gc.freeze()
        self.watch.begin()
        self._minute.start()
        if self._was_away:
            self._was_away = False
            window.cover()
        job.start(self, lambda: (desk, desk.verify()), self._verified, self._unverified)

    def _verified(self, outcome: tuple[OpenDesk, Verdict]) -> None:
        """Say what checking the seals found, unless another person's desk is open by now."""
        desk, verdict = outcome
        if self.window is not None and self.window.desk is desk:
            self.window.show_seals(verdict)

    def _unverified(self, fault: KnownError) -> None:
        if self.window is not None:
            self.window.show_alarm(fault.text)

    def back_up_when_due(self) -> None:
        """Once a minute: say how old the backup is, and make the next one beside the person's work."""
        from trialdesk.services import backup

        if self.window is None:
            return
        desk = self.window.desk
        self.window.show_backup()
        if backup.is_due(backup.backup_state(desk), desk.session.clock.now()):
            job.start(self, lambda: (desk, backup.make_backup(desk)), self._backed_up, self._not_backed_up)

    def _backed_up(self, outcome: tuple[OpenDesk, MadeBackup]) -> None:
        from trialdesk.services.backup import note_backup

        desk, made = outcome
        if self.window is not None and self.window.desk is desk:
            note_backup(desk, made)
            self.window.show_backup()

    def _not_backed_up(self, fault: KnownError) -> None:
        if self.window is not None:
            self.window.show_alarm(fault.text)

    def _away(self) -> None:
        """Nobody touched the desk for minutes: a participant's page asks again who is at hand."""
        if self.window is not None:
            self.window.cover()

    def _idle(self) -> None:
        self._was_away = True
        self.lock()

    def lock(self) -> None:
        """Close the desk, key and all; signing in again leads back to the same field with what was typed there."""
        if self.window is None:
            return
        self.window.freeze()
        if _close_open_dialog():
            # What opened the dialog goes on first; the desk must still be there for it.
            QTimer.singleShot(0, self, self.lock)
            return
        window, self.window = self.window, None
        self.watch.end()
        gc.unfreeze()
        self._minute.stop()
        self._chosen = window.desk.session.user.id
        self._note = Text(
            en="Locked. What you typed is kept; sign in to go on at the same field.",
            zh="已锁定。键入的内容已保留，登录后回到原字段。",
        )
        window.closed.disconnect()
        window.hide()
        window.close()
        # Nothing may still read from the desk when its key goes.
        QThreadPool.globalInstance().waitForDone()
        window.desk.close()
        window.deleteLater()
        self.show_sign_in()

    def _language(self, language: Language) -> None:
        dress(dark=look.is_dark(), language=language)
        if self.window is not None:
            self.window.dress_again()

    def _theme(self) -> None:
        dress(dark=not look.is_dark(), language=look.language())
        if self.window is not None:
            self.window.dress_again()

    def _left(self) -> None:
        self.watch.end()
        gc.unfreeze()
        self._minute.stop()
        if self.window is not None:
            QThreadPool.globalInstance().waitForDone()
            _back_up_at_leaving(self.window.desk)
            self.window.desk.close()
            self.window = None


def _back_up_at_leaving(desk: OpenDesk) -> None:
    """What was written since the last backup goes into one before the desk closes; a stick that is out stops nobody."""
    from trialdesk.services import backup

    if backup.backup_state(desk).since:
        with suppress(KnownError):
            backup.back_up(desk)


def _close_open_dialog() -> bool:
    """Turn down a menu or dialog that stands over the window; False when there is none."""
    menu = QApplication.activePopupWidget()
    if menu is not None:
        menu.close()
    dialog = QApplication.activeModalWidget()
    if isinstance(dialog, QDialog):
        dialog.reject()
    return dialog is not None


def dress(dark: bool, language: Language) -> None:
    """Put on a scheme and a language."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    look.load_fonts()
    look.apply(application, DARK if dark else LIGHT, language)


def main(home: Path, language: Language = "zh", theme: str | None = None, demo_user: str | None = None) -> int:
    """Open TrialDesk on a desk; returns the exit code. `theme` is light, dark, or None for the system's."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("TrialDesk")
    scheme = QGuiApplication.styleHints().colorScheme()
    dress(dark=theme == "dark" or (theme is None and scheme == Qt.ColorScheme.Dark), language=language)
    program = DeskProgram(home)
    program._chosen = demo_user
    sys.excepthook = lambda kind, fault, trace: _crashed(program, kind, fault, trace)
    try:
        program.show_sign_in()
    except KnownError as fault:
        from trialdesk.ui.message import tell

        tell(fault.text)
        return 1
    threading.Thread(target=_fetch, name="fetch", daemon=True).start()
    return application.exec()


def _fetch() -> None:
    """Bring in what the desk needs while the person types the passphrase."""
    import trialdesk.services.casebook
    import trialdesk.services.terminology
    import trialdesk.storage.audit_trail
    import trialdesk.storage.database
    import trialdesk.storage.study_library
    import trialdesk.ui.injection_page
    import trialdesk.ui.lab_page
    import trialdesk.ui.main_window
    import trialdesk.ui.organ_page  # noqa: F401
    from trialdesk.services.pinyin import readings
    from trialdesk.services.terminology import search

    # What the first letter in Ctrl+K would otherwise wait for.
    readings()
    search("zz")


def _crashed(
    program: DeskProgram, kind: type[BaseException], fault: BaseException, trace: TracebackType | None
) -> None:
    """Keep a report without data, say so, and go on: every answer that was left is on disk already."""
    from trialdesk.ui.message import tell, tell_crash, write_report

    if isinstance(fault, KnownError):
        tell(fault.text, program.window)
        return
    sys.__excepthook__(kind, fault, trace)
    tell_crash(write_report(program.home / "reports", kind, fault, trace), program.window)
