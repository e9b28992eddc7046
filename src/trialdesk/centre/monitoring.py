"""Monitoring at the centre: how far each site is by the plan, what stands out in its trail, medical and trail review."""

from __future__ import annotations

from dataclasses import dataclass

from trialdesk.centre.centre import Centre
from trialdesk.centre.letters import LOCAL
from trialdesk.centre.visits import site_casebooks
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.change_base import RecordId
from trialdesk.domain.clinical.monitoring_changes import TrailReviewed
from trialdesk.domain.clinical.source_review import enrolment_places, review_subject
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.clinical.trail_review import TrailSign, UserRate, trail_signs, user_rates
from trialdesk.domain.study.monitoring import MonitoringPlan
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.monitoring_view import ShieldRow, SiteMonitoring, shield_row
from trialdesk.storage.audit_trail import AuditTrail


@dataclass(frozen=True)
class SiteTrail:
    """What stands out in the trail of one site, and what its people entered."""

    signs: tuple[TrailSign, ...]
    rates: tuple[UserRate, ...]


def plan_of(centre: Centre) -> MonitoringPlan:
    """The study's monitoring plan; raises KnownError where it has none."""
    plan = centre.release.study.monitoring
    if plan is None:
        raise KnownError(_NO_PLAN)
    return plan


def site_monitoring(centre: Centre, site: str) -> SiteMonitoring:
    """Everything the monitoring page shows of one site; raises KnownError without a plan."""
    trail = site_trail(centre, site)
    return SiteMonitoring(site, shield_rows(centre, site), trail.signs, trail.rates)


def shield_rows(centre: Centre, site: str) -> tuple[ShieldRow, ...]:
    """The participants of a site in the order of enrolment."""
    study, plan = centre.release.study, plan_of(centre)
    people = site_casebooks(centre, site)
    places = enrolment_places(people)
    rows = [
        shield_row(study, plan, data, review_subject(study, plan, data, places[data.subject]), trail_is_seen(data))
        for data in people
    ]
    return tuple(sorted(rows, key=lambda row: row.review.place))


def site_trail(centre: Centre, site: str) -> SiteTrail:
    """What stands out in the trail of a site."""
    study, plan = centre.release.study, plan_of(centre)
    records = list(_site_records(centre, site))
    return SiteTrail(trail_signs(study, plan.trail, records), user_rates(plan.trail, records))


def trail_heads(data: SubjectData, records: list[AuditRecord]) -> tuple[RecordId, ...]:
    """The last record of each workstation's trail about a participant: up to here the trail can be looked through."""
    last: dict[str, int] = {}
    for record in records:
        if record.subject == data.subject and not _of_the_centre(record.origin):
            last[record.origin] = max(record.seq, last.get(record.origin, 0))
    return tuple(f"{origin}:{seq}" for origin, seq in sorted(last.items()))


def trail_is_seen(data: SubjectData) -> bool:
    """Whether the newest answers of a participant are older than the last review of the trail."""
    if not data.trail_reviews:
        return False
    reviewed = data.trail_reviews[-1].change
    assert isinstance(reviewed, TrailReviewed)
    upto = {origin: int(seq) for origin, _, seq in (head.rpartition(":") for head in reviewed.heads)}
    newest: dict[str, int] = {}
    for item in data.items.values():
        for entry in item.entries:
            newest[entry.record.origin] = max(entry.record.seq, newest.get(entry.record.origin, 0))
    return all(seq <= upto.get(origin, 0) for origin, seq in newest.items())


def _site_records(centre: Centre, site: str) -> list[AuditRecord]:
    """Records of a site's workstations about its participants, and the flags of their clocks."""
    trail = AuditTrail(centre.engine)
    found = [
        record
        for data in site_casebooks(centre, site)
        for record in trail.records(subject=data.subject)
        if not _of_the_centre(record.origin)
    ]
    return found + [record for record in trail.records(kinds=("ClockFlagged",)) if record.site == site]


def _of_the_centre(origin: str) -> bool:
    return origin == LOCAL or origin.startswith(f"{LOCAL}-")


_NO_PLAN = Text(
    en="The study has no monitoring plan. Add monitoring.yaml to the study and make a new release.",
    zh="研究没有监查计划。请在研究文件夹中添加 monitoring.yaml 并发布新版本。",
)
