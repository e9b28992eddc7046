"""What the administrator's window needs of the centre; `centre/office.py` is the one that does it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol

from trialdesk.domain.admin.role import Role
from trialdesk.domain.admin.user import User
from trialdesk.domain.clinical.accounts import Account
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text


class CentreOffice(Protocol):
    """One administrator at the centre; every act raises KnownError for what cannot be done, and is on record."""

    @property
    def user(self) -> User:
        """Who is at work."""

    @property
    def study(self) -> Study:
        """The study release the centre runs."""

    @property
    def is_demo(self) -> bool:
        """True for a centre of synthetic participants."""

    def accounts(self) -> Mapping[str, Account]:
        """Every account by id, ended ones included."""

    def refusals(self, user: str) -> int:
        """Wrong passphrases given for a person since the last right one."""

    def waits_until(self, user: str) -> datetime | None:
        """Until when a person has to wait after too many of them, or None."""

    def plain_secrets(self) -> tuple[str, ...]:
        """Keys of the centre that lie without a passphrase."""

    def services(self) -> tuple[str, ...]:
        """Services that take in bundles unattended."""

    def add(self, id: str, name: Text, role: Role, passphrase: str) -> None:
        """Make an account with a first passphrase."""

    def change_role(self, id: str, role: Role) -> None:
        """Give a person another role."""

    def reset(self, id: str, passphrase: str) -> None:
        """Set a new first passphrase."""

    def deactivate(self, id: str) -> None:
        """End an account for good."""

    def protect(self, stick: Path) -> tuple[str, ...]:
        """Seal the keys; the recovery key goes to the stick."""
