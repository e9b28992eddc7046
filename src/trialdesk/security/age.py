"""Encryption for named recipients in the age format, which opens in ten years with the age command alone."""

from __future__ import annotations

from collections.abc import Sequence

from trialdesk.domain.text import Text
from trialdesk.errors import KnownError


def new_identity() -> tuple[str, str]:
    """A fresh secret identity and the recipient to give away."""
    import pyrage

    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def recipient_of(identity: str) -> str:
    """The recipient that belongs to a secret identity."""
    import pyrage

    return str(pyrage.x25519.Identity.from_str(identity).to_public())


def encrypt(content: bytes, recipients: Sequence[str]) -> bytes:
    """An age file that each recipient can open."""
    import pyrage

    return bytes(pyrage.encrypt(content, [pyrage.x25519.Recipient.from_str(one) for one in recipients]))


def decrypt(content: bytes, identity: str) -> bytes:
    """The content of an age file; raises KnownError when it is for someone else or was changed."""
    import pyrage

    try:
        return bytes(pyrage.decrypt(content, [pyrage.x25519.Identity.from_str(identity)]))
    except pyrage.IdentityError as fault:
        raise KnownError(
            Text(
                en="The file given as a key holds no key. Choose the file the centre wrote, such as recovery.age.",
                zh="作为密钥给出的文件中没有密钥。请选择中心写出的文件，例如 recovery.age。",
            )
        ) from fault
    except pyrage.DecryptError as fault:
        raise KnownError(
            Text(
                en="The encrypted part cannot be opened with this key: it is for another recipient, or it was changed. "
                "Nothing was taken in.",
                zh="无法用此密钥解密：收件方不符，或内容已被改动。未导入任何数据。",
            )
        ) from fault
