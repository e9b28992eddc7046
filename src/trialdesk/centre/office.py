"""The centre as its administrator's window sees it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path

from trialdesk.centre import people
from trialdesk.centre.centre import Centre
from trialdesk.centre.key_files import protect
from trialdesk.domain.admin.lockout import locked_until
from trialdesk.domain.admin.role import Role
from trialdesk.domain.admin.user import User
from trialdesk.domain.clinical.accounts import Account
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text
from trialdesk.security.grants import Grants, service_holder


class Office:
    """Implements `services.centre_office.CentreOffice`."""

    def __init__(self, centre: Centre, user: User) -> None:
        self.centre, self.user = centre, user

    @cached_property
    def study(self) -> Study:
        """The study release the centre runs."""
        return self.centre.release.study

    @property
    def is_demo(self) -> bool:
        """True for a centre of synthetic participants."""
        return self.centre.kind == "demo"

    def accounts(self) -> Mapping[str, Account]:
        """Every account by id."""
        return dict(sorted(self.centre.attendance.accounts().items()))

    def refusals(self, user: str) -> int:
        """Wrong passphrases since the last right one."""
        return len(self.centre.attendance.refusals(user))

    def waits_until(self, user: str) -> datetime | None:
        """Until when a person has to wait, or None."""
        until = locked_until(self.centre.attendance.refusals(user))
        now = datetime.now().astimezone()
        return until if until is not None and now < until else None

    def plain_secrets(self) -> tuple[str, ...]:
        """Keys that lie without a passphrase."""
        return self.centre.plain_secrets

    def services(self) -> tuple[str, ...]:
        """Services that take in bundles unattended."""
        mark = service_holder("")
        held = Grants.read(self.centre.folder / people.PEOPLE).holders
        return tuple(one.removeprefix(mark) for one in held if one.startswith(mark))

    def add(self, id: str, name: Text, role: Role, passphrase: str) -> None:
        """Make an account with a first passphrase."""
        people.add_person(self.centre, self.user.id, User(id, name, role), passphrase)

    def change_role(self, id: str, role: Role) -> None:
        """Give a person another role."""
        people.change_role(self.centre, self.user.id, id, role)

    def reset(self, id: str, passphrase: str) -> None:
        """Set a new first passphrase."""
        people.reset_passphrase(self.centre, self.user.id, id, passphrase)

    def deactivate(self, id: str) -> None:
        """End an account for good."""
        people.deactivate(self.centre, self.user.id, id)

    def protect(self, stick: Path) -> tuple[str, ...]:
        """Seal the keys."""
        return protect(self.centre, self.user, stick)
