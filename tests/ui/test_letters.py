"""Every letter the window shows exists in the font it is drawn with; powers of units stand raised."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtGui import QRawFont
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QWidget

from tests.scenario import Ward
from tests.ui.conftest import wizard
from tests.ui.test_every_form import FORMS, STUDY
from trialdesk.app import dress
from trialdesk.domain.text import Language, Text
from trialdesk.paths import resources
from trialdesk.ui import parts
from trialdesk.ui.boxes import UnitBox
from trialdesk.ui.main_window import MainWindow

Open = Callable[[], MainWindow]
CUTS = ("Regular", "SemiBold")

# Fonts are read by the application, which no test here may need to have been made by another.
pytestmark = pytest.mark.usefixtures("qapp")


def lacking(text: str) -> set[str]:
    """Letters of a text that a cut of the font has no picture of."""
    fonts = [QRawFont(str(resources() / "fonts" / f"NotoSansSC-{cut}.ttf"), 14) for cut in CUTS]
    assert all(font.isValid() for font in fonts)
    letters = {one for one in text if not one.isspace()}
    return {one for one in letters for font in fonts if not font.supportsCharacter(ord(one))}


def texts_of(value: Any) -> Iterator[str]:
    """Every text for people inside a part of the study."""
    if isinstance(value, Text):
        yield value.en
        yield value.zh
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts_of(one)
    elif isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from texts_of(one)
    elif hasattr(type(value), "model_fields"):
        for name in type(value).model_fields:
            yield from texts_of(getattr(value, name))


def shown_by(part: QWidget) -> str:
    """What a part of the window shows and what it is called."""
    said = [part.accessibleName(), part.toolTip()]
    if isinstance(part, QLabel):
        said.append(html.unescape(re.sub(r"</?sup>", "", part.text())))
    elif isinstance(part, QAbstractButton):
        said.append(part.text())
    elif isinstance(part, QLineEdit | QPlainTextEdit):
        said.append(part.placeholderText())
    elif isinstance(part, UnitBox):
        said += [piece for n in range(part.count()) for piece, _ in parts.unit_pieces(part.itemText(n))]
    elif isinstance(part, QComboBox):
        said += [part.itemText(n) for n in range(part.count())]
    elif isinstance(part, parts.KeyCap | parts.Chip):
        said.append(part._text)
    return "".join(said)


def test_the_font_has_every_letter_of_the_study() -> None:
    found = list(texts_of(STUDY))
    assert len(found) > 500
    assert not lacking("".join(found))


def test_the_check_finds_a_letter_the_font_lacks() -> None:
    assert lacking("10⁹") == {"⁹"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_font_has_every_letter_of_every_form(ward: Ward, open_window: Open, language: Language) -> None:
    ward.enrol()
    window = open_window()
    dress(dark=False, language=language)
    window.dress_again()
    letters: set[str] = set()
    for form in FORMS:
        window.open_form(ward.subject, form)
        opened = wizard(window)
        for number in range(len(opened.sections)):
            opened.open_page(number)
            for part in window.findChildren(QWidget):
                letters |= set(shown_by(part))
    QApplication.processEvents()
    assert len(letters) > 60
    assert not lacking("".join(letters))


def test_a_power_in_a_unit_is_raised_and_never_joins_its_base() -> None:
    assert parts.unit_pieces("10^9/L") == [("×10", False), ("9", True), ("/L", False)]
    assert parts.unit_pieces("mg/dL") == [("mg/dL", False)]


def test_the_list_of_units_draws_the_power_smaller_than_the_base(qtbot: Any) -> None:
    dress(dark=False, language="en")
    box = UnitBox(["10^9/L", "/uL"])
    qtbot.addWidget(box)
    box.resize(140, 34)
    power = box.grab().toImage()
    box.setCurrentIndex(1)
    assert box.currentData() == "/uL"
    assert power != box.grab().toImage()
