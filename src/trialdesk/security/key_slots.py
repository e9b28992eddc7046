"""The slot file of a desk: one random database key, wrapped once for every person and once for the centre.

A person's slot opens with that person's passphrase alone and also holds that person's signing key, so an administrator
who resets access can let someone in again but can never sign as someone else.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.security import age
from trialdesk.security.certificates import Key, key_bytes, load_key, new_key
from trialdesk.security.passwords import Argon2Settings, stretch, weakness
from trialdesk.security.slot_file import DAMAGED, FORMAT, as_bytes, as_text, close, open_closed, read, write


class WrongPassphrase(KnownError):
    """A slot that did not open: the passphrase was not this person's."""


@dataclass(frozen=True)
class Unlocked:
    """What an opened slot gives: the database key and salt, and this person's signing key if there is one."""

    user: str
    dek: bytes
    salt: bytes
    signing_key: Key | None

    def __repr__(self) -> str:
        return f"Unlocked({self.user!r})"


def create(path: Path, desk: str, recovery: str) -> Unlocked:
    """Make the slot file of a new desk with its recovery slot for the centre's age recipient; it has no person yet."""
    opened = Unlocked("", os.urandom(32), os.urandom(16), None)
    slots = {
        "format": FORMAT,
        "desk": desk,
        "salt": as_text(opened.salt),
        "recovery": {"recipient": recovery, "dek": as_text(age.encrypt(opened.dek, [recovery]))},
        "users": {},
    }
    write(path, slots)
    return opened


def add_user(
    path: Path,
    opened: Unlocked,
    user: str,
    passphrase: str,
    signing_key: Key | None = None,
    settings: Argon2Settings | None = None,
) -> None:
    """Give a person a slot; raises KnownError for a weak passphrase or an id that has a slot already."""
    slots = read(path)
    if user in slots["users"]:
        raise KnownError(_TAKEN.format(user=user))
    if fault := weakness(passphrase):
        raise KnownError(fault)
    slots["users"][user] = _wrap(slots["desk"], opened, user, passphrase, signing_key, settings or Argon2Settings())
    write(path, slots)


def open_slot(path: Path, user: str, passphrase: str) -> Unlocked:
    """Open a person's slot; raises KnownError for a wrong passphrase, an unknown person or a damaged file."""
    from cryptography.exceptions import InvalidTag

    slots = read(path)
    slot = slots["users"].get(user)
    if slot is None:
        raise KnownError(_NO_SLOT.format(user=user))
    try:
        salt, settings = as_bytes(slot["salt"]), Argon2Settings(**slot["argon2"])
        kek = stretch(passphrase, salt, settings)
        dek = open_closed(kek, slot["dek"], _about(slots["desk"], user, "dek"))
        key = None
        if "key" in slot:
            key = load_key(open_closed(kek, slot["key"], _about(slots["desk"], user, "signing key")))
        return Unlocked(user, dek, as_bytes(slots["salt"]), key)
    except InvalidTag as fault:
        raise WrongPassphrase(_WRONG) from fault
    except (KeyError, ValueError, TypeError) as fault:
        raise KnownError(DAMAGED) from fault


def own_key(path: Path, user: str, passphrase: str) -> Key:
    """A person's signing key; one is made and wrapped under the passphrase where there is none, as after a reset."""
    opened = open_slot(path, user, passphrase)
    if opened.signing_key is not None:
        return opened.signing_key
    fresh = replace(opened, signing_key=new_key())
    slots = read(path)
    slots["users"][user] = _wrap(slots["desk"], fresh, user, passphrase, fresh.signing_key, Argon2Settings())
    write(path, slots)
    assert fresh.signing_key is not None
    return fresh.signing_key


def change_passphrase(path: Path, user: str, old: str, new: str) -> None:
    """Wrap a person's keys under a new passphrase; nothing else is re-encrypted."""
    opened = open_slot(path, user, old)
    if fault := weakness(new):
        raise KnownError(fault)
    slots = read(path)
    slots["users"][user] = _wrap(slots["desk"], opened, user, new, opened.signing_key, Argon2Settings())
    write(path, slots)


def reset_user(path: Path, opened: Unlocked, user: str, passphrase: str, signing_key: Key | None = None) -> None:
    """Let a person in again under a new passphrase; the old signing key is gone and a new certificate is needed."""
    if fault := weakness(passphrase):
        raise KnownError(fault)
    slots = read(path)
    bare = replace(opened, user=user, signing_key=None)
    slots["users"][user] = _wrap(slots["desk"], bare, user, passphrase, signing_key, Argon2Settings())
    write(path, slots)


def remove_user(path: Path, user: str) -> None:
    """Take a person's slot away."""
    slots = read(path)
    slots["users"].pop(user, None)
    write(path, slots)


def recover(path: Path, identity: str) -> Unlocked:
    """Open a desk with the centre's offline age identity, for the day every passphrase is lost."""
    slots = read(path)
    try:
        return Unlocked("", age.decrypt(as_bytes(slots["recovery"]["dek"]), identity), as_bytes(slots["salt"]), None)
    except (KeyError, ValueError) as fault:
        raise KnownError(DAMAGED) from fault


def _wrap(
    desk: str, opened: Unlocked, user: str, passphrase: str, key: Key | None, settings: Argon2Settings
) -> dict[str, Any]:
    salt = os.urandom(16)
    kek = stretch(passphrase, salt, settings)
    slot: dict[str, Any] = {
        "salt": as_text(salt),
        "argon2": {"memory": settings.memory, "passes": settings.passes, "lanes": settings.lanes},
        "dek": close(kek, opened.dek, _about(desk, user, "dek")),
    }
    if key is not None:
        slot["key"] = close(kek, key_bytes(key), _about(desk, user, "signing key"))
    return slot


def _about(desk: str, user: str, what: str) -> bytes:
    """Binds a wrapped key to its desk, person and purpose, so that slots cannot be swapped."""
    return f"trialdesk|{FORMAT}|{desk}|{user}|{what}".encode()


_WRONG = Text(
    en="The passphrase does not fit. Check Caps Lock and the input method, then try again.",
    zh="口令不正确。请检查大写锁定与输入法后重试。",
)
_NO_SLOT = Text(
    en="{user} has no key on this laptop. Ask the administrator to add one.",
    zh="{user} 在本机没有密钥，请联系系统管理员添加。",
)
_TAKEN = Text(en="{user} has a key already; ids are never given twice.", zh="{user} 已有密钥，用户编号不可重复使用。")
