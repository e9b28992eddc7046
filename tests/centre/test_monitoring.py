"""Monitoring at the centre: counts by the plan, planted patterns in a trail, medical review, trail review, the commands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.scenario import SOURCE, Ward
from tests.visiting import PASSPHRASE, Monitor, ward_with_two
from trialdesk.centre.monitoring import site_monitoring
from trialdesk.centre.review import Reviewer
from trialdesk.cli import main
from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.admin.role import Role
from trialdesk.domain.oid import FormPath
from trialdesk.services.monitoring_view import ShieldRow

DM = FormPath("SCR", 1, "DM")
AE = FormPath("AE", 1, "AE")


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    opened = ward_with_two(tmp_path)
    yield opened
    opened.leave()


def reviewer(ward: Ward, role: Role, user: str = "someone") -> Reviewer:
    return Reviewer(ward.centre, user, role, ward.clock.now())


def row(ward: Ward, subject: str = "01-001") -> ShieldRow:
    return next(one for one in site_monitoring(ward.centre, "01").rows if one.subject == subject)


def test_the_counts_follow_what_was_verified_and_what_was_corrected(ward: Ward) -> None:
    monitor = Monitor(ward)
    monitor.verify("SEX", "BRTHDAT")
    monitor.hand_over()
    assert (row(ward).tally.verified, row(ward).tally.remaining) == (2, 3)
    ward.subject = "01-001"
    ward.open("SCR[1]/DM")
    ward.enter("SEX", "M", reason=SOURCE)
    ward.receive(ward.send())
    after = row(ward)
    assert (after.tally.verified, after.tally.lapsed, after.tally.remaining) == (1, 1, 4)
    assert after.visits["SCR"].tally.lapsed == 1


def adverse_event(ward: Ward) -> None:
    ward.subject = "01-001"
    ward.open("AE[1]/AE")
    ward.fill(AETERM="Nausea", AESTDAT="2026-03-02")
    ward.complete()
    ward.receive(ward.send())


def test_a_medical_review_is_done_lapses_and_is_taken_back(ward: Ward) -> None:
    adverse_event(ward)
    assert row(ward).visits["logs"].medical == 1
    doctor = reviewer(ward, Role.MEDICAL_REVIEWER, "med1")
    done = doctor.review_medically("01-001", AE, "plausible, not related")
    assert not isinstance(done, Refusal)
    assert done[0].user == "med1"
    assert row(ward).visits["logs"].medical == 0
    assert isinstance(reviewer(ward, Role.MONITOR).review_medically("01-001", AE), Refusal)
    assert isinstance(doctor.review_medically("01-001", DM), Refusal), "a draft is the ward's own business"
    back = doctor.lift_medical_review("01-001", done[0].id, "wrong participant")
    assert not isinstance(back, Refusal)
    assert row(ward).visits["logs"].medical == 1


def test_a_medical_reviewer_s_finding_is_a_query_like_any_other(ward: Ward) -> None:
    from trialdesk.domain.text import Text

    doctor = reviewer(ward, Role.MEDICAL_REVIEWER, "med1")
    sex = doctor.data("01-001").by_item["SEX"]
    (draft,) = doctor.propose("01-001", sex, Text(en="Please check.", zh="请核对。"))  # type: ignore[misc]
    assert draft.change.source == "Medical Review"
    doctor.issue_candidate("01-001", draft.id)
    from trialdesk.centre.letters import write_receipts
    from trialdesk.services.transfer import take_receipt

    for receipt in write_receipts(ward.centre, ward.folder / "stick"):
        taken = take_receipt(ward.desk, receipt)
        assert not isinstance(taken, Refusal), taken.says.en
    (query,) = ward.desk.session.data("01-001").open_queries()
    assert query.change.source == "Medical Review"


def test_planted_patterns_are_found_and_a_clean_site_gives_none(ward: Ward) -> None:
    assert site_monitoring(ward.centre, "01").signs == ()
    ward.subject = "01-001"
    ward.open("SCR[1]/VISIT")
    ward.fill(SVOCCUR="Y", SVDAT="2026-03-03")
    ward.open("SCR[1]/DM")
    ward.complete()
    ward.sign()
    ward.clock.put(ward.clock.moment + timedelta(days=20, hours=14))
    ward.enter("SEX", "M", reason=SOURCE)
    ward.open("SCR[1]/VS")
    ward.fill(WEIGHT="62.0")
    ward.clock.moment -= timedelta(days=2)
    ward.fill(HEIGHT="165")
    ward.receive(ward.send())
    signs = site_monitoring(ward.centre, "01").signs
    assert {sign.kind for sign in signs} == {"late", "after_signature", "night", "clock"}
    (signed,) = [sign for sign in signs if sign.kind == "after_signature"]
    assert (signed.subject, signed.form) == ("01-001", DM)


def test_a_trail_review_holds_until_something_is_entered(ward: Ward) -> None:
    manager = reviewer(ward, Role.DATA_MANAGER)
    assert not row(ward).trail_seen
    assert not isinstance(manager.review_trail("01-001", "nothing to note"), Refusal)
    assert row(ward).trail_seen
    assert not row(ward, "01-002").trail_seen
    ward.subject = "01-001"
    ward.open("SCR[1]/VS")
    ward.fill(WEIGHT="62.0")
    ward.receive(ward.send())
    assert not row(ward).trail_seen


def test_the_whole_way_by_command(
    ward: Ward, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    centre, keys, stick = str(ward.centre.folder), ward.folder / "keys", ward.folder / "stick"

    def run(*words: object) -> str:
        # The monitor's passphrase is the monitor's; people of a demonstration centre have the one of the README.
        if words[0] == "centre":
            monkeypatch.delenv("TRIALDESK_PASSPHRASE", raising=False)
        else:
            monkeypatch.setenv("TRIALDESK_PASSPHRASE", PASSPHRASE)
        assert main([str(word) for word in words]) == 0, capsys.readouterr().err
        return capsys.readouterr().out

    run("visit-key", keys, "--monitor", "mon7")
    run("centre", "add-monitor", centre, keys / "mon7.request.json", "--approved", "dm1", "--approved", "dm2")
    said = run("centre", "visit-pack", centre, "--site", "01", "--monitor", "mon7", "--out", stick)
    (pack,) = stick.glob("*.tdv")
    assert str(pack) in said
    run("visit", pack, "--keys", keys, "--report", ward.folder / "visit.pdf", "--hand-over", stick)
    assert (ward.folder / "visit.pdf").is_file()
    (result,) = stick.glob("*.tdvr")
    assert "Nothing was done yet" in run("centre", "take-visit", centre, result)
    held = json.loads(run("centre", "monitoring", centre, "--json"))
    assert [one["subject"] for one in held[0]["participants"]] == ["01-001", "01-002"]
    assert "first 3 participants" in run("centre", "monitoring", centre, "--site", "01")
    run("centre", "trail-review", centre, "01-001", "--words", "nothing to note")
    adverse_event(ward)
    told = run("centre", "medical-review", centre, "01-001", "AE[1]/AE", "--words", "plausible")
    record = told.split()[0]
    run("centre", "medical-review", centre, "01-001", "--take-back", record, "--words", "wrong form")
    assert main(["centre", "medical-review", centre, "01-001", "nonsense"]) == 1
    assert "names no form" in capsys.readouterr().err
