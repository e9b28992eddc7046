"""Doors the database itself keeps shut: stored records and documents are never changed, removed or numbered anew."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

_KEPT = ("audit_record", "document")

# REPLACE deletes without a DELETE trigger unless recursive_triggers is on; the number check holds without that pragma.
_SQLITE = (
    *(
        f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'stored records are never changed'); END"
        for table in _KEPT
        for act in ("UPDATE", "DELETE")
    ),
    "CREATE TRIGGER audit_record_follows BEFORE INSERT ON audit_record "
    "WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit_record WHERE origin = NEW.origin) "
    "BEGIN SELECT RAISE(ABORT, 'the next record must have the next number'); END",
    "CREATE TRIGGER document_once BEFORE INSERT ON document "
    "WHEN EXISTS (SELECT 1 FROM document WHERE sha256 = NEW.sha256) "
    "BEGIN SELECT RAISE(ABORT, 'stored records are never changed'); END",
)

# The plan of a function is kept: made while the table is small it would read all of it ever after, hence no such scan.
# A key cannot reach over several tables, so the check itself sees to it that no number comes a second time elsewhere.
_GAP = """CREATE OR REPLACE FUNCTION refuse_gap() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
    BEGIN
      IF EXISTS (
        SELECT 1 FROM (SELECT origin, min(seq) AS lo, max(seq) AS hi, count(*) AS n, min(site) <> max(site) AS mixed
                       FROM fresh GROUP BY origin) f
        WHERE f.n <> f.hi - f.lo + 1
        OR f.mixed AND f.n <> (SELECT count(DISTINCT seq) FROM fresh WHERE fresh.origin = f.origin)
        OR f.lo <> 1 AND (
          SELECT a.seq FROM audit_record a WHERE a.origin = f.origin AND a.seq < f.lo ORDER BY a.seq DESC LIMIT 1
        ) IS DISTINCT FROM f.lo - 1
        OR f.n <> (SELECT count(*) FROM audit_record a WHERE a.origin = f.origin AND a.seq >= f.lo)
      ) THEN RAISE EXCEPTION 'the next record must have the next number'; END IF;
      RETURN NULL;
    END $$"""

_POSTGRESQL = (
    """CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'stored records are never changed'; END $$""",
    "CREATE TRIGGER document_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON document "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    _GAP,
)
_TRAIL = (
    'CREATE TRIGGER audit_record_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON "{table}" '
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    # Once per statement over the new rows: a check per row would cost more than the copying.
    'CREATE TRIGGER audit_record_follows AFTER INSERT ON "{table}" REFERENCING NEW TABLE AS fresh '
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_gap()",
)

_PRAGMAS_KEPT = frozenset({"writable_schema", "recursive_triggers", "foreign_keys", "trusted_schema", "synchronous"})


def guard_sqlite(connection: Connection) -> None:
    """Put the triggers into a new SQLite or SQLCipher database."""
    for statement in _SQLITE:
        connection.exec_driver_sql(statement)


def guard_postgresql(connection: Connection) -> None:
    """Put the triggers into a new PostgreSQL database."""
    for statement in _POSTGRESQL:
        connection.exec_driver_sql(statement)
    guard_trail(connection, "audit_record")


def guard_trail(connection: Connection, table: str) -> None:
    """Put the triggers on the trail, or on one site's part of it: the whole's do not see what goes to a part directly."""
    for statement in _TRAIL:
        connection.exec_driver_sql(statement.format(table=table))


def deny_tampering(connection: Any) -> None:
    """Refuse, on one SQLite connection, every statement that could change or hide what is stored.

    Covers DROP, ALTER, ATTACH, new triggers, and UPDATE or DELETE on records and documents; an outside tool on the
    same file is stopped by the encryption, and what it changes is found by the seals.
    """
    connection.set_authorizer(_permit)


_OK, _DENY = 0, 1
_DELETE, _PRAGMA, _UPDATE, _ATTACH, _DETACH, _ALTER = 9, 19, 23, 24, 25, 26
# sqlite3.h: CREATE_TEMP_TRIGGER 5, CREATE_TRIGGER 7, DROP_INDEX 10 to DROP_VIEW 17, DROP_VTABLE 30.
_NEVER = frozenset({5, 7, *range(10, 18), _ATTACH, _DETACH, _ALTER, 30})


def _permit(action: int, first: str | None, second: str | None, _database: str | None, _inner: str | None) -> int:
    if action in _NEVER:
        return _DENY
    if action in (_DELETE, _UPDATE) and first in (*_KEPT, "sqlite_master", "sqlite_schema"):
        return _DENY
    if action == _PRAGMA and (first or "").lower() in _PRAGMAS_KEPT and second is not None:
        return _DENY
    return _OK
