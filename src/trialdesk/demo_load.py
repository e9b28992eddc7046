"""The load test of the centre: thousands of participants, made on a short way that says of itself that it is one.

A few participants are entered through the services of the window, as in the small demonstration. Their first records
are then copied under other numbers for every other participant, sealed anew in the trail of an enrolled workstation,
signed, encrypted and handed to the centre as bundles. The centre takes no short way: it verifies everything.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

import orjson

from trialdesk.centre.centre import Centre
from trialdesk.demo import DEMO_PASSPHRASE, FIRST_DAY, LAST_DAY, NURSE, DemoReport, Life, make_demo_desk
from trialdesk.domain.clinical.seal import GENESIS, seal
from trialdesk.exchange.payload import Line
from trialdesk.services.clock import SetClock
from trialdesk.services.desk import sign_in
from trialdesk.services.desk_setup import take_empty
from trialdesk.services.study_release import shipped_release
from trialdesk.storage import projections
from trialdesk.storage.centre_lists import CentreLists

FROM = 500
"""A demonstration of more participants than this goes the short way."""

ENTERED, RECORDS = 4, 100
"""Participants entered through the services, and how many of their first records each copy gets."""

_LEFT_OUT = frozenset({"FormCertified", "FormSigned", "DocumentMade"})
"""Signatures are not copied: a signature is over one document of one participant."""


@dataclass
class LoadReport:
    """What was made and how long the centre took; seconds as they passed on this machine."""

    centre: str
    participants: int
    sites: int
    entered: int
    records: int
    made_seconds: float
    intake_seconds: float
    folding_seconds: float
    lists_ms: dict[str, float]

    def as_json(self) -> str:
        """One JSON object."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)

    def as_text(self) -> str:
        """What was made, line by line."""
        rate = self.records / self.intake_seconds if self.intake_seconds else 0
        return "\n".join(
            [
                f"load test: {self.participants} participants of {self.sites} sites, {self.records} records",
                f"short way: {self.entered} participants were entered through the window's services; the others are copies "
                f"of their first {RECORDS} records under other numbers, without signatures",
                f"made      {self.made_seconds:.1f} s (sealed, signed and encrypted as bundles)",
                f"taken in  {self.intake_seconds:.1f} s, every seal and record verified: {rate:,.0f} records/s",
                f"folded    {self.folding_seconds:.1f} s for the lists",
                *(f"list      {name}: {took:.0f} ms" for name, took in self.lists_ms.items()),
                f"centre    {self.centre}",
            ]
        )


def run_load(out: Path, participants: int, seed: int, store: str | None, sites: int) -> LoadReport:
    """Make the participants and let the centre take them in; raises KnownError for a folder or store not to be used."""
    take_empty(out)
    centre = Centre.init(out / "centre", shipped_release(), url=store, now=FIRST_DAY, kind="demo")
    try:
        patterns = _entered(out, centre, seed)
        made = intake = 0.0
        records = 0
        for number in range(sites):
            start = time.perf_counter()
            here = participants // sites + (number < participants % sites)
            path, count = _bundle(out, centre, f"{number + 1:02d}", f"L{number + 1}", here, patterns)
            made += time.perf_counter() - start
            start = time.perf_counter()
            taken = centre.receive(path, LAST_MOMENT)
            assert taken.new_records == count, taken.says.en
            intake += time.perf_counter() - start
            records += count
            path.unlink()
        start = time.perf_counter()
        projections.refresh(centre.engine)
        folding = time.perf_counter() - start
        lists = _lists(centre)
    finally:
        centre.close()
    return LoadReport(str(out / "centre"), participants, sites, ENTERED, records, made, intake, folding, lists)


LAST_MOMENT = FIRST_DAY.replace(year=LAST_DAY.year, month=LAST_DAY.month, day=LAST_DAY.day)


