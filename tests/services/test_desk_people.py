"""Letting people in at a desk that stands: an inspector for some days, and nobody by a changed file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.scenario import Ward
from trialdesk import cli
from trialdesk.demo import ADMINISTRATOR, DEMO_PASSPHRASE, INVESTIGATOR, NURSE
from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.admin.role import Role
from trialdesk.domain.clinical.changes import SessionNoted
from trialdesk.errors import KnownError
from trialdesk.services.desk import DESK_FILE, OpenDesk, look, sign_in
from trialdesk.services.people import add_person, named, retire_person

PASSPHRASE = "reads and changes nothing"


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    opened = Ward(tmp_path)
    yield opened
    opened.leave()


def change_to(ward: Ward, user: str, passphrase: str = DEMO_PASSPHRASE) -> OpenDesk:
    """Another person signs in at the ward's laptop."""
    ward.desk.close()
    ward.desk = sign_in(ward.folder / "desk", user, passphrase, ward.clock, durable=False)
    return ward.desk


def invite(ward: Ward) -> None:
    """The administrator lets an inspector in from 3 to 5 March."""
    change_to(ward, ADMINISTRATOR)
    user = named("inspector1", Role.INSPECTOR, 1, "2026-03-03", "2026-03-05")
    assert add_person(ward.desk, user, PASSPHRASE) is None


def test_an_inspector_comes_within_the_days_and_not_a_day_later(ward: Ward) -> None:
    invite(ward)
    desk = change_to(ward, "inspector1", PASSPHRASE)
    assert (desk.session.user.role, desk.session.user.ends) == (Role.INSPECTOR, "2026-03-05")
    came = [r for r in desk.trail.records(kinds=("SessionNoted",)) if r.user == "inspector1"]
    assert [r.change.what for r in came if isinstance(r.change, SessionNoted)] == ["signed_in"]
    desk.close()
    ward.later(days=3)
    with pytest.raises(KnownError, match="from 2026-03-03 to 2026-03-05 only"):
        sign_in(ward.folder / "desk", "inspector1", PASSPHRASE, ward.clock)
    ward.desk = sign_in(ward.folder / "desk", NURSE, DEMO_PASSPHRASE, ward.clock, durable=False)


def test_a_clock_set_back_does_not_prolong_an_account(ward: Ward) -> None:
    invite(ward)
    ward.later(days=5)
    change_to(ward, NURSE)
    ward.clock.moment = ward.clock.moment.replace(day=4)
    ward.desk.close()
    with pytest.raises(KnownError, match="only"):
        sign_in(ward.folder / "desk", "inspector1", PASSPHRASE, ward.clock)
    ward.desk = sign_in(ward.folder / "desk", NURSE, DEMO_PASSPHRASE, ward.clock, durable=False)


@pytest.mark.parametrize(("field", "value"), [("role", "administrator"), ("id", "nurse9"), ("ends", "2099-01-01")])
def test_a_changed_sign_in_file_gives_nobody_a_right(ward: Ward, field: str, value: str) -> None:
    invite(ward)
    ward.desk.close()
    path = ward.folder / "desk" / DESK_FILE
    raw = json.loads(path.read_text(encoding="utf-8"))
    next(user for user in raw["users"] if user["id"] == "inspector1")[field] = value
    path.write_text(json.dumps(raw), encoding="utf-8")
    ward.later(days=1)
    who = value if field == "id" else "inspector1"
    try:
        opened = sign_in(ward.folder / "desk", who, PASSPHRASE, ward.clock)
    except KnownError:
        assert field == "id"
    else:
        assert (opened.session.user.role, opened.session.user.ends) == (Role.INSPECTOR, "2026-03-05")
        opened.close()
    ward.desk = sign_in(ward.folder / "desk", NURSE, DEMO_PASSPHRASE, ward.clock, durable=False)


def test_an_inspector_without_a_last_day_a_used_name_and_reversed_days_are_refused(ward: Ward) -> None:
    desk = change_to(ward, ADMINISTRATOR)
    with pytest.raises(KnownError, match="needs a last day"):
        add_person(desk, named("inspector1", Role.INSPECTOR, 1), PASSPHRASE)
    with pytest.raises(KnownError, match="never given again"):
        add_person(desk, named(NURSE, Role.NURSE, 2), PASSPHRASE)
    with pytest.raises(KnownError, match="before it begins"):
        add_person(desk, named("inspector1", Role.INSPECTOR, 1, "2026-03-09", "2026-03-05"), PASSPHRASE)


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ADMINISTRATOR, Role.SYSTEM)])
def test_only_an_administrator_lets_people_in_or_out(ward: Ward, role: Role) -> None:
    ward.desk.session.user = replace(ward.desk.session.user, role=role)
    assert isinstance(add_person(ward.desk, named("nurse2", Role.NURSE, 2), PASSPHRASE), Refusal)
    assert isinstance(retire_person(ward.desk, INVESTIGATOR), Refusal)


def test_an_ended_account_opens_nothing_and_its_name_is_never_given_again(ward: Ward) -> None:
    invite(ward)
    assert retire_person(ward.desk, "inspector1") is None
    assert "inspector1" not in {user.id for user in look(ward.folder / "desk").users}
    with pytest.raises(KnownError, match="never given again"):
        add_person(ward.desk, named("inspector1", Role.INSPECTOR, 2, None, "2026-04-01"), PASSPHRASE)
    with pytest.raises(KnownError, match="Nobody ends the account"):
        retire_person(ward.desk, ADMINISTRATOR)
    with pytest.raises(KnownError, match="no open account"):
        retire_person(ward.desk, "inspector1")


def test_the_command_lets_an_inspector_in(
    ward: Ward, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ward.desk.close()
    home = ward.folder / "desk"
    monkeypatch.setenv("TRIALDESK_NEW_PASSPHRASE", PASSPHRASE)
    until = date(date.today().year + 1, 1, 1).isoformat()
    call = ["person", "inspector1:inspector", "--home", str(home), "--user", ADMINISTRATOR, "--until", until]
    assert cli.main(call) == 0
    assert f"until {until}" in capsys.readouterr().out
    assert cli.main(["person", "--home", str(home), "--user", ADMINISTRATOR, "--", "-inspector1"]) == 0
    assert cli.main(["person", "who:knows", "--home", str(home), "--user", ADMINISTRATOR]) == 1
    ward.desk = sign_in(home, NURSE, DEMO_PASSPHRASE, durable=False)
