"""The glyphs one document uses, numbered as they are first needed, and the font that is embedded for them."""

from __future__ import annotations

import hashlib

from trialdesk.documents import fonts
from trialdesk.documents.pdf_file import PdfFile
from trialdesk.documents.subset import cut


class MissingGlyph(Exception):
    """A character that the font cannot draw; `translate` would pass over a LookupError in silence."""


class Glyphs(dict[int, int]):
    """From code points to the numbers a page shows; grows by looking up, so `str.translate` fills it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.face = fonts.face(name)
        self.codes: list[int] = []

    def __missing__(self, code: int) -> int:
        if code not in self.face.charToGlyph:
            raise MissingGlyph(chr(code))
        self.codes.append(code)
        number = self[code] = len(self.codes)
        return number

    def embed(self, pdf: PdfFile) -> int:
        """Write the font with exactly these glyphs; returns the number of its object."""
        face = self.face
        # A character has a number and a glyph of its own, even where two characters share a shape.
        program = cut(fonts.source(self.name), [0, *(face.charToGlyph[code] for code in self.codes)])
        tag = "".join(chr(65 + byte % 26) for byte in hashlib.sha256(program).digest()[:6])
        name = f"{tag}+{face.name.decode()}"
        file = pdf.stream(program, f"/Length1 {len(program)}", level=6)
        box = " ".join(f"{side:.0f}" for side in face.bbox)
        descriptor = pdf.add(
            f"<</Type/FontDescriptor/FontName/{name}/Flags 4/FontBBox[{box}]/ItalicAngle {face.italicAngle:g}"
            f"/Ascent {face.ascent:.0f}/Descent {face.descent:.0f}/CapHeight {face.capHeight:.0f}"
            f"/StemV {face.stemV:.0f}/FontFile2 {file} 0 R>>"
        )
        widths = " ".join(f"{face.charWidths.get(code, face.defaultWidth):g}" for code in self.codes)
        descendant = pdf.add(
            f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
            f"/Supplement 0>>/FontDescriptor {descriptor} 0 R/DW 1000/W[0[{face.defaultWidth:g} {widths}]]"
            f"/CIDToGIDMap/Identity>>"
        )
        unicode = pdf.stream(self._to_unicode())
        return pdf.add(
            f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H/DescendantFonts[{descendant} 0 R]"
            f"/ToUnicode {unicode} 0 R>>"
        )

    def _to_unicode(self) -> bytes:
        rows = [f"<{n:04x}><{chr(code).encode('utf-16-be').hex()}>" for n, code in enumerate(self.codes, 1)]
        parts = [rows[at : at + 100] for at in range(0, len(rows), 100)]
        body = "\n".join(f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar" for part in parts)
        return (
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n/CMapName /TrialDesk def\n"
            "/CMapType 2 def\n1 begincodespacerange\n<0000><ffff>\nendcodespacerange\n"
            f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
        ).encode("ascii")
