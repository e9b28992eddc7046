"""A bundle: a numbered stretch of one workstation's trail and its documents, signed and encrypted for the centre.

A ZIP, stored, of `header.json`, `header.p7s` (CMS, detached) and `payload.age`; the payload is a ZIP of
`records.jsonl` and `documents/<sha256>.pdf`. It opens with unzip, openssl and age alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, Literal, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from trialdesk.domain.text import Text
from trialdesk.exchange.envelope import pack, read_file, unpack, write_durably
from trialdesk.exchange.faults import Fault, Refused
from trialdesk.exchange.payload import DOCUMENTS, Line, count_kinds, pack_payload, unpack_payload

FORMAT = "trialdesk-bundle"
VERSION = 1
PARTS = ("header.json", "header.p7s", "payload.age")
NO_HEADER = "0" * 64
"""What the first bundle of a workstation names as the header before it."""

Signer = TypeVar("Signer")
Sign = Callable[[bytes], bytes]
Encrypt = Callable[[bytes], bytes]
Decrypt = Callable[[bytes], bytes]


class Measure(BaseModel):
    """Hash and length of a run of bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: str
    size: int

    @classmethod
    def of(cls, content: bytes) -> Measure:
        """Measure these bytes."""
        return cls(sha256=hashlib.sha256(content).hexdigest(), size=len(content))


class Announcement(BaseModel):
    """What the sender says of a bundle; the caller brings the clock and the fresh `bundle_id`.

    `number` counts the bundles of a workstation from 1; `epoch` is new after every restore; `created` is UTC as in
    an audit record, `zone` the local offset; `recipients` are the age recipients it is encrypted for. `training`
    marks exercises, which every centre refuses; a bundle of real data does not carry the word.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    study: str
    study_version: str
    study_fingerprint: str
    site: str
    origin: str
    epoch: str
    number: int = Field(ge=1)
    previous_header_sha256: str
    bundle_id: str
    created: str
    zone: str
    recipients: tuple[str, ...]
    application: str
    training: bool = False


class Header(Announcement):
    """The signed part of a bundle in the open; it holds no personal data.

    `head` is the seal of record `last`; `counts` holds records by kind, and `documents`.
    """

    format: Literal["trialdesk-bundle"] = "trialdesk-bundle"
    version: int = VERSION
    first: int = Field(ge=1)
    last: int
    head: str
    counts: dict[str, int]
    payload: Measure
    plaintext: Measure

    @property
    def content(self) -> bytes:
        """The bytes that are signed."""
        left_out = None if self.training else {"training"}
        return orjson.dumps(self.model_dump(mode="json", exclude=left_out), option=orjson.OPT_SORT_KEYS)

    @property
    def sha256(self) -> str:
        """The name of this bundle: the hash of its signed header."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def file_name(self) -> str:
        """The usual name of the file, such as `S01_W1_000042.tdb`."""
        return f"{self.site}_{self.origin}_{self.number:06d}.tdb"


@dataclass(frozen=True)
class Sealed(Generic[Signer]):
    """A bundle whose header is signed and whose ciphertext is whole; nothing is decrypted yet."""

    name: str
    header: Header
    signer: Signer
    ciphertext: bytes = field(repr=False)

    def open(self, decrypt: Decrypt) -> Bundle[Signer]:
        """Decrypt and unpack; raises Refused when the contents are not what the signed header says."""
        plaintext = decrypt(self.ciphertext)
        if Measure.of(plaintext) != self.header.plaintext:
            raise Refused(Fault.MISCOUNTED, self.name, Text(en="the decrypted bytes differ", zh="解密后的内容不同"))
        lines, documents = unpack_payload(self.name, plaintext, self.header.first, self.header.counts)
        if not lines or lines[-1][0] != self.header.last or lines[-1][2] != self.header.head:
            raise Refused(Fault.MISCOUNTED, self.name, Text(en="the records end elsewhere", zh="记录的末尾不同"))
        return Bundle(self.header, self.signer, lines, documents)


