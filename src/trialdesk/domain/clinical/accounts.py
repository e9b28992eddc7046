"""Who has which rights since when, as the trail has it: accounts folded from their records, on any day of the past."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from trialdesk.domain.admin.role import Role
from trialdesk.domain.admin.user import User
from trialdesk.domain.clinical.account_changes import PassphraseChanged, RoleChanged
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import AccessReset, UserAdded, UserRetired

ACCOUNT_KINDS = ("UserAdded", "RoleChanged", "AccessReset", "PassphraseChanged", "UserRetired")


@dataclass(frozen=True)
class Period:
    """A role and from when to when it was held (UTC, ISO 8601); `ends` is None while it is held; by whom it was given."""

    role: Role
    begins: str
    ends: str | None
    by: str


@dataclass(frozen=True)
class Account:
    """A person and every role held, the last one last; `lent` is true while the passphrase is one that someone else set."""

    user: User
    periods: tuple[Period, ...]
    lent: bool = True

    def role_at(self, moment: str) -> Role | None:
        """The role held at a moment (UTC, ISO 8601), or None before and after."""
        held = (p.role for p in self.periods if p.begins <= moment and (p.ends is None or moment < p.ends))
        return next(held, None)


def accounts(records: Iterable[AuditRecord], known: dict[str, Account] | None = None) -> dict[str, Account]:
    """Every account by id, retired ones included: an id is never given twice. `known` are those of earlier records."""
    found = dict(known or {})
    for record in records:
        change = record.change
        if isinstance(change, UserAdded) and change.user not in found:
            user = User(change.user, change.name, Role(change.role))
            found[change.user] = Account(user, (Period(user.role, record.at, None, record.user),))
        elif isinstance(change, RoleChanged) and change.user in found:
            one = found[change.user]
            user = replace(one.user, role=Role(change.role))
            fresh = Period(user.role, record.at, None, record.user)
            found[change.user] = replace(one, user=user, periods=(*_ended(one, record.at), fresh))
        elif isinstance(change, UserRetired) and change.user in found:
            one = found[change.user]
            retired = replace(one.user, retired=True)
            found[change.user] = replace(one, user=retired, periods=_ended(one, record.at))
        elif isinstance(change, AccessReset | PassphraseChanged) and change.user in found:
            found[change.user] = replace(found[change.user], lent=isinstance(change, AccessReset))
    return found


def _ended(account: Account, at: str) -> tuple[Period, ...]:
    *before, last = account.periods
    return (*before, last if last.ends is not None else replace(last, ends=at))
