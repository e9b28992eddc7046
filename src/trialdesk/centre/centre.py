"""The coordinating centre in one folder: the study it runs, its authority and keys, its store, the desks it enrolled."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from trialdesk.centre.attendance import Attendance
from trialdesk.centre.intake import Intake, receive
from trialdesk.centre.key_files import (
    AGE,
    KEY,
    RECOVERY_KEY,
    RECOVERY_RECIPIENT,
    TSA_KEY,
    plain_secrets,
    read_secret,
    sealed_secrets,
)
from trialdesk.domain.admin.role import Act
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.authority import ROOT, ROOT_KEY, StudyAuthority
from trialdesk.services.desk_setup import Enrolment, Issue, take_empty
from trialdesk.services.private_file import write_private
from trialdesk.services.study_release import StudyRelease
from trialdesk.storage.intake_ledger import IntakeLedger, OriginState, SetAside, Totals

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from trialdesk.security.cms import SignerIdentity
    from trialdesk.security.trust import StudyTrust

CENTRE_FILE, CERTIFICATE, TSA = "centre.json", "centre.pem", "tsa.pem"
STUDY, DESKS = "study.json", "workstations"
WORDING = "terminology.json"


@dataclass(frozen=True)
class CentreStatus:
    """What the centre holds, workstation by workstation, and what it set aside."""

    study: str
    workstations: tuple[tuple[OriginState, Totals], ...]
    totals: Totals
    documents: int
    quarantine: tuple[SetAside, ...]
    twice_enrolled: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class Enrolled:
    """A workstation of the study and the age recipient it can open."""

    site: str
    origin: str
    recipient: str


@dataclass
class Centre:
    """An open centre; implements `intake.Keys`."""

    folder: Path
    study: str
    engine: Engine
    ledger: IntakeLedger
    moment: datetime | None = None
    """When certificates are issued; without it by the computer's clock."""
    kind: Literal["live", "demo"] = "live"
    _release: StudyRelease | None = field(default=None, repr=False)

    @classmethod
    def init(
        cls,
        folder: Path,
        release: StudyRelease,
        url: str | None = None,
        now: datetime | None = None,
        kind: Literal["live", "demo"] = "live",
    ) -> Centre:
        """Make a centre in an empty folder; raises KnownError for a folder or a store that cannot be used.

        A centre of kind `demo` holds synthetic participants only, and its people sign in with a passphrase that is
        printed in the README.
        """
        from trialdesk.security import age

        take_empty(folder)
        # A certificate made a moment before the first signature must already be valid on a laptop whose clock is late.
        moment = (now or datetime.now().astimezone()) - timedelta(days=1)
        study = release.study.oid
        authority = StudyAuthority.init(folder, study, moment)
        secret, _ = age.new_identity()
        recovery, _ = age.new_identity()
        for name, content in (
            *_own_keys(authority, study, moment),
            (AGE, secret.encode()),
            (RECOVERY_KEY, recovery.encode()),
            (STUDY, release.content),
        ):
            write_private(folder / name, content)
        (folder / DESKS).mkdir()
        facts = {"study": study, "fingerprint": release.fingerprint, "url": url or "", "kind": kind}
        write_private(folder / CENTRE_FILE, json.dumps(facts, indent=1).encode())
        authority.revocations(moment)
        try:
            opened = cls.open(folder)
        except KnownError:
            # A store that cannot be reached leaves no folder in which the next try finds something.
            for made in folder.iterdir():
                made.rmdir() if made.is_dir() else made.unlink()
            raise
        opened.moment = moment
        return opened

    @classmethod
    def open(cls, folder: Path) -> Centre:
        """Open a centre; raises KnownError where there is none, or its store cannot be reached."""
        from trialdesk.storage.database import open_centre

        try:
            facts = json.loads((folder / CENTRE_FILE).read_text(encoding="utf-8"))
        except (OSError, ValueError) as fault:
            raise KnownError(
                Text(
                    en="There is no centre in {folder}. Make one with: trialdesk centre init {folder}",
                    zh="{folder} 中没有协调中心。请先创建：trialdesk centre init {folder}",
                ).format(folder=folder)
            ) from fault
        engine = open_centre(facts["url"] or f"sqlite:///{(folder / 'centre.db').as_posix()}", facts["study"])
        kind: Literal["live", "demo"] = "demo" if facts.get("kind") == "demo" else "live"
        return cls(folder, facts["study"], engine, IntakeLedger(engine), kind=kind)

    def close(self) -> None:
        """Let go of the store and of every key."""
        self.attendance.leave()
        self.engine.dispose()

    @cached_property
    def attendance(self) -> Attendance:
        """Who is signed in here, and the keys they brought."""
        return Attendance(self.engine)

    @property
    def is_protected(self) -> bool:
        """True when a secret of the centre is sealed for its people; `plain_secrets` names those that are not."""
        return bool(sealed_secrets(self.folder))

    @property
    def plain_secrets(self) -> tuple[str, ...]:
        """Secrets that lie in the folder without a passphrase, the recovery key included."""
        return plain_secrets(self.folder)

    def may_use(self, name: str) -> bool:
        """True when a secret opens for who is signed in, or lies plain."""
        return name in self.attendance.ring.keys or name in self.plain_secrets

    def secret(self, name: str) -> bytes:
        """A secret of the centre for who is signed in; raises KnownError where it is sealed and nobody may use it."""
        return read_secret(self.folder, name, self.attendance.ring)

    @property
    def release(self) -> StudyRelease:
        """The study release this centre runs."""
        from trialdesk.storage.study_library import fingerprint

        content, wording = (self.folder / STUDY).read_bytes(), self._wording()
        kept = self._release
        # Thawing a study takes longer than writing a record, and every record names the release.
        if kept is None or (kept.content, kept.wording) != (content, wording):
            kept = self._release = StudyRelease(content, fingerprint(content), wording)
        return kept

    def keep_wording(self, content: bytes) -> None:
        """Hand this official wording to every desk made from now on; its hash is kept beside the study's."""
        facts = json.loads((self.folder / CENTRE_FILE).read_text(encoding="utf-8"))
        facts["terminology"] = hashlib.sha256(content).hexdigest()
        write_private(self.folder / WORDING, content)
        write_private(self.folder / CENTRE_FILE, json.dumps(facts, indent=1).encode())

    def _wording(self) -> bytes | None:
        kept = json.loads((self.folder / CENTRE_FILE).read_text(encoding="utf-8")).get("terminology")
        if kept is None:
            return None
        content = (self.folder / WORDING).read_bytes() if (self.folder / WORDING).exists() else b""
        if hashlib.sha256(content).hexdigest() != kept:
            raise KnownError(_WORDING_CHANGED)
        return content

    def enrolment(self, site: str, origin: str) -> Enrolment:
        """What a new workstation of a site is given; from then on its bundles are accepted.

        Raises KnownError for a name that a workstation has already: two trails under one name could not be told apart.
        """
        if not _NAME.fullmatch(origin) or not _NAME.fullmatch(site):
            raise KnownError(_NOT_A_NAME)
        enrolled = self.enrolled()
        if origin in {one.origin for one in enrolled}:
            raise KnownError(_NAME_TAKEN.format(origin=origin))
        at_site = sum(1 for one in enrolled if one.site == site)
        return Enrolment(
            site=site,
            origin=origin,
            root=(self.folder / ROOT).read_bytes(),
            recipients=(self.recipient,),
            recovery=self.recovery_recipient,
            issue=self._issue,
            numbers_from=at_site * 1000 + 1,
            greet=lambda recipient: self._enlist(site, origin, recipient),
        )

    def enrolment_of_people(self) -> Issue:
        """The authority that gives a person of a desk a new certificate."""
        return self._issue

    def enrolled(self) -> tuple[Enrolled, ...]:
        """Every workstation this centre has enrolled, by name."""
        found = [json.loads(path.read_text(encoding="utf-8")) for path in (self.folder / DESKS).glob("*.json")]
        return tuple(Enrolled(**one) for one in sorted(found, key=lambda one: str(one["origin"])))

    def _enlist(self, site: str, origin: str, recipient: str) -> None:
        about = {"site": site, "origin": origin, "recipient": recipient}
        write_private(self.folder / DESKS / f"{origin}.json", json.dumps(about, indent=1).encode())

    def receive(self, path: Path, now: datetime | None = None) -> Intake:
        """Take in one bundle file; see `intake.receive`."""
        taken = receive(path, self.study, self.ledger, self, now or datetime.now().astimezone())
        return replace(taken, receipt=self.with_letter(taken.receipt))

    def with_letter(self, receipt: bytes) -> bytes:
        """The same receipt with what the centre has to say to its workstation, signed anew; unchanged if nothing."""
        from trialdesk.centre.letters import letter_for
        from trialdesk.exchange.receipt import open_receipt, pack_receipt

        known = open_receipt("receipt", receipt, lambda content, signature: None, self.study)
        letter = letter_for(self, known.origin)
        if letter is None:
            return receipt
        said = known.model_copy(update={"version": 2, "letter": letter, "revocations": self.revocations})
        return pack_receipt(said, self.sign)

    def status(self) -> CentreStatus:
        """What is held."""
        states, totals = self.ledger.states(), self.ledger.totals_by_trail()
        return CentreStatus(
            study=self.study,
            workstations=tuple((state, totals[state.origin]) for state in states),
            totals=self.ledger.totals(),
            documents=self.ledger.documents(),
            quarantine=self.ledger.quarantine(),
            twice_enrolled=self.ledger.twice_enrolled(),
        )

    @property
    def recipient(self) -> str:
        """The age recipient bundles for this centre are encrypted for."""
        from trialdesk.security import age

        return age.recipient_of(self.secret(AGE).decode())

    @property
    def recovery_recipient(self) -> str:
        """The age recipient of the offline recovery key."""
        from trialdesk.security import age

        kept = self.folder / RECOVERY_RECIPIENT
        if kept.is_file():
            return kept.read_text(encoding="utf-8")
        return age.recipient_of((self.folder / RECOVERY_KEY).read_text(encoding="utf-8"))

    def sign(self, content: bytes) -> bytes:
        """The centre's detached signature."""
        from trialdesk.security import cms
        from trialdesk.security.certificates import load_certificate, load_key

        key = load_key(self.secret(KEY))
        return cms.sign(content, key, load_certificate((self.folder / CERTIFICATE).read_bytes()))

    def sign_document(self, pdf: bytes, now: datetime) -> bytes:
        """A report certified by the centre; raises KnownError unless somebody who may is signed in."""
        from trialdesk.documents.report_signing import sign_report
        from trialdesk.security.certificates import load_certificate, load_key

        self.attendance.require_act(Act.REPORT)
        own, root = ((self.folder / name).read_bytes() for name in (CERTIFICATE, ROOT))
        key = load_key(self.secret(KEY))
        return sign_report(pdf, key, load_certificate(own), [load_certificate(root)], now)

    def decrypt(self, content: bytes) -> bytes:
        """Open an age file made for this centre."""
        from trialdesk.security import age

        return age.decrypt(content, self.secret(AGE).decode())

    def verify(self, content: bytes, signature: bytes) -> SignerIdentity:
        """Who signed a header; raises KnownError unless it was an enrolled workstation speaking for itself."""
        from trialdesk.security import cms

        trust = self.trust
        signer = cms.verify(content, signature, trust.root, trust.revoked)
        header = json.loads(content)
        serial = f"{signer.serial:x}"
        enrolled = (self.folder / DESKS / f"{serial}.pem").is_file()
        enrolled = enrolled or any(one.serial == serial for one in self.authority.issued())
        if signer.kind != "workstation" or not enrolled:
            raise KnownError(_UNKNOWN.format(id=signer.id))
        if (signer.id, signer.site) != (header.get("origin"), header.get("site")):
            raise KnownError(_NOT_ITSELF.format(id=signer.id, origin=header.get("origin")))
        return signer

    @property
    def authority(self) -> StudyAuthority:
        """The study's certificate authority, which lives in the centre's folder."""
        return StudyAuthority(self.folder, unseal=lambda content: self.attendance.ring.open(ROOT_KEY, content))

    @property
    def trust(self) -> StudyTrust:
        """The root and the newest list of revoked certificates."""
        from trialdesk.security.trust import StudyTrust

        newest = self.authority.newest_list()
        return StudyTrust(self.authority.certificate, (newest,) if newest is not None else ())

    @property
    def revocations(self) -> tuple[str, ...]:
        """The newest list of revoked certificates as PEM, for every receipt."""
        from trialdesk.security.trust import list_pem

        return tuple(list_pem(one).decode() for one in self.trust.revoked)

    def _issue(self, request: bytes) -> bytes:
        from trialdesk.security.certificates import pem

        now = self.moment or datetime.now().astimezone() - timedelta(days=1)
        made = self.authority.issue(request, ("made beside the centre",), now, least=1)
        write_private(self.folder / DESKS / f"{made.serial_number:x}.pem", pem(made))
        return pem(made)


