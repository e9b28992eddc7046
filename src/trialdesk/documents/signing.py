"""Signing a CRF: two fields that exist from the start, PAdES B-B, a visible stamp, and still PDF/A.

The person who entered the data certifies first; the investigator's field then locks everything
(FieldMDP ALL, no changes), without which an overlay signature would pass unseen.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trialdesk.documents.stamp import Stamp, draw_stamp
from trialdesk.domain.admin.signature_def import FIELDS, FieldName

__all__ = ["Stamp", "archival_writer", "prepare_fields", "sign_field", "signer_of"]

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

BOXES: dict[FieldName, tuple[int, int, int, int]] = {
    "DataEntry": (46, 58, 290, 132),
    "Investigator": (306, 58, 549, 132),
}
"""Where the stamps stand on the last page, in points from the lower left corner of A4."""


def prepare_fields(pdf: bytes) -> bytes:
    """Add both signature fields; a field added after the first signature would break it."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields

    writer = archival_writer(IncrementalPdfFileWriter(io.BytesIO(pdf)))
    lock = {
        "field_mdp_spec": fields.FieldMDPSpec(fields.FieldMDPAction.ALL),
        "doc_mdp_update_value": fields.MDPPerm.NO_CHANGES,
    }
    for name in FIELDS:
        locking: dict[str, Any] = lock if name == "Investigator" else {}
        spec = fields.SigFieldSpec(name, on_page=-1, box=BOXES[name], empty_field_appearance=True, **locking)
        fields.append_signature_field(writer, spec)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def sign_field(
    pdf: bytes,
    name: FieldName,
    key: EllipticCurvePrivateKey,
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate],
    stamp: Stamp,
    location: str,
) -> bytes:
    """Sign one of the two fields as an incremental update; the network is never asked."""
    from pyhanko.pdf_utils.content import ImportedPdfPage
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers
    from pyhanko.stamp import StaticStampStyle

    writer = archival_writer(IncrementalPdfFileWriter(io.BytesIO(pdf)))
    certifies = name == "DataEntry"
    about = signers.PdfSignatureMetadata(
        field_name=name,
        md_algorithm="sha256",
        location=location,
        reason=f"{stamp.wording.meaning.zh} {stamp.wording.meaning.en} [{name} {stamp.wording.version}]",
        name=f"{stamp.name.zh} {stamp.name.en}",
        certify=certifies,
        docmdp_permissions=fields.MDPPerm.FILL_FORMS if certifies else fields.MDPPerm.NO_CHANGES,
        subfilter=fields.SigSeedSubFilter.PADES,
    )
    # pyHanko imports a stamp's page from a file only; the stamp names a role and a time, no participant.
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "stamp.pdf"
        left, bottom, right, top = BOXES[name]
        page.write_bytes(draw_stamp(stamp, name, right - left, top - bottom))
        look = StaticStampStyle(background=ImportedPdfPage(str(page)), border_width=0)
        signer = _at(stamp.at)(about, signer_of(key, certificate, chain), stamp_style=look)
        signed: bytes = signer.sign_pdf(writer, existing_fields_only=True).getvalue()
    return signed


def _at(moment: datetime) -> Any:
    """A signer whose claimed time is the one on the stamp: pyHanko alone would ask the machine's clock again."""
    from pyhanko.sign import signers

    class Dated(signers.PdfSigner):
        def init_signing_session(self, *arguments: Any, **named: Any) -> Any:
            session = super().init_signing_session(*arguments, **named)
            session.system_time = moment
            return session

    return Dated


def signer_of(key: EllipticCurvePrivateKey, certificate: x509.Certificate, chain: Sequence[x509.Certificate]) -> Any:
    """PyHanko's signer for a person's or the centre's key."""
    from asn1crypto import keys
    from asn1crypto import x509 as asn1
    from cryptography.hazmat.primitives import serialization
    from pyhanko.sign import signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    def plain(one: x509.Certificate) -> Any:
        return asn1.Certificate.load(one.public_bytes(serialization.Encoding.DER))

    store = SimpleCertificateStore()
    store.register_multiple([plain(one) for one in chain])
    secret = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return signers.SimpleSigner(plain(certificate), keys.PrivateKeyInfo.load(secret), store, embed_roots=True)


def archival_writer(writer: Any) -> Any:
    """Leave XMP, document information and the PDF version as they were validated: changing them breaks PDF/A."""
    writer._update_meta = lambda: None
    writer.ensure_output_version = lambda version: None
    writer.register_extension = lambda extension: None
    return writer
