"""The people of the centre: signing in, and what an administrator does to accounts, each of it a record.

Accounts, roles and who gave them stand in the centre's own trail; passphrases and key rings in `people.json`, under the
signature of the study's authority.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from trialdesk.centre.attendance import RETIRED, require_role
from trialdesk.centre.key_files import KEY_NAMES, keys_of, sign_roster, verify_roster
from trialdesk.domain.admin.lockout import ALLOWED, PAUSES, locked_until
from trialdesk.domain.admin.role import AT_CENTRE, ROLE_WORDS, Act, Role
from trialdesk.domain.admin.user import User
from trialdesk.domain.clinical.account_changes import PassphraseChanged, RoleChanged
from trialdesk.domain.clinical.audit_record import SYSTEM
from trialdesk.domain.clinical.changes import AccessReset, Change, SessionNoted, UserAdded, UserRetired
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.security.grants import RECOVERY, Grants, WrongPassphrase, holder_of
from trialdesk.security.key_ring import Ring, new_ring
from trialdesk.security.passwords import Argon2Settings, weakness

if TYPE_CHECKING:
    from trialdesk.centre.centre import Centre

PEOPLE = "people.json"


class OwnPassphraseFirst(KnownError):
    """The passphrase fits, but somebody else set it: the person has to choose one that nobody else knows."""


def sign_in(
    centre: Centre, user_id: str, passphrase: str, what: str = "", second: bool = False, now: datetime | None = None
) -> User:
    """Let a person in with their own passphrase; what it was for stands in the trail, and so does a wrong passphrase.

    Raises KnownError for a person without an account, a wrong passphrase, an account that has to wait, a passphrase
    that somebody else set (OwnPassphraseFirst), and a people.json the study's authority did not sign.
    """
    attendance, now = centre.attendance, now or datetime.now().astimezone()
    account = attendance.accounts().get(user_id)
    if account is None or account.user.retired:
        raise KnownError(RETIRED.format(user=user_id))
    ring = _opened(centre, user_id, passphrase, now)
    if account.lent:
        raise OwnPassphraseFirst(_LENT.format(folder=centre.folder, user=user_id))
    _note(centre, [SessionNoted(what="signed_in", detail=what)], now, account.user)
    attendance.arrive(account.user, ring, now, second)
    return account.user


def found(
    centre: Centre,
    user: User,
    passphrase: str,
    now: datetime | None = None,
    settings: Argon2Settings | None = None,
) -> None:
    """Give a centre its first administrator; raises KnownError where it has people, and for any other role."""
    if centre.attendance.is_founded:
        raise KnownError(_HAS_PEOPLE)
    if centre.is_protected:
        raise KnownError(_LOST)
    if user.role is not Role.ADMINISTRATOR:
        raise KnownError(_FIRST)
    _check_new(centre, user, passphrase)
    ring = new_ring(KEY_NAMES)
    sign = sign_roster(centre, ring)
    grants = Grants.create(centre.folder / PEOPLE, centre.study, centre.recovery_recipient, ring, sign)
    grants.let_in(user.id, passphrase, ring, sign, settings)
    moment = now or datetime.now().astimezone()
    _note(centre, [UserAdded(user=user.id, name=user.name, role=user.role), PassphraseChanged(user=user.id)], moment)


def add_person(
    centre: Centre,
    by: str,
    user: User,
    passphrase: str,
    now: datetime | None = None,
    settings: Argon2Settings | None = None,
) -> None:
    """Make an account with a first passphrase, which the person has to change before acting; administrators only."""
    _check_new(centre, user, passphrase)
    _manage(centre, by, [UserAdded(user=user.id, name=user.name, role=user.role)], now)
    grants, ring = _grants(centre), centre.attendance.ring
    grants.let_in(user.id, passphrase, ring.only(keys_of(user.role)), sign_roster(centre, ring), settings)


def change_role(centre: Centre, by: str, user_id: str, role: Role, now: datetime | None = None) -> None:
    """Give a person another role and the keys that go with it; nobody changes their own, and one administrator stays."""
    user = _other(centre, by, user_id)
    if role not in AT_CENTRE or role is user.role:
        raise KnownError(_ROLE.format(user=user_id))
    _keep_one(centre, user)
    _manage(centre, by, [RoleChanged(user=user_id, role=role)], now)
    ring = centre.attendance.ring
    _grants(centre).grant(holder_of(user_id), ring.only(keys_of(role)), sign_roster(centre, ring))


def deactivate(centre: Centre, by: str, user_id: str, now: datetime | None = None) -> None:
    """End an account for good; its name stays on everything it did, and is never given again."""
    user = _other(centre, by, user_id)
    _keep_one(centre, user)
    _manage(centre, by, [UserRetired(user=user_id)], now)
    _grants(centre).shut_out(holder_of(user_id), sign_roster(centre, centre.attendance.ring))


def reset_passphrase(
    centre: Centre,
    by: str,
    user_id: str,
    passphrase: str,
    now: datetime | None = None,
    settings: Argon2Settings | None = None,
) -> None:
    """Let a person in again under a new passphrase, which they have to change before acting; ends a wait as well."""
    user = _other(centre, by, user_id)
    if fault := weakness(passphrase):
        raise KnownError(fault)
    _manage(centre, by, [AccessReset(user=user_id)], now)
    grants, ring = _grants(centre), centre.attendance.ring
    grants.let_in(user_id, passphrase, ring.only(keys_of(user.role)), sign_roster(centre, ring), settings)


def change_own_passphrase(
    centre: Centre,
    user_id: str,
    old: str,
    new: str,
    now: datetime | None = None,
    settings: Argon2Settings | None = None,
) -> None:
    """Set a passphrase that nobody else knows; raises KnownError for a wrong, weak or unchanged one."""
    now = now or datetime.now().astimezone()
    account = centre.attendance.accounts().get(user_id)
    if account is None or account.user.retired:
        raise KnownError(RETIRED.format(user=user_id))
    _opened(centre, user_id, old, now)
    if new == old:
        raise KnownError(_SAME)
    _grants(centre).change_passphrase(user_id, old, new, settings)
    _note(centre, [PassphraseChanged(user=user_id)], now, account.user)


def recover(
    centre: Centre,
    identity: str,
    user_id: str,
    passphrase: str,
    now: datetime | None = None,
    settings: Argon2Settings | None = None,
) -> User:
    """Let an administrator in again with the offline recovery key, when nobody else can; it stands in the trail.

    Raises KnownError for the key of another centre, and for anyone but an administrator.
    """
    now = now or datetime.now().astimezone()
    account = centre.attendance.accounts().get(user_id)
    if account is None or account.user.retired:
        raise KnownError(RETIRED.format(user=user_id))
    if account.user.role is not Role.ADMINISTRATOR:
        raise KnownError(_ONLY_ADMINISTRATORS)
    if fault := weakness(passphrase):
        raise KnownError(fault)
    grants = _grants(centre)
    ring = grants.open_holder(RECOVERY, identity)
    _note(centre, [SessionNoted(what="recovered", detail=user_id), AccessReset(user=user_id)], now)
    grants.let_in(user_id, passphrase, ring, sign_roster(centre, ring), settings)
    return account.user


def _opened(centre: Centre, user_id: str, passphrase: str, now: datetime) -> Ring:
    """The ring a person's passphrase opens; wrong passphrases are counted, and make the account wait."""
    _let_wait(centre, user_id, now)
    try:
        grants = _grants(centre)
        ring = grants.open_person(user_id, passphrase)
        if centre.kind == "live":
            grants.strengthen(user_id, passphrase)
        return ring
    except WrongPassphrase as fault:
        _note(centre, [SessionNoted(what="refused", detail=user_id)], now)
        _let_wait(centre, user_id, now)
        left = ALLOWED - len(centre.attendance.refusals(user_id))
        raise KnownError(_LEFT.format(why=fault.text, n=left)) from fault


