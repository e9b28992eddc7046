"""The centre as its window sees it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import TypeVar, cast

from trialdesk.centre.admission import TWO, note_document
from trialdesk.centre.attendance import require_role
from trialdesk.centre.centre import Centre
from trialdesk.centre.letters import write_receipts
from trialdesk.centre.library import rules_of_centre
from trialdesk.centre.people import sign_in
from trialdesk.centre.review import Reviewer
from trialdesk.domain.actions.form_conditions import FormAct
from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.admin.role import Act, may
from trialdesk.domain.admin.user import User
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath, ItemPath
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
from trialdesk.services.monitoring_view import SiteMonitoring
from trialdesk.services.release_view import DryRun, GivenRelease, Terms
from trialdesk.storage import projections
from trialdesk.storage.audit_trail import AuditTrail
from trialdesk.storage.centre_lists import CentreLists

Done = tuple[AuditRecord, ...] | Refusal
T = TypeVar("T")


class AtWork:
    """Implements `services.centre_view.CentreAtWork`; with `aside` long reading has a process of its own."""

    def __init__(self, centre: Centre, user: User, moment: datetime | None = None, aside: bool = False) -> None:
        self.centre, self.user = centre, user
        self._aside = aside
        self._reviewer = Reviewer(centre, user.id, user.role, moment)
        self.lists = CentreLists(centre.engine)
        # Two threads that wrote at once would give two records one number.
        self._writing = RLock()
        self._releases_known = -1

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
        # Reading a study anew takes longer than everything else here: only where a release was given out or adopted.
        kinds = ("StudyReleased", "StudyAdopted")
        known = sum(1 for _ in AuditTrail(self.centre.engine).records(kinds=kinds))
        if known != self._releases_known:
            self._releases_known = known
            for name in ("rules", "study"):
                vars(self).pop(name, None)
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
        from trialdesk.centre.deviations import deviations

        return self._read(deviations, self.now().date(), told=told)

    def monitoring(self, site: str, told: Progress = unwatched) -> SiteMonitoring:
        """How far a site is by the monitoring plan, and what stands out in its trail."""
        from trialdesk.centre.monitoring import site_monitoring

        return site_monitoring(self.centre, site, told)

    def monitors(self) -> tuple[str, ...]:
        """The monitors the centre knows."""
        from trialdesk.centre.visits import monitors

        return tuple(one.id for one in monitors(self.centre))

    def write_pack(self, site: str, monitor: str, folder: Path, told: Progress = unwatched) -> Path:
        """Write a monitor's encrypted pack of a site."""
        from trialdesk.centre.visits import write_pack

        return write_pack(self.centre, site, monitor, folder, self.now())

    def take_visits(self, results: Sequence[Path], told: Progress = unwatched) -> tuple[tuple[str, bool, Text], ...]:
        """Take in what monitors did; a fault of one file is told and does not stop the next."""
        from trialdesk.centre.visit_intake import take_visit

        became: list[tuple[str, bool, Text]] = []
        for step, path in enumerate(results):
            told(step, len(results))
            try:
                with self._writing:
                    taken = take_visit(self.centre, path, self.now())
                became.append((path.name, True, taken.says))
            except KnownError as fault:
                became.append((path.name, False, fault.text))
        self.refresh()
        return tuple(became)

    def review_medically(self, subject: str, form: FormPath, words: str) -> tuple[AuditRecord, ...] | Refusal:
        """State that a form was judged medically as it stands."""
        return self._act(lambda: self._reviewer.review_medically(subject, form, words))

    def lift_medical_review(self, subject: str, record: str, words: str) -> tuple[AuditRecord, ...] | Refusal:
        """Take a medical review back."""
        return self._act(lambda: self._reviewer.lift_medical_review(subject, record, words))

    def review_trail(self, subject: str, words: str) -> tuple[AuditRecord, ...] | Refusal:
        """State that a participant's trail was looked through."""
        return self._act(lambda: self._reviewer.review_trail(subject, words))

    def endpoints(self, cut: date, told: Progress = unwatched) -> EndpointBoard:
        """The endpoints at a data cut."""
        from trialdesk.centre.report import board

        return self._read(board, cut, told=told)

    def report(self, cut: date, folder: Path, paper: bool, told: Progress = unwatched) -> tuple[Path, ...]:
        """Write tables, pictures and the signed report."""
        from trialdesk.centre.report import report_files

        pages, files = self._read(report_files, cut, folder, self.now(), paper, told=told)
        if pages is None:
            return files
        # The centre's key is here, and only while somebody who may use it is signed in.
        pdf = folder / f"endpoints-{cut.isoformat()}.pdf"
        pdf.write_bytes(self.centre.sign_document(pages, self.now()))
        note_document(self.centre, self.user, "reported", pdf)
        return (pdf, *files)

    def export(self, kind: str, folder: Path, cut: date | None, told: Progress = unwatched) -> Export:
        """Write one format into a folder."""
        from trialdesk.centre.export.gaps import export_with_gaps

        return self._read(export_with_gaps, kind, folder, cut, self.now(), told=told)

    def _read(self, work: Callable[..., T], *given: object, told: Progress) -> T:
        """Do what only reads the store, in a process of its own where the window wants it so."""
        if not self._aside:
            return work(self.centre, *given, told)
        from trialdesk.centre.aside import aside

        return cast(T, aside(self.centre.folder, work, *given, told=told))

    def enrolled_sites(self) -> tuple[str, ...]:
        """Every site with a workstation."""
        return tuple(sorted({one.site for one in self.centre.enrolled()}))

    def releases(self) -> tuple[GivenRelease, ...]:
        """The release that runs and those given out."""
        from trialdesk.centre.release_board import given_releases

        return given_releases(self.centre, self.study)

    def look_at_release(self, folder: Path, terms: Terms, told: Progress = unwatched) -> DryRun:
        """What the release in a study folder would change."""
        from trialdesk.centre.release_board import look_at

        return self._read(look_at, folder, self.now().date(), terms, told=told)

    def give_out(self, folder: Path, terms: Terms) -> tuple[str, ...]:
        """Give it out; the centre may work by it from now on."""
        from trialdesk.centre.release_board import give

        with self._writing:
            to = give(self._reviewer, folder, terms)
        for name in ("study", "rules"):
            vars(self).pop(name, None)
        return to
