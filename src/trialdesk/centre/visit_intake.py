"""Taking a monitor's visit in: who signed, whether it is that visit, and each act recorded at the centre once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from trialdesk.centre.centre import Centre
from trialdesk.centre.letters import LOCAL, trail_for
from trialdesk.centre.visits import VISITS, Visit, site_casebooks, visits
from trialdesk.domain.admin.role import Role
from trialdesk.domain.clinical.audit_record import RECORD, AuditRecord, stamp
from trialdesk.domain.clinical.change_base import RecordId
from trialdesk.domain.clinical.changes import (
    Change,
    QueryClosed,
    QueryProposed,
    SourceVerified,
    VerificationLifted,
)
from trialdesk.domain.clinical.fold import fold
from trialdesk.domain.clinical.monitoring_changes import FormRead, VisitTaken
from trialdesk.domain.clinical.seal import GENESIS, seal
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import ItemPath
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.exchange.payload import Line
from trialdesk.exchange.visit_pack import ResultHead, open_result
from trialdesk.storage.audit_trail import AuditTrail
from trialdesk.storage.centre_lists import CentreLists

KINDS = (SourceVerified, VerificationLifted, QueryProposed, QueryClosed, FormRead)
"""What a monitor may have done at a visit."""


@dataclass(frozen=True)
class VisitIntake:
    """What became of a visit: acts taken now, those held before, verified answers, drafted queries, lapsed answers."""

    visit: str
    monitor: str
    taken: int
    before: int
    verified: int = 0
    lifted: int = 0
    queries: int = 0
    lapsed: tuple[tuple[str, ItemPath], ...] = ()

    @property
    def says(self) -> Text:
        """What happened, in one sentence."""
        if not self.taken and not self.before:
            return _EMPTY.format(visit=self.visit)
        if not self.taken:
            return _NOTHING_NEW.format(visit=self.visit, n=self.before)
        told = _TAKEN.format(n=self.taken, verified=self.verified, lifted=self.lifted, queries=self.queries)
        if not self.lapsed:
            return told
        lapsed = _LAPSED.format(n=len(self.lapsed))
        return Text(en=f"{told.en} {lapsed.en}", zh=f"{told.zh}{lapsed.zh}")


def take_visit(centre: Centre, path: Path, now: datetime) -> VisitIntake:
    """Take a monitor's result in; acts that are held already change nothing.

    Raises KnownError, and records nothing, for a result that its monitor did not sign, of a visit the centre did not
    give out, or with an act that a monitor may not do there.
    """
    head, lines, header = open_result(path, lambda c, s: _signed_by_its_monitor(centre, c, s), centre.decrypt)
    given = _given_out(centre, head)
    records = _records(head, lines)
    held = _held(centre, head.visit)
    before = max((one.last for one in held), default=0)
    if any(one.last > len(lines) or lines[one.last - 1][2] != one.seal for one in held):
        if before > len(lines) and _is_older(lines, held):
            return VisitIntake(head.visit, head.monitor, 0, before)
        raise KnownError(_TWO_VERSIONS.format(visit=head.visit))
    fresh = records[before:]
    if not fresh:
        return VisitIntake(head.visit, head.monitor, 0, before)
    intake = _Intake(centre, given, held)
    intake.take(fresh)
    intake.write(head, header, now)
    (centre.folder / VISITS / path.name).write_bytes(path.read_bytes())
    return intake.told(head, len(fresh), before)


@dataclass
class _Intake:
    """The centre's records that a visit's acts become, numbered as they will be written."""

    centre: Centre
    visit: Visit
    held: tuple[VisitTaken, ...]
    made: list[AuditRecord] = field(default_factory=list)
    names: dict[RecordId, RecordId] = field(default_factory=dict)
    new: list[RecordId] = field(default_factory=list)
    lapsed: list[tuple[str, ItemPath]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._trail = AuditTrail(self.centre.engine)
        self._lists = CentreLists(self.centre.engine)
        self._heads: dict[str, int] = {}
        self._first = 1 + max((one.last for one in self.held), default=0)
        self._people = {one.subject: one for one in site_casebooks(self.centre, self.visit.site)}
        for taken in self.held:
            for number, name in enumerate(taken.made, taken.first):
                self.names[f"{self.visit.name}:{number}"] = name

    def take(self, records: list[AuditRecord]) -> None:
        """Give every act its place in the centre's trails."""
        for record in records:
            subject = record.subject or ""
            data = self._people.get(subject)
            if data is None:
                raise KnownError(_OTHER_SITE.format(subject=subject, site=self.visit.site))
            change = self._named_anew(record.change)
            self._refuse_unknown(change, data, record)
            told = isinstance(change, SourceVerified | VerificationLifted)
            made = self._add(trail_for(self._holder(subject)) if told else LOCAL, record, change)
            self.names[record.id] = made.id
            self.new.append(made.id)
            self._people[subject] = fold(subject, [made], data)
            if isinstance(change, SourceVerified):
                self.lapsed += [(subject, p) for p in change.paths if not _stands(self._people[subject], p, change)]

    def write(self, head: ResultHead, header: str, now: datetime) -> None:
        """Record everything and that it was taken, in one transaction."""
        at, zone = stamp(now)
        taken = VisitTaken(
            visit=head.visit, monitor=head.monitor, first=self._first, last=head.acts, seal=head.seal, header=header,
            made=tuple(self.new), lapsed=tuple(path for _, path in self.lapsed),
        )  # fmt: skip
        self.made.append(
            AuditRecord(
                origin=LOCAL, seq=self._next(LOCAL), at=at, zone=zone, user="SYSTEM", role=Role.SYSTEM, site=LOCAL,
                study=self.centre.release.study.version, change=taken,
            )
        )  # fmt: skip
        self.centre.ledger.write(self.made)

    def told(self, head: ResultHead, taken: int, before: int) -> VisitIntake:
        """What happened, in numbers."""
        changes = [record.change for record in self.made]
        return VisitIntake(
            head.visit,
            head.monitor,
            taken,
            before,
            sum(len(one.paths) for one in changes if isinstance(one, SourceVerified)),
            sum(isinstance(one, VerificationLifted) for one in changes),
            sum(isinstance(one, QueryProposed) for one in changes),
            tuple(self.lapsed),
        )

    def _named_anew(self, change: Change) -> Change:
        """An act that names an act of the same visit names the centre's record of it."""
        if isinstance(change, VerificationLifted):
            return change.model_copy(update={"replaces": tuple(self.names.get(one, one) for one in change.replaces)})
        if isinstance(change, QueryClosed):
            return change.model_copy(update={"query": self.names.get(change.query, change.query)})
        return change

    def _refuse_unknown(self, change: Change, data: SubjectData, record: AuditRecord) -> None:
        """Acts may speak only of what the centre holds of this participant."""
        if isinstance(change, SourceVerified):
            known = {entry.id for path in change.paths if path in data.items for entry in data.items[path].entries}
            whole = all(path in data.items for path in change.paths) and known.issuperset(change.covers)
        elif isinstance(change, VerificationLifted):
            verified = {one.id for records in data.verified.values() for one in records}
            whole = verified.issuperset(change.replaces)
        elif isinstance(change, QueryClosed):
            whole = change.query in {one.id for one in data.candidates} & set(self.names.values())
        else:
            whole = True
        if not whole:
            raise KnownError(_UNKNOWN.format(name=record.id))

    def _add(self, origin: str, record: AuditRecord, change: Change) -> AuditRecord:
        made = record.model_copy(update={"origin": origin, "seq": self._next(origin), "site": LOCAL, "change": change})
        self.made.append(made)
        return made

    def _next(self, origin: str) -> int:
        self._heads[origin] = self._heads.get(origin, self._trail.head(origin)[0]) + 1
        return self._heads[origin]

    def _holder(self, subject: str) -> str:
        holder = self._lists.holder(subject)
        if holder is None:
            raise KnownError(_OTHER_SITE.format(subject=subject, site=self.visit.site))
        return holder


