"""Making a desk: its folder, its keys, its people, enrolled with a centre."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from trialdesk.domain.admin.role import ROLE_WORDS, Role
from trialdesk.domain.admin.user import User
from trialdesk.domain.clinical.audit_record import SYSTEM
from trialdesk.domain.clinical.changes import Change, StudyAdopted, UserAdded
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.clock import Clock, SystemClock
from trialdesk.services.desk import (
    DESK_FILE,
    KEYS_FILE,
    STUDY_FILE,
    TRAIL_FILE,
    TRUST_FOLDER,
    ask_without_echo,
    is_signer,
)
from trialdesk.services.study_release import StudyRelease

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from trialdesk.storage.audit_trail import AuditTrail

Issue = Callable[[bytes], bytes]
"""Turns a signing request (PEM) into a certificate (PEM): the centre's authority."""


@dataclass(frozen=True)
class Enrolment:
    """What the centre gives a new workstation: site, name of its trail, trust, and whom to encrypt for.

    `numbers_from` begins the block of participant numbers of this workstation; `greet` tells the centre the age
    recipient the workstation made for itself, so that the centre can encrypt an answer for it.
    """

    site: str
    origin: str
    root: bytes
    recipients: tuple[str, ...]
    recovery: str
    issue: Issue
    numbers_from: int = 1
    greet: Callable[[str], None] = lambda recipient: None


@dataclass(frozen=True)
class Person:
    """Someone who will sign in, with the first passphrase."""

    user: User
    passphrase: str


def create_desk(
    home: Path,
    release: StudyRelease,
    enrolment: Enrolment,
    people: Sequence[Person],
    kind: Literal["live", "demo", "training"] = "live",
    clock: Clock | None = None,
) -> None:
    """Make a desk in an empty folder; raises KnownError for a folder in use, a weak passphrase or a full disk."""
    from trialdesk.security import age, key_slots
    from trialdesk.security.certificates import Subject, key_bytes, make_request, new_key
    from trialdesk.storage.database import open_desk, write_meta

    clock = clock or SystemClock()
    study = release.study
    take_empty(home)
    desk = str(uuid.uuid4())
    opened = key_slots.create(home / KEYS_FILE, desk, enrolment.recovery)
    certificates: dict[str, str] = {}
    for person in people:
        signing = new_key() if is_signer(person.user) else None
        key_slots.add_user(home / KEYS_FILE, opened, person.user.id, person.passphrase, signing)
        if signing is not None:
            subject = Subject("person", person.user.id, person.user.role, enrolment.site, study.oid)
            certificates[person.user.id] = enrolment.issue(make_request(signing, subject)).decode()
    key = new_key()
    subject = Subject("workstation", enrolment.origin, "workstation", enrolment.site, study.oid)
    certificate = enrolment.issue(make_request(key, subject)).decode()
    secret, recipient = age.new_identity()
    enrolment.greet(recipient)
    (home / TRUST_FOLDER).mkdir()
    write_file(home / TRUST_FOLDER / "root.pem", enrolment.root)
    write_file(home / STUDY_FILE, release.content)
    engine = open_desk(home / TRAIL_FILE, opened.dek, opened.salt)
    try:
        write_meta(
            engine,
            desk=desk,
            epoch=str(uuid.uuid4()),
            kind=kind,
            origin=enrolment.origin,
            site=enrolment.site,
            fingerprint=release.fingerprint,
            recipients=json.dumps(enrolment.recipients),
            workstation_key=key_bytes(key).decode(),
            workstation_certificate=certificate,
            workstation_age=secret,
            numbers_from=str(enrolment.numbers_from),
        )
        first: list[Change] = [StudyAdopted(study=study.oid, version=study.version, fingerprint=release.fingerprint)]
        first += _keep_wording(engine, release)
        first += [added(person.user, certificates.get(person.user.id)) for person in people]
        record_as_system(engine, first, enrolment.origin, enrolment.site, study.version, clock)
    finally:
        engine.dispose()
    write_file(home / DESK_FILE, _desk_file(release, enrolment, people, kind))


def added(user: User, certificate: str | None = None) -> UserAdded:
    """The change that lets a person in."""
    return UserAdded(
        user=user.id, name=user.name, role=user.role, certificate=certificate, begins=user.begins, ends=user.ends
    )


def _keep_wording(engine: Engine, release: StudyRelease) -> list[Change]:
    """The official wording that comes with the release goes into the desk's encrypted file."""
    from trialdesk.domain.clinical.changes import TerminologyAdopted
    from trialdesk.storage.database import write_meta
    from trialdesk.storage.document_store import Document, DocumentStore

    if release.wording is None:
        return []
    facts = json.loads(release.wording)
    document = Document("terminology", release.wording)
    DocumentStore(engine).keep(document)
    write_meta(engine, terminology=document.sha256)
    return [TerminologyAdopted(terminology=facts["terminology"], workbook=facts["workbook"], document=document.sha256)]


