"""Rows of the databases at the ward and at the centre; meaning lives in the domain, these only hold it."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import Index, LargeBinary, Table
from sqlmodel import Field, SQLModel

SCHEMA = "2"
"""Number of a desk's table layout; a database of a higher number was written by a newer TrialDesk."""


class AuditRow(SQLModel, table=True):
    """One sealed record: its canonical JSON, and columns copied out of it for searching."""

    __tablename__ = "audit_record"
    __table_args__ = (
        Index("audit_record_of_subject", "subject", "origin", "seq"),
        {"sqlite_with_rowid": False},
    )

    origin: str = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    body: str
    seal: str
    at: str
    user: str
    role: str
    site: str
    study: str
    subject: str | None
    kind: str
    event: str | None
    repeat: int | None
    form: str | None
    grp: str | None
    grp_repeat: int | None
    item: str | None


class DocumentRow(SQLModel, table=True):
    """A document kept under the hash of its bytes."""

    __tablename__ = "document"

    sha256: str = Field(primary_key=True)
    kind: str
    content: bytes = Field(sa_type=LargeBinary)


class PlaceRow(SQLModel, table=True):
    """Where a person was in a participant's casebook, with text typed and not yet left; not clinical data."""

    __tablename__ = "place"

    user: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    form: str
    item: str | None
    typed: str | None
    at: str


class MetaRow(SQLModel, table=True):
    """What the database knows of itself: schema, origin, study fingerprint."""

    __tablename__ = "meta"

    key: str = Field(primary_key=True)
    value: str


class OriginRow(SQLModel, table=True):
    """How far the centre holds one trail."""

    __tablename__ = "origin_state"

    origin: str = Field(primary_key=True)
    site: str
    epoch: str
    number: int
    header_sha256: str
    accepted_to: int
    seal: str
    received: str


class BundleRow(SQLModel, table=True):
    """A bundle the centre has taken in, with the receipt it was answered with."""

    __tablename__ = "bundle_seen"

    origin: str = Field(primary_key=True)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    header_sha256: str
    received: str
    receipt: bytes = Field(sa_type=LargeBinary)


class QuarantineRow(SQLModel, table=True):
    """A bundle set aside because it contradicts what the centre holds; nothing of it was taken in."""

    __tablename__ = "quarantine"

    header_sha256: str = Field(primary_key=True)
    origin: str
    number: int
    received: str
    why_en: str
    why_zh: str
    content: bytes = Field(sa_type=LargeBinary)


class ItemRow(SQLModel, table=True):
    """A standing answer of one participant as folded from the trail; rebuilt from it at any time (centre only)."""

    __tablename__ = "item_data"

    subject: str = Field(primary_key=True)
    event: str = Field(primary_key=True)
    repeat: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    form: str = Field(primary_key=True)
    grp: str = Field(primary_key=True)
    grp_repeat: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    item: str = Field(primary_key=True)
    site: str
    value: str | None
    missing: str | None
    unit: str | None
    disputed: bool
    record: str


class FormRow(SQLModel, table=True):
    """The state of one form of one participant as folded from the trail (centre only)."""

    __tablename__ = "form_data"

    subject: str = Field(primary_key=True)
    event: str = Field(primary_key=True)
    repeat: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    form: str = Field(primary_key=True)
    site: str
    state: str
    answers: int
    queries: int
    frozen: bool
    verified: int


class QueryRow(SQLModel, table=True):
    """A query with its state as folded from the trail (centre only); `paths` are parted by line ends."""

    __tablename__ = "query"

    id: str = Field(primary_key=True)
    subject: str
    site: str
    source: str
    state: str
    rule: str | None
    paths: str
    says_en: str
    says_zh: str
    opened: str
    answered: str | None
    settled: str | None
    said: str | None


class SubjectRow(SQLModel, table=True):
    """One participant as folded from the trail (centre only); `enrolled` is the local day."""

    __tablename__ = "subject_data"

    subject: str = Field(primary_key=True)
    site: str
    initials: str
    enrolled: str | None
    version: str
    last: str
    disputed: int


