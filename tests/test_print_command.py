"""`trialdesk print` writes paper into a folder and answers in words where it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario import Ward
from trialdesk import cli
from trialdesk.demo import DEMO_PASSPHRASE


def test_a_form_and_a_log_are_written_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ward = Ward(tmp_path)
    subject = ward.enrol()
    ward.open("SCR[1]/VS")
    ward.enter("WEIGHT", "61.5")
    ward.leave()
    monkeypatch.setenv("TRIALDESK_PASSPHRASE", DEMO_PASSPHRASE)
    common = ["--home", str(tmp_path / "desk"), "--user", "nurse1", "--out", str(tmp_path / "paper")]
    assert cli.main(["print", "crf", "--subject", subject, "--form", "SCR[1]/VS", *common]) == 0
    assert cli.main(["print", "ledger", *common]) == 0
    said = capsys.readouterr().out.split()
    assert [Path(one).name for one in said] == [f"crf_{subject}_SCR1_VS.pdf", "ledger.pdf"]
    assert all(Path(one).read_bytes().startswith(b"%PDF-1.7") for one in said)
    assert cli.main(["print", "crf", "--subject", subject, "--form", "VS", *common]) == 1
    assert cli.main(["print", "novel", *common]) == 1
    refused = capsys.readouterr().err
    assert "PLX[1]/PLX" in refused
    assert "casebook" in refused
