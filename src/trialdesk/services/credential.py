"""A person's own signing key and certificate: opened with that person's passphrase alone, fit to sign today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trialdesk.domain.admin.user import User
from trialdesk.domain.clinical.changes import CertificateTaken, UserAdded
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.desk import KEYS_FILE, OpenDesk

if TYPE_CHECKING:
    from cryptography import x509

    from trialdesk.security.certificates import Key


@dataclass(frozen=True)
class Credential:
    """A person ready to sign: the key, its certificate, and the certificates between it and the root."""

    user: User
    key: Key
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]

    def __repr__(self) -> str:
        return f"Credential({self.user.id!r})"

    @property
    def serial(self) -> str:
        """The certificate's serial number in hex, as records name it."""
        return f"{self.certificate.serial_number:x}"


def open_credential(desk: OpenDesk, user_id: str, passphrase: str) -> Credential:
    """Open a person's key for one act of signing; it is let go of when the act is over.

    Raises KnownError for a wrong passphrase, a person without a key or certificate, a certificate that does not belong
    to the key, is not of this study, has expired, or was revoked.
    """
    from trialdesk.security import key_slots
    from trialdesk.security.trust import check
    from trialdesk.services.certificates import require_newest_list

    user = person(desk, user_id)
    unlocked = key_slots.open_slot(desk.home / KEYS_FILE, user.id, passphrase)
    certificate = certificate_of(desk, user.id)
    if unlocked.signing_key is None or certificate is None:
        raise KnownError(_NONE.format(user=user.name))
    if certificate.public_key() != unlocked.signing_key.public_key():
        raise KnownError(_OTHER_KEY.format(user=user.name))
    require_newest_list(desk)
    chain = desk.chain
    check(certificate, desk.root, desk.session.clock.now(), desk.revoked, chain)
    return Credential(user, unlocked.signing_key, certificate, (*chain, desk.root))


def certificate_of(desk: OpenDesk, user_id: str) -> x509.Certificate | None:
    """The newest certificate on record for a person, or None."""
    from trialdesk.security.certificates import load_certificate

    held: str | None = None
    for record in desk.trail.records(origin=desk.session.origin, kinds=("UserAdded", "CertificateTaken")):
        change = record.change
        if isinstance(change, UserAdded | CertificateTaken) and change.user == user_id and change.certificate:
            held = change.certificate
    return load_certificate(held.encode()) if held else None


def person(desk: OpenDesk, user_id: str) -> User:
    """The person of this id; raises KnownError for one without an account here."""
    found = next((user for user in desk.users if user.id == user_id), None)
    if found is None:
        raise KnownError(_NO_ACCOUNT.format(user=user_id))
    return found


_NO_ACCOUNT = Text(
    en="{user} has no account here. Ask the administrator to add one.", zh="{user} 在此没有账户，请联系系统管理员添加。"
)
_NONE = Text(
    en="{user} has no signing certificate on this laptop. Ask the centre for one.",
    zh="{user} 在本机没有签名证书，请向中心申请。",
)
_OTHER_KEY = Text(
    en="{user} has a new key, and the certificate for it has not come yet. Take in the centre's answer, then sign.",
    zh="{user} 的密钥已更新，但相应证书尚未收到。请先导入中心的答复，再签名。",
)
