"""Where each person was, and text typed but not yet left, so that work goes on there after a crash."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine

from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.storage.database import reading, writing
from trialdesk.storage.tables import PLACE


@dataclass(frozen=True)
class ResumePoint:
    """One person's place in one participant's casebook; `typed` is text of `item` that was not committed yet.

    `at` is UTC in ISO 8601, as in an audit record.
    """

    user: str
    subject: str
    form: FormPath
    at: str
    item: ItemPath | None = None
    typed: str | None = None


class PlaceStore:
    """One resume point per person and participant; it may be overwritten, it holds no clinical data."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def save(self, point: ResumePoint) -> None:
        """Remember this place in the stead of the earlier one."""
        with writing(self._engine) as connection:
            connection.execute(PLACE.delete().where(PLACE.c.user == point.user, PLACE.c.subject == point.subject))
            connection.execute(
                PLACE.insert(),
                {
                    "user": point.user,
                    "subject": point.subject,
                    "form": str(point.form),
                    "item": str(point.item) if point.item else None,
                    "typed": point.typed,
                    "at": point.at,
                },
            )

    def load(self, user: str, subject: str) -> ResumePoint | None:
        """Where this person was in this casebook, or None when nothing is open."""
        return next((point for point in self.open(user) if point.subject == subject), None)

    def open(self, user: str) -> list[ResumePoint]:
        """Every place this person has left open, the latest first."""
        query = PLACE.select().where(PLACE.c.user == user).order_by(PLACE.c.at.desc(), PLACE.c.subject)
        with reading(self._engine) as connection:
            return [
                ResumePoint(
                    row.user,
                    row.subject,
                    FormPath.parse(row.form),
                    row.at,
                    ItemPath.parse(row.item) if row.item else None,
                    row.typed,
                )
                for row in connection.execute(query)
            ]

    def clear(self, user: str, subject: str) -> None:
        """Forget the place: the form was finished or closed."""
        with writing(self._engine) as connection:
            connection.execute(PLACE.delete().where(PLACE.c.user == user, PLACE.c.subject == subject))