def _own_keys(authority: StudyAuthority, study: str, now: datetime) -> list[tuple[str, bytes]]:
    """The centre's own key, which signs receipts and reports, and that of its timestamps."""
    from trialdesk.security.certificates import Kind, Subject, key_bytes, make_request, new_key, pem

    made: list[tuple[str, bytes]] = []
    kinds: tuple[tuple[Kind, str, str, str, str], ...] = (
        ("centre", "CENTRE", "data_manager", KEY, CERTIFICATE),
        ("timestamp", "TSA", "timestamp", TSA_KEY, TSA),
    )
    for kind, id, role, secret, public in kinds:
        key = new_key()
        request = make_request(key, Subject(kind, id, role, "centre", study))
        made += [(secret, key_bytes(key)), (public, pem(authority.issue(request, ("centre init",), now)))]
    return made


_NAME = re.compile(r"[A-Za-z0-9]{1,12}")
_NOT_A_NAME = Text(
    en="Name sites and workstations with up to twelve letters and digits, such as 01 and W1.",
    zh="研究中心与工作站的名称最多 12 个字母或数字，例如 01、W1。",
)
_NAME_TAKEN = Text(
    en="{origin} is enrolled already. Give the new workstation a name no other has had.",
    zh="{origin} 已登记。请为新工作站取一个从未使用过的名称。",
)
_WORDING_CHANGED = Text(
    en="The official wording of this centre (terminology.json) was changed outside TrialDesk. Import the NCI's workbook "
    "again: trialdesk terminology import FILE --centre FOLDER",
    zh="本中心的 NCI 原文（terminology.json）在 TrialDesk 之外被改动。请重新导入 NCI 工作簿："
    "trialdesk terminology import FILE --centre FOLDER",
)
_UNKNOWN = Text(
    en="The bundle was signed by {id}, which is no workstation enrolled here. Nothing was taken in; call the site.",
    zh="数据包由 {id} 签署，该工作站未在本中心登记。未接收任何内容，请联系研究中心。",
)
_NOT_ITSELF = Text(
    en="The bundle says it is from {origin}, but {id} signed it. Nothing was taken in; call the site.",
    zh="数据包声称来自 {origin}，却由 {id} 签署。未接收任何内容，请联系研究中心。",
)
