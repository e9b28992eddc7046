"""Persons and workstations, named by role (ODM User, Location)."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from trialdesk.domain.admin.role import Role
from trialdesk.domain.text import Text


class User(BaseModel):
    """A person who may sign in; the id is never given to anyone else."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: Text
    role: Role
    retired: bool = False


class Workstation(BaseModel):
    """Where records are made: the origin of the trail on this laptop, and its site."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    origin: str
    site: str
