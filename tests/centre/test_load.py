"""The load test says that it goes a short way, and the centre verifies what it brings like anything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from trialdesk import demo_load
from trialdesk.centre.centre import Centre
from trialdesk.storage.audit_trail import AuditTrail


def test_copied_participants_are_verified_and_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_load, "ENTERED", 1)
    report = demo_load.run_load(tmp_path / "out", 6, 1, None, 3)
    assert (report.participants, report.sites, report.records) == (6, 3, 600)
    assert "short way" in report.as_text()
    centre = Centre.open(tmp_path / "out" / "centre")
    verdict = AuditTrail(centre.engine).verify()
    assert verdict.whole
    assert centre.status().totals.subjects == 6
    centre.close()
