"""PDF/A-3b (ISO 19005-3): the judgement on a file before it is used, and the files inside it."""

from __future__ import annotations

import io
import mimetypes


def judged(content: bytes) -> bytes:
    """The same bytes, once a validator that allows only what it knows has passed them; raises when it does not."""
    from pikepdf import pdfa

    report = pdfa.validate_written(io.BytesIO(content), "3b")
    if not report.passed:
        found = "; ".join(f"{one.rule} {one.where} {one.message}" for one in report.findings[:6])
        raise AssertionError(f"not PDF/A-3b: {found}")
    return content


def archive(pages: bytes, name: str, data: bytes, title: str) -> bytes:
    """Make pages that reportlab laid out archival, with their data as an associated file; raises when they would not be."""
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
