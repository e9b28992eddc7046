"""The append-only trail: numbering, sealing, durable storing, reading, verifying."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, Select, func, select

from trialdesk.domain.clinical.audit_record import RECORD, AuditRecord
from trialdesk.domain.clinical.seal import GENESIS, body, seal
from trialdesk.storage import bulk, partitions
from trialdesk.storage.database import reading, writing
from trialdesk.storage.document_store import Document, keep
from trialdesk.storage.line_check import Checked, Forked, Line, fresh_lines
from trialdesk.storage.tables import AUDIT, AUDIT_COLUMNS, audit_values

__all__ = ["AuditTrail", "Break", "Forked", "Line", "Verdict", "append", "head", "take_in"]


@dataclass(frozen=True)
class Break:
    """The first record of a trail that does not follow from what stands before it."""

    origin: str
    seq: int


@dataclass(frozen=True)
class Verdict:
    """What checking every seal found: how many records, the head of each trail, and the first break of each."""

    records: int
    heads: dict[str, tuple[int, str]]
    breaks: tuple[Break, ...] = ()

    @property
    def whole(self) -> bool:
        """True when every record follows from the one before."""
        return not self.breaks


class AuditTrail:
    """Every record of one database, of one origin at a ward and of many at the centre."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        # One writer holds a desk: what it wrote last is the head, and need not be read again before each answer.
        self._written: dict[str, tuple[int, str]] = {}

    def append(self, records: Sequence[AuditRecord], documents: Iterable[Document] = ()) -> list[str]:
        """Seal and store records, and the documents they name, in one durable transaction; returns the seals.

        Numbers must follow the head of their trail (ValueError); KnownError when the disk is full or cannot be written.
        """
        with writing(self._engine, {record.origin for record in records}) as connection:
            keep(connection, documents)
            seals = append(connection, records, self._written)
        self._written.update({r.origin: (r.seq, sealed) for r, sealed in zip(records, seals, strict=True)})
        return seals

    def head(self, origin: str) -> tuple[int, str]:
        """Number and seal of the last record of a trail; 0 and zeros before its first."""
        if origin in self._written:
            return self._written[origin]
        with reading(self._engine) as connection:
            return head(connection, origin)

    def latest(self, origin: str) -> str:
        """The latest moment any record of a trail names (UTC, ISO 8601), whatever the clock did after; "" before the first."""
        with reading(self._engine) as connection:
            return connection.scalar(select(func.max(AUDIT.c.at)).where(AUDIT.c.origin == origin)) or ""

    def origins(self) -> tuple[str, ...]:
        """Every trail of which records are held, by name."""
        found: list[str] = []
        with reading(self._engine) as connection:
            while True:
                # From one name to the next by the key: reading every row for a handful of names would take long.
                after = AUDIT.c.origin > (found[-1] if found else "")
                name = connection.scalar(select(func.min(AUDIT.c.origin)).where(after))
                if name is None:
                    return tuple(found)
                found.append(name)

    def subjects(self) -> tuple[str, ...]:
        """Every participant of whom records are held."""
        query = select(AUDIT.c.subject).where(AUDIT.c.subject.is_not(None)).distinct().order_by(AUDIT.c.subject)
        with reading(self._engine) as connection:
            return tuple(connection.scalars(query))

    def records(
        self, subject: str | None = None, origin: str | None = None, after: int = 0, kinds: Iterable[str] = ()
    ) -> Iterator[AuditRecord]:
        """Records of a participant, of a trail or of all, by trail and number; `after` leaves out earlier numbers."""
        query = select(AUDIT.c.body).order_by(AUDIT.c.origin, AUDIT.c.seq)
        if subject is not None:
            query = query.where(AUDIT.c.subject == subject)
        if origin is not None:
            query = query.where(AUDIT.c.origin == origin)
        if after:
            query = query.where(AUDIT.c.seq > after)
        if wanted := tuple(kinds):
            query = query.where(AUDIT.c.kind.in_(wanted))
        for (content,) in self._rows(query):
            yield RECORD.validate_json(content)

    def lines(self, origin: str, first: int = 1, last: int | None = None) -> Iterator[Line]:
        """A numbered stretch of one trail, both ends included, as stored."""
        query = select(AUDIT.c.seq, AUDIT.c.body, AUDIT.c.seal).where(AUDIT.c.origin == origin, AUDIT.c.seq >= first)
        if last is not None:
            query = query.where(AUDIT.c.seq <= last)
        for seq, content, claimed in self._rows(query.order_by(AUDIT.c.seq)):
            yield seq, content.encode(), claimed

    def verify(self) -> Verdict:
        """Check every seal, every number and every search column of every trail."""
        count = 0
        heads: dict[str, tuple[int, str]] = {}
        breaks: dict[str, Break] = {}
        for row in self._rows(select(*AUDIT.columns).order_by(AUDIT.c.origin, AUDIT.c.seq)):
            count += 1
            origin, seq, text, claimed = row[:4]
            if origin in breaks:
                continue
            before, previous = heads.get(origin, (0, GENESIS))
            content = text.encode()
            if seq != before + 1 or seal(previous, content) != claimed or audit_values(content, claimed) != tuple(row):
                breaks[origin] = Break(origin, seq)
            else:
                heads[origin] = (seq, claimed)
        return Verdict(count, heads, tuple(breaks.values()))

    def take_in(self, origin: str, lines: Iterable[Line], documents: Iterable[Document] = ()) -> int:
        """Store verified lines of another workstation in one transaction; returns how many were new.

        Lines held already with equal seals change nothing. Raises Forked for other seals under held numbers, and
        KnownError for a gap, a seal that does not follow, or a line that is not a record of this trail.
        """
        self._written.pop(origin, None)
        with writing(self._engine, {origin}) as connection:
            keep(connection, documents)
            return take_in(connection, origin, list(lines))[0]

    def _rows(self, query: Select[tuple[Any, ...]]) -> Iterator[Sequence[Any]]:
        """Rows in batches, so that a long trail never stands in memory as a whole."""
        with reading(self._engine) as connection:
            if connection.dialect.name == "sqlite":
                # SQLite's own cursor streams; SQLAlchemy's rows would take three times as long.
                cursor = connection.execute(query).cursor
                while cursor is not None and (batch := cursor.fetchmany(2000)):
                    yield from batch
            else:
                for part in connection.execution_options(yield_per=2000).execute(query).partitions():
                    yield from part


