"""The command line answers in words and with an exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario import Ward
from trialdesk import cli
from trialdesk.errors import KnownError
from trialdesk.services.study_release import shipped_study


def test_check_prints_every_problem_with_file_and_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import shutil

    study = tmp_path / "study"
    shutil.copytree(shipped_study(), study)
    events = study / "events.yaml"
    events.write_text(events.read_text(encoding="utf-8").replace("forms: [PLX,", "forms: [PLEX,", 1), encoding="utf-8")
    dosing = study / "rules" / "dosing.yaml"
    dosing.write_text(dosing.read_text(encoding="utf-8").replace("DLIDAT", "DLIDATE", 1), encoding="utf-8")
    assert cli.main(["check", str(study)]) == 1
    said = capsys.readouterr().out
    assert "events.yaml:" in said
    assert "no form PLEX; did you mean 'PLX'?" in said
    assert "did you mean 'DLIDAT'?" in said


def test_check_of_a_folder_that_is_no_study_says_so_in_both_languages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["check", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert "no study.yaml" in said
    assert "不是研究文件夹" in said


def test_verify_of_a_file_of_another_kind_is_a_bad_verdict(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("hello", encoding="utf-8")
    assert cli.main(["verify", str(file)]) == 1
    assert "BAD" in capsys.readouterr().out


def test_demo_does_not_touch_a_folder_in_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").write_text("keep", encoding="utf-8")
    assert cli.main(["demo", "--out", str(tmp_path)]) == 1
    assert "not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_without_a_command_it_shows_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 2
    said = capsys.readouterr().out
    for command in ("app", "demo", "check", "verify", "desk", "send", "centre"):
        assert f"\n    {command} " in said


def test_a_whole_trial_by_commands_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Centre, desk, bundle, receipt: what an administrator types."""
    words = tmp_path / "words.txt"
    words.write_text("nurse1=quiet river seven\ninv1=quiet river eight\n", encoding="utf-8")
    assert cli.main(["centre", "init", str(tmp_path / "centre")]) == 0
    desk = ["desk", str(tmp_path / "desk"), "--centre", str(tmp_path / "centre"), "--site", "01", "--workstation", "W1"]
    people = ["--user", "nurse1:nurse", "--user", "inv1:investigator", "--passphrases", str(words)]
    assert cli.main([*desk, *people]) == 0
    monkeypatch.setenv("TRIALDESK_PASSPHRASE", "quiet river seven")
    (tmp_path / "stick").mkdir()
    send = ["send", str(tmp_path / "stick"), "--home", str(tmp_path / "desk"), "--user", "nurse1"]
    assert cli.main(send) == 0
    (bundle,) = (tmp_path / "stick").glob("*.tdb")
    assert cli.main(["centre", "receive", str(tmp_path / "centre"), str(bundle)]) == 0
    assert cli.main([*send, "--receipt", str(bundle.with_suffix(".tdr"))]) == 0
    capsys.readouterr()
    assert cli.main(["centre", "status", str(tmp_path / "centre")]) == 0
    assert "W1: records 1 to" in capsys.readouterr().out


def test_a_centre_gives_out_what_it_holds_in_every_format(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    centre = tmp_path / "centre"
    assert cli.main(["centre", "init", str(centre)]) == 0
    for kind in ("odm", "odm-transactional", "odm-flat", "csv", "xlsx", "json", "sdtm"):
        out = tmp_path / kind
        assert cli.main(["centre", "export", str(centre), "--as", kind, "--out", str(out), "--cut", "2026-06-30"]) == 0
        assert f"{kind}: 0 participants, recorded up to 2026-06-30" in capsys.readouterr().out
        assert any(out.iterdir())
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    assert cli.main(["centre", "export", str(centre), "--as", "csv", "--out", str(blocked / "x")]) == 1
    assert "无法写入" in capsys.readouterr().err


def test_a_demonstration_desk_is_judged_without_asking_and_another_says_what_to_set_where_nobody_can_be_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import getpass

    from trialdesk.services.desk import ask_passphrase

    def no_terminal(_prompt: str) -> str:
        raise EOFError

    monkeypatch.delenv("TRIALDESK_PASSPHRASE", raising=False)
    monkeypatch.setattr(getpass, "getpass", no_terminal)
    ward = Ward(tmp_path)
    ward.enrol()
    home = ward.desk.home
    ward.leave()
    assert cli.main(["verify", str(home)]) == 0
    assert "GOOD" in capsys.readouterr().out
    with pytest.raises(KnownError, match="TRIALDESK_PASSPHRASE"):
        ask_passphrase()