def _stands(data: SubjectData, path: ItemPath, change: SourceVerified) -> bool:
    item = data.items.get(path)
    return item is not None and not data.is_struck(path) and set(change.covers).issuperset(item.head_ids)


def _signed_by_its_monitor(centre: Centre, content: bytes, signature: bytes) -> None:
    import json

    from trialdesk.security import cms

    trust = centre.trust
    signer = cms.verify(content, signature, trust.root, trust.revoked)
    claimed = json.loads(content).get("monitor")
    if (signer.kind, signer.role, signer.id) != ("person", "monitor", claimed):
        raise KnownError(_NOT_THE_MONITOR.format(id=signer.id, monitor=claimed))


def _given_out(centre: Centre, head: ResultHead) -> Visit:
    found = next((one for one in visits(centre) if one.name == head.visit), None)
    if found is None or (found.monitor, found.site, centre.study) != (head.monitor, head.site, head.study):
        raise KnownError(_NOT_GIVEN_OUT.format(visit=head.visit))
    return found


def _records(head: ResultHead, lines: tuple[Line, ...]) -> list[AuditRecord]:
    """The acts in order, after every seal and every name in them was found right."""
    previous, found = GENESIS, []
    for number, (seq, content, claimed) in enumerate(lines, 1):
        previous = seal(previous, content)
        record = RECORD.validate_json(content)
        own = (record.origin, record.user, record.role) == (head.visit, head.monitor, Role.MONITOR)
        if (seq, record.seq) != (number, number) or previous != claimed or not own:
            raise KnownError(_BROKEN.format(name=f"{head.visit}:{number}"))
        if not isinstance(record.change, KINDS):
            raise KnownError(_MAY_NOT.format(kind=record.change.kind))
        found.append(record)
    if (len(lines), previous) != (head.acts, head.seal):
        raise KnownError(_BROKEN.format(name=f"{head.visit}:{head.acts}"))
    return found


