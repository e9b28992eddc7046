"""The trail on disk: numbered, sealed, durable, never changed."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from tests.storage.conftest import KEY, SALT
from tests.strategies import PATHS, SUBJECT, entered
from trialdesk.domain.clinical.seal import GENESIS, first_break
from trialdesk.errors import KnownError
from trialdesk.storage.audit_trail import AuditTrail, Break, Forked
from trialdesk.storage.database import open_desk
from trialdesk.storage.document_store import Document, DocumentStore


def records(first: int, last: int, value: str = "120") -> list:
    return [entered(seq, value=f"{value}-{seq}") for seq in range(first, last + 1)]


def test_an_empty_trail_starts_at_zero(trail: AuditTrail) -> None:
    assert trail.head("W1") == (0, GENESIS)


def test_records_are_read_back_as_they_were_written(trail: AuditTrail) -> None:
    written = records(1, 3)
    seals = trail.append(written)
    assert list(trail.records(SUBJECT)) == written
    assert trail.head("W1") == (3, seals[-1])


def test_records_outlive_the_program(desk: Engine, path, trail: AuditTrail) -> None:
    trail.append(records(1, 3))
    desk.dispose()
    again = open_desk(path, KEY, SALT)
    assert list(AuditTrail(again).records()) == records(1, 3)
    again.dispose()


def test_a_number_that_does_not_follow_is_refused_and_nothing_is_stored(trail: AuditTrail) -> None:
    with pytest.raises(ValueError, match="does not follow"):
        trail.append([entered(1), entered(3)])
    assert trail.head("W1") == (0, GENESIS)


def test_each_workstation_counts_for_itself(trail: AuditTrail) -> None:
    trail.append([entered(1, "W1"), entered(1, "C1"), entered(2, "W1")])
    assert trail.head("W1")[0] == 2
    assert trail.head("C1")[0] == 1
    assert trail.origins() == ("C1", "W1")


def test_records_can_be_asked_for_by_participant_trail_and_kind(trail: AuditTrail) -> None:
    trail.append([entered(1), entered(2, subject="S01-002"), entered(3)])
    assert [r.seq for r in trail.records("S01-002")] == [2]
    assert [r.seq for r in trail.records(origin="W1", after=1)] == [2, 3]
    assert list(trail.records(kinds=["FormSigned"])) == []
    assert trail.subjects() == (SUBJECT, "S01-002")


def test_a_stretch_is_given_with_its_exact_bytes_and_seals(trail: AuditTrail) -> None:
    trail.append(records(1, 5))
    before = list(trail.lines("W1", 1, 2))
    stretch = list(trail.lines("W1", 3, 4))
    assert [seq for seq, _, _ in stretch] == [3, 4]
    assert first_break(before[-1][2], stretch) is None


def test_the_document_is_stored_with_the_record_that_names_it(desk: Engine, trail: AuditTrail) -> None:
    crf = Document("crf", b"%PDF-1.7 signed")
    trail.append([entered(1)], [crf])
    assert DocumentStore(desk).read(crf.sha256) == crf


def test_a_refused_record_leaves_no_document_behind(desk: Engine, trail: AuditTrail) -> None:
    with pytest.raises(ValueError, match="does not follow"):
        trail.append([entered(7)], [Document("crf", b"%PDF")])
    assert list(DocumentStore(desk).names()) == []


def test_a_document_that_is_not_here_is_named(desk: Engine) -> None:
    with pytest.raises(KnownError, match="abcdef"):
        DocumentStore(desk).read("abcdef")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_record SET body = '{}'",
        "DELETE FROM audit_record",
        "INSERT OR REPLACE INTO audit_record SELECT * FROM audit_record WHERE seq = 1",
        "REPLACE INTO audit_record SELECT * FROM audit_record WHERE seq = 1",
        "INSERT INTO audit_record SELECT origin, seq + 7, body, seal, at, user, role, site, study, subject, kind, event, "
        "repeat, form, grp, grp_repeat, item FROM audit_record WHERE seq = 1",
        "DROP TRIGGER audit_record_follows",
        "DROP TABLE audit_record",
        "ALTER TABLE audit_record ADD COLUMN note",
        "ATTACH ':memory:' AS other",
        "PRAGMA writable_schema = 1",
        "PRAGMA recursive_triggers = 0",
        "CREATE TRIGGER t BEFORE INSERT ON audit_record BEGIN SELECT RAISE(IGNORE); END",
        "DELETE FROM document",
        "UPDATE document SET content = x'00'",
        "REPLACE INTO document SELECT * FROM document",
    ],
)
def test_the_database_itself_refuses_to_change_what_is_stored(desk: Engine, trail: AuditTrail, statement: str) -> None:
    trail.append(records(1, 2), [Document("crf", b"%PDF")])
    before = list(trail.lines("W1"))
    with pytest.raises(DBAPIError, match=r"not authorized|never changed|next number"), desk.begin() as connection:
        connection.execute(text(statement))
    assert list(trail.lines("W1")) == before


def test_a_whole_trail_is_found_whole(trail: AuditTrail) -> None:
    seals = trail.append(records(1, 50))
    verdict = trail.verify()
    assert verdict.whole
    assert verdict.records == 50
    assert verdict.heads == {"W1": (50, seals[-1])}


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit_record SET body = replace(body, '120-7', '121-7') WHERE seq = 7",
        "UPDATE audit_record SET subject = 'S01-009' WHERE seq = 7",
        "UPDATE audit_record SET seal = (SELECT seal FROM audit_record WHERE seq = 3) WHERE seq = 7",
    ],
)
def test_what_was_changed_behind_the_guards_is_found_at_its_record(
    desk: Engine, path, trail: AuditTrail, tampering: str
) -> None:
    trail.append(records(1, 20))
    desk.dispose()
    tamper(path, tampering)
    again = open_desk(path, KEY, SALT)
    assert AuditTrail(again).verify().breaks == (Break("W1", 7),)
    again.dispose()


def test_a_removed_record_is_found_at_the_next_one(desk: Engine, path, trail: AuditTrail) -> None:
    trail.append(records(1, 20))
    desk.dispose()
    tamper(path, "DELETE FROM audit_record WHERE seq = 7")
    again = open_desk(path, KEY, SALT)
    assert AuditTrail(again).verify().breaks == (Break("W1", 8),)
    again.dispose()


def tamper(path, statement: str) -> None:
    """What somebody with the key and another tool could do."""
    tamper_with(path, KEY, SALT, statement)


def tamper_with(path, key: bytes, salt: bytes, statement: str) -> None:
    """The same on any desk's database."""
    from sqlcipher3 import dbapi2

    with dbapi2.connect(str(path)) as connection:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}{salt.hex()}'\"")
        for act in ("update", "delete"):
            connection.execute(f"DROP TRIGGER audit_record_no_{act}")
        connection.execute(statement)
    connection.close()


