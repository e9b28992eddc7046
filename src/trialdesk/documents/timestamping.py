"""The centre's own timestamp authority (RFC 3161): it answers a request with a token signed by the study's TSA key."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

POLICY = "2.25.168411532717434094651463224573108321573"
"""Policy of the tokens (a UUID-based OID): the centre's clock, checked by the centre, for this study only."""


@dataclass(frozen=True)
class TimestampKey:
    """The key of the study's timestamp authority, its certificate, and those that stand above it."""

    key: EllipticCurvePrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]


def answer(request: Any, authority: TimestampKey, at: datetime) -> Any:
    """The response to a timestamp request (asn1crypto `TimeStampReq` to `TimeStampResp`)."""
    from asn1crypto import tsp

    info = {
        "version": "v1",
        "policy": POLICY,
        "message_imprint": request["message_imprint"],
        "serial_number": int.from_bytes(os.urandom(8), "big") >> 1,
        "gen_time": at.replace(microsecond=0),
        "accuracy": {"seconds": 1},
    }
    if request["nonce"].native is not None:
        info["nonce"] = request["nonce"]
    content = tsp.TSTInfo(info).dump()
    return tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": _token(content, authority, at)})


def _token(content: bytes, authority: TimestampKey, at: datetime) -> dict[str, Any]:
    from asn1crypto import algos, cms, core, tsp
    from asn1crypto import x509 as asn1
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    def plain(one: x509.Certificate) -> asn1.Certificate:
        return asn1.Certificate.load(one.public_bytes(serialization.Encoding.DER))

    own = plain(authority.certificate)
    certificate_id = tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(own.dump()).digest()})
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["tst_info"]}),
            cms.CMSAttribute(
                {"type": "signing_time", "values": [cms.Time({"utc_time": core.UTCTime(at.replace(microsecond=0))})]}
            ),
            cms.CMSAttribute({"type": "message_digest", "values": [hashlib.sha256(content).digest()]}),
            cms.CMSAttribute(
                {"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": [certificate_id]})]}
            ),
        ]
    )
    digest = algos.DigestAlgorithm({"algorithm": "sha256"})
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": {"issuer_and_serial_number": {"issuer": own.issuer, "serial_number": own.serial_number}},
            "digest_algorithm": digest,
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signature": authority.key.sign(attributes.untag().dump(), ec.ECDSA(hashes.SHA256())),
        }
    )
    signed = {
        "version": "v3",
        "digest_algorithms": cms.DigestAlgorithms([digest]),
        "encap_content_info": {"content_type": "tst_info", "content": cms.ParsableOctetString(content)},
        "certificates": [own, *(plain(one) for one in authority.chain)],
        "signer_infos": [signer],
    }
    return {"content_type": "signed_data", "content": cms.SignedData(signed)}
