"""Each site's part of the tables that grow with every answer, made when the site first appears (PostgreSQL only)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, Engine

from trialdesk.storage.guards import guard_trail
from trialdesk.storage.tables import AUDIT, PARTED

UNASKED = ("body", "seal", "at", "user", "role", "study", "event", "repeat", "form", "grp", "grp_repeat", "item")
"""Columns of the trail that no list looks for: the server keeps no statistics of them, which would cost it more than the
intake, since it makes them anew whenever a part has grown by a tenth."""


def ensure(engine: Engine, sites: Iterable[str]) -> None:
    """Make the parts of these sites that are not there; nothing on SQLite.

    It happens in a transaction of its own, which ends at once: parts are made first and attached then, so that nobody
    who reads or writes meanwhile has to wait, and no intake holds a lock that another needs.
    """
    if engine.dialect.name != "postgresql":
        return
    known: set[str] = vars(engine.pool).setdefault("_sites", set())
    new = sorted(set(sites) - known)
    if not new:
        return
    with engine.execution_options(writing=False).begin() as connection:
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(6141305)")
        for site in new:
            for table in PARTED:
                _part(connection, table.name, site)
    known.update(new)


def _part(connection: Connection, table: str, site: str) -> None:
    name, there = connection.exec_driver_sql(
        "SELECT site_part(%s, %s), to_regclass(quote_ident(site_part(%s, %s))) IS NOT NULL", (table, site, table, site)
    ).one()
    if there:
        return
    connection.exec_driver_sql(f'CREATE TABLE "{name}" (LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)')
    attach = connection.exec_driver_sql(
        "SELECT format('ALTER TABLE %%I ATTACH PARTITION %%I FOR VALUES IN (%%L)', %s::text, %s::text, %s::text)",
        (table, name, site),
    ).scalar_one()
    connection.exec_driver_sql(attach.replace("%", "%%"))
    if table == AUDIT.name:
        guard_trail(connection, name)
        unasked = ", ".join(f'ALTER COLUMN "{column}" SET STATISTICS 0' for column in UNASKED)
        connection.exec_driver_sql(f'ALTER TABLE "{name}" {unasked}')
