"""Steps from an older table layout to this one: a ward's own few, and `centre/`, which alembic runs at the centre.

A ward starts in a fraction of a second and its layout hardly changes, so its steps are functions that need no library.
Each runs once, in the transaction that raises the number. Records are never rewritten, here or there.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

Step = Callable[[Connection], None]


def _as_it_is(_connection: Connection) -> None:
    """Layout 2 brought the centre tables of its own; nothing changed at a ward."""


STEPS: dict[int, Step] = {1: _as_it_is}


def upgrade(connection: Connection, found: int, wanted: int) -> None:
    """Take a desk from layout `found` to `wanted`; raises KeyError when a step is missing, which is a bug."""
    for number in range(found, wanted):
        STEPS[number](connection)
