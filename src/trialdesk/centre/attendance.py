"""Who is signed in at an open centre, and the keys they brought: asked before anything is written, signed or decrypted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from trialdesk.centre.letters import LOCAL
from trialdesk.domain.actions.outcome import refuse_role
from trialdesk.domain.admin.role import Act, Role
from trialdesk.domain.admin.user import User
from trialdesk.domain.clinical.accounts import ACCOUNT_KINDS, Account, accounts
from trialdesk.domain.clinical.audit_record import SYSTEM, AuditRecord, stamp
from trialdesk.domain.clinical.changes import AccessReset, Change, SessionNoted
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.security.key_ring import Ring
from trialdesk.storage.audit_trail import AuditTrail
from trialdesk.storage.intake_ledger import IntakeLedger

if TYPE_CHECKING:
    from sqlalchemy import Engine

SECOND_HOLDS = timedelta(minutes=2)
"""How long the second person of an act counts as standing by after giving the passphrase."""


@dataclass
class Attendance:
    """The people of one open centre: every account its trail knows, the one who is at work, and who stands by."""

    engine: Engine
    ring: Ring = field(default_factory=lambda: Ring({}))
    service: str | None = None
    _here: str | None = None
    _standing_by: dict[str, datetime] = field(default_factory=dict)
    _known: dict[str, Account] = field(default_factory=dict)
    _refused: dict[str, list[datetime]] = field(default_factory=dict)
    _read_to: int = 0

    def accounts(self) -> dict[str, Account]:
        """Every account by id, retired ones included, as the trail has it now."""
        self._read_on()
        return self._known

    def people(self) -> tuple[User, ...]:
        """Everyone who may sign in, by id."""
        return tuple(one.user for _, one in sorted(self.accounts().items()) if not one.user.retired)

    def refusals(self, user: str) -> Sequence[datetime]:
        """When wrong passphrases were given for this person since the last right one."""
        self._read_on()
        return self._refused.get(user, [])

    @property
    def is_founded(self) -> bool:
        """True once the centre has an account; from then on nothing is written under a mere name."""
        return bool(self.accounts())

    def arrive(self, user: User, ring: Ring, now: datetime, second: bool = False) -> None:
        """A person signed in, in the place of whoever was at work; a second one stands by and brings no key."""
        if second:
            self._standing_by[user.id] = now
            return
        self.leave()
        self._here, self.ring = user.id, ring

    def serve(self, name: str, ring: Ring) -> None:
        """A service takes in bundles and answers them; it acts in nobody's name."""
        self.leave()
        self.ring, self.service = ring, name

    def lend(self, ring: Ring) -> None:
        """Keys of somebody who signed in elsewhere in this program; with them nobody acts in anybody's name."""
        self.leave()
        self.ring = ring

    def leave(self) -> None:
        """Everyone is gone, and the keys with them."""
        self._here, self.ring, self.service = None, Ring({}), None
        self._standing_by.clear()

    def is_present(self, user: str) -> bool:
        """True while this person is at work."""
        return user == self._here

    def require(self, user: str, role: str) -> None:
        """Raises KnownError unless this person signed in here, still has an account and acts in its role.

        A centre without accounts knows people by name alone: synthetic ones, or an old folder that is only read.
        """
        if not self.is_founded or role == Role.SYSTEM:
            return
        account = self.accounts().get(user)
        if account is None or account.user.retired:
            raise KnownError(RETIRED.format(user=user))
        if user != self._here or account.user.role != role:
            raise KnownError(_SIGN_IN.format(user=user))

    def require_second(self, user: str, act: Act, now: datetime) -> None:
        """Raises KnownError unless a second person with this right gave their own passphrase just now.

        That nobody is named, or the same person twice, the act itself refuses.
        """
        if not self.is_founded or user.strip() in ("", self._here):
            return
        account = self.accounts().get(user)
        at = self._standing_by.get(user)
        if account is None or account.user.retired:
            raise KnownError(RETIRED.format(user=user))
        if at is None or not -SECOND_HOLDS <= now - at <= SECOND_HOLDS:
            raise KnownError(_SECOND.format(user=account.user.name))
        require_role(account.user.role, act)

    def require_act(self, act: Act) -> None:
        """Raises KnownError unless somebody with this right is signed in; a service has no right of its own."""
        if not self.is_founded:
            return
        if self._here is None:
            raise KnownError(_SOMEBODY)
        user = self.accounts()[self._here].user
        if user.retired:
            raise KnownError(RETIRED.format(user=user.id))
        require_role(user.role, act)

    def note(
        self, changes: Sequence[Change], version: str, now: datetime, user: str = SYSTEM, role: Role = Role.SYSTEM
    ) -> tuple[AuditRecord, ...]:
        """Write to the centre's own trail, durably; another thread or program may be writing to it as well."""
        for _ in range(TRIES):
            try:
                return self._noted(changes, version, now, user, role)
            except ValueError:
                # Somebody else took the number between reading the head and writing; the next one is free.
                continue
        raise KnownError(BUSY)

    def _noted(
        self, changes: Sequence[Change], version: str, now: datetime, user: str, role: Role
    ) -> tuple[AuditRecord, ...]:
        at, zone = stamp(now)
        trail = AuditTrail(self.engine)
        first = trail.head(LOCAL)[0] + 1
        records = tuple(
            AuditRecord(
                origin=LOCAL, seq=first + index, at=at, zone=zone, user=user, role=role, site=LOCAL, study=version,
                change=change,
            )
            for index, change in enumerate(changes)
        )  # fmt: skip
        IntakeLedger(self.engine).write(records)
        return records

    def _read_on(self) -> None:
        """Fold what stands in the centre's trail after what was read before."""
        trail = AuditTrail(self.engine)
        head = trail.head(LOCAL)[0]
        if head == self._read_to:
            return
        kinds = (*ACCOUNT_KINDS, "SessionNoted")
        fresh = list(trail.records(origin=LOCAL, after=self._read_to, kinds=kinds))
        self._known = accounts(fresh, self._known)
        for record in fresh:
            change = record.change
            if isinstance(change, SessionNoted) and change.what == "refused":
                self._refused.setdefault(change.detail, []).append(datetime.fromisoformat(record.at))
            elif isinstance(change, SessionNoted) and change.what == "signed_in":
                self._refused.pop(record.user, None)
            elif isinstance(change, AccessReset):
                self._refused.pop(change.user, None)
        self._read_to = head