def record_as_system(
    engine: Engine, changes: Sequence[Change], origin: str, site: str, version: str, clock: Clock
) -> None:
    """Write what happened before, or without, anyone signing in; it stands in the system's name."""
    from trialdesk.storage.audit_trail import AuditTrail

    append_as_system(AuditTrail(engine), changes, origin, site, version, clock)


def append_as_system(
    trail: AuditTrail, changes: Sequence[Change], origin: str, site: str, version: str, clock: Clock
) -> None:
    """As `record_as_system`, into the trail of an open desk, which knows how far it has written."""
    from trialdesk.domain.clinical.audit_record import AuditRecord, stamp

    at, zone = stamp(clock.now())
    records = [
        AuditRecord(
            origin=origin,
            seq=number,
            at=at,
            zone=zone,
            user=SYSTEM,
            role=Role.SYSTEM,
            site=site,
            study=version,
            change=change,
        )
        for number, change in enumerate(changes, start=trail.head(origin)[0] + 1)
    ]
    trail.append(records)


def _desk_file(release: StudyRelease, enrolment: Enrolment, people: Sequence[Person], kind: str) -> bytes:
    study = release.study
    site = study.sites.get(enrolment.site, Text(en=f"Site {enrolment.site}", zh=f"研究中心 {enrolment.site}"))
    shown = {
        "kind": kind,
        "origin": enrolment.origin,
        "site_name": asdict(site),
        "study_title": asdict(study.title),
        "study_name": asdict(study.name),
        "registration": study.registration,
        "protocol_version": study.protocol_version,
        "users": [asdict(person.user) for person in people],
    }
    return json.dumps(shown, ensure_ascii=False, indent=1).encode()


def take_empty(folder: Path) -> None:
    """Make sure of an empty folder for something new; raises KnownError for one in use or one that cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise KnownError(
                Text(
                    en="{folder} is not empty. Choose an empty folder.", zh="{folder} 不是空文件夹，请另选空文件夹。"
                ).format(folder=folder)
            )
    except OSError as fault:
        raise KnownError(
            Text(
                en="{folder} cannot be used ({why}). Choose a folder you may write to.",
                zh="无法使用 {folder}（{why}）。请选择可写入的文件夹。",
            ).format(folder=folder, why=fault.strerror or fault)
        ) from fault


def write_file(path: Path, content: bytes) -> None:
    """Write a file of a desk down to the disk; raises KnownError when there is no room or no permission."""
    try:
        with path.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as fault:
        raise KnownError(
            Text(
                en="{path} could not be written ({why}). Free space and make the desk again in a new folder.",
                zh="无法写入 {path}（{why}）。请清理磁盘空间，并在新文件夹中重新创建。",
            ).format(path=path.name, why=fault.strerror or fault)
        ) from fault


def person(id: str, role: Role, passphrase: str, number: int = 1) -> Person:
    """A person named by role, as every example names them: Research nurse 1, 研究护士 1."""
    words = ROLE_WORDS[role]
    return Person(User(id=id, name=Text(en=f"{words.en} {number}", zh=f"{words.zh} {number}"), role=role), passphrase)


def people_from_words(users: Sequence[str], passphrases: Path | None) -> list[Person]:
    """People from `ID:ROLE` words, with first passphrases from a file of ID=PASSPHRASE lines or asked one by one."""
    known = read_passphrases(passphrases)
    people: list[Person] = []
    for words in users:
        id, _, role = words.partition(":")
        if role not in {one.value for one in Role} - {Role.SYSTEM, Role.STATISTICIAN} or not id.isidentifier():
            raise KnownError(
                Text(
                    en="{words!r} is not ID:ROLE. Roles: nurse, investigator, data_manager, monitor, administrator, "
                    "inspector.",
                    zh="{words!r} 不是“编号:角色”格式。角色：nurse、investigator、data_manager、monitor、administrator、inspector。",
                ).format(words=words)
            )
        same = sum(1 for one in people if one.user.role == role)
        given = known.get(id) or ask_without_echo(f"first passphrase of {id}: ", _NO_LINE.format(user=id))
        people.append(person(id, Role(role), given, same + 1))
    return people


def read_passphrases(file: Path | None) -> dict[str, str]:
    """The passphrases of a file of ID=PASSPHRASE lines, by id; raises KnownError for a file that cannot be read."""
    if file is None:
        return {}
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise KnownError(_NO_PASSPHRASES.format(path=file)) from fault
    return dict(line.split("=", 1) for line in lines if "=" in line)


_NO_PASSPHRASES = Text(
    en="{path} holds no passphrases that can be read. Write one line ID=PASSPHRASE for each person.",
    zh="无法从 {path} 读取口令。请为每人写一行：账户名=口令。",
)
_NO_LINE = Text(
    en="No passphrase is given for {user}, and there is no terminal to ask it at. Write the line {user}=PASSPHRASE "
    "into a file and name it with --passphrases.",
    zh="未给出 {user} 的口令，且此处没有终端可供输入。请在文件中写一行“{user}=口令”，并用 --passphrases 指定该文件。",
)
