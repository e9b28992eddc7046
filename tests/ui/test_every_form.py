"""Every generated form of the shipped study in both languages: names for readers, order of focus, nothing cut."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from tests.scenario import Ward
from tests.ui.conftest import wizard
from trialdesk.app import dress
from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Language
from trialdesk.services.study_release import release_from_folder, shipped_study
from trialdesk.ui.field_row import FieldRow
from trialdesk.ui.form_page import FormPage
from trialdesk.ui.main_window import MainWindow

STUDY = release_from_folder(shipped_study()).study
FORMS = [FormPath(STUDY.events_of_form[form.oid][0].oid, 1, form.oid) for form in STUDY.forms]
Open = Callable[[], MainWindow]


def names_missing(row: FieldRow) -> list[str]:
    """Controls of a row that a reader could not name."""
    found = [row.control, *row.control.findChildren(QWidget)]
    able = [one for one in found if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.isVisible()]
    return [type(one).__name__ for one in able if not one.accessibleName() and one.focusProxy() is None]


def cut(label: QLabel) -> bool:
    """True when a visible label is larger than the place it got."""
    if not label.text() or not label.isVisible():
        return False
    if label.wordWrap():
        return label.heightForWidth(label.width()) > label.height() + 1
    return label.sizeHint().width() > label.width() + 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_form_names_its_controls_and_cuts_no_label(ward: Ward, open_window: Open, language: Language) -> None:
    ward.enrol()
    window = open_window()
    dress(dark=False, language=language)
    window.dress_again()
    faults: list[str] = []
    for form in FORMS:
        window.open_form(ward.subject, form)
        opened = wizard(window)
        for number in range(len(opened.sections)):
            opened.open_page(number)
            every = opened.page.rows
            # Findings that stand from the start get their height one turn of the event loop later.
            QApplication.processEvents()
            QApplication.processEvents()
            faults += [f"{form}: {label.text()!r} is cut" for label in opened.head.findChildren(QLabel) if cut(label)]
            for row in every:
                faults += [f"{row.path}: {name} has no name" for name in names_missing(row)]
                faults += [f"{row.path}: {label.text()!r} is cut" for label in row.labels() if cut(label)]
    assert not faults, "\n".join(faults[:30])


def next_row(page: FormPage, here: FieldRow) -> FieldRow | None:
    """The next question on the way of Tab; what stands between two questions on a sheet (buttons, cards) is passed."""
    for _ in range(40):
        page.focusNextChild()
        row = QApplication.focusWidget()
        while row is not None and not isinstance(row, FieldRow):
            row = row.parentWidget()
        if row is not None and row is not here:
            return row
    return None


def test_the_focus_goes_down_the_page_in_reading_order(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    window = open_window()
    for form in FORMS:
        window.open_form(ward.subject, form)
        QApplication.processEvents()
        page = wizard(window).page
        able = [row for row in page.rows if row.can_take_focus() and row.isVisible()]
        if len(able) < 2:
            continue
        able[0].focus()
        heights = [able[0].mapTo(page.widget(), able[0].rect().topLeft()).y()]
        here = able[0]
        for _ in able[1:]:
            following = next_row(page, here)
            assert following is not None, form
            here = following
            heights.append(following.mapTo(page.widget(), following.rect().topLeft()).y())
        # Questions side by side on a sheet stand on one line, give or take their frames.
        assert all(below >= above - 8 for above, below in pairwise(heights)), (form, heights)
