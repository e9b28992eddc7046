"""The centre's seal on a signed CRF: certificates and revocation lists inside (DSS), then a timestamp over everything.

One revision for each sealing (PAdES B-LTA, ETSI EN 319 142-1); sealing again before the timestamp certificate ends
renews the archive timestamp.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from trialdesk.documents.file_step import STAMPS
from trialdesk.documents.signing import archival_writer
from trialdesk.documents.timestamping import TimestampKey, answer

if TYPE_CHECKING:
    from cryptography import x509


def seal(
    pdf: bytes,
    authority: TimestampKey,
    certificates: Sequence[x509.Certificate],
    lists: Sequence[x509.CertificateRevocationList],
    at: datetime,
) -> bytes:
    """The file with one more revision: what is needed to check it later, and a timestamp of the moment `at`."""
    from asn1crypto import crl
    from asn1crypto import x509 as asn1
    from cryptography.hazmat.primitives import serialization
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign import signers
    from pyhanko.sign.validation import DocumentSecurityStore

    der = serialization.Encoding.DER
    reader = PdfFileReader(io.BytesIO(pdf), strict=True)
    writer = archival_writer(IncrementalPdfFileWriter(io.BytesIO(pdf)))
    signers_too = [one.signer_cert for one in reader.embedded_signatures]
    known = [asn1.Certificate.load(one.public_bytes(der)) for one in (*certificates, authority.certificate)]
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        None,
        certs=[*signers_too, *known],
        crls=[crl.CertificateList.load(one.public_bytes(der)) for one in lists],
    )
    number = len(list(reader.embedded_timestamp_signatures)) + 1
    stamper = signers.PdfTimeStamper(_stamper(authority, at), field_name=f"{STAMPS}{number}")
    sealed: bytes = stamper.timestamp_pdf(writer, "sha256").getvalue()
    return sealed


def _stamper(authority: TimestampKey, at: datetime) -> Any:
    from pyhanko.sign.timestamps import TimeStamper

    class Own(TimeStamper):
        async def async_request_tsa_response(self, req: Any) -> Any:
            return answer(req, authority, at)

    return Own()  # type: ignore[no-untyped-call]
