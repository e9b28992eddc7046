"""What makes a passphrase good enough, and the slow function that turns it into a key."""

from __future__ import annotations

from dataclasses import dataclass

from trialdesk.domain.text import Text

LEAST = 12
_COMMON = ("password", "12345678", "qwerty", "trialdesk", "administrator", "letmein", "iloveyou", "888888", "woaini")


@dataclass(frozen=True)
class Argon2Settings:
    """Cost of Argon2id, stored with each slot so that it can be raised later; memory in KiB.

    64 MiB, 3 passes, 4 lanes is the least TrialDesk uses (RFC 9106, section 4, second recommended option).
    """

    memory: int = 64 * 1024
    passes: int = 3
    lanes: int = 4


def weakness(passphrase: str) -> Text | None:
    """What is wrong with a new passphrase, or None when it will do."""
    if len(passphrase) < LEAST:
        return Text(
            en="Use at least {n} characters; a short sentence is easy to remember.",
            zh="口令至少 {n} 个字符，短句更易记。",
        ).format(n=LEAST)
    plain = passphrase.lower()
    if any(word in plain and len(plain) - len(word) < 6 for word in _COMMON) or len(set(plain)) < 5:
        return Text(en="This passphrase is too easy to guess; choose another.", zh="此口令过于常见，请换一个。")
    return None


def stretch(passphrase: str, salt: bytes, settings: Argon2Settings) -> bytes:
    """32 bytes from a passphrase by Argon2id; about 150 ms at the least settings."""
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    made = Argon2id(
        salt=salt, length=32, iterations=settings.passes, lanes=settings.lanes, memory_cost=settings.memory
    ).derive(passphrase.encode())
    return bytes(made)
