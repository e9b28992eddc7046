"""Monitoring at the centre: how far each site is by the plan, what stands out in its trail, medical and trail review."""

from __future__ import annotations

from trialdesk.centre.centre import Centre
from trialdesk.centre.letters import LOCAL
from trialdesk.centre.library import rules_of_centre
from trialdesk.centre.visits import site_subjects
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.change_base import RecordId
from trialdesk.domain.clinical.fold import fold
from trialdesk.domain.clinical.monitoring_changes import TrailReviewed
from trialdesk.domain.clinical.source_review import enrolment_places, review_subject
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.clinical.trail_review import TrailSign, trail_signs, user_rates
from trialdesk.domain.study.monitoring import MonitoringPlan
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.centre_view import Progress, unwatched
from trialdesk.services.monitoring_view import SiteMonitoring, shield_row
from trialdesk.storage.audit_trail import AuditTrail


def plan_of(centre: Centre) -> MonitoringPlan:
    """The study's monitoring plan; raises KnownError where it has none."""
    return _study_and_plan(centre)[1]


def site_monitoring(centre: Centre, site: str, told: Progress = unwatched) -> SiteMonitoring:
    """Everything the monitoring page shows of one site; raises KnownError without a plan."""
    study, plan = _study_and_plan(centre)
    held = _held(centre, site, told)
    people = [data for data, _ in held]
    places = enrolment_places(people)
    rows = [
        shield_row(study, plan, data, review_subject(study, plan, data, places[data.subject]), trail_is_seen(data))
        for data in people
    ]
    records = [record for _, mine in held for record in mine if not _of_the_centre(record.origin)]
    records += _clock_flags(centre, site)
    return SiteMonitoring(
        site,
        tuple(sorted(rows, key=lambda row: row.review.place)),
        trail_signs(study, plan.trail, records),
        user_rates(plan.trail, records),
    )


def subject_signs(centre: Centre, site: str, subject: str) -> tuple[TrailSign, ...]:
    """What stands out in the trail about one participant."""
    study, plan = _study_and_plan(centre)
    records = [r for _, mine in _held(centre, site) for r in mine if not _of_the_centre(r.origin)]
    return tuple(sign for sign in trail_signs(study, plan.trail, records) if sign.subject == subject)


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


def _study_and_plan(centre: Centre) -> tuple[Study, MonitoringPlan]:
    """The study and the plan of the newest release given out."""
    study = rules_of_centre(centre).study
    if study.monitoring is None:
        raise KnownError(NO_PLAN)
    return study, study.monitoring


def _held(centre: Centre, site: str, told: Progress = unwatched) -> list[tuple[SubjectData, list[AuditRecord]]]:
    """The casebooks of a site's participants with their records, each read once."""
    trail = AuditTrail(centre.engine)
    found = []
    subjects = site_subjects(centre, site)
    for step, subject in enumerate(subjects):
        told(step, len(subjects))
        records = list(trail.records(subject=subject))
        found.append((fold(subject, records), records))
    return found


def _clock_flags(centre: Centre, site: str) -> list[AuditRecord]:
    return [record for record in AuditTrail(centre.engine).records(kinds=("ClockFlagged",)) if record.site == site]


def _of_the_centre(origin: str) -> bool:
    return origin == LOCAL or origin.startswith(f"{LOCAL}-")


NO_PLAN = Text(
    en="The study has no monitoring plan. Add monitoring.yaml to the study and make a new release.",
    zh="研究没有监查计划。请在研究文件夹中添加 monitoring.yaml 并发布新版本。",
)
