"""How long a person has to wait after wrong passphrases: nothing for a slip of the hand, longer and longer for guessing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

PAUSES = {3: timedelta(seconds=5), 4: timedelta(seconds=30), 5: timedelta(minutes=15)}
"""After so many wrong passphrases in a row the next is taken only after a pause; the last holds for every further one.

At the ward and at the centre alike (21 CFR 11.300(d): attempts are limited and reported).
"""

ALLOWED = max(PAUSES)
"""Wrong passphrases in a row after which the longest pause begins."""


def locked_until(refused: Sequence[datetime]) -> datetime | None:
    """Until when a person has to wait; `refused` are the wrong passphrases since the last right one, oldest first."""
    pause = PAUSES.get(min(len(refused), ALLOWED))
    return refused[-1] + pause if pause is not None else None
