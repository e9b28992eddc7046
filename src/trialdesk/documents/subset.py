"""A TrueType font cut down to the glyphs of one document (OpenType: glyf, loca, hmtx, hhea, maxp, head)."""

from __future__ import annotations

from struct import pack, unpack_from
from typing import Any

_WORDS, _SCALE, _MORE, _XY_SCALE, _TWO_BY_TWO = 0x0001, 0x0008, 0x0020, 0x0040, 0x0080


class Source:
    """A font file opened once: where its tables and glyphs lie."""

    def __init__(self, face: Any) -> None:
        self.data: bytes = face._ttf_data
        self.tables = {
            tag: self.data[at : at + size] for tag in ("head", "hhea", "maxp") for at, size in [face.get_table_pos(tag)]
        }
        self.start: int = face.get_table_pos("glyf")[0]
        self.places: list[int] = face.glyphPos
        self.metrics: list[tuple[int, int]] = face.hmetrics

    def outline(self, glyph: int) -> bytes:
        """The outline of one glyph; empty for a space."""
        return self.data[self.start + self.places[glyph] : self.start + self.places[glyph + 1]]


def cut(source: Source, glyphs: list[int]) -> bytes:
    """A font whose glyph n is `glyphs[n]` of the source; parts of composed glyphs are added after them."""
    kept = list(glyphs)
    number = {glyph: index for index, glyph in reversed(list(enumerate(kept)))}
    outlines: list[bytes] = []
    for glyph in kept:  # grows while it is walked
        outline = source.outline(glyph)
        if outline[:1] >= b"\x80":
            outline = _renumbered(outline, kept, number)
        outlines.append(outline + b"\0" * (-len(outline) % 4))
    places, at = [0], 0
    for outline in outlines:
        at += len(outline)
        places.append(at)
    metrics = b"".join(pack(">HH", round(wide), left) for wide, left in (source.metrics[glyph] for glyph in kept))
    head, hhea, maxp = (bytearray(source.tables[tag]) for tag in ("head", "hhea", "maxp"))
    head[8:12] = b"\0\0\0\0"
    head[50:52] = b"\0\1"  # long offsets
    hhea[34:36] = pack(">H", len(kept))
    maxp[4:6] = pack(">H", len(kept))
    return _file(
        {
            "glyf": b"".join(outlines),
            "head": bytes(head),
            "hhea": bytes(hhea),
            "hmtx": metrics,
            "loca": pack(f">{len(places)}L", *places),
            "maxp": bytes(maxp),
        }
    )


def _renumbered(outline: bytes, kept: list[int], number: dict[int, int]) -> bytes:
    """A composed glyph with its parts under their new numbers; parts not kept yet are added."""
    made, at, flags = bytearray(outline), 10, _MORE
    while flags & _MORE:
        flags, part = unpack_from(">HH", outline, at)
        if part not in number:
            number[part] = len(kept)
            kept.append(part)
        made[at + 2 : at + 4] = pack(">H", number[part])
        at += 8 if flags & _WORDS else 6
        at += 2 if flags & _SCALE else 4 if flags & _XY_SCALE else 8 if flags & _TWO_BY_TWO else 0
    return bytes(made)


def _file(tables: dict[str, bytes]) -> bytes:
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    out = bytearray(pack(">LHHHH", 0x00010000, count, power * 16, power.bit_length() - 1, (count - power) * 16))
    at = 12 + 16 * count
    body = bytearray()
    for tag, data in tables.items():
        padded = data + b"\0" * (-len(data) % 4)
        out += tag.encode("ascii") + pack(">LLL", _sum(padded), at + len(body), len(data))
        body += padded
    head = at + sum(len(tables[tag]) + -len(tables[tag]) % 4 for tag in tables if tag < "head")
    out += body
    out[head + 8 : head + 12] = pack(">L", (0xB1B0AFBA - _sum(bytes(out))) & 0xFFFFFFFF)
    return bytes(out)


def _sum(data: bytes) -> int:
    words: tuple[int, ...] = unpack_from(f">{len(data) // 4}L", data)
    return sum(words) & 0xFFFFFFFF
