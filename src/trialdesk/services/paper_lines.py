"""Records of the trail as lines of a printed table."""

from __future__ import annotations

from trialdesk.domain.actions.reasons import CHANGED, EXPLANATIONS, words_of
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import FindingExplained, FormMoved, ItemCorrected, ItemDerived, ItemEntered
from trialdesk.domain.text import Text

KINDS: dict[str, Text] = {
    "SubjectEnrolled": Text(en="enrolled", zh="登记受试者"),
    "ItemEntered": Text(en="entered", zh="录入"),
    "ItemCorrected": Text(en="corrected", zh="更正"),
    "ItemDerived": Text(en="computed", zh="计算"),
    "FindingExplained": Text(en="finding explained", zh="说明提示"),
    "RowStruck": Text(en="struck out", zh="划去"),
    "FormCompleted": Text(en="completed", zh="完成表单"),
    "FormReopened": Text(en="reopened", zh="重新打开"),
    "FormCertified": Text(en="certified", zh="录入签名"),
    "FormSigned": Text(en="signed", zh="签署"),
    "FormFrozen": Text(en="held still by the centre", zh="中心冻结"),
    "FormThawed": Text(en="free again", zh="解除冻结"),
    "FormMoved": Text(en="moved to a newer release", zh="移至新研究版本"),
    "FormLocked": Text(en="locked", zh="锁定"),
    "FormUnlocked": Text(en="unlocked", zh="解锁"),
    "QueryOpened": Text(en="query opened", zh="提出质疑"),
    "QueryAnswered": Text(en="query answered", zh="答复质疑"),
    "QueryAskedAgain": Text(en="asked again", zh="追问"),
    "QueryClosed": Text(en="query closed", zh="关闭质疑"),
    "SourceVerified": Text(en="compared with the source", zh="源数据核查"),
    "VerificationLifted": Text(en="comparison taken back", zh="撤销源数据核查"),
    "MedicallyReviewed": Text(en="medically reviewed", zh="医学审核"),
    "MedicalReviewLifted": Text(en="medical review taken back", zh="撤销医学审核"),
    "FormRead": Text(en="read to its end by the monitor", zh="监查员已通读表单"),
    "TrailReviewed": Text(en="audit trail looked through", zh="稽查轨迹审查"),
    "DocumentMade": Text(en="printed or saved", zh="打印或另存"),
}


def moment(record: AuditRecord) -> str:
    """When a record was written, in its own zone."""
    return record.local_time.strftime("%Y-%m-%d %H:%M:%S") + f" {record.zone}"


def change_line(record: AuditRecord, names: dict[str, Text], held: dict[object, str]) -> tuple[str, ...]:
    """Number, when, who, what, place, from, to, why; `held` remembers the value of each place from line to line."""
    change = record.change
    who = names.get(record.user, Text(en=record.user, zh=record.user))
    what = KINDS.get(change.kind, Text(en=change.kind, zh=change.kind))
    place, before, after, why = "", "", "", ""
    if isinstance(change, ItemEntered | ItemCorrected | ItemDerived):
        place, before = str(change.path), held.get(change.path, "")
        unit = getattr(change, "unit", None)
        after = (change.value or getattr(change, "missing", None) or "") + (f" {unit}" if unit else "")
        held[change.path] = after
        why = change.rule if isinstance(change, ItemDerived) else ""
    elif isinstance(change, FindingExplained):
        place, after = str(change.path), change.rule
        said = words_of(EXPLANATIONS, change.code, change.words)
        why = f"{said.zh} {said.en}"
    else:
        place = str(getattr(change, "form", "") or "")
        after = str(getattr(change, "words", "") or getattr(change, "initials", "") or "")
        says = getattr(change, "says", None)
        if isinstance(says, Text):
            after = f"{says.zh} {says.en}"
        if second := getattr(change, "second", None):
            after = f"会同 with {second}"
        if isinstance(change, FormMoved):
            before, after = change.before, change.version
    if record.reason is not None:
        said = words_of(CHANGED, record.reason.code, record.reason.words)
        why = f"{said.zh} {said.en}"
    return record.id, moment(record), who.zh, f"{what.zh} {what.en}", place, before, after, why
