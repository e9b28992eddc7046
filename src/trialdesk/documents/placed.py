"""What a finished file really shows: the recorded values read back from its pages, by their place in the form.

The words are taken from the bytes of the file: the structure tree names the marked piece, the page says which glyphs
it draws, the font's own table says which characters those are.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

_PAIR = re.compile(rb"<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]+)>")


def placed_values(content: bytes) -> dict[str, str]:
    """Printed text by the place it stands for (`EVENT[1]/FORM/GROUP[1]/ITEM`, words of a code under `…|zh`)."""
    import pikepdf

    found: dict[str, str] = {}
    with pikepdf.open(io.BytesIO(content)) as pdf:
        wanted: dict[tuple[int, int], dict[int, str]] = {}
        for element in _elements(pdf.Root.StructTreeRoot):
            if "/T" in element and "/Pg" in element:
                page = element["/Pg"]
                wanted.setdefault(page.objgen, {})[int(element["/K"])] = str(element["/T"])
        for sheet in pdf.pages:
            pieces = wanted.get(sheet.obj.objgen)
            if pieces:
                for number, words in _marked(sheet, pieces).items():
                    found[pieces[number]] = found.get(pieces[number], "") + words
    return found


def _elements(node: Any) -> Iterator[Any]:
    import pikepdf

    kids = node.get("/K")
    if kids is None or isinstance(kids, int):
        return
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary):
            yield kid
            yield from _elements(kid)


def _marked(page: Any, wanted: dict[int, str]) -> dict[int, str]:
    import pikepdf

    tables = {name: _characters(font) for name, font in page.obj.Resources.Font.items()}
    found: dict[int, str] = {}
    open_pieces: list[int | None] = []
    table: dict[int, str] = {}
    for one in pikepdf.parse_content_stream(page, "BDC BMC EMC Tf Tj"):
        if not isinstance(one, pikepdf.ContentStreamInstruction):
            continue
        name, operands = str(one.operator), one.operands
        if name == "BDC":
            about = operands[1]
            piece = int(about["/MCID"]) if isinstance(about, pikepdf.Dictionary) and "/MCID" in about else None
            open_pieces.append(piece if piece is not None else (open_pieces[-1] if open_pieces else None))
        elif name == "BMC":
            open_pieces.append(None)
        elif name == "EMC":
            open_pieces.pop()
        elif name == "Tf":
            table = tables[str(operands[0])]
        elif open_pieces and open_pieces[-1] in wanted:
            number = open_pieces[-1]
            assert number is not None
            codes = bytes(operands[0])
            words = "".join(table.get(codes[at] << 8 | codes[at + 1], "\ufffd") for at in range(0, len(codes), 2))
            found[number] = found.get(number, "") + words
    return found


def _characters(font: Any) -> dict[int, str]:
    table = font.ToUnicode.read_bytes()
    return {int(code, 16): bytes.fromhex(words.decode()).decode("utf-16-be") for code, words in _PAIR.findall(table)}
