"""Whether a certificate may be believed: issued under the study's root, valid at that time, not revoked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization

from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.security.certificates import Authority, Subject


class Distrusted(KnownError):
    """A certificate that may not be believed; `why` is issuer, expired or revoked."""

    def __init__(self, why: Literal["issuer", "expired", "revoked"], text: Text) -> None:
        super().__init__(text)
        self.why = why


RevocationList = x509.CertificateRevocationList
Revoked = RevocationList | Sequence[RevocationList] | None
"""One revocation list, several (of the root and of sites), or none."""

LIST_DAYS = 90
"""How long a revocation list is current; an older one still holds, with a warning."""


@dataclass(frozen=True)
class Revocation:
    """When a certificate was revoked; after a stolen key not even earlier claimed times can be believed."""

    at: datetime
    stolen: bool


def revocation_list(
    authority: Authority, revoked: Mapping[int, datetime | Revocation], now: datetime, number: int = 1
) -> RevocationList:
    """The list of revoked certificates, current for 90 days; `number` only ever grows."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(authority.certificate.subject)
    builder = builder.last_update(now).next_update(now + timedelta(days=LIST_DAYS))
    builder = builder.add_extension(x509.CRLNumber(number), critical=False)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())
    builder = builder.add_extension(issuer, critical=False)
    for serial, entry in revoked.items():
        known = entry if isinstance(entry, Revocation) else Revocation(entry, stolen=False)
        reason = x509.ReasonFlags.key_compromise if known.stolen else x509.ReasonFlags.cessation_of_operation
        one = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(known.at)
        builder = builder.add_revoked_certificate(one.add_extension(x509.CRLReason(reason), critical=False).build())
    return builder.sign(authority.key, hashes.SHA256())


def check(
    certificate: x509.Certificate,
    root: x509.Certificate,
    at: datetime | None = None,
    revoked: Revoked = None,
    chain: Iterable[x509.Certificate] = (),
    proven: datetime | None = None,
) -> Subject:
    """Whom a certificate of this study names; raises KnownError: another study's, expired at that time, revoked.

    `at` is the time of use as its user says it, `proven` a time before which it was used as someone else vouches: a
    stolen key can claim any time. `chain` may hold the
    certificate of the site that issued it.
    """
    issuer = issuer_of(certificate, root, chain)
    subject = Subject.of(certificate.subject)
    if subject.study != Subject.of(root.subject).study:
        raise Distrusted("issuer", OTHER_STUDY)
    if issuer is not root:
        place = check(issuer, root, at, revoked, proven=proven)
        if place.kind != "site" or place.site != subject.site or subject.kind not in ("person", "workstation"):
            raise Distrusted("issuer", OTHER_STUDY)
    if at is not None and not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise Distrusted("expired", EXPIRED)
    entry = revocation(certificate, revoked)
    late = entry is not None and entry.stolen and (proven is None or proven >= entry.at)
    if entry is not None and (at is None or entry.at <= at or late):
        raise Distrusted("revoked", REVOKED)
    return subject


@dataclass(frozen=True)
class StudyTrust:
    """A study's root, its revocation lists, and the certificates of sites that are known beforehand."""

    root: x509.Certificate
    revoked: tuple[RevocationList, ...] = ()
    chain: tuple[x509.Certificate, ...] = ()

    def signer(
        self,
        certificate: x509.Certificate,
        at: datetime | None,
        chain: Sequence[x509.Certificate],
        proven: datetime | None,
    ) -> Subject:
        """Whom a certificate names; raises Distrusted. See `check`."""
        return check(certificate, self.root, at, self.revoked, (*chain, *self.chain), proven)


def issuer_of(
    certificate: x509.Certificate, root: x509.Certificate, chain: Iterable[x509.Certificate] = ()
) -> x509.Certificate:
    """The root or the site certificate that issued this one; raises KnownError when neither did."""
    for candidate in (root, *chain):
        try:
            certificate.verify_directly_issued_by(candidate)
        except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
            continue
        return candidate
    raise Distrusted("issuer", OTHER_STUDY)


def revocation(certificate: x509.Certificate, revoked: Revoked) -> Revocation | None:
    """When a certificate was revoked by the lists of its issuer, or None."""
    for one in lists(revoked):
        entry = one.get_revoked_certificate_by_serial_number(certificate.serial_number)
        if entry is not None and one.issuer == certificate.issuer:
            return Revocation(entry.revocation_date_utc, _stolen(entry))
    return None


def _stolen(entry: x509.RevokedCertificate) -> bool:
    try:
        reason = entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except x509.ExtensionNotFound:
        return True
    return reason in (x509.ReasonFlags.key_compromise, x509.ReasonFlags.ca_compromise, x509.ReasonFlags.unspecified)


def lists(revoked: Revoked) -> tuple[RevocationList, ...]:
    """The revocation lists as a tuple, however they were given."""
    if revoked is None:
        return ()
    return (revoked,) if isinstance(revoked, RevocationList) else tuple(revoked)


def list_number(revoked: RevocationList) -> int:
    """The number of a revocation list; of two the higher is newer."""
    return revoked.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number


def list_pem(revoked: RevocationList) -> bytes:
    """A revocation list as PEM."""
    return revoked.public_bytes(serialization.Encoding.PEM)


def load_list(content: bytes, root: x509.Certificate, chain: Iterable[x509.Certificate] = ()) -> RevocationList:
    """A revocation list from PEM; raises KnownError unless the study's root or one of its sites signed it."""
    try:
        made = x509.load_pem_x509_crl(content)
        signed = any(made.is_signature_valid(one.public_key()) for one in (root, *chain))  # type: ignore[arg-type]
    except (ValueError, TypeError) as fault:
        raise KnownError(BAD_LIST) from fault
    if not signed:
        raise KnownError(BAD_LIST)
    return made


OTHER_STUDY = Text(
    en="The signature comes from a certificate this study did not issue. Do not use the file; ask who sent it.",
    zh="签名所用证书并非本研究签发。请勿使用此文件，并向发送方核实。",
)
EXPIRED = Text(
    en="The certificate was not valid at the time of signing. Ask the centre to renew it.",
    zh="签名时证书不在有效期内，请联系中心更新证书。",
)
REVOKED = Text(
    en="The certificate was revoked before the time of signing. Do not use the file; ask the centre.",
    zh="证书在签名之前已被吊销。请勿使用此文件，并联系中心。",
)
BAD_LIST = Text(
    en="The list of revoked certificates is damaged or not of this study. It was not taken in; fetch it again.",
    zh="吊销列表已损坏或不属于本研究，未导入。请重新获取。",
)
