"""Who might act at a desk on which day: the accounts as the trail has them, replayed on any date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from trialdesk.domain.admin.role import Role
from trialdesk.domain.admin.user import User
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import AccessReset, UserAdded, UserRetired
from trialdesk.domain.text import Text

KINDS = ("UserAdded", "UserRetired", "AccessReset")
"""Kinds of changes the register is made of."""


@dataclass(frozen=True)
class Period:
    """One account of one workstation: from the record that let the person in to the one that ended it."""

    origin: str
    user: str
    name: Text
    role: Role
    added: AuditRecord
    begins: str | None
    ends: str | None
    resets: tuple[AuditRecord, ...] = ()
    retired: AuditRecord | None = None

    def holds_on(self, day: date) -> bool:
        """True when the person might have signed in on this local day; the day of the end counts."""
        said = day.isoformat()
        first = max(_day(self.added), self.begins or "")
        last = min(_day(self.retired) if self.retired else said, self.ends or said)
        return first <= said <= last

    def as_user(self) -> User:
        """The account as the desk asks for it at sign-in."""
        return User(self.user, self.name, self.role, self.retired is not None, self.begins, self.ends)


def periods(records: Iterable[AuditRecord]) -> tuple[Period, ...]:
    """Every account ever given, in the order in which it was given; records of other kinds are passed over.

    An account that is added again while it stands gets its new limits: that is how access is recovered or prolonged.
    """
    known: dict[tuple[str, str], Period] = {}
    for record in records:
        change = record.change
        if isinstance(change, UserAdded):
            key, role = (record.origin, change.user), Role(change.role)
            held = known.get(key)
            if held is not None and held.role is role and held.retired is None:
                known[key] = replace(held, begins=change.begins, ends=change.ends)
            elif held is None:
                known[key] = Period(
                    record.origin, change.user, change.name, role, record, change.begins, change.ends
                )  # fmt: skip
        elif isinstance(change, UserRetired | AccessReset) and (held := known.get((record.origin, change.user))):
            known[record.origin, change.user] = (
                replace(held, retired=held.retired or record)
                if isinstance(change, UserRetired)
                else replace(held, resets=(*held.resets, record))
            )
    return tuple(known.values())


def on_day(records: Iterable[AuditRecord], day: date) -> tuple[Period, ...]:
    """The accounts that opened a desk on a day, from the records written until then alone."""
    until = day.isoformat()
    return tuple(one for one in periods(r for r in records if _day(r) <= until) if one.holds_on(day))


def _day(record: AuditRecord) -> str:
    return record.local_time.date().isoformat()
