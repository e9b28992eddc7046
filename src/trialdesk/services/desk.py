"""The desk of one laptop: what the sign-in window shows before any secret, and the unlocked desk behind it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from trialdesk.domain.admin.role import Act, Role
from trialdesk.domain.admin.user import User
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.clock import Clock, SystemClock

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from trialdesk.domain.actions.outcome import Refusal
    from trialdesk.domain.clinical.changes import SessionNoted
    from trialdesk.domain.clinical.subject_data import SubjectData
    from trialdesk.domain.rules.rulebook import Rulebook
    from trialdesk.domain.study.study import Study
    from trialdesk.security.key_slots import Unlocked
    from trialdesk.services.casebook import Casebook
    from trialdesk.services.session import Session
    from trialdesk.services.worklist import Plan
    from trialdesk.storage.audit_trail import AuditTrail, Verdict
    from trialdesk.storage.document_store import DocumentStore
    from trialdesk.storage.place_store import PlaceStore

DESK_FILE, KEYS_FILE, TRAIL_FILE = "desk.json", "keys.json", "trail.db"
DEMO_PASSPHRASE = "demonstration only"
"""Opens every account of a demonstration desk; such a desk holds synthetic participants only and says so on screen."""
STUDY_FILE, TRUST_FOLDER = "study.json", "trust"
ROOT_FILE, SITE_FILE, REVOKED_FILE = "root.pem", "site.pem", "revoked.crl"


@dataclass(frozen=True)
class DeskInfo:
    """What may be shown before anyone has signed in; no participant is in it."""

    home: Path
    kind: Literal["live", "demo", "training"]
    origin: str
    site: Text
    study_title: Text
    study_name: Text
    registration: str
    protocol_version: str
    users: tuple[User, ...]
    size: int
    keys_sealed: bool = True


@dataclass
class OpenDesk:
    """An unlocked desk with one person at work; `close` lets the next instance in."""

    home: Path
    engine: Engine
    session: Session
    trail: AuditTrail
    documents: DocumentStore
    places: PlaceStore
    fingerprint: str
    unlocked: Unlocked
    meta: dict[str, str]
    users: tuple[User, ...]
    in_use: tuple[str, str] = ("", "")
    """What the forms are asked by: the newest release, and the terms of every one whose day has come."""
    waiting: dict[str, Rulebook] = field(default_factory=dict)
    """Rules of releases that are not in use yet, by fingerprint: read once."""
    _casebooks: dict[str, Casebook] = field(default_factory=dict)
    _plans: dict[str, tuple[SubjectData, date, Plan]] = field(default_factory=dict)

    @property
    def study(self) -> Study:
        """The study this desk works with."""
        return self.session.book.study

    @property
    def book(self) -> Rulebook:
        """Its rules, compiled."""
        return self.session.book

    @property
    def is_training(self) -> bool:
        """True on a desk for exercises: its paper says so and no centre takes its bundles."""
        return self.meta.get("kind") == "training"

    @property
    def epoch(self) -> str:
        """New after every restore, so that two copies of a desk are told apart."""
        return self.meta["epoch"]

    @property
    def recipients(self) -> tuple[str, ...]:
        """Whom bundles are encrypted for: the centre and its escrow."""
        return tuple(json.loads(self.meta["recipients"]))

    def subjects(self) -> tuple[str, ...]:
        """Every participant of this desk, by number."""
        return self.trail.subjects()

    def casebook(self, subject: str) -> Casebook:
        """The casebook of one participant, kept while the desk is open.

        Raises KnownError for a role that may not read what was recorded.
        """
        from trialdesk.domain.actions.outcome import refuse_role
        from trialdesk.services.casebook import Casebook

        refusal = refuse_role(self.session.user.role, Act.VIEW)
        if refusal:
            raise KnownError(refusal.says)
        found = self._casebooks.get(subject)
        if found is None or found.session is not self.session:
            found = self._casebooks[subject] = Casebook(self.session, subject)
        return found

    def forget(self) -> None:
        """Read every casebook anew when it is next asked for: records came that this window did not write."""
        for casebook in self._casebooks.values():
            casebook.read_anew()
        self._plans.clear()

    def plan(self, subject: str) -> Plan:
        """The plan of one participant's visits today, worked out again once something of it changed."""
        from trialdesk.services.worklist import plan

        data, today = self.casebook(subject).data, self.session.today
        known = self._plans.get(subject)
        if known is None or known[0] is not data or known[1] != today:
            known = self._plans[subject] = (data, today, plan(self.book, data, today))
        return known[2]

    def enrol(self, initials: str) -> str | Refusal:
        """Give the next participant a number; returns it, or a refusal."""
        from trialdesk.domain.actions.enrolment import USED_UP, enrol, next_number
        from trialdesk.domain.actions.outcome import Refusal
        from trialdesk.domain.clinical.subject_data import SubjectData

        known = self.subjects()
        subject = next_number(self.session.site, known, int(self.meta.get("numbers_from", "1")))
        if subject is None:
            return USED_UP
        outcome = enrol(self.session.request(), subject, initials.strip().upper(), known)
        if isinstance(outcome, Refusal):
            return outcome
        release = self.book.on(SubjectData(subject), self.session.today).study.version
        self.session.carry_out(outcome, subject, lambda change: release)
        return subject

    def verify(self) -> Verdict:
        """Check every seal of the trail."""
        return self.trail.verify()

    def sign_as_workstation(self, content: bytes) -> bytes:
        """A detached CMS signature by this workstation's certificate."""
        from trialdesk.security import cms
        from trialdesk.security.certificates import load_certificate, load_key

        certificate = load_certificate(self.meta["workstation_certificate"].encode())
        return cms.sign(content, load_key(self.meta["workstation_key"].encode()), certificate, self.chain)

    def encrypt_for_centre(self, content: bytes) -> bytes:
        """An age file only the centre and its escrow can open."""
        from trialdesk.security import age

        return age.encrypt(content, self.recipients)

    def verify_centre(self, content: bytes, signature: bytes) -> object:
        """Who signed this, provided it was the centre of this study; raises KnownError otherwise."""
        from trialdesk.security import cms

        signer = cms.verify(content, signature, self.root, self.revoked)
        if signer.kind != "centre":
            raise KnownError(_NOT_THE_CENTRE)
        return signer

    @property
    def root(self) -> Any:
        """The root certificate of the study."""
        from trialdesk.security.certificates import load_certificate

        return load_certificate((self.home / TRUST_FOLDER / "root.pem").read_bytes())

    @property
    def chain(self) -> tuple[Any, ...]:
        """The certificate of this site where the site issues its own; it stands between the others and the root."""
        from trialdesk.security.certificates import load_certificate

        path = self.home / TRUST_FOLDER / SITE_FILE
        return (load_certificate(path.read_bytes()),) if path.is_file() else ()

    @property
    def revoked(self) -> tuple[Any, ...]:
        """The lists of revoked certificates that receipts brought; raises KnownError for one that was tampered with."""
        from trialdesk.security.trust import load_list

        paths = sorted((self.home / TRUST_FOLDER).glob("*.crl"))
        return tuple(load_list(path.read_bytes(), self.root, self.chain) for path in paths)

    def close(self) -> None:
        """Sign out and let go of the database."""
        self.session.record([_noted("signed_out")])
        self.engine.dispose()


