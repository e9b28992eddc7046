"""A PDF file from its objects: small ones packed in compressed streams, found by a cross-reference stream (PDF 1.7)."""

from __future__ import annotations

import hashlib
import zlib

_PACK = 180
"""Objects in one packed stream."""


class PdfFile:
    """Numbers objects as they are added and writes them once; knows nothing of pages."""

    def __init__(self) -> None:
        self._bodies: list[bytes | str | None] = [None]
        self._streams: set[int] = set()

    def reserve(self) -> int:
        """A number for an object whose body comes later by `put`."""
        self._bodies.append(None)
        return len(self._bodies) - 1

    def put(self, number: int, body: str) -> None:
        """Give a reserved object its body."""
        self._bodies[number] = body

    def add(self, body: str) -> int:
        """Add an object; returns its number."""
        self._bodies.append(body)
        return len(self._bodies) - 1

    def stream(self, content: bytes, entries: str = "", level: int = 6, packed: bytes | None = None) -> int:
        """Add a compressed stream with further dictionary entries; `packed` is the content compressed already."""
        data = packed if packed is not None else zlib.compress(content, level)
        head = f"<<{entries}/Filter/FlateDecode/Length {len(data)}>>\nstream\n".encode("ascii")
        self._bodies.append(head + data + b"\nendstream")
        number = len(self._bodies) - 1
        self._streams.add(number)
        return number

    def plain_stream(self, content: bytes, entries: str) -> int:
        """Add a stream that stays readable in the file, as PDF/A asks of its metadata."""
        head = f"<<{entries}/Length {len(content)}>>\nstream\n".encode("ascii")
        self._bodies.append(head + content + b"\nendstream")
        number = len(self._bodies) - 1
        self._streams.add(number)
        return number

    def write(self, root: int, info: int) -> bytes:
        """The whole file; the same objects give the same bytes."""
        out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        places: dict[int, tuple[int, int, int]] = {0: (0, 0, 65535)}
        small = [n for n in range(1, len(self._bodies)) if n not in self._streams]
        for number in sorted(self._streams):
            places[number] = (1, len(out), 0)
            body = self._bodies[number]
            assert isinstance(body, bytes)
            out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
        following = len(self._bodies)
        for start in range(0, len(small), _PACK):
            members = small[start : start + _PACK]
            for index, number in enumerate(members):
                places[number] = (2, following, index)
            places[following] = (1, len(out), 0)
            out += b"%d 0 obj\n%b\nendobj\n" % (following, self._packed(members))
            following += 1
        places[following] = (1, len(out), 0)
        start_of_index = len(out)
        identity = hashlib.sha256(bytes(out)).hexdigest()[:32]
        rows = b"".join(
            kind.to_bytes(1, "big") + place.to_bytes(4, "big") + index.to_bytes(2, "big")
            for kind, place, index in (places[n] for n in range(following + 1))
        )
        data = zlib.compress(rows, 6)
        out += (
            f"{following} 0 obj\n<</Type/XRef/Size {following + 1}/W[1 4 2]/Root {root} 0 R/Info {info} 0 R"
            f"/ID[<{identity}><{identity}>]/Filter/FlateDecode/Length {len(data)}>>\nstream\n"
        ).encode("ascii")
        out += data + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % start_of_index
        return bytes(out)

    def _packed(self, members: list[int]) -> bytes:
        bodies, heads, at = [], [], 0
        for number in members:
            body = self._bodies[number]
            assert isinstance(body, str), f"object {number} was reserved and never given a body"
            heads.append(f"{number} {at}")
            bodies.append(body)
            at += len(body) + 1
        first = " ".join(heads) + "\n"
        data = zlib.compress((first + "\n".join(bodies)).encode("latin-1"), 6)
        entries = (
            f"<</Type/ObjStm/N {len(members)}/First {len(first)}/Filter/FlateDecode/Length {len(data)}>>\nstream\n"
        )
        return entries.encode("ascii") + data + b"\nendstream"


def text_string(words: str) -> str:
    """Words as a PDF text string of a dictionary."""
    if words.isascii() and not set(words) & set("()\\\r\n"):
        return f"({words})"
    return f"<feff{words.encode('utf-16-be').hex()}>"
