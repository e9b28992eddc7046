"""Paper about the desk: who may act since when and what each person signed, and the bundles for the centre."""

from __future__ import annotations

from collections.abc import Sequence

from trialdesk.documents.content import CrfTable
from trialdesk.documents.paper import About
from trialdesk.documents.study_summary import SheetFrame, sheets
from trialdesk.domain.admin.role import ROLE_WORDS, Role
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import (
    AccessReset,
    CertificateTaken,
    FormCertified,
    FormSigned,
    ReceiptTaken,
    UserAdded,
    UserRetired,
)
from trialdesk.domain.text import Text
from trialdesk.services.casebook_paper import bundle_table
from trialdesk.services.clock_check import clock_standing
from trialdesk.services.desk import OpenDesk
from trialdesk.services.from_centre import released
from trialdesk.services.paper_lines import moment
from trialdesk.services.transfer import standing

DELEGATION = Text(en="Delegation and signature log", zh="授权与签名记录")
LEDGER = Text(en="Bundle ledger", zh="数据包台账")


def delegation_pdf(desk: OpenDesk) -> bytes:
    """Everyone who may or might act at this desk, from when to when, with certificates, and every signature given."""
    return desk_sheets(desk, DELEGATION, (_people(desk), _signatures(desk)))


def ledger_pdf(desk: OpenDesk) -> bytes:
    """Every bundle written, every receipt read, what the centre released, and what both tell of the clock."""
    return desk_sheets(desk, LEDGER, (_standing(desk), bundle_table(desk), _receipts(desk), _released(desk)))


def _standing(desk: OpenDesk) -> CrfTable:
    """How far the centre has everything, by its own signature, and how the clocks stand to each other."""
    now, clock = standing(desk), clock_standing(desk)
    has = Text(en="nothing confirmed yet", zh="尚无确认")
    if now.accepted_to:
        words = Text(en="everything up to record {n}, centre's time {at}", zh="截至第 {n} 条的全部数据，中心时间 {at}")
        has = words.format(n=now.accepted_to, at=(now.accepted_at or "")[:19] + "Z")
    only_here = str(now.last - max(now.sent_to, now.accepted_to))
    cells = (
        ("中心已有 The centre has", f"{has.zh}\n{has.en}"),
        ("只在本机的记录 Records only here", only_here),
        ("时钟 Clock", f"{clock.says.zh}\n{clock.says.en}"),
        ("说明 What to do", f"{clock.what_to_do.zh}\n{clock.what_to_do.en}"),
    )
    heads = (Text(en="What", zh="项目"), Text(en="Standing", zh="状况"))
    return CrfTable(Text(en="Standing", zh="当前状况"), heads, cells, weights=(28, 72))


def _receipts(desk: OpenDesk) -> CrfTable:
    heads = (
        Text(en="Read", zh="读入时间"), Text(en="For bundle", zh="对应数据包"), Text(en="Centre has up to", zh="中心已有至"),
        Text(en="Centre's time", zh="中心时间"), Text(en="Centre's records held", zh="已收中心记录至"),
        Text(en="Centre's clock minus bundle's stamp", zh="中心时钟减数据包时间"),
    )  # fmt: skip
    cells = []
    for record in desk.trail.records(origin=desk.session.origin, kinds=("ReceiptTaken",)):
        change = record.change
        assert isinstance(change, ReceiptTaken)
        skew = "—" if change.skew_seconds is None else f"{change.skew_seconds} s"
        cells.append((
            moment(record), str(change.number or "—"), str(change.accepted_to), change.centre_time[:19] + "Z",
            str(change.centre_to or "—"), skew,
        ))  # fmt: skip
    return CrfTable(Text(en="Receipts of the centre", zh="中心回执"), heads, tuple(cells) or ((*("—",) * 6,),))


def _released(desk: OpenDesk) -> CrfTable:
    heads = (
        Text(en="What", zh="内容"), Text(en="From when, for whom", zh="生效与适用"), Text(en="In use since", zh="启用时间"),
        Text(en="The centre knows", zh="中心已知悉"),
    )  # fmt: skip
    cells = tuple(
        (
            f"{one.name.zh} {one.name.en}", f"{one.terms.zh} {one.terms.en}", f"{one.since[:19]}Z" if one.since else "待生效 waits",
            "是 yes" if one.known else "随下一数据包 with the next bundle" if one.since else "—",
        )
        for one in released(desk)
    )  # fmt: skip
    title = Text(en="Released by the centre", zh="中心发布")
    return CrfTable(title, heads, cells or ((*("—",) * 4,),), weights=(22, 42, 20, 16))


