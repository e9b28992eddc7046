"""Departures from the protocol in what was recorded, found by the rules and never typed a second time."""

from __future__ import annotations

from datetime import date

from trialdesk.centre.centre import Centre
from trialdesk.centre.library import rules_of_centre
from trialdesk.domain.actions.reasons import EXPLANATIONS, words_of
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import FindingExplained
from trialdesk.domain.clinical.fold import fold
from trialdesk.domain.rules.assess import assess
from trialdesk.domain.text import Text
from trialdesk.services.centre_view import Deviation, Progress, unwatched
from trialdesk.storage.audit_trail import AuditTrail


def deviations(centre: Centre, today: date, told: Progress = unwatched) -> tuple[Deviation, ...]:
    """Every departure from the protocol, explained or not, by participant."""
    rules, trail = rules_of_centre(centre), AuditTrail(centre.engine)
    found: list[Deviation] = []
    subjects = trail.subjects()
    for step, subject in enumerate(subjects):
        told(step, len(subjects))
        data = fold(subject, list(trail.records(subject=subject)))
        site = data.enrolled.site if data.enrolled else ""
        for assessment in assess(rules, data, today).values():
            for one in assessment.findings:
                if one.deviation:
                    found.append(Deviation(subject, site, str(one.path), one.rule, one.says, _why(one.explained)))
    return tuple(found)


def _why(explained: AuditRecord | None) -> Text | None:
    if explained is None or not isinstance(explained.change, FindingExplained):
        return None
    return words_of(EXPLANATIONS, explained.change.code, explained.change.words)
