"""How the investigator's oversight is shown: what was signed, how soon, by whom, and what still waits."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import FormCompleted, FormSigned
from trialdesk.domain.clinical.fold import record_order
from trialdesk.domain.clinical.form_status import FormStatus, form_status
from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Text
from trialdesk.services.inspection.answer import Asked, Found, Row, count, form_words, names_of, table, when

if TYPE_CHECKING:
    from trialdesk.services.desk import OpenDesk

OVERDUE = 14
"""Days a completed form waits for its signature from which a line is marked."""


def oversight(desk: OpenDesk, asked: Asked) -> Found:
    """Signatures of each investigator with the days they took, and every form that waits for one."""
    names, given, waits = names_of(desk), dict[str, list[tuple[AuditRecord, int | None]]](), []
    today = desk.session.today
    open_queries = unsigned = 0
    for subject in desk.subjects():
        done: dict[FormPath, AuditRecord] = {}
        for record in sorted(
            desk.trail.records(subject=subject, kinds=("FormCompleted", "FormSigned")), key=record_order
        ):
            change = record.change
            if isinstance(change, FormCompleted):
                done[change.form] = record
            elif isinstance(change, FormSigned):
                before = done.get(change.form)
                days = (record.local_time.date() - before.local_time.date()).days if before else None
                given.setdefault(record.user, []).append((record, days))
        data = desk.casebook(subject).data
        open_queries += sum(1 for _ in data.open_queries())
        for form in data.by_form:
            state = form_status(data, form)
            since = done.get(form)
            if state not in (FormStatus.COMPLETE, FormStatus.CHANGED) or not desk.study.form[form.form].signed:
                continue
            unsigned += 1
            days = (today - since.local_time.date()).days if since else 0
            what = Text(en="changed after signature", zh="签署后有更改")
            if state is FormStatus.COMPLETE:
                what = Text(en="waits for the signature", zh="待签署")
            cells = (subject, form_words(desk.study, form), what, when(since)[:16] if since else "", days)
            waits.append(Row(cells, days > OVERDUE, (subject, form, None)))
    people, rows = [], []
    for user, signed in sorted(given.items()):
        took = [days for _, days in signed if days is not None]
        who = names.get(user, Text(en=user, zh=user))
        spread = (f"{median(took):g}", max(took)) if took else ("", "")
        first, last = when(signed[0][0])[:10], when(signed[-1][0])[:10]
        at_once = len({record.at[:16] for record, _ in signed})
        people.append(Row((user, who, len(signed), at_once, first, last, *spread)))
        for record, days in signed:
            assert isinstance(record.change, FormSigned)
            change = record.change
            cells2 = (
                when(record), who, record.subject or "", form_words(desk.study, change.form), change.meaning,
                len(change.covers), days if days is not None else "",
                change.read_seconds if change.read_seconds is not None else "", change.document[:16] + "…",
            )  # fmt: skip
            rows.append(Row(cells2, days is not None and days > OVERDUE, (record.subject or "", change.form, None)))
    rows.sort(key=lambda row: str(row.cells[0]), reverse=True)
    waits.sort(key=lambda row: int(str(row.cells[4])), reverse=True)
    says = Text(
        en=f"{count(len(rows), 'signature', 'signatures')} of {count(len(people), 'investigator', 'investigators')}; "
        f"{count(unsigned, 'form waits', 'forms wait')}, {sum(row.marked for row in waits)} of them for more than {OVERDUE} "
        f"days; {count(open_queries, 'query', 'queries')} open.",
        zh=f"{len(people)} 位研究者共签署 {len(rows)} 次；待签 {unsigned} 张，其中超过 {OVERDUE} 天 {sum(row.marked for row in waits)} 张；"
        f"未关闭质疑 {open_queries} 条。",
    )
    notes = (
        Text(
            en="The pages are shown before each signature and all of them have to be turned; how many seconds they were in sight "
            "stands in the record of the signature (idle moments included; not in records of older versions). Minutes with "
            "signatures shows how many separate minutes the signatures were given in.",
            zh="每次签署前均显示全部页面且须逐页翻阅；页面可见秒数记入签名记录（含停顿；旧版本的记录中没有）。“签署分钟数”表示签署分布于多少个不同的分钟。",
        ),
    )
    return Found(
        (says,),
        (
            table(Text(en="By investigator", zh="按研究者"),
                  (("Account", "账户"), ("Name", "姓名（角色名）"), ("Signatures", "签署"), ("Minutes with signatures", "签署分钟数"),
                   ("First", "首次"), ("Last", "末次"), ("Median days", "中位天数"), ("Longest", "最长天数")), people, (1,)),
            table(Text(en="Waiting for a signature", zh="待签署"),
                  (("Participant", "受试者"), ("Form", "表单"), ("State", "状态"), ("Complete since", "完成于"), ("Days", "天数")),
                  waits, (1,)),
            table(Text(en="Each signature", zh="逐次签署"),
                  (("When", "时间"), ("Who", "签署者"), ("Participant", "受试者"), ("Form", "表单"), ("Meaning", "含义"),
                   ("Records covered", "涵盖记录"), ("Days after completion", "完成后天数"), ("Pages in sight, s", "页面可见（秒）"), ("Signed file", "签名文件")),
                  rows, (3, 4)),
        ),
        notes,
    )  # fmt: skip