def desk_sheets(desk: OpenDesk, title: Text, tables: Sequence[CrfTable]) -> bytes:
    """Tables about this desk as PDF/A-3b, with the seal of the last record in the foot."""
    head, seal = desk.trail.head(desk.session.origin)
    now = desk.session.clock.now()
    study = desk.study
    frame = SheetFrame(
        title,
        f"{study.registration}   {study.name.zh}   中心 site {desk.session.site}   工作站 workstation {desk.session.origin}",
        f"记录 record {head}   链 chain {seal[:16]}…{seal[-8:]}   {now.strftime('%Y-%m-%d %H:%M %z')}",
    )
    about = About(
        f"{title.zh} {title.en}", f"{study.registration} {desk.session.site}", f"TrialDesk {study.registration}", now
    )
    return sheets(frame, about, tuple(tables))


def _people(desk: OpenDesk) -> CrfTable:
    heads = (
        Text(en="Account", zh="账户"), Text(en="Name", zh="姓名（角色名）"), Text(en="Role", zh="角色"),
        Text(en="From", zh="自"), Text(en="To", zh="至"), Text(en="Certificates and access", zh="证书与访问变更"),
        Text(en="Initials by hand", zh="手写缩写"),
    )  # fmt: skip
    kinds = ("UserAdded", "UserRetired", "CertificateTaken", "AccessReset")
    added: dict[str, AuditRecord] = {}
    ended: dict[str, str] = {}
    notes: dict[str, list[str]] = {}
    for record in desk.trail.records(origin=desk.session.origin, kinds=kinds):
        change = record.change
        if isinstance(change, UserAdded):
            added[change.user] = record
            if change.certificate:
                notes.setdefault(change.user, []).append(_certificate(change.certificate))
        elif isinstance(change, UserRetired):
            ended[change.user] = moment(record)
        elif isinstance(change, CertificateTaken) and change.user:
            notes.setdefault(change.user, []).append(f"{_certificate(change.certificate)} {moment(record)}")
        elif isinstance(change, AccessReset):
            notes.setdefault(change.user, []).append(f"口令重置 access reset {moment(record)}")
    cells = []
    for user, record in added.items():
        change = record.change
        assert isinstance(change, UserAdded)
        role = ROLE_WORDS[Role(change.role)]
        said = (
            f"{change.name.zh} {change.name.en}",
            f"{role.zh} {role.en}",
            moment(record),
            ended.get(user, "在岗 active"),
        )
        cells.append((user, *said, "\n".join(notes.get(user, [])), ""))
    return CrfTable(Text(en="Who may act", zh="授权人员"), heads, tuple(cells), weights=(11, 17, 15, 16, 16, 27, 13))


def _certificate(written: str) -> str:
    from trialdesk.security.certificates import load_certificate

    one = load_certificate(written.encode())
    return f"证书 certificate {one.serial_number:x}，{one.not_valid_before_utc:%Y-%m-%d}～{one.not_valid_after_utc:%Y-%m-%d}"


def _signatures(desk: OpenDesk) -> CrfTable:
    heads = (
        Text(en="When", zh="时间"), Text(en="Account", zh="账户"), Text(en="Participant", zh="受试者"),
        Text(en="Form", zh="表单"), Text(en="Meaning", zh="签名含义"), Text(en="Signed file (SHA-256)", zh="签名文件（SHA-256）"),
    )  # fmt: skip
    cells = []
    for record in desk.trail.records(kinds=("FormSigned", "FormCertified")):
        assert isinstance(record.change, FormSigned | FormCertified)
        meaning = record.change.meaning
        cells.append((
            moment(record), record.user, record.subject or "", str(record.change.form), f"{meaning.zh} {meaning.en}",
            record.change.document[:24] + "…",
        ))  # fmt: skip
    none = (*("—",) * 6,)
    return CrfTable(
        Text(en="Signatures given", zh="签名"), heads, tuple(cells) or (none,), weights=(15, 13, 10, 14, 34, 18)
    )
