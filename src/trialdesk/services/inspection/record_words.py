"""What one record of the trail says, in words: what happened, where, from what to what, and why."""

from __future__ import annotations

from dataclasses import dataclass, field

from trialdesk.domain.actions.reasons import CHANGED, EXPLANATIONS, MISSING, words_of
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import (
    AccessReset,
    BundleWritten,
    ClockFlagged,
    DocumentMade,
    FindingExplained,
    ItemCorrected,
    ItemDerived,
    ItemEntered,
    ReceiptTaken,
    SessionNoted,
    StudyAdopted,
    UserAdded,
    UserRetired,
)
from trialdesk.domain.clinical.reading_changes import AnswerShown
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text
from trialdesk.services.paper_lines import KINDS

NOTHING = Text(en="", zh="")
MORE: dict[str, Text] = {
    "VisitTaken": Text(en="monitor's visit taken in", zh="导入监查访视"),
    "FormMoved": Text(en="draft moved to a newer release", zh="草稿转入新版本"),
    "CustodyPassed": Text(en="in the place of a dead workstation", zh="接替停用的工作站"),
    "QueryProposed": Text(en="query drafted", zh="拟质疑"),
    "NoteAdded": Text(en="note written", zh="填写备注"),
    "UserAdded": Text(en="account given", zh="开设账户"),
    "UserRetired": Text(en="account ended", zh="停用账户"),
    "AccessReset": Text(en="passphrase reset", zh="重置口令"),
    "CertificateTaken": Text(en="certificate taken in", zh="导入证书"),
    "StudyAdopted": Text(en="study release adopted", zh="启用研究版本"),
    "StudyReleased": Text(en="study release given out", zh="发布研究版本"),
    "TerminologyAdopted": Text(en="official wording adopted", zh="启用官方原文"),
    "BundleWritten": Text(en="bundle written", zh="导出数据包"),
    "ReceiptTaken": Text(en="receipt taken in", zh="读入回执"),
    "AnswerShown": Text(en="inspector's page read", zh="查阅检查资料"),
    "ClockFlagged": Text(en="clock went back", zh="时钟回拨"),
    "SessionNoted": Text(en="session", zh="会话"),
}
SESSION: dict[str, Text] = {
    "signed_in": Text(en="signed in", zh="登录"),
    "signed_out": Text(en="signed out", zh="退出"),
    "locked": Text(en="locked", zh="锁屏"),
    "unlocked": Text(en="unlocked", zh="解锁"),
    "refused": Text(en="sign-in refused", zh="登录被拒"),
    "restored": Text(en="restored from a backup", zh="由备份恢复"),
    "backed_up": Text(en="backed up", zh="备份"),
    "recovered": Text(en="access recovered by the centre's key", zh="用中心密钥恢复访问"),
}
MADE: dict[str, Text] = {
    "printed": Text(en="printed", zh="打印"),
    "saved": Text(en="saved as a file", zh="另存文件"),
    "scanned": Text(en="scan of paper attached", zh="附上纸质扫描件"),
    "shown": Text(en="read on the screen", zh="屏幕查阅"),
}


def what(record: AuditRecord) -> Text:
    """What happened, in a few words."""
    change = record.change
    if isinstance(change, SessionNoted):
        return SESSION[change.what]
    if isinstance(change, DocumentMade):
        return MADE[change.what]
    return KINDS.get(change.kind) or MORE.get(change.kind) or Text(en=change.kind, zh=change.kind)


def why(record: AuditRecord) -> Text:
    """The reason a person gave, the rule that computed, or nothing."""
    change = record.change
    if record.reason is not None:
        return words_of(CHANGED, record.reason.code, record.reason.words)
    if isinstance(change, FindingExplained):
        return words_of(EXPLANATIONS, change.code, change.words)
    if isinstance(change, ItemDerived):
        return Text(en=f"rule {change.rule}", zh=f"规则 {change.rule}")
    said = str(getattr(change, "words", "") or "")
    return Text(en=said, zh=said)


def shown(study: Study, change: ItemEntered | ItemCorrected | ItemDerived) -> Text:
    """The answer a record gives, with the words of its code and its unit."""
    missing = None if isinstance(change, ItemDerived) else change.missing
    if missing:
        return dict(MISSING)[missing]
    if change.value is None:
        return Text(en="(empty)", zh="（空）")
    known = study.place.get(change.path.item)
    words = study.words(known[2], change.value) if known else None
    if words is not None:
        return words
    unit = "" if isinstance(change, ItemDerived) else change.unit or (known[2].unit if known else "") or ""
    said = f"{change.value} {unit}".strip()
    return Text(en=said, zh=said)


def detail(record: AuditRecord) -> Text:
    """What a record that is no answer says beside its name."""
    change = record.change
    said = ""
    if isinstance(change, SessionNoted):
        said = change.detail
    elif isinstance(change, UserAdded | UserRetired | AccessReset):
        said = change.user + (f" ({change.role})" if isinstance(change, UserAdded) else "")
    elif isinstance(change, BundleWritten):
        said = f"{change.number}: {change.first}–{change.last}"
    elif isinstance(change, ReceiptTaken):
        said = f"1–{change.accepted_to}, {change.centre_time}"
    elif isinstance(change, AnswerShown):
        from trialdesk.services.inspection.page import BY_NAME

        asked = (
            BY_NAME[change.question].label
            if change.question in BY_NAME
            else Text(en=change.question, zh=change.question)
        )
        about = f" {change.about}" if change.about else ""
        return Text(en="{q}{a} {how}", zh="{q}{a} {how}").format(q=asked, a=about, how=MADE[change.how])
    elif isinstance(change, ClockFlagged):
        said = f"{change.last} > {change.now}"
    elif isinstance(change, StudyAdopted):
        said = change.version
    elif isinstance(change, DocumentMade):
        said = change.document[:16] + "…"
    elif isinstance(says := getattr(change, "says", None), Text):
        return says
    return Text(en=said, zh=said)


@dataclass
class Values:
    """Goes through records in order and says of each answer what stood there before it."""

    study: Study
    held: dict[tuple[str | None, ItemPath], Text] = field(default_factory=dict)

    def step(self, record: AuditRecord) -> tuple[Text, Text]:
        """From what to what; nothing before for a first answer, nothing at all for other records."""
        change = record.change
        if not isinstance(change, ItemEntered | ItemCorrected | ItemDerived):
            return NOTHING, detail(record)
        key = (record.subject, change.path)
        before, after = self.held.get(key, NOTHING), shown(self.study, change)
        self.held[key] = after
        return before, after


def place_of(record: AuditRecord) -> FormPath | ItemPath | None:
    """The field or form a record is about."""
    change = record.change
    found = (
        getattr(change, "path", None) or getattr(change, "form", None) or next(iter(getattr(change, "paths", ())), None)
    )
    return found if isinstance(found, FormPath | ItemPath) else None
