"""Completing and reopening a form: the one gate that findings guard."""

from __future__ import annotations

from collections.abc import Callable

from trialdesk.domain.actions.entry import refuse_locked
from trialdesk.domain.actions.outcome import Outcome, Refusal, Request, refuse_role
from trialdesk.domain.admin.role import Act
from trialdesk.domain.clinical.changes import Change, FormCompleted, FormReopened, ItemDerived, RecordId
from trialdesk.domain.clinical.form_status import FormStatus, form_status
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath
from trialdesk.domain.rules.assess import assess_form
from trialdesk.domain.rules.finding import FormAssessment
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.domain.text import Text


def complete_form(
    book: Rulebook, data: SubjectData, request: Request, form: FormPath, upcoming: Callable[[int], RecordId]
) -> Outcome | Refusal:
    """Declare a form complete, or say how much is left to finish.

    Computed answers are recorded first, so that the trail holds what the person saw; `upcoming(i)` is the name the
    i-th change of this outcome will get.
    """
    refusal = refuse_role(request.role, Act.COMPLETE)
    if refusal:
        return refusal
    acts = data.forms.get(form)
    stands = acts is not None and acts.completion is not None and not data.changed_since_complete(form)
    if stands or form_status(data, form) is FormStatus.LOCKED:
        return Outcome()
    assessment = assess_form(book, data, form, request.today)
    if assessment.to_finish:
        return _unfinished(assessment)
    changes: list[Change] = list(derivations(data, assessment))
    replaced = {name for change in changes if isinstance(change, ItemDerived) for name in change.replaces}
    covers = (data.covered(form) - replaced) | {upcoming(index) for index in range(len(changes))}
    kept = tuple(sorted(f"{f.rule}@{f.path}" for f in assessment.findings))
    changes.append(FormCompleted(form=form, covers=tuple(sorted(covers)), findings=kept))
    return Outcome(tuple(changes))


def derivations(data: SubjectData, assessment: FormAssessment) -> list[ItemDerived]:
    """The computed answers of a form that are not on record as they are now."""
    made = []
    for path, (rule, text) in assessment.derived.items():
        known = data.items.get(path)
        if (known.value if known else None) != text:
            replaces = known.head_ids if known else ()
            made.append(ItemDerived(path=path, value=text, rule=rule, replaces=replaces))
    return made


def reopen_form(data: SubjectData, request: Request, form: FormPath) -> Outcome | Refusal:
    """Take a completed form back to draft, with a reason; signatures stay on record and show as outdated."""
    refusal = refuse_role(request.role, Act.REOPEN) or refuse_locked(data, form)
    if refusal:
        return refusal
    acts = data.forms.get(form)
    completion = acts.completion if acts else None
    if completion is None:
        return Outcome()
    if request.reason is None:
        return Refusal("reason_needed", Text(en="Give a reason for reopening.", zh="请填写重新打开的原因。"))
    return Outcome((FormReopened(form=form, replaces=(completion.id,)),), request.reason)


def _unfinished(assessment: FormAssessment) -> Refusal:
    counts = {kind: sum(1 for f in assessment.to_finish if f.severity == kind) for kind in ("missing", "hard", "soft")}
    says = Text(
        en="Not complete yet: {missing} empty, {hard} to correct, {soft} without a reason. F4 goes to the first.",
        zh="尚不能完成：未填 {missing} 项，须更正 {hard} 项，待说明 {soft} 项。按 F4 跳到第一项。",
    )
    return Refusal("unfinished", says.format(**counts))