def look(home: Path) -> DeskInfo:
    """What the sign-in window needs, read in a few milliseconds; raises KnownError where there is no desk."""
    try:
        raw = json.loads((home / DESK_FILE).read_text(encoding="utf-8"))
        users = tuple(_user(one) for one in raw["users"])
        return DeskInfo(
            home=home,
            kind=raw["kind"],
            origin=raw["origin"],
            site=Text(**raw["site_name"]),
            study_title=Text(**raw["study_title"]),
            study_name=Text(**raw["study_name"]),
            registration=raw["registration"],
            protocol_version=raw["protocol_version"],
            users=tuple(user for user in users if not user.retired),
            size=(home / TRAIL_FILE).stat().st_size,
        )
    except FileNotFoundError as fault:
        raise KnownError(_NO_DESK.format(home=home)) from fault
    except (json.JSONDecodeError, KeyError, TypeError, ValueError) as fault:
        raise KnownError(_DAMAGED.format(home=home)) from fault


def sign_in(home: Path, user_id: str, passphrase: str, clock: Clock | None = None, durable: bool = True) -> OpenDesk:
    """Unlock a desk for a person; raises KnownError for a wrong passphrase, a damaged desk or one that is in use.

    `durable` off is for making synthetic participants in bulk and is heeded on demonstration desks alone.
    """
    from trialdesk.security import key_slots
    from trialdesk.services import attempts
    from trialdesk.services.amendment import in_use, rules_of_desk, take_up_due
    from trialdesk.services.people import account_of
    from trialdesk.services.session import Session
    from trialdesk.storage.audit_trail import AuditTrail
    from trialdesk.storage.database import open_desk, read_meta
    from trialdesk.storage.document_store import DocumentStore
    from trialdesk.storage.place_store import PlaceStore
    from trialdesk.storage.study_library import fingerprint, thaw

    info = look(home)
    user = next((one for one in info.users if one.id == user_id), None)
    if user is None:
        raise KnownError(_NO_USER.format(user=user_id))
    now = (clock or SystemClock()).now()
    attempts.refuse_early(home, user_id, now)
    try:
        unlocked = key_slots.open_slot(home / KEYS_FILE, user_id, passphrase)
    except key_slots.WrongPassphrase:
        attempts.note(home, user_id, now)
        raise
    engine = open_desk(home / TRAIL_FILE, unlocked.dek, unlocked.salt, durable or info.kind != "demo")
    try:
        meta = take_up_due(home, engine, read_meta(engine), info.origin, clock or SystemClock())
        frozen = (home / STUDY_FILE).read_bytes()
        if fingerprint(frozen) != meta["fingerprint"]:
            raise KnownError(_STUDY_CHANGED)
        study = thaw(frozen)
        trail = AuditTrail(engine)
        user = account_of(trail, info.origin, user.id, now)
        attempts.merge(home, engine, meta, info.origin, study.version, user.id, clock or SystemClock())
        session = Session(
            trail=trail,
            book=rules_of_desk(engine, info.origin, study),
            version=study.version,
            origin=info.origin,
            site=meta["site"],
            user=user,
            clock=clock or SystemClock(),
            training=meta.get("kind") == "training",
            official=official_wording(DocumentStore(engine), meta),
        )
        desk = OpenDesk(
            home=home,
            engine=engine,
            session=session,
            trail=trail,
            documents=DocumentStore(engine),
            places=PlaceStore(engine),
            fingerprint=meta["fingerprint"],
            unlocked=unlocked,
            meta=meta,
            users=info.users,
            in_use=in_use(engine, meta, session.today),
        )
        session.record([_noted("signed_in")])
    except BaseException:
        engine.dispose()
        raise
    return desk


