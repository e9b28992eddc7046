"""A trial on several laptops of several sites: sticks that are lost, repeated, damaged and copied; a dead laptop rebuilt."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from trialdesk.centre.centre import Centre
from trialdesk.centre.rebuild import rebuild
from trialdesk.demo import (
    DEMO_PASSPHRASE,
    FIRST_DAY,
    LAST_DAY,
    NURSE,
    SIGNED,
    DemoReport,
    Happening,
    Life,
    Workstation,
    demo_people,
    make_demo_desk,
    write_documents,
)
from trialdesk.demo_visit import visit_site
from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.clinical.audit_record import Reason
from trialdesk.domain.clinical.fold import fold
from trialdesk.domain.oid import FormPath
from trialdesk.errors import KnownError
from trialdesk.exchange.receipt import read_receipt
from trialdesk.services.clock import SetClock
from trialdesk.services.desk import OpenDesk, sign_in
from trialdesk.services.desk_setup import take_empty
from trialdesk.services.study_release import shipped_release
from trialdesk.services.transfer import SentBundle, send, standing, take_receipt
from trialdesk.storage.audit_trail import AuditTrail

STAGES = (date(2026, 6, 30), date(2026, 12, 31), LAST_DAY)
"""Days on which every laptop sends a stick."""


@dataclass
class _Laptop:
    origin: str
    site: str
    home: Path
    stick: Path
    clock: SetClock
    desk: OpenDesk
    life: Life | None = None
    skew: int = 0

    def send(self) -> SentBundle:
        """Write a bundle on this laptop's stick."""
        sent = send(self.desk, self.stick)
        assert isinstance(sent, SentBundle), sent
        return sent


def run_laptops(
    out: Path,
    participants: int,
    seed: int,
    faults: bool,
    store: str | None,
    sites: int,
    laptops: int,
    signed: int = SIGNED,
) -> DemoReport:
    """Make the participants of several laptops, let sticks go to and fro, and show what becomes of every fault.

    Raises KnownError for a folder or store that cannot be used.
    """
    take_empty(out)
    started = time.perf_counter()
    report = DemoReport(str(out), str(out / "desk-W1"), str(out / "centre"))
    centre = Centre.init(out / "centre", shipped_release(), url=store, now=FIRST_DAY, kind="demo")
    trial = _Trial(out, centre, report, signed)
    try:
        trial.open_laptops(sites, laptops)
        trial.live(participants, seed, faults)
        trial.try_faults()
        trial.lose_and_rebuild()
        report.visit = visit_site(centre, "01", out / "monitor", trial.laptops[0].clock, with_report=False)
        trial.count()
    finally:
        trial.close()
    report.root_certificate = str(out / "desk-W1" / "trust" / "root.pem")
    report.seconds = time.perf_counter() - started
    return report


