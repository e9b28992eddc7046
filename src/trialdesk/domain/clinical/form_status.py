"""The state of a form, derived from the trail and never stored."""

from __future__ import annotations

from enum import StrEnum

from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Text


class FormStatus(StrEnum):
    """empty, draft, complete, signed, changed since signed, locked."""

    EMPTY = "empty"
    DRAFT = "draft"
    COMPLETE = "complete"
    SIGNED = "signed"
    CHANGED = "changed"
    LOCKED = "locked"


STATUS_WORDS: dict[FormStatus, Text] = {
    FormStatus.EMPTY: Text(en="Empty", zh="未填"),
    FormStatus.DRAFT: Text(en="Draft", zh="草稿"),
    FormStatus.COMPLETE: Text(en="Complete", zh="已完成"),
    FormStatus.SIGNED: Text(en="Signed", zh="已签名"),
    FormStatus.CHANGED: Text(en="Changed since signed", zh="签名后有更改"),
    FormStatus.LOCKED: Text(en="Locked", zh="已锁定"),
}


def form_status(data: SubjectData, form: FormPath) -> FormStatus:
    """The state of one form; opening a form leaves it as it was, because opening writes nothing."""
    acts = data.forms.get(form)
    if form not in data.by_form:
        return FormStatus.EMPTY
    if acts is None:
        return FormStatus.DRAFT
    if acts.is_locked:
        return FormStatus.LOCKED
    if acts.signed:
        return FormStatus.CHANGED if data.changed_since_signed(form) else FormStatus.SIGNED
    if acts.completion is not None and not data.changed_since_complete(form):
        return FormStatus.COMPLETE
    return FormStatus.DRAFT
