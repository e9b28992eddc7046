"""What the centre's window needs of the centre, in terms a screen can show; `centre/at_work.py` is the one that does it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from trialdesk.domain.actions.form_conditions import FormAct
from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.admin.role import Act
from trialdesk.domain.admin.user import User
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text
from trialdesk.services.endpoint_view import EndpointBoard
from trialdesk.services.monitoring_view import SiteMonitoring
from trialdesk.services.release_view import DryRun, GivenRelease, Terms
from trialdesk.storage.centre_lists import CentreLists


class LeftOff(Exception):
    """A person left long work off; what it had written by then stays."""


class Progress(Protocol):
    """What long work calls after each step."""

    def __call__(self, step: int, total: int) -> None:
        """Say how far it is; raises LeftOff when a person wants it stopped."""


def unwatched(step: int, total: int) -> None:
    """For work nobody waits for."""


@dataclass(frozen=True)
class HeldTrail:
    """How far one workstation is held; `never_came` are bundle numbers below the last that nobody brought.

    Bundles repeat what was not confirmed, so a number that never came is no missing record.
    """

    site: str
    origin: str
    records: int
    bundle: int
    subjects: int
    received: str
    never_came: tuple[int, ...]


@dataclass(frozen=True)
class Deviation:
    """A departure from the protocol that the rules find in what was recorded, with the reason a person gave, if any."""

    subject: str
    site: str
    place: str
    rule: str
    says: Text
    explained: Text | None


@dataclass(frozen=True)
class Gap:
    """What a format could not take: the table (`*` for all), the variable if it is one, and why."""

    where: str
    what: str
    why: Text


@dataclass(frozen=True)
class Export:
    """One format that was written."""

    kind: str
    participants: int
    files: tuple[Path, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class Person:
    """A second person who has just given their own passphrase; only signing in makes one."""

    user: User

    @property
    def id(self) -> str:
        """The account, as records name it."""
        return self.user.id


class CentreAtWork(Protocol):
    """One person at the centre."""

    @property
    def user(self) -> User:
        """Who is at work."""

    @property
    def study(self) -> Study:
        """The study release the centre runs."""

    @property
    def rules(self) -> Rulebook:
        """The rules of every release: each form is read by the one it was begun under."""

    @property
    def lists(self) -> CentreLists:
        """The lists of the store."""

    @property
    def store(self) -> str:
        """SQLite or PostgreSQL."""

    def others(self, act: Act) -> tuple[User, ...]:
        """Everyone else of the centre who may do this."""

    def let_second_in(self, user: str, passphrase: str, act: Act) -> Person:
        """Sign a second person in beside the first, for two minutes; raises KnownError."""

    def now(self) -> datetime:
        """The centre's time."""

    def refresh(self) -> int:
        """Fold what came since the lists were last made; returns how many participants."""

    def held(self) -> tuple[HeldTrail, ...]:
        """Every workstation that has sent."""

    def set_aside(self) -> tuple[tuple[str, int, str, Text], ...]:
        """Origin, number, time and reason of every bundle set aside."""

    def receive(self, bundles: Sequence[Path], told: Progress = unwatched) -> tuple[tuple[str, bool, Text], ...]:
        """Take bundles in and write receipts beside them; name, whether all is well, and what happened, for each."""

    def write_receipts(self, folder: Path) -> int:
        """Write every workstation a receipt with all it has not confirmed; returns how many."""

    def data(self, subject: str) -> SubjectData:
        """A participant's casebook."""

    def issue(self, candidates: Sequence[tuple[str, str]]) -> int:
        """Send drafted queries (participant, name) out with the next receipts; returns how many."""

    def settle(self, subject: str, query: str, words: str, cancelled: bool) -> tuple[AuditRecord, ...] | Refusal:
        """Close or cancel a query."""

    def ask(
        self, subject: str, paths: Sequence[ItemPath], says: Text, draft: bool
    ) -> tuple[AuditRecord, ...] | Refusal:
        """Ask the site about answers, with the next receipt or as a draft that is sent later."""

    def ask_again(self, subject: str, query: str, says: Text) -> tuple[AuditRecord, ...] | Refusal:
        """Put an answered or closed query again in its own thread."""

    def form_act(
        self, act: FormAct, subject: str, form: FormPath, second: str = "", words: str = ""
    ) -> tuple[AuditRecord, ...] | Refusal:
        """Freeze, thaw, lock or unlock a form; the last two with a second person's name."""

    def check(self, told: Progress = unwatched) -> int:
        """Let the rules draft queries about every participant; returns how many."""

    def deviations(self, told: Progress = unwatched) -> tuple[Deviation, ...]:
        """Every departure from the protocol."""

    def monitoring(self, site: str, told: Progress = unwatched) -> SiteMonitoring:
        """How far a site is by the monitoring plan, and what stands out in its trail; raises KnownError without a plan."""

    def monitors(self) -> tuple[str, ...]:
        """The monitors the centre knows, by name."""

    def write_pack(self, site: str, monitor: str, folder: Path, told: Progress = unwatched) -> Path:
        """Write a monitor's encrypted pack of a site; raises KnownError where it cannot be made."""

    def take_visits(self, results: Sequence[Path], told: Progress = unwatched) -> tuple[tuple[str, bool, Text], ...]:
        """Take in what monitors did; name, whether all is well, and what happened, for each file."""

    def review_medically(self, subject: str, form: FormPath, words: str) -> tuple[AuditRecord, ...] | Refusal:
        """State that a form was judged medically as it stands."""

    def lift_medical_review(self, subject: str, record: str, words: str) -> tuple[AuditRecord, ...] | Refusal:
        """Take a medical review back, with the reason."""

    def review_trail(self, subject: str, words: str) -> tuple[AuditRecord, ...] | Refusal:
        """State that a participant's trail was looked through, with the conclusion."""

    def endpoints(self, cut: date, told: Progress = unwatched) -> EndpointBoard:
        """The endpoints at a data cut; raises KnownError where they cannot be counted."""

    def report(self, cut: date, folder: Path, paper: bool, told: Progress = unwatched) -> tuple[Path, ...]:
        """Write tables and pictures and, as `paper`, the signed report before them; returns the files."""

    def export(self, kind: str, folder: Path, cut: date | None, told: Progress = unwatched) -> Export:
        """Write one format into a folder; raises KnownError where it cannot be written."""

    def enrolled_sites(self) -> tuple[str, ...]:
        """Every site with a workstation."""

    def releases(self) -> tuple[GivenRelease, ...]:
        """The release that runs and those given out, the newest first."""

    def look_at_release(self, folder: Path, terms: Terms, told: Progress = unwatched) -> DryRun:
        """What the release in a study folder would change; raises KnownError for one that cannot be given out."""

    def give_out(self, folder: Path, terms: Terms) -> tuple[str, ...]:
        """Give it out; returns the workstations it goes to. Raises KnownError as `look_at_release` does."""
