"""The centre's seal: only what is good and known to the trail is sealed; it holds and can be renewed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.scenario import Ward
from trialdesk import cli
from trialdesk.centre.sealing import documents_of, seal_everything, seal_files
from trialdesk.documents.verifying import verify_crf


@pytest.fixture
def sent(tmp_path: Path) -> Iterator[Ward]:
    """A ward whose first signed form has reached the centre."""
    ward = Ward(tmp_path)
    ward.enrol()
    ward.open("DLI[1]/DLI")
    ward.fill(DLIDAT="2026-03-03", DLISTTIM="10:20")
    ward.complete()
    ward.sign()
    ward.receive(ward.send())
    yield ward
    ward.leave()


def test_a_signed_form_is_sealed_once_and_its_timestamp_is_renewed_on_demand(sent: Ward) -> None:
    now = sent.clock.now() + timedelta(hours=1)
    (done,) = seal_everything(sent.centre, now)
    assert done.path is not None, done.says.en
    assert done.level == "B-LTA"
    verdict = verify_crf(done.path.read_bytes(), sent.centre.trust, documents_of(sent.centre.folder), done.path.name)
    assert verdict.ok
    assert verdict.sealed_at == now.replace(microsecond=0)
    assert list(seal_everything(sent.centre, now)) == []
    (again,) = seal_everything(sent.centre, now + timedelta(days=300), renew=True)
    assert again.path == done.path
    renewed = verify_crf(done.path.read_bytes(), sent.centre.trust)
    assert renewed.ok
    assert renewed.sealed_at == verdict.sealed_at


def test_a_file_the_trail_does_not_know_is_not_sealed(sent: Ward, tmp_path: Path) -> None:
    sent.open("DLI[2]/DLI")
    sent.fill(DLIDAT="2026-03-03", DLISTTIM="11:20")
    sent.complete()
    file = tmp_path / "later.pdf"
    file.write_bytes(sent.sign().pdf)
    (done,) = seal_files(sent.centre, [file], sent.clock.now())
    assert done.path is None
    assert "trail" in done.says.en
    sent.receive(sent.send())
    (done,) = seal_files(sent.centre, [file], sent.clock.now() + timedelta(minutes=5))
    assert done.path == tmp_path / "later.sealed.pdf"


def test_the_commands_seal_and_judge_by_the_centres_trail(sent: Ward, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(sent.centre.folder)
    assert cli.main(["centre", "seal", folder]) == 0
    (path,) = (sent.centre.folder / "sealed").glob("*.pdf")
    assert cli.main(["verify", str(path), "--centre", folder]) == 0
    said = capsys.readouterr().out
    assert "level: B-LTA" in said
    assert "The trail holds this document" in said
    assert "稽查轨迹中有此文件" in said
    stranger = path.with_name("01-009_DLI1_DLI_1.pdf")
    stranger.write_bytes(path.read_bytes())
    assert cli.main(["verify", str(stranger), "--centre", folder, "--json"]) == 1
    judged = json.loads(capsys.readouterr().out)
    assert [line["flaw"] for line in judged["lines"] if not line["fine"]] == ["other_subject"]
    assert len(judged["steps"]) == 5
