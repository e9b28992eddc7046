"""Several laptops, sticks to and fro: nothing is lost, every fault is named, a conflict keeps both values."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trialdesk import cli
from trialdesk.centre.centre import Centre
from trialdesk.demo import DEMO_PASSPHRASE, NURSE
from trialdesk.services.desk import sign_in
from trialdesk.storage.audit_trail import AuditTrail


def test_three_laptops_of_two_sites_come_together_at_the_centre(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["demo", "--out", str(tmp_path / "out"), "--participants", "3", "--sites", "3", "--signed", "0", "--json"]
    assert cli.main(given) == 0
    report = json.loads(capsys.readouterr().out)
    became = [one["result"] for one in report["sticks"]]
    assert became.count("lost") == became.count("refused") == became.count("quarantined") == 1
    assert became.count("duplicate") == became.count("rebuilt") == 1
    assert report["disputed"] == 1
    assert all(one["zh"] and one["en"] for one in report["sticks"])
    assert {one["skew_seconds"] // 60 for one in report["workstations"]} == {185}
    centre = Centre.open(Path(report["centre"]))
    try:
        there = AuditTrail(centre.engine)
        assert there.verify().whole
        for one in report["workstations"]:
            desk = sign_in(Path(one["desk"]), NURSE, DEMO_PASSPHRASE)
            try:
                held = list(there.lines(one["origin"]))
                assert held == list(desk.trail.lines(one["origin"], 1, one["accepted_to"]))
                assert len(held) == one["accepted_to"] > 0
            finally:
                desk.close()
        assert centre.status().twice_enrolled == ()
        assert len(centre.status().quarantine) == 1
    finally:
        centre.close()
