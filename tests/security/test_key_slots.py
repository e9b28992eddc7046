"""Who can open a desk, and who can sign."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trialdesk.errors import KnownError
from trialdesk.security import age, key_slots
from trialdesk.security.certificates import key_bytes, new_key
from trialdesk.security.passwords import Argon2Settings

QUICK = Argon2Settings(memory=1024, passes=1, lanes=1)
GOOD = "quiet river seven"


@pytest.fixture
def desk(tmp_path: Path) -> tuple[Path, key_slots.Unlocked, str]:
    identity, recipient = age.new_identity()
    path = tmp_path / "keys.json"
    opened = key_slots.create(path, "desk-1", recipient)
    key_slots.add_user(path, opened, "nurse1", GOOD, new_key(), QUICK)
    return path, opened, identity


def test_the_right_passphrase_opens_the_same_database_key(desk: tuple[Path, key_slots.Unlocked, str]) -> None:
    path, opened, _ = desk
    again = key_slots.open_slot(path, "nurse1", GOOD)
    assert (again.dek, again.salt) == (opened.dek, opened.salt)
    assert again.signing_key is not None


def test_a_wrong_passphrase_says_what_to_check(desk: tuple[Path, key_slots.Unlocked, str]) -> None:
    with pytest.raises(KnownError, match="Caps Lock"):
        key_slots.open_slot(desk[0], "nurse1", "quiet river eight")


def test_no_secret_stands_in_the_file(desk: tuple[Path, key_slots.Unlocked, str]) -> None:
    path, opened, _ = desk
    content = path.read_bytes()
    for secret in (GOOD.encode(), opened.dek, opened.dek.hex().encode()):
        assert secret not in content


def test_a_new_passphrase_keeps_the_signing_key_and_closes_the_old_one(
    desk: tuple[Path, key_slots.Unlocked, str],
) -> None:
    path, _, _ = desk
    before = key_slots.open_slot(path, "nurse1", GOOD).signing_key
    key_slots.change_passphrase(path, "nurse1", GOOD, "another quiet river")
    after = key_slots.open_slot(path, "nurse1", "another quiet river").signing_key
    assert before is not None
    assert after is not None
    assert key_bytes(before) == key_bytes(after)
    with pytest.raises(KnownError):
        key_slots.open_slot(path, "nurse1", GOOD)


def test_a_reset_lets_in_again_but_cannot_sign(desk: tuple[Path, key_slots.Unlocked, str]) -> None:
    path, opened, _ = desk
    key_slots.reset_user(path, opened, "nurse1", "given by administrator")
    again = key_slots.open_slot(path, "nurse1", "given by administrator")
    assert again.dek == opened.dek
    assert again.signing_key is None


def test_a_slot_cannot_be_given_to_someone_else(desk: tuple[Path, key_slots.Unlocked, str]) -> None:
    path, _, _ = desk
    slots = json.loads(path.read_text(encoding="utf-8"))
    slots["users"]["other"] = slots["users"]["nurse1"]
    path.write_text(json.dumps(slots), encoding="utf-8")
    with pytest.raises(KnownError):
        key_slots.open_slot(path, "other", GOOD)


def test_the_centre_can_recover_a_desk_whose_passphrases_are_all_lost(
    desk: tuple[Path, key_slots.Unlocked, str],
) -> None:
    path, opened, identity = desk
    assert key_slots.recover(path, identity).dek == opened.dek
    with pytest.raises(KnownError, match="another recipient"):
        key_slots.recover(path, age.new_identity()[0])


@pytest.mark.parametrize("weak", ["short", "password1234", "aaaaaaaaaaaaaa", "TrialDesk2026"])
def test_a_weak_passphrase_is_refused(desk: tuple[Path, key_slots.Unlocked, str], weak: str) -> None:
    with pytest.raises(KnownError):
        key_slots.add_user(desk[0], desk[1], "inv1", weak, None, QUICK)


def test_a_damaged_key_file_is_named(desk: tuple[Path, key_slots.Unlocked, str]) -> None:
    desk[0].write_text("{", encoding="utf-8")
    with pytest.raises(KnownError, match="damaged"):
        key_slots.open_slot(desk[0], "nurse1", GOOD)
