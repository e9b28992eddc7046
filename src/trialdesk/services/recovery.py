"""Letting a person in again when every passphrase is lost: by the centre's offline key, which every desk has a slot for."""

from __future__ import annotations

import json
from pathlib import Path

from trialdesk.domain.admin.role import Role
from trialdesk.domain.admin.user import User
from trialdesk.domain.clinical.changes import Change, SessionNoted
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.clock import Clock, SystemClock
from trialdesk.services.desk import KEYS_FILE, STUDY_FILE, TRAIL_FILE, ask_passphrase, is_signer, look
from trialdesk.services.desk_setup import Issue, added, read_passphrases, record_as_system


def recover_access(
    home: Path, identity: str, user_id: str, passphrase: str, issue: Issue | None = None, clock: Clock | None = None
) -> User:
    """Give a person a new passphrase with the centre's offline age identity, and say so in the trail.

    The person's old signing key is gone with the old passphrase, so nobody can sign in their name; `issue`, the
    centre's authority, gives a new certificate where it is at hand. Raises KnownError for an identity of another
    centre, an unknown person, a weak passphrase, or a desk that is open elsewhere.
    """
    from trialdesk.security import key_slots
    from trialdesk.security.certificates import Subject, make_request, new_key
    from trialdesk.storage.database import open_desk, read_meta
    from trialdesk.storage.study_library import thaw

    info = look(home)
    user = next((one for one in info.users if one.id == user_id), None)
    if user is None:
        raise KnownError(_NO_USER.format(user=user_id))
    keys = home / KEYS_FILE
    opened = key_slots.recover(keys, identity)
    engine = open_desk(home / TRAIL_FILE, opened.dek, opened.salt)
    try:
        meta = read_meta(engine)
        study = thaw((home / STUDY_FILE).read_bytes())
        changes: list[Change] = [SessionNoted(what="recovered", detail=user_id)]
        signing = new_key() if issue is not None and is_signer(user) else None
        if signing is not None and issue is not None:
            subject = Subject("person", user.id, user.role, meta["site"], study.oid)
            certificate = issue(make_request(signing, subject)).decode()
            changes.append(added(user, certificate))
        key_slots.reset_user(keys, opened, user_id, passphrase, signing)
        record_as_system(engine, changes, info.origin, meta["site"], study.version, clock or SystemClock())
    finally:
        engine.dispose()
    return user


def recover_from_command(
    home: Path, identity: Path, user: str, passphrases: Path | None, issue: Issue | None = None
) -> str:
    """What `trialdesk recover` does."""
    known = read_passphrases(passphrases)
    if all(one.id != user for one in look(home).users):
        raise KnownError(_NO_USER.format(user=user))
    try:
        secret = identity.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise KnownError(_UNREADABLE.format(name=identity, why=getattr(fault, "strerror", None) or fault)) from fault
    given = known.get(user) or ask_passphrase(f"new passphrase of {user}: ", "TRIALDESK_NEW_PASSPHRASE")
    found = recover_access(home, secret, user, given, issue)
    signs = is_signer(found) and found.role is not Role.ADMINISTRATOR
    line = f"{user} may sign in with the new passphrase; the trail says so"
    if signs and issue is None:
        line += ". To sign forms again the person needs a new certificate: run this again with --centre at the centre"
    return line


def recovery_recipient(home: Path) -> str:
    """Whose offline key opens this desk, as its slot file names it."""
    slots = json.loads((home / KEYS_FILE).read_text(encoding="utf-8"))
    return str(slots["recovery"]["recipient"])


_NO_USER = Text(
    en="{user} has no account on this desk. Names are listed in desk.json.",
    zh="{user} 在本工作台没有账户。账户名见 desk.json。",
)
_UNREADABLE = Text(
    en="{name} cannot be read ({why}). Check the stick, then try again.",
    zh="无法读取 {name}（{why}）。请检查 U 盘后重试。",
)
