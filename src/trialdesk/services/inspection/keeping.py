"""Questions about keeping: can the trail be switched off, who looked at it, can a backup be restored."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trialdesk.domain.admin.role import ROLE_WORDS, Role
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import SessionNoted
from trialdesk.domain.clinical.reading_changes import AnswerShown
from trialdesk.domain.clinical.trail_review import SIGN_WORDS, trail_signs
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.inspection.answer import Asked, Found, Row, count, form_words, names_of, table, when
from trialdesk.services.inspection.answer import who as who_wrote
from trialdesk.services.inspection.record_words import SESSION, detail, place_of, what

if TYPE_CHECKING:
    from trialdesk.services.desk import OpenDesk

HOLDS: tuple[tuple[Text, Text, str], ...] = (
    (
        Text(en="a setting that turns the trail off", zh="关闭稽查轨迹的设置"),
        Text(
            en="there is none: a value exists only as a record of the trail", zh="不存在：数据本身即为稽查轨迹中的记录"
        ),
        "tests/storage/test_audit_trail.py::test_records_are_read_back_as_they_were_written",
    ),
    (
        Text(en="changing or deleting a record inside the program", zh="在程序内更改或删除记录"),
        Text(en="triggers of the database and the authorizer of every connection", zh="数据库触发器与连接授权器"),
        "tests/storage/test_audit_trail.py::test_the_database_itself_refuses_to_change_what_is_stored",
    ),
    (
        Text(en="opening the database with another tool", zh="用其他工具打开数据库"),
        Text(
            en="the file is encrypted (SQLCipher), the key opens by passphrase alone",
            zh="文件已加密（SQLCipher），仅口令可解锁",
        ),
        "tests/storage/test_database.py::test_nothing_is_readable_on_the_disk_from_the_first_record_on",
    ),
    (
        Text(en="changing a record with the key, past the program", zh="持有密钥者绕过程序更改记录"),
        Text(en="the chain of seals breaks at that record", zh="封印链在该条记录处断开"),
        "tests/storage/test_audit_trail.py::test_what_was_changed_behind_the_guards_is_found_at_its_record",
    ),
    (
        Text(en="taking a record out", zh="抽走记录"),
        Text(en="the next record's seal and number do not follow", zh="下一条的封印与编号不连续"),
        "tests/storage/test_audit_trail.py::test_a_removed_record_is_found_at_the_next_one",
    ),
    (
        Text(en="writing the whole chain anew with the key", zh="持密钥重写整条封印链"),
        Text(
            en="the centre's signed receipts and the seals printed on signed PDFs do not agree any more",
            zh="与中心签名回执及已签署 PDF 上印出的封印不符",
        ),
        "tests/services/test_transfer.py::test_a_copied_desk_is_set_aside_with_an_alarm",
    ),
    (
        Text(en="putting an older copy of the desk back", zh="换回旧副本"),
        Text(
            en="the centre sets its bundles aside; until the next bundle only a restore record tells",
            zh="中心将其数据包隔离；下一次导出前仅凭恢复记录可见",
        ),
        "tests/services/test_backup.py::test_a_desk_restored_from_an_older_state_than_the_centre_holds_is_set_aside",
    ),
    (
        Text(en="signing in a colleague's name after a reset passphrase", zh="重置口令后冒用他人签名"),
        Text(en="the signing key is destroyed by the reset", zh="重置即销毁签名密钥"),
        "tests/services/test_authority.py::test_after_a_reset_nobody_can_sign_as_that_person_until_a_new_certificate_comes",
    ),
    (
        Text(en="giving oneself a role in the sign-in file", zh="在登录文件中自授角色"),
        Text(en="role and dates come from the trail, not from the file", zh="角色与有效期取自稽查轨迹，不取自该文件"),
        "tests/services/test_desk_people.py::test_a_changed_sign_in_file_gives_nobody_a_right",
    ),
    (
        Text(en="setting the clock back", zh="回拨时钟"),
        Text(en="flagged in the trail; order is kept by number", zh="记入稽查轨迹，顺序以编号为准"),
        "tests/journeys/test_nothing_lost.py::test_a_clock_set_back_is_recorded_once_and_stops_nothing",
    ),
)
"""What somebody might try, what holds against it, and the test that tries it."""


def switched_off(desk: OpenDesk, asked: Asked) -> Found:
    """Checks every seal now, tries the forbidden statements on the open database now, and lists what holds."""
    from trialdesk.storage.probe import try_tampering

    begun = time.perf_counter()
    verdict = desk.verify()
    took = time.perf_counter() - begun
    attempts = try_tampering(desk.engine)
    refused = sum(1 for one in attempts if one.refusal)
    whole = Text(en="every seal holds", zh="封印全部完整")
    if verdict.breaks:
        first = verdict.breaks[0]
        whole = Text(
            en=f"the seal of record {first.seq} of {first.origin} does NOT hold",
            zh=f"{first.origin} 第 {first.seq} 条记录的封印不符",
        )
    says = Text(
        en="No, nobody, administrator and vendor included. Checked just now: {n} records in {s} s, {w}. Tried just now on the "
        "open database: {a} ways to change it or switch it off, {r} refused.",
        zh="不能，系统管理员与供应商均不能。刚刚核对 {n} 条记录，用时 {s} 秒，{w}。刚刚在打开的数据库上尝试 {a} 种更改或关闭方式，{r} 种被拒。",
    ).format(n=verdict.records, s=f"{took:.2f}", w=whole, a=len(attempts), r=refused)
    broken = {one.origin: one.seq for one in verdict.breaks}
    heads = [
        Row((origin, seq, sealed, Text(en="holds", zh="完整")), origin in broken)
        for origin, (seq, sealed) in sorted(verdict.heads.items())
    ]
    heads += [Row((o, s, "", Text(en="broken here", zh="此处断开")), True) for o, s in broken.items()]
    tried = [
        Row((one.statement, one.refusal or Text(en="LET THROUGH", zh="未被阻止")), not one.refusal) for one in attempts
    ]
    held = [Row((threat, holds, test)) for threat, holds, test in HOLDS]
    limit = Text(
        en="Stated limit: records written since the last bundle can be lost by putting an older copy of the whole file back; "
        "the centre finds it at the next bundle. Everybody of a laptop shares the database key.",
        zh="已知局限：若整份文件被换回旧副本，上次导出之后的记录可能丢失，中心在下一次接收时即可发现。同一台电脑的人员共用数据库密钥。",
    )
    return Found(
        (says,),
        (
            table(Text(en="Seals, checked now", zh="封印（刚刚核对）"),
                  (("Trail", "轨迹"), ("Last record", "末条记录"), ("Its seal", "封印"), ("Verdict", "结论")), heads, (2,)),
            table(Text(en="Tried now", zh="刚刚尝试"), (("Statement", "语句"), ("Answer of the database", "数据库答复")), tried, (0, 1)),
            table(Text(en="What holds", zh="防护"),
                  (("Attempt", "企图"), ("What holds", "防护措施"), ("Test that tries it", "对应测试")), held, (0, 1, 2)),
        ),
        (limit,),
    )  # fmt: skip


_REVIEW = (
    "TrailReviewed", "MedicallyReviewed", "MedicalReviewLifted", "SourceVerified", "VerificationLifted", "QueryOpened", "QueryClosed", "FormFrozen", "FormLocked", "FormUnlocked",
    "AnswerShown",
)  # fmt: skip
_REVIEWERS = (
    Role.MONITOR,
    Role.MEDICAL_REVIEWER,
    Role.DATA_MANAGER,
    Role.INSPECTOR,
    Role.INVESTIGATOR,
    Role.ADMINISTRATOR,
)


def reviewed(desk: OpenDesk, asked: Asked) -> Found:
    """How often people looked the trail over, and what came of it, as far as this desk knows."""
    names, rows, by = names_of(desk), [], dict[tuple[str, str], list[AuditRecord]]()
    for record in desk.trail.records(kinds=_REVIEW):
        if record.role not in _REVIEWERS:
            continue
        by.setdefault((record.user, record.role), []).append(record)
        place = place_of(record)
        who = who_wrote(names, record)
        cells = (
            when(record),
            who,
            ROLE_WORDS[Role(record.role)],
            what(record),
            record.subject or "",
            str(place or ""),
            detail(record),
        )
        rows.append(Row(cells))
    people = [
        Row(
            (
                user, names.get(user, Text(en=user, zh=user)), ROLE_WORDS[Role(role)], len(records),
                sum(isinstance(r.change, AnswerShown) for r in records), when(records[0])[:16], when(records[-1])[:16],
            )
        )
        for (user, role), records in sorted(by.items())
    ]  # fmt: skip
    rows.reverse()
    plan = desk.study.monitoring
    signs = [
        Row(
            (
                one.at[:16].replace("T", " "),
                SIGN_WORDS[one.kind],
                one.subject or "",
                form_words(desk.study, one.form) if one.form else "",
                names.get(one.user, Text(en=one.user, zh=one.user)),
                one.says,
            ),
            place=(one.subject, one.form, None) if one.subject and one.form else None,
        )
        for one in (trail_signs(desk.study, plan.trail, desk.trail.records()) if plan else ())
    ]
    looks = sum(1 for records in by.values() for r in records if isinstance(r.change, AnswerShown))
    says = Text(
        en=f"On this desk the trail was read {count(looks, 'time', 'times')} through this page; "
        f"{count(len(rows) - looks, 'act', 'acts')} of review by monitor and data manager are in the trail.",
        zh=f"本机通过此页查阅稽查轨迹 {looks} 次；监查员与数据管理员的核查操作 {len(rows) - looks} 项已记入轨迹。",
    )
    notes = (
        Text(
            en="The planned, risk-based review of the trail (late entries, changes after signature, night entries) is the "
            "centre's and is kept there; here stands what reached this desk in receipts, and what stands out in the desk's trail "
            "now by the same rules.",
            zh="按计划、基于风险的稽查轨迹审查（迟录、签署后更改、夜间录入）由数据中心进行并留存；此处为随回执到达本机的内容，以及按同一规则在本机轨迹中即时发现的情况。",
        ),
    )
    return Found(
        (says,),
        (
            table(Text(en="By person", zh="按人员"),
                  (("Account", "账户"), ("Name", "姓名（角色名）"), ("Role", "角色"), ("Acts", "操作"), ("Readings", "查阅"),
                   ("First", "首次"), ("Last", "末次")), people, (1,)),
            table(Text(en="Each time", zh="逐次"),
                  (("When", "时间"), ("Who", "操作者"), ("Role", "角色"), ("What", "操作"), ("Participant", "受试者"),
                   ("Place", "位置"), ("Detail", "详情")), rows, (5, 6)),
            table(Text(en="What stands out now", zh="当前值得注意"),
                  (("When (UTC)", "时间（UTC）"), ("Sign", "迹象"), ("Participant", "受试者"), ("Form", "表单"), ("Who", "操作者"),
                   ("What", "说明")), signs, (3, 5)),
        ),
        notes,
    )  # fmt: skip


@dataclass(frozen=True)
class Drill:
    """A backup laid out and opened as a restore would: how many records, whether all seals hold, and in what time."""

    file: str
    made: str
    up_to: int
    records: int
    whole: bool
    seconds: float
    fault: Text | None = None


def drill(desk: OpenDesk) -> Drill | None:
    """Open the newest backup in a folder that is thrown away after, and check every seal; None where there is none."""
    from trialdesk.services.backup import SUFFIX, backup_folder
    from trialdesk.services.desk import TRAIL_FILE
    from trialdesk.services.restoring import newest_backup, read_backup
    from trialdesk.storage.audit_trail import AuditTrail
    from trialdesk.storage.database import open_desk

    folder = backup_folder(desk)
    if not folder.is_dir() or not any(folder.glob(f"*{SUFFIX}")):
        return None
    begun = time.perf_counter()
    path = newest_backup(folder)
    try:
        backup = read_backup(path)
        with tempfile.TemporaryDirectory(prefix="drill-", dir=desk.home, ignore_cleanup_errors=True) as place:
            copy = Path(place) / TRAIL_FILE
            copy.write_bytes(backup.parts[TRAIL_FILE])
            engine = open_desk(copy, desk.unlocked.dek, desk.unlocked.salt)
            try:
                verdict = AuditTrail(engine).verify()
            finally:
                engine.dispose()
    except KnownError as fault:
        return Drill(path.name, "", 0, 0, False, time.perf_counter() - begun, fault.text)
    whole = verdict.whole and verdict.heads.get(backup.origin) == (backup.up_to, backup.head)
    return Drill(path.name, backup.made, backup.up_to, verdict.records, whole, time.perf_counter() - begun)


def restored(desk: OpenDesk, asked: Asked) -> Found:
    """Tries the newest backup now, and lists every backup, restore and recovery of the trail."""
    from trialdesk.services.backup import backup_sentence, backup_state

    tried = drill(desk)
    state = backup_state(desk)
    if tried is None:
        said = Text(
            en="There is no backup where this desk keeps them, so none could be tried",
            zh="备份位置没有备份文件，无法试恢复",
        )
    elif tried.whole:
        said = Text(
            en=f"Tried just now: {tried.file} was laid out, opened, and {tried.records} records checked in {tried.seconds:.2f} "
            "s: every seal holds, and its last record is the one it announced",
            zh=f"刚刚试恢复：{tried.file} 已展开并打开，核对 {tried.records} 条记录，用时 {tried.seconds:.2f} 秒，封印全部完整，末条记录与备份声明一致",
        )
    else:
        why = tried.fault or Text(en="a seal does not hold", zh="封印不符")
        said = Text(en="Tried just now: {f} could NOT be restored: {w}", zh="刚刚试恢复：{f} 无法恢复：{w}").format(
            f=tried.file, w=why
        )
    age = backup_sentence(state, desk.session.clock.now())
    says = Text(en="{said}. {age}; {n} records since.", zh="{said}。{age}；此后新增 {n} 条。").format(
        said=said, age=age, n=state.since
    )
    rows = [
        Row((when(r), SESSION[r.change.what], r.user, r.change.detail), r.change.what != "backed_up")
        for r in desk.trail.records(kinds=("SessionNoted",))
        if isinstance(r.change, SessionNoted) and r.change.what in ("backed_up", "restored", "recovered")
    ]
    made = sum(1 for row in rows if not row.marked)
    facts = Text(
        en=f"In the trail: {count(made, 'backup', 'backups')}, each read back from the medium and opened before it counted; "
        f"{count(len(rows) - made, 'restore or recovery', 'restores or recoveries')}.",
        zh=f"稽查轨迹中有备份 {made} 次，每次均从介质读回并打开核对后才计入；恢复 {len(rows) - made} 次。",
    )
    rows.reverse()
    heads = (("When", "时间"), ("What", "操作"), ("Who", "操作者"), ("Detail", "详情"))
    return Found((says, facts), (table(Text(en="Backups and restores", zh="备份与恢复"), heads, rows, (3,)),))