def require_role(role: Role, act: Act) -> None:
    """Raises KnownError when the table of roles does not give this role this act."""
    refusal = refuse_role(role, act)
    if refusal:
        raise KnownError(refusal.says)


TRIES = 20
"""How often a number that somebody else took meanwhile is asked for anew."""
BUSY = Text(
    en="Others are writing to the centre's trail without a pause. Nothing was done; try again in a moment.",
    zh="中心记录正被其他程序持续写入。未执行任何操作，请稍后重试。",
)
RETIRED = Text(
    en="{user} has no account at this centre, or it was ended. Ask the centre's administrator.",
    zh="{user} 在本中心没有账户或账户已停用，请联系中心管理员。",
)
_SIGN_IN = Text(
    en="{user} has not signed in here. Sign in with your own passphrase, then do it again.",
    zh="{user} 尚未登录。请用本人口令登录后重试。",
)
_SECOND = Text(
    en="This takes two persons, and {user} has not just given their own passphrase. Let them do so now.",
    zh="此操作须两人完成，而 {user} 尚未输入本人口令。请现在输入。",
)
_SOMEBODY = Text(
    en="Nobody has signed in at the centre. A person with this right has to sign in with their own passphrase.",
    zh="协调中心无人登录。须由有此权限的人员用本人口令登录。",
)
