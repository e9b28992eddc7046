"""The whole way on synthetic participants: centre, desk, forms, signatures, bundle, receipt; what `trialdesk demo` does.

Everything goes through the same services as the window.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Literal

from trialdesk.centre.centre import Centre
from trialdesk.demo_visit import DemoVisit, visit_site
from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.admin.role import Role
from trialdesk.domain.clinical.form_status import FormStatus
from trialdesk.services.clock import SetClock, SystemClock
from trialdesk.services.demo_filling import Filling
from trialdesk.services.demo_story import FAULTS, Page, make_person, story
from trialdesk.services.desk import DEMO_PASSPHRASE, DESK_FILE, OpenDesk, sign_in
from trialdesk.services.desk_setup import Person as PersonOfDesk
from trialdesk.services.desk_setup import create_desk, person, take_empty
from trialdesk.services.signing import certify, sign
from trialdesk.services.study_release import shipped_release
from trialdesk.services.transfer import send, standing, take_receipt

ZONE = timezone(timedelta(hours=8))
NURSE, INVESTIGATOR, ADMINISTRATOR = "nurse1", "investigator1", "admin1"

FIRST_DAY = datetime(2026, 1, 5, 8, 30, tzinfo=ZONE)
LAST_DAY = date(2027, 12, 31)
"""A demonstration begins and ends on these days, whenever it is made."""

SIGNED = 1
"""How many participants of a demonstration have their forms signed; opening a signer's key takes a third of a second."""


@dataclass(frozen=True)
class Breach:
    """A planted breach: the rules that should speak of it, and those that did."""

    planted: str
    expected: tuple[str, ...]
    spoke: tuple[str, ...]
    caught: bool


@dataclass(frozen=True)
class Workstation:
    """One laptop of a demonstration and how far the centre holds it."""

    origin: str
    site: str
    desk: str
    participants: int
    accepted_to: int
    skew_seconds: int


@dataclass(frozen=True)
class Happening:
    """What became of one file on its way between laptops and centre, in the centre's words."""

    what: str
    file: str
    result: str
    en: str
    zh: str


