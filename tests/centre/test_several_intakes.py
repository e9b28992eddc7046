"""Several people take bundles in at once (PostgreSQL): trails do not wait for each other, and nothing is missed."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Engine, text

from tests.centre.conftest import Desk, Ward
from tests.exchange.conftest import Post
from tests.strategies import SUBJECT, entered
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import SubjectEnrolled
from trialdesk.errors import KnownError
from trialdesk.storage import projections
from trialdesk.storage.audit_trail import AuditTrail
from trialdesk.storage.database import open_centre
from trialdesk.storage.document_store import DocumentStore
from trialdesk.storage.intake_ledger import Arrival, IntakeLedger

PDF = b"%PDF-1.7 signed form"


@pytest.fixture
def engine(postgresql: str) -> Iterator[Engine]:
    opened = open_centre(postgresql)
    yield opened
    opened.dispose()


@pytest.fixture
def beside(engine: Engine, postgresql: str, post: Post) -> Iterator[Desk]:
    """A second desk at the same store, which is told at once when it would have to wait."""
    opened = open_centre(f"{postgresql}&options=-clock_timeout%3D50ms")
    yield Desk(IntakeLedger(opened), post)
    opened.dispose()


def records(origin: str, first: int = 1, last: int = 5) -> list[AuditRecord]:
    return [entered(seq, origin, f"{origin} {seq}") for seq in range(first, last + 1)]


def arrival(origin: str) -> Arrival:
    return Arrival(origin, "S01", "e1", 1, origin * 8, "2026-03-01T09:00:00.000Z")


def test_the_bundle_of_another_workstation_does_not_wait(centre: Desk, beside: Desk, ward: Ward) -> None:
    other = replace(ward, origin="W2", lines=[])
    ward.write(records("W1"))
    other.write(records("W2"))
    with centre.ledger.turn("W1"):
        assert beside.receive(other.bundle(1)).result == "accepted"
    assert centre.receive(ward.bundle(1)).result == "accepted"


def test_the_same_workstations_next_bundle_waits(engine: Engine, centre: Desk, beside: Desk, ward: Ward) -> None:
    ward.write(records("W1"))
    path = ward.bundle(1)
    with centre.ledger.turn("W1"), pytest.raises(Exception, match="lock timeout"):
        beside.receive(path)
    assert AuditTrail(engine).origins() == ()
    assert beside.receive(path).result == "accepted"


def test_who_writes_for_the_whole_store_is_alone_with_it(centre: Desk, beside: Desk, ward: Ward) -> None:
    ward.write(records("W1"))
    path = ward.bundle(1)
    with centre.ledger.turn("W2"), pytest.raises(Exception, match="lock timeout"):
        projections.rebuild(beside.ledger._engine)
    assert beside.receive(path).result == "accepted"


def test_folding_leaves_a_participant_whose_records_are_just_coming(
    engine: Engine, centre: Desk, beside: Desk, ward: Ward
) -> None:
    ward.write(records("W1"))
    centre.receive(ward.bundle(1))
    other = replace(ward, origin="W2", lines=[])
    other.write(records("W2"))
    with centre.ledger.turn("W2") as turn:
        turn.accept(arrival("W2"), other.lines, {}, lambda *_: b"")
        assert projections.refresh(beside.ledger._engine) == 0
    assert projections.waiting(engine) == 1
    assert projections.refresh(engine) == 1
    with engine.connect() as connection:
        assert connection.execute(text("SELECT value, disputed FROM item_data")).one() == (None, True)


def test_records_that_come_while_their_participant_is_folded_are_folded_again(
    engine: Engine, centre: Desk, beside: Desk, ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    ward.write(records("W1"))
    centre.receive(ward.bundle(1))
    other = replace(ward, origin="W2", lines=[])
    other.write(records("W2"))
    path, fold, tried = other.bundle(1), projections._fold_anew, []

    def fold_while_more_comes(*given: object) -> None:
        fold(*given)  # type: ignore[arg-type]
        with pytest.raises(Exception, match="lock timeout"):
            beside.receive(path)
        tried.append(path)

    monkeypatch.setattr(projections, "_fold_anew", fold_while_more_comes)
    assert projections.refresh(engine) == 1
    assert tried == [path]
    monkeypatch.undo()
    assert projections.waiting(engine) == 0
    assert beside.receive(path).result == "accepted"
    assert projections.waiting(engine) == 1


def test_of_two_people_who_write_at_one_moment_the_second_is_told(engine: Engine, beside: Desk) -> None:
    first, second = IntakeLedger(engine), beside.ledger
    first.write(records("CENTRE", 1, 2))
    second.write(records("CENTRE", 3, 3))
    with pytest.raises(KnownError, match="wrote at the same moment"):
        first.write(records("CENTRE", 3, 4))
    assert AuditTrail(engine).head("CENTRE")[0] == 3


def test_many_at_once_bring_what_one_after_another_would(
    engine: Engine, post: Post, tmp_path: Path, postgresql: str
) -> None:
    enrolled = SubjectEnrolled(initials="ABC")
    wards, paths = [Ward(post, tmp_path, f"W{number}") for number in range(1, 5)], {}
    for ward in wards:
        first = entered(1, ward.origin).model_copy(update={"change": enrolled})
        ward.write([first, *records(ward.origin, 2, 40)])
        forked = replace(ward, lines=[])
        paths[ward.origin] = [ward.bundle(1 + n * 10, 10 + n * 10, [PDF]) for n in range(4)]
        forked.write(records(ward.origin))
        forked.sent, forked.previous = 4, ward.previous
        forked.folder = tmp_path / ward.origin
        forked.folder.mkdir()
        paths[ward.origin].append(forked.bundle(1))
    ready = Barrier(len(wards))

    def take(origin: str) -> list[str]:
        own = open_centre(postgresql)
        ready.wait()
        found = [Desk(IntakeLedger(own), post).receive(path).result for path in paths[origin]]
        own.dispose()
        return found

    with ThreadPoolExecutor(len(wards)) as people:
        for found in people.map(take, paths):
            assert found == ["accepted"] * 4 + ["quarantined"]
    ledger = IntakeLedger(engine)
    assert AuditTrail(engine).verify().whole
    assert ledger.totals().records == 160
    assert ledger.twice_enrolled() == ((SUBJECT, ("W1", "W2", "W3", "W4")),)
    assert len(ledger.quarantine()) == 4
    assert len(list(DocumentStore(engine).names())) == 1
    assert projections.waiting(engine) == 1
    assert projections.refresh(engine) == 1


def test_a_stick_of_several_workstations_is_shared_among_processes(postgresql: str, tmp_path: Path) -> None:
    from tests.bench_centre import _bundles
    from trialdesk.centre.centre import Centre
    from trialdesk.centre.intake_pool import receive_all
    from trialdesk.services.study_release import shipped_release

    centre = Centre.init(tmp_path / "centre", shipped_release(), url=postgresql)
    bundles = [path for path, _ in _bundles(tmp_path, centre, 200, each=100)]
    torn = tmp_path / "torn.tdb"
    torn.write_bytes(bundles[0].read_bytes()[:-100])
    told = receive_all(centre, [torn, *bundles], workers=2)
    assert [one.path for one in told] == [torn, *bundles]
    assert told[0].fault is not None
    assert [one.intake.result for one in told[1:] if one.intake] == ["accepted", "accepted"]
    assert centre.ledger.totals().records == 200
    assert AuditTrail(centre.engine).verify().whole
    again = receive_all(centre, bundles)
    assert [one.intake.result for one in again if one.intake] == ["duplicate", "duplicate"]
    centre.close()
