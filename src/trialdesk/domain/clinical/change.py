"""What every kind of change is made of: the base of the closed list, and how places are written in it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer

from trialdesk.domain.oid import FormPath, ItemPath

RecordId = str
"""`ORIGIN:SEQ` of an audit record."""


def _parse(kind: type[ItemPath] | type[FormPath]) -> Any:
    return BeforeValidator(lambda value: kind.parse(value) if isinstance(value, str) else value)


AtItem = Annotated[ItemPath, _parse(ItemPath), PlainSerializer(str, return_type=str)]
AtForm = Annotated[FormPath, _parse(FormPath), PlainSerializer(str, return_type=str)]


class OneChange(BaseModel):
    """One thing that happened; frozen, and nothing is in it that its kind does not name."""

    model_config = ConfigDict(frozen=True, extra="forbid")
