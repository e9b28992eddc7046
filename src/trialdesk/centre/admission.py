"""The door of every command of the centre: who calls, with which passphrase, and whether the role may do this."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from trialdesk.centre import people
from trialdesk.centre.attendance import require_role
from trialdesk.domain.admin.role import ROLE_WORDS, Act, Role, may
from trialdesk.domain.admin.user import User
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.security.passwords import Argon2Settings
from trialdesk.services.desk import DEMO_PASSPHRASE, ask_passphrase

if TYPE_CHECKING:
    from trialdesk.centre.centre import Centre

ACTS: dict[str, Act] = {
    "query open": Act.OPEN_QUERY,
    "query again": Act.OPEN_QUERY,
    "query issue": Act.OPEN_QUERY,
    "query close": Act.CLOSE_QUERY,
    "query cancel": Act.CLOSE_QUERY,
    "query check": Act.OPEN_QUERY,
    "freeze": Act.FREEZE,
    "thaw": Act.FREEZE,
    "lock": Act.LOCK,
    "unlock": Act.UNLOCK,
    "verify": Act.VERIFY,
    "unverify": Act.VERIFY,
    "receive": Act.RECEIVE,
    "receipts": Act.RECEIVE,
    "add-monitor": Act.RUN_AUTHORITY,
    "visit-pack": Act.RECEIVE,
    "take-visit": Act.RECEIVE,
    "medical-review": Act.MEDICAL_REVIEW,
    "trail-review": Act.REVIEW_TRAIL,
    "release": Act.RELEASE,
    "lab-ranges": Act.RELEASE,
    "seal": Act.SEAL,
    "report": Act.REPORT,
    "window": Act.VIEW,
    "export": Act.VIEW,
    "person add": Act.MANAGE_USERS,
    "person role": Act.MANAGE_USERS,
    "person reset": Act.MANAGE_USERS,
    "person deactivate": Act.MANAGE_USERS,
    "protect": Act.MANAGE_USERS,
    "service-key": Act.MANAGE_USERS,
    "desk": Act.ENROL_DESK,
    "recover": Act.RUN_AUTHORITY,
    "terminology import": Act.ADOPT_WORDING,
    "ca issue": Act.RUN_AUTHORITY,
    "ca renew": Act.RUN_AUTHORITY,
    "ca revoke": Act.RUN_AUTHORITY,
    "ca crl": Act.RUN_AUTHORITY,
}
"""Every command that acts at the centre, and the right it takes; one without a row is refused."""

READING = frozenset(
    {"init", "status", "monitoring", "query list", "person list", "person passphrase", "person recover"}
)
"""Commands of the centre that act in nobody's name: they read, or they ask for a secret of their own."""

_VARIABLE, _SECOND_VARIABLE = "TRIALDESK_PASSPHRASE", "TRIALDESK_SECOND_PASSPHRASE"

DEMO_SETTINGS = Argon2Settings(memory=8 * 1024, passes=1, lanes=1)
"""The passphrase of a demonstration is printed in the README: a slow function would protect nothing."""

DEMO_PEOPLE = (
    ("admin1", Role.ADMINISTRATOR, 1),
    ("dm1", Role.DATA_MANAGER, 1),
    ("dm2", Role.DATA_MANAGER, 2),
    ("mon1", Role.MONITOR, 1),
    ("med1", Role.MEDICAL_REVIEWER, 1),
    ("stat1", Role.STATISTICIAN, 1),
)


class Caller(NamedTuple):
    """Who calls a command; the role is that of the account and is not said by the caller."""

    user: str
    role: str
    command: str
    passphrase_file: Path | None = None


def admit(centre: Centre, who: Caller) -> User:
    """Sign a caller in and check the right the command takes; returns the person, in the account's role.

    Raises KnownError for a centre without people, whatever signing in raises, and a role that may not.
    """
    act = ACTS.get(who.command)
    if act is None:
        raise KnownError(_NO_ROW.format(command=who.command))
    require_people(centre)
    account = centre.attendance.accounts().get(who.user)
    if account is not None and not account.user.retired:
        require_role(account.user.role, act)
    return people.sign_in(centre, who.user, passphrase_of(centre, who.user, who.passphrase_file), who.command)


def admit_to_window(centre: Centre, user: str, passphrase: str) -> User:
    """Sign a person in at the window: at data who may look at them, at people and keys who manages those."""
    account = centre.attendance.accounts().get(user)
    if account is not None and not account.user.retired and not may(account.user.role, Act.MANAGE_USERS):
        require_role(account.user.role, ACTS["window"])
    return people.sign_in(centre, user, passphrase, "window")


def admit_second(centre: Centre, who: Caller, first: User) -> User:
    """Sign the second person of an act in, with a passphrase of their own; raises KnownError for the same person."""
    if not who.user or who.user == first.id:
        raise KnownError(TWO)
    given = passphrase_of(centre, who.user, who.passphrase_file, _SECOND_VARIABLE)
    return people.sign_in(centre, who.user, given, who.command, second=True)