def _entered(out: Path, centre: Centre, seed: int) -> list[list[dict[str, Any]]]:
    """The first records of participants entered as a nurse enters them, one list for each."""
    clock = SetClock(FIRST_DAY)
    make_demo_desk(out / "desk", centre, clock, "W0", "00")
    desk = sign_in(out / "desk", NURSE, DEMO_PASSPHRASE, clock, durable=False)
    try:
        report = DemoReport(str(out), str(out / "desk"), str(centre.folder))
        life = Life(desk, clock, report, range(1, ENTERED + 1), Random(seed), signed=0)
        life.go_on(LAST_DAY)
        patterns: dict[str, list[dict[str, Any]]] = {}
        for _, content, _ in desk.trail.lines("W0"):
            record = orjson.loads(content)
            known = patterns.setdefault(record.get("subject") or "", [])
            if record["change"]["kind"] not in _LEFT_OUT and len(known) < RECORDS:
                known.append(record)
        return [records for subject, records in sorted(patterns.items()) if subject]
    finally:
        desk.close()


def _bundle(
    out: Path, centre: Centre, site: str, origin: str, participants: int, patterns: Sequence[list[dict[str, Any]]]
) -> tuple[Path, int]:
    """One workstation's bundle of copied participants."""
    from trialdesk.domain.clinical.audit_record import stamp
    from trialdesk.exchange.bundle import NO_HEADER, Announcement, make_bundle
    from trialdesk.security import age, cms
    from trialdesk.security.certificates import Subject, load_certificate, make_request, new_key

    study, key = centre.release.study, new_key()
    subject = Subject("workstation", origin, "workstation", site, study.oid)
    certificate = load_certificate(centre.enrolment(site, origin).issue(make_request(key, subject)))
    lines = list(_copied(site, origin, participants, patterns))
    at, zone = stamp(LAST_MOMENT)
    about = Announcement(
        study=study.oid, study_version=study.version, study_fingerprint=centre.release.fingerprint, site=site,
        origin=origin, epoch="load", number=1, previous_header_sha256=NO_HEADER, bundle_id=origin, created=at, zone=zone,
        recipients=(centre.recipient,), application="TrialDesk load test",
    )  # fmt: skip
    _, content = make_bundle(
        about,
        lines,
        {},
        lambda plain: cms.sign(plain, key, certificate),
        lambda plain: age.encrypt(plain, (centre.recipient,)),
    )
    path = out / f"{origin}.tdb"
    path.write_bytes(content)
    return path, len(lines)


def _copied(site: str, origin: str, participants: int, patterns: Sequence[list[dict[str, Any]]]) -> Iterator[Line]:
    """Sealed lines of one trail; names of records inside a change are carried over to the copies."""
    seq, last = 0, GENESIS
    for number in range(1, participants + 1):
        pattern = patterns[number % len(patterns)]
        names = {f"{r['origin']}:{r['seq']}": f"{origin}:{seq + index}" for index, r in enumerate(pattern, start=1)}
        for record in pattern:
            seq += 1
            change = dict(record["change"])
            for field in ("replaces", "covers"):
                if field in change:
                    change[field] = [names[name] for name in change[field] if name in names]
            if "query" in change:
                change["query"] = names.get(change["query"], change["query"])
            more = {"origin": origin, "seq": seq, "site": site, "subject": f"{site}-{number:04d}", "change": change}
            content = orjson.dumps(record | more, option=orjson.OPT_SORT_KEYS)
            last = seal(last, content)
            yield seq, content, last


def _lists(centre: Centre) -> dict[str, float]:
    lists = CentreLists(centre.engine)
    asked = {
        "workstations": centre.status,
        "completeness": lists.completeness,
        "open queries": lambda: lists.queries(("Open",)),
        "weights": lambda: lists.answers(item="WEIGHT"),
    }
    took = {}
    for name, ask in asked.items():
        start = time.perf_counter()
        ask()
        took[name] = (time.perf_counter() - start) * 1000
    return took
