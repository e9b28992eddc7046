"""What is inside the encryption: records, one line each with its exact bytes, and documents under their hashes."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import orjson

from trialdesk.domain.text import Text
from trialdesk.exchange.envelope import LARGEST, pack
from trialdesk.exchange.faults import Fault, Refused

Line = tuple[int, bytes, str]
"""Number, canonical bytes and seal of one record."""

RECORDS = "records.jsonl"
DOCUMENTS = "documents"

_DOCUMENT = re.compile(r"documents/([0-9a-f]{64})\.pdf")
_LINE = re.compile(rb'\{"seal":"([0-9a-f]{64})","body":(\{[^\r\n]*\})\}')
_LINES = re.compile(_LINE.pattern + b"\n")
_AROUND = len(b'{"seal":"","body":}\n') + 64
"""Bytes of a line that are not the record's own."""
_KIND = re.compile(rb'"kind":"([A-Za-z]+)"')
# Every line holds a seal, 32 bytes that do not compress, so honest records stay below 20 to 1; zeros reach 230.
_RATIO = 100
_SMALL = 1024 * 1024


def pack_payload(lines: Iterable[Line], documents: Mapping[str, bytes]) -> bytes:
    """Records and documents as one compressed ZIP."""
    records = b"".join(b'{"seal":"%b","body":%b}\n' % (seal.encode(), content) for _, content, seal in lines)
    parts = {RECORDS: records} | {f"documents/{name}.pdf": documents[name] for name in sorted(documents)}
    return pack(parts, compressed=True)


def count_kinds(lines: Iterable[Line]) -> dict[str, int]:
    """How many records of each kind."""
    return dict(sorted(Counter(map(_kind, (content for _, content, _ in lines))).items()))


def _kind(content: bytes) -> str:
    """The kind of a record; a quotation mark inside a JSON text is escaped, so the pattern meets the key alone."""
    found = _KIND.findall(content)
    return found[0].decode() if len(found) == 1 else str(orjson.loads(content)["change"]["kind"])


def unpack_payload(
    name: str, plaintext: bytes, first: int, counts: Mapping[str, int]
) -> tuple[list[Line], dict[str, bytes]]:
    """Lines numbered from `first` and documents by hash; raises Refused for anything the header did not announce."""
    parts = _parts(name, plaintext, counts.get(DOCUMENTS, 0))
    content = parts.pop(RECORDS)
    lines = _lines(name, content, first)
    kinds = _kinds_of(content, lines)
    announced = {kind: number for kind, number in counts.items() if kind != DOCUMENTS}
    if kinds != announced or len(parts) != counts.get(DOCUMENTS, 0):
        raise Refused(Fault.MISCOUNTED, name, Text(en="the counts differ", zh="数量不符"))
    return lines, {_document(name, path, content): content for path, content in parts.items()}


def _parts(name: str, plaintext: bytes, documents: int) -> dict[str, bytes]:
    """The files inside, after their names, number and sizes were found harmless."""
    try:
        with zipfile.ZipFile(io.BytesIO(plaintext)) as archive:
            entries = archive.infolist()
            if len(entries) > documents + 1:
                raise Refused(Fault.BOMB, name, f"{len(entries)} > {documents + 1}")
            for entry in entries:
                if entry.filename != RECORDS and not _DOCUMENT.fullmatch(entry.filename):
                    raise Refused(Fault.PATH_TRICK, name, entry.filename[:60])
                if entry.file_size > _SMALL + _RATIO * entry.compress_size:
                    raise Refused(Fault.BOMB, name, f"{entry.file_size} / {entry.compress_size}")
            if sum(entry.file_size for entry in entries) > LARGEST:
                raise Refused(Fault.BOMB, name, f"> {LARGEST // _SMALL} MB")
            if [entry.filename for entry in entries].count(RECORDS) != 1:
                raise Refused(Fault.MISCOUNTED, name, RECORDS)
            return {entry.filename: archive.read(entry) for entry in entries}
    except Refused:
        raise
    except Exception as fault:  # zipfile answers damage with many kinds of exception; all of them mean damage
        detail = Text(en="the inner ZIP does not hold together", zh="内层 ZIP 已损坏")
        raise Refused(Fault.DAMAGED, name, detail) from fault


def _lines(name: str, content: bytes, first: int) -> list[Line]:
    """Every line of the file; all at once where the file is nothing but lines, else one by one to name the bad one."""
    found = _LINES.findall(content)
    if sum(len(body) for _, body in found) + _AROUND * len(found) == len(content):
        return [(seq, body, seal.decode()) for seq, (seal, body) in enumerate(found, first)]
    lines = []
    for seq, line in enumerate(content.splitlines(), first):
        one = _LINE.fullmatch(line)
        if not one:
            raise Refused(Fault.MISCOUNTED, name, f"{RECORDS}, {seq}")
        lines.append((seq, one[2], one[1].decode()))
    return lines


def _kinds_of(content: bytes, lines: Sequence[Line]) -> dict[str, int]:
    """As `count_kinds`, in one look at the file where no record names more than one kind."""
    found = _KIND.findall(content)
    if len(found) != len(lines):
        return count_kinds(lines)
    return dict(sorted((kind.decode(), number) for kind, number in Counter(found).items()))


def _document(name: str, path: str, content: bytes) -> str:
    found = _DOCUMENT.fullmatch(path)
    claimed = found[1] if found else ""
    if hashlib.sha256(content).hexdigest() != claimed:
        raise Refused(Fault.MISCOUNTED, name, path)
    return claimed
