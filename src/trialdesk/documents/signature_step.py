"""Step 2: the signed bytes are whole, and what came after a signature is no more than it allows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from trialdesk.documents.examined import Examined, entry
from trialdesk.documents.verdict import Flaw
from trialdesk.domain.text import Text

_STRONG = ("sha256", "sha384", "sha512")


def run(seen: Examined) -> None:
    """Look at each signature, then at the centre's timestamps."""
    seen.step = 2
    for signature in seen.signatures:
        _one(seen, signature)
    for stamp in seen.timestamps:
        _stamp(seen, stamp)
    if seen.timestamps:
        seen.level = "B-LTA" if _has_store(seen) else "B-T"
    seen.end_step()


def _one(seen: Examined, signature: Any) -> None:
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation import validate_pdf_signature

    who = Text(en=signature.field_name, zh=signature.field_name)
    seen.say(
        signature.md_algorithm in _STRONG,
        Text(en="{who}: signed with {how}.", zh="{who}：签名算法 {how}。").format(who=who, how=signature.md_algorithm),
        Text(en="{who}: signed with {how}, which is too weak.", zh="{who}：签名算法 {how} 强度不足。").format(
            who=who, how=signature.md_algorithm
        ),
        Flaw.WEAK_HASH,
    )
    status = validate_pdf_signature(signature, context(seen, signature.self_reported_timestamp))
    seen.say(
        status.intact and status.valid,
        Text(en="{who}: the signed bytes are unchanged.", zh="{who}：签名内容未改动。").format(who=who),
        Text(en="{who}: the signed bytes were changed.", zh="{who}：签名内容已被改动。").format(who=who),
        Flaw.BYTES_CHANGED,
    )
    most = ModificationLevel.FORM_FILLING if signature.field_name == "DataEntry" else ModificationLevel.LTA_UPDATES
    level = status.modification_level
    seen.say(
        bool(status.docmdp_ok) and level is not None and level.value <= most.value,
        Text(
            en="{who}: nothing was added that the signature does not allow.", zh="{who}：签名后无不允许的增改。"
        ).format(who=who),
        Text(
            en="{who}: something was added or changed after the signature.", zh="{who}：签名之后内容被添加或更改。"
        ).format(who=who),
        Flaw.AFTERWARDS,
    )


def _stamp(seen: Examined, stamp: Any) -> None:
    from pyhanko.sign.validation import validate_pdf_timestamp

    moment: datetime = stamp.signed_data["encap_content_info"]["content"].parsed["gen_time"].native
    status = validate_pdf_timestamp(stamp, context(seen, moment))
    fine = status.intact and status.valid and status.trusted and _is_the_centres(seen, stamp, moment)
    seen.say(
        fine,
        Text(en="The centre's timestamp of {at} is whole.", zh="中心时间戳（{at}）完好。").format(at=_utc(moment)),
        Text(en="A timestamp is not the centre's, or was changed.", zh="时间戳不属于本研究中心，或已被改动。"),
        Flaw.TIMESTAMP,
    )
    if fine and (seen.sealed_at is None or moment < seen.sealed_at):
        seen.sealed_at = moment


def _is_the_centres(seen: Examined, stamp: Any, moment: datetime) -> bool:
    from trialdesk.errors import KnownError

    try:
        return seen.trust.signer(certificate_of(stamp), moment, (), None).kind == "timestamp"
    except KnownError:
        return False


def _has_store(seen: Examined) -> bool:
    """Certificates and revocation lists stand inside, under the newest timestamp."""
    store = entry(seen.reader.root, "/DSS", {})
    return all(key in store and len(store[key]) > 0 for key in ("/Certs", "/CRLs"))


def context(seen: Examined, moment: datetime | None) -> Any:
    """The study's root and nothing else, at one moment; the network is never asked."""
    from asn1crypto import x509 as asn1
    from cryptography.hazmat.primitives import serialization
    from pyhanko_certvalidator import ValidationContext

    anchor = asn1.Certificate.load(seen.trust.root.public_bytes(serialization.Encoding.DER))
    return ValidationContext(trust_roots=[anchor], allow_fetching=False, moment=moment, revocation_mode="soft-fail")


def certificate_of(signature: Any) -> Any:
    """The signer's certificate."""
    from cryptography import x509

    return x509.load_der_x509_certificate(signature.signer_cert.dump())


def chain_of(signature: Any) -> list[Any]:
    """The other certificates a signature carries."""
    from cryptography import x509

    return [x509.load_der_x509_certificate(one.dump()) for one in signature.other_embedded_certs]


def _utc(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M UTC")
