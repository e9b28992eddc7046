"""Every form on the small laptop, there at 125 % too and in the dark, and on a large screen: nothing cut, nothing without a name."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QApplication, QScrollArea

from tests.scenario import Ward
from tests.ui.conftest import wizard
from tests.ui.test_every_form import FORMS, cut, names_missing
from trialdesk.app import dress
from trialdesk.domain.text import Language
from trialdesk.ui.form_page import FormPage
from trialdesk.ui.main_window import MainWindow

Open = Callable[[], MainWindow]
LAPTOP = QSize(1366, 768)
"""Here the rail and the drawer stand beside the page, which is narrower than on the smaller screen without them."""
LAPTOP_AT_125 = QSize(1093, 614)
LARGE = QSize(1920, 1080)
DRESSES: tuple[tuple[Language, bool, QSize], ...] = (
    ("zh", False, LAPTOP),
    ("en", False, LAPTOP),
    ("zh", True, LAPTOP_AT_125),
    ("en", False, LAPTOP_AT_125),
    ("en", True, LARGE),
)


def too_wide(page: FormPage) -> list[int]:
    """By how much the parts of a page that scroll up and down only are wider than what is seen of them."""
    areas = [page, *page.findChildren(QScrollArea)]
    over = [area.widget().width() - area.viewport().width() for area in areas if area.isVisible() and area.widget()]
    return [by for by in over if by > 0]


def test_nothing_is_cut_at_any_size(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    # Sheets are widest when everything on them is asked.
    ward.open("SCR[1]/DM")
    ward.fill(BRTHDAT="1985-01-01")
    ward.open("D7[1]/AGVHD")
    ward.fill(AGDAT="2026-03-02", AGYN="Y", AGBSA="18", AGBILI="60", AGUGI="1", AGVOL="1200", AGPAIN="N", AGBLOOD="N")
    ward.fill(AGINV="II")
    ward.open("PLX[1]/PLX")
    ward.fill(PLXWT="90", PLXCREAT="60", PLXGIVEN="Y", PLXDAT="2026-03-01", PLXTIM="08:00")
    window = open_window()
    faults: list[str] = []
    for language, dark, size in DRESSES:
        dress(dark=dark, language=language)
        window.resize(size)
        window.dress_again()
        faults += [f"{language}, {size.width()} px: {fault}" for fault in faults_of_forms(ward, window)]
    assert not faults, "\n".join(faults[:40])


def faults_of_forms(ward: Ward, window: MainWindow) -> list[str]:
    """What is cut, too wide or without a name on any page of any form, opened as the window stands."""
    faults: list[str] = []
    for form in FORMS:
        window.open_form(ward.subject, form)
        # Without a running event loop the forms left behind would stay, and be dressed each time with the rest.
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        opened = wizard(window)
        for number in range(len(opened.sections)):
            opened.open_page(number, focus=False)
            every = opened.page.rows
            QApplication.processEvents()
            QApplication.processEvents()
            faults += [f"{form}: a part is {over} px wider than its place" for over in too_wide(opened.page)]
            for row in every:
                faults += [f"{row.path}: {name} has no name" for name in names_missing(row)]
                faults += [f"{row.path}: {label.text()!r} is cut" for label in row.labels() if cut(label)]
    return faults