class _Trial:
    """The laptops and the centre, and what happens between them."""

    def __init__(self, out: Path, centre: Centre, report: DemoReport, signed: int) -> None:
        self.out, self.centre, self.report, self.signed = out, centre, report, signed
        self.laptops: list[_Laptop] = []

    def open_laptops(self, sites: int, each: int) -> None:
        """Enrol every laptop and sign its nurse in."""
        for number in range(sites * each):
            origin, site = f"W{number + 1}", f"{number // each + 1:02d}"
            home, stick = self.out / f"desk-{origin}", self.out / "sticks" / origin
            clock = SetClock(FIRST_DAY)
            make_demo_desk(home, self.centre, clock, origin, site)
            stick.mkdir(parents=True)
            desk = sign_in(home, NURSE, DEMO_PASSPHRASE, clock, durable=False)
            self.laptops.append(_Laptop(origin, site, home, stick, clock, desk))

    def live(self, participants: int, seed: int, faults: bool) -> None:
        """Every laptop lives through three stretches and sends after each; the second stick of the second is lost."""
        for index, laptop in enumerate(self.laptops):
            numbers = range(index + 1, participants + 1, len(self.laptops))
            laptop.life = Life(
                laptop.desk, laptop.clock, self.report, numbers, Random(seed + index), faults, self.signed
            )
        for stage, day in enumerate(STAGES):
            for index, laptop in enumerate(self.laptops):
                assert laptop.life is not None
                laptop.life.go_on(day)
                sent = laptop.send()
                if stage == 1 and index == 1:
                    sent.path.unlink()
                    self._say("a stick is lost", sent.path, "lost", "Nothing arrived; the next bundle repeats it.",
                              "未送达，下一个数据包会重复其内容。")  # fmt: skip
                    continue
                self._deliver(laptop, sent.path, f"stick {stage + 1}")
        for laptop in self.laptops:
            assert laptop.life is not None
            laptop.life.look_for_breaches()
            write_documents(laptop.desk, self.out / "crf", self.report)

    def try_faults(self) -> None:
        """The same bundle again, a damaged one, one of a copied laptop."""
        first = self.laptops[0]
        last = sorted(first.stick.glob("*.tdb"))[-1]
        self.report.bundle, self.report.receipt = str(last), str(last.with_suffix(".tdr"))
        self._hand_over(last, "the same bundle again", first.clock)
        content = bytearray(last.read_bytes())
        content[len(content) // 2] ^= 1
        damaged = self.out / "sticks" / "damaged.tdb"
        damaged.write_bytes(content)
        self._hand_over(damaged, "a damaged bundle", first.clock)
        self._copy_a_laptop(first)

    def _copy_a_laptop(self, laptop: _Laptop) -> None:
        laptop.desk.close()
        shutil.copytree(laptop.home, self.out / "copied")
        laptop.desk = sign_in(laptop.home, NURSE, DEMO_PASSPHRASE, laptop.clock, durable=False)
        assert isinstance(laptop.desk.enrol("AAAA"), str)
        self._deliver(laptop, laptop.send().path, "the true laptop")
        copy = sign_in(self.out / "copied", NURSE, DEMO_PASSPHRASE, laptop.clock, durable=False)
        try:
            assert isinstance(copy.enrol("BBBB"), str)
            stick = self.out / "sticks" / "copied"
            stick.mkdir()
            sent = send(copy, stick)
        finally:
            copy.close()
        assert isinstance(sent, SentBundle), sent
        self._hand_over(sent.path, "a copied laptop", laptop.clock)

    def lose_and_rebuild(self) -> None:
        """The last laptop is thought dead and rebuilt under a new name; then it turns up, and both correct one answer."""
        old = self.laptops[-1]
        name = f"W{len(self.laptops) + 1}"
        home, stick, clock = self.out / f"desk-{name}", self.out / "sticks" / name, SetClock(old.clock.now())
        made = rebuild(self.centre, home, old.origin, name, demo_people(), [old.stick], kind="demo", clock=clock)
        lines = made.as_text().splitlines()
        self._say(f"{old.origin} is rebuilt as {name}", home, "rebuilt", f"{lines[0]}. {lines[-2]}", lines[-1])
        stick.mkdir()
        desk = sign_in(home, NURSE, DEMO_PASSPHRASE, clock, durable=False)
        new = _Laptop(name, old.site, home, stick, clock, desk)
        self.laptops.append(new)
        for laptop, value in ((old, "61.5"), (new, "65.1")):
            if laptop.desk.subjects():
                casebook = laptop.desk.casebook(laptop.desk.subjects()[0])
                path = FormPath("SCR", 1, "VS").item(laptop.desk.study.place["WEIGHT"][1].oid, "WEIGHT")
                done = casebook.enter(path, value, reason=Reason(code="SOURCE"))
                assert not isinstance(done, Refusal), done
                self._deliver(laptop, laptop.send().path, f"{laptop.origin} corrects the weight to {value}")

    def _deliver(self, laptop: _Laptop, path: Path, what: str) -> None:
        """The centre takes a bundle in, and its receipt comes back to the laptop."""
        receipt = self._hand_over(path, f"{laptop.origin}, {what}", laptop.clock)
        if receipt is not None:
            take_receipt(laptop.desk, receipt)
            laptop.skew = read_receipt(receipt, laptop.desk.verify_centre).skew_seconds

    def _hand_over(self, path: Path, what: str, clock: SetClock) -> Path | None:
        """The centre's clock runs five minutes ahead of the laptops, and a stick is three hours on its way."""
        now: datetime = clock.now() + timedelta(hours=3, minutes=5)
        try:
            taken = self.centre.receive(path, now)
        except KnownError as fault:
            self._say(what, path, "refused", fault.text.en, fault.text.zh)
            return None
        self._say(what, path, taken.result, taken.says.en, taken.says.zh)
        receipt = path.with_suffix(".tdr")
        receipt.write_bytes(taken.receipt)
        return receipt if taken.taken else None

    def _say(self, what: str, path: Path, result: str, en: str, zh: str) -> None:
        self.report.sticks.append(Happening(what, str(path), result, en, zh))

    def count(self) -> None:
        """How far the centre holds every laptop, and which answers it holds twice."""
        held = {state.origin: state.accepted_to for state in self.centre.ledger.states()}
        for laptop in self.laptops:
            mine = [r.subject for r in laptop.desk.trail.records(origin=laptop.origin, kinds=("SubjectEnrolled",))]
            self.report.workstations.append(
                Workstation(
                    laptop.origin, laptop.site, str(laptop.home), len(mine), held.get(laptop.origin, 0), laptop.skew
                )
            )
        trail = AuditTrail(self.centre.engine)
        for subject in trail.subjects():
            items = fold(subject, trail.records(subject=subject)).items.values()
            self.report.disputed += sum(1 for item in items if item.disputed)
        self.report.accepted_to = standing(self.laptops[0].desk).accepted_to
        self.report.records = sum(held.values())

    def close(self) -> None:
        """Sign everybody out."""
        for laptop in self.laptops:
            laptop.desk.close()
        self.centre.close()
