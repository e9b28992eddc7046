"""The only clock: services stamp what happens, the domain takes the day as an argument."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the present moment with its zone."""

    def now(self) -> datetime:
        """An aware datetime in local time."""


class SystemClock:
    """The computer's clock in the computer's zone."""

    def now(self) -> datetime:
        """The present moment."""
        return datetime.now().astimezone()


class SetClock:
    """A clock that stands where it was put and moves when told; for demonstrations, training and tests."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        """The moment it was put at; every look moves it on by a millisecond, so that records stay in order."""
        self.moment += timedelta(milliseconds=1)
        return self.moment

    def put(self, moment: datetime) -> None:
        """Move it to another moment, never back."""
        self.moment = max(moment, self.moment)
