"""A new laptop in the place of a dead one: everything the centre, its sticks and its backup still hold, and a report."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from trialdesk.centre.centre import Centre
from trialdesk.centre.letters import LOCAL, RELEASES, trail_for
from trialdesk.domain.admin.role import Role
from trialdesk.domain.clinical.audit_record import SYSTEM, AuditRecord, stamp
from trialdesk.domain.clinical.changes import CustodyPassed, SessionNoted
from trialdesk.domain.clinical.documents_named import documents_named
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.clock import Clock, SystemClock
from trialdesk.services.desk import KEYS_FILE, TRAIL_FILE
from trialdesk.services.desk_setup import Person, create_desk, record_as_system
from trialdesk.storage.audit_trail import AuditTrail
from trialdesk.storage.document_store import Document, DocumentStore


@dataclass(frozen=True)
class Source:
    """One place that was searched: how far it brought the trail, or why it brought nothing."""

    name: str
    up_to: int
    says: str


@dataclass(frozen=True)
class RebuildReport:
    """What of a dead workstation is on the new one, and what no copy holds.

    `known_to` is the last record anyone has heard of; records after `up_to` up to there are lost, and whatever was
    entered after the newest copy was made is not even counted.
    """

    workstation: str
    replaces: str
    up_to: int
    last_entry: str
    known_to: int
    subjects: tuple[str, ...]
    documents: int
    documents_missing: tuple[str, ...]
    sources: tuple[Source, ...]

    @property
    def missing(self) -> int:
        """Records that are known to have existed and are in no copy."""
        return max(0, self.known_to - self.up_to)

    def as_json(self) -> str:
        """The report as one JSON object."""
        return json.dumps(asdict(self) | {"missing": self.missing}, ensure_ascii=False, indent=1)

    def as_text(self) -> str:
        """The report, line by line."""
        lost = Text(
            en="Records {a} to {b} of {old} are in no copy. Enter them again from the source, as late entries.",
            zh="{old} 的第 {a}～{b} 条记录没有任何副本。请按原始资料补录，并注明为补录。",
        ).format(a=self.up_to + 1, b=self.known_to, old=self.replaces)
        whole = Text(
            en="No record that anyone has heard of is missing. Compare the last day before {at} UTC with the source.",
            zh="已知记录无缺失。请将 {at} UTC 前最后一天的数据与原始资料核对。",
        ).format(at=self.last_entry[:16].replace("T", " "))
        says = lost if self.missing else whole
        return "\n".join(
            [
                f"{self.workstation} holds {self.replaces} up to record {self.up_to} "
                f"({len(self.subjects)} participants, {self.documents} signed documents)",
                *(f"  {one.name}: {one.says}" for one in self.sources),
                *(f"  document missing: {name[:16]}" for name in self.documents_missing),
                says.en,
                says.zh,
            ]
        )


def rebuild(
    centre: Centre,
    home: Path,
    replaces: str,
    workstation: str,
    people: Sequence[Person],
    sticks: Sequence[Path] = (),
    backup: tuple[Path, str, str] | None = None,
    kind: Literal["live", "demo"] = "live",
    clock: Clock | None = None,
) -> RebuildReport:
    """Make a new workstation that holds everything still to be had of a dead one.

    Bundles on `sticks` are taken in by the centre first; `backup` is a file with the name and passphrase of a person of
    the dead desk. The new workstation writes a trail of its own: the dead one's is kept as it was. Raises KnownError
    for a workstation the centre does not know, and whatever making a desk raises.
    """
    clock = clock or SystemClock()
    state = next((one for one in centre.enrolled() if one.origin == replaces), None)
    if state is None:
        raise KnownError(_UNKNOWN.format(origin=replaces))
    sources, known_to = _from_sticks(centre, replaces, sticks, clock)
    trail = AuditTrail(centre.engine)
    sources.append(Source("centre", trail.head(replaces)[0], f"records 1 to {trail.head(replaces)[0]}"))
    create_desk(home, centre.release, centre.enrolment(state.site, workstation), people, kind, clock)
    desk = _Filling(home, people[0], replaces)
    try:
        desk.take(trail, DocumentStore(centre.engine))
        desk.keep_releases(centre.folder / RELEASES)
        if backup is not None:
            one, heard_of = _from_backup(desk, replaces, *backup)
            sources.append(one)
            known_to = max(known_to, heard_of)
        report = desk.report(workstation, known_to, tuple(sources))
        note = f"rebuilt from {replaces}: records 1 to {report.up_to}, {report.missing} known to be missing"
        record_as_system(
            desk.engine,
            [SessionNoted(what="restored", detail=note)],
            workstation,
            state.site,
            centre.release.study.version,
            clock,
        )
        pass_custody(centre, replaces, workstation, clock)
        return report
    finally:
        desk.engine.dispose()


def pass_custody(centre: Centre, replaces: str, workstation: str, clock: Clock) -> None:
    """Record at the centre that a new workstation stands in the place of a dead one; queries and locks go to it at once."""
    at, zone = stamp(clock.now())
    seq = AuditTrail(centre.engine).head(LOCAL)[0] + 1
    record = AuditRecord(
        origin=LOCAL, seq=seq, at=at, zone=zone, user=SYSTEM, role=Role.SYSTEM, site=LOCAL,
        study=centre.release.study.version, change=CustodyPassed(replaces=replaces, workstation=workstation),
    )  # fmt: skip
    centre.ledger.write([record])


def _from_sticks(centre: Centre, replaces: str, sticks: Sequence[Path], clock: Clock) -> tuple[list[Source], int]:
    """Let the centre take in what lies on the sticks; a bundle that is refused is told and stops nothing."""
    sources: list[Source] = []
    known_to = 0
    for stick in sticks:
        for path in sorted(stick.glob("*.tdb")) if stick.is_dir() else [stick]:
            try:
                taken = centre.receive(path, clock.now())
            except KnownError as fault:
                sources.append(Source(path.name, 0, fault.text.en))
                continue
            if taken.header.origin == replaces:
                known_to = max(known_to, taken.header.last)
                sources.append(Source(path.name, taken.header.last if taken.taken else 0, taken.says.en))
    return sources, known_to


class _Filling:
    """The new desk's database while a dead trail is laid into it."""

    def __init__(self, home: Path, person: Person, replaces: str) -> None:
        from trialdesk.security import key_slots
        from trialdesk.storage.database import open_desk

        unlocked = key_slots.open_slot(home / KEYS_FILE, person.user.id, person.passphrase)
        self.replaces = replaces
        self.engine = open_desk(home / TRAIL_FILE, unlocked.dek, unlocked.salt)
        self.trail, self.documents = AuditTrail(self.engine), DocumentStore(self.engine)

    def take(self, other: AuditTrail, documents: DocumentStore) -> None:
        """Take in what another copy holds beyond this one, and the documents it names; raises KnownError for a fork."""
        lines = list(other.lines(self.replaces))
        self.trail.take_in(trail_for(self.replaces), list(other.lines(trail_for(self.replaces))))
        named = self._signed(other)
        held = set(documents.names())
        self.trail.take_in(
            self.replaces, lines, [Document("crf", documents.read(name).content) for name in sorted(named & held)]
        )

    def keep_releases(self, folder: Path) -> None:
        """Take over every study release the centre gave out: forms begun under an older one are read by it."""
        for path in sorted(folder.glob("*.json")):
            self.documents.keep(Document("study", path.read_bytes()))

    def _signed(self, trail: AuditTrail) -> set[str]:
        """Signed forms, and those that data entry alone has signed."""
        records = trail.records(origin=self.replaces, kinds=("FormCertified", "FormSigned"))
        return set(documents_named(record.change for record in records))

    def report(self, workstation: str, known_to: int, sources: tuple[Source, ...]) -> RebuildReport:
        up_to = self.trail.head(self.replaces)[0]
        last = next(iter(self.trail.records(origin=self.replaces, after=up_to - 1)), None) if up_to else None
        named = self._signed(self.trail)
        held = set(self.documents.names())
        return RebuildReport(
            workstation,
            self.replaces,
            up_to,
            last.at if last else "",
            max(known_to, up_to),
            self.trail.subjects(),
            len(named & held),
            tuple(sorted(named - held)),
            sources,
        )


