"""Steps from an older table layout to this one; each runs once, in the transaction that raises the number.

A step is a function of an open connection, registered under the number of the layout it starts from. Records are never
rewritten: a step may add tables, columns and indexes, and fill them from the sealed bodies.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

Step = Callable[[Connection], None]

STEPS: dict[int, Step] = {}
"""The first layout has nothing before it."""


def upgrade(connection: Connection, found: int, wanted: int) -> None:
    """Take a database from layout `found` to `wanted`; raises KeyError when a step is missing, which is a bug."""
    for number in range(found, wanted):
        STEPS[number](connection)
