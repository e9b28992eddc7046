"""The trail, the documents, the book of arrivals and the standing answers, with the guards of what is kept."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Boolean, Column, Integer, LargeBinary, String

from trialdesk.storage.migrations.centre import no_way_back

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the first layout in an empty database."""
    text, number = String, Integer
    op.create_table(
        "audit_record",
        Column("origin", text(), primary_key=True),
        Column("seq", number(), primary_key=True, autoincrement=False),
        *(Column(name, text(), nullable=False) for name in ("body", "seal", "at", "user", "role", "site", "study")),
        Column("subject", text()),
        Column("kind", text(), nullable=False),
        Column("event", text()),
        Column("repeat", number()),
        Column("form", text()),
        Column("grp", text()),
        Column("grp_repeat", number()),
        Column("item", text()),
        sqlite_with_rowid=False,
    )
    op.create_index("audit_record_of_subject", "audit_record", ["subject", "origin", "seq"])
    op.create_table(
        "document",
        Column("sha256", text(), primary_key=True),
        Column("kind", text(), nullable=False),
        Column("content", LargeBinary(), nullable=False),
    )
    op.create_table("meta", Column("key", text(), primary_key=True), Column("value", text(), nullable=False))
    op.create_table(
        "origin_state",
        Column("origin", text(), primary_key=True),
        Column("site", text(), nullable=False),
        Column("epoch", text(), nullable=False),
        Column("number", number(), nullable=False),
        Column("header_sha256", text(), nullable=False),
        Column("accepted_to", number(), nullable=False),
        Column("seal", text(), nullable=False),
        Column("received", text(), nullable=False),
    )
    op.create_table(
        "bundle_seen",
        Column("origin", text(), primary_key=True),
        Column("number", number(), primary_key=True, autoincrement=False),
        Column("header_sha256", text(), nullable=False),
        Column("received", text(), nullable=False),
        Column("receipt", LargeBinary(), nullable=False),
    )
    op.create_table(
        "quarantine",
        Column("header_sha256", text(), primary_key=True),
        Column("origin", text(), nullable=False),
        Column("number", number(), nullable=False),
        *(Column(name, text(), nullable=False) for name in ("received", "why_en", "why_zh")),
        Column("content", LargeBinary(), nullable=False),
    )
    op.create_table(
        "item_data",
        Column("subject", text(), primary_key=True),
        Column("event", text(), primary_key=True),
        Column("repeat", number(), primary_key=True, autoincrement=False),
        Column("form", text(), primary_key=True),
        Column("grp", text(), primary_key=True),
        Column("grp_repeat", number(), primary_key=True, autoincrement=False),
        Column("item", text(), primary_key=True),
        Column("site", text(), nullable=False),
        *(Column(name, text()) for name in ("value", "missing", "unit")),
        Column("disputed", Boolean(), nullable=False),
        Column("record", text(), nullable=False),
    )
    for statement in _POSTGRESQL if op.get_bind().dialect.name == "postgresql" else _SQLITE:
        op.execute(statement)


downgrade = no_way_back

_KEPT = ("audit_record", "document")
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
_POSTGRESQL = (
    """CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'stored records are never changed'; END $$""",
    *(
        f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        for table in _KEPT
    ),
    """CREATE FUNCTION refuse_gap() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF EXISTS (
        SELECT 1 FROM (SELECT origin, min(seq) AS lo, max(seq) AS hi, count(*) AS n FROM fresh GROUP BY origin) f
        WHERE f.n <> f.hi - f.lo + 1 OR f.lo <> 1 AND NOT EXISTS (
          SELECT 1 FROM audit_record a WHERE a.origin = f.origin AND a.seq = f.lo - 1)
      ) THEN RAISE EXCEPTION 'the next record must have the next number'; END IF;
      RETURN NULL;
    END $$""",
    "CREATE TRIGGER audit_record_follows AFTER INSERT ON audit_record REFERENCING NEW TABLE AS fresh "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_gap()",
)
