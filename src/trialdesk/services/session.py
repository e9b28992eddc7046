"""One person at work at an unlocked desk: everything that is written passes through here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from trialdesk.domain.actions.outcome import Outcome, Request
from trialdesk.domain.admin.role import Role
from trialdesk.domain.admin.user import User
from trialdesk.domain.clinical.audit_record import SYSTEM, AuditRecord, Reason, stamp
from trialdesk.domain.clinical.changes import Change, ClockFlagged, ItemDerived, QueryClosed, QueryOpened, RecordId
from trialdesk.domain.clinical.fold import fold
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.services.clock import Clock
from trialdesk.storage.audit_trail import AuditTrail
from trialdesk.storage.document_store import Document

# A laptop clock that steps back by less than this is ordinary adjustment, not worth a flag.
CLOCK_SLACK = timedelta(seconds=2)


@dataclass
class Session:
    """The unlocked desk as one signed-in person sees it.

    `origin` names this workstation's trail, `site` where it stands; `version` is the study release every record names.
    `official` holds the imported wording of adverse event grades, by term and grade.
    """

    trail: AuditTrail
    book: Rulebook
    version: str
    origin: str
    site: str
    user: User
    clock: Clock
    last_at: str = ""
    training: bool = False
    official: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The local day."""
        return self.clock.now().date()

    def request(self, reason: Reason | None = None) -> Request:
        """This person asking for something now."""
        moment = self.clock.now()
        return Request(self.user.id, self.user.role, moment.date(), reason, moment.strftime("%H:%M"))

    def upcoming(self, index: int) -> RecordId:
        """The name the index-th record written next will get."""
        return f"{self.origin}:{self.trail.head(self.origin)[0] + 1 + index}"

    def record(
        self,
        changes: Sequence[Change],
        subject: str | None = None,
        reason: Reason | None = None,
        documents: Sequence[Document] = (),
        under: Callable[[Change], str] | None = None,
    ) -> tuple[AuditRecord, ...]:
        """Write changes as sealed records in one durable transaction; returns when they are safe on disk.

        What the system adds on its own stands under its own name. A clock that went back is flagged, not obeyed.
        `under` names the study release each change is made under, where that is not this desk's newest.
        """
        if not changes:
            return ()
        now = self.clock.now()
        at, zone = stamp(now)
        first = self.trail.head(self.origin)[0] + 1
        records = [self._made(first + index, at, zone, change, subject, reason) for index, change in enumerate(changes)]
        if under is not None:
            records = [record.model_copy(update={"study": under(record.change)}) for record in records]
        # A flag comes after the records it is about: their names were worked out beforehand, see `upcoming`.
        flags = [self._made(first + len(records), at, zone, flag, None, None) for flag in self._clock_flag(now, at)]
        self.trail.append([*records, *flags], documents)
        self.last_at = max(self.last_at, at)
        return tuple(records)

    def carry_out(
        self, outcome: Outcome, subject: str, under: Callable[[Change], str] | None = None
    ) -> tuple[AuditRecord, ...]:
        """Write an act's outcome."""
        return self.record(outcome.changes, subject, outcome.reason, under=under)

    def data(self, subject: str) -> SubjectData:
        """The casebook of a participant as the trail has it now."""
        return fold(subject, self.trail.records(subject=subject))

    def _made(
        self, seq: int, at: str, zone: str, change: Change, subject: str | None, reason: Reason | None
    ) -> AuditRecord:
        by_system = isinstance(change, ItemDerived | ClockFlagged) or (
            isinstance(change, QueryOpened) and change.source == "System"
        )
        by_system = by_system or (isinstance(change, QueryClosed) and self.user.role not in _CLOSERS)
        return AuditRecord(
            origin=self.origin,
            seq=seq,
            at=at,
            zone=zone,
            user=SYSTEM if by_system else self.user.id,
            role=Role.SYSTEM if by_system else self.user.role,
            site=self.site,
            study=self.version,
            subject=subject,
            reason=None if by_system else reason,
            change=change,
        )

    def _clock_flag(self, now: datetime, at: str) -> list[Change]:
        if not self.last_at:
            seq, _ = self.trail.head(self.origin)
            newest = next(iter(self.trail.records(origin=self.origin, after=seq - 1)), None) if seq else None
            self.last_at = newest.at if newest else at
        last = datetime.fromisoformat(self.last_at)
        if now < last - CLOCK_SLACK:
            flag = ClockFlagged(last=self.last_at, now=at)
            self.last_at = at
            return [flag]
        return []


_CLOSERS = (Role.DATA_MANAGER, Role.MONITOR, Role.MEDICAL_REVIEWER)
