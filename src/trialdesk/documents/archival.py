"""From plain pages to PDF/A-3b with the data as an associated file (ISO 19005-3)."""

from __future__ import annotations

import io
import mimetypes


def archive(pages: bytes, name: str, data: bytes, title: str) -> bytes:
    """Make the file archival and validate the bytes that are returned; raises when they would not conform."""
    import pikepdf
    from pikepdf import pdfa

    with pikepdf.open(io.BytesIO(pages)) as pdf:
        for page in pdf.pages:
            # reportlab writes an empty page transition, which PDF/A does not know.
            if "/Trans" in page:
                del page["/Trans"]
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        # The stubs of pikepdf lag behind: `relationship` is documented and works.
        spec = pikepdf.AttachedFileSpec(  # type: ignore[call-arg]
            pdf, data, filename=name, mime_type=kind, relationship=pikepdf.Name.Data, description=title
        )
        pdf.attachments[name] = spec
        out = io.BytesIO()
        pdfa.save(pdf, out, "3b")
        return out.getvalue()


def embedded(content: bytes, name: str) -> bytes | None:
    """The embedded file of that name in the newest revision, or None."""
    import pikepdf

    with pikepdf.open(io.BytesIO(content)) as pdf:
        found = pdf.attachments.get(name)
        return found.get_file().read_bytes() if found is not None else None
