"""The people of a desk: who may come in today, letting someone in, ending an account; the trail decides, not a file."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from trialdesk.domain.actions.outcome import Refusal, refuse_role
from trialdesk.domain.admin.role import ROLE_WORDS, Act, Role
from trialdesk.domain.admin.user import User
from trialdesk.domain.clinical.changes import UserRetired
from trialdesk.domain.clinical.register import KINDS, Period, periods
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError

if TYPE_CHECKING:
    from trialdesk.services.desk import OpenDesk
    from trialdesk.storage.audit_trail import AuditTrail


def account_of(trail: AuditTrail, origin: str, user_id: str, now: datetime) -> User:
    """The account of a person as this workstation's trail has it; raises KnownError where it opens no desk that day.

    The file that the sign-in window reads lies in the open; a role or a date that was changed there opens nothing. A
    clock that was set back does not prolong an account: the latest moment in the trail counts where it is later.
    """
    known = {one.user: one for one in accounts(trail, origin)}
    held = known.get(user_id)
    if held is None or held.retired is not None:
        raise KnownError(_NOT_IN_TRAIL.format(user=user_id))
    user = held.as_user()
    if user.begins is None and user.ends is None:
        return user
    latest = trail.latest(origin)
    moment = max(now, datetime.fromisoformat(latest)) if latest else now
    if not user.may_come(moment.astimezone(now.tzinfo).date()):
        raise KnownError(_NOT_TODAY.format(user=user_id, begins=user.begins or "…", ends=user.ends or "…"))
    return user


def accounts(trail: AuditTrail, origin: str) -> tuple[Period, ...]:
    """Every account this workstation ever gave."""
    return periods(trail.records(origin=origin, kinds=KINDS))


def add_person(desk: OpenDesk, user: User, passphrase: str) -> Refusal | None:
    """Let a person in from now on, or within the account's days; administrators only.

    An inspector's account is limited in time. Who signs forms asks for a certificate afterwards. Raises KnownError for
    a name that was ever given, a weak passphrase, or days that cannot be.
    """
    from trialdesk.security import key_slots
    from trialdesk.services.desk import KEYS_FILE
    from trialdesk.services.desk_setup import added

    refusal = refuse_role(desk.session.user.role, Act.MANAGE_USERS)
    if refusal:
        return refusal
    if user.role is Role.INSPECTOR and user.ends is None:
        raise KnownError(_NEEDS_AN_END)
    if user.begins is not None and user.ends is not None and user.ends < user.begins:
        raise KnownError(_ENDS_FIRST.format(begins=user.begins, ends=user.ends))
    if any(one.user == user.id for one in accounts(desk.trail, desk.session.origin)):
        raise KnownError(_TAKEN.format(user=user.id))
    # A slot without its record opens nothing, so what a crash leaves half done is made anew by asking again.
    key_slots.remove_user(desk.home / KEYS_FILE, user.id)
    key_slots.add_user(desk.home / KEYS_FILE, desk.unlocked, user.id, passphrase)
    desk.session.record([added(user)])
    _tell_the_window(desk)
    return None


def retire_person(desk: OpenDesk, user_id: str) -> Refusal | None:
    """End an account for good: the name stays in the trail and is never given again; administrators only."""
    from trialdesk.security import key_slots
    from trialdesk.services.desk import KEYS_FILE

    refusal = refuse_role(desk.session.user.role, Act.MANAGE_USERS)
    if refusal:
        return refusal
    standing = [one for one in accounts(desk.trail, desk.session.origin) if one.retired is None]
    if user_id not in {one.user for one in standing}:
        raise KnownError(_UNKNOWN.format(user=user_id))
    if user_id == desk.session.user.id:
        raise KnownError(_NOT_ONESELF)
    desk.session.record([UserRetired(user=user_id)])
    key_slots.remove_user(desk.home / KEYS_FILE, user_id)
    _tell_the_window(desk)
    return None


def named(id: str, role: Role, number: int, begins: str | None = None, ends: str | None = None) -> User:
    """A person named by role: Inspector 1, 检查员 1."""
    words = ROLE_WORDS[role]
    return User(id, Text(en=f"{words.en} {number}", zh=f"{words.zh} {number}"), role, False, begins, ends)


def next_number(desk: OpenDesk, role: Role) -> int:
    """Which person of this role comes next at this desk, counted from 1."""
    return 1 + sum(one.role is role for one in accounts(desk.trail, desk.session.origin))


def _tell_the_window(desk: OpenDesk) -> None:
    """Write the people anew into the file the sign-in window reads."""
    from trialdesk.services.desk import DESK_FILE
    from trialdesk.services.desk_setup import write_file

    path = desk.home / DESK_FILE
    shown = json.loads(path.read_text(encoding="utf-8"))
    people = tuple(one.as_user() for one in accounts(desk.trail, desk.session.origin))
    shown["users"] = [asdict(user) for user in people]
    fresh = path.with_suffix(".new")
    write_file(fresh, json.dumps(shown, ensure_ascii=False, indent=1).encode())
    fresh.replace(path)
    desk.users = tuple(user for user in people if not user.retired)


def people_from_command(home: Path, administrator: str, words: str, begins: date | None, ends: date | None) -> str:
    """What `trialdesk person` does: let ID:ROLE in, or end the account of ID with `-ID`."""
    from trialdesk.services.desk import ask_passphrase, sign_in_from_command

    desk = sign_in_from_command(home, administrator)
    try:
        if words.startswith("-"):
            if refusal := retire_person(desk, words[1:]):
                raise KnownError(refusal.says)
            return f"{words[1:]} may not sign in any more; the trail says so"
        user_id, _, role = words.partition(":")
        if role not in {one.value for one in Role if one is not Role.SYSTEM} or not user_id.isidentifier():
            raise KnownError(_NOT_A_PERSON.format(words=words, roles=", ".join(r for r in Role if r != Role.SYSTEM)))
        limits = (begins.isoformat() if begins else None, ends.isoformat() if ends else None)
        user = named(user_id, Role(role), next_number(desk, Role(role)), *limits)
        given = ask_passphrase(f"first passphrase of {user_id}: ", "TRIALDESK_NEW_PASSPHRASE")
        if refusal := add_person(desk, user, given):
            raise KnownError(refusal.says)
        until = f" until {user.ends}" if user.ends else ""
        return f"{user_id} may sign in as {role}{until}; the trail says so"
    finally:
        desk.close()


_NOT_IN_TRAIL = Text(
    en="The trail of this desk knows no open account {user}, although the sign-in file names one. Nothing was opened. "
    "Call the data manager: the file may have been changed outside TrialDesk.",
    zh="本机稽查轨迹中没有有效账户 {user}，但登录文件中列有此人。未打开任何内容。请联系数据管理员：该文件可能在 TrialDesk 之外被改动。",
)
_NOT_TODAY = Text(
    en="The account {user} opens this desk from {begins} to {ends} only. Ask the administrator for another one.",
    zh="账户 {user} 仅在 {begins} 至 {ends} 期间有效。如需继续，请由系统管理员另行开设。",
)
_NEEDS_AN_END = Text(
    en="An inspector's account needs a last day. Give it with --until.",
    zh="检查员账户必须有截止日期，请用 --until 指定。",
)
_ENDS_FIRST = Text(
    en="The account would end ({ends}) before it begins ({begins}). Correct the days.",
    zh="截止日期（{ends}）早于起始日期（{begins}），请更正。",
)
_TAKEN = Text(
    en="The name {user} was given before and is never given again. Choose another one.",
    zh="账户名 {user} 已使用过，不再分配。请另选。",
)
_UNKNOWN = Text(en="There is no open account {user} at this desk.", zh="本机没有有效账户 {user}。")
_NOT_ONESELF = Text(
    en="Nobody ends the account they work with. Let another administrator do it.",
    zh="不能停用自己正在使用的账户，请由另一位系统管理员操作。",
)
_NOT_A_PERSON = Text(
    en="{words!r} is not ID:ROLE (or -ID to end an account). Roles: {roles}.",
    zh="{words!r} 不是“编号:角色”格式（停用账户用“-编号”）。角色：{roles}。",
)