def _let_wait(centre: Centre, user_id: str, now: datetime) -> None:
    """Raises KnownError while an account waits after too many wrong passphrases."""
    until = locked_until(centre.attendance.refusals(user_id))
    # A clock that was set back locks nobody out for longer than the longest pause.
    if until is not None and now < until <= now + PAUSES[ALLOWED]:
        raise KnownError(_WAIT.format(user=user_id, until=until.astimezone().strftime("%H:%M:%S")))


def _grants(centre: Centre) -> Grants:
    """The file of slots and rings, once it is certain that the study's authority signed it."""
    grants = Grants.read(centre.folder / PEOPLE)
    grants.check(verify_roster(centre))
    return grants


def _manage(centre: Centre, by: str, changes: list[Change], now: datetime | None) -> None:
    """Record what an administrator does, before it is done: what is on record may fail, what fails is never unrecorded."""
    account = centre.attendance.accounts().get(by)
    if account is None:
        raise KnownError(RETIRED.format(user=by))
    centre.attendance.require(by, account.user.role)
    require_role(account.user.role, Act.MANAGE_USERS)
    _note(centre, changes, now or datetime.now().astimezone(), account.user)


def _note(centre: Centre, changes: list[Change], now: datetime, user: User | None = None) -> None:
    version = centre.release.study.version
    name, role = (user.id, user.role) if user else (SYSTEM, Role.SYSTEM)
    centre.attendance.note(changes, version, now, name, role)


