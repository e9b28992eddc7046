"""A key with which a machine takes in bundles unattended: a file outside the centre's folder, good for that alone."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from trialdesk.centre.key_files import SERVICE_KEYS, inside, sign_roster, verify_roster
from trialdesk.centre.people import PEOPLE
from trialdesk.domain.admin.role import Act, Role
from trialdesk.domain.admin.user import User
from trialdesk.domain.clinical.account_changes import KeysChanged
from trialdesk.domain.clinical.changes import SessionNoted
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.security import age
from trialdesk.security.grants import NO_RING, Grants, service_holder
from trialdesk.services.private_file import write_private

if TYPE_CHECKING:
    from trialdesk.centre.centre import Centre


def make_service_key(centre: Centre, by: User, name: str, path: Path, now: datetime | None = None) -> None:
    """Write a service's secret to a file outside the folder and grant it the keys of intake; administrators only.

    A service of that name that was there before is shut out by it. Raises KnownError for a path inside the folder.
    """
    centre.attendance.require_act(Act.MANAGE_USERS)
    if inside(path, centre.folder):
        raise KnownError(_INSIDE.format(folder=centre.folder))
    if not name.isidentifier():
        raise KnownError(_NOT_A_NAME.format(name=name))
    _note(centre, by, KeysChanged(what="service_let_in", detail=name), now)
    grants, ring = _grants(centre), centre.attendance.ring
    identity, recipient = age.new_identity()
    grants.grant(service_holder(name), ring.only(SERVICE_KEYS), sign_roster(centre, ring), recipient)
    write_private(path, json.dumps({"centre": centre.study, "service": name, "identity": identity}).encode())


def end_service_key(centre: Centre, by: User, name: str, now: datetime | None = None) -> None:
    """Shut a service out; raises KnownError for a name that is none."""
    centre.attendance.require_act(Act.MANAGE_USERS)
    grants = _grants(centre)
    if service_holder(name) not in grants.holders:
        raise KnownError(_UNKNOWN.format(name=name))
    _note(centre, by, KeysChanged(what="service_shut_out", detail=name), now)
    grants.shut_out(service_holder(name), sign_roster(centre, centre.attendance.ring))


def serve(centre: Centre, path: Path, now: datetime | None = None) -> str:
    """Open the keys of intake with a service's file; it may take in and answer, and do nothing in anybody's name.

    Raises KnownError for a file that is no service's, or one that was shut out.
    """
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        name, identity = str(facts["service"]), str(facts["identity"])
    except OSError as fault:
        raise KnownError(_UNREADABLE.format(path=path, why=fault.strerror or fault)) from fault
    except (ValueError, KeyError, TypeError) as fault:
        raise KnownError(NO_RING) from fault
    ring = _grants(centre).open_holder(service_holder(name), identity)
    moment = now or datetime.now().astimezone()
    centre.attendance.note(
        [SessionNoted(what="signed_in", detail="intake")],
        centre.release.study.version,
        moment,
        service_holder(name),
        Role.SYSTEM,
    )
    centre.attendance.serve(name, ring)
    return name


def _grants(centre: Centre) -> Grants:
    grants = Grants.read(centre.folder / PEOPLE)
    grants.check(verify_roster(centre))
    return grants


def _note(centre: Centre, by: User, change: KeysChanged, now: datetime | None) -> None:
    moment = now or datetime.now().astimezone()
    centre.attendance.note([change], centre.release.study.version, moment, by.id, by.role)


_INSIDE = Text(
    en="A service's secret has to lie outside {folder}: whoever takes the folder must not find it there.",
    zh="服务密钥须存放在 {folder} 之外，以免随文件夹一并被取走。",
)
_NOT_A_NAME = Text(
    en="{name} cannot name a service. Use letters, digits and underscores, such as intake.",
    zh="{name} 不能作为服务名称。请用字母、数字和下划线，例如 intake。",
)
_UNKNOWN = Text(
    en="There is no service {name}. See: trialdesk centre person list FOLDER",
    zh="没有名为 {name} 的服务。请查看：trialdesk centre person list FOLDER",
)
_UNREADABLE = Text(
    en="The service's key {path} cannot be read ({why}). Check where it lies.",
    zh="无法读取服务密钥 {path}（{why}）。请检查存放位置。",
)
