"""A training desk: other colour, the word on screen and paper, and bundles that no centre takes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from pytestqt.qtbot import QtBot

from tests.scenario import Ward
from trialdesk.app import dress
from trialdesk.demo import DEMO_PASSPHRASE, NURSE, make_demo_desk
from trialdesk.domain.oid import FormPath
from trialdesk.errors import KnownError
from trialdesk.services.crf_paper import crf_pdf
from trialdesk.services.desk import OpenDesk, sign_in
from trialdesk.services.desk import look as look_at_desk
from trialdesk.services.transfer import SentBundle, send
from trialdesk.ui import look, training_frame
from trialdesk.ui.main_window import MainWindow
from trialdesk.ui.parts import Chip
from trialdesk.ui.sign_in_dialog import SignInWindow


@pytest.fixture
def practice(ward: Ward) -> Iterator[OpenDesk]:
    """A training desk beside the ward's own, enrolled with the same centre."""
    make_demo_desk(ward.folder / "practice", ward.centre, ward.clock, "T1", kind="training")
    desk = sign_in(ward.folder / "practice", NURSE, DEMO_PASSPHRASE, ward.clock)
    desk.enrol("ZHLI")
    yield desk
    desk.close()


def test_the_window_and_the_sign_in_stand_in_an_orange_frame_with_the_word(
    practice: OpenDesk, ward: Ward, qtbot: QtBot
) -> None:
    dress(dark=False, language="en")
    window = MainWindow(practice)
    qtbot.addWidget(window)
    window.show()
    assert window.grab().toImage().pixelColor(2, 300) == look.color(training_frame.ORANGE)
    assert "Training 培训" in [chip.accessibleName() for chip in window.findChildren(Chip)]
    opening = SignInWindow(look_at_desk(practice.home))
    qtbot.addWidget(opening)
    opening.show()
    assert opening.grab().toImage().pixelColor(2, 300) == look.color(training_frame.ORANGE)
    real = MainWindow(ward.desk)
    qtbot.addWidget(real)
    real.show()
    assert real.grab().toImage().pixelColor(2, 300) != look.color(training_frame.ORANGE)


def test_its_bundle_is_refused_by_the_name_of_the_fault_and_nothing_is_taken_in(
    practice: OpenDesk, ward: Ward, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    sent = send(practice, stick)
    assert isinstance(sent, SentBundle)
    with pytest.raises(KnownError) as refused:
        ward.centre.receive(sent.path, ward.clock.now())
    assert "training desk" in refused.value.text.en
    assert "培训工作台" in refused.value.text.zh


def test_its_paper_carries_the_word_and_real_paper_does_not(practice: OpenDesk, ward: Ward) -> None:
    ward.enrol()
    texts = []
    for casebook in (practice.casebook("01-001"), ward.casebook):
        with pypdfium2.PdfDocument(crf_pdf(casebook, FormPath("SCR", 1, "VS"))) as pdf:
            texts.append("".join(page.get_textpage().get_text_range() for page in pdf))
    assert ["TRAINING" in text.upper() for text in texts] == [True, False]
