"""Opening the encrypted database of a ward laptop, and the centre's database on SQLite or PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.pool import QueuePool

from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.storage import faults, migrations
from trialdesk.storage.guards import deny_tampering, guard_postgresql, guard_sqlite
from trialdesk.storage.tables import CENTRE_TABLES, DESK_TABLES, ITEM, META, SCHEMA

_PRAGMAS = (
    "PRAGMA cipher_memory_security = OFF",
    "PRAGMA journal_mode = WAL",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",
    "PRAGMA busy_timeout = 5000",
)


def open_desk(path: Path, key: bytes, salt: bytes, durable: bool = True) -> Engine:
    """Open or create the encrypted database of a workstation; disposing the engine lets the next instance in.

    `durable` off leaves it to the operating system when answers reach the disk: for synthetic data made in bulk only.
    `key` is 32 random bytes, `salt` the 16 bytes at the head of the file. Raises KnownError for a wrong key,
    a read-only folder, a full disk, a damaged file, a newer TrialDesk's file, and a second instance.
    """
    if len(key) != 32 or len(salt) != 16:
        raise ValueError("a desk needs a key of 32 bytes and a salt of 16")
    lock = _take_lock(path)
    try:
        engine = _desk_engine(path, key, salt, durable)
        with faults.named(path):
            _prepare(engine, DESK_TABLES)
    except BaseException:
        lock.close()
        raise
    event.listen(engine, "engine_disposed", lambda _engine: lock.close())
    return engine


def open_centre(url: str) -> Engine:
    """Open or create the centre's database at `sqlite:///FILE` or `postgresql+psycopg://...`.

    Raises KnownError when the server cannot be reached or the database cannot be written.
    """
    try:
        engine = create_engine(url)
    except Exception as fault:
        raise KnownError(
            Text(
                en="This is not a database address TrialDesk can use. Write sqlite:///FILE or postgresql+psycopg://...",
                zh="无法使用此数据库地址。请写成 sqlite:///文件 或 postgresql+psycopg://…… 的形式。",
            )
        ) from fault
    if engine.dialect.name == "sqlite":
        _speak_sqlite(engine, _open_plain)
    else:
        event.listen(engine, "begin", _one_writer)
    with faults.named(engine.url.render_as_string(hide_password=True)):
        _prepare(engine, CENTRE_TABLES)
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One durable transaction that holds the write lock from its start; raises KnownError for faults of the disk."""
    with faults.named(engine.url.database or "TrialDesk"), _writer(engine).begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent view of the database; raises KnownError for faults of the disk."""
    with faults.named(engine.url.database or "TrialDesk"), engine.connect() as connection:
        yield connection


def _writer(engine: Engine) -> Engine:
    """The same engine with the mark that makes it take the write lock at once; made once, since each answer needs it."""
    found: Engine | None = vars(engine).get("_writer")
    if found is None:
        found = vars(engine)["_writer"] = engine.execution_options(writing=True)
    return found


def snapshot(engine: Engine, target: Path, key: bytes, salt: bytes) -> None:
    """Copy a desk's database as it stands, encrypted with the same key, while work goes on; raises KnownError."""
    from sqlcipher3 import dbapi2

    with faults.named(target):
        copy = dbapi2.connect(str(target), isolation_level=None)
        source = engine.raw_connection()
        try:
            copy.execute(f"PRAGMA key = \"x'{key.hex()}{salt.hex()}'\"")
            source.driver_connection.backup(copy)  # type: ignore[union-attr]
        finally:
            source.close()
            copy.close()


def read_meta(engine: Engine) -> dict[str, str]:
    """What the database knows of itself."""
    with reading(engine) as connection:
        return {row.key: row.value for row in connection.execute(META.select())}


def write_meta(engine: Engine, **values: str) -> None:
    """Set what the database knows of itself."""
    with writing(engine) as connection:
        _set_meta(connection, values)


def _set_meta(connection: Connection, values: dict[str, str]) -> None:
    connection.execute(META.delete().where(META.c.key.in_(values)))
    connection.execute(META.insert(), [{"key": key, "value": value} for key, value in values.items()])


def _desk_engine(path: Path, key: bytes, salt: bytes, durable: bool) -> Engine:
    from sqlcipher3 import dbapi2

    def connect() -> Any:
        connection = dbapi2.connect(str(path), isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA cipher_log_level = NONE")
            connection.execute(f"PRAGMA key = \"x'{key.hex()}{salt.hex()}'\"")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except BaseException:
            connection.close()
            raise
        return connection

    # The creator keeps the key out of addresses and log lines; the pool lets background work read beside the window.
    engine = create_engine("sqlite://", module=dbapi2, creator=connect, poolclass=QueuePool)
    _speak_sqlite(engine, lambda connection: None, "FULL" if durable else "NORMAL")
    return engine


def _open_plain(connection: Any) -> None:
    connection.isolation_level = None


def _speak_sqlite(engine: Engine, begin_with: Callable[[Any], None], synchronous: str = "FULL") -> None:
    """Our own BEGIN, since the driver's would take the write lock too late, and the settings of every connection."""

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _record: object) -> None:
        begin_with(connection)
        for pragma in (*_PRAGMAS, f"PRAGMA synchronous = {synchronous}"):
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _one_writer(connection: Connection) -> None:
    """Two intakes at once would number the same trail: the second waits for the first."""
    if connection.get_execution_options().get("writing", False):
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(6141304)")


def _prepare(engine: Engine, tables: tuple[Any, ...]) -> None:
    """Make or upgrade the tables, refuse a newer layout, then bar the doors on every connection to come."""
    with _writer(engine).begin() as connection:
        if inspect(connection).has_table("meta"):
            _upgrade(connection)
        else:
            META.metadata.create_all(connection, tables=list(tables))
            guard = guard_postgresql if engine.dialect.name == "postgresql" else guard_sqlite
            guard(connection)
            if ITEM in tables:
                migrations.index_centre(connection)
            _set_meta(connection, {"schema": SCHEMA})
    if engine.dialect.name == "sqlite":
        engine.dispose()
        event.listen(engine, "connect", lambda connection, _record: deny_tampering(connection))


def _upgrade(connection: Connection) -> None:
    found = connection.execute(META.select().where(META.c.key == "schema")).one().value
    if int(found) > int(SCHEMA):
        raise KnownError(
            Text(
                en="This data was written by a newer TrialDesk (data layout {found}). Nothing was changed. "
                "Install the newer version and open it again.",
                zh="数据由更新版本的 TrialDesk 写入（数据结构 {found}）。未作任何更改。请安装新版本后再打开。",
            ).format(found=found)
        )
    if int(found) < int(SCHEMA):
        migrations.upgrade(connection, int(found), int(SCHEMA))
        _set_meta(connection, {"schema": SCHEMA})


def _take_lock(path: Path) -> IO[bytes]:
    """Hold the lock file of a desk; the operating system lets go of it when the process ends, however it ends."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.with_name(path.name + ".lock").open("a+b")
    except OSError as fault:
        raise faults.read_only(path.parent) from fault
    try:
        if os.name == "nt":
            import msvcrt

            lock.seek(0)
            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as fault:
        lock.close()
        raise KnownError(
            Text(
                en="TrialDesk is already open on this data ({name}). Go to the open window, or close it first.",
                zh="TrialDesk 已打开此数据（{name}）。请转到已打开的窗口，或先将其关闭。",
            ).format(name=path.name)
        ) from fault
    return lock
