"""Questions about time: the laptop's clock, when an answer was seen, saved, sent, confirmed, and the days the desk was down."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING

from trialdesk.domain.admin.role import Act, may
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import (
    BundleWritten,
    ClockFlagged,
    DocumentMade,
    ItemCorrected,
    ItemEntered,
    ReceiptTaken,
    SessionNoted,
)
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.text import Text
from trialdesk.services.inspection.accounts import sessions
from trialdesk.services.inspection.answer import Asked, Found, Row, count, form_words, item_words, names_of, table, when
from trialdesk.services.inspection.answer import who as who_wrote
from trialdesk.services.inspection.record_words import detail, place_of, what

if TYPE_CHECKING:
    from trialdesk.services.desk import OpenDesk

SKEW = 300
"""Seconds between the clocks of centre and laptop from which a receipt is marked; the way of the stick is in it."""
LATE = 7
"""Days from observation to entry, or from saving to the centre's receipt, from which a line is marked."""
SILENT = timedelta(hours=72)
"""A desk that nobody opened for longer than a long weekend is listed."""


def clock(desk: OpenDesk, asked: Asked) -> Found:
    """Every time the clock went back, and how far it stood from the centre's clock at each receipt."""
    flags, skews, made = [], [], dict[int, AuditRecord]()
    for record in desk.trail.records(
        origin=desk.session.origin, kinds=("BundleWritten", "ReceiptTaken", "ClockFlagged")
    ):
        change = record.change
        if isinstance(change, BundleWritten):
            made[change.number] = record
        elif isinstance(change, ClockFlagged):
            back = (datetime.fromisoformat(change.last) - datetime.fromisoformat(change.now)).total_seconds()
            flags.append(Row((record.id, change.last, change.now, round(back)), True))
        elif isinstance(change, ReceiptTaken):
            bundle = made.get(change.number)
            skew: int | str = "" if change.skew_seconds is None else change.skew_seconds
            cells = (change.number, bundle.at if bundle else "", change.centre_time, skew, when(record))
            skews.append(Row(cells, isinstance(skew, int) and abs(skew) > SKEW))
    zones = Counter(record.zone for record in desk.trail.records(origin=desk.session.origin))
    known = [row.cells[3] for row in skews if isinstance(row.cells[3], int)]
    span = f"{min(known)} … {max(known)} s" if known else "–"
    says = Text(
        en=f"The clock went back {count(len(flags), 'time', 'times')}; each is in the trail and stopped nobody. Beside the "
        f"centre's clock at {count(len(known), 'receipt', 'receipts')}: {span}. Zones used: "
        + ", ".join(f"{zone} ({n} records)" for zone, n in zones.most_common()) + ".",
        zh=f"时钟回拨 {len(flags)} 次，均已记入稽查轨迹且未影响录入。{len(known)} 份回执测得与中心时钟相差 {span}。使用时区："
        + "、".join(f"{zone}（{n} 条）" for zone, n in zones.most_common()) + "。",
    )  # fmt: skip
    notes = (
        Text(
            en="Order is kept by the numbers of the records, never by the clock. The difference to the centre is the "
            "centre's clock minus the stamp of the bundle, so it includes the way of the stick: it bounds the error of the "
            "laptop's clock from above. Every record names UTC and zone.",
            zh="记录的先后以编号为准，不依赖时钟。与中心的差值为中心时钟减去数据包时间戳，包含 U 盘在途时间，是本机时钟误差的上限。每条记录均注明 UTC 时间与时区。",
        ),
    )
    return Found(
        (says,),
        (
            table(Text(en="Clock beside the centre's", zh="与中心时钟比对"),
                  (("Bundle", "数据包"), ("Stamped here (UTC)", "本机时间戳（UTC）"), ("Centre's clock (UTC)", "中心时钟（UTC）"),
                   ("Difference, s", "相差（秒）"), ("Receipt taken in", "读入回执")), skews, (1, 2, 4)),
            table(Text(en="Clock went back", zh="时钟回拨"),
                  (("Record", "记录"), ("Last record (UTC)", "上一条（UTC）"), ("Clock showed (UTC)", "时钟显示（UTC）"),
                   ("Seconds back", "回拨（秒）")), flags, (1, 2)),
        ),
        notes,
    )  # fmt: skip


class _Way:
    """Which bundle carried a record of this workstation, and when the centre had signed for it."""

    def __init__(self, desk: OpenDesk) -> None:
        self.origin = desk.session.origin
        notes = list(desk.trail.records(origin=self.origin, kinds=("BundleWritten", "ReceiptTaken")))
        carried: list[tuple[int, AuditRecord, BundleWritten]] = []
        signed: list[tuple[int, str]] = []
        for record in notes:
            change = record.change
            if isinstance(change, BundleWritten) and (not carried or change.last > carried[-1][0]):
                carried.append((change.last, record, change))
            elif isinstance(change, ReceiptTaken) and (not signed or change.accepted_to > signed[-1][0]):
                signed.append((change.accepted_to, change.centre_time))
        self._carried, self._signed = carried, signed
        self._last_carried, self._last_signed = [one[0] for one in carried], [one[0] for one in signed]

    def sent(self, record: AuditRecord) -> tuple[AuditRecord, BundleWritten] | None:
        """The bundle that took it along first."""
        at = bisect_left(self._last_carried, record.seq)
        if record.origin != self.origin or at == len(self._carried):
            return None
        return self._carried[at][1:]

    def arrived(self, record: AuditRecord) -> datetime | None:
        """The centre's clock when it first signed for it."""
        at = bisect_left(self._last_signed, record.seq)
        if record.origin != self.origin or at == len(self._signed):
            return None
        return datetime.fromisoformat(self._signed[at][1])


