"""The visible stamp of a signature: a small page in the signer's script with its own few glyphs (21 CFR 11.50)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trialdesk.documents import fonts
from trialdesk.documents.glyphs import Glyphs
from trialdesk.documents.pdf_file import PdfFile
from trialdesk.domain.admin.signature_def import FIELD_WORDS, FieldName, SignatureDef
from trialdesk.domain.text import Text

INK, GREY = "0.09 0.125 0.17", "0.373 0.42 0.475"


@dataclass(frozen=True)
class Stamp:
    """What a signature says on the page: who, in which role, when (aware), and what it means."""

    name: Text
    role: Text
    at: datetime
    wording: SignatureDef


def draw_stamp(stamp: Stamp, name: FieldName, width: float, height: float) -> bytes:
    """The stamp as a PDF of one page; raises KnownError for a character the font lacks."""
    head, meaning = FIELD_WORDS[name], stamp.wording.meaning
    zone = stamp.at.strftime("%z")[:3]
    lines = (
        (f"{head.zh} {head.en}   {stamp.role.zh} {stamp.role.en}", 7.0, GREY),
        (f"{stamp.name.zh}  {stamp.name.en}", 10.0, INK),
        (meaning.zh, 7.0, INK),
        (f"{meaning.en} [{stamp.wording.version}]", 6.0, INK),
        (f"{stamp.at:%Y-%m-%d %H:%M:%S}（UTC{zone}）本机时间 local clock", 6.5, GREY),
    )
    glyphs = Glyphs(fonts.REGULAR)
    code = [f"{INK} RG 0.7 w 0.5 0.5 {width - 1:g} {height - 1:g} re S"]
    y = height - 11.0
    for words, size, ink in lines:
        plain = fonts.printable(words)
        face = glyphs.face
        wide = sum(face.charWidths.get(ord(sign), face.defaultWidth) for sign in plain) * size / 1000
        fitting = size if wide <= width - 14 else max(4.5, size * (width - 14) / wide)
        shown = plain.translate(glyphs).encode("utf-16-be").hex()
        code.append(f"{ink} rg BT/R {fitting:.2f} Tf 7 {y:.1f} Td<{shown}>Tj ET")
        y -= size + 5.6
    pdf = PdfFile()
    font = glyphs.embed(pdf)
    content = pdf.stream("\n".join(code).encode("ascii"))
    parent = pdf.reserve()
    page = pdf.add(
        f"<</Type/Page/Parent {parent} 0 R/MediaBox[0 0 {width:g} {height:g}]"
        f"/Resources<</Font<</R {font} 0 R>>>>/Contents {content} 0 R>>"
    )
    pdf.put(parent, f"<</Type/Pages/Count 1/Kids[{page} 0 R]>>")
    return pdf.write(pdf.add(f"<</Type/Catalog/Pages {parent} 0 R>>"), pdf.add("<<>>"))
