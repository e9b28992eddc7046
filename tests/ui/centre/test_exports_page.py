"""Exports: formats are ticked, each goes into a folder of its own, and what a format could not take is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.centre.conftest import Wait
from trialdesk.services.centre_view import Export
from trialdesk.ui.centre.exports_page import FORMATS, ExportsPage
from trialdesk.ui.centre.window import CentreWindow


@pytest.fixture
def page(window: CentreWindow) -> ExportsPage:
    window.go("exports")
    found = window.pages["exports"]
    assert isinstance(found, ExportsPage)
    return found


def test_the_page_offers_every_format_of_the_command(page: ExportsPage) -> None:
    from trialdesk.centre.export.command import FORMATS as OF_THE_COMMAND

    assert set(FORMATS) == set(OF_THE_COMMAND)


def test_formats_are_written_into_folders_of_their_own_and_gaps_are_listed(
    page: ExportsPage, over: Wait, tmp_path: Path
) -> None:
    for kind in ("csv", "sdtm", "odm-transactional"):
        page.boxes[kind].setChecked(True)
    page.write(tmp_path / "out")
    over(page)
    made = {kind: one for kind, one in page.became if isinstance(one, Export)}
    assert set(made) == {"csv", "sdtm", "odm-transactional"}
    assert (tmp_path / "out" / "csv" / "DM.csv").is_file()
    assert (tmp_path / "out" / "sdtm" / "define.xml").is_file()
    assert page.files.lines.rowCount() == sum(len(one.files) for one in made.values())
    assert any(gap.what for gap in made["sdtm"].gaps), "variables that cannot be filled are named"
    assert all(gap.why.en and gap.why.zh for one in made.values() for gap in one.gaps)
    assert page.title.text().startswith(f"{page.files.lines.rowCount()} files of 1 participants")


def test_a_folder_that_cannot_be_written_is_said_and_the_next_format_is_tried(
    page: ExportsPage, over: Wait, tmp_path: Path
) -> None:
    (tmp_path / "csv").write_text("a file where the folder should be")
    for kind in ("csv", "odm"):
        page.boxes[kind].setChecked(True)
    page.write(tmp_path)
    over(page)
    kinds = {kind: type(one).__name__ for kind, one in page.became}
    assert kinds == {"csv": "Text", "odm": "Export"}
    assert any("cannot be written" in line[1].text for line in page.files.lines.lines)


def test_nothing_ticked_asks_for_a_format(page: ExportsPage) -> None:
    page._ask_where()
    assert page.said.text() == "Tick at least one format."