def official_wording(documents: DocumentStore, meta: dict[str, str]) -> Mapping[str, Mapping[str, str]]:
    """The imported wording of adverse event grades this desk keeps; nothing where none was imported."""
    import orjson

    kept = meta.get("terminology")
    if kept is None:
        return {}
    terms = orjson.loads(documents.read(kept).content)["terms"]
    return {name: term["grades"] for name, term in terms.items()}


def sign_in_from_command(home: Path, user: str) -> OpenDesk:
    """Sign in at a terminal: the passphrase comes from TRIALDESK_PASSPHRASE or is asked without echo.

    A demonstration desk opens with the passphrase that is printed in the README.
    """
    import os

    shown = DEMO_PASSPHRASE if look(home).kind == "demo" and "TRIALDESK_PASSPHRASE" not in os.environ else None
    return sign_in(home, user, shown or ask_passphrase())


def ask_passphrase(prompt: str = "passphrase: ", variable: str = "TRIALDESK_PASSPHRASE") -> str:
    """The passphrase for a command: from TRIALDESK_PASSPHRASE, or asked without echo; raises KnownError if neither goes."""
    import os

    return os.environ.get(variable) or ask_without_echo(prompt, _NO_TERMINAL.format(variable=variable))


def ask_without_echo(prompt: str, otherwise: Text) -> str:
    """What is typed unseen at the terminal; without a terminal raises KnownError with the sentence `otherwise`."""
    import getpass
    import warnings

    try:
        with warnings.catch_warnings():
            # Without a terminal the library would let what is typed be seen.
            warnings.simplefilter("error", getpass.GetPassWarning)
            return getpass.getpass(prompt)
    except (EOFError, getpass.GetPassWarning) as fault:
        raise KnownError(otherwise) from fault


def _user(raw: dict[str, Any]) -> User:
    name, role = Text(**raw["name"]), Role(raw["role"])
    return User(raw["id"], name, role, raw["retired"], raw.get("begins"), raw.get("ends"))


def is_signer(user: User) -> bool:
    """True for roles that hold a signing certificate."""
    return user.role in (Role.NURSE, Role.INVESTIGATOR, Role.DATA_MANAGER)


def _noted(what: Literal["signed_in", "signed_out"]) -> SessionNoted:
    from trialdesk.domain.clinical.changes import SessionNoted

    return SessionNoted(what=what)


_NO_TERMINAL = Text(
    en="The passphrase cannot be asked here, because there is no terminal. Set {variable}, then run this again.",
    zh="此处没有终端，无法输入口令。请设置 {variable} 后重新运行。",
)
_NO_DESK = Text(
    en="There is no desk in {home}. Make one with the centre (trialdesk desk), or open the demonstration.",
    zh="{home} 中没有工作台。请由中心创建（trialdesk desk），或打开演示。",
)
_DAMAGED = Text(
    en="The desk in {home} cannot be read. Nothing was changed; restore it from the backup stick.",
    zh="无法读取 {home} 中的工作台，未作任何改动。请从备份 U 盘恢复。",
)
_NO_USER = Text(
    en="{user} has no account here. Ask the administrator to add one.", zh="{user} 在此没有账户，请联系系统管理员添加。"
)
_STUDY_CHANGED = Text(
    en="The study file of this desk was changed outside TrialDesk. Nothing was opened; restore study.json from the "
    "backup stick.",
    zh="本工作台的研究文件在 TrialDesk 之外被改动，未打开任何数据。请从备份 U 盘恢复 study.json。",
)
_NOT_THE_CENTRE = Text(
    en="The receipt is not signed by the centre. Nothing was taken in; fetch it again from the centre.",
    zh="回执并非由中心签署，未导入。请向中心重新获取。",
)