@dataclass(frozen=True)
class Bundle(Generic[Signer]):
    """An opened bundle: its header, who signed it, its lines and its documents by hash."""

    header: Header
    signer: Signer
    lines: Sequence[Line] = field(repr=False)
    documents: Mapping[str, bytes] = field(repr=False)


def make_bundle(
    announcement: Announcement, lines: Sequence[Line], documents: Mapping[str, bytes], sign: Sign, encrypt: Encrypt
) -> tuple[Header, bytes]:
    """The signed header and the bytes of a bundle; raises ValueError for a stretch without records."""
    if not lines:
        raise ValueError("a bundle holds at least one record")
    plaintext = pack_payload(lines, documents)
    ciphertext = encrypt(plaintext)
    header = Header(
        **announcement.model_dump(),
        first=lines[0][0],
        last=lines[-1][0],
        head=lines[-1][2],
        counts=count_kinds(lines) | {DOCUMENTS: len(documents)},
        payload=Measure.of(ciphertext),
        plaintext=Measure.of(plaintext),
    )
    content = header.content
    return header, pack(dict(zip(PARTS, (content, sign(content), ciphertext), strict=True)))


def write_bundle(
    folder: Path,
    announcement: Announcement,
    lines: Sequence[Line],
    documents: Mapping[str, bytes],
    sign: Sign,
    encrypt: Encrypt,
) -> tuple[Path, Header]:
    """Write a bundle under its usual name and read it back; raises KnownError when the medium fails.

    `documents` are PDFs by the SHA-256 of their bytes; `sign` gives a detached CMS signature, `encrypt` an age file.
    """
    header, content = make_bundle(announcement, lines, documents, sign, encrypt)
    path = folder / header.file_name
    write_durably(path, content)
    return path, header


def read_sealed(
    path: Path, verify: Callable[[bytes, bytes], Signer], study: str | None = None, recipient: str | None = None
) -> Sealed[Signer]:
    """Check everything that can be checked before decrypting: shape, signature, study, recipient, ciphertext.

    `verify(content, signature)` returns the signer or raises KnownError. Raises Refused by the name of the fault.
    """
    name = path.name
    parts = unpack(name, read_file(path), PARTS)
    content, signature, ciphertext = (parts[part] for part in PARTS)
    header = _read_header(name, content)
    if header.training and recipient is not None:
        raise Refused(Fault.TRAINING, name)
    if study is not None and header.study != study:
        raise Refused(Fault.FOREIGN_STUDY, name, header.study)
    if recipient is not None and recipient not in header.recipients:
        raise Refused(Fault.OTHER_RECIPIENT, name)
    signer = verify(content, signature)
    if Measure.of(ciphertext) != header.payload:
        raise Refused(Fault.DAMAGED, name, Text(en="its contents do not match its header", zh="内容与文件头不符"))
    return Sealed(name, header, signer, ciphertext)


def read_bundle(
    path: Path,
    verify: Callable[[bytes, bytes], Signer],
    decrypt: Decrypt,
    study: str | None = None,
    recipient: str | None = None,
) -> Bundle[Signer]:
    """Verify, decrypt and unpack a bundle; raises KnownError whose text names the fault."""
    return read_sealed(path, verify, study, recipient).open(decrypt)


def _read_header(name: str, content: bytes) -> Header:
    """The header, read in a way that knows a newer format from a damaged one."""
    try:
        raw = orjson.loads(content)
        known, version = raw["format"] == FORMAT, int(raw["version"])
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as fault:
        raise Refused(Fault.DAMAGED, name, Text(en="its header cannot be read", zh="无法读取文件头")) from fault
    if not known:
        raise Refused(Fault.NOT_A_BUNDLE, name, str(raw["format"])[:40])
    if version > VERSION:
        raise Refused(Fault.NEWER_FORMAT, name, str(version))
    try:
        header = Header.model_validate_json(content)
    except ValidationError as fault:
        raise Refused(Fault.DAMAGED, name, Text(en="its header is incomplete", zh="文件头不完整")) from fault
    if header.content != content:
        raise Refused(Fault.DAMAGED, name, Text(en="its header was rewritten", zh="文件头被改写"))
    return header
