"""A monitor's visit on a stick: the pack from the centre, and what the monitor did, back to the centre.

Both are stored ZIPs of a head in JSON, the signature over it (CMS, detached) and an encrypted content (age), whose
hash the head names. The pack is signed by the centre and opens with the monitor's key; the result the other way round.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError

from trialdesk.domain.text import Text
from trialdesk.exchange.envelope import pack, read_file, unpack
from trialdesk.exchange.faults import Fault, Refused
from trialdesk.exchange.payload import Line

VERSION = 1
PACK_PARTS = ("visit.json", "visit.p7s", "content.age")
RESULT_PARTS = ("result.json", "result.p7s", "content.age")
PACK_SUFFIX, RESULT_SUFFIX = ".tdv", ".tdvr"
_LARGEST = 256 * 1024 * 1024

Sign = Callable[[bytes], bytes]
Crypt = Callable[[bytes], bytes]


class PackHead(BaseModel):
    """Which visit, for whom; what the monitor needs to sign and to answer: certificate, root, the centre's recipient."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["trialdesk-visit"] = "trialdesk-visit"
    version: int = VERSION
    study: str
    site: str
    visit: str
    monitor: str
    made: str
    participants: int
    records: int
    recipient: str
    certificate: str
    root: str
    revocations: tuple[str, ...] = ()
    content_sha256: str = ""


class ResultHead(BaseModel):
    """Which visit, who did it, how many acts, and the seal of the last of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["trialdesk-visit-result"] = "trialdesk-visit-result"
    version: int = VERSION
    study: str
    site: str
    visit: str
    monitor: str
    made: str
    acts: int
    seal: str
    content_sha256: str = ""


class PackContent(BaseModel):
    """The frozen study, the records of the site's participants as canonical JSON, and each participant's place."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    study: str
    records: tuple[str, ...]
    places: dict[str, int]


Head = TypeVar("Head", PackHead, ResultHead)


def make_pack(head: PackHead, content: PackContent, sign: Sign, encrypt: Crypt) -> bytes:
    """The bytes of a pack; `encrypt` makes an age file for the monitor, `sign` is the centre's."""
    closed = encrypt(zlib.compress(orjson.dumps(content.model_dump(mode="json")), 6))
    return _sealed(head, closed, PACK_PARTS, sign)


def read_head(path: Path) -> PackHead:
    """For whom a pack is, without opening it and without judging its signature; raises Refused for another file."""
    return _head(path.name, unpack(path.name, read_file(path, _LARGEST), PACK_PARTS), PACK_PARTS, PackHead)


def open_pack(path: Path, verify: Callable[[bytes, bytes], object], decrypt: Crypt) -> tuple[PackHead, PackContent]:
    """Read a pack; `verify(content, signature)` must raise KnownError unless the centre signed the head.

    Raises Refused by the name of the fault, and whatever `decrypt` raises for a pack of someone else.
    """
    parts = unpack(path.name, read_file(path, _LARGEST), PACK_PARTS)
    head = _head(path.name, parts, PACK_PARTS, PackHead)
    plain = _opened(path.name, parts, PACK_PARTS, verify, decrypt, head.content_sha256)
    try:
        return head, PackContent.model_validate_json(plain)
    except ValidationError as fault:
        raise Refused(Fault.DAMAGED, path.name, _UNREADABLE) from fault


def make_result(head: ResultHead, lines: Sequence[Line], sign: Sign, encrypt: Crypt) -> bytes:
    """The bytes of a result: every act of the visit from the first; `encrypt` makes an age file for the centre."""
    plain = orjson.dumps([[seq, content.decode(), seal] for seq, content, seal in lines])
    return _sealed(head, encrypt(zlib.compress(plain, 6)), RESULT_PARTS, sign)


def open_result(
    path: Path, verify: Callable[[bytes, bytes], object], decrypt: Crypt
) -> tuple[ResultHead, tuple[Line, ...], str]:
    """Read a result: head, acts in order, and the SHA-256 of the signed head; see `open_pack`."""
    parts = unpack(path.name, read_file(path, _LARGEST), RESULT_PARTS)
    head = _head(path.name, parts, RESULT_PARTS, ResultHead)
    plain = _opened(path.name, parts, RESULT_PARTS, verify, decrypt, head.content_sha256)
    try:
        lines = tuple((int(seq), str(body).encode(), str(seal)) for seq, body, seal in orjson.loads(plain))
    except (orjson.JSONDecodeError, TypeError, ValueError) as fault:
        raise Refused(Fault.DAMAGED, path.name, _UNREADABLE) from fault
    return head, lines, hashlib.sha256(parts[RESULT_PARTS[0]]).hexdigest()


def _sealed(head: PackHead | ResultHead, closed: bytes, names: Sequence[str], sign: Sign) -> bytes:
    named = head.model_copy(update={"content_sha256": hashlib.sha256(closed).hexdigest()})
    signed = orjson.dumps(named.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS)
    return pack(dict(zip(names, (signed, sign(signed), closed), strict=True)))


def _head(name: str, parts: dict[str, bytes], names: Sequence[str], kind: type[Head]) -> Head:
    try:
        raw = orjson.loads(parts[names[0]])
        if int(raw["version"]) > VERSION:
            raise Refused(Fault.NEWER_FORMAT, name, str(raw["version"]))
        return kind.model_validate(raw)
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as fault:
        raise Refused(Fault.DAMAGED, name, _UNREADABLE) from fault


def _opened(
    name: str,
    parts: dict[str, bytes],
    names: Sequence[str],
    verify: Callable[[bytes, bytes], object],
    decrypt: Crypt,
    claimed: str,
) -> bytes:
    """What is inside, after signature and hash were found right."""
    head, signature, closed = (parts[one] for one in names)
    verify(head, signature)
    if hashlib.sha256(closed).hexdigest() != claimed:
        raise Refused(Fault.DAMAGED, name, _OTHER_CONTENT)
    opening = zlib.decompressobj()
    try:
        plain = opening.decompress(decrypt(closed), _LARGEST)
    except zlib.error as fault:
        raise Refused(Fault.DAMAGED, name, _UNREADABLE) from fault
    if opening.unconsumed_tail:
        raise Refused(Fault.BOMB, name, f"> {_LARGEST // 1024 // 1024} MB")
    return plain


_UNREADABLE = Text(en="its text cannot be read", zh="无法读取其内容")
_OTHER_CONTENT = Text(en="the content is not the one that was signed", zh="内容与签名时不一致")
