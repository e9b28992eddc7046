"""Opening the encrypted database of a ward laptop, and the centre's database on SQLite or PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.pool import QueuePool

from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.storage import centre_layout, faults, migrations
from trialdesk.storage.guards import deny_tampering, guard_sqlite
from trialdesk.storage.tables import DESK_TABLES, META, SCHEMA

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
            _prepare(engine, _prepare_desk)
    except BaseException:
        lock.close()
        raise
    event.listen(engine, "engine_disposed", lambda _engine: lock.close())
    return engine


def open_centre(url: str, study: str | None = None) -> Engine:
    """Open or create the centre's database at `sqlite:///FILE` or `postgresql+psycopg://...`.

    Raises KnownError when the server cannot be reached, the database cannot be written, it was written by a newer
    TrialDesk, or it holds another study than `study`.
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
        event.listen(engine, "begin", _take_turns)
    try:
        with faults.named(engine.url.render_as_string(hide_password=True)):
            _prepare(engine, centre_layout.prepare)
            if study is not None:
                _keep_to(engine, study)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _keep_to(engine: Engine, study: str) -> None:
    """A store is one study's alone; two in one could not be told apart, nor given back or closed one by one."""
    held = read_meta(engine).get("study")
    if held is None:
        write_meta(engine, study=study)
    elif held != study:
        raise KnownError(_OTHER_STUDY.format(held=held, study=study))


@contextmanager
def writing(engine: Engine, trails: Collection[str] | None = None) -> Iterator[Connection]:
    """One durable transaction that holds the write lock from its start; raises KnownError for faults of the disk.

    At a centre on PostgreSQL `trails` names those it writes to: it waits for others at the same trails alone, and runs
    beside all else. Without names it runs alone, as everywhere on SQLite.
    """
    writer = _writer(engine)
    if trails is not None and engine.dialect.name == "postgresql":
        writer = engine.execution_options(writing=frozenset(trails))
    with faults.named(engine.url.database or "TrialDesk"), writer.begin() as connection:
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


def _take_turns(connection: Connection) -> None:
    """Whoever writes for certain trails waits only for others at these; whoever names none is alone with the store."""
    held = connection.get_execution_options().get("writing", False)
    if held is True:
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(6141304)")
    elif held is not False:
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock_shared(6141304)")
        for trail in sorted(held):
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(6141304, hashtext(%s))", (trail,))


def _prepare(engine: Engine, make: Callable[[Connection], None]) -> None:
    """Make or upgrade the tables, refuse a newer layout, then bar the doors on every connection to come."""
    with _writer(engine).begin() as connection:
        make(connection)
    if engine.dialect.name == "sqlite":
        engine.dispose()
        event.listen(engine, "connect", lambda connection, _record: deny_tampering(connection))


def _prepare_desk(connection: Connection) -> None:
    if not inspect(connection).has_table("meta"):
        META.metadata.create_all(connection, tables=list(DESK_TABLES))
        guard_sqlite(connection)
        _set_meta(connection, {"schema": SCHEMA})
        return
    found = connection.execute(META.select().where(META.c.key == "schema")).one().value
    if int(found) > int(SCHEMA):
        raise KnownError(centre_layout.newer(found))
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


_OTHER_STUDY = Text(
    en="This database holds the study {held}, not {study}. Nothing was changed. Give each study a database of its own, "
    "or a schema of its own in one database.",
    zh="此数据库存放的是研究 {held}，不是 {study}。未作任何更改。请为每项研究使用单独的数据库，或同一数据库中单独的模式（schema）。",
)
