"""A sender and a centre for bundles; the signature is a keyed hash here, real certificates stand in tests/centre."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field

import pyrage
import pytest

from tests.strategies import entered
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.seal import GENESIS, body, seal
from trialdesk.exchange.bundle import NO_HEADER, Announcement, make_bundle
from trialdesk.exchange.faults import Fault, Refused
from trialdesk.exchange.payload import Line

STUDY = "NCT06141304"


@dataclass
class Post:
    """Both ends of the way."""

    key: bytes = b"workstation"
    identity: pyrage.x25519.Identity = field(default_factory=pyrage.x25519.Identity.generate)

    @property
    def recipient(self) -> str:
        return str(self.identity.to_public())

    @property
    def revocations(self) -> tuple[str, ...]:
        return ()

    def sign(self, content: bytes) -> bytes:
        return hmac.digest(self.key, content, "sha256")

    def verify(self, content: bytes, signature: bytes) -> str:
        if not hmac.compare_digest(self.sign(content), signature):
            raise Refused(Fault.WRONG_SIGNATURE, "bundle", "test key")
        return "W1"

    def encrypt(self, content: bytes) -> bytes:
        return pyrage.encrypt(content, [self.identity.to_public()])

    def decrypt(self, content: bytes) -> bytes:
        return pyrage.decrypt(content, [self.identity])

    def bundle(self, lines: Sequence[Line], documents: Sequence[bytes] = (), **more: object) -> bytes:
        named = {hashlib.sha256(content).hexdigest(): content for content in documents}
        return make_bundle(self.announce(**more), lines, named, self.sign, self.encrypt)[1]

    def announce(self, **more: object) -> Announcement:
        usual = {
            "study": STUDY,
            "study_version": "1.0",
            "study_fingerprint": "f" * 64,
            "site": "S01",
            "origin": "W1",
            "epoch": "e1",
            "number": 1,
            "previous_header_sha256": NO_HEADER,
            "bundle_id": "b1",
            "created": "2026-03-01T08:00:00.000Z",
            "zone": "+08:00",
            "recipients": (self.recipient,),
            "application": "0.1",
        }
        return Announcement(**(usual | more))


@pytest.fixture(scope="session")
def post() -> Post:
    return Post()


def sealed(records: Sequence[AuditRecord]) -> list[Line]:
    """Lines as a trail stores them."""
    lines: list[Line] = []
    previous = GENESIS
    for record in records:
        previous = seal(previous, body(record))
        lines.append((record.seq, body(record), previous))
    return lines


def some_lines(first: int = 1, last: int = 5) -> list[Line]:
    return sealed([entered(seq, value=f"{seq} 次") for seq in range(1, last + 1)])[first - 1 :]
