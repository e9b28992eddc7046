"""The append-only trail: numbering, sealing, durable storing, reading, verifying."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, Engine, Select, select

from trialdesk.domain.clinical.audit_record import RECORD, AuditRecord
from trialdesk.domain.clinical.seal import GENESIS, body, seal
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.storage.database import reading, writing
from trialdesk.storage.document_store import Document, keep
from trialdesk.storage.tables import AUDIT, AUDIT_COLUMNS, audit_values

Line = tuple[int, bytes, str]
"""Number, canonical bytes and seal of one record."""


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


class Forked(KnownError):
    """A trail came with other content under numbers that are held already: a copied or rolled-back workstation."""


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
        with writing(self._engine) as connection:
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

    def origins(self) -> tuple[str, ...]:
        """Every trail of which records are held."""
        with reading(self._engine) as connection:
            return tuple(connection.scalars(select(AUDIT.c.origin).distinct().order_by(AUDIT.c.origin)))

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
        with writing(self._engine) as connection:
            keep(connection, documents)
            return take_in(connection, origin, lines)

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


def take_in(connection: Connection, origin: str, lines: Iterable[Line]) -> int:
    """Verify and store lines of another workstation within an open transaction; see `AuditTrail.take_in`."""
    last, previous = head(connection, origin)
    held = _held(connection, origin)
    rows = []
    for seq, content, claimed in lines:
        if seq <= last:
            if held(seq) != claimed:
                raise Forked(_FORKED.format(origin=origin, seq=seq))
            continue
        if seq != last + 1:
            raise KnownError(_GAP.format(origin=origin, missing=last + 1, seq=seq))
        if seal(previous, content) != claimed:
            raise KnownError(_BROKEN.format(origin=origin, seq=seq))
        rows.append(_checked(origin, seq, content, claimed))
        last, previous = seq, claimed
    _copy(connection, rows) if connection.dialect.name == "postgresql" else _insert(connection, rows)
    return len(rows)


def _checked(origin: str, seq: int, content: bytes, claimed: str) -> tuple[Any, ...]:
    """The columns of a line that is a record of this trail in canonical form; raises KnownError for any other."""
    try:
        record = RECORD.validate_json(content)
    except ValidationError as fault:
        raise KnownError(_UNREADABLE.format(origin=origin, seq=seq)) from fault
    if (record.origin, record.seq) != (origin, seq) or body(record) != content:
        raise KnownError(_STRANGE.format(origin=origin, seq=seq))
    return audit_values(content, claimed)


def _held(connection: Connection, origin: str) -> Callable[[int], str | None]:
    """Looks up seals that are held, reading them in one go from the first that is asked for."""
    seals: dict[int, str] = {}

    def lookup(seq: int) -> str | None:
        if not seals:
            query = select(AUDIT.c.seq, AUDIT.c.seal).where(AUDIT.c.origin == origin, AUDIT.c.seq >= seq)
            seals.update((row.seq, row.seal) for row in connection.execute(query))
        return seals.get(seq)

    return lookup


_INSERT = "INSERT INTO audit_record ({}) VALUES ({})".format(
    ", ".join(f'"{name}"' for name in AUDIT_COLUMNS), ", ".join("?" * len(AUDIT_COLUMNS))
)


def _insert(connection: Connection, rows: list[tuple[Any, ...]]) -> None:
    if rows and connection.dialect.name == "sqlite":
        # The statement as SQLite takes it: compiling it anew would be a third of the time of one answer.
        connection.exec_driver_sql(_INSERT, rows)
    elif rows:
        connection.execute(AUDIT.insert(), [dict(zip(AUDIT_COLUMNS, row, strict=True)) for row in rows])


def _copy(connection: Connection, rows: list[tuple[Any, ...]]) -> None:
    """COPY takes half a million rows a second where INSERT takes sixty thousand; the triggers see both."""
    columns = ", ".join(f'"{name}"' for name in AUDIT_COLUMNS)
    cursor = connection.connection.cursor()
    with cursor.copy(f"COPY audit_record ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


_FORKED = Text(
    en="Workstation {origin} sent other content under number {seq} than the centre holds: the workstation was copied "
    "or set back to an older state. Nothing was taken in. Call the site and find out which state is the true one.",
    zh="工作站 {origin} 第 {seq} 号记录的内容与协调中心已有记录不同：该工作站可能被复制或恢复到旧状态。"
    "未接收任何内容。请联系研究中心，确认以哪一份为准。",
)
_GAP = Text(
    en="Records of workstation {origin} are missing from number {missing}: what came begins at number {seq}. "
    "Nothing was taken in. First import the bundle that holds number {missing}.",
    zh="工作站 {origin} 缺少第 {missing} 号起的记录：本次从第 {seq} 号开始。未接收任何内容。"
    "请先导入含第 {missing} 号记录的数据包。",
)
_BROKEN = Text(
    en="Record {seq} of workstation {origin} was changed after it was written: its seal does not match. "
    "Nothing was taken in. Keep the file, and ask the site to send the bundle again.",
    zh="工作站 {origin} 的第 {seq} 号记录在写入后被改动：封印值不符。未接收任何内容。"
    "请保留该文件，并请研究中心重新发送。",
)
_UNREADABLE = Text(
    en="Record {seq} of workstation {origin} is of a kind this TrialDesk does not know. Nothing was taken in. "
    "Install the newer TrialDesk at the centre, then import the bundle again.",
    zh="本版 TrialDesk 无法识别工作站 {origin} 的第 {seq} 号记录。未接收任何内容。"
    "请在协调中心安装新版 TrialDesk 后重新导入。",
)
_STRANGE = Text(
    en="Record {seq} of workstation {origin} is not written as its trail requires. Nothing was taken in. "
    "Keep the file, and ask the site to send the bundle again.",
    zh="工作站 {origin} 的第 {seq} 号记录不符合稽查轨迹的格式。未接收任何内容。请保留该文件，并请研究中心重新发送。",
)
