"""Every command of the centre against every role, through the command line: who may, signs in; who may not, is told."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.scenario import Ward
from trialdesk import cli
from trialdesk.centre import admission, people
from trialdesk.centre.admission import ACTS, READING, Caller
from trialdesk.centre.centre import Centre
from trialdesk.centre.letters import LOCAL
from trialdesk.cli_people import calendar_day
from trialdesk.demo import DEMO_PASSPHRASE
from trialdesk.domain.admin.role import AT_CENTRE, PERMITTED, ROLE_WORDS, Role
from trialdesk.domain.admin.user import User
from trialdesk.domain.clinical.account_changes import DataExported
from trialdesk.domain.clinical.changes import SessionNoted
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.study_release import shipped_release
from trialdesk.storage.audit_trail import AuditTrail

AT_A_DESK = ("desk", "recover", "terminology import")
OTHERWISE_NAMED = ("desk", "recover", "export")
"""Commands of the ward that lead to a centre by --centre, and those that call who does it --centre-as."""
OFFLINE = ("ca init", "ca site", "ca request", "ca list", "ca take")
"""Commands of an authority that need no key of a centre."""

Say = Callable[..., tuple[int, str]]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    def said(*words: object) -> tuple[int, str]:
        code = cli.main([str(word) for word in words])
        shown = capsys.readouterr()
        return code, shown.out + shown.err

    return said


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """A demonstration centre with one person of every role the centre has."""
    made = Centre.init(tmp_path_factory.mktemp("centre") / "centre", shipped_release(), kind="demo")
    admission.found_demo_people(made)
    people.sign_in(made, "admin1", DEMO_PASSPHRASE)
    for role in sorted(AT_CENTRE):
        user = User(f"one.{role}"[:24], Text(en=role, zh=role), role)
        people.add_person(made, "admin1", user, "a first passphrase", settings=admission.DEMO_SETTINGS)
        people.change_own_passphrase(
            made, user.id, "a first passphrase", DEMO_PASSPHRASE, settings=admission.DEMO_SETTINGS
        )
    yield made
    made.close()


def commands() -> set[str]:
    """Every command that acts at a centre, as the command line has it."""
    found: set[str] = set()

    def walk(parser: argparse.ArgumentParser) -> None:
        branches = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
        for one in branches:
            for child in one.choices.values():
                walk(child)
        if not branches:
            found.add(parser.prog.removeprefix("trialdesk "))

    walk(cli._parser())
    ours = {one.removeprefix("centre ") for one in found if one.startswith("centre ")}
    return ours | {one for one in found if one.startswith("ca ")} | (found & set(AT_A_DESK))


def test_every_command_of_the_centre_has_a_row() -> None:
    assert not commands() - set(ACTS) - READING - set(OFFLINE)
    assert not set(ACTS) & READING
    assert set(ACTS.values()) <= set(PERMITTED)


def call(command: str, folder: Path, out: Path) -> list[str]:
    """Words that reach the door of a command; what lies behind it finds nothing to do."""
    words = command.split() if command.startswith("ca ") else ["centre", *command.split()]
    parser = cli._parser()
    for word in words:
        (branch,) = (one for one in parser._actions if isinstance(one, argparse._SubParsersAction))
        parser = branch.choices[word]
    for action in parser._actions:
        if action.dest == "folder":
            words.append(str(folder))
        elif not action.option_strings and action.nargs not in ("*", "?"):
            words.append(any_value(action, out))
        elif action.required and action.option_strings:
            words += [action.option_strings[0], any_value(action, out)]
    for group in parser._mutually_exclusive_groups:
        if group.required:
            one = group._group_actions[0]
            words += [one.option_strings[0], *([] if one.nargs == 0 else [any_value(one, out)])]
    return [
        *words,
        *(["--new-passphrase-file", str(out / "nowhere")] if command in ("person add", "person reset") else []),
    ]


def any_value(action: argparse.Action, out: Path) -> str:
    if action.choices:
        return str(next(iter(action.choices)))
    return {Path: str(out / "nowhere"), calendar_day: "2026-01-01", int: "1"}.get(action.type, "SCR[1]/DM")  # type: ignore[arg-type]


def counting_nothing(*_: object) -> None:
    """Stands behind the door of the report: counting endpoints would take a second for each role."""
    raise KnownError(Text(en="Nothing to count.", zh="无可统计。"))


def at_a_desk(command: str, folder: Path, out: Path) -> list[str]:
    nowhere = str(out / "nowhere")
    if command == "desk":
        given = ["--site", "0 1", "--workstation", "W1", "--user", "n1:nurse", "--passphrases", str(out / "words")]
        (out / "words").write_text("n1=a long enough passphrase\n", encoding="utf-8")
        return ["desk", nowhere, "--centre", str(folder), *given]
    return ["recover", nowhere, "--identity", nowhere, "--user", "n1", "--centre", str(folder)]


@pytest.mark.parametrize("command", sorted(set(ACTS) & commands() - {"window", "terminology import"}))
def test_every_command_against_every_role(
    command: str, centre: Centre, tmp_path: Path, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = "This needs the role"
    monkeypatch.setattr("trialdesk.centre.report.write_report", counting_nothing)
    for role in sorted(AT_CENTRE):
        user = f"one.{role}"[:24]
        reach = at_a_desk if command in AT_A_DESK else call
        name = "--centre-as" if command in OTHERWISE_NAMED else "--as"
        words = [*reach(command, centre.folder, tmp_path), name, user]
        before = entered(centre, user)
        try:
            _, said = say(*words)
        except FileNotFoundError as fault:
            said = str(fault)
        may = role in PERMITTED[ACTS[command]]
        assert (refusal in said) == (not may), f"{command} by {role}: {said}"
        assert entered(centre, user) - before == (1 if may else 0), f"{command} by {role}: {said}"


@pytest.mark.parametrize("role", sorted(AT_CENTRE))
def test_the_window_and_the_wording_against_every_role(role: Role, centre: Centre, tmp_path: Path) -> None:
    user = f"one.{role}"[:24]
    wording = Caller(user, "", "terminology import")
    doors = {
        "window": lambda: admission.admit_to_window(centre, user, DEMO_PASSPHRASE),
        "terminology import": lambda: admission.admit_if_founded(centre, wording),
    }
    for command, enter in doors.items():
        # An administrator's window is another one: people and keys, no data.
        if role in PERMITTED[ACTS[command]] or (command == "window" and role is Role.ADMINISTRATOR):
            entered = enter()
            assert entered is not None
            assert entered.id == user
        else:
            with pytest.raises(KnownError, match="needs the role"):
                enter()


def entered(centre: Centre, user: str) -> int:
    """How often a person has signed in."""
    noted = AuditTrail(centre.engine).records(origin=LOCAL, kinds=("SessionNoted",))
    return sum(
        1 for r in noted if r.user == user and isinstance(r.change, SessionNoted) and r.change.what == "signed_in"
    )


def test_the_passphrase_comes_from_a_file_and_never_from_the_words(
    tmp_path: Path, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre, words, own = tmp_path / "centre", tmp_path / "words", tmp_path / "own"
    words.write_text("a boat under the bridge\nsecond line\n", encoding="utf-8")
    own.write_text("the heron on the other bank\n", encoding="utf-8")
    assert say("centre", "init", centre)[0] == 0
    code, said = say("centre", "query", "issue", centre, "--as", "dm1", "--passphrase-file", words)
    assert (code, "This centre has no people yet" in said) == (1, True), said
    add = ("centre", "person", "add", centre)
    code, said = say(*add, "boss", "--role", "administrator", "--new-passphrase-file", words)
    assert (code, "boss is the administrator" in said, "NOTICE: centre.key" in said) == (0, True, True), said
    as_boss = ("--as", "boss", "--password-file", words)
    code, said = say(*add, "dm1", "--role", "data_manager", "--new-passphrase-file", words, *as_boss)
    assert (code, "person passphrase" in said) == (0, True), said
    as_dm1 = ("--as", "dm1", "--passphrase-file")
    assert "set by somebody else" in say("centre", "query", "issue", centre, *as_dm1, words)[1]
    code, said = say("centre", "person", "passphrase", centre, *as_dm1, words, "--new-passphrase-file", own)
    assert (code, "nobody else knows" in said) == (0, True), said
    assert "Caps Lock" in say("centre", "query", "issue", centre, *as_dm1, words)[1]
    assert "go out with the next receipts: 0" in say("centre", "query", "issue", centre, *as_dm1, own)[1]
    assert "holds no passphrase" in say("centre", "query", "issue", centre, *as_dm1, tmp_path / "none")[1]
    monkeypatch.setenv("TRIALDESK_PASSPHRASE", "the heron on the other bank")
    assert "go out with the next receipts: 0" in say("centre", "query", "issue", centre, "--as", "dm1")[1]
    with pytest.raises(SystemExit):
        cli.main(["centre", "query", "issue", str(centre), "--as", "dm1", "--role", "data_manager"])
    listed = say("centre", "person", "list", centre)[1]
    assert "数据管理员 1 Data manager 1: may sign in" in listed
    assert "given by boss" in listed
    assert "administrator" in say("centre", "person", "list", centre, "--on", "2999-01-01")[1]
    assert "is no day" in say("centre", "person", "list", centre, "--on", "today")[1]


def test_who_wrote_data_out_is_on_record(centre: Centre, tmp_path: Path, say: Say) -> None:
    code, said = say(
        "centre", "export", centre.folder, "--as", "csv", "--out", tmp_path / "csv", "--centre-as", "stat1"
    )
    assert code == 0, said
    (noted,) = [
        r for r in AuditTrail(centre.engine).records(origin=LOCAL, kinds=("DataExported",)) if r.user == "stat1"
    ]
    assert isinstance(noted.change, DataExported)
    assert (noted.role, noted.change.format, noted.change.participants) == ("statistician", "csv", 0)
    assert noted.change.files == len(list((tmp_path / "csv").iterdir()))


def test_a_lock_by_command_takes_two_passphrases(tmp_path: Path, say: Say) -> None:
    ward = Ward(tmp_path)
    ward.enrol_with_signed_form()
    ward.receive(ward.send())
    ward.leave()
    wrong = tmp_path / "wrong"
    wrong.write_text("not the passphrase\n", encoding="utf-8")
    lock = ("centre", "lock", tmp_path / "centre", "01-001", "SCR[1]/DM")
    assert "takes two persons" in say(*lock)[1]
    assert "takes two persons" in say(*lock, "--second", "dm1")[1]
    assert "Caps Lock" in say(*lock, "--second", "dm2", "--second-passphrase-file", wrong)[1]
    assert "role data manager" in say(*lock, "--second", "mon1")[1]
    assert "role data manager" in say(*lock, "--as", "mon1", "--second", "dm2")[1]
    code, said = say(*lock, "--second", "dm2")
    assert (code, "FormLocked 01-001" in said) == (0, True), said
    unlock = ("centre", "unlock", tmp_path / "centre", "01-001", "SCR[1]/DM", "--reason", "late result")
    assert "takes two persons" in say(*unlock, "--second", "dm1")[1]
    assert "FormUnlocked 01-001" in say(*unlock, "--second", "dm2")[1]


def test_a_folder_from_before_there_were_accounts_is_read_takes_in_and_asks_for_its_first_person(
    tmp_path: Path, say: Say
) -> None:
    ward = Ward(tmp_path)
    ward.enrol()
    sent = ward.send()
    ward.leave()
    centre = tmp_path / "centre"
    facts = (centre / "centre.json").read_text(encoding="utf-8").replace('"demo"', '"live"')
    (centre / "centre.json").write_text(facts, encoding="utf-8")
    assert say("centre", "status", centre)[0] == 0
    assert "accepted" in say("centre", "receive", centre, sent.path)[1]
    for act in (("query", "check"), ("receipts", "--out", tmp_path / "out")):
        words = ("centre", *(w for w in act if not str(w).startswith("--") and w != tmp_path / "out"), centre)
        code, said = say(*words, *(("--out", tmp_path / "out") if act[0] == "receipts" else ()))
        assert (code, "no people yet" in said) == ((0, False) if act[0] == "receipts" else (1, True)), said
    assert "Nobody has an account" in say("centre", "person", "list", centre)[1]
    shutil.rmtree(tmp_path / "out")


def test_every_role_of_the_centre_has_words_in_both_languages() -> None:
    assert all(ROLE_WORDS[role].zh and ROLE_WORDS[role].en for role in AT_CENTRE)
    assert Role.STATISTICIAN in AT_CENTRE
