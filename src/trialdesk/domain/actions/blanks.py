"""Saying once that there is no value: for one question, for a section, for a whole form; each question is recorded."""

from __future__ import annotations

from collections.abc import Sequence

from trialdesk.domain.actions.entry import reason_needed, refuse_locked, was_complete
from trialdesk.domain.actions.outcome import Outcome, Refusal, Request, refuse_role
from trialdesk.domain.admin.role import Act
from trialdesk.domain.clinical.changes import Change, ItemCorrected, ItemEntered, Missing
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import ItemPath
from trialdesk.domain.rules.finding import FormAssessment
from trialdesk.domain.text import Text


def blanks(assessment: FormAssessment, group: str | None = None, row: int | None = None) -> tuple[ItemPath, ...]:
    """Questions that are asked now, need an answer and have none: of a form, of one section, of one row of it."""
    wanted = [f.path for f in assessment.findings if f.severity == "missing"]
    return tuple(
        dict.fromkeys(
            path
            for path in wanted
            if (group is None or path.group == group) and (row is None or path.group_repeat == row)
        )
    )


def mark_missing(data: SubjectData, request: Request, paths: Sequence[ItemPath], missing: Missing) -> Outcome | Refusal:
    """Record for each of these questions why it has no value (CDASH ND, UNK, NA); an answer is never overwritten."""
    refusal = refuse_role(request.role, Act.ENTER)
    if refusal:
        return refusal
    changes: list[Change] = []
    for path in paths:
        locked = refuse_locked(data, path.form_path)
        if locked:
            return locked
        known = data.items.get(path)
        if known is None:
            changes.append(ItemEntered(path=path, missing=missing))
        elif not known.disputed and known.value is None and known.missing is None:
            changes.append(ItemCorrected(path=path, missing=missing, replaces=known.head_ids))
    if not changes:
        says = Text(en="Nothing is empty here; answers stay as they are.", zh="此处没有未填项目，已填内容不变。")
        return Refusal("state", says)
    if request.reason is None and any(was_complete(data, path.form_path) for path in paths):
        return reason_needed()
    return Outcome(tuple(changes), request.reason)
