"""Giving a participant a number."""

from __future__ import annotations

import re
from collections.abc import Collection

from trialdesk.domain.actions.outcome import Outcome, Refusal, Request, refuse_role
from trialdesk.domain.admin.role import Act
from trialdesk.domain.clinical.changes import SubjectEnrolled
from trialdesk.domain.text import Text


def enrol(request: Request, subject: str, initials: str, known: Collection[str]) -> Outcome | Refusal:
    """Enrol under a new number; initials are two to four capital letters, never a name."""
    refusal = refuse_role(request.role, Act.ENROL)
    if refusal:
        return refusal
    if subject in known:
        says = Text(en="Number {n} is taken; use the next free one.", zh="编号 {n} 已使用，请用下一个编号。")
        return Refusal("state", says.format(n=subject))
    if not re.fullmatch(r"[A-Z]{2,4}", initials):
        says = Text(
            en="Write two to four capital letters, such as ZHHO; never the full name.",
            zh="请填 2～4 个大写字母，例如 ZHHO，勿填姓名。",
        )
        return Refusal("not_readable", says)
    return Outcome((SubjectEnrolled(initials=initials),))


def next_number(site: str, known: Collection[str]) -> str:
    """The next free number of a site: site, a hyphen, three digits."""
    numbers = [int(one.rsplit("-", 1)[1]) for one in known if re.fullmatch(re.escape(site) + r"-\d+", one)]
    return f"{site}-{max(numbers, default=0) + 1:03d}"
