"""One line of the trail: who, when, where, in what role, why, around one change (ODM AuditRecord)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from pydantic import BaseModel, ConfigDict, TypeAdapter

from trialdesk.domain.clinical.changes import Change, RecordId

SYSTEM = "SYSTEM"
"""The user name under which the desk itself records derived values, queries and flags."""


class Reason(BaseModel):
    """Why something was changed after it had been complete: a code of the study's list, and words where it asks."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    words: str = ""


class AuditRecord(BaseModel):
    """One sealed line; `origin` is the workstation's trail, `seq` counts from 1 without gaps.

    `at` is UTC in ISO 8601 with milliseconds and Z; `zone` is the local offset when it was written, such as +08:00.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    origin: str
    seq: int
    at: str
    zone: str
    user: str
    role: str
    site: str
    study: str
    subject: str | None = None
    reason: Reason | None = None
    change: Change

    @property
    def id(self) -> RecordId:
        """The name other records use for this one."""
        return f"{self.origin}:{self.seq}"

    @property
    def local_time(self) -> datetime:
        """When it was written, in the zone it was written in."""
        found = re.fullmatch(r"([+-])(\d{2}):(\d{2})", self.zone)
        offset = timedelta(hours=int(found[2]), minutes=int(found[3])) if found else timedelta()
        sign = -1 if found and found[1] == "-" else 1
        return datetime.fromisoformat(self.at).astimezone(timezone(sign * offset))


def stamp(moment: datetime) -> tuple[str, str]:
    """Split an aware moment into the `at` and `zone` of a record."""
    offset = moment.strftime("%z")
    at = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
    return at, f"{offset[:3]}:{offset[3:5]}"


RECORD: TypeAdapter[AuditRecord] = TypeAdapter(AuditRecord)
"""Reads one record from its canonical JSON bytes: `RECORD.validate_json(body)`."""
