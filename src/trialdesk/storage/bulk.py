"""Many rows at once: COPY into a staging table and an idempotent INSERT on PostgreSQL, plain inserts on SQLite."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar

import orjson
from sqlalchemy import Connection, Table

from trialdesk.storage import partitions
from trialdesk.storage.line_check import Answer, Checked
from trialdesk.storage.tables import AUDIT_COLUMNS, PARTED, audit_values

Row = tuple[Any, ...]
T = TypeVar("T")

BATCH = 10_000
"""Rows that are checked while the rows before them are written: large enough for COPY, small enough for memory."""

_NAMES = ", ".join(f'"{name}"' for name in AUDIT_COLUMNS)
_INSERT = f"INSERT INTO audit_record ({_NAMES}) VALUES ({', '.join('?' * len(AUDIT_COLUMNS))})"
_COPY = "COPY {} ({}) FROM STDIN"
_STAGING = "CREATE TEMPORARY TABLE IF NOT EXISTS staging (LIKE audit_record) ON COMMIT DROP"
_MERGE = f"INSERT INTO audit_record ({_NAMES}) SELECT {_NAMES} FROM staging ON CONFLICT DO NOTHING"


def store(connection: Connection, lines: Iterable[Checked], follows: bool = False) -> int:
    """Store verified lines within an open transaction; returns how many.

    `follows` says that the lines begin right after the head that this transaction holds, so that none can be there
    already: they are copied straight into the trail. Otherwise PostgreSQL copies them into a staging table and inserts
    from it what is not there. Either way a row found to be there raises, because whoever calls has found it new.
    While one batch is written, the next is taken from `lines` in another thread, so `lines` must not touch the
    connection.
    """
    if connection.dialect.name != "postgresql":
        count = 0
        for batch in batches(lines, BATCH):
            connection.exec_driver_sql(_INSERT, [_values(*line) for line in batch])
            count += len(batch)
        return count
    cursor = connection.connection.cursor()
    # The triggers hold the new rows of a statement in memory; at the usual 4 MB they would go by way of the disk.
    cursor.execute("SET LOCAL work_mem = '32MB'")
    write = _copy if follows else _merge
    total = 0
    for count, block, sites in ahead(_block(batch) for batch in batches(lines, BATCH)):
        partitions.ensure(connection.engine, sites)
        if (found := write(cursor, block)) != count:
            raise RuntimeError(f"{count - found} records found new were stored already")
        total += count
    return total


def _copy(cursor: Any, block: bytes, table: str = "audit_record") -> int:
    with cursor.copy(_COPY.format(table, _NAMES)) as copy:
        copy.write(block)
    return int(cursor.rowcount)


def _merge(cursor: Any, block: bytes) -> int:
    cursor.execute(_STAGING)
    cursor.execute("TRUNCATE staging")
    _copy(cursor, block, "staging")
    cursor.execute(_MERGE)
    return int(cursor.rowcount)


def insert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows with all columns of a table in their order; by COPY where the database has it."""
    if not rows:
        return
    if table in PARTED:
        at = [column.name for column in table.columns].index("site")
        partitions.ensure(connection.engine, {row[at] for row in rows})
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    if connection.dialect.name == "postgresql":
        with connection.connection.cursor().copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        marks = ", ".join("?" * len(table.columns))
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", list(rows))


@contextmanager
def uncollected() -> Iterator[None]:
    """No search for garbage meanwhile: rows hold no cycles, and looking through them again and again takes a third."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of at most `size`, in order."""
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch


def ahead(source: Iterator[T]) -> Iterator[T]:
    """The same items, each made in another thread while the one before it is used."""
    done = object()
    with ThreadPoolExecutor(1) as worker:
        waiting = worker.submit(next, source, done)
        while (item := waiting.result()) is not done:
            waiting = worker.submit(next, source, done)
            yield item  # type: ignore[misc]


def _block(batch: Sequence[Checked]) -> tuple[int, bytes, set[str]]:
    """A batch as COPY's text format, one line a record, and the sites its records are of."""
    sites = {line[3].site if line[3] else orjson.loads(line[1])["site"].encode() for line in batch}
    return len(batch), b"".join(_copy_line(*line) for line in batch), {site.decode() for site in sites}


def _copy_line(seq: int, content: bytes, seal: str, answer: Answer | None) -> bytes:
    """A record as COPY reads it. An answer that was read plainly holds no character that COPY would read otherwise."""
    if answer is None:
        return b"\t".join(map(_escaped, audit_values(content, seal))) + b"\n"
    at, origin, role, number, site, study, subject, user, place = answer
    cells = (origin, number, content, seal.encode(), at, user, role, site, study, subject, b"ItemEntered", place)
    return b"\t".join(cells) + b"\n"


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _escaped(value: object) -> bytes:
    return b"\\N" if value is None else str(value).translate(_ESCAPES).encode()


def _values(seq: int, content: bytes, seal: str, answer: Answer | None) -> Row:
    """A record as SQLite takes it."""
    if answer is None:
        return audit_values(content, seal)
    event, repeat, form, group, group_repeat, item = _place(answer.place)
    origin, at, user, role = answer.origin.decode(), answer.at.decode(), answer.user.decode(), answer.role.decode()
    site, study, subject = answer.site.decode(), answer.study.decode(), answer.subject.decode()
    return (
        origin, seq, content.decode(), seal, at, user, role, site, study, subject, "ItemEntered",
        event, repeat, form, group, group_repeat, item,
    )  # fmt: skip


@lru_cache(maxsize=65536)
def _place(place: bytes) -> Row:
    event, repeat, form, group, group_repeat, item = place.decode().split("\t")
    return event, int(repeat), form, group, int(group_repeat), item
