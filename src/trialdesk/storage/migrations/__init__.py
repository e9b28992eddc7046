"""Steps from an older table layout to this one; each runs once, in the transaction that raises the number.

A step is a function of an open connection, registered under the number of the layout it starts from. Records are never
rewritten: a step may add tables, columns and indexes, and fill them from the sealed bodies.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, inspect, select

from trialdesk.storage.guards import renew_gap_check
from trialdesk.storage.tables import AUDIT, CENTRE_INDEXES, FORM, META, ORIGIN, QUERY, SPOKEN_OF, STALE, SUBJECT

Step = Callable[[Connection], None]


def index_centre(connection: Connection) -> None:
    """The indexes of the centre's lists; a ward looks participants up one by one and needs none of them."""
    for statement in CENTRE_INDEXES:
        connection.exec_driver_sql(statement)


def _folded_apart(connection: Connection) -> None:
    """Layout 2: forms, queries and participants as rows of their own at the centre; nothing changes at a ward."""
    if not inspect(connection).has_table(ORIGIN.name):
        return
    META.metadata.create_all(connection, tables=[FORM, QUERY, SUBJECT, STALE, SPOKEN_OF])
    index_centre(connection)
    if connection.dialect.name == "postgresql":
        renew_gap_check(connection)
    known = select(AUDIT.c.origin, AUDIT.c.subject).where(AUDIT.c.subject.is_not(None)).distinct()
    connection.execute(SPOKEN_OF.insert().from_select(["origin", "subject"], known))
    connection.execute(STALE.insert().from_select(["subject"], select(SPOKEN_OF.c.subject).distinct()))


STEPS: dict[int, Step] = {1: _folded_apart}


def upgrade(connection: Connection, found: int, wanted: int) -> None:
    """Take a database from layout `found` to `wanted`; raises KeyError when a step is missing, which is a bug."""
    for number in range(found, wanted):
        STEPS[number](connection)
