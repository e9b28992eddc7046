"""The chain that makes a changed, missing or swapped record visible."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import orjson

from trialdesk.domain.clinical.audit_record import AuditRecord

GENESIS = "0" * 64
"""What stands before the first record of every trail."""


def body(record: AuditRecord) -> bytes:
    """Canonical JSON of a record: sorted keys, no spaces, UTF-8, empty fields left out; equal records, equal bytes."""
    return orjson.dumps(record.model_dump(mode="json", exclude_none=True), option=orjson.OPT_SORT_KEYS)


def seal(previous: str, content: bytes) -> str:
    """SHA-256 over a zero byte, the previous seal and the record's canonical bytes, in hex."""
    return hashlib.sha256(b"\0" + bytes.fromhex(previous) + content).hexdigest()


def first_break(previous: str, lines: Iterable[tuple[int, bytes, str]]) -> int | None:
    """The number of the first record whose seal does not follow from what stands before it, or None if all do."""
    for seq, content, claimed in lines:
        previous = seal(previous, content)
        if previous != claimed:
            return seq
    return None
