"""A centre on SQLite and on PostgreSQL, and a ward that sends to it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.exchange.conftest import STUDY, Post
from trialdesk.centre.intake import Intake, receive
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.seal import GENESIS, body, seal
from trialdesk.exchange.bundle import NO_HEADER, make_bundle
from trialdesk.exchange.payload import Line
from trialdesk.storage.database import open_centre
from trialdesk.storage.intake_ledger import IntakeLedger

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture(scope="session")
def post() -> Post:
    return Post()


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    opened = open_centre(url)
    yield opened
    opened.dispose()


@dataclass
class Ward:
    """A workstation that numbers its records and bundles as the desk does."""

    post: Post
    folder: Path
    origin: str = "W1"
    lines: list[Line] = field(default_factory=list)
    sent: int = 0
    previous: str = NO_HEADER

    def write(self, records: Sequence[AuditRecord]) -> None:
        last = self.lines[-1][2] if self.lines else GENESIS
        for record in records:
            last = seal(last, body(record))
            self.lines.append((record.seq, body(record), last))

    def bundle(self, first: int, last: int | None = None, documents: Sequence[bytes] = (), **more: object) -> Path:
        """Send records `first` to `last` as the next bundle."""
        self.sent += 1
        usual = {"origin": self.origin, "number": self.sent, "previous_header_sha256": self.previous}
        header, content = make_bundle(
            self.post.announce(**(usual | more)),
            self.lines[first - 1 : last],
            {hashlib.sha256(document).hexdigest(): document for document in documents},
            self.post.sign,
            self.post.encrypt,
        )
        self.previous = header.sha256
        path = self.folder / f"{self.origin}-{self.sent}.tdb"
        path.write_bytes(content)
        return path


@pytest.fixture
def ward(post: Post, tmp_path: Path) -> Ward:
    return Ward(post, tmp_path)


@dataclass
class Desk:
    """The receiving end: takes a file in as the command does."""

    ledger: IntakeLedger
    post: Post

    def receive(self, path: Path) -> Intake:
        return receive(path, STUDY, self.ledger, self.post, NOW)


@pytest.fixture
def centre(engine: Engine, post: Post) -> Desk:
    return Desk(IntakeLedger(engine), post)
