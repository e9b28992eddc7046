"""One travelling person's keys in one file under one passphrase: what packs are encrypted for, and what signs results.

The passphrase goes through Argon2id; the keys are closed by AES-256-GCM, bound to the person they belong to.
"""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass
from pathlib import Path

from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.security import age
from trialdesk.security.certificates import Key, Subject, key_bytes, load_key, make_request, new_key
from trialdesk.security.passwords import Argon2Settings, stretch, weakness

FORMAT = 1


@dataclass(frozen=True)
class PersonalKeys:
    """Opened keys: the secret age identity and the signing key; their owner alone holds them."""

    id: str
    identity: str
    signing_key: Key

    def __repr__(self) -> str:
        return f"PersonalKeys({self.id!r})"

    @property
    def recipient(self) -> str:
        """What others encrypt for this person with."""
        return age.recipient_of(self.identity)

    def request(self, role: str, study: str) -> bytes:
        """A signing request in PEM for this person at the centre."""
        return make_request(self.signing_key, Subject("person", self.id, role, "centre", study))

    def side_file(self, purpose: str) -> SideKey:
        """A key for the person's own file of this purpose; nobody without the identity can write into it."""
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        made = HKDF(hashes.SHA256(), 32, None, f"trialdesk|{purpose}".encode()).derive(self.identity.encode())
        return SideKey(made, purpose)


@dataclass(frozen=True)
class SideKey:
    """Closes the lines of a file one by one; a line that was moved, changed or made by others does not open."""

    secret: bytes
    purpose: str

    def __repr__(self) -> str:
        return f"SideKey({self.purpose!r})"

    def close(self, number: int, content: bytes) -> bytes:
        """The `number`-th line, closed, in letters."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = os.urandom(12)
        return base64.b64encode(nonce + AESGCM(self.secret).encrypt(nonce, content, self._about(number)))

    def open(self, number: int, closed: bytes) -> bytes | None:
        """What the `number`-th line holds, or None when it is not that line as it was written."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            content = base64.b64decode(closed, validate=True)
            return AESGCM(self.secret).decrypt(content[:12], content[12:], self._about(number))
        except (InvalidTag, ValueError):
            return None

    def _about(self, number: int) -> bytes:
        return f"{self.purpose}|{number}".encode()


def make_keys(path: Path, id: str, passphrase: str, settings: Argon2Settings | None = None) -> PersonalKeys:
    """Make a person's keys in a new file; raises KnownError for a weak passphrase or a file that is there already."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if path.exists():
        raise KnownError(_EXISTS.format(path=path.name))
    if fault := weakness(passphrase):
        raise KnownError(fault)
    identity, _ = age.new_identity()
    made = PersonalKeys(id, identity, new_key())
    salt, nonce, cost = os.urandom(16), os.urandom(12), settings or Argon2Settings()
    plain = json.dumps({"identity": identity, "key": key_bytes(made.signing_key).decode()}).encode()
    closed = AESGCM(stretch(passphrase, salt, cost)).encrypt(nonce, plain, _about(id))
    about = {"memory": cost.memory, "passes": cost.passes, "lanes": cost.lanes}
    parts = {"salt": _text(salt), "argon2": about, "keys": _text(nonce + closed)}
    _write(path, json.dumps({"format": FORMAT, "id": id, **parts}, indent=1).encode())
    return made


def open_keys(path: Path, passphrase: str) -> PersonalKeys:
    """Open a person's keys; raises KnownError for a wrong passphrase or a file that is none."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        kek = stretch(passphrase, base64.b64decode(held["salt"]), Argon2Settings(**held["argon2"]))
        closed = base64.b64decode(held["keys"])
        plain = json.loads(AESGCM(kek).decrypt(closed[:12], closed[12:], _about(held["id"])))
        return PersonalKeys(held["id"], plain["identity"], load_key(plain["key"].encode()))
    except InvalidTag as fault:
        raise KnownError(_WRONG) from fault
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise KnownError(_DAMAGED.format(path=path.name)) from fault


def _about(id: str) -> bytes:
    return f"trialdesk|{FORMAT}|{id}|personal keys".encode()


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _write(path: Path, content: bytes) -> None:
    """A file its owner alone can read, down to the disk."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as fault:
        raise KnownError(_UNWRITTEN.format(path=path.name, why=fault.strerror or fault)) from fault


_EXISTS = Text(
    en="{path} is there already; a new key would make earlier packs unreadable. Choose another folder.",
    zh="{path} 已存在；新建密钥会使先前的数据包无法打开。请另选文件夹。",
)
_WRONG = Text(
    en="The passphrase does not fit. Check Caps Lock and the input method, then try again.",
    zh="口令不正确。请检查大写锁定与输入法后重试。",
)
_DAMAGED = Text(
    en="{path} is missing, damaged or no key file of a monitor. Take it from your backup, or make new keys and let the "
    "centre enter you again.",
    zh="{path} 不存在、已损坏，或不是监查员密钥文件。请从备份取回，或新建密钥并请中心重新登记。",
)
_UNWRITTEN = Text(
    en="{path} could not be written ({why}). Free space or check the folder, then try again.",
    zh="无法写入 {path}（{why}）。请清理磁盘空间或检查文件夹后重试。",
)
