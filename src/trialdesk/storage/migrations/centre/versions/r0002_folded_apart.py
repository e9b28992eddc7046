"""Forms, queries and participants as rows of their own, indexes for the lists, and who has records waiting."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Boolean, Column, Integer, String

from trialdesk.storage.migrations.centre import no_way_back

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the tables; every participant of the trail is marked, so that the first list folds them."""
    text, number = String, Integer
    op.create_table(
        "form_data",
        Column("subject", text(), primary_key=True),
        Column("event", text(), primary_key=True),
        Column("repeat", number(), primary_key=True, autoincrement=False),
        Column("form", text(), primary_key=True),
        *(Column(name, text(), nullable=False) for name in ("site", "state")),
        *(Column(name, number(), nullable=False) for name in ("answers", "queries")),
        Column("frozen", Boolean(), nullable=False),
        Column("verified", number(), nullable=False),
    )
    op.create_table(
        "query",
        Column("id", text(), primary_key=True),
        *(Column(name, text(), nullable=False) for name in ("subject", "site", "source", "state")),
        Column("rule", text()),
        *(Column(name, text(), nullable=False) for name in ("paths", "says_en", "says_zh", "opened")),
        *(Column(name, text()) for name in ("answered", "settled", "said")),
    )
    op.create_table(
        "subject_data",
        Column("subject", text(), primary_key=True),
        *(Column(name, text(), nullable=False) for name in ("site", "initials")),
        Column("enrolled", text()),
        *(Column(name, text(), nullable=False) for name in ("version", "last")),
        Column("disputed", number(), nullable=False),
    )
    op.create_table("stale_subject", Column("subject", text(), primary_key=True))
    op.create_table(
        "spoken_of", Column("origin", text(), primary_key=True), Column("subject", text(), primary_key=True)
    )
    for statement in _INDEXES:
        op.execute(statement)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_GAP)
    op.execute(
        "INSERT INTO spoken_of (origin, subject) SELECT DISTINCT origin, subject FROM audit_record "
        "WHERE subject IS NOT NULL"
    )
    op.execute("INSERT INTO stale_subject (subject) SELECT DISTINCT subject FROM spoken_of")


downgrade = no_way_back

_INDEXES = (
    "CREATE INDEX audit_record_acts ON audit_record (kind, origin, seq) "
    "WHERE kind NOT IN ('ItemEntered', 'ItemCorrected', 'ItemDerived')",
    "CREATE INDEX item_data_browsed ON item_data (form, item, subject)",
    "CREATE INDEX item_data_at_site ON item_data (site, subject)",
    "CREATE INDEX item_data_disputed ON item_data (subject) WHERE disputed",
    "CREATE INDEX form_data_states ON form_data (site, form, state)",
    "CREATE INDEX query_board ON query (state, opened)",
    "CREATE INDEX query_of_subject ON query (subject)",
    "CREATE INDEX subject_data_enrolled ON subject_data (enrolled, site)",
)
_GAP = """CREATE OR REPLACE FUNCTION refuse_gap() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
    BEGIN
      IF EXISTS (
        SELECT 1 FROM (SELECT origin, min(seq) AS lo, max(seq) AS hi, count(*) AS n FROM fresh GROUP BY origin) f
        WHERE f.n <> f.hi - f.lo + 1 OR f.lo <> 1 AND (
          SELECT a.seq FROM audit_record a WHERE a.origin = f.origin AND a.seq < f.lo ORDER BY a.seq DESC LIMIT 1
        ) IS DISTINCT FROM f.lo - 1
      ) THEN RAISE EXCEPTION 'the next record must have the next number'; END IF;
      RETURN NULL;
    END $$"""
