"""A monitor at a visit without network: the site's casebooks read-only, and what the monitor says of them, kept durably."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from trialdesk.domain.actions import monitoring, queries, review
from trialdesk.domain.actions.outcome import Outcome, Refusal, Request
from trialdesk.domain.admin.role import Role
from trialdesk.domain.clinical.audit_record import RECORD, AuditRecord, stamp
from trialdesk.domain.clinical.change_base import RecordId, SourceKind
from trialdesk.domain.clinical.changes import QueryProposed
from trialdesk.domain.clinical.fold import fold
from trialdesk.domain.clinical.source_review import SubjectReview, review_subject
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.study.monitoring import MonitoringPlan
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.exchange.visit_pack import RESULT_SUFFIX, PackHead, ResultHead, make_result, open_pack, read_head
from trialdesk.services.clock import Clock, SystemClock
from trialdesk.services.visit_log import SUFFIX, VisitLog

if TYPE_CHECKING:
    from trialdesk.security.personal_keys import PersonalKeys

KEYS_FILE, ROOT_FILE = "monitor.keys", "root.pem"


@dataclass
class VisitDesk:
    """One open pack; every act is on disk, closed with the monitor's key, when it returns."""

    head: PackHead
    study: Study
    plan: MonitoringPlan
    places: dict[str, int]
    keys: PersonalKeys
    log: VisitLog
    clock: Clock
    base: dict[str, SubjectData]
    read: set[tuple[str, FormPath]] = field(default_factory=set)
    """Forms that were read to their end since the pack was opened."""

    @cached_property
    def subjects(self) -> tuple[str, ...]:
        """The site's participants in the order of enrolment."""
        return tuple(sorted(self.base, key=lambda subject: (self.places.get(subject, 999_999), subject)))

    def data(self, subject: str) -> SubjectData:
        """A participant's casebook as the centre held it, with this visit's acts laid over it."""
        known = self._folded.get(subject)
        if known is None:
            known = fold(subject, self.log.records, self.base[subject])
            self._folded[subject] = known
        return known

    def review(self, subject: str) -> SubjectReview:
        """How far the comparison with the source is for a participant."""
        return review_subject(self.study, self.plan, self.data(subject), self.places.get(subject, 999_999))

    def read_to_end(self, subject: str, form: FormPath) -> None:
        """The form was open and its end was on the screen."""
        self.read.add((subject, form))

    def verify(
        self, subject: str, paths: Sequence[ItemPath], source: SourceKind, where: str
    ) -> tuple[AuditRecord, ...] | Refusal:
        """Call single answers verified against a named source."""
        done = review.verify_source(self.data(subject), self._request(), tuple(paths), source, where)
        return self._keep(subject, done)

    def verify_form(
        self, subject: str, form: FormPath, paths: Sequence[ItemPath], source: SourceKind, where: str
    ) -> tuple[AuditRecord, ...] | Refusal:
        """Call several answers of a form verified in one act, once it was read to its end."""
        done = monitoring.verify_form(
            self.data(subject), self._request(), form, tuple(paths), source, where, (subject, form) in self.read
        )
        return self._keep(subject, done)

    def unverify(self, subject: str, record: RecordId, words: str) -> tuple[AuditRecord, ...] | Refusal:
        """Take a comparison back, of this visit or an earlier one, with the reason."""
        return self._keep(subject, review.lift_verification(self.data(subject), self._request(), record, words))

    def ask(self, subject: str, paths: Sequence[ItemPath], says: Text) -> tuple[AuditRecord, ...] | Refusal:
        """Draft a query; words given in one language only stand for both."""
        both = Text(en=says.en.strip() or says.zh.strip(), zh=says.zh.strip() or says.en.strip())
        return self._keep(subject, queries.propose_query(self._request(), tuple(paths), both))

    def drop(self, subject: str, query: RecordId, words: str) -> tuple[AuditRecord, ...] | Refusal:
        """Drop a drafted query of this visit, with the reason."""
        if not query.startswith(f"{self.head.visit}:"):
            return Refusal("state", _NOT_OF_THIS_VISIT)
        return self._keep(subject, queries.drop_proposal(self.data(subject), self._request(), query, words))

    def drafted(self) -> tuple[tuple[str, AuditRecord], ...]:
        """Queries drafted at this visit that were not dropped, with their participant, oldest first."""
        mine = [record for record in self.log.records if isinstance(record.change, QueryProposed)]
        standing = {one.id for subject in {r.subject for r in mine} if subject for one in self.data(subject).candidates}
        return tuple((record.subject or "", record) for record in mine if record.id in standing)

    def finish(self, folder: Path) -> Path:
        """Write everything done so far for the centre, signed and encrypted; may be repeated after further acts."""
        from trialdesk.exchange.envelope import write_durably
        from trialdesk.security import age, cms
        from trialdesk.security.certificates import load_certificate

        certificate = load_certificate(self.head.certificate.encode())
        acts, seal = self.log.head
        head = ResultHead(
            study=self.head.study,
            site=self.head.site,
            visit=self.head.visit,
            monitor=self.head.monitor,
            made=self.clock.now().isoformat(timespec="seconds"),
            acts=acts,
            seal=seal,
        )
        content = make_result(
            head,
            self.log.lines,
            lambda signed: cms.sign(signed, self.keys.signing_key, certificate),
            lambda plain: age.encrypt(plain, (self.head.recipient,)),
        )
        path = folder / f"{self.head.visit}{RESULT_SUFFIX}"
        write_durably(path, content)
        return path

    @cached_property
    def _folded(self) -> dict[str, SubjectData]:
        return {}

    def _request(self) -> Request:
        now = self.clock.now()
        return Request(self.head.monitor, Role.MONITOR, now.date(), None, now.strftime("%H:%M"))

    def _keep(self, subject: str, outcome: Outcome | Refusal) -> tuple[AuditRecord, ...] | Refusal:
        if isinstance(outcome, Refusal):
            return outcome
        at, zone = stamp(self.clock.now())
        first = self.log.head[0] + 1
        made = tuple(
            AuditRecord(
                origin=self.head.visit, seq=first + index, at=at, zone=zone, user=self.head.monitor, role=Role.MONITOR,
                site=self.head.site, study=self.study.version, subject=subject, reason=outcome.reason, change=change,
            )
            for index, change in enumerate(outcome.changes)
        )  # fmt: skip
        self.log.append(made)
        self._folded[subject] = fold(subject, made, self.data(subject))
        return made


