"""The centre's answer to a bundle: how far it holds a workstation's trail, signed by the centre.

A ZIP, stored, of `receipt.json` and `receipt.p7s` (CMS, detached).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError

from trialdesk.domain.text import Text
from trialdesk.exchange.envelope import pack, read_file, unpack, write_durably
from trialdesk.exchange.faults import Fault, Refused

FORMAT = "trialdesk-receipt"
VERSION = 2
"""Version 2 brings a letter; a receipt without one is written as version 1, which every desk reads."""

PARTS = ("receipt.json", "receipt.p7s")
_LARGEST = 16 * 1024 * 1024


class Receipt(BaseModel):
    """What the centre holds of one trail after one bundle.

    `accepted_to` is the last record held and `seal` its seal; `missing` lists bundle numbers that have to come first;
    `lacking` lists signed documents by hash that records name and that never came;
    `revocations` holds the lists of revoked certificates as PEM;
    `letter` holds the centre's own records for this workstation (`exchange/letter.py`);
    `skew_seconds` is the centre's clock minus the workstation's stamp, so it includes the time on the way.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["trialdesk-receipt"] = "trialdesk-receipt"
    version: int = 1
    study: str
    site: str
    origin: str
    epoch: str
    number: int
    header_sha256: str
    result: Literal["accepted", "held", "quarantined"]
    accepted_to: int
    seal: str
    centre_time: str
    skew_seconds: int
    missing: tuple[int, ...] = ()
    lacking: tuple[str, ...] = ()
    revocations: tuple[str, ...] = ()
    letter: str | None = None

    @property
    def content(self) -> bytes:
        """The bytes that are signed."""
        left_out = {"letter"} if self.letter is None else set()
        return orjson.dumps(self.model_dump(mode="json", exclude=left_out), option=orjson.OPT_SORT_KEYS)

    @property
    def file_name(self) -> str:
        """The usual name of the file, such as `S01_W1_000042.tdr`."""
        return f"{self.site}_{self.origin}_{self.number:06d}.tdr"


def pack_receipt(receipt: Receipt, sign: Callable[[bytes], bytes]) -> bytes:
    """The bytes of a signed receipt."""
    return pack(dict(zip(PARTS, (receipt.content, sign(receipt.content)), strict=True)))


def write_receipt(folder: Path, receipt: Receipt, sign: Callable[[bytes], bytes]) -> Path:
    """Write a signed receipt under its usual name; raises KnownError when the medium fails."""
    path = folder / receipt.file_name
    write_durably(path, pack_receipt(receipt, sign))
    return path


def read_receipt(path: Path, verify: Callable[[bytes, bytes], object], study: str | None = None) -> Receipt:
    """Read a receipt; `verify(content, signature)` must raise KnownError unless the centre signed it.

    Raises Refused by the name of the fault: not a receipt, damaged, newer format, foreign study.
    """
    return open_receipt(path.name, read_file(path, _LARGEST), verify, study)


def open_receipt(
    name: str, content: bytes, verify: Callable[[bytes, bytes], object], study: str | None = None
) -> Receipt:
    """Read a receipt from its bytes; see `read_receipt`."""
    parts = unpack(name, content, PARTS)
    signed = parts[PARTS[0]]
    try:
        raw = orjson.loads(signed)
        if int(raw["version"]) > VERSION:
            raise Refused(Fault.NEWER_FORMAT, name, str(raw["version"]))
        receipt = Receipt.model_validate_json(signed)
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, ValidationError) as fault:
        raise Refused(Fault.DAMAGED, name, Text(en="its text cannot be read", zh="无法读取其内容")) from fault
    verify(signed, parts[PARTS[1]])
    if study is not None and receipt.study != study:
        raise Refused(Fault.FOREIGN_STUDY, name, receipt.study)
    return receipt
