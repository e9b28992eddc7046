"""How long a person has to wait after wrong passphrases: nothing for slips of the hand, longer and longer for guessing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

ALLOWED = 5
"""Wrong passphrases in a row after which an account waits (21 CFR 11.300(d): attempts are limited and reported)."""

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=15), timedelta(hours=24)
"""The wait after the fifth wrong passphrase; every further one doubles it, up to a day."""


def locked_until(refused: Sequence[datetime]) -> datetime | None:
    """Until when a person has to wait; `refused` are the wrong passphrases since the last right one, oldest first."""
    over = len(refused) - ALLOWED
    if over < 0:
        return None
    wait: timedelta = FIRST_WAIT * 2 ** min(over, 10)
    return refused[-1] + min(wait, LONGEST_WAIT)
