"""The centre's own signature on a report: one visible field on the last page that locks the file (PAdES B-B)."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from trialdesk.documents import fonts
from trialdesk.documents.signing import archival_writer, signer_of
from trialdesk.domain.text import Text

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

CENTRE = (
    Text(en="Coordinating centre", zh="协调中心"),
    Text(en="Made from the centre's data", zh="由中心数据生成"),
    Text(en="made by the coordinating centre", zh="由协调中心生成"),
)
"""Who signs, what of, and the reason in the signature, for a report of the centre."""

BOX = (46, 60, 300, 112)
"""Where the stamp stands, in points from the lower left corner; the report leaves this place free."""


def sign_report(
    pdf: bytes,
    key: EllipticCurvePrivateKey,
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate],
    at: datetime,
    words: tuple[Text, Text, Text] = CENTRE,
    field: str = "Centre",
) -> bytes:
    """Certify a report so that nothing in it may change; `words` say who signs, what it was made of, and the reason."""
    from pyhanko.pdf_utils.content import ImportedPdfPage
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers
    from pyhanko.stamp import StaticStampStyle

    writer = archival_writer(IncrementalPdfFileWriter(io.BytesIO(pdf)))
    about = signers.PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        reason=f"{words[2].zh} {words[2].en}",
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        subfilter=fields.SigSeedSubFilter.PADES,
    )
    spec = fields.SigFieldSpec(field, on_page=-1, box=BOX, empty_field_appearance=True)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "stamp.pdf"
        page.write_bytes(_stamp(at, words))
        look = StaticStampStyle(background=ImportedPdfPage(str(page)), border_width=0)
        signer = signers.PdfSigner(about, signer_of(key, certificate, chain), stamp_style=look, new_field_spec=spec)
        signed: bytes = signer.sign_pdf(writer).getvalue()
    return signed


def _stamp(at: datetime, words: tuple[Text, Text, Text]) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    fonts.register()
    width, height = BOX[2] - BOX[0], BOX[3] - BOX[1]
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(width, height), initialFontName=fonts.REGULAR)
    canvas.setLineWidth(0.7)
    canvas.roundRect(0.5, 0.5, width - 1, height - 1, 5)
    for y, size, line in (
        (height - 14, 9, f"{words[0].zh} {words[0].en}"),
        (height - 28, 7, f"{words[1].zh} {words[1].en}"),
        (height - 41, 6.5, at.isoformat(sep=" ", timespec="seconds")),
    ):
        canvas.setFont(fonts.REGULAR, size)
        canvas.drawString(7, y, fonts.printable(line))
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()