def observed_on(desk: OpenDesk, data: SubjectData, form: FormPath) -> date | None:
    """The day of the visit a form belongs to, as it is recorded; None for logs and where it is not known to the day."""
    event = desk.study.event.get(form.event)
    if event is None or event.date_item is None:
        return None
    places = [path for path in data.by_item.get(event.date_item, ()) if (path.event, path.repeat) == form[:2]]
    try:
        return min((date.fromisoformat(value) for path in places if (value := data.value(path))), default=None)
    except ValueError:
        return None


def lateness(desk: OpenDesk, asked: Asked) -> Found:
    """For every answer a person gave: day observed, saved, sent, confirmed by the centre, and the days between."""
    way, rows, entry, transfer, zone = _Way(desk), [], [], [], desk.session.clock.now().tzinfo
    for subject in desk.subjects():
        data = desk.casebook(subject).data
        days: dict[FormPath, date | None] = {}
        for path, known in data.items.items():
            form = path.form_path
            if form not in days:
                days[form] = observed_on(desk, data, form)
            for one in known.entries:
                if not isinstance(one.change, ItemEntered | ItemCorrected):
                    continue
                record, seen = one.record, days[form]
                late: int | str = (record.local_time.date() - seen).days if seen else ""
                bundle, there = way.sent(record), way.arrived(record)
                took: int | str = (there - record.local_time).days if there else ""
                entry += [late] if isinstance(late, int) and isinstance(one.change, ItemEntered) else []
                transfer += [took] if isinstance(took, int) else []
                cells = (
                    subject, form_words(desk.study, form), item_words(desk.study, path), what(record),
                    seen.isoformat() if seen else "", when(record)[:16], late, bundle[1].number if bundle else "",
                    when(bundle[0])[:16] if bundle else "", f"{there.astimezone(zone):%Y-%m-%d %H:%M}" if there else "",
                    took,
                )  # fmt: skip
                over = (isinstance(late, int) and late > LATE) or (isinstance(took, int) and took > LATE)
                rows.append((late if isinstance(late, int) else -1, record.at, Row(cells, over, (subject, form, path))))
    rows.sort(key=lambda one: (one[0], one[1]), reverse=True)
    marked = sum(1 for _, _, row in rows if row.marked)
    e, t = _spread(entry), _spread(transfer)
    says = Text(
        en=f"{count(len(rows), 'answer', 'answers')}. Observation to first entry: {e}. Saving to the centre's signature: "
        f"{t}. More than {LATE} days: {count(marked, 'line', 'lines')}, marked.",
        zh=f"共 {len(rows)} 项录入。观察至首次录入：{_zh(e)}；保存至中心签收：{_zh(t)}。超过 {LATE} 天者 {marked} 行，已标出。",
    )
    notes = (
        Text(
            en="The day observed is the recorded date of the visit; logs such as adverse events have none. Every field is "
            "saved the moment it is left, so entering and saving are one moment. A dash means: not sent, or not confirmed.",
            zh="观察日期取自已录入的访视日期；不良事件等记录表没有访视日期。字段离开时即保存，录入与保存为同一时刻。空白表示尚未导出或尚未签收。",
        ),
    )
    heads = (
        ("Participant", "受试者"), ("Form", "表单"), ("Field", "字段"), ("What", "操作"), ("Observed", "观察日期"),
        ("Saved", "保存"), ("Days to entry", "录入滞后（天）"), ("Bundle", "数据包"), ("Sent", "导出"), ("At the centre", "中心签收"),
        ("Days to the centre", "到达用时（天）"),
    )  # fmt: skip
    title = Text(en="Times of every answer, the latest entered first", zh="每项录入的时间（录入最晚者在前）")
    return Found((says,), (table(title, heads, [row for _, _, row in rows], (1, 2)),), notes)


def _spread(days: list[int]) -> str:
    return f"median {median(days):g} days, longest {max(days)}" if days else "nothing yet"


def _zh(spread: str) -> str:
    return spread.replace("median", "中位数").replace(" days, longest", " 天，最长").replace("nothing yet", "暂无")