def _from_backup(desk: _Filling, replaces: str, path: Path, user: str, passphrase: str) -> tuple[Source, int]:
    """What the dead desk's backup holds beyond the centre, and how far it says it reaches even if it does not open."""
    from trialdesk.security import key_slots
    from trialdesk.services.restoring import read_backup, unpack_backup
    from trialdesk.storage.database import open_desk

    heard_of = 0
    try:
        backup = read_backup(path)
        if backup.origin != replaces:
            return Source(path.name, 0, f"a backup of {backup.origin}, not of {replaces}"), 0
        heard_of = backup.up_to
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as inside:
            place = Path(inside) / "desk"
            unpack_backup(backup, place)
            unlocked = key_slots.open_slot(place / KEYS_FILE, user, passphrase)
            engine = open_desk(place / TRAIL_FILE, unlocked.dek, unlocked.salt)
            try:
                desk.take(AuditTrail(engine), DocumentStore(engine))
            finally:
                engine.dispose()
    except KnownError as fault:
        return Source(path.name, 0, fault.text.en), heard_of
    return Source(path.name, backup.up_to, f"records 1 to {backup.up_to}, made {backup.made[:16]} UTC"), heard_of


_UNKNOWN = Text(
    en="The centre has enrolled no workstation {origin}. Its workstations are listed by: trialdesk centre status.",
    zh="中心未登记工作站 {origin}。可用 trialdesk centre status 查看已登记的工作站。",
)
