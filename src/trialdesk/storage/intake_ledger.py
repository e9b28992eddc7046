"""What the centre has taken in from each workstation: bundles, receipts, heads, and what was set aside."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass

import orjson
from sqlalchemy import Connection, Engine, delete, distinct, func, select

from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.documents_named import NAMING
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.storage import projections
from trialdesk.storage.audit_trail import Line, append, head, take_in
from trialdesk.storage.database import reading, writing
from trialdesk.storage.document_store import Document, keep
from trialdesk.storage.tables import AUDIT, BUNDLE, DOCUMENT, ORIGIN, QUARANTINE, SPOKEN_OF


@dataclass(frozen=True)
class Arrival:
    """The signed facts of a bundle that arrives; `received` is the centre's time in UTC."""

    origin: str
    site: str
    epoch: str
    number: int
    header_sha256: str
    received: str


@dataclass(frozen=True)
class OriginState:
    """How far the centre holds one trail: the highest bundle number, the last record and its seal."""

    origin: str
    site: str
    epoch: str
    number: int
    header_sha256: str
    accepted_to: int
    seal: str
    received: str


@dataclass(frozen=True)
class Seen:
    """A bundle taken in earlier, and the receipt it was answered with."""

    header_sha256: str
    receipt: bytes


@dataclass(frozen=True)
class SetAside:
    """A bundle in quarantine and why."""

    origin: str
    number: int
    header_sha256: str
    received: str
    why: Text


@dataclass(frozen=True)
class Totals:
    """Counts of what one trail brought, or all of them."""

    records: int
    subjects: int


