"""Certificates at the desk: requests to be carried to the authority, its answers, renewal, and what was revoked.

A signing key is made here, sealed by its owner's passphrase alone, and never leaves; only the request and the
certificate travel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from trialdesk.domain.actions.outcome import Refusal, refuse_role
from trialdesk.domain.admin.role import Act
from trialdesk.domain.admin.user import User
from trialdesk.domain.clinical.changes import AccessReset, CertificateTaken, ReceiptTaken
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.authority import RENEW_DAYS
from trialdesk.services.credential import certificate_of, person
from trialdesk.services.desk import KEYS_FILE, REVOKED_FILE, SITE_FILE, TRUST_FOLDER, OpenDesk, is_signer
from trialdesk.services.private_file import write_private

if TYPE_CHECKING:
    from cryptography import x509

    from trialdesk.security.trust import RevocationList


@dataclass(frozen=True)
class Standing:
    """How it stands with one certificate of this desk; `user` is None for the workstation's own.

    `days` are left until it ends; `why` says what is the matter, or None when all is well.
    """

    user: User | None
    ends: datetime | None
    days: int | None
    why: Text | None


def standings(desk: OpenDesk) -> tuple[Standing, ...]:
    """The certificate of every signer of this desk and of the workstation."""
    from trialdesk.security.certificates import load_certificate

    own = load_certificate(desk.meta["workstation_certificate"].encode())
    signers = [user for user in desk.users if is_signer(user)]
    return (*(_standing(desk, user, certificate_of(desk, user.id)) for user in signers), _standing(desk, None, own))


def _standing(desk: OpenDesk, user: User | None, certificate: x509.Certificate | None) -> Standing:
    from trialdesk.security.trust import Distrusted, check

    if certificate is None or (user is not None and was_reset(desk, user.id)):
        return Standing(user, None, None, _NO_CERTIFICATE)
    now = desk.session.clock.now()
    ends = certificate.not_valid_after_utc
    days = (ends - now).days
    try:
        check(certificate, desk.root, now, desk.revoked, desk.chain)
    except Distrusted as fault:
        return Standing(user, ends, days, fault.text)
    return Standing(user, ends, days, _ENDS.format(days=days) if days < RENEW_DAYS else None)


def was_reset(desk: OpenDesk, user_id: str) -> bool:
    """True while an administrator's reset is newer than the person's certificate: the key belonging to that is gone."""
    kinds = ("UserAdded", "CertificateTaken", "AccessReset")
    last = None
    for record in desk.trail.records(origin=desk.session.origin, kinds=kinds):
        if getattr(record.change, "user", None) == user_id:
            last = record.change
    return isinstance(last, AccessReset)


def reset_access(desk: OpenDesk, user_id: str, passphrase: str) -> Refusal | None:
    """Let a person in again under a new passphrase; administrators only.

    The person's signing key is destroyed by it, so that nobody who knows the new passphrase can sign in the person's
    name: signing needs a new key and a new certificate. Raises KnownError for a weak passphrase.
    """
    from trialdesk.security import key_slots

    refusal = refuse_role(desk.session.user.role, Act.MANAGE_USERS)
    if refusal:
        return refusal
    user = person(desk, user_id)
    key_slots.reset_user(desk.home / KEYS_FILE, desk.unlocked, user.id, passphrase)
    desk.session.record([AccessReset(user=user.id)])
    return None


def write_request(desk: OpenDesk, user_id: str | None, passphrase: str, folder: Path) -> Path:
    """Write a signing request to a folder, such as a stick: a person's own, or the workstation's without a person.

    A person whose key was lost by a reset gets a new one here, sealed by the passphrase given. Raises KnownError for a
    wrong passphrase or a folder that cannot be written.
    """
    from trialdesk.exchange.envelope import write_durably
    from trialdesk.security import key_slots
    from trialdesk.security.certificates import Subject, load_key, make_request

    site, study = desk.session.site, desk.study.oid
    if user_id is None:
        key = load_key(desk.meta["workstation_key"].encode())
        subject = Subject("workstation", desk.session.origin, "workstation", site, study)
    else:
        user = person(desk, user_id)
        if not is_signer(user):
            raise KnownError(_NOT_A_SIGNER.format(user=user.name))
        key = key_slots.own_key(desk.home / KEYS_FILE, user.id, passphrase)
        subject = Subject("person", user.id, user.role, site, study)
    path = folder / f"{site}_{desk.session.origin}_{subject.id}.csr"
    write_durably(path, make_request(key, subject))
    return path


def take_certificate(desk: OpenDesk, path: Path) -> User | None:
    """Take in the authority's answer and record it; returns whose it is, None for the workstation's own.

    Raises KnownError for a file that is no certificate, not of this study, site or workstation, or not good now.
    """
    from trialdesk.security.certificates import load_certificate, load_key, pem
    from trialdesk.security.trust import check
    from trialdesk.storage.database import write_meta

    try:
        certificate = load_certificate(path.read_bytes())
    except OSError as fault:
        raise KnownError(_UNREADABLE.format(name=path.name, why=fault.strerror or fault)) from fault
    subject = check(certificate, desk.root, desk.session.clock.now(), desk.revoked, desk.chain)
    text = pem(certificate).decode()
    if subject.site != desk.session.site:
        raise KnownError(_NOT_HERE.format(id=subject.id))
    if subject.kind == "workstation" and subject.id == desk.session.origin:
        own = load_key(desk.meta["workstation_key"].encode())
        if own.public_key() != certificate.public_key():
            raise KnownError(_NOT_HERE.format(id=subject.id))
        write_meta(desk.engine, workstation_certificate=text)
        desk.meta["workstation_certificate"] = text
        desk.session.record([CertificateTaken(certificate=text)])
        return None
    if subject.kind == "site":
        write_private(desk.home / TRUST_FOLDER / SITE_FILE, text.encode())
        desk.session.record([CertificateTaken(certificate=text)])
        return None
    user = next((one for one in desk.users if one.id == subject.id), None)
    if subject.kind != "person" or user is None or user.role != subject.role:
        raise KnownError(_NOT_HERE.format(id=subject.id))
    desk.session.record([CertificateTaken(user=user.id, certificate=text)])
    return user


def take_revocations(desk: OpenDesk, lists: Sequence[str]) -> int | None:
    """Keep the list of revoked certificates that a receipt brought, if it is newer; returns its number."""
    from trialdesk.security.trust import list_number, list_pem, load_list

    number: int | None = None
    for text in lists:
        fresh = load_list(text.encode(), desk.root, desk.chain)
        number = list_number(fresh)
        held = [list_number(one) for one in desk.revoked if one.issuer == fresh.issuer]
        if not held or number > max(held):
            name = REVOKED_FILE if fresh.issuer == desk.root.subject else f"site-{REVOKED_FILE}"
            write_private(desk.home / TRUST_FOLDER / name, list_pem(fresh))
    return number


def require_newest_list(desk: OpenDesk) -> None:
    """Raises KnownError when the list that was taken in is gone or older than the trail says: it was set back."""
    from trialdesk.security.trust import list_number

    receipts = desk.trail.records(origin=desk.session.origin, kinds=("ReceiptTaken",))
    told = max((r.change.revocations or 0 for r in receipts if isinstance(r.change, ReceiptTaken)), default=0)
    if told and max((list_number(one) for one in desk.revoked), default=0) < told:
        raise KnownError(_SET_BACK)


def stale_since(desk: OpenDesk) -> datetime | None:
    """Since when the list of revoked certificates should have been replaced by a newer one, or None while it is current.

    A stale list warns and never blocks care.
    """
    now = desk.session.clock.now()
    newest: list[RevocationList] = list(desk.revoked)
    ends = [one.next_update_utc for one in newest if one.next_update_utc is not None]
    late = min((end for end in ends if end < now), default=None)
    return late


_NO_CERTIFICATE = Text(
    en="No certificate for the key on this laptop. Write a request and have it carried to the centre.",
    zh="本机密钥没有证书。请写出申请，并送交中心。",
)
_ENDS = Text(
    en="It ends in {days} days. Write a request now and have it carried to the centre.",
    zh="将在 {days} 天后到期。请现在写出申请，并送交中心。",
)
_NOT_A_SIGNER = Text(en="{user} does not sign and needs no certificate.", zh="{user} 无需签名，不需要证书。")
_NOT_HERE = Text(
    en="The certificate of {id} does not belong to this laptop. Take it to the one that wrote the request.",
    zh="{id} 的证书不属于本机。请在写出申请的电脑上导入。",
)
_UNREADABLE = Text(
    en="{name} cannot be read ({why}). Check the stick, then try again.",
    zh="无法读取 {name}（{why}）。请检查 U 盘后重试。",
)
_SET_BACK = Text(
    en="The list of revoked certificates was removed or set back to an older one. Take in the centre's newest receipt "
    "again; until then nothing can be signed here.",
    zh="吊销列表已被删除或退回旧版。请重新导入中心的最新回执；在此之前本机不能签名。",
)
