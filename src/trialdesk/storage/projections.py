"""What the trail comes to as rows: answers, forms, queries, participants; what the centre's lists read.

Taking in only marks whom new records speak of: folding is left to the first list that is opened, so that a stick is
read as fast as it can be verified. Every row follows from the trail and is made anew at any time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, select

from trialdesk.domain.clinical.audit_record import RECORD, AuditRecord
from trialdesk.domain.clinical.changes import QueryAnswered, QueryProposed
from trialdesk.domain.clinical.fold import fold
from trialdesk.domain.clinical.form_status import form_status
from trialdesk.domain.clinical.subject_data import Query, SubjectData
from trialdesk.storage.bulk import batches, insert, uncollected
from trialdesk.storage.database import reading, writing
from trialdesk.storage.tables import AUDIT, FOLDED, FORM, ITEM, QUERY, SPOKEN_OF, STALE, SUBJECT

CHUNK = 100
"""Participants folded in one transaction: about 10,000 records."""

Row = tuple[Any, ...]


def mark(connection: Connection, subjects: Iterable[str], origin: str | None = None) -> None:
    """Remember within an open transaction that new records, those of `origin`, speak of these participants."""
    for some in batches(sorted(subjects), 500):
        if origin is not None:
            here = select(SPOKEN_OF.c.subject).where(SPOKEN_OF.c.origin == origin, SPOKEN_OF.c.subject.in_(some))
            spoken = set(connection.scalars(here))
            insert(connection, SPOKEN_OF, [(origin, subject) for subject in some if subject not in spoken])
        _set_stale(connection, some)


def _set_stale(connection: Connection, subjects: list[str]) -> None:
    """Mark them; a mark that is there is held until this transaction ends, so that no folding takes it off before."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            "INSERT INTO stale_subject (subject) SELECT unnest(%s::text[]) "
            "ON CONFLICT (subject) DO UPDATE SET subject = excluded.subject",
            (subjects,),
        )
    else:
        connection.exec_driver_sql("INSERT OR IGNORE INTO stale_subject (subject) VALUES (?)", [(s,) for s in subjects])


def waiting(engine: Engine) -> int:
    """How many participants have records that no list shows yet."""
    with reading(engine) as connection:
        return connection.scalar(select(func.count()).select_from(STALE)) or 0


def refresh(engine: Engine, most: int | None = None) -> int:
    """Fold the participants marked, at most `most` of them; returns how many were folded.

    Participants of an intake that is not done yet are left for the next time; several may fold at once on PostgreSQL.
    On a copy for reading (a replica) nothing is folded: it shows what the first server has folded.
    """
    if _is_copy(engine):
        return 0
    done = 0
    while most is None or done < most:
        with uncollected(), writing(engine, ()) as connection:
            size = CHUNK if most is None else min(CHUNK, most - done)
            marked = select(STALE.c.subject).order_by(STALE.c.subject).limit(size).with_for_update(skip_locked=True)
            some = list(connection.scalars(marked))
            if not some:
                break
            _by_index(connection)
            # Whoever marks one of these from here on waits for this to end; so what is read now is all of them.
            connection.execute(delete(STALE).where(STALE.c.subject.in_(some)))
            _fold_anew(connection, some)
            done += len(some)
    if done >= 10 * CHUNK and engine.dialect.name == "postgresql":
        # After so many rows the planner's picture of the tables is wrong, and lists would be slow until it is renewed.
        with writing(engine, ()) as connection:
            # Each site's part is looked at as well; the usual sample would be nearly all of its rows.
            connection.exec_driver_sql("SET LOCAL default_statistics_target = 20")
            for table in (*FOLDED, AUDIT):
                connection.exec_driver_sql(f"ANALYZE {table.name}")
    return done


def _is_copy(engine: Engine) -> bool:
    if engine.dialect.name != "postgresql":
        return False
    with reading(engine) as connection:
        return bool(connection.exec_driver_sql("SELECT pg_is_in_recovery()").scalar_one())


