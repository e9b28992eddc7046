"""The centre's program: one window on one centre's folder."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from trialdesk.domain.admin.role import Role
from trialdesk.domain.admin.user import User
from trialdesk.domain.text import Language, Text
from trialdesk.ui import look
from trialdesk.ui.tokens import DARK, LIGHT


def main(folder: Path, user: str, role: str, language: Language = "zh", dark: bool = False) -> int:
    """Open the centre's window; raises KnownError where there is no centre in the folder."""
    from trialdesk.centre.at_work import AtWork
    from trialdesk.centre.centre import Centre
    from trialdesk.ui.centre.window import CentreWindow

    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("TrialDesk")
    look.load_fonts()
    look.apply(application, DARK if dark else LIGHT, language)
    centre = Centre.open(folder)
    try:
        work = AtWork(centre, User(id=user, name=Text(en=user, zh=user), role=Role(role)), aside=True)
        shown: list[CentreWindow] = []

        def show() -> None:
            window = CentreWindow(work)
            window.language_wanted.connect(speak_other)
            window.show()
            for old in shown:
                old.close()
            shown[:] = [window]

        def speak_other() -> None:
            look.apply(application, DARK if dark else LIGHT, "en" if look.language() == "zh" else "zh")
            show()

        show()
        return application.exec()
    finally:
        centre.close()
