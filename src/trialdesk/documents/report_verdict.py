"""The verdict on a signed report of the centre or of a monitor: one signature over the whole file, by whom it says."""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass
from typing import Any

from trialdesk.documents.signature_step import certificate_of, chain_of
from trialdesk.documents.verdict import Trust
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError

FIELDS = {"Centre": "centre", "Monitor": "person"}
"""The field of each kind of report, and the kind of certificate that may sign it."""


@dataclass(frozen=True)
class Judged:
    """One thing that was looked at in a report."""

    fine: bool
    says: Text


def judge_report(pdf: bytes, trust: Trust) -> tuple[Judged, ...] | None:
    """Judge a signed report by the root of its study; None for a file whose one field is not that of a report."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    for logger in ("pyhanko", "pyhanko_certvalidator"):
        # The verdict says in words what these would print as a trace.
        logging.getLogger(logger).setLevel(logging.CRITICAL)
    try:
        signatures = PdfFileReader(io.BytesIO(pdf), strict=True).embedded_signatures
    except Exception:  # damage shows as many kinds of exception; the verdict on a CRF says in words that it is no PDF
        return None
    if len(signatures) != 1 or signatures[0].field_name not in FIELDS:
        return None
    try:
        return (_whole(signatures[0], trust), _signer(signatures[0], trust))
    except Exception:
        return (Judged(False, _CHANGED),)


def _whole(signature: Any, trust: Trust) -> Judged:
    from asn1crypto import x509 as asn1
    from cryptography.hazmat.primitives import serialization
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    anchor = asn1.Certificate.load(trust.root.public_bytes(serialization.Encoding.DER))
    moment = signature.self_reported_timestamp
    status = validate_pdf_signature(
        signature,
        ValidationContext(trust_roots=[anchor], allow_fetching=False, moment=moment, revocation_mode="soft-fail"),
    )
    fine = (
        status.intact
        and status.valid
        and status.coverage == SignatureCoverageLevel.ENTIRE_FILE
        and status.modification_level == ModificationLevel.NONE
    )
    return Judged(bool(fine), _WHOLE if fine else _CHANGED)


def _signer(signature: Any, trust: Trust) -> Judged:
    certificate, at = certificate_of(signature), signature.self_reported_timestamp
    try:
        subject = trust.signer(certificate, at, chain_of(signature), None)
    except KnownError as fault:
        return Judged(False, fault.text)
    kind = FIELDS[signature.field_name]
    fine = subject.kind == kind and (kind == "centre" or subject.role == "monitor")
    when = at.isoformat(sep=" ", timespec="seconds") if at else "-"
    says = _BY if fine else _BY_ANOTHER
    return Judged(fine, says.format(id=subject.id, when=when))


_WHOLE = Text(
    en="One signature covers the whole file, and nothing was changed or added since.",
    zh="一个签名覆盖整个文件，签名后无更改、无增添。",
)
_CHANGED = Text(
    en="The file was changed or added to after the signature. Do not use it; ask for the report again.",
    zh="签名后文件被更改或增添。请勿使用，并重新索取报告。",
)
_BY = Text(
    en="Signed by {id} of this study on {when} by the signer's clock; this is a report, no CRF.",
    zh="由本研究的 {id} 签署，签署时间 {when}（签署人本机时间）；本文件为报告，并非 CRF。",
)
_BY_ANOTHER = Text(
    en="Signed by {id}, who may not sign this report. Do not use it; ask who sent it.",
    zh="由 {id} 签署，其无权签署此报告。请勿使用，并向发送方核实。",
)
