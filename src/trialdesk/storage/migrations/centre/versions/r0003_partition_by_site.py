"""On PostgreSQL the trail and the standing answers are parted by site; on SQLite everything stays as it is."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Connection, text

from trialdesk.storage.migrations.centre import no_way_back

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Fill parted tables from the ones that were, compare both, and only then let go of the old ones."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.execute("LOCK TABLE audit_record, item_data IN ACCESS EXCLUSIVE MODE")
        for statement in _PUT_ASIDE:
            op.execute(statement)
        for site in connection.scalars(text(_SITES)).all():
            _leaf(connection, "audit_record", site)
            _leaf(connection, "item_data", site)
        for statement in _FILL:
            op.execute(statement)
        for table in ("audit_record", "item_data"):
            _compare(connection, table)
            op.execute(f"DROP TABLE {table}_before")
        for statement in _FINISH:
            op.execute(statement)
        for leaf in connection.scalars(text(_LEAVES)).all():
            for statement in _GUARDS:
                op.execute(statement.format(table=leaf))
            op.execute(_UNASKED.format(table=leaf))


def _leaf(connection: Connection, table: str, site: str) -> None:
    """One site's part, under a name that the server makes of the site's."""
    make = (
        "SELECT format('CREATE TABLE %I PARTITION OF %I FOR VALUES IN (%L)', site_part(:table, :site), :table, :site)"
    )
    op.execute(connection.scalar(text(make), {"table": table, "site": site}) or "")


def _compare(connection: Connection, table: str) -> None:
    """Raises RuntimeError unless both tables hold the same rows: their number, and the sum of a hash of each."""
    rows = f"SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM (SELECT {_COLUMNS[table]} FROM {{}}) t"
    new, old = (tuple(connection.execute(text(rows.format(name))).one()) for name in (table, f"{table}_before"))
    if new != old:
        raise RuntimeError(f"{table} would not hold what it held: {new} instead of {old}")


downgrade = no_way_back

_COLUMNS = {
    "audit_record": 'origin, seq, body, seal, at, "user", role, site, study, subject, kind, event, repeat, form, grp, '
    "grp_repeat, item",
    "item_data": "subject, event, repeat, form, grp, grp_repeat, item, site, value, missing, unit, disputed, record",
}
# The name of a site goes into the name of its table as far as it is plain; else a hash of it does.
_PUT_ASIDE = (
    """CREATE FUNCTION site_part(parted text, site text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT parted || '_' || CASE WHEN site ~ '^[A-Za-z0-9]{1,12}$' THEN site ELSE 'x' || md5(site) END $$""",
    "DROP INDEX audit_record_of_subject, audit_record_acts, item_data_browsed, item_data_at_site, item_data_disputed",
    "ALTER TABLE audit_record RENAME CONSTRAINT audit_record_pkey TO audit_record_before_pkey",
    "ALTER TABLE item_data RENAME CONSTRAINT item_data_pkey TO item_data_before_pkey",
    "ALTER TABLE audit_record RENAME TO audit_record_before",
    "ALTER TABLE item_data RENAME TO item_data_before",
    "CREATE TABLE audit_record (LIKE audit_record_before) PARTITION BY LIST (site)",
    "CREATE TABLE item_data (LIKE item_data_before) PARTITION BY LIST (site)",
)
_SITES = "SELECT site FROM audit_record_before UNION SELECT site FROM item_data_before ORDER BY 1"
# Keys and indexes come after the rows: built at once they cost half of what they cost row by row.
_FILL = (
    *(
        f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table}_before ORDER BY {order}"
        for (table, columns), order in zip(_COLUMNS.items(), ("origin, seq", "subject"), strict=True)
    ),
    "ALTER TABLE audit_record ADD PRIMARY KEY (origin, seq, site)",
    "ALTER TABLE item_data ADD PRIMARY KEY (subject, event, repeat, form, grp, grp_repeat, item, site)",
    "CREATE INDEX audit_record_of_subject ON audit_record (subject, origin, seq)",
    "CREATE INDEX audit_record_acts ON audit_record (kind, origin, seq) "
    "WHERE kind NOT IN ('ItemEntered', 'ItemCorrected', 'ItemDerived')",
    "CREATE INDEX item_data_browsed ON item_data (form, item, subject)",
    "CREATE INDEX item_data_at_site ON item_data (site, subject)",
    "CREATE INDEX item_data_disputed ON item_data (subject) WHERE disputed",
)
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
_GUARDS = (
    'CREATE TRIGGER audit_record_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON "{table}" '
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    'CREATE TRIGGER audit_record_follows AFTER INSERT ON "{table}" REFERENCING NEW TABLE AS fresh '
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_gap()",
)
_UNASKED = 'ALTER TABLE "{table}" ' + ", ".join(
    f'ALTER COLUMN "{column}" SET STATISTICS 0'
    for column in (
        "body",
        "seal",
        "at",
        "user",
        "role",
        "study",
        "event",
        "repeat",
        "form",
        "grp",
        "grp_repeat",
        "item",
    )
)
_FINISH = (_GAP, *(statement.format(table="audit_record") for statement in _GUARDS))
_LEAVES = "SELECT relname FROM pg_inherits JOIN pg_class ON oid = inhrelid WHERE inhparent = 'audit_record'::regclass"
