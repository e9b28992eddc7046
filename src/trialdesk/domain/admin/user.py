"""A person who may sign in, named by role (ODM User)."""

from __future__ import annotations

from dataclasses import dataclass

from trialdesk.domain.admin.role import Role
from trialdesk.domain.text import Text


@dataclass(frozen=True)
class User:
    """A person who may sign in; the id is never given to anyone else."""

    id: str
    name: Text
    role: Role
    retired: bool = False
