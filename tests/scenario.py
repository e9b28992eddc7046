"""A ward that tests can speak to like a coordinator: enrol, open a form, enter, explain, complete, sign, send."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

from trialdesk.centre.centre import Centre
from trialdesk.centre.intake import Intake
from trialdesk.centre.letters import write_receipts
from trialdesk.demo import DEMO_PASSPHRASE, INVESTIGATOR, NURSE, make_demo_desk
from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.clinical.audit_record import AuditRecord, Reason
from trialdesk.domain.clinical.changes import Missing
from trialdesk.domain.clinical.form_status import FormStatus
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.rules.finding import Finding
from trialdesk.services.casebook import Casebook
from trialdesk.services.clock import SetClock
from trialdesk.services.desk import OpenDesk, sign_in
from trialdesk.services.signing import Signed, certify, sign
from trialdesk.services.study_release import StudyRelease, shipped_release
from trialdesk.services.transfer import SentBundle, send, take_receipt

ZONE = timezone(timedelta(hours=8))
SOURCE = Reason(code="SOURCE")


class Ward:
    """A laptop on a ward with a nurse signed in, and the centre it belongs to; time moves only when told."""

    def __init__(self, folder: Path, now: datetime | None = None, release: StudyRelease | None = None) -> None:
        self.folder = folder
        self.clock = SetClock(now or datetime(2026, 3, 3, 9, tzinfo=ZONE))
        study = release or shipped_release()
        self.centre = Centre.init(folder / "centre", study, now=self.clock.now(), kind="demo")
        make_demo_desk(folder / "desk", self.centre, self.clock)
        self.desk: OpenDesk = sign_in(folder / "desk", NURSE, DEMO_PASSPHRASE, self.clock, durable=False)
        self.subject = ""
        self.form = FormPath("SCR", 1, "DM")

    @property
    def casebook(self) -> Casebook:
        """The casebook that lies open."""
        return self.desk.casebook(self.subject)

    def enrol(self, initials: str = "ZHLI") -> str:
        """A new participant; the casebook lies open."""
        subject = self.desk.enrol(initials)
        assert isinstance(subject, str), subject
        self.subject = subject
        return subject

    def open(self, written: str) -> None:
        """Open a form, such as `DLI[1]/DLI`."""
        self.form = FormPath.parse(written)

    def path(self, item: str, row: int = 1) -> ItemPath:
        """Where an item of the open form stands."""
        return self.form.item(self.desk.study.place[item][1].oid, item, row)

    def enter(
        self, item: str, typed: str, row: int = 1, reason: Reason | None = None, missing: Missing | None = None
    ) -> tuple[AuditRecord, ...]:
        """Type an answer and leave the field."""
        done = self.casebook.enter(self.path(item, row), typed, missing, reason=reason)
        assert not isinstance(done, Refusal), done.says.en
        return done

    def refused(self, item: str, typed: str) -> Refusal:
        """Type something that is refused."""
        done = self.casebook.enter(self.path(item), typed)
        assert isinstance(done, Refusal)
        return done

    def fill(self, **answers: str) -> None:
        """Type several answers, in this order."""
        for item, typed in answers.items():
            self.enter(item, typed)

    def findings(self, item: str) -> tuple[Finding, ...]:
        """What stands beside a field."""
        return self.casebook.assessment(self.form).at(self.path(item))

    def status(self) -> FormStatus:
        """The state of the open form."""
        return self.casebook.status(self.form)

    def complete(self) -> None:
        """Finish the open form; everything still empty is said to be unknown, every soft finding is kept."""
        for finding in self.casebook.assessment(self.form).to_finish:
            if finding.severity == "missing":
                self.casebook.enter(finding.path, "", "UNK")
            elif finding.severity == "soft":
                self.casebook.explain(finding.path, finding.rule, "MEDICAL")
        done = self.casebook.complete(self.form)
        assert not isinstance(done, Refusal), done.says.en

    def certify(self) -> Signed:
        """The nurse signs that the data agree with the source."""
        done = certify(self.desk, self.casebook, self.form, DEMO_PASSPHRASE, NURSE)
        assert isinstance(done, Signed), done
        return done

    def sign(self, passphrase: str = DEMO_PASSPHRASE) -> Signed:
        """The investigator signs on the nurse's laptop, after the nurse where that is due."""
        if self.casebook.data.certification(self.form) is None:
            self.certify()
        done = sign(self.desk, self.casebook, self.form, passphrase, INVESTIGATOR)
        assert isinstance(done, Signed), done
        return done

    def enrol_with_signed_form(self) -> None:
        """The first participant, whose demographics are filled in, completed and signed by both; the form stays open."""
        self.enrol()
        self.open("SCR[1]/DM")
        self.fill(BRTHDAT="1990-05-01", SEX="F")
        self.complete()
        self.sign()

    def send(self) -> SentBundle:
        """Write a bundle on the stick."""
        stick = self.folder / "stick"
        stick.mkdir(exist_ok=True)
        sent = send(self.desk, stick)
        assert isinstance(sent, SentBundle), sent
        return sent

    def receive(self, sent: SentBundle) -> Intake:
        """The centre takes the bundle in; the receipt goes back on the stick and is taken in."""
        taken = self.centre.receive(sent.path, self.clock.now() + timedelta(minutes=3))
        receipt = sent.path.with_suffix(".tdr")
        receipt.write_bytes(taken.receipt)
        take_receipt(self.desk, receipt)
        return taken

    def later(self, **by: int) -> None:
        """Let time pass."""
        self.clock.put(self.clock.moment + timedelta(**by))

    def hear(self) -> None:
        """Take in what the centre has to say, from the stick."""
        for receipt in write_receipts(self.centre, self.folder / "stick"):
            if f"_{self.desk.session.origin}_" in receipt.name:
                take_receipt(self.desk, receipt)

    def sign_in_again(self) -> None:
        """Close the desk and open it anew."""
        home = self.desk.home
        self.desk.close()
        self.desk = sign_in(home, NURSE, DEMO_PASSPHRASE, self.clock, durable=False)

    def leave(self) -> None:
        """Sign out."""
        self.desk.close()
        self.centre.close()