def _by_index(connection: Connection) -> None:
    """A planner that knows these tables as empty would read all of them for each hundred participants."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")


def rebuild(engine: Engine) -> int:
    """Fold every participant anew; returns how many."""
    with writing(engine) as connection:
        connection.execute(STALE.delete())
        known = select(AUDIT.c.subject).where(AUDIT.c.subject.is_not(None)).distinct()
        mark(connection, connection.scalars(known).all())
    return refresh(engine)


def _fold_anew(connection: Connection, subjects: Sequence[str]) -> None:
    rows: dict[str, list[Row]] = {table.name: [] for table in FOLDED}
    for data, version in _folded(connection, subjects):
        rows[ITEM.name] += _items(data)
        rows[FORM.name] += _forms(data)
        rows[QUERY.name] += [_query(data, query) for query in data.queries.values()]
        rows[QUERY.name] += [_candidate(data, record) for record in data.candidates]
        rows[SUBJECT.name].append(_subject(data, version))
    for table in FOLDED:
        connection.execute(delete(table).where(table.c.subject.in_(subjects)))
    for table in FOLDED:
        insert(connection, table, rows[table.name])


def _folded(connection: Connection, subjects: Sequence[str]) -> Iterator[tuple[SubjectData, str]]:
    """Each participant's casebook, and the study release of the last record."""
    query = select(AUDIT.c.subject, AUDIT.c.body).where(AUDIT.c.subject.in_(subjects)).order_by(AUDIT.c.subject)
    cursor = connection.execute(query)
    for subject, group in groupby(cursor, key=lambda row: row[0]):
        records = [RECORD.validate_json(row[1]) for row in group]
        wards = [record for record in records if not record.origin.startswith("CENTRE")] or records
        last = max(wards, key=lambda record: record.at)
        yield fold(subject, records), last.study


def _items(data: SubjectData) -> Iterator[Row]:
    """One row per answer that stands and is not struck; a disputed answer has no value."""
    for path, item in data.items.items():
        if data.is_struck(path):
            continue
        if len(item.entries) == 1:
            # Nine answers of ten were given once and never touched: they stand as they are.
            (only,) = item.entries
            yield data.subject, *path, only.record.site, *only.answer, False, only.id
        else:
            site = item.current.record.site
            yield data.subject, *path, site, item.value, item.missing, item.unit, item.disputed, item.current.id


def _forms(data: SubjectData) -> Iterator[Row]:
    site = _site(data)
    for form, paths in data.by_form.items():
        standing = sum(1 for path in paths if not data.is_struck(path))
        if (form, None, 1) in data.struck or not standing:
            continue
        queries = sum(1 for _ in data.open_queries(form))
        frozen, verified = data.is_frozen(form), sum(1 for path in paths if data.verification(path) is not None)
        yield data.subject, *form, site, str(form_status(data, form)), standing, queries, frozen, verified


def _query(data: SubjectData, query: Query) -> Row:
    asked, answer = query.change, query.answers[-1] if query.answers else None
    said = answer.change.words if answer and isinstance(answer.change, QueryAnswered) else None
    settled = query.closings[-1].at if query.state in ("Closed", "Cancelled") else None
    return (
        query.id, data.subject, _site(data), asked.source, query.state, asked.rule, "\n".join(map(str, asked.paths)),
        query.says.en, query.says.zh, query.opened.at, answer.at if answer else None, settled, said,
    )  # fmt: skip


def _candidate(data: SubjectData, record: AuditRecord) -> Row:
    asked = record.change
    assert isinstance(asked, QueryProposed)
    return (
        record.id, data.subject, _site(data), asked.source, "Candidate", asked.rule, "\n".join(map(str, asked.paths)),
        asked.says.en, asked.says.zh, record.at, None, None, None,
    )  # fmt: skip


def _subject(data: SubjectData, version: str) -> Row:
    enrolled = data.enrolled.local_time.date().isoformat() if data.enrolled else None
    last = max((e.record.at for item in data.items.values() for e in item.entries), default="")
    disputed = sum(1 for item in data.items.values() if item.disputed)
    return data.subject, _site(data), data.initials, enrolled, version, last, disputed


def _site(data: SubjectData) -> str:
    """Where a participant belongs: the site that enrolled them, else that of the first answer."""
    if data.enrolled is not None:
        return data.enrolled.site
    return next((item.entries[0].record.site for item in data.items.values()), "")
