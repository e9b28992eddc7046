"""A file of secrets sealed for persons: what is wrapped in it, and how it is read and replaced without ever being half."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Any

from trialdesk.domain.text import Text
from trialdesk.errors import KnownError

FORMAT = 1


def close(kek: bytes, content: bytes, about: bytes) -> str:
    """Content sealed under a 32-byte key (AES-256-GCM), bound to what it is about, as base64 text."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(12)
    return as_text(nonce + AESGCM(kek).encrypt(nonce, content, about))


def open_closed(kek: bytes, closed: str, about: bytes) -> bytes:
    """The content again; raises cryptography's InvalidTag for a wrong key or anything changed."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    content = as_bytes(closed)
    return AESGCM(kek).decrypt(content[:12], content[12:], about)


def as_text(content: bytes) -> str:
    """Bytes as base64."""
    return base64.b64encode(content).decode()


def as_bytes(text: str) -> bytes:
    """Bytes from base64; raises ValueError."""
    return base64.b64decode(text, validate=True)


def read(path: Path, damaged: Text | None = None) -> dict[str, Any]:
    """The file's facts; raises KnownError for one of a newer TrialDesk, and `damaged` for one missing or damaged."""
    try:
        slots: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if slots["format"] > FORMAT:
            raise KnownError(NEWER)
        return slots
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise KnownError(damaged or DAMAGED) from fault


def write(path: Path, slots: dict[str, Any]) -> None:
    """Replace the file in one step, readable by its owner alone; a crash leaves the old one or the new one whole."""
    temporary = path.with_suffix(".new")
    try:
        with open(temporary, "w", encoding="utf-8", opener=_private) as file:
            json.dump(slots, file, indent=1, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        if os.name != "nt":
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
    except OSError as fault:
        raise KnownError(
            Text(
                en="The key file could not be written ({why}). Free space or check the folder, then try again.",
                zh="无法写入密钥文件（{why}）。请清理磁盘空间或检查文件夹后重试。",
            ).format(why=fault.strerror or fault)
        ) from fault


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


DAMAGED = Text(
    en="The key file of this desk is missing or damaged. Nothing was changed; restore it from the backup stick.",
    zh="本工作台的密钥文件缺失或损坏，未作任何改动。请从备份 U 盘恢复。",
)
NEWER = Text(
    en="This desk was made by a newer TrialDesk. Install the newer version.",
    zh="本工作台由更新版本的 TrialDesk 创建，请安装新版本。",
)
