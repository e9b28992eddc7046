"""Releases: who holds which, what a new one changes for each participant, and giving it out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.scenario import Ward
from tests.ui.centre.conftest import SUBJECT, Wait
from trialdesk.centre.letters import write_receipts
from trialdesk.services.study_release import shipped_study
from trialdesk.services.transfer import take_receipt
from trialdesk.ui.centre.releases_page import ReleasesPage
from trialdesk.ui.centre.window import CentreWindow


@pytest.fixture
def page(window: CentreWindow) -> ReleasesPage:
    window.go("releases")
    found = window.pages["releases"]
    assert isinstance(found, ReleasesPage)
    return found


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """A release that asks one question more about demography."""
    folder = tmp_path / "newer"
    shutil.copytree(shipped_study(), folder)
    study = folder / "study.yaml"
    text = study.read_text(encoding="utf-8")
    study.write_text(text.replace('version: "1.0"', 'version: "1.1"', 1), encoding="utf-8")
    form = next(path for path in folder.rglob("*.yaml") if "name: BRTHDAT" in path.read_text(encoding="utf-8"))
    lines = form.read_text(encoding="utf-8").splitlines()
    at = next(index for index, line in enumerate(lines) if "name: BRTHDAT" in line)
    pad = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
    lines.insert(at, f"{pad}- {{name: NEWITEM, label: {{en: New, zh: 新增}}, kind: text, optional: true}}")
    form.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_the_release_every_workstation_was_made_with_is_listed_with_its_holders(page: ReleasesPage) -> None:
    (one,) = page.given
    assert (one.version, one.runs) == ("1.0", True)
    assert [(holder.origin, holder.holding) for holder in one.holders] == [("W1", "adopted")]


def test_a_release_is_looked_at_given_out_and_held_by_receipt(
    page: ReleasesPage, over: Wait, newer: Path, ward: Ward
) -> None:
    page.look_at(newer)
    over(page)
    assert page.dry is not None, page.busy._says.text()
    assert ("added", "item", "NEWITEM") in [(one.act, one.what, one.name) for one in page.dry.changes]
    (effect,) = page.dry.effects
    assert (effect.subject, effect.drafts, effect.finished) == (SUBJECT, ("SCR[1]/DM",), ())
    assert page.acts() == (), "one strong thing: giving out"
    assert len(page.given) == 1, "a dry run gives nothing out"
    page.give()
    assert page.said.text() == "Release 1.1 goes to 1 workstations with their next receipts: W1."
    assert [(one.version, [h.holding for h in one.holders]) for one in page.given] == [
        ("1.1", ["on its way"]), ("1.0", ["adopted"]),
    ]  # fmt: skip
    for path in write_receipts(ward.centre, ward.folder / "out"):
        take_receipt(ward.desk, path)
    ward.enter("SEX", "M")
    ward.receive(ward.send())
    page.refresh()
    assert page.given[0].holders[0].holding == "received"
    assert page.given[0].holders[0].since


def test_a_site_must_be_ticked_and_an_approval_lie_behind(
    page: ReleasesPage, over: Wait, newer: Path, qtbot: QtBot
) -> None:
    page.look_at(newer)
    over(page)
    page.sites["01"].setChecked(False)
    page.give()
    assert page.wrong.text() == "Tick at least one site."
    page.sites["01"].setChecked(True)
    page.approved.setDate(page.approved.date().addDays(2))
    page.give()
    assert "terms were changed" in page.wrong.text(), "what is given out is what was looked at"
    page.look_at(newer)
    over(page)
    page.give()
    assert "in the future" in page.wrong.text()
    qtbot.keyClick(page.effects, Qt.Key.Key_Escape)
    assert page.stack.currentIndex() == 0
    assert len(page.given) == 1


def test_a_release_may_wait_for_consent_and_the_dry_run_says_what_each_participant_waits_for(
    page: ReleasesPage, over: Wait, newer: Path
) -> None:
    page.rule.whom.setCurrentIndex(page.rule.whom.findData("consent"))
    assert page.rule.consent.currentData() == "RFICDAT", "the day of consent is offered first"
    page.look_at(newer)
    over(page)
    assert page.dry is not None
    assert "after consent again" in page.dry.terms.en
    assert "consent" in page.dry.effects[0].says.en
    page.give()
    assert [(one.version, one.runs) for one in page.given] == [("1.1", False), ("1.0", True)]
    assert "after consent again" in page.given[0].holders[0].terms.en
    page.rule.whom.setCurrentIndex(0)
    page.look_at(newer)
    over(page)
    assert "new terms take the place" in page.wrong.text()
    page.give()
    assert "consent" not in page.given[0].holders[0].terms.en


def test_the_release_that_runs_cannot_be_given_out_again_and_another_folder_is_refused(
    page: ReleasesPage, over: Wait, tmp_path: Path
) -> None:
    page.look_at(shipped_study())
    over(page)
    assert "nothing to give out" in page.wrong.text()
    assert not page.do_it.isEnabled()
    page.back()
    page.look_at(tmp_path / "nowhere")
    over(page)
    assert page.stack.currentIndex() == 0
    assert page.busy.isVisible()
