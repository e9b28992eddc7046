"""What every change is made of: the base of all kinds, the names of places as they are written, and short closed lists."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer

from trialdesk.domain.oid import FormPath, ItemPath

RecordId = str
"""`ORIGIN:SEQ` of an audit record."""

Missing = Literal["ND", "UNK", "NA"]
"""Not done, unknown, not applicable (ODM and CDASH reasons for an empty answer)."""

SourceKind = Literal[
    "Medical record", "Laboratory report", "Order sheet", "Transfusion record", "Nursing record", "Other"
]
"""Kinds of document an answer is compared with."""

QuerySource = Literal["System", "Data Management", "Monitor", "Medical Review"]
"""Who asks: a rule, a data manager, a monitor, a medical reviewer."""


def _parse(kind: type[ItemPath] | type[FormPath]) -> Any:
    return BeforeValidator(lambda value: kind.parse(value) if isinstance(value, str) else value)


AtItem = Annotated[ItemPath, _parse(ItemPath), PlainSerializer(str, return_type=str)]
AtForm = Annotated[FormPath, _parse(FormPath), PlainSerializer(str, return_type=str)]


class ChangeBase(BaseModel):
    """One thing that happened; frozen, and strange fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")
