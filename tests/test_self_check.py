"""Is this laptop fit for use? Asked where it is, and where it is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument

from tests.scenario import Ward
from trialdesk import cli, self_check
from trialdesk.demo import NURSE
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.security import cms
from trialdesk.security.certificates import load_certificate
from trialdesk.services import self_check as service
from trialdesk.services.desk import sign_in_from_command


@pytest.fixture
def home(tmp_path: Path) -> Path:
    ward = Ward(tmp_path)
    ward.enrol()
    ward.leave()
    return tmp_path / "desk"


def test_a_sound_laptop_is_fit_and_the_report_is_signed_by_its_workstation(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    call = ["self-check", "--home", str(home), "--user", NURSE, "--out", str(out), "--json"]
    with monkeypatch.context() as quick:
        quick.setattr(self_check, "operation", list)
        assert cli.main(call) == 1, "there is no backup yet"
    failed = [one["name"] for one in json.loads(capsys.readouterr().out)["checks"] if not one["fine"]]
    assert failed == ["Backup"]
    for file in out.iterdir():
        file.unlink()
    assert cli.main(["backup", str(tmp_path), "--keep", "--home", str(home), "--user", NURSE]) == 0
    capsys.readouterr()
    assert cli.main(call) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["fit"] is True
    assert {one["part"] for one in said["checks"]} == {"installation", "operation", "desk"}
    assert len(said["checks"]) == 24
    (pdf,) = out.glob("*.pdf")
    root = load_certificate((home / "trust" / "root.pem").read_bytes())
    signer = cms.verify(pdf.read_bytes(), pdf.with_suffix(".p7s").read_bytes(), root, ())
    assert (signer.kind, signer.id) == ("workstation", "W1")
    document = PdfDocument(pdf)
    assert len(document) <= 2
    assert "24" in document[0].get_textpage().get_text_bounded()
    document.close()
    desk = sign_in_from_command(home, NURSE)
    assert list(desk.trail.records(kinds=("DocumentMade",)))
    assert desk.subjects() == ("01-001",), "the synthetic participant never comes near the desk"
    desk.close()


def test_files_that_are_not_the_released_ones_are_said() -> None:
    found = {one.name.en: one for one in service.installation("0" * 64)}
    assert not found["Files of the program"].fine
    assert "not the released files" in found["Files of the program"].found.en
    assert found["Packages"].fine


def test_one_failed_check_makes_the_laptop_unfit_and_the_run_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(trial: object) -> Text:
        raise KnownError(Text(en="The disk is full.", zh="磁盘已满。"))

    monkeypatch.setattr(self_check._Trial, "_send", broken)
    monkeypatch.setattr(self_check, "installation", lambda expected: [])
    assert cli.main(["self-check"]) == 1
    said = capsys.readouterr().out
    assert "NOT  A bundle is taken in" in said
    assert "The disk is full." in said
    assert "ok   A backup is written" in said
    assert "NOT fit for use: 1 of 9 checks failed" in said


def test_a_bug_in_a_check_is_a_failed_check_and_not_the_end() -> None:
    def bug() -> Text:
        raise ZeroDivisionError

    check = service.tried("desk", Text(en="x", zh="x"), bug)
    assert not check.fine
    assert "ZeroDivisionError" in check.found.en
