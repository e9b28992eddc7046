"""The layout of the centre's store: made new, or brought here from an older one by alembic."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Column, Connection, Index, MetaData, PrimaryKeyConstraint, String, Table, inspect, select, text

from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.storage.guards import guard_postgresql, guard_sqlite
from trialdesk.storage.tables import CENTRE_INDEXES, CENTRE_TABLES, META, PARTED

NEWEST = "0003"
"""The layout this program works with; alembic is only loaded for a store that has an older one."""

SCRIPTS = Path(__file__).parent / "migrations" / "centre"

_VERSION = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)


def layout(dialect: str) -> MetaData:
    """Every table and index as a store of this kind has them."""
    made = MetaData()
    for table in CENTRE_TABLES:
        if dialect == "postgresql" and table in PARTED:
            _parted(table, made)
        else:
            table.to_metadata(made)
    for name, table, columns, where in CENTRE_INDEXES:
        on, only = made.tables[table.name], text(where) if where else None
        Index(name, *(on.c[column] for column in columns), postgresql_where=only, sqlite_where=only)
    return made


def _parted(table: Table, made: MetaData) -> None:
    """The table parted by site; the key has to hold the site, so the check of numbers keeps it unique over the parts."""
    columns = [
        Column(c.name, c.type, primary_key=c.primary_key or c.name == "site", nullable=c.nullable, autoincrement=False)
        for c in table.columns
    ]
    parted = Table(table.name, made, *columns, postgresql_partition_by="LIST (site)")
    for index in table.indexes:
        Index(index.name, *(parted.c[c.name] for c in index.columns))


def prepare(connection: Connection) -> None:
    """Make the layout in an empty database, or bring it here; raises KnownError for one of a newer TrialDesk.

    All of it happens in the transaction that is open: whatever stops it leaves the store as it was.
    """
    found = version(connection)
    if found is None:
        _make(connection)
        _VERSION.create(connection)
        connection.execute(_VERSION.insert(), {"version_num": NEWEST})
    elif int(found) > int(NEWEST):
        raise KnownError(newer(found))
    elif found != NEWEST:
        upgrade(connection, found)
    else:
        return
    # Programs from before these numbers look here, and leave alone what they do not know.
    connection.execute(META.delete().where(META.c.key == "schema"))
    connection.execute(META.insert(), {"key": "schema", "value": str(int(NEWEST))})


def version(connection: Connection) -> str | None:
    """The layout a database has; None when it has none yet."""
    known = inspect(connection)
    if known.has_table(_VERSION.name):
        return str(connection.execute(select(_VERSION.c.version_num)).scalar_one())
    if not known.has_table(META.name):
        return None
    # Stores of the first two layouts were numbered without alembic.
    return f"{int(connection.execute(META.select().where(META.c.key == 'schema')).one().value):04d}"


def upgrade(connection: Connection, found: str | None, to: str = "head") -> None:
    """Run the scripts between two layouts, in the transaction that is open; from nothing when `found` is None."""
    from alembic import command

    if found is not None and not inspect(connection).has_table(_VERSION.name):
        _VERSION.create(connection)
        connection.execute(_VERSION.insert(), {"version_num": found})
    command.upgrade(config(connection), to)


def config(connection: Connection):  # type: ignore[no-untyped-def]
    """What alembic's commands need to work on an open connection."""
    from alembic.config import Config

    made = Config(attributes={"connection": connection})
    made.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    return made


def newer(found: str) -> Text:
    """What to say of a store or desk that a newer program wrote."""
    return _NEWER.format(found=found)


def _make(connection: Connection) -> None:
    dialect = connection.dialect.name
    if dialect == "postgresql":
        connection.exec_driver_sql(SITE_PART)
    layout(dialect).create_all(connection)
    (guard_postgresql if dialect == "postgresql" else guard_sqlite)(connection)


# The name of a site goes into the name of its table as far as it is plain; else a hash of it does.
SITE_PART = """CREATE FUNCTION site_part(parted text, site text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT parted || '_' || CASE WHEN site ~ '^[A-Za-z0-9]{1,12}$' THEN site ELSE 'x' || md5(site) END $$"""

_NEWER = Text(
    en="This data was written by a newer TrialDesk (data layout {found}). Nothing was changed. "
    "Install the newer version and open it again.",
    zh="数据由更新版本的 TrialDesk 写入（数据结构 {found}）。未作任何更改。请安装新版本后再打开。",
)
