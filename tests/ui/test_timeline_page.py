"""Walking the timeline by keys, opening the form behind a mark, and the strip on paper."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pypdfium2
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.scenario import Ward
from tests.ui.conftest import press, wizard
from trialdesk.domain.oid import FormPath
from trialdesk.ui.casebook_view import CasebookView
from trialdesk.ui.main_window import MainWindow
from trialdesk.ui.timeline_page import TimelinePage

Open = Callable[[], MainWindow]


def test_the_timeline_is_walked_by_keys_and_leads_to_the_form(ward: Ward, open_window: Open, tmp_path: Path) -> None:
    ward.enrol()
    ward.open("CHEMO[1]/CHEMO")
    ward.fill(CHSTDAT="2026-02-20", CHENDAT="2026-02-24")
    ward.open("DLI[1]/DLI")
    ward.fill(DLIDAT="2026-02-27")
    before = ward.desk.session.trail.head(ward.desk.session.origin)
    window = open_window()
    window.open_casebook(ward.subject)
    assert isinstance(window.view, CasebookView)
    press(Qt.Key.Key_F11)
    page = window.view
    assert isinstance(page, TimelinePage)
    assert page.strip.hasFocus()
    page.strip.go_to(next(m for m in page.line.marks if m.shape == "bar"))
    assert "Chemotherapy" in page.strip.accessibleName()
    press(Qt.Key.Key_Right)
    assert page.strip.current is not None
    assert page.strip.current.mark.shape in ("diamond", "bar")
    wide = page.strip.drawn.per_day  # type: ignore[union-attr]
    press(Qt.Key.Key_Plus)
    assert page.strip.drawn.per_day > wide  # type: ignore[union-attr]
    seen = page.strip.mapToScene(page.strip.viewport().rect()).boundingRect()
    assert seen.contains(page.strip.current.centre())
    window.resize(1100, 640)
    QApplication.processEvents()
    seen = page.strip.mapToScene(page.strip.viewport().rect()).boundingRect()
    assert seen.contains(page.strip.current.centre())
    press(Qt.Key.Key_0)
    page.write(tmp_path / "strip.pdf")
    text = pypdfium2.PdfDocument(tmp_path / "strip.pdf")[0].get_textpage().get_text_range()
    assert "Chemotherapy" in text
    page.write(tmp_path / "nowhere" / "strip.pdf")
    assert "cannot be written" in page.said.text()
    page.strip.go_to(next(m for m in page.line.marks if m.shape == "diamond"))
    press(Qt.Key.Key_Return)
    assert wizard(window).form == FormPath("DLI", 1, "DLI")
    assert ward.desk.session.trail.head(ward.desk.session.origin) == before
