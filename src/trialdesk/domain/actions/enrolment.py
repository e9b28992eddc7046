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


def next_number(site: str, known: Collection[str], first: int = 1) -> str | None:
    """The next free number of a workstation: site, a hyphen, three or more digits; None when its block is used up.

    Every workstation of a site has a block of 999 of its own (1 to 999, 1001 to 1999, ...), so that two laptops that
    cannot see each other never give two people the same number.
    """
    numbers = [int(one.rsplit("-", 1)[1]) for one in known if re.fullmatch(re.escape(site) + r"-\d+", one)]
    taken = [number for number in numbers if first <= number < first + BLOCK]
    number = max(taken, default=first - 1) + 1
    return f"{site}-{number:03d}" if number < first + BLOCK else None


BLOCK = 999
"""Numbers of one workstation."""

USED_UP = Refusal(
    "state",
    Text(
        en="The numbers of this laptop are used up. Ask the centre to enrol this laptop anew, or enrol on another one.",
        zh="本机的受试者编号已用完。请联系中心重新登记本机，或在另一台电脑上登记。",
    ),
)
