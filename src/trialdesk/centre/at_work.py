"""The centre as its window sees it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from threading import RLock

from trialdesk.centre.admission import TWO, note_document
from trialdesk.centre.attendance import require_role
from trialdesk.centre.centre import Centre
from trialdesk.centre.letters import write_receipts
from trialdesk.centre.library import rules_of_centre
from trialdesk.centre.people import sign_in
from trialdesk.centre.review import Reviewer
from trialdesk.domain.actions.form_conditions import FormAct
from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.actions.reasons import EXPLANATIONS, words_of
from trialdesk.domain.admin.role import Act, may
from trialdesk.domain.admin.user import User
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import FindingExplained
from trialdesk.domain.clinical.fold import fold
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.rules.assess import assess
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.centre_view import (
    Deviation,
    Export,
    HeldTrail,
    Person,
    Progress,
    unwatched,
)
from trialdesk.services.endpoint_view import EndpointBoard
from trialdesk.services.release_view import DryRun, GivenRelease, Terms
from trialdesk.storage import projections
from trialdesk.storage.centre_lists import CentreLists

Done = tuple[AuditRecord, ...] | Refusal


class AtWork:
    """Implements `services.centre_view.CentreAtWork`."""

    def __init__(self, centre: Centre, user: User, moment: datetime | None = None) -> None:
        self.centre, self.user = centre, user
        self._reviewer = Reviewer(centre, user.id, user.role, moment)
        self.lists = CentreLists(centre.engine)
        # Two threads that wrote at once would give two records one number.
        self._writing = RLock()

    @cached_property
    def study(self) -> Study:
        """The study as the newest release given out has it; what was asked before is still in it."""
        return self.rules.study

    @cached_property
    def rules(self) -> Rulebook:
        """The rules of every release: each form is read by the one it was begun under."""
        return rules_of_centre(self.centre)

    @property
    def store(self) -> str:
        """SQLite or PostgreSQL."""
        return "PostgreSQL" if self.centre.engine.dialect.name == "postgresql" else "SQLite"

    def others(self, act: Act) -> tuple[User, ...]:
        """Everyone else of the centre who may do this."""
        return tuple(one for one in self.centre.attendance.people() if one.id != self.user.id and may(one.role, act))

    def let_second_in(self, user: str, passphrase: str, act: Act) -> Person:
        """Sign a second person in beside the first."""
        if user == self.user.id:
            raise KnownError(TWO)
        found = sign_in(self.centre, user, passphrase, act, second=True)
        require_role(found.role, act)
        return Person(found)

    def now(self) -> datetime:
        """The centre's time."""
        return self._reviewer.now

    def refresh(self) -> int:
        """Fold what came since the lists were last made."""
        for known in ("rules", "study"):
            vars(self).pop(known, None)
        return projections.refresh(self.centre.engine)

    def held(self) -> tuple[HeldTrail, ...]:
        """Every workstation that has sent."""
        gaps = self.centre.ledger.never_came()
        return tuple(
            HeldTrail(
                s.site, s.origin, s.accepted_to, s.number, totals.subjects, s.received, gaps.get(s.origin, ())
            )
            for s, totals in self.centre.status().workstations
        )  # fmt: skip

    def set_aside(self) -> tuple[tuple[str, int, str, Text], ...]:
        """Every bundle set aside."""
        return tuple((one.origin, one.number, one.received, one.why) for one in self.centre.ledger.quarantine())

    def receive(self, bundles: Sequence[Path], told: Progress = unwatched) -> tuple[tuple[str, bool, Text], ...]:
        """Take bundles in; a fault of one is told and does not stop the next."""
        from trialdesk.exchange.envelope import write_durably

        self.centre.attendance.require_act(Act.RECEIVE)
        became: list[tuple[str, bool, Text]] = []
        for step, path in enumerate(bundles):
            told(step, len(bundles))
            try:
                taken = self.centre.receive(path, self.now())
                write_durably(path.with_suffix(".tdr"), taken.receipt)
                became.append((path.name, taken.taken, taken.says))
            except KnownError as fault:
                became.append((path.name, False, fault.text))
        self.refresh()
        return tuple(became)

    def write_receipts(self, folder: Path) -> int:
        """Write every workstation a receipt with all it has not confirmed."""
        self.centre.attendance.require_act(Act.RECEIVE)
        return len(write_receipts(self.centre, folder))

    def data(self, subject: str) -> SubjectData:
        """A participant's casebook."""
        return self._reviewer.data(subject)

    def issue(self, candidates: Sequence[tuple[str, str]]) -> int:
        """Send drafted queries out."""
        with self._writing:
            done = [self._reviewer.issue_candidate(subject, name) for subject, name in candidates]
        self.refresh()
        return sum(1 for one in done if not isinstance(one, Refusal))

    def settle(self, subject: str, query: str, words: str, cancelled: bool) -> tuple[AuditRecord, ...] | Refusal:
        """Close or cancel a query."""
        return self._act(lambda: self._reviewer.close(subject, query, words, cancelled))

    def ask(
        self, subject: str, paths: Sequence[ItemPath], says: Text, draft: bool
    ) -> tuple[AuditRecord, ...] | Refusal:
        """Ask the site about answers."""
        ask = self._reviewer.propose if draft else self._reviewer.issue
        return self._act(lambda: ask(subject, paths, says))

    def ask_again(self, subject: str, query: str, says: Text) -> tuple[AuditRecord, ...] | Refusal:
        """Put a query again in its own thread."""
        return self._act(lambda: self._reviewer.ask_again(subject, query, says))

    def form_act(
        self, act: FormAct, subject: str, form: FormPath, second: str = "", words: str = ""
    ) -> tuple[AuditRecord, ...] | Refusal:
        """Freeze, thaw, lock or unlock a form."""
        one = self._reviewer
        acts: dict[FormAct, Callable[[], Done]] = {
            "freeze": lambda: one.freeze(subject, form), "thaw": lambda: one.thaw(subject, form),
            "lock": lambda: one.lock(subject, form, second),
            "unlock": lambda: one.unlock(subject, form, second, words),
        }  # fmt: skip
        return self._act(acts[act])

    def _act(self, do: Callable[[], Done]) -> Done:
        with self._writing:
            done = do()
        self.refresh()
        return done

    def check(self, told: Progress = unwatched) -> int:
        """Let the rules draft queries."""
        self.centre.attendance.require_act(Act.OPEN_QUERY)
        drafted, subjects = 0, list(self._reviewer.trail.subjects())
        try:
            for step, subject in enumerate(subjects):
                told(step, len(subjects))
                with self._writing:
                    made = self._reviewer.check(subject, self.rules)
                drafted += sum(1 for record in made if record.change.kind == "QueryProposed")
        finally:
            self.refresh()
        return drafted

    def deviations(self, told: Progress = unwatched) -> tuple[Deviation, ...]:
        """Every departure from the protocol, explained or not."""
        book, today = self.rules, self.now().date()
        found: list[Deviation] = []
        subjects = list(self._reviewer.trail.subjects())
        for step, subject in enumerate(subjects):
            told(step, len(subjects))
            data = fold(subject, list(self._reviewer.trail.records(subject=subject)))
            site = data.enrolled.site if data.enrolled else ""
            for assessment in assess(book, data, today).values():
                for one in assessment.findings:
                    if one.deviation:
                        found.append(Deviation(subject, site, str(one.path), one.rule, one.says, _why(one.explained)))
        return tuple(found)

    def endpoints(self, cut: date, told: Progress = unwatched) -> EndpointBoard:
        """The endpoints at a data cut."""
        from trialdesk.centre.report import board

        return board(self.centre, cut, told)

    def report(self, cut: date, folder: Path, paper: bool, told: Progress = unwatched) -> tuple[Path, ...]:
        """Write tables, pictures and the signed report."""
        from trialdesk.centre.report import write_report

        made = write_report(self.centre, cut, folder, self.now(), told, paper)
        if made.pdf is not None:
            note_document(self.centre, self.user, "reported", made.pdf)
        return (*((made.pdf,) if made.pdf else ()), *made.files)

    def export(self, kind: str, folder: Path, cut: date | None, told: Progress = unwatched) -> Export:
        """Write one format into a folder."""
        from trialdesk.centre.export.command import write_export
        from trialdesk.centre.export.gaps import gaps_of
        from trialdesk.centre.export.holdings import Holdings

        held = Holdings(self.centre, self.now(), cut, told)
        files, count = write_export(held, kind, folder)
        return Export(kind, count, tuple(files), gaps_of(held, kind, files))

    def enrolled_sites(self) -> tuple[str, ...]:
        """Every site with a workstation."""
        return tuple(sorted({one.site for one in self.centre.enrolled()}))

    def releases(self) -> tuple[GivenRelease, ...]:
        """The release that runs and those given out."""
        from trialdesk.centre.release_board import given_releases

        return given_releases(self.centre)

    def look_at_release(self, folder: Path, terms: Terms) -> DryRun:
        """What the release in a study folder would change."""
        from trialdesk.centre.release_board import look_at

        return look_at(self.centre, folder, self.now().date(), terms)

    def give_out(self, folder: Path, terms: Terms) -> tuple[str, ...]:
        """Give it out; the centre may work by it from now on."""
        from trialdesk.centre.release_board import give

        with self._writing:
            to = give(self._reviewer, folder, terms)
        for name in ("study", "rules"):
            vars(self).pop(name, None)
        return to


def _why(explained: AuditRecord | None) -> Text | None:
    if explained is None or not isinstance(explained.change, FindingExplained):
        return None
    return words_of(EXPLANATIONS, explained.change.code, explained.change.words)
