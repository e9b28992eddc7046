"""Detached signatures over bytes (CMS SignedData, RFC 5652), which openssl checks without TrialDesk."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7

from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.security.certificates import Key
from trialdesk.security.trust import Revoked, check


@dataclass(frozen=True)
class SignerIdentity:
    """Who signed: kind, id, role, site and study of the certificate, its serial number, the claimed time."""

    kind: str
    id: str
    role: str
    site: str
    study: str
    serial: int
    signed_at: datetime | None


def sign(content: bytes, key: Key, certificate: x509.Certificate, chain: Sequence[x509.Certificate] = ()) -> bytes:
    """A detached signature in DER; `chain` carries along the certificate of a site that issued the signer's."""
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary, pkcs7.PKCS7Options.NoCapabilities]
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content).add_signer(certificate, key, hashes.SHA256())
    for one in chain:
        builder = builder.add_certificate(one)
    return builder.sign(serialization.Encoding.DER, options)


def verify(
    content: bytes,
    signature: bytes,
    root: x509.Certificate,
    revoked: Revoked = None,
    at: datetime | None = None,
) -> SignerIdentity:
    """Who signed these bytes; raises KnownError for changed bytes, an unreadable signature, or an untrusted signer.

    `at` is when the certificate must have been valid; without it the claimed signing time is used.
    """
    from asn1crypto import cms as asn1
    from asn1crypto import tsp  # noqa: F401  adds attributes to cms; too late once cms was used, and signing a PDF fails

    try:
        info = asn1.ContentInfo.load(signature, strict=True)
        signed: Any = info["content"]
        (signer,) = signed["signer_infos"]
        certificate, chain = _certificates_of(signed, signer)
        attributes = signer["signed_attrs"]
        values = {one["type"].native: one["values"] for one in attributes}
        digest = values["message_digest"][0].native
        public = certificate.public_key()
        if signer["digest_algorithm"]["algorithm"].native != "sha256" or not isinstance(
            public, ec.EllipticCurvePublicKey
        ):
            raise KnownError(_UNREADABLE)
        public.verify(signer["signature"].native, attributes.untag().dump(), ec.ECDSA(hashes.SHA256()))
    except (ValueError, TypeError, KeyError, UnsupportedAlgorithm) as fault:
        raise KnownError(_UNREADABLE) from fault
    except InvalidSignature as fault:
        raise KnownError(_CHANGED) from fault
    if digest != hashlib.sha256(content).digest():
        raise KnownError(_CHANGED)
    claimed = values["signing_time"][0].native if "signing_time" in values else None
    subject = check(certificate, root, at or claimed, revoked, chain)
    return SignerIdentity(
        subject.kind, subject.id, subject.role, subject.site, subject.study, certificate.serial_number, claimed
    )


def _certificates_of(signed: Any, signer: Any) -> tuple[x509.Certificate, list[x509.Certificate]]:
    """The signer's certificate, and the others that were carried along."""
    wanted = signer["sid"].chosen["serial_number"].native
    carried = [x509.load_der_x509_certificate(choice.chosen.dump()) for choice in signed["certificates"]]
    own = next((one for one in carried if one.serial_number == wanted), None)
    if own is None:
        raise KnownError(_UNREADABLE)
    return own, [one for one in carried if one is not own]


_UNREADABLE = Text(
    en="The signature cannot be read. The file is damaged or was not made by TrialDesk; fetch it again.",
    zh="无法读取签名。文件已损坏或并非由 TrialDesk 生成，请重新获取。",
)
_CHANGED = Text(
    en="The content was changed after it was signed. Do not use the file; fetch it again from its sender.",
    zh="内容在签名后被改动。请勿使用此文件，并向发送方重新获取。",
)
