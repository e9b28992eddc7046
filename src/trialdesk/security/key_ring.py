"""Keys of the centre's secrets: each secret is sealed under a key of its own, and a ring holds the keys one may use."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.security.slot_file import as_bytes, as_text

MARK = b"TRIALDESK SEALED KEY 1\n"
"""What every sealed secret begins with; a file without it is plain, so a folder sealed halfway is read all the same."""


@dataclass(frozen=True)
class Ring:
    """The keys somebody may use, by name of the secret each opens; never printed."""

    keys: Mapping[str, bytes]

    def __repr__(self) -> str:
        return f"Ring({sorted(self.keys)})"

    def only(self, names: Iterable[str]) -> Ring:
        """The same ring without the keys that are not named."""
        wanted = frozenset(names)
        return Ring({name: key for name, key in self.keys.items() if name in wanted})

    def seal(self, name: str, content: bytes) -> bytes:
        """A secret under its key (AES-256-GCM), bound to its name; raises KnownError where the ring has no key for it."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = os.urandom(12)
        return MARK + nonce + AESGCM(self._key(name)).encrypt(nonce, content, _about(name))

    def open(self, name: str, content: bytes) -> bytes:
        """The secret again; a plain one is returned as it is. Raises KnownError without its key, or when it was changed."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        if not is_sealed(content):
            return content
        sealed = content[len(MARK) :]
        try:
            return AESGCM(self._key(name)).decrypt(sealed[:12], sealed[12:], _about(name))
        except (InvalidTag, ValueError) as fault:
            raise KnownError(_CHANGED.format(name=name)) from fault

    def as_bytes(self) -> bytes:
        """The ring itself, to be encrypted for whoever may hold it."""
        return json.dumps({name: as_text(key) for name, key in sorted(self.keys.items())}).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> Ring:
        """The ring from its bytes; raises ValueError."""
        return cls({str(name): as_bytes(key) for name, key in json.loads(content).items()})

    def _key(self, name: str) -> bytes:
        try:
            return self.keys[name]
        except KeyError as fault:
            raise KnownError(NOT_YOURS.format(name=name)) from fault


def new_ring(names: Iterable[str]) -> Ring:
    """A fresh random key for each secret."""
    return Ring({name: os.urandom(32) for name in names})


def is_sealed(content: bytes) -> bool:
    """True when a secret is sealed, false when it lies plain."""
    return content.startswith(MARK)


def _about(name: str) -> bytes:
    """Binds a sealed secret to its name, so that files cannot be swapped."""
    return f"trialdesk|centre|{name}".encode()


NOT_YOURS = Text(
    en="The key {name} is sealed, and nobody who may use it has signed in. Let a person with that right sign in.",
    zh="密钥 {name} 已封存，且尚无有权使用者登录。请由有此权限的人员登录后操作。",
)
_CHANGED = Text(
    en="The sealed key {name} was changed or is of another centre. Nothing was done; restore it from the backup.",
    zh="封存的密钥 {name} 已被改动，或不属于本中心。未执行任何操作，请从备份恢复。",
)