def waiting(desk: OpenDesk, asked: Asked) -> Found:
    """Every record of this workstation that the centre has not signed for."""
    from trialdesk.services.transfer import standing

    now, names = standing(desk), names_of(desk)
    sent = max(now.sent_to, now.accepted_to)
    rows, oldest, many = [], None, Counter[bool]()
    for record in desk.trail.records(origin=desk.session.origin, after=now.accepted_to):
        oldest = oldest or record
        place = place_of(record)
        form = place.form_path if isinstance(place, ItemPath) else place
        carried = record.seq <= sent
        many[carried] += 1
        cells = (
            record.seq, when(record), record.subject or "", form_words(desk.study, form) if form else "",
            item_words(desk.study, place) if isinstance(place, ItemPath) else "", what(record),
            who_wrote(names, record),
            Text(en="carried, no receipt", zh="已带走，未回执") if carried else Text(en="only here", zh="仅在本机"),
        )  # fmt: skip
        rows.append(Row(cells, not carried))
    said = when(oldest)[:16] if oldest else ""
    says = Text(
        en=f"The centre has signed for records 1 to {now.accepted_to} of {now.last}. Carried without a receipt: "
        f"{many[True]}; only on this computer: {many[False]}" + (f"; the oldest is of {said}." if said else "."),
        zh=f"中心已签收第 1～{now.accepted_to} 条（共 {now.last} 条）。已带走未回执 {many[True]} 条；仅在本机 {many[False]} 条"
        + (f"；最早为 {said}。" if said else "。"),
    )
    heads = (
        ("Record", "记录"), ("When", "时间"), ("Participant", "受试者"), ("Form", "表单"), ("Field", "字段"),
        ("What", "操作"), ("Who", "操作者"), ("Where it is", "所在"),
    )  # fmt: skip
    title = Text(en="Records without the centre's signature", zh="中心尚未签收的记录")
    return Found((says,), (table(title, heads, rows, (3, 4)),))


def down(desk: OpenDesk, asked: Asked) -> Found:
    """Sittings that ended without signing out, long silences, restores, recoveries, scans of paper that stood in."""
    records = list(desk.trail.records(origin=desk.session.origin))
    reads = may(desk.session.user.role, Act.VIEW)
    rows: list[tuple[str, Row]] = []
    sittings = sessions(records)
    for before, after in itertools.pairwise(sittings):
        if not before.left:
            says = Text(
                en="sitting ended without signing out (power, crash or closed lid)",
                zh="会话未正常退出（断电、崩溃或合盖）",
            )
            rows.append(_line(before.last, after.first, says, before.user))
        if after.first - before.last > SILENT:
            says = Text(en="nobody signed in", zh="无人登录")
            rows.append(_line(before.last, after.first, says, "", marked=False))
    for record in records:
        change = record.change
        noted = isinstance(change, SessionNoted) and change.what in ("restored", "recovered")
        scanned = isinstance(change, DocumentMade) and change.what == "scanned"
        if noted or scanned or isinstance(change, ClockFlagged):
            place = place_of(record)
            where = form_words(desk.study, place) if isinstance(place, FormPath) and reads else detail(record)
            says = Text(en="{w}: {d}", zh="{w}：{d}").format(w=what(record), d=where)
            line = _line(
                record.local_time,
                record.local_time,
                says,
                (record.subject if reads else None) or record.user,
                marked=noted,
            )
            rows.append(line)
    rows.sort(key=lambda one: one[0], reverse=True)
    unclean = sum(1 for _, row in rows if row.marked)
    scans = sum(1 for r in records if isinstance(r.change, DocumentMade) and r.change.what == "scanned")
    begun = records[0].local_time if records else datetime.now(UTC)
    says = Text(
        en=f"Since {begun:%Y-%m-%d}: {count(len(sittings), 'sitting', 'sittings')}, {unclean} of the lines below are "
        f"interruptions or restores, {count(scans, 'scan', 'scans')} of paper forms attached.",
        zh=f"自 {begun:%Y-%m-%d} 起共 {len(sittings)} 次会话；下列中断或恢复 {unclean} 项，附上纸质表单扫描件 {scans} 份。",
    )
    notes = (
        Text(
            en="While a desk is down, blank forms on paper are used; they are entered afterwards under the day observed, "
            "and the scan is attached to the form. The page on times shows what was entered late. What was acknowledged "
            "before an interruption is on disk; seals and numbers show that nothing is missing.",
            zh="停机期间使用空白纸质表单，恢复后按观察日期补录并附扫描件；补录情况见“时间”一问。中断前已确认的内容均已落盘，封印与编号可证明无缺失。",
        ),
    )
    heads = (("From", "自"), ("To", "至"), ("Hours", "小时"), ("What", "情况"), ("Who or whose", "人员或受试者"))
    title = Text(en="Interruptions", zh="中断与恢复")
    return Found((says,), (table(title, heads, [row for _, row in rows], (3,)),), notes)


def _line(first: datetime, last: datetime, says: Text, who: str, marked: bool = True) -> tuple[str, Row]:
    hours = f"{(last - first).total_seconds() / 3600:.1f}" if last > first else ""
    cells = (f"{first:%Y-%m-%d %H:%M:%S}", f"{last:%Y-%m-%d %H:%M:%S}", hours, says, who)
    return first.astimezone(UTC).isoformat(), Row(cells, marked)
