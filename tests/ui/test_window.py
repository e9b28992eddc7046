"""The window round the forms: list, casebook, transfer, faults in words, a report of a bug without data."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from tests.scenario import Ward
from tests.ui.conftest import press, wizard
from trialdesk.app import dress
from trialdesk.domain.oid import FormPath
from trialdesk.errors import KnownError
from trialdesk.services.desk import look as look_at_desk
from trialdesk.services.transfer import standing
from trialdesk.ui import look
from trialdesk.ui.casebook_view import CasebookView, log_facts
from trialdesk.ui.main_window import MainWindow
from trialdesk.ui.message import write_report
from trialdesk.ui.participant_list import EnrolDialog, ParticipantList
from trialdesk.ui.sign_in_dialog import SignInWindow
from trialdesk.ui.tokens import DARK, LIGHT, Tokens
from trialdesk.ui.transfer_view import TransferView

Open = Callable[[], MainWindow]


def test_an_empty_desk_says_how_to_begin(ward: Ward, open_window: Open) -> None:
    window = open_window()
    window.show_list()
    assert isinstance(window.view, ParticipantList)
    assert not window.view.lines
    assert window.view.enrol.hasFocus()


def test_a_full_name_is_refused_with_a_sentence_and_nobody_is_enrolled(ward: Ward, qtbot: QtBot) -> None:
    dress(dark=False, language="en")
    dialog = EnrolDialog(ward.desk)
    qtbot.addWidget(dialog)
    qtbot.keyClicks(dialog.initials, "Somebody")
    qtbot.keyClick(dialog.initials, Qt.Key.Key_Return)
    assert dialog.result() != QDialog.DialogCode.Accepted
    assert ward.desk.subjects() == ()


def test_arrows_move_through_the_casebook_and_enter_opens_the_form(ward: Ward, open_window: Open) -> None:
    subject = ward.enrol()
    window = open_window()
    window.open_casebook(subject)
    view = window.view
    assert isinstance(view, CasebookView)
    view.matrix.go_to(FormPath("SCR", 1, "VISIT"))
    press(Qt.Key.Key_Down)
    cell = view.matrix.current()
    assert cell is not None
    press(Qt.Key.Key_Return)
    assert wizard(window).form == cell.form


def test_a_folder_that_is_gone_is_named_and_nothing_is_called_sent(
    ward: Ward, open_window: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    ward.enrol()
    window = open_window()
    window.show_transfer()
    view = window.view
    assert isinstance(view, TransferView)
    view.send_to(tmp_path / "no stick")
    qtbot.waitUntil(lambda: bool(view.said()), timeout=5000)
    assert "no stick" in view.said()

    assert not standing(ward.desk).bundles


def test_a_wrong_passphrase_is_said_and_the_passphrase_asked_again(ward: Ward, qtbot: QtBot) -> None:
    dress(dark=False, language="en")
    window = SignInWindow(look_at_desk(ward.folder / "desk"))
    qtbot.addWidget(window)
    window.show()
    with qtbot.waitSignal(window.wanted) as asked:
        qtbot.keyClicks(window.passphrase, "wrong")
        qtbot.keyClick(window.passphrase, Qt.Key.Key_Return)
    from trialdesk.domain.text import Text

    window.fail(KnownError(Text(en="Wrong passphrase.", zh="口令错误。")))
    assert asked.args == ["nurse1", "wrong"]
    assert window.fault() == "Wrong passphrase."
    assert window.enter.isEnabled()


def test_the_report_of_a_bug_holds_places_in_the_code_and_no_words_of_the_error(tmp_path: Path) -> None:
    try:
        raise ValueError("initials ZHLI, weight 61.5")
    except ValueError as fault:
        path = write_report(tmp_path, ValueError, fault, fault.__traceback__)
    report = path.read_text(encoding="utf-8")
    assert "ValueError" in report
    assert "test_window.py" in report
    assert "ZHLI" not in report
    assert str(tmp_path) not in report


def luminance(value: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    channels = [int(value[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio (WCAG 2.2)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
def test_text_has_contrast_of_four_and_a_half_and_borders_of_three(scheme: Tokens) -> None:
    for ground in ("surface", "window", "selected"):
        for ink in ("ink", "ink2", "ink3", "accent"):
            assert contrast(getattr(scheme, ink), getattr(scheme, ground)) >= 4.5, (ink, ground)
        assert contrast(scheme.edge, getattr(scheme, ground)) >= 3, ground
    for state in ("ok", "warn", "hard", "query", "info", "idle"):
        assert contrast(getattr(scheme, state), getattr(scheme, f"{state}_soft")) >= 4.5, state
    assert contrast(scheme.on_fill, scheme.fill) >= 4.5


def test_neighbouring_participants_have_different_colours() -> None:
    hues = [look.hue(f"01-{number:03d}") for number in range(1, 30)]
    assert all(one != other for one, other in pairwise(hues))


def test_a_log_row_is_named_by_what_can_be_read_without_its_question(ward: Ward) -> None:
    dress(dark=False, language="en")
    ward.enrol()
    ward.open("AE[1]/AE")
    ward.fill(AETERM="Platelet count decreased", AETOXGR="4", AEGVHD="N", AESTDAT="2026-03-12", AEONGO="Y")
    assert log_facts(ward.casebook, ward.form) == "Platelet count decreased Grade 4 2026-03-12"