def head(connection: Connection, origin: str) -> tuple[int, str]:
    """Number and seal of the last record of a trail, within an open transaction."""
    query = select(AUDIT.c.seq, AUDIT.c.seal).where(AUDIT.c.origin == origin).order_by(AUDIT.c.seq.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return (row.seq, row.seal) if row else (0, GENESIS)


def append(
    connection: Connection, records: Iterable[AuditRecord], known: Mapping[str, tuple[int, str]] | None = None
) -> list[str]:
    """Seal and store records within an open transaction; raises ValueError when a number does not follow.

    `known` are heads the caller wrote itself; the database still refuses a number that does not follow.
    """
    heads: dict[str, tuple[int, str]] = dict(known or {})
    rows = []
    for record in records:
        last, previous = heads.get(record.origin) or head(connection, record.origin)
        if record.seq != last + 1:
            raise ValueError(f"record {record.id} does not follow number {last}")
        content = body(record)
        sealed = seal(previous, content)
        heads[record.origin] = (record.seq, sealed)
        rows.append(audit_values(content, sealed))
    _insert(connection, rows)
    return [row[3] for row in rows]


def take_in(connection: Connection, origin: str, lines: Sequence[Line]) -> tuple[int, set[str]]:
    """Verify and store lines of another workstation within an open transaction; see `AuditTrail.take_in`.

    Returns how many were new, and the participants they speak of.
    """
    last, previous = head(connection, origin)
    again = lines[0][0] if lines else last + 1
    held = _held(connection, origin, again, last) if again <= last else {}
    subjects: set[bytes] = set()

    def fresh() -> Iterator[Checked]:
        for line in fresh_lines(origin, lines, last, previous, held):
            subjects.add(line[3].subject if line[3] else _subject(line[1]))
            yield line

    stored = bulk.store(connection, fresh(), follows=not held)
    return stored, {subject.decode() for subject in subjects if subject}


def _subject(content: bytes) -> bytes:
    """The participant a record speaks of, or nothing."""
    subject: str | None = orjson.loads(content).get("subject")
    return subject.encode() if subject else b""


def _held(connection: Connection, origin: str, first: int, last: int) -> dict[int, str]:
    """The seals held under these numbers."""
    query = select(AUDIT.c.seq, AUDIT.c.seal).where(AUDIT.c.origin == origin, AUDIT.c.seq.between(first, last))
    return {row.seq: row.seal for row in connection.execute(query)}


_INSERT = "INSERT INTO audit_record ({}) VALUES ({})".format(
    ", ".join(f'"{name}"' for name in AUDIT_COLUMNS), ", ".join("?" * len(AUDIT_COLUMNS))
)


def _insert(connection: Connection, rows: list[tuple[Any, ...]]) -> None:
    if rows and connection.dialect.name == "sqlite":
        # The statement as SQLite takes it: compiling it anew would be a third of the time of one answer.
        connection.exec_driver_sql(_INSERT, rows)
    elif rows:
        at = AUDIT_COLUMNS.index("site")
        partitions.ensure(connection.engine, {row[at] for row in rows})
        connection.execute(AUDIT.insert(), [dict(zip(AUDIT_COLUMNS, row, strict=True)) for row in rows])