def _held(centre: Centre, visit: str) -> tuple[VisitTaken, ...]:
    taken = (record.change for record in AuditTrail(centre.engine).records(origin=LOCAL, kinds=("VisitTaken",)))
    return tuple(change for change in taken if isinstance(change, VisitTaken) and change.visit == visit)


def _is_older(lines: tuple[Line, ...], held: tuple[VisitTaken, ...]) -> bool:
    """Whether a shorter result agrees with what was taken up to where it ends, as far as seals were kept."""
    return all(lines[one.last - 1][2] == one.seal for one in held if one.last <= len(lines))


_EMPTY = Text(en="Nothing was done yet at {visit}.", zh="{visit} 尚无任何操作。")
_NOTHING_NEW = Text(
    en="Nothing new: all {n} acts of {visit} were taken in before.", zh="没有新内容：{visit} 的 {n} 项操作此前已接收。"
)
_TAKEN = Text(
    en="{n} acts taken in: {verified} answers verified, {lifted} verifications taken back, {queries} queries drafted.",
    zh="已接收 {n} 项操作：核查 {verified} 项答案，撤销核查 {lifted} 次，起草质疑 {queries} 条。",
)
_LAPSED = Text(
    en="{n} of these answers were changed since the pack was made; their verification lapsed and they are to verify again.",
    zh="其中 {n} 项答案在制作数据包之后有更改，其核查已失效，需重新核查。",
)
_NOT_THE_MONITOR = Text(
    en="The result was signed by {id} and names {monitor}. Nothing was taken in; ask the monitor for the file again.",
    zh="该结果由 {id} 签署，而其中写明的是 {monitor}。未接收任何内容，请监查员重新提供文件。",
)
_NOT_GIVEN_OUT = Text(
    en="The centre gave out no such visit {visit} to this monitor. Nothing was taken in.",
    zh="中心未向该监查员发出访视 {visit} 的数据包。未接收任何内容。",
)
_TWO_VERSIONS = Text(
    en="{visit} came before with other acts under the same numbers: the work was split over two copies. Nothing was taken "
    "in; let the monitor say which copy holds, and make a new pack for the rest.",
    zh="{visit} 此前已接收，但相同编号下的操作不同：工作被分在两个副本中。未接收任何内容；请监查员确认以哪个副本为准，"
    "其余部分另制数据包。",
)
_BROKEN = Text(
    en="The acts do not follow from one another at {name}. Nothing was taken in; ask the monitor for the file again.",
    zh="操作记录在 {name} 处不连贯。未接收任何内容，请监查员重新提供文件。",
)
_MAY_NOT = Text(
    en="The result holds an act ({kind}) that a monitor may not do at a visit. Nothing was taken in.",
    zh="结果中含有监查员无权进行的操作（{kind}）。未接收任何内容。",
)
_OTHER_SITE = Text(
    en="The result speaks of {subject}, who is not a participant of site {site}. Nothing was taken in.",
    zh="结果涉及 {subject}，该受试者不属于 {site} 中心。未接收任何内容。",
)
_UNKNOWN = Text(
    en="The act {name} speaks of a record the centre does not hold. Nothing was taken in.",
    zh="操作 {name} 涉及中心没有的记录。未接收任何内容。",
)
