"""Letting a newer study release ask a draft that was begun under an older one."""

from __future__ import annotations

from trialdesk.domain.actions.entry import refuse_locked
from trialdesk.domain.actions.outcome import Outcome, Refusal, Request, refuse_role
from trialdesk.domain.admin.role import Act
from trialdesk.domain.clinical.changes import FormMoved
from trialdesk.domain.clinical.form_status import FormStatus, form_status
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.domain.text import Text


def move_form(book: Rulebook, data: SubjectData, request: Request, form: FormPath) -> Outcome | Refusal:
    """Move a draft to the newest release in effect for it; a finished form stays under the release it was made by."""
    refusal = refuse_role(request.role, Act.ENTER) or refuse_locked(data, form)
    if refusal:
        return refusal
    if form_status(data, form) is not FormStatus.DRAFT:
        return Refusal("state", _FINISHED)
    newer = book.newer(data, request.today, form)
    if newer is None:
        return Refusal("state", _NONE)
    before = book.on(data, request.today, form).study.version
    return Outcome((FormMoved(form=form, before=before, version=newer.study.version),))


_FINISHED = Text(
    en="Only a draft can be moved. A complete or signed form keeps the release it was made under.",
    zh="只有草稿可以移至新版本。已完成或已签名的表单保持原版本。",
)
_NONE = Text(
    en="No newer release is in effect for this form.",
    zh="本表单没有已生效的更新版本。",
)
