"""A data manager or monitor at work at the centre: queries, freezes, locks, source verification, each one a record.

What concerns a participant goes into the centre's trail for the workstation that holds the participant, and with the
next receipt to it; drafted queries stay in the centre's local trail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from trialdesk.centre.attendance import BUSY, TRIES
from trialdesk.centre.centre import Centre
from trialdesk.centre.letters import LOCAL, trail_for
from trialdesk.centre.library import rules_of_centre
from trialdesk.domain.actions import monitoring, queries, review
from trialdesk.domain.actions.outcome import Outcome, Refusal, Request
from trialdesk.domain.admin.role import Act, Role
from trialdesk.domain.clinical.audit_record import AuditRecord, Reason, stamp
from trialdesk.domain.clinical.changes import Change, QueryProposed, RecordId, SourceKind
from trialdesk.domain.clinical.fold import fold
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.rules.assess import assess
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.storage.audit_trail import AuditTrail
from trialdesk.storage.centre_lists import CentreLists


@dataclass
class Reviewer:
    """One person of the centre; `moment` stands for the clock in tests and demonstrations."""

    centre: Centre
    user: str
    role: Role
    moment: datetime | None = None

    @property
    def now(self) -> datetime:
        """The centre's time."""
        return self.moment or datetime.now().astimezone()

    @property
    def trail(self) -> AuditTrail:
        """Everything the centre holds."""
        return AuditTrail(self.centre.engine)

    def data(self, subject: str) -> SubjectData:
        """A participant's casebook as the centre has it; raises KnownError for a number it does not know."""
        records = list(self.trail.records(subject=subject))
        if not records:
            raise KnownError(_NOBODY.format(subject=subject))
        return fold(subject, records)

    def propose(self, subject: str, paths: Sequence[ItemPath], says: Text) -> tuple[AuditRecord, ...] | Refusal:
        """Draft a query."""
        return self._local(subject, queries.propose_query(self._request(), tuple(paths), says))

    def issue(self, subject: str, paths: Sequence[ItemPath], says: Text) -> tuple[AuditRecord, ...] | Refusal:
        """Ask the site at once."""
        return self._sent(subject, queries.issue_query(self._request(), tuple(paths), says))

    def issue_candidate(self, subject: str, proposal: RecordId) -> tuple[AuditRecord, ...] | Refusal:
        """Send a drafted query to the site."""
        found = next((one for one in self.data(subject).candidates if one.id == proposal), None)
        if found is None or not isinstance(found.change, QueryProposed):
            return Refusal("state", _NO_CANDIDATE)
        outcome = queries.issue_query(self._request(), found.change.paths, found.change.says, found)
        return self._sent(subject, outcome)

    def close(
        self, subject: str, query: RecordId, words: str, cancelled: bool = False
    ) -> tuple[AuditRecord, ...] | Refusal:
        """Settle or cancel a query, or drop a drafted one."""
        data, request = self.data(subject), self._request()
        if query in {one.id for one in data.candidates}:
            return self._local(subject, queries.drop_proposal(data, request, query, words))
        return self._sent(subject, queries.close_query(data, request, query, words, cancelled))

    def ask_again(self, subject: str, query: RecordId, says: Text) -> tuple[AuditRecord, ...] | Refusal:
        """Put a question again in its own thread; the site sees it as open with the next receipt."""
        return self._sent(subject, queries.ask_again(self.data(subject), self._request(), query, says))

    def check(self, subject: str, book: Rulebook | None = None) -> tuple[AuditRecord, ...]:
        """Draft a system query for every finding that nobody explained or asked about, and drop drafts that are settled.

        Findings of a form in draft are the ward's own business; only finished forms are looked at. `book` is given where
        many participants are checked: making it takes longer than one of them.
        """
        data, today = self.data(subject), self.now.date()
        book = book or rules_of_centre(self.centre)
        standing = {
            (finding.path, finding.rule): finding
            for form, found in assess(book, data, today).items()
            if (acts := data.forms.get(form)) is not None and acts.completion is not None
            for finding in found.to_finish
        }
        asked = {(path, q.change.rule) for q in data.open_queries() for path in q.change.paths}
        drafts = [(one, one.change) for one in data.candidates]
        drafted = {(p, c.rule): one for one, c in drafts if isinstance(c, QueryProposed) and c.rule for p in c.paths}
        changes: list[Change] = [
            QueryProposed(source="System", paths=(path,), says=finding.says, rule=rule)
            for (path, rule), finding in standing.items()
            if (path, rule) not in asked and (path, rule) not in drafted
        ]
        changes += [_settled(one.id) for key, one in drafted.items() if key not in standing]
        return self._write(changes, LOCAL, subject, None, Role.SYSTEM)

    def freeze(self, subject: str, form: FormPath) -> tuple[AuditRecord, ...] | Refusal:
        """Hold a form still."""
        return self._sent(subject, review.freeze_form(self.data(subject), self._request(), form))

    def thaw(self, subject: str, form: FormPath) -> tuple[AuditRecord, ...] | Refusal:
        """Let it go."""
        return self._sent(subject, review.thaw_form(self.data(subject), self._request(), form))

    def lock(self, subject: str, form: FormPath, second: str) -> tuple[AuditRecord, ...] | Refusal:
        """Lock a signed form together with a second person, who has just signed in beside the first."""
        self.centre.attendance.require_second(second, Act.LOCK, datetime.now().astimezone())
        return self._sent(subject, review.lock_form(self.data(subject), self._request(), form, second))

    def unlock(self, subject: str, form: FormPath, second: str, words: str) -> tuple[AuditRecord, ...] | Refusal:
        """Lift a lock together with a second person, with the reason."""
        self.centre.attendance.require_second(second, Act.UNLOCK, datetime.now().astimezone())
        reason = Reason(code="OTHER", words=words) if words.strip() else None
        return self._sent(subject, review.unlock_form(self.data(subject), self._request(reason), form, second))

    def verify(
        self, subject: str, paths: Sequence[ItemPath], source: SourceKind, where: str
    ) -> tuple[AuditRecord, ...] | Refusal:
        """Say that answers were compared with a named source."""
        outcome = review.verify_source(self.data(subject), self._request(), tuple(paths), source, where)
        return self._sent(subject, outcome)

    def unverify(self, subject: str, record: RecordId, words: str) -> tuple[AuditRecord, ...] | Refusal:
        """Take that back, with the reason."""
        return self._sent(subject, review.lift_verification(self.data(subject), self._request(), record, words))

    def review_medically(self, subject: str, form: FormPath, words: str = "") -> tuple[AuditRecord, ...] | Refusal:
        """State that a form was judged medically as it stands."""
        outcome = monitoring.review_medically(self.data(subject), self._request(), form, words)
        return self._local(subject, outcome)

    def lift_medical_review(self, subject: str, record: RecordId, words: str) -> tuple[AuditRecord, ...] | Refusal:
        """Take that back, with the reason."""
        outcome = monitoring.lift_medical_review(self.data(subject), self._request(), record, words)
        return self._local(subject, outcome)

    def review_trail(self, subject: str, words: str) -> tuple[AuditRecord, ...] | Refusal:
        """State that a participant's trail was looked through as the centre holds it now, and what was concluded."""
        from trialdesk.centre.monitoring import subject_signs, trail_heads

        data = self.data(subject)
        heads = trail_heads(data, list(self.trail.records(subject=subject)))
        site = data.enrolled.site if data.enrolled else ""
        signs = tuple(sign.name for sign in subject_signs(self.centre, site, subject))
        return self._local(subject, monitoring.review_trail(self._request(), heads, signs, words))

    def tell(self, origin: str, change: Change) -> tuple[AuditRecord, ...]:
        """Say something to one workstation that is not about a participant."""
        return self._write([change], trail_for(origin), None, None, self.role)

    def _local(self, subject: str, outcome: Outcome | Refusal) -> tuple[AuditRecord, ...] | Refusal:
        if isinstance(outcome, Refusal):
            return outcome
        self.data(subject)
        return self._write(outcome.changes, LOCAL, subject, outcome.reason, self.role)

    def _sent(self, subject: str, outcome: Outcome | Refusal) -> tuple[AuditRecord, ...] | Refusal:
        if isinstance(outcome, Refusal):
            return outcome
        holder = CentreLists(self.centre.engine).holder(subject)
        if holder is None:
            raise KnownError(_NOBODY.format(subject=subject))
        return self._write(outcome.changes, trail_for(holder), subject, outcome.reason, self.role)

    def _write(
        self, changes: Sequence[Change], origin: str, subject: str | None, reason: Reason | None, role: Role
    ) -> tuple[AuditRecord, ...]:
        self.centre.attendance.require(self.user, role)
        for _ in range(TRIES if changes else 0):
            records = self._made(changes, origin, subject, reason, role)
            try:
                self.centre.ledger.write(records)
            except ValueError:
                # Another person or program took the number meanwhile.
                continue
            return records
        if changes:
            raise KnownError(BUSY)
        return ()

    def _made(
        self, changes: Sequence[Change], origin: str, subject: str | None, reason: Reason | None, role: Role
    ) -> tuple[AuditRecord, ...]:
        at, zone = stamp(self.now)
        first = self.trail.head(origin)[0] + 1
        return tuple(
            AuditRecord(
                origin=origin, seq=first + index, at=at, zone=zone, role=role, site=LOCAL, subject=subject, reason=reason,
                user="SYSTEM" if role is Role.SYSTEM else self.user, study=self.centre.release.study.version, change=change,
            )
            for index, change in enumerate(changes)
        )  # fmt: skip

    def _request(self, reason: Reason | None = None) -> Request:
        return Request(self.user, self.role, self.now.date(), reason, self.now.strftime("%H:%M"))


def _settled(proposal: RecordId) -> Change:
    from trialdesk.domain.clinical.changes import QueryClosed

    return QueryClosed(query=proposal, words="The data satisfy the rule now. / 数据现已符合规则。", cancelled=True)


_NOBODY = Text(
    en="The centre holds no participant {subject}. Look the number up in: trialdesk centre status.",
    zh="协调中心没有受试者 {subject} 的记录。可用 trialdesk centre status 查看。",
)
_NO_CANDIDATE = Text(en="There is no such drafted query.", zh="没有该条待发质疑。")