def admit_intake(centre: Centre, who: Caller, service_key: Path | None) -> None:
    """Let in who takes bundles in: a service by its file, or a person.

    A centre without people and with plain keys takes bundles in for anybody, as centres did before there were accounts.
    """
    from trialdesk.centre.service_key import serve

    if service_key is not None:
        serve(centre, service_key)
    else:
        admit_if_founded(centre, who)


def admit_if_founded(centre: Centre, who: Caller) -> User | None:
    """Sign a caller in where the centre has people; one without accounts and with plain keys works as centres once did.

    Nothing is written under a person's name by what comes after.
    """
    found_demo_people(centre)
    return admit(centre, who) if centre.attendance.is_founded or centre.is_protected else None


def note_document(centre: Centre, user: User, what: Literal["reported", "sealed"], path: Path) -> None:
    """Record who signed a report or sealed a form at the centre, and which bytes."""
    from trialdesk.domain.clinical.changes import DocumentMade

    change = DocumentMade(what=what, document=hashlib.sha256(path.read_bytes()).hexdigest())
    now = datetime.now().astimezone()
    centre.attendance.note([change], centre.release.study.version, now, user.id, user.role)


def note_export(centre: Centre, user: User, kind: str, cut: date | None, files: int, participants: int) -> None:
    """Record who wrote what out."""
    from trialdesk.domain.clinical.account_changes import DataExported

    day = cut.isoformat() if cut else None
    change = DataExported(format=kind, cut=day, files=files, participants=participants)
    now = datetime.now().astimezone()
    centre.attendance.note([change], centre.release.study.version, now, user.id, user.role)


def passphrase_of(centre: Centre, user: str, file: Path | None, variable: str = _VARIABLE) -> str:
    """A person's passphrase: the first line of a file, or the variable, or asked without echo; never a command's word."""
    import os

    if file is not None:
        return first_line(file)
    if centre.kind == "demo" and variable not in os.environ:
        return DEMO_PASSPHRASE
    return ask_passphrase(f"passphrase of {user}: ", variable)


def first_line(file: Path) -> str:
    """The passphrase in a file; raises KnownError for one that cannot be read or is empty."""
    try:
        return file.read_text(encoding="utf-8").splitlines()[0]
    except (OSError, IndexError, UnicodeDecodeError) as fault:
        raise KnownError(_UNREADABLE.format(path=file)) from fault


def found_demo_people(centre: Centre) -> None:
    """Give a demonstration centre its people, once."""
    if centre.kind != "demo" or centre.attendance.is_founded:
        return
    for user in demo_people():
        if user.role is Role.ADMINISTRATOR:
            people.found(centre, user, DEMO_PASSPHRASE, centre.moment, DEMO_SETTINGS)
            people.sign_in(centre, user.id, DEMO_PASSPHRASE, "demo", now=centre.moment)
        else:
            people.add_person(centre, "admin1", user, _FIRST_DEMO, centre.moment, DEMO_SETTINGS)
            people.change_own_passphrase(centre, user.id, _FIRST_DEMO, DEMO_PASSPHRASE, centre.moment, DEMO_SETTINGS)
    centre.attendance.leave()


def demo_people() -> tuple[User, ...]:
    """The people of a demonstration centre, named by role."""
    named = ((id, ROLE_WORDS[role], role, number) for id, role, number in DEMO_PEOPLE)
    return tuple(User(id, Text(en=f"{w.en} {n}", zh=f"{w.zh} {n}"), role) for id, w, role, n in named)


def require_people(centre: Centre) -> None:
    """Raises KnownError for a centre nobody can sign in at; a demonstration gets its people."""
    found_demo_people(centre)
    if not centre.attendance.is_founded:
        raise KnownError(_NOBODY.format(folder=centre.folder))


_FIRST_DEMO = "the first passphrase of a demonstration"
_NOBODY = Text(
    en="This centre has no people yet, and nothing is written under a mere name. Make its first administrator: "
    "trialdesk centre person add {folder} admin1 --role administrator",
    zh="本中心尚无人员账户，不能仅凭名称写入。请先创建首名管理员："
    "trialdesk centre person add {folder} admin1 --role administrator",
)
_NO_ROW = Text(
    en="The command {command} has no row in the table of rights. It was refused.",
    zh="命令 {command} 不在权限表中，已拒绝。",
)
TWO = Text(
    en="This takes two persons: somebody else has to be named as well, and to give their own passphrase.",
    zh="此操作须两人完成：请指明另一人，并由其输入本人口令。",
)
_UNREADABLE = Text(
    en="{path} holds no passphrase that can be read. Put it into the first line of a file only you can read.",
    zh="无法从 {path} 读取口令。请将口令写在仅本人可读的文件首行。",
)
