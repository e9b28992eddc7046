"""A wrong word, a missing file, no terminal: every command answers with a sentence in both languages and leaves nothing."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.scenario import Ward
from trialdesk import cli
from trialdesk.centre.centre import Centre
from trialdesk.demo import DEMO_PASSPHRASE
from trialdesk.services.desk import look

Say = Callable[..., tuple[int, str]]
OWN = "a boat under the bridge"


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Say:
    """Runs a command where nobody can type, and returns its exit code with what it said."""

    def no_terminal(prompt: str = "", stream: object = None) -> str:
        raise EOFError

    monkeypatch.setattr("getpass.getpass", no_terminal)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))

    def run(*words: str | Path) -> tuple[int, str]:
        code = cli.main([str(word) for word in words])
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    """A ward whose centre holds one unsigned form."""
    opened = Ward(tmp_path)
    opened.enrol()
    opened.open("SCR[1]/DM")
    opened.fill(BRTHDAT="1990-05-01", SEX="F")
    opened.receive(opened.send())
    yield opened
    opened.leave()


def test_a_centre_that_could_not_be_made_leaves_an_empty_folder(tmp_path: Path, say: Say) -> None:
    folder, first, stick = tmp_path / "centre", tmp_path / "first", tmp_path / "stick"
    begin = ("centre", "init", folder, "--administrator", "admin1", "--recovery", stick)
    code, said = say(*begin)
    assert (code, folder.exists(), stick.exists()) == (1, False, False)
    assert "Plug in the stick" in said
    stick.mkdir()
    code, said = say(*begin)
    assert (code, folder.exists()) == (1, False)
    assert "TRIALDESK_NEW_PASSPHRASE" in said
    first.write_text("short", encoding="utf-8")
    assert "at least 12" in say(*begin, "--new-passphrase-file", first)[1]
    named = ("--administrator", "a b", "--new-passphrase-file", first)
    assert "cannot be an account" in say("centre", "init", folder, *named)[1]
    assert "has to lie elsewhere" in say(*begin[:-1], folder / "stick", "--new-passphrase-file", first)[1]
    assert not folder.exists()
    code, said = say("centre", "init", folder, "--store", "postgresql+psycopg://localhost:1/none")
    assert (code, list(folder.iterdir())) == (1, [])
    first.write_text(OWN, encoding="utf-8")
    code, said = say(*begin, "--new-passphrase-file", first)
    assert (code, (stick / "recovery.age").is_file()) == (0, True), said


def test_a_centre_is_made_with_one_passphrase_given_once(
    tmp_path: Path, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIALDESK_NEW_PASSPHRASE", OWN)
    (tmp_path / "stick").mkdir()
    code, said = say(
        "centre", "init", tmp_path / "centre", "--administrator", "admin1", "--recovery", tmp_path / "stick"
    )
    assert code == 0, said
    assert "admin1 is the administrator" in said
    centre = Centre.open(tmp_path / "centre")
    assert centre.is_protected
    centre.close()


def test_a_desk_without_passphrases_says_where_to_write_them(ward: Ward, say: Say) -> None:
    new = ("desk", ward.folder / "new", "--centre", ward.centre.folder, "--site", "01", "--workstation", "W7")
    code, said = say(*new, "--user", "nurse9:nurse")
    assert code == 1
    assert "nurse9=PASSPHRASE" in said
    assert "终端" in said
    code, said = say(*new, "--user", "nurse9:nurse", "--passphrases", ward.folder / "none")
    assert code == 1
    assert "holds no passphrases" in said
    assert not (ward.folder / "new").exists()


def test_the_offline_key_of_something_else_opens_nothing(tmp_path: Path, say: Say) -> None:
    Ward(tmp_path).leave()
    known, other = tmp_path / "known", tmp_path / "other"
    known.write_text(f"nurse1={OWN}\n", encoding="utf-8")
    recover = ("recover", tmp_path / "desk", "--identity")
    code, said = say(*recover, known, "--user", "nurse1", "--passphrases", known)
    assert (code, "holds no key" in said) == (1, True)
    other.write_bytes(b"\xff\xfe\x00")
    assert "cannot be read" in say(*recover, other, "--user", "nurse1", "--passphrases", known)[1]
    assert "has no account" in say(*recover, known, "--user", "nobody")[1]
    assert "TRIALDESK_NEW_PASSPHRASE" in say(*recover, known, "--user", "nurse1")[1]


def test_an_account_that_is_refused_is_a_fault(tmp_path: Path, say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    Ward(tmp_path).leave()
    monkeypatch.setenv("TRIALDESK_PASSPHRASE", DEMO_PASSPHRASE)
    home = ("person", "--home", tmp_path / "desk", "inspector1:inspector", "--until", "2030-01-01", "--user")
    code, said = say(*home, "admin1")
    assert (code, "TRIALDESK_NEW_PASSPHRASE" in said) == (1, True)
    monkeypatch.setenv("TRIALDESK_NEW_PASSPHRASE", OWN)
    code, said = say(*home, "nurse1")
    assert code == 1
    assert "此操作仅限" in said
    assert "inspector1" not in {one.id for one in look(tmp_path / "desk").users}


def test_only_the_root_that_was_named_judges_a_file(ward: Ward, say: Say) -> None:
    bundle = next(ward.folder.rglob("*.tdb"))
    code, said = say("verify", bundle, "--trust", ward.folder / "nowhere.pem")
    assert (code, "no root certificate" in said) == (1, True)
    assert say("verify", bundle, "--trust", ward.centre.folder / "root.pem")[0] == 0
    for ending, where in ((".tdr", "send --receipt"), (".tdv", "trialdesk visit"), (".tdvr", "take-visit")):
        file = ward.folder / f"x{ending}"
        file.write_bytes(b"PK")
        assert where in say("verify", file, "--trust", ward.centre.folder / "root.pem")[1]


def test_wrong_words_at_the_centre_get_a_sentence(ward: Ward, say: Say) -> None:
    centre = ward.centre.folder
    ranges = ("centre", "lab-ranges", centre, ward.folder / "none.csv", "--laboratory", "LAB1", "--valid-from")
    code, said = say(*ranges, "2026-01-01")
    assert (code, "cannot be read" in said) == (1, True)
    code, said = say("centre", "query", "issue", centre, "CENTRE:99")
    assert (code, "nothing was sent" in said) == (1, True)
    assert "which form" in say("centre", "medical-review", centre, "01-001", "--as", "med1")[1]
    refused = say("centre", "lock", centre, "01-001", "SCR[1]/DM", "--second", "dm2")[1]
    assert "No investigator has signed it yet" in refused
    assert "研究者尚未签名" in refused
    code, said = say("ca", "issue", centre, ward.folder / "none.csr", "--as", "admin1", "--approved-by", "A")
    assert (code, "cannot be read" in said) == (1, True)


def test_a_place_that_is_not_there_is_named(tmp_path: Path, say: Say) -> None:
    code, said = say("summary", tmp_path / "none" / "study.pdf")
    assert code == 1
    assert f"{tmp_path / 'none' / 'study.pdf'} could not be read or written" in said
    assert "无法读取或写入" in said
    code, said = say("ca", "list", tmp_path)
    assert (code, "There is no authority" in said) == (1, True)


def test_a_day_that_is_none_says_how_days_are_written(ward: Ward, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["centre", "report", str(ward.centre.folder), "--cut", "1/1/26"])
    said = capsys.readouterr().err
    assert "1/1/26 is no day; write YYYY-MM-DD" in said
    assert "不是日期" in said