def test_lines_of_another_workstation_are_taken_in_and_taking_them_again_changes_nothing(
    trail: AuditTrail, elsewhere: AuditTrail
) -> None:
    elsewhere.append(records(1, 10))
    lines = list(elsewhere.lines("W1"))
    assert trail.take_in("W1", lines[:6]) == 6
    assert trail.take_in("W1", lines) == 4
    assert trail.take_in("W1", lines) == 0
    assert list(trail.lines("W1")) == lines


def test_lines_that_leave_a_gap_are_refused_by_the_missing_number(trail: AuditTrail, elsewhere: AuditTrail) -> None:
    elsewhere.append(records(1, 10))
    with pytest.raises(KnownError, match="missing from number 1"):
        trail.take_in("W1", elsewhere.lines("W1", 4, 10))
    assert trail.head("W1")[0] == 0


def test_other_content_under_held_numbers_is_a_fork(trail: AuditTrail, elsewhere: AuditTrail) -> None:
    elsewhere.append(records(1, 3))
    trail.append(records(1, 3, "other"))
    with pytest.raises(Forked, match="copied or set back"):
        trail.take_in("W1", elsewhere.lines("W1"))


def test_a_changed_line_is_refused_at_its_number(trail: AuditTrail, elsewhere: AuditTrail) -> None:
    elsewhere.append(records(1, 3))
    lines = [(seq, content.replace(b"120-2", b"121-2"), claimed) for seq, content, claimed in elsewhere.lines("W1")]
    with pytest.raises(KnownError, match="Record 2"):
        trail.take_in("W1", lines)


def test_a_sealed_line_of_another_trail_is_refused(trail: AuditTrail, elsewhere: AuditTrail) -> None:
    elsewhere.append([entered(1, "W2", path=PATHS[1])])
    with pytest.raises(KnownError, match="not written as its trail requires"):
        trail.take_in("W1", elsewhere.lines("W2"))


@pytest.fixture
def elsewhere(tmp_path):
    engine = open_desk(tmp_path / "other" / "desk.db", KEY, SALT)
    yield AuditTrail(engine)
    engine.dispose()