class Turn:
    """One intake, alone with its trail until it ends; everything it writes becomes durable together."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def state(self, origin: str) -> OriginState | None:
        """How far this trail is held; None before its first bundle."""
        row = self._connection.execute(ORIGIN.select().where(ORIGIN.c.origin == origin)).one_or_none()
        return OriginState(**row._asdict()) if row else None

    def seen(self, origin: str, number: int) -> Seen | None:
        """The bundle of this number, if it was taken in."""
        query = BUNDLE.select().where(BUNDLE.c.origin == origin, BUNDLE.c.number == number)
        row = self._connection.execute(query).one_or_none()
        return Seen(row.header_sha256, row.receipt) if row else None

    def lacking(self, origin: str) -> tuple[str, ...]:
        """Signed and certified forms and scans of paper, by hash, that this trail names and that are not kept here."""
        query = select(AUDIT.c.body).where(AUDIT.c.origin == origin, AUDIT.c.kind.in_(NAMING))
        changes = [orjson.loads(content)["change"] for content in self._connection.scalars(query)]
        # A certified form is no longer wanted once the file signed on top of it is named; see `documents_named`.
        onward = {one.get("certified") for one in changes}
        named = {one["document"] for one in changes if one.get("what", "scanned") == "scanned"} - onward
        kept = set(self._connection.scalars(select(DOCUMENT.c.sha256)))
        return tuple(sorted(named - kept))

    def accept(
        self,
        arrival: Arrival,
        lines: Sequence[Line],
        documents: Mapping[str, bytes],
        answer: Callable[[int, str], bytes],
    ) -> tuple[int, bytes]:
        """Store new records, documents and the receipt; returns how many records were new, and the receipt.

        `answer(accepted_to, seal)` gives the receipt's bytes. Raises Forked or KnownError before anything is stored.
        """
        before = self.state(arrival.origin)
        with self._connection.begin_nested():
            fresh, subjects = take_in(self._connection, arrival.origin, lines)
        keep(self._connection, [Document("crf", content) for content in documents.values()])
        projections.mark(self._connection, subjects, arrival.origin)
        accepted_to, seal = head(self._connection, arrival.origin)
        if (before.accepted_to if before else 0) + fresh != accepted_to:
            raise RuntimeError(f"{arrival.origin} counts other records than its last number {accepted_to}")
        receipt = answer(accepted_to, seal)
        self._note(arrival, accepted_to, seal, receipt)
        return fresh, receipt

    def set_aside(self, arrival: Arrival, why: Text, content: bytes) -> None:
        """Keep a contradicting bundle apart, whole, so that it can be looked into; once is enough."""
        known = QUARANTINE.c.header_sha256 == arrival.header_sha256
        if self._connection.execute(select(QUARANTINE.c.number).where(known)).first() is None:
            row = {"header_sha256": arrival.header_sha256, "origin": arrival.origin, "number": arrival.number}
            row |= {"received": arrival.received, "why_en": why.en, "why_zh": why.zh}
            self._connection.execute(QUARANTINE.insert(), row | {"content": content})

    def _note(self, arrival: Arrival, accepted_to: int, seal: str, receipt: bytes) -> None:
        seen = {"origin": arrival.origin, "number": arrival.number, "header_sha256": arrival.header_sha256}
        self._connection.execute(BUNDLE.insert(), seen | {"received": arrival.received, "receipt": receipt})
        before = self.state(arrival.origin)
        state = asdict(arrival) | {"accepted_to": accepted_to, "seal": seal}
        if before and before.number > arrival.number:
            state |= {"number": before.number, "header_sha256": before.header_sha256, "epoch": before.epoch}
        self._connection.execute(delete(ORIGIN).where(ORIGIN.c.origin == arrival.origin))
        self._connection.execute(ORIGIN.insert(), state)


class IntakeLedger:
    """The centre's book of arrivals."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def turn(self, origin: str) -> Iterator[Turn]:
        """Take one trail alone for one intake; an exception undoes everything of it.

        On PostgreSQL intakes of other trails go on meanwhile; SQLite has one writer at a time.
        """
        with writing(self._engine, {origin}) as connection:
            yield Turn(connection)

    def write(self, records: Sequence[AuditRecord]) -> None:
        """Seal and store records of the centre's own trails durably; raises KnownError when another person was first."""
        with writing(self._engine, {record.origin for record in records}) as connection:
            try:
                append(connection, records)
            except ValueError as fault:
                raise KnownError(_ANOTHER_WAS_FIRST) from fault
            projections.mark(connection, {record.subject for record in records if record.subject})

    def last_receipt(self, origin: str) -> bytes | None:
        """The receipt of the highest bundle that was taken in from a workstation."""
        query = select(BUNDLE.c.receipt).where(BUNDLE.c.origin == origin).order_by(BUNDLE.c.number.desc()).limit(1)
        with reading(self._engine) as connection:
            found: bytes | None = connection.scalar(query)
            return found

    def states(self) -> tuple[OriginState, ...]:
        """How far each trail is held."""
        with reading(self._engine) as connection:
            rows = connection.execute(ORIGIN.select().order_by(ORIGIN.c.origin))
            return tuple(OriginState(**row._asdict()) for row in rows)

    def totals(self, origin: str | None = None) -> Totals:
        """Records and participants of one trail, or of all."""
        records = select(func.coalesce(func.sum(ORIGIN.c.accepted_to), 0))
        subjects = select(func.count(distinct(SPOKEN_OF.c.subject)))
        if origin is not None:
            records = records.where(ORIGIN.c.origin == origin)
            subjects = subjects.where(SPOKEN_OF.c.origin == origin)
        with reading(self._engine) as connection:
            return Totals(int(connection.scalar(records) or 0), connection.scalar(subjects) or 0)

    def totals_by_trail(self) -> dict[str, Totals]:
        """Records and participants of every trail."""
        counts = select(SPOKEN_OF.c.origin, func.count()).group_by(SPOKEN_OF.c.origin)
        with reading(self._engine) as connection:
            subjects = {row[0]: row[1] for row in connection.execute(counts)}
            held = connection.execute(select(ORIGIN.c.origin, ORIGIN.c.accepted_to)).all()
        return {origin: Totals(records, subjects.get(origin, 0)) for origin, records in held}

    def never_came(self) -> dict[str, tuple[int, ...]]:
        """Bundle numbers of each trail below its highest that were never brought."""
        seen: dict[str, set[int]] = {}
        with reading(self._engine) as connection:
            for origin, number in connection.execute(select(BUNDLE.c.origin, BUNDLE.c.number)):
                seen.setdefault(origin, set()).add(number)
        return {o: tuple(n for n in range(1, max(known)) if n not in known) for o, known in seen.items()}

    def twice_enrolled(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Participant numbers that several workstations have given, with their names: perhaps two people as one."""
        several = select(SPOKEN_OF.c.subject).group_by(SPOKEN_OF.c.subject).having(func.count() > 1)
        query = select(AUDIT.c.subject, AUDIT.c.origin).where(AUDIT.c.kind == "SubjectEnrolled").distinct()
        query = query.where(AUDIT.c.subject.in_(several))
        given: dict[str, list[str]] = {}
        with reading(self._engine) as connection:
            for subject, origin in connection.execute(query.order_by(AUDIT.c.subject, AUDIT.c.origin)):
                given.setdefault(subject, []).append(origin)
        return tuple((subject, tuple(origins)) for subject, origins in given.items() if len(origins) > 1)

    def documents(self) -> int:
        """How many documents are kept."""
        with reading(self._engine) as connection:
            return connection.scalar(select(func.count()).select_from(DOCUMENT)) or 0

    def quarantine(self) -> tuple[SetAside, ...]:
        """Everything set aside, the oldest first."""
        columns = [column for column in QUARANTINE.columns if column.name != "content"]
        with reading(self._engine) as connection:
            return tuple(
                SetAside(row.origin, row.number, row.header_sha256, row.received, Text(en=row.why_en, zh=row.why_zh))
                for row in connection.execute(select(*columns).order_by(QUARANTINE.c.received))
            )


_ANOTHER_WAS_FIRST = Text(
    en="Another person at the centre wrote at the same moment. Nothing of yours was stored. Look again, then repeat it.",
    zh="协调中心另一位人员恰在同一时刻写入。您的操作未保存。请重新查看后再操作一次。",
)