def open_visit(pack: Path, folder: Path, passphrase: str, clock: Clock | None = None) -> VisitDesk:
    """Open a pack with the monitor's keys in `folder`; what was done before is there again.

    Raises KnownError for a wrong passphrase, a pack of someone else, of another study than before, or one that the
    centre did not sign.
    """
    from trialdesk.security import age
    from trialdesk.security.personal_keys import open_keys
    from trialdesk.storage.study_library import thaw

    keys = open_keys(folder / KEYS_FILE, passphrase)
    head = read_head(pack)
    if head.monitor != keys.id:
        raise KnownError(_NOT_YOURS.format(monitor=head.monitor, id=keys.id))
    head, content = open_pack(
        pack,
        lambda signed, signature: _by_the_centre(folder, head, signed, signature),
        lambda c: age.decrypt(c, keys.identity),
    )
    _keep_root(folder, head)
    study = thaw(content.study.encode())
    if study.monitoring is None:
        raise KnownError(_NO_PLAN)
    of: dict[str, list[AuditRecord]] = defaultdict(list)
    for written in content.records:
        record = RECORD.validate_json(written)
        of[record.subject or ""].append(record)
    base = {subject: fold(subject, records) for subject, records in of.items() if subject}
    log = VisitLog(pack.with_name(f"{head.visit}{SUFFIX}"), keys.side_file(head.visit))
    return VisitDesk(head, study, study.monitoring, content.places, keys, log, clock or SystemClock(), base)


def make_monitor(folder: Path, id: str, study: str, passphrase: str) -> Path:
    """Make a monitor's keys in a folder; returns the request for the centre, which holds nothing secret."""
    import json

    from trialdesk.exchange.envelope import write_durably
    from trialdesk.security.personal_keys import make_keys

    if not id.isidentifier():
        raise KnownError(_NOT_A_NAME)
    keys = make_keys(folder / KEYS_FILE, id, passphrase)
    asked = {"id": id, "recipient": keys.recipient, "request": keys.request(Role.MONITOR, study).decode()}
    path = folder / f"{id}.request.json"
    write_durably(path, json.dumps(asked, indent=1).encode())
    return path


def _by_the_centre(folder: Path, head: PackHead, signed: bytes, signature: bytes) -> None:
    """The centre signed this head under the root this monitor has always worked with."""
    from trialdesk.security import cms
    from trialdesk.security.certificates import load_certificate
    from trialdesk.security.trust import load_list

    kept = folder / ROOT_FILE
    root = load_certificate(kept.read_bytes() if kept.is_file() else head.root.encode())
    revoked = tuple(load_list(one.encode(), root) for one in head.revocations)
    signer = cms.verify(signed, signature, root, revoked)
    if signer.kind != "centre":
        raise KnownError(_NOT_THE_CENTRE.format(id=signer.id))


def _keep_root(folder: Path, head: PackHead) -> None:
    """The first pack says which study's authority holds; packs of any other are refused from then on."""
    from trialdesk.services.private_file import write_private

    if not (folder / ROOT_FILE).is_file():
        write_private(folder / ROOT_FILE, head.root.encode())


_NOT_YOURS = Text(
    en="The pack was made for {monitor}; the keys here are those of {id}. Open it with the keys of {monitor}.",
    zh="此数据包是为 {monitor} 制作的，而此处是 {id} 的密钥。请使用 {monitor} 的密钥打开。",
)
_NOT_THE_CENTRE = Text(
    en="The pack was signed by {id} and not by the centre. Do not use it; ask the centre for another one.",
    zh="此数据包由 {id} 签署，而非协调中心。请勿使用，并向中心重新索取。",
)
_NO_PLAN = Text(
    en="The study in the pack has no monitoring plan. Ask the centre for a pack of a release with monitoring.yaml.",
    zh="数据包中的研究没有监查计划。请向中心索取含 monitoring.yaml 的研究版本。",
)
_NOT_A_NAME = Text(
    en="Name the monitor by letters and digits, such as mon1; it is a role account, never a private name.",
    zh="监查员编号由字母和数字组成，例如 mon1；为角色账号，不用真实姓名。",
)
_NOT_OF_THIS_VISIT = Text(
    en="Only a query drafted at this visit can be dropped here.", zh="此处只能撤销本次访视起草的质疑。"
)
