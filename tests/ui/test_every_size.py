"""Every form on the small laptop at 125 % in the dark, and on a large screen: nothing cut, nothing without a name."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from tests.scenario import Ward
from tests.ui.conftest import wizard
from tests.ui.test_every_form import FORMS, cut, names_missing
from trialdesk.app import dress
from trialdesk.domain.text import Language
from trialdesk.ui.main_window import MainWindow

Open = Callable[[], MainWindow]
LAPTOP_AT_125 = QSize(1093, 614)
LARGE = QSize(1920, 1080)


@pytest.mark.parametrize(
    ("language", "dark", "size"), [("zh", True, LAPTOP_AT_125), ("en", False, LAPTOP_AT_125), ("en", True, LARGE)]
)
def test_nothing_is_cut_at_any_size(ward: Ward, open_window: Open, language: Language, dark: bool, size: QSize) -> None:
    ward.enrol()
    window = open_window()
    dress(dark=dark, language=language)
    window.resize(size)
    window.dress_again()
    faults: list[str] = []
    for form in FORMS:
        window.open_form(ward.subject, form)
        opened = wizard(window)
        for number in range(len(opened.sections)):
            opened.open_page(number, focus=False)
            QApplication.processEvents()
            QApplication.processEvents()
            for row in opened.page.rows:
                faults += [f"{row.path}: {name} has no name" for name in names_missing(row)]
                faults += [f"{row.path}: {label.text()!r} is cut" for label in row.labels() if cut(label)]
    assert not faults, "\n".join(faults[:40])