def check_account(user_id: str, passphrase: str) -> None:
    """Raises KnownError for a name no account may have and for a weak passphrase."""
    if not _ID.fullmatch(user_id):
        raise KnownError(_NOT_AN_ID.format(user=user_id))
    if fault := weakness(passphrase):
        raise KnownError(fault)


def _check_new(centre: Centre, user: User, passphrase: str) -> None:
    check_account(user.id, passphrase)
    if user.id in centre.attendance.accounts() or user.id == SYSTEM:
        raise KnownError(_TAKEN.format(user=user.id))
    if user.role not in AT_CENTRE:
        raise KnownError(_NOT_HERE.format(role=ROLE_WORDS[user.role]))


def _other(centre: Centre, by: str, user_id: str) -> User:
    account = centre.attendance.accounts().get(user_id)
    if account is None or account.user.retired:
        raise KnownError(RETIRED.format(user=user_id))
    if by == user_id:
        raise KnownError(_NOT_ONESELF)
    return account.user


def _keep_one(centre: Centre, user: User) -> None:
    left = [one for one in centre.attendance.people() if one.role is Role.ADMINISTRATOR and one.id != user.id]
    if user.role is Role.ADMINISTRATOR and not left:
        raise KnownError(_LAST)


_ID = re.compile(r"[a-z][a-z0-9_.-]{1,23}")
_NOT_AN_ID = Text(
    en="{user} cannot be an account. Use 2 to 24 small letters, digits, dots and dashes, a letter first, such as dm1.",
    zh="{user} 不能作为账户名。请用 2～24 个小写字母、数字、点或短横，以字母开头，例如 dm1。",
)
_TAKEN = Text(
    en="{user} is or was somebody's account; ids are never given twice. Choose another.",
    zh="{user} 已被使用过，账户名不可重复使用，请另选。",
)
_NOT_HERE = Text(
    en="{role} is a role of the ward, not of the centre.", zh="{role}是研究中心现场的角色，不属于协调中心。"
)
_HAS_PEOPLE = Text(
    en="This centre has people already. Its administrator adds more: trialdesk centre person add --as ADMINISTRATOR",
    zh="本中心已有人员账户。请由管理员添加：trialdesk centre person add --as 管理员",
)
_LOST = Text(
    en="The centre's keys are sealed, but its accounts are gone. Nothing was changed; restore the centre from its backup.",
    zh="中心密钥已封存，但账户记录缺失。未作任何改动，请从中心备份恢复。",
)
_FIRST = Text(
    en="The first person of a centre is its administrator: --role administrator. The administrator adds the others.",
    zh="中心的首个账户须为系统管理员（--role administrator），其他人员由管理员添加。",
)
_LENT = Text(
    en="This passphrase was set by somebody else. Choose your own first: "
    "trialdesk centre person passphrase {folder} --as {user}",
    zh="此口令由他人设置。请先设置本人口令：trialdesk centre person passphrase {folder} --as {user}",
)
_WAIT = Text(
    en="Too many wrong passphrases for {user}. Wait until {until}, or ask the administrator for a new passphrase.",
    zh="{user} 口令错误次数过多。请等到 {until}，或请管理员重置口令。",
)
_LEFT = Text(
    en="{why} {n} more tries, then the account waits a quarter of an hour.",
    zh="{why}还可尝试 {n} 次，之后账户将暂停登录 15 分钟。",
)
_ROLE = Text(
    en="{user} has this role already, or it is none of the centre's.", zh="{user} 已是该角色，或该角色不属于协调中心。"
)
_NOT_ONESELF = Text(
    en="Nobody does this to their own account. Another administrator has to.",
    zh="不能对本人账户执行此操作，须由另一名管理员执行。",
)
_LAST = Text(
    en="This is the last administrator of the centre. Add another one first.",
    zh="这是中心最后一名管理员。请先添加另一名管理员。",
)
_SAME = Text(en="The new passphrase is the old one. Choose another.", zh="新口令与旧口令相同，请另选。")
_ONLY_ADMINISTRATORS = Text(
    en="The recovery key lets administrators in; they reset everyone else's passphrase.",
    zh="恢复密钥只用于管理员；其他人员的口令由管理员重置。",
)
