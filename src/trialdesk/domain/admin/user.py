"""A person who may sign in, named by role (ODM User)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from trialdesk.domain.admin.role import Role
from trialdesk.domain.text import Text


@dataclass(frozen=True)
class User:
    """A person who may sign in; the id is never given to anyone else.

    `begins` and `ends` are the first and last local day on which the account opens the desk (ISO 8601), None without limit.
    """

    id: str
    name: Text
    role: Role
    retired: bool = False
    begins: str | None = None
    ends: str | None = None

    def may_come(self, day: date) -> bool:
        """True on the days on which the account opens the desk."""
        said = day.isoformat()
        return not self.retired and (self.begins or said) <= said <= (self.ends or said)
