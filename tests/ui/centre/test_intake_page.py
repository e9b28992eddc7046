"""Intake: a stick is taken in beside the window, and every bundle's fate is said."""

from __future__ import annotations

from tests.scenario import Ward
from tests.ui.centre.conftest import Wait
from trialdesk.ui.centre.intake_page import IntakePage
from trialdesk.ui.centre.window import CentreWindow


def test_a_stick_is_taken_in_and_answered_from_the_window(window: CentreWindow, ward: Ward, over: Wait) -> None:
    ward.enter("SEX", "M")
    sent = ward.send()
    page = window.pages["intake"]
    assert isinstance(page, IntakePage)
    page.take_in([sent.path, ward.folder / "nothing.tdb"])
    over(page)
    assert [(name, fine) for name, fine, _ in page.told] == [(sent.path.name, True), ("nothing.tdb", False)]
    assert sent.path.with_suffix(".tdr").is_file()
    assert window.work.lists.answers(item="SEX")[0].value == "M"


def test_receipts_are_written_for_every_workstation_that_has_sent(window: CentreWindow, ward: Ward) -> None:
    page = window.pages["intake"]
    assert isinstance(page, IntakePage)
    page.write_receipts(ward.folder / "out")
    assert len(list((ward.folder / "out").glob("*.tdr"))) == 1
    assert page.told[0][2].en.startswith("1 receipts written")
