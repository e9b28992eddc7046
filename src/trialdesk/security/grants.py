"""Who may open which key of the centre: one file of persons' slots and of key rings encrypted for each of them.

A person's passphrase opens the person's own age identity, and that opens the ring granted to the person. Rings are
granted and taken away without anyone's passphrase; who holds which is signed by the centre's own key, so that nobody who
can only write the file can let themselves in.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.security import age
from trialdesk.security.key_ring import Ring
from trialdesk.security.passwords import Argon2Settings, stretch, weakness
from trialdesk.security.slot_file import FORMAT, as_bytes, as_text, close, open_closed, read, write

RECOVERY = "recovery"

Sign = Callable[[bytes], bytes]
"""The centre's detached signature."""
Verify = Callable[[bytes, bytes], object]
"""Raises KnownError unless the centre itself signed these bytes."""


def holder_of(user: str) -> str:
    """The name under which a person's ring is kept."""
    return f"person:{user}"


def service_holder(name: str) -> str:
    """The name under which a service's ring is kept."""
    return f"service:{name}"


@dataclass
class Grants:
    """The file, read; every change is signed and written at once."""

    path: Path
    facts: dict[str, Any]

    @classmethod
    def create(cls, path: Path, centre: str, recovery: str, ring: Ring, sign: Sign) -> Grants:
        """Make the file with the recovery ring for the holder of the offline identity; nobody else is in it yet."""
        made = cls(path, {"format": FORMAT, "centre": centre, "slots": {}, "grants": {}, "seal": ""})
        made._give(RECOVERY, recovery, ring)
        made._write(sign)
        return made

    @classmethod
    def read(cls, path: Path) -> Grants:
        """Read the file; raises KnownError for one that is missing or damaged."""
        facts = read(path, DAMAGED)
        if not {"centre", "slots", "grants", "seal"} <= facts.keys():
            raise KnownError(DAMAGED)
        return cls(path, facts)

    @property
    def holders(self) -> tuple[str, ...]:
        """Everyone a ring is granted to: persons, services, the recovery."""
        return tuple(sorted(self.facts["grants"]))

    def check(self, verify: Verify) -> None:
        """Raises KnownError unless the centre's own key signed who holds which ring."""
        try:
            verify(self._signed(), as_bytes(self.facts["seal"]))
        except (ValueError, TypeError, KnownError) as fault:
            raise KnownError(FORGED) from fault

    def let_in(
        self, user: str, passphrase: str, ring: Ring, sign: Sign, settings: Argon2Settings | None = None
    ) -> None:
        """Give a person a slot and a ring, or new ones in the place of forgotten ones; raises KnownError if weak."""
        if fault := weakness(passphrase):
            raise KnownError(fault)
        identity, recipient = age.new_identity()
        self.facts["slots"][user] = self._wrap(user, identity, passphrase, settings or Argon2Settings())
        self._give(holder_of(user), recipient, ring)
        self._write(sign)

    def grant(self, holder: str, ring: Ring, sign: Sign, recipient: str | None = None) -> None:
        """Give a holder another ring; `recipient` is needed for one who has none yet."""
        known = self.facts["grants"].get(holder, {}).get("recipient")
        self._give(holder, recipient or known, ring)
        self._write(sign)

    def shut_out(self, holder: str, sign: Sign) -> None:
        """Take a holder's ring and slot away."""
        self.facts["grants"].pop(holder, None)
        self.facts["slots"].pop(holder.removeprefix("person:"), None)
        self._write(sign)

    def open_person(self, user: str, passphrase: str) -> Ring:
        """The ring a passphrase opens; raises KnownError for a wrong one or for a person without a slot."""
        return self.open_holder(holder_of(user), self._identity(user, passphrase))

    def open_holder(self, holder: str, identity: str) -> Ring:
        """The ring an age identity opens; raises KnownError for one that was replaced or taken away."""
        try:
            return Ring.from_bytes(age.decrypt(as_bytes(self.facts["grants"][holder]["ring"]), identity))
        except (KeyError, ValueError, TypeError, AttributeError, KnownError) as fault:
            raise KnownError(NO_RING) from fault

    def change_passphrase(self, user: str, old: str, new: str, settings: Argon2Settings | None = None) -> None:
        """Wrap a person's identity under a new passphrase; rings stay as they are."""
        identity = self._identity(user, old)
        if fault := weakness(new):
            raise KnownError(fault)
        self.facts["slots"][user] = self._wrap(user, identity, new, settings or Argon2Settings())
        write(self.path, self.facts)

    def _identity(self, user: str, passphrase: str) -> str:
        from cryptography.exceptions import InvalidTag

        slot = self.facts["slots"].get(user)
        if slot is None:
            raise KnownError(NO_SLOT.format(user=user))
        try:
            kek = stretch(passphrase, as_bytes(slot["salt"]), Argon2Settings(**slot["argon2"]))
            return open_closed(kek, slot["identity"], self._about(user)).decode()
        except InvalidTag as fault:
            raise WrongPassphrase() from fault
        except (KeyError, ValueError, TypeError) as fault:
            raise KnownError(DAMAGED) from fault

    def _wrap(self, user: str, identity: str, passphrase: str, settings: Argon2Settings) -> dict[str, Any]:
        salt = os.urandom(16)
        kek = stretch(passphrase, salt, settings)
        return {
            "salt": as_text(salt),
            "argon2": {"memory": settings.memory, "passes": settings.passes, "lanes": settings.lanes},
            "identity": close(kek, identity.encode(), self._about(user)),
        }

    def _give(self, holder: str, recipient: str, ring: Ring) -> None:
        sealed = as_text(age.encrypt(ring.as_bytes(), [recipient]))
        self.facts["grants"][holder] = {"recipient": recipient, "ring": sealed}

    def _write(self, sign: Sign) -> None:
        self.facts["seal"] = as_text(sign(self._signed()))
        write(self.path, self.facts)

    def _signed(self) -> bytes:
        facts = {"centre": self.facts["centre"], "grants": self.facts["grants"]}
        return json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()

    def _about(self, user: str) -> bytes:
        """Binds a wrapped identity to its centre and person, so that slots cannot be swapped."""
        return f"trialdesk|{FORMAT}|{self.facts['centre']}|{user}|identity".encode()


class WrongPassphrase(KnownError):
    """The one fault that counts against a person."""

    def __init__(self) -> None:
        super().__init__(WRONG)


WRONG = Text(
    en="The passphrase does not fit. Check Caps Lock and the input method, then try again.",
    zh="口令不正确。请检查大写锁定与输入法后重试。",
)
NO_SLOT = Text(
    en="{user} has no passphrase at this centre. Ask the centre's administrator to set one.",
    zh="{user} 在本中心没有口令，请联系中心管理员设置。",
)
NO_RING = Text(
    en="This key opens nothing at this centre: it was taken back or replaced. Ask the centre's administrator.",
    zh="此密钥在本中心无效：已被收回或更换。请联系中心管理员。",
)
DAMAGED = Text(
    en="The centre's people.json is missing or damaged. Nothing was changed; restore it from the centre's backup.",
    zh="协调中心的 people.json 缺失或损坏，未作任何改动。请从中心备份恢复。",
)
FORGED = Text(
    en="people.json was changed outside TrialDesk: the centre's key did not sign who may sign in. Nobody was let in; "
    "restore it from the centre's backup and find out who wrote to the folder.",
    zh="people.json 在 TrialDesk 之外被改动：登录授权未经中心密钥签署，已拒绝登录。请从中心备份恢复，并查明何人写入该文件夹。",
)
