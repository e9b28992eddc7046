"""A fresh encrypted desk for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from trialdesk.storage.audit_trail import AuditTrail
from trialdesk.storage.database import open_desk

KEY, SALT = b"k" * 32, b"s" * 16


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "desk.db"


@pytest.fixture
def desk(path: Path) -> Iterator[Engine]:
    engine = open_desk(path, KEY, SALT)
    yield engine
    engine.dispose()


@pytest.fixture
def trail(desk: Engine) -> AuditTrail:
    return AuditTrail(desk)
