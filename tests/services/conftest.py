"""A ward for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenario import Ward


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    """A ward in the morning of 3 March 2026, the nurse signed in."""
    opened = Ward(tmp_path)
    yield opened
    opened.leave()
