"""Trying, on the open database, what must never work: each statement is refused, and rolled back whatever happens."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

STATEMENTS = (
    "UPDATE audit_record SET body = '{}' WHERE seq = 1",
    "DELETE FROM audit_record WHERE seq = 1",
    "INSERT OR REPLACE INTO audit_record SELECT * FROM audit_record WHERE seq = 1",
    "DROP TRIGGER audit_record_no_update",
    "DROP TABLE audit_record",
    "ALTER TABLE audit_record ADD COLUMN hidden",
    "CREATE TRIGGER quiet BEFORE INSERT ON audit_record BEGIN SELECT RAISE(IGNORE); END",
    "UPDATE document SET content = x'00'",
    "DELETE FROM document",
    "PRAGMA writable_schema = 1",
    "PRAGMA synchronous = 0",
    "ATTACH ':memory:' AS other",
)
"""Ways to change, hide or switch off the trail from inside the program."""


@dataclass(frozen=True)
class Attempt:
    """One statement and how the database answered; `refusal` is empty where it was let through."""

    statement: str
    refusal: str


def try_tampering(engine: Engine) -> tuple[Attempt, ...]:
    """Try every statement in a transaction that is always rolled back; a whole desk refuses all of them."""
    return tuple(Attempt(one, _refusal(engine, one)) for one in STATEMENTS)


def _refusal(engine: Engine, statement: str) -> str:
    with engine.connect() as connection:
        try:
            connection.exec_driver_sql(statement)
        except DBAPIError as fault:
            return str(fault.orig)
        finally:
            connection.rollback()
    return ""
