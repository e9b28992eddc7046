"""The data browser: what it shows is what its file holds, and an answer leads to its form."""

from __future__ import annotations

import csv
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.ui.centre.conftest import SUBJECT
from trialdesk.ui.centre.data_page import DataPage
from trialdesk.ui.centre.record_page import RecordPage
from trialdesk.ui.centre.window import CentreWindow


def test_the_browser_filters_and_its_file_holds_what_is_shown(window: CentreWindow, tmp_path: Path) -> None:
    window.go("data")
    page = window.pages["data"]
    assert isinstance(page, DataPage)
    page.subject.setText(SUBJECT)
    page.form.setCurrentIndex(page.form.findData("DM"))
    page.item.setCurrentIndex(page.item.findData("SEX"))
    assert page.table.lines.rowCount() == 1
    assert page.write(tmp_path / "data.csv") == 1
    with (tmp_path / "data.csv").open(encoding="utf-8-sig") as file:
        (line,) = csv.DictReader(file)
    assert (line["subject"], line["item"], line["value"]) == (SUBJECT, "SEX", "F")


def test_an_answer_leads_to_its_form(window: CentreWindow, qtbot: QtBot) -> None:
    window.go("data")
    page = window.pages["data"]
    assert isinstance(page, DataPage)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    record = window.pages["record"]
    assert isinstance(record, RecordPage)
    assert record.field() is not None
