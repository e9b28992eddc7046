"""Print preview from a form: the pages of the file, printed through Qt, saved to a folder, stopped by Esc."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from pytestqt.qtbot import QtBot

from tests.scenario import Ward
from tests.ui.conftest import press
from trialdesk.domain.clinical.changes import DocumentMade
from trialdesk.domain.oid import FormPath
from trialdesk.ui.form_paper import attach
from trialdesk.ui.form_wizard import FormWizard
from trialdesk.ui.main_window import MainWindow
from trialdesk.ui.print_preview import PrintPreview


def preview(qtbot: QtBot, ward: Ward, what: str) -> PrintPreview:
    ward.enrol()
    ward.open("SCR[1]/VS")
    ward.enter("WEIGHT", "61.5")
    dialog = PrintPreview(ward.desk, ward.subject, ward.form, what)
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: dialog.printed is not None, timeout=30_000)
    return dialog


def kinds(ward: Ward) -> list[str]:
    made = ward.desk.trail.records(kinds=("DocumentMade",))
    return [r.change.what for r in made if isinstance(r.change, DocumentMade)]


def test_the_form_is_shown_printed_and_saved(qtbot: QtBot, ward: Ward, tmp_path: Path) -> None:
    dialog = preview(qtbot, ward, "crf")
    assert dialog.printed is not None
    assert dialog.small.count() == 1
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    dialog.print_on(printer)
    assert (tmp_path / "printed.pdf").read_bytes().startswith(b"%PDF")
    dialog.save_to(tmp_path)
    assert (tmp_path / dialog.printed.file).read_bytes() == dialog.printed.pdf
    assert kinds(ward) == ["printed", "saved"]
    dialog.reject()


def test_pages_are_turned_by_key_and_small_ones_follow(qtbot: QtBot, ward: Ward) -> None:
    dialog = preview(qtbot, ward, "casebook")
    assert dialog.small.count() >= 3
    dialog.small.setCurrentRow(2)
    assert dialog.page == 2
    qtbot.waitUntil(lambda: not dialog._thumbs.isActive(), timeout=20_000)
    assert not dialog.small.item(dialog.small.count() - 1).icon().isNull()
    dialog.reject()


def test_another_choice_while_one_is_made_takes_its_place(qtbot: QtBot, ward: Ward) -> None:
    dialog = preview(qtbot, ward, "crf")
    dialog.make("annotated")
    dialog.make("keycard")
    qtbot.waitUntil(lambda: dialog.printed is not None and dialog.printed.sheet.name == "keycard", timeout=60_000)
    dialog.reject()


def test_only_what_makes_sense_here_is_offered(qtbot: QtBot, ward: Ward) -> None:
    dialog = PrintPreview(ward.desk, what="keycard")
    qtbot.addWidget(dialog)
    names = {sheet.name for sheet in dialog.offered()}
    assert "crf" not in names
    assert {"blank", "annotated", "summary", "delegation", "ledger", "keycard"} <= names
    dialog.reject()


def test_a_scan_is_attached_from_the_form(
    qtbot: QtBot, ward: Ward, open_window: Callable[[], MainWindow], tmp_path: Path
) -> None:
    ward.enrol()
    window = open_window()
    window.open_form(ward.subject, FormPath.parse("SCR[1]/VS"))
    assert isinstance(window.view, FormWizard)
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4 scan")
    attach(window.view, tmp_path / "a.pdf")
    assert kinds(ward) == ["scanned"]


def test_ctrl_p_opens_the_preview_of_the_open_form(
    qtbot: QtBot, ward: Ward, open_window: Callable[[], MainWindow], monkeypatch: pytest.MonkeyPatch
) -> None:
    ward.enrol()
    ward.open("SCR[1]/VS")
    ward.enter("WEIGHT", "61.5")
    window = open_window()
    window.open_form(ward.subject, ward.form)
    shown: list[object] = []
    monkeypatch.setattr(PrintPreview, "exec", lambda self: shown.append(self.choice.currentData()) or self.reject())
    press(Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    window.open_form(ward.subject, FormPath.parse("SCR[1]/DM"))
    press(Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert shown == ["crf", "blank"]
