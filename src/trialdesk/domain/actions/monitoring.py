"""What a monitor and a medical reviewer do beside single comparisons: whole forms, medical review, trail review."""

from __future__ import annotations

from trialdesk.domain.actions.outcome import Outcome, Refusal, Request, refuse_role
from trialdesk.domain.actions.review import verify_source
from trialdesk.domain.admin.role import Act
from trialdesk.domain.clinical.change_base import RecordId, SourceKind
from trialdesk.domain.clinical.form_status import FormStatus, form_status
from trialdesk.domain.clinical.monitoring_changes import (
    FormRead,
    MedicallyReviewed,
    MedicalReviewLifted,
    TrailReviewed,
)
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.text import Text


def verify_form(
    data: SubjectData,
    request: Request,
    form: FormPath,
    paths: tuple[ItemPath, ...],
    source: SourceKind,
    where: str,
    read: bool,
) -> Outcome | Refusal:
    """Call several answers of one form verified in one act; `read` says that the form was read to its end.

    Refused for a form that was not, for answers of another form, and for whatever one comparison is refused for.
    """
    refusal = refuse_role(request.role, Act.VERIFY)
    if refusal:
        return refusal
    if not read:
        return Refusal("state", _NOT_READ)
    if any(path.form_path != form for path in paths):
        return Refusal("state", _OTHER_FORM)
    verified = verify_source(data, request, paths, source, where)
    if isinstance(verified, Refusal):
        return verified
    return Outcome((FormRead(form=form, covers=tuple(sorted(data.covered(form)))), *verified.changes))


def review_medically(data: SubjectData, request: Request, form: FormPath, words: str = "") -> Outcome | Refusal:
    """State that a medically qualified person judged a form as it stands; the form must be complete and undisputed."""
    refusal = refuse_role(request.role, Act.MEDICAL_REVIEW)
    if refusal:
        return refusal
    if form_status(data, form) in (FormStatus.EMPTY, FormStatus.DRAFT) or (form, None, 1) in data.struck:
        return Refusal("state", _NOT_FINISHED)
    if any(data.items[path].disputed for path in data.by_form[form]):
        return Refusal("state", _DISPUTED)
    if data.medical_review(form) is not None:
        return Refusal("state", _REVIEWED)
    return Outcome((MedicallyReviewed(form=form, covers=tuple(sorted(data.endorsed(form))), words=words.strip()),))


def lift_medical_review(data: SubjectData, request: Request, record: RecordId, words: str) -> Outcome | Refusal:
    """Take a medical review back, with the reason."""
    refusal = refuse_role(request.role, Act.MEDICAL_REVIEW)
    if refusal:
        return refusal
    known = {one.id for records in data.medical.values() for one in records}
    if record not in known - data.medical_lifted:
        return Refusal("state", _NO_REVIEW)
    if not words.strip():
        return Refusal("reason_needed", _WHY)
    return Outcome((MedicalReviewLifted(replaces=(record,), words=words.strip()),))


def review_trail(
    request: Request, heads: tuple[RecordId, ...], signs: tuple[str, ...], words: str
) -> Outcome | Refusal:
    """State that a participant's trail was looked through up to these records, what stood out, and the conclusion."""
    refusal = refuse_role(request.role, Act.REVIEW_TRAIL)
    if refusal:
        return refusal
    if not heads:
        return Refusal("state", _NO_TRAIL)
    if not words.strip():
        return Refusal("reason_needed", _CONCLUSION)
    return Outcome((TrailReviewed(heads=heads, signs=signs, words=words.strip()),))


_NOT_READ = Text(
    en="Read the form to its end first; then its answers can be called verified in one act.",
    zh="请先将表单通读至末尾，之后才能一次核查多项。",
)
_OTHER_FORM = Text(
    en="One act is for the answers of one form. Choose the answers again.",
    zh="一次操作仅限同一表单的答案，请重新选择。",
)
_NOT_FINISHED = Text(
    en="A form in draft cannot be reviewed medically. Let the site complete it first.",
    zh="草稿表单不能做医学审核。请先由研究中心完成表单。",
)
_DISPUTED = Text(
    en="Two answers stand against each other on this form. Let the site settle them first.",
    zh="此表单有答案存在争议，请先由研究中心处理。",
)
_REVIEWED = Text(en="The form was reviewed as it stands.", zh="此表单当前内容已完成医学审核。")
_NO_REVIEW = Text(en="There is no such medical review to take back.", zh="没有可撤销的此项医学审核。")
_WHY = Text(en="Give a reason.", zh="请填写原因。")
_NO_TRAIL = Text(en="The participant has no records yet.", zh="该受试者尚无记录。")
_CONCLUSION = Text(
    en="Write what you concluded; `nothing to note` is a conclusion.", zh="请填写审查结论；“未见异常”也是结论。"
)
