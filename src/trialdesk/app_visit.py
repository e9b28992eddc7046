"""The program of a monitoring visit: the passphrase, then one window on one pack."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

from trialdesk.domain.text import Language
from trialdesk.exchange.visit_pack import PackHead, read_head
from trialdesk.services.visit_desk import VisitDesk, open_visit
from trialdesk.ui import job, look
from trialdesk.ui.tokens import DARK, LIGHT
from trialdesk.ui.visit.unlock import UnlockWindow


class VisitProgram(QObject):
    """One run on one pack; opening it derives a key and reads every record, so it happens beside the window."""

    def __init__(self, pack: Path, keys: Path, head: PackHead) -> None:
        super().__init__()
        self.pack, self.keys, self.head = pack, keys, head
        self.visit: VisitDesk | None = None
        self.window: QWidget | None = None

    def show(self) -> None:
        """The passphrase first, then the visit."""
        if self.visit is None:
            asking = UnlockWindow(self.head)
            asking.wanted.connect(self._open)
            asking.language_wanted.connect(self._speak_other)
            self._replace(asking)
            return
        from trialdesk.ui.visit.window import VisitWindow

        window = VisitWindow(self.visit)
        window.language_wanted.connect(self._speak_other)
        self._replace(window)

    def _open(self, passphrase: str) -> None:
        assert isinstance(self.window, UnlockWindow)
        job.start(self.window, lambda: open_visit(self.pack, self.keys, passphrase), self._opened, self.window.fail)

    def _opened(self, visit: VisitDesk) -> None:
        self.visit = visit
        self.show()

    def _replace(self, window: QWidget) -> None:
        old, self.window = self.window, window
        window.show()
        if old is not None:
            old.hide()
            old.deleteLater()

    def _speak_other(self) -> None:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        look.apply(application, look.tokens(), "en" if look.language() == "zh" else "zh")
        self.show()


def main(pack: Path, keys: Path, language: Language = "zh", dark: bool = False) -> int:
    """Open the window of a visit; raises KnownError for a file that is no pack."""
    head = read_head(pack)
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("TrialDesk")
    look.load_fonts()
    look.apply(application, DARK if dark else LIGHT, language)
    program = VisitProgram(pack, keys, head)
    program.show()
    return application.exec()