class SpokenOfRow(SQLModel, table=True):
    """A participant of whom a trail speaks (centre only); counting them in the trail would read all of it."""

    __tablename__ = "spoken_of"

    origin: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)


class StaleRow(SQLModel, table=True):
    """A participant of whom records came since the rows above were folded (centre only)."""

    __tablename__ = "stale_subject"

    subject: str = Field(primary_key=True)


AUDIT = AuditRow.__table__  # type: ignore[attr-defined]
DOCUMENT = DocumentRow.__table__  # type: ignore[attr-defined]
PLACE = PlaceRow.__table__  # type: ignore[attr-defined]
META = MetaRow.__table__  # type: ignore[attr-defined]
ORIGIN = OriginRow.__table__  # type: ignore[attr-defined]
BUNDLE = BundleRow.__table__  # type: ignore[attr-defined]
QUARANTINE = QuarantineRow.__table__  # type: ignore[attr-defined]
ITEM = ItemRow.__table__  # type: ignore[attr-defined]
FORM = FormRow.__table__  # type: ignore[attr-defined]
QUERY = QueryRow.__table__  # type: ignore[attr-defined]
SUBJECT = SubjectRow.__table__  # type: ignore[attr-defined]
SPOKEN_OF = SpokenOfRow.__table__  # type: ignore[attr-defined]
STALE = StaleRow.__table__  # type: ignore[attr-defined]

DESK_TABLES = (AUDIT, DOCUMENT, PLACE, META)
CENTRE_TABLES = (AUDIT, DOCUMENT, META, ORIGIN, BUNDLE, QUARANTINE, ITEM, FORM, QUERY, SUBJECT, STALE, SPOKEN_OF)
FOLDED = (ITEM, FORM, QUERY, SUBJECT)
"""Tables that are rebuilt from the trail at any time."""

PARTED = (AUDIT, ITEM)
"""Tables that grow with every answer; on PostgreSQL each site has a part of its own."""

CENTRE_INDEXES: tuple[tuple[str, Table, tuple[str, ...], str | None], ...] = (
    # Nine records of ten are answers; the lists ask for the others by kind.
    (
        "audit_record_acts",
        AUDIT,
        ("kind", "origin", "seq"),
        "kind NOT IN ('ItemEntered', 'ItemCorrected', 'ItemDerived')",
    ),
    ("item_data_browsed", ITEM, ("form", "item", "subject"), None),
    ("item_data_at_site", ITEM, ("site", "subject"), None),
    ("item_data_disputed", ITEM, ("subject",), "disputed"),
    ("form_data_states", FORM, ("site", "form", "state"), None),
    ("query_board", QUERY, ("state", "opened"), None),
    ("query_of_subject", QUERY, ("subject",), None),
    ("subject_data_enrolled", SUBJECT, ("enrolled", "site"), None),
)
"""Name, table, columns and condition of each index of the centre's lists; a ward needs none of them."""

AUDIT_COLUMNS: tuple[str, ...] = tuple(column.name for column in AUDIT.columns)


def audit_values(content: bytes, seal: str) -> tuple[Any, ...]:
    """The columns of `audit_record`, in order, for the canonical bytes of a record and its seal."""
    record = orjson.loads(content)
    change = record["change"]
    place = change.get("path") or change.get("form") or next(iter(change.get("paths", ())), None)
    return (
        record["origin"],
        record["seq"],
        content.decode(),
        seal,
        record["at"],
        record["user"],
        record["role"],
        record["site"],
        record["study"],
        record.get("subject"),
        change["kind"],
        *_place_columns(place),
    )


def _place_columns(place: str | None) -> tuple[Any, ...]:
    """Event, repeat, form, group, group repeat, item of a written path."""
    if place is None:
        return (None,) * 6
    event, form, *rest = place.split("/")
    event, _, repeat = event[:-1].partition("[")
    if not rest:
        return event, int(repeat), form, None, None, None
    group, _, group_repeat = rest[0][:-1].partition("[")
    return event, int(repeat), form, group, int(group_repeat), rest[1]
