"""Monitors' visits at the centre: who may visit, packs that go out, and what comes back, taken in exactly once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from trialdesk.centre.centre import Centre
from trialdesk.centre.library import rules_of_centre
from trialdesk.domain.clinical.fold import fold
from trialdesk.domain.clinical.source_review import enrolment_places
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.private_file import write_private
from trialdesk.storage.audit_trail import AuditTrail

MONITORS, VISITS = "monitors", "visits"


@dataclass(frozen=True)
class Monitor:
    """A monitor the centre knows: what packs are encrypted for, and the certificate results are signed with."""

    id: str
    recipient: str
    certificate: str


@dataclass(frozen=True)
class Visit:
    """A pack that was given out."""

    name: str
    site: str
    monitor: str
    made: str
    participants: int


def add_monitor(centre: Centre, request: Path, approved: Sequence[str], now: datetime) -> Monitor:
    """Enter a monitor by the request the monitor made: a certificate is issued, its key never left the monitor.

    Raises KnownError for a request that is damaged, is not a monitor's of this study, or that two named people have not
    approved.
    """
    from trialdesk.security.certificates import pem, read_request

    try:
        asked = json.loads(request.read_text(encoding="utf-8"))
        subject, _ = read_request(asked["request"].encode())
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        raise KnownError(_NO_REQUEST.format(name=request.name)) from fault
    if (subject.kind, subject.role, subject.site, subject.id) != ("person", "monitor", "centre", asked["id"]):
        raise KnownError(_NO_REQUEST.format(name=request.name))
    made = centre.authority.issue(asked["request"].encode(), approved, centre.moment or now - timedelta(days=1))
    known = Monitor(subject.id, str(asked["recipient"]), pem(made).decode())
    _refuse_bad_recipient(known.recipient, request.name)
    (centre.folder / MONITORS).mkdir(exist_ok=True)
    write_private(_monitor_file(centre, known.id), json.dumps(known.__dict__, indent=1).encode())
    return known


def monitors(centre: Centre) -> tuple[Monitor, ...]:
    """Every monitor the centre knows, by name."""
    files = sorted((centre.folder / MONITORS).glob("*.json"))
    return tuple(Monitor(**json.loads(path.read_text(encoding="utf-8"))) for path in files)


def visits(centre: Centre) -> tuple[Visit, ...]:
    """Every pack that was given out, by name."""
    files = sorted((centre.folder / VISITS).glob("*.json"))
    return tuple(Visit(**json.loads(path.read_text(encoding="utf-8"))) for path in files)


def site_subjects(centre: Centre, site: str) -> tuple[str, ...]:
    """A site's participants by number."""
    enrolled = AuditTrail(centre.engine).records(kinds=("SubjectEnrolled",))
    return tuple(sorted({record.subject for record in enrolled if record.site == site and record.subject}))


def site_casebooks(centre: Centre, site: str) -> tuple[SubjectData, ...]:
    """The casebooks of a site's participants as the centre holds them."""
    trail = AuditTrail(centre.engine)
    return tuple(fold(subject, trail.records(subject=subject)) for subject in site_subjects(centre, site))


def write_pack(centre: Centre, site: str, monitor: str, out: Path, now: datetime) -> Path:
    """Write the pack of a visit: the site's casebooks, plan and queries, readable by that monitor alone.

    Raises KnownError for a monitor or site that is not known, and where the study has no monitoring plan.
    """
    from trialdesk.domain.clinical.seal import body
    from trialdesk.exchange.envelope import write_durably
    from trialdesk.exchange.visit_pack import PACK_SUFFIX, PackContent, PackHead, make_pack
    from trialdesk.security import age
    from trialdesk.storage.study_library import freeze

    known = next((one for one in monitors(centre) if one.id == monitor), None)
    if known is None:
        raise KnownError(_NO_MONITOR.format(monitor=monitor))
    _refuse_revoked(centre, known, now)
    study = rules_of_centre(centre).study
    if study.monitoring is None:
        raise KnownError(_NO_PLAN)
    people = site_casebooks(centre, site)
    if not people:
        raise KnownError(_NO_SITE.format(site=site))
    trail = AuditTrail(centre.engine)
    records = [body(record).decode() for one in people for record in trail.records(subject=one.subject)]
    content = PackContent(study=freeze(study).decode(), records=tuple(records), places=enrolment_places(people))
    name = _next_name(centre, site, now)
    head = PackHead(
        study=centre.study, site=site, visit=name, monitor=monitor, made=now.isoformat(timespec="seconds"),
        participants=len(people), records=len(records), recipient=centre.recipient, certificate=known.certificate,
        root=(centre.folder / "root.pem").read_text(encoding="utf-8"), revocations=centre.revocations,
    )  # fmt: skip
    packed = make_pack(head, content, centre.sign, lambda plain: age.encrypt(plain, (known.recipient,)))
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{name}{PACK_SUFFIX}"
    given = Visit(name, site, monitor, head.made, len(people))
    (centre.folder / VISITS).mkdir(exist_ok=True)
    write_private(centre.folder / VISITS / f"{name}.json", json.dumps(given.__dict__, indent=1).encode())
    write_durably(path, packed)
    return path


def _monitor_file(centre: Centre, id: str) -> Path:
    return centre.folder / MONITORS / f"{id}.json"


def _next_name(centre: Centre, site: str, now: datetime) -> str:
    """A name no visit had and no workstation can have."""
    day = f"VISIT-{site}-{now:%Y%m%d}"
    taken = {one.name for one in visits(centre)}
    return next(f"{day}-{n}" for n in range(1, len(taken) + 2) if f"{day}-{n}" not in taken)


def _refuse_revoked(centre: Centre, monitor: Monitor, now: datetime) -> None:
    from trialdesk.security.certificates import load_certificate
    from trialdesk.security.trust import check

    trust = centre.trust
    check(load_certificate(monitor.certificate.encode()), trust.root, now, trust.revoked)


def _refuse_bad_recipient(recipient: str, name: str) -> None:
    from trialdesk.security import age

    try:
        age.encrypt(b"", (recipient,))
    except Exception as fault:  # pyrage names its own exceptions in compiled code only
        raise KnownError(_NO_REQUEST.format(name=name)) from fault


_NO_REQUEST = Text(
    en="{name} is not the request of a monitor of this study. Let the monitor make one: trialdesk visit-key FOLDER",
    zh="{name} 不是本研究监查员的申请文件。请监查员重新生成：trialdesk visit-key FOLDER",
)
_NO_MONITOR = Text(
    en="The centre knows no monitor {monitor}. Enter the monitor first: trialdesk centre add-monitor FOLDER REQUEST",
    zh="中心没有监查员 {monitor}。请先登记：trialdesk centre add-monitor FOLDER REQUEST",
)
_NO_SITE = Text(
    en="The centre holds no participant of site {site}. Look the sites up in: trialdesk centre status",
    zh="中心没有 {site} 中心的受试者。可用 trialdesk centre status 查看各中心。",
)
_NO_PLAN = Text(
    en="The study has no monitoring plan. Add monitoring.yaml to the study and make a new release.",
    zh="研究没有监查计划。请在研究文件夹中添加 monitoring.yaml 并发布新版本。",
)
