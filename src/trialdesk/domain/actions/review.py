"""What the centre does to forms and answers it looks at: hold still, lock, compare with the source."""

from __future__ import annotations

from trialdesk.domain.actions.form_conditions import conditions, ready
from trialdesk.domain.actions.outcome import Outcome, Refusal, Request, refuse_role
from trialdesk.domain.admin.role import Act
from trialdesk.domain.clinical.changes import (
    FormFrozen,
    FormLocked,
    FormThawed,
    FormUnlocked,
    RecordId,
    SourceKind,
    SourceVerified,
    VerificationLifted,
)
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.text import Text


def freeze_form(data: SubjectData, request: Request, form: FormPath) -> Outcome | Refusal:
    """Hold a form still while it is looked at; one person may do and undo it."""
    refusal = refuse_role(request.role, Act.FREEZE)
    if refusal:
        return refusal
    if not ready(data, form, "freeze"):
        return Refusal("state", _NOTHING_TO_HOLD)
    return Outcome((FormFrozen(form=form),), request.reason)


def thaw_form(data: SubjectData, request: Request, form: FormPath) -> Outcome | Refusal:
    """Let a form that is held still go."""
    refusal = refuse_role(request.role, Act.FREEZE)
    if refusal:
        return refusal
    acts = data.forms.get(form)
    if acts is None or not acts.is_frozen:
        return Refusal("state", _NOT_HELD)
    standing = tuple(r.id for r in acts.frozen if r.id not in acts.lifted)
    return Outcome((FormThawed(form=form, replaces=standing),), request.reason)


def lock_form(data: SubjectData, request: Request, form: FormPath, second: str) -> Outcome | Refusal:
    """Lock a signed form for good; it takes two persons, and no query may wait."""
    refusal = refuse_role(request.role, Act.LOCK) or _alone(request, second)
    if refusal:
        return refusal
    if lacking := [one.says for one in conditions(data, form, "lock") if not one.met]:
        why = Text(en="; ".join(one.en for one in lacking), zh="；".join(one.zh for one in lacking))
        return Refusal("state", _NOT_READY.format(why=why))
    return Outcome((FormLocked(form=form, second=second),), request.reason)


def unlock_form(data: SubjectData, request: Request, form: FormPath, second: str) -> Outcome | Refusal:
    """Lift a lock with a reason; it takes two persons."""
    refusal = refuse_role(request.role, Act.UNLOCK) or _alone(request, second)
    if refusal:
        return refusal
    acts = data.forms.get(form)
    if acts is None or not acts.is_locked:
        return Refusal("state", _NOT_LOCKED)
    if request.reason is None:
        return Refusal("reason_needed", _WHY)
    standing = tuple(r.id for r in acts.locked if r.id not in acts.lifted)
    return Outcome((FormUnlocked(form=form, replaces=standing, second=second),), request.reason)


def verify_source(
    data: SubjectData, request: Request, paths: tuple[ItemPath, ...], source: SourceKind, where: str
) -> Outcome | Refusal:
    """Say that these answers were compared with a named source, and where in it they stand."""
    refusal = refuse_role(request.role, Act.VERIFY)
    if refusal:
        return refusal
    known = [data.items[path] for path in paths if path in data.items and not data.is_struck(path)]
    if not paths or len(known) != len(paths) or any(item.disputed for item in known):
        return Refusal("state", _NO_ANSWER)
    if not where.strip():
        return Refusal("reason_needed", _WHERE)
    covers = tuple(name for item in known for name in item.head_ids)
    return Outcome((SourceVerified(paths=paths, covers=covers, source=source, where=where.strip()),))


def lift_verification(data: SubjectData, request: Request, record: RecordId, words: str) -> Outcome | Refusal:
    """Take a comparison with the source back, with the reason."""
    refusal = refuse_role(request.role, Act.VERIFY)
    if refusal:
        return refusal
    known = {one.id for records in data.verified.values() for one in records}
    if record not in known - data.unverified:
        return Refusal("state", _NOT_VERIFIED)
    if not words.strip():
        return Refusal("reason_needed", _WHY)
    return Outcome((VerificationLifted(replaces=(record,), words=words.strip()),))


def _alone(request: Request, second: str) -> Refusal | None:
    if second.strip() and second != request.user:
        return None
    return Refusal("credential", _TWO)


_TWO = Text(en="This takes two persons: name the second one.", zh="此操作须两人完成，请指明第二人。")
_WHY = Text(en="Give a reason.", zh="请填写原因。")
_WHERE = Text(
    en="Say where in the source it stands: number, page or place.", zh="请注明在源文件中的位置：编号、页码或地点。"
)
_NOTHING_TO_HOLD = Text(en="The form is empty or held already.", zh="表单为空，或已冻结。")
_NOT_HELD = Text(en="The form is not held.", zh="表单未冻结。")
_NOT_LOCKED = Text(en="The form is not locked.", zh="表单未锁定。")
_NOT_READY = Text(
    en="Only a signed form without waiting queries can be locked. This one cannot: {why}.",
    zh="只有已签名且无待处理质疑的表单才能锁定。此表单不能锁定：{why}。",
)
_NO_ANSWER = Text(
    en="Only answers that stand and are not disputed can be compared with a source.",
    zh="只能核对已有且无争议的答案。",
)
_NOT_VERIFIED = Text(en="There is no such verification to take back.", zh="没有可撤销的此项核查。")
