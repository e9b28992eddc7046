"""A monitor that tests can speak to: gets keys, is entered at the centre, takes a pack along, works, and comes back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from tests.scenario import Ward
from trialdesk.centre.visit_intake import VisitIntake, take_visit
from trialdesk.centre.visits import add_monitor, write_pack
from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.services.visit_desk import VisitDesk, make_monitor, open_visit

PASSPHRASE = "a long way by train"


def ward_with_two(folder: Path, now: datetime | None = None) -> Ward:
    """Two participants held by the centre: consent, demographics and a signed adverse event each."""
    ward = Ward(folder, now)
    for initials in ("ZHLI", "WALI"):
        ward.enrol(initials)
        ward.open("SCR[1]/DM")
        ward.fill(BRTHDAT="1990-05-01", SEX="F")
        ward.open("SCR[1]/CONSENT")
        ward.fill(RFICDAT="2026-03-02", RFICTIM="10:00", ICFCOPY="Y")
    ward.receive(ward.send())
    return ward


class Monitor:
    """mon1, with keys in a folder of her own and a pack of site 01 on the stick."""

    def __init__(self, ward: Ward, name: str = "mon1") -> None:
        self.ward, self.name = ward, name
        self.home = ward.folder / name
        self.stick = ward.folder / "stick"
        request = make_monitor(self.home, name, ward.centre.study, PASSPHRASE)
        add_monitor(ward.centre, request, ("dm1", "dm2"), ward.clock.now())
        self.pack = write_pack(ward.centre, "01", name, self.stick, ward.clock.now())
        self.visit = self.open()

    def open(self) -> VisitDesk:
        """The pack opened anew, as after a power cut."""
        return open_visit(self.pack, self.home, PASSPHRASE, self.ward.clock)

    def paths(self, *items: str, subject: str = "01-001") -> tuple[ItemPath, ...]:
        """Where these items stand."""
        return tuple(path for name in items for path in self.visit.data(subject).by_item[name])

    def verify(self, *items: str, subject: str = "01-001", where: str = "front page") -> AuditRecord:
        """Compare answers with the medical record."""
        done = self.visit.verify(subject, self.paths(*items, subject=subject), "Medical record", where)
        assert not isinstance(done, Refusal), done.says.en
        return done[-1]

    def verify_form(self, written: str, subject: str = "01-001") -> tuple[AuditRecord, ...]:
        """Read a form to its end and call everything on it that is asked for verified."""
        form = FormPath.parse(written)
        self.visit.read_to_end(subject, form)
        (shown,) = [one for one in self.visit.review(subject).forms if one.form == form]
        asked = [one.path for one in shown.items if one.required]
        done = self.visit.verify_form(subject, form, asked, "Medical record", "p. 3")
        assert not isinstance(done, Refusal), done.says.en
        return done

    def hand_over(self) -> VisitIntake:
        """The result on the stick, taken in at the centre."""
        return take_visit(self.ward.centre, self.visit.finish(self.stick), self.ward.clock.now())

    def at_the_centre(self, subject: str = "01-001") -> SubjectData:
        """The casebook as the centre has it."""
        from trialdesk.centre.review import Reviewer
        from trialdesk.domain.admin.role import Role

        return Reviewer(self.ward.centre, "dm1", Role.DATA_MANAGER).data(subject)
