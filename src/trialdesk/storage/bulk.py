"""Many rows at once: COPY into a staging table and an idempotent INSERT on PostgreSQL, plain inserts on SQLite."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Table

from trialdesk.storage.tables import AUDIT_COLUMNS

Row = tuple[Any, ...]
T = TypeVar("T")

BATCH = 5_000
"""Rows that are checked while the rows before them are written: large enough for COPY, small enough for memory."""

_NAMES = ", ".join(f'"{name}"' for name in AUDIT_COLUMNS)
_INSERT = f"INSERT INTO audit_record ({_NAMES}) VALUES ({', '.join('?' * len(AUDIT_COLUMNS))})"
_STAGING = "CREATE TEMPORARY TABLE IF NOT EXISTS staging (LIKE audit_record) ON COMMIT DROP"
_MERGE = f"INSERT INTO audit_record ({_NAMES}) SELECT {_NAMES} FROM staging ON CONFLICT (origin, seq) DO NOTHING"


def store(connection: Connection, rows: Iterable[tuple[Row, bytes]]) -> int:
    """Store checked rows with their bodies' bytes within an open transaction; returns how many.

    While one batch is written, the next is taken from `rows` in another thread, so `rows` must not touch the
    connection. On PostgreSQL a row that is there already is left as it is and raises RuntimeError, because whoever
    calls has found it new.
    """
    if connection.dialect.name != "postgresql":
        count = 0
        for batch in batches(rows, BATCH):
            connection.exec_driver_sql(_INSERT, [row for row, _ in batch])
            count += len(batch)
        return count
    return _staged(connection, (_block(batch) for batch in batches(rows, BATCH)))


def _staged(connection: Connection, blocks: Iterator[tuple[int, bytes]]) -> int:
    cursor = connection.connection.cursor()
    # The triggers hold the new rows of a statement in memory; at the usual 4 MB they would go by way of the disk.
    cursor.execute("SET LOCAL work_mem = '32MB'")
    cursor.execute(_STAGING)
    total = 0
    for count, block in ahead(blocks):
        with cursor.copy(f"COPY staging ({_NAMES}) FROM STDIN") as copy:
            copy.write(block)
        cursor.execute(_MERGE)
        if cursor.rowcount != count:
            raise RuntimeError(f"{count - cursor.rowcount} records found new were stored already")
        cursor.execute("TRUNCATE staging")
        total += count
    return total


def insert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows with all columns of a table in their order; by COPY where the database has it."""
    if not rows:
        return
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    if connection.dialect.name == "postgresql":
        with connection.connection.cursor().copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        marks = ", ".join("?" * len(table.columns))
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", list(rows))


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


def _block(batch: Sequence[tuple[Row, bytes]]) -> tuple[int, bytes]:
    """A batch as COPY's text format. Canonical JSON without a backslash holds no character that COPY would read."""
    text = [
        "\t".join(_NULL if value is None else str(value) for value in row)
        if b"\\" not in content
        else "\t".join(_escaped(value) for value in row)
        for row, content in batch
    ]
    return len(batch), ("\n".join(text) + "\n").encode()


_NULL = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _escaped(value: object) -> str:
    return _NULL if value is None else str(value).translate(_ESCAPES)