@dataclass
class DemoReport:
    """Every file made and every count, as it was measured."""

    folder: str
    desk: str
    centre: str
    participants: int = 0
    records: int = 0
    answers: int = 0
    forms_completed: int = 0
    forms_signed: int = 0
    findings_explained: int = 0
    forms_left_in_draft: int = 0
    faults: dict[str, Breach] = field(default_factory=dict)
    documents: list[str] = field(default_factory=list)
    bundle: str = ""
    receipt: str = ""
    root_certificate: str = ""
    accepted_to: int = 0
    workstations: list[Workstation] = field(default_factory=list)
    sticks: list[Happening] = field(default_factory=list)
    visit: DemoVisit | None = None
    disputed: int = 0
    seconds: float = 0.0

    def as_json(self) -> str:
        """One JSON object."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)

    def as_text(self) -> str:
        """What was made, line by line."""
        lines = [
            f"{self.participants} participants, {self.answers} answers, {self.forms_completed} forms completed, "
            f"{self.forms_signed} signed, {self.forms_left_in_draft} kept in draft by a rule, "
            f"{self.findings_explained} findings explained, {self.records} records, "
            f"{self.seconds:.1f} s",
            f"desk      {self.desk}",
            f"bundle    {self.bundle}",
            f"receipt   {self.receipt}",
            f"centre    {self.centre} (holds records 1 to {self.accepted_to})",
            f"trust     {self.root_certificate}",
            *(f"CRF       {path}" for path in self.documents),
            *(
                f"breach    {subject}: {one.planted}, {'found by ' + ', '.join(one.spoke) if one.caught else 'NOT FOUND'}"
                for subject, one in self.faults.items()
            ),
            *(
                f"laptop    {one.origin} of site {one.site}: {one.participants} participants, centre holds 1 to "
                f"{one.accepted_to}, clock {one.skew_seconds} s apart, {one.desk}"
                for one in self.workstations
            ),
            *(
                f"stick     {one.what}: {one.file} {one.result.upper()}\n          {one.en}\n          {one.zh}"
                for one in self.sticks
            ),
            *(self.visit.lines() if self.visit else ()),
            *([f"disputed  {self.disputed} answers: both values kept, a person decides"] if self.disputed else []),
        ]
        return "\n".join(lines)


def make_demo_desk(
    home: Path,
    centre: Centre,
    clock: SetClock | SystemClock,
    origin: str = "W1",
    site: str = "01",
    kind: Literal["demo", "training"] = "demo",
) -> None:
    """A demonstration desk with a nurse, an investigator and an administrator, enrolled with a centre."""
    create_desk(home, centre.release, centre.enrolment(site, origin), demo_people(), kind=kind, clock=clock)


def demo_people() -> list[PersonOfDesk]:
    """A nurse, an investigator and an administrator."""
    return [
        person(NURSE, Role.NURSE, DEMO_PASSPHRASE),
        person(INVESTIGATOR, Role.INVESTIGATOR, DEMO_PASSPHRASE),
        person(ADMINISTRATOR, Role.ADMINISTRATOR, DEMO_PASSPHRASE),
    ]


def ensure_demo_desk(home: Path, kind: Literal["demo", "training"] = "demo") -> None:
    """Make the demonstration or training desk the window opens with, once: three participants on their way."""
    if (home / DESK_FILE).is_file():
        return
    today = datetime.now(ZONE)
    clock = SetClock(today - timedelta(days=75))
    centre = Centre.init(home.parent / f"{home.name}-centre", shipped_release(), now=clock.now(), kind="demo")
    try:
        make_demo_desk(home, centre, clock, kind=kind)
        report = DemoReport(str(home.parent), str(home), str(centre.folder))
        desk = sign_in(home, NURSE, DEMO_PASSPHRASE, clock, durable=False)
        try:
            Life(desk, clock, report, (1, 2, 3), Random(7), last=today.date()).go_on(today.date())
        finally:
            desk.close()
    finally:
        centre.close()


def run_demo(
    out: Path,
    participants: int,
    seed: int,
    faults: bool,
    store: str | None,
    signed: int = SIGNED,
    visit: bool = False,
) -> DemoReport:
    """Make participants, fill and sign their forms, send, receive, and hear back; raises KnownError for a bad folder.

    The investigator signs the forms of the first `signed` participants, as one who comes to the ward now and then; with
    `visit` a monitor comes too.
    """
    take_empty(out)
    started = time.perf_counter()
    clock = SetClock(FIRST_DAY)
    report = DemoReport(str(out), str(out / "desk"), str(out / "centre"))
    centre = Centre.init(out / "centre", shipped_release(), url=store, now=clock.now(), kind="demo")
    try:
        make_demo_desk(out / "desk", centre, clock)
        desk = sign_in(out / "desk", NURSE, DEMO_PASSPHRASE, clock, durable=False)
        try:
            life = Life(desk, clock, report, range(1, participants + 1), Random(seed), faults, signed)
            life.go_on(LAST_DAY)
            life.look_for_breaches()
            write_documents(desk, out / "crf", report)
            _send_and_hear_back(desk, centre, out, report, clock)
            if visit:
                report.visit = visit_site(centre, "01", out / "monitor", clock)
        finally:
            desk.close()
    finally:
        centre.close()
    report.root_certificate = str(out / "desk" / "trust" / "root.pem")
    report.seconds = time.perf_counter() - started
    return report


class Life:
    """Participants of one laptop on their way through the trial, side by side in the order of days."""

    def __init__(
        self,
        desk: OpenDesk,
        clock: SetClock,
        report: DemoReport,
        numbers: Sequence[int],
        random: Random,
        faults: bool = False,
        signed: int = SIGNED,
        last: date = LAST_DAY,
    ) -> None:
        self.desk, self.clock, self.report, self.random = desk, clock, report, random
        first = clock.now().date()
        self._who = {
            n: make_person(n, random, first, list(FAULTS)[(n - 1) % len(FAULTS)] if faults else None) for n in numbers
        }
        told = [(page, n) for n in numbers for page in story(self._who[n], random, last)]
        # Taken from the end: the forms of one day stay in the order of the study, consent and demographics first.
        self._ahead = sorted(told, key=lambda one: one[0].day)[::-1]
        self._signed = signed
        self.subjects: dict[int, str] = {}

    def go_on(self, until: date) -> None:
        """Let the days pass up to this one; everyone is enrolled on the day of screening."""
        while self._ahead and self._ahead[-1][0].day <= until:
            page, number = self._ahead.pop()
            self.clock.put(datetime.combine(page.day, datetime.min.time(), ZONE) + timedelta(hours=17))
            if number not in self.subjects:
                subject = self.desk.enrol(self._who[number].initials)
                assert isinstance(subject, str), subject
                self.subjects[number] = subject
                self.report.participants += 1
            _fill(
                self.desk, self.subjects[number], page, self.random, self.report, page.sign and number <= self._signed
            )
        self.clock.put(datetime.combine(until, datetime.min.time(), ZONE) + timedelta(hours=18))

    def look_for_breaches(self) -> None:
        """Ask the rules for every breach that was planted."""
        for number, subject in self.subjects.items():
            if fault := self._who[number].fault:
                self.report.faults[subject] = _caught(self.desk, subject, fault)


def _caught(desk: OpenDesk, subject: str, fault: str) -> Breach:
    """Look through the whole casebook for what the rules say of a planted breach."""
    book = desk.casebook(subject)
    spoke = {found.rule for form in book.data.by_form for found in book.assessment(form).findings}
    spoke -= {"MISSING"}
    return Breach(fault, FAULTS[fault], tuple(sorted(spoke)), bool(spoke & set(FAULTS[fault])))


def _fill(desk: OpenDesk, subject: str, page: Page, random: Random, report: DemoReport, signs: bool) -> None:
    casebook = desk.casebook(subject)
    done = Filling(casebook, page.form, page.answers, random).run()
    report.answers += done.entered
    report.findings_explained += done.explained
    report.forms_completed += casebook.status(done.form) is FormStatus.COMPLETE
    report.forms_left_in_draft += bool(done.left)
    if signs and casebook.status(page.form) is FormStatus.COMPLETE:
        certify(desk, casebook, page.form, DEMO_PASSPHRASE, NURSE)
        signed = sign(desk, casebook, page.form, DEMO_PASSPHRASE, INVESTIGATOR)
        report.forms_signed += not isinstance(signed, Refusal)


def write_documents(desk: OpenDesk, folder: Path, report: DemoReport) -> None:
    """The signed CRFs as files, as a ward would file them."""
    from trialdesk.domain.clinical.changes import FormSigned

    folder.mkdir(exist_ok=True)
    for record in desk.trail.records(origin=desk.session.origin, kinds=("FormSigned",)):
        assert isinstance(record.change, FormSigned)
        form = record.change.form
        path = folder / f"{record.subject}_{form.event}{form.repeat}_{form.form}_{record.seq}.pdf"
        path.write_bytes(desk.documents.read(record.change.document).content)
        report.documents.append(str(path))


def _send_and_hear_back(desk: OpenDesk, centre: Centre, out: Path, report: DemoReport, clock: SetClock) -> None:
    stick = out / "stick"
    stick.mkdir()
    sent = send(desk, stick)
    assert not isinstance(sent, Refusal), sent
    report.bundle = str(sent.path)
    taken = centre.receive(sent.path, clock.now() + timedelta(minutes=5))
    receipt = stick / sent.path.with_suffix(".tdr").name
    receipt.write_bytes(taken.receipt)
    report.receipt = str(receipt)
    take_receipt(desk, receipt)
    report.accepted_to = standing(desk).accepted_to
    report.records = desk.trail.head(desk.session.origin)[0]
