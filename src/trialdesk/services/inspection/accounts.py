"""Questions about people: who might act on a day, whether accounts were shared, who read and took along what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from trialdesk.domain.admin.role import PERMITTED, ROLE_WORDS, Act, Role
from trialdesk.domain.clinical.audit_record import SYSTEM, AuditRecord
from trialdesk.domain.clinical.changes import ItemCorrected, ItemEntered, SessionNoted
from trialdesk.domain.clinical.register import KINDS, Period, on_day, periods
from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Text
from trialdesk.services.inspection.answer import Asked, Found, Row, count, form_words, names_of, table, when
from trialdesk.services.inspection.answer import who as who_wrote
from trialdesk.services.inspection.record_words import detail, place_of, what

if TYPE_CHECKING:
    from trialdesk.services.desk import OpenDesk

FAST, WITHIN = 10, timedelta(seconds=5)
"""So many answers, each saved by itself, in so short a time are more than two hands type."""

ACTS: dict[Act, Text] = {
    Act.VIEW: Text(en="read", zh="查看"), Act.ENROL: Text(en="enrol", zh="登记受试者"),
    Act.ENTER: Text(en="enter and correct", zh="录入与更正"), Act.EXPLAIN: Text(en="explain findings", zh="说明提示"),
    Act.STRIKE: Text(en="strike out", zh="划去"), Act.COMPLETE: Text(en="complete", zh="完成表单"),
    Act.REOPEN: Text(en="reopen", zh="重新打开"), Act.CERTIFY: Text(en="sign as data entry", zh="录入签名"),
    Act.SIGN: Text(en="sign as investigator", zh="研究者签署"), Act.LOCK: Text(en="lock", zh="锁定"),
    Act.UNLOCK: Text(en="unlock", zh="解锁"), Act.FREEZE: Text(en="freeze", zh="冻结"),
    Act.VERIFY: Text(en="verify against the source", zh="源数据核查"), Act.OPEN_QUERY: Text(en="ask", zh="提出质疑"),
    Act.ANSWER_QUERY: Text(en="answer queries", zh="答复质疑"), Act.CLOSE_QUERY: Text(en="close queries", zh="关闭质疑"),
    Act.NOTE: Text(en="write notes", zh="填写备注"), Act.SEND: Text(en="write bundles", zh="导出数据包"),
    Act.TAKE_RECEIPT: Text(en="take in receipts", zh="读入回执"), Act.PRINT: Text(en="print", zh="打印"),
    Act.INSPECT: Text(en="open the inspector's page", zh="打开检查资料"),
    Act.MANAGE_USERS: Text(en="manage accounts", zh="管理账户"), Act.ADOPT_STUDY: Text(en="adopt a study", zh="启用研究"),
    Act.ADOPT_WORDING: Text(en="import wording", zh="导入原文"), Act.RECEIVE: Text(en="take in bundles", zh="接收数据包"),
    Act.MEDICAL_REVIEW: Text(en="review medically", zh="医学审核"),
    Act.REVIEW_TRAIL: Text(en="review the trail", zh="审查稽查轨迹"),
    Act.RELEASE: Text(en="release studies", zh="发布研究版本"),
}  # fmt: skip
CHANGING = (Act.ENTER, Act.STRIKE, Act.ENROL)
"""What changes the data of a participant."""


def rights(desk: OpenDesk, asked: Asked) -> Found:
    """Everyone whose account opened this desk on a day, from the register as it was written until then."""
    day = asked.day or desk.session.today
    records = list(desk.trail.records(kinds=KINDS))
    there = on_day(records, day)
    rows = [_account(one) for one in there]
    able = [one for one in there if any(one.role in PERMITTED[act] for act in CHANGING)]
    says = Text(
        en=f"On {day}: {count(len(there), 'account', 'accounts')}; {len(able)} of them could change data: "
        + (", ".join(f"{one.name.en} ({one.user})" for one in able) or "nobody") + ".",
        zh=f"{day} 共有账户 {len(there)} 个；其中可修改数据者 {len(able)} 个："
        + ("、".join(f"{one.name.zh}（{one.user}）" for one in able) or "无") + "。",
    )  # fmt: skip
    heads = (
        ("Account", "账户"), ("Name", "姓名（角色名）"), ("Role", "角色"), ("Workstation", "工作站"), ("Since", "自"),
        ("Until", "至"), ("May", "权限"),
    )  # fmt: skip
    gone = [one for one in periods(records) if one not in there]
    title = Text(en="Accounts on {day}", zh="{day} 的账户").format(day=day)
    others = Text(en="Accounts of other days", zh="其他日期的账户")
    notes = (
        Text(
            en="Rights are those of the role table of this version of TrialDesk. Only the site enters and corrects; the "
            "centre asks, locks and verifies; the administrator manages accounts and opens no casebook.",
            zh="权限以本版 TrialDesk 的角色表为准。仅研究中心可录入与更正；数据中心可质疑、锁定、核查；系统管理员仅管理账户，不能打开病例报告册。",
        ),
    )
    tables = [table(title, heads, rows, (6,))]
    if gone:
        tables.append(table(others, heads, [_account(one) for one in gone], (6,)))
    return Found((says,), tuple(tables), notes)


def _account(one: Period) -> Row:
    may = [ACTS[act] for act in Act if one.role in PERMITTED[act]]
    until: Text | str = one.ends or Text(en="no end set", zh="未设期限")
    if one.retired is not None:
        until = when(one.retired)
    acts = Text(en=", ".join(act.en for act in may), zh="、".join(act.zh for act in may))
    since = one.begins if one.begins and one.begins > when(one.added)[:10] else when(one.added)
    return Row((one.user, one.name, ROLE_WORDS[one.role], one.origin, since, until, acts))


@dataclass
class _Session:
    user: str
    origin: str
    first: datetime
    last: datetime
    left: bool = False


@dataclass
class _Usage:
    sessions: list[_Session] = field(default_factory=list)
    days: set[str] = field(default_factory=set)
    answers: int = 0
    refused: int = 0
    fast: list[tuple[datetime, datetime, int, str]] = field(default_factory=list)


def sessions(records: Iterable[AuditRecord]) -> list[_Session]:
    """Every sitting of every person: from sign-in to sign-out, or to the last record before somebody else came."""
    found: list[_Session] = []
    at_work: dict[str, _Session] = {}
    for record in records:
        moment, change = record.local_time, record.change
        here = at_work.get(record.origin)
        if isinstance(change, SessionNoted) and change.what == "signed_in":
            at_work[record.origin] = _Session(record.user, record.origin, moment, moment)
            found.append(at_work[record.origin])
        elif here is not None:
            if not here.left:
                here.last = max(here.last, moment)
            if isinstance(change, SessionNoted) and change.what == "signed_out":
                here.left = True
    return found


def shared(desk: OpenDesk, asked: Asked) -> Found:
    """Signs of one account in several hands: two sittings at once, answers faster than typing, acts outside an account."""
    names = names_of(desk)
    records = list(desk.trail.records())
    use = _usage(records)
    both = _at_once(use)
    rows = []
    for user, one in sorted(use.items()):
        overlaps = sum(1 for a, b in both if user in (a.user, b.user))
        where = ", ".join(sorted({s.origin for s in one.sessions}))
        first = min((s.first for s in one.sessions), default=None)
        last = max((s.last for s in one.sessions), default=None)
        cells = (
            user, names.get(user, Text(en=user, zh=user)), where, len(one.sessions), f"{first:%Y-%m-%d}" if first else "",
            f"{last:%Y-%m-%d}" if last else "", len(one.days), one.answers, overlaps, len(one.fast), one.refused,
        )  # fmt: skip
        rows.append(Row(cells, bool(overlaps or one.fast)))
    signs = [
        Row((a.user, Text(en="two sittings at once", zh="同时登录两处"), f"{max(a.first, b.first):%Y-%m-%d %H:%M:%S}",
             f"{min(a.last, b.last):%Y-%m-%d %H:%M:%S}", f"{a.origin}, {b.origin}"), True)
        for a, b in both
    ]  # fmt: skip
    for user, one in use.items():
        for begin, end, many, origin in one.fast:
            said = Text(
                en=f"{many} answers in {(end - begin).total_seconds():.1f} s",
                zh=f"{(end - begin).total_seconds():.1f} 秒内录入 {many} 项",
            )
            signs.append(Row((user, said, f"{begin:%Y-%m-%d %H:%M:%S}", f"{end:%Y-%m-%d %H:%M:%S}", origin), True))
    outside = _outside(records)
    signs += [
        Row(
            (r.user, Text(en="record outside the account's days", zh="账户有效期外的记录"), when(r), when(r), r.id),
            True,
        )
        for r in outside
    ]
    found = len(both), sum(len(one.fast) for one in use.values()), len(outside)
    says = Text(
        en=f"Two sittings of one account at once: {found[0]}. Answers faster than typing ({FAST} in "
        f"{WITHIN.seconds} s): {found[1]}. Records outside an account's days: {found[2]}.",
        zh=f"同一账户同时登录两处：{found[0]} 次；录入速度超出手工可能（{WITHIN.seconds} 秒内 {FAST} 项）：{found[1]} 次；账户有效期外的记录：{found[2]} 条。",
    )
    own = Text(
        en="One desk takes one person at a time, and every signature asks for the signer's own passphrase: a form signed "
        "at another person's open desk stands in the signer's name. Answers confirmed together count as one.",
        zh="一台工作台同一时间只允许一人登录；每次签名均须输入签名者本人口令，在他人会话中签署的表单记在签名者名下。一次确认的多项录入按一项计。",
    )
    notes = [own]
    from trialdesk.services.desk import look

    if look(desk.home).kind != "live":
        notes.append(
            Text(
                en="This desk holds synthetic participants that a program wrote: their speed is the program's.",
                zh="本工作台为演示或培训用途，其合成受试者由程序写入，录入速度为程序速度。",
            )
        )
    heads = (
        ("Account", "账户"), ("Name", "姓名（角色名）"), ("Workstations", "工作站"), ("Sittings", "会话"),
        ("First", "首次"), ("Last", "末次"), ("Days", "天数"), ("Answers", "录入"), ("At once", "同时登录"),
        ("Too fast", "过快"), ("Refused", "被拒"),
    )  # fmt: skip
    sign_heads = (("Account", "账户"), ("Sign", "迹象"), ("From", "自"), ("To", "至"), ("Where", "位置"))
    return Found(
        (says,),
        (
            table(Text(en="Use of each account", zh="各账户使用情况"), heads, rows, (1,)),
            table(Text(en="What to look at", zh="需查看之处"), sign_heads, signs, (1,)),
        ),
        tuple(notes),
    )


def _usage(records: list[AuditRecord]) -> dict[str, _Usage]:
    use: dict[str, _Usage] = {}
    for one in sessions(records):
        use.setdefault(one.user, _Usage()).sessions.append(one)
    moments: dict[tuple[str, str], list[datetime]] = {}
    for record in records:
        change = record.change
        if record.user == SYSTEM:
            if isinstance(change, SessionNoted) and change.what == "refused":
                use.setdefault(change.detail.split(",")[0], _Usage()).refused += 1
            continue
        mine = use.setdefault(record.user, _Usage())
        mine.days.add(record.local_time.date().isoformat())
        if isinstance(change, ItemEntered | ItemCorrected):
            mine.answers += 1
            times = moments.setdefault((record.user, record.origin), [])
            if not times or times[-1] != record.local_time:
                times.append(record.local_time)
    for (user, origin), times in moments.items():
        use[user].fast += [(*run, origin) for run in _fast(times)]
    return use


def _fast(times: list[datetime]) -> list[tuple[datetime, datetime, int]]:
    """Stretches in which any ten answers that follow one another lie within five seconds."""
    runs: list[tuple[int, int]] = []
    for last in range(FAST - 1, len(times)):
        first = last - FAST + 1
        if times[last] - times[first] <= WITHIN:
            if runs and first <= runs[-1][1]:
                runs[-1] = (runs[-1][0], last)
            else:
                runs.append((first, last))
    return [(times[a], times[b], b - a + 1) for a, b in runs]


def _at_once(use: dict[str, _Usage]) -> list[tuple[_Session, _Session]]:
    both = []
    for one in use.values():
        sittings = sorted(one.sessions, key=lambda s: s.first)
        for index, a in enumerate(sittings):
            for b in sittings[index + 1 :]:
                if b.first >= a.last:
                    break
                if a.origin != b.origin:
                    both.append((a, b))
    return both


def _outside(records: list[AuditRecord]) -> list[AuditRecord]:
    """Records of a person on a day on which the register does not know the account at that workstation."""
    known = {(one.origin, one.user): one for one in periods(records)}
    there = {origin for origin, _ in known}
    return [
        record
        for record in records
        if record.user != SYSTEM
        and record.origin in there
        and not ((one := known.get((record.origin, record.user))) and one.holds_on(record.local_time.date()))
    ]


_READING = ("DocumentMade", "AnswerShown", "BundleWritten", "SessionNoted", "ReceiptTaken")


def readings(desk: OpenDesk, asked: Asked) -> Found:
    """Who signed in, read this page, printed, saved, wrote a bundle: everything that is not a change of data."""
    names, rows, many = names_of(desk), [], Counter[str]()
    for record in desk.trail.records(kinds=_READING):
        place = place_of(record)
        where = form_words(desk.study, place) if isinstance(place, FormPath) else Text(en="", zh="")
        who = who_wrote(names, record)
        said = what(record)
        many[said.en] += 1
        cells = (when(record), who, ROLE_WORDS[Role(record.role)], said, record.subject or "", where, detail(record))
        rows.append(Row(cells))
    heads = (
        ("When", "时间"), ("Who", "操作者"), ("Role", "角色"), ("What", "操作"), ("Participant", "受试者"),
        ("Form", "表单"), ("Detail", "详情"),
    )  # fmt: skip
    rows.reverse()
    says = Text(
        en="Recorded without being asked: " + ", ".join(f"{word} {n}" for word, n in many.most_common()) + ".",
        zh=f"自动记录 {len(rows)} 条：登录、查阅、打印、另存、导出与回执，均无需人员操作。",
    )
    return Found(
        (says,),
        (table(Text(en="Sign-ins, reading, paper and files", zh="登录、查阅、打印与导出"), heads, rows, (5, 6)),),
    )
