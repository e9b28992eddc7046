"""What an act comes to: changes to record, or a refusal that says what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from trialdesk.domain.admin.role import Act, Role, may, who_may
from trialdesk.domain.clinical.audit_record import Reason
from trialdesk.domain.clinical.changes import Change
from trialdesk.domain.text import Text

RefusalKind = Literal["role", "locked", "reason_needed", "not_readable", "derived", "unfinished", "state", "credential"]


@dataclass(frozen=True)
class Request:
    """Who asks, in which role, on which day and at what local time (HH:MM), and why if the act needs a reason."""

    user: str
    role: Role
    today: date
    reason: Reason | None = None
    now: str | None = None


@dataclass(frozen=True)
class Outcome:
    """The changes an act makes, in order; none when there is nothing to change."""

    changes: tuple[Change, ...] = ()
    reason: Reason | None = None


@dataclass(frozen=True)
class Refusal:
    """An act that is not possible now; nothing was written and what was typed stays where it is."""

    kind: RefusalKind
    says: Text


def refuse_role(role: Role, act: Act) -> Refusal | None:
    """A refusal when the table of roles does not give this role this act."""
    if may(role, act):
        return None
    says = Text(
        en="This needs the role {roles}. Let that person sign in and do it.",
        zh="此操作仅限{roles}，请由相应人员登录后进行。",
    )
    return Refusal("role", says.format(roles=who_may(act)))
