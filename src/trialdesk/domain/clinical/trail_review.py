"""What stands out in an audit trail: late and night entries, changes after a signature, rates of persons, clock flags.

Signs say where to look; none of them is a fault by itself (ICH E6(R3) 4.2.3: trail review is planned and by risk).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from trialdesk.domain.clinical.audit_record import SYSTEM, AuditRecord
from trialdesk.domain.clinical.change_base import RecordId
from trialdesk.domain.clinical.changes import ClockFlagged, FormSigned, ItemCorrected, ItemEntered, RowStruck
from trialdesk.domain.oid import FormPath
from trialdesk.domain.study.monitoring import TrailPlan
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text

SignKind = Literal["late", "after_signature", "night", "rate", "corrected", "clock"]

SIGN_WORDS: dict[SignKind, Text] = {
    "late": Text(en="Late entry", zh="延迟录入"),
    "after_signature": Text(en="Changed after signature", zh="签名后更改"),
    "night": Text(en="Entered at night", zh="夜间录入"),
    "rate": Text(en="Unusually fast entry", zh="录入过快"),
    "corrected": Text(en="Many corrections", zh="更正过多"),
    "clock": Text(en="Clock set back", zh="时钟回拨"),
}

_WINDOW = timedelta(minutes=10)


@dataclass(frozen=True)
class TrailSign:
    """One thing that stands out: of which kind, about whom, by whom, when, and the records that show it."""

    kind: SignKind
    site: str
    subject: str | None
    user: str
    at: str
    form: FormPath | None
    records: tuple[RecordId, ...]
    says: Text

    @property
    def name(self) -> str:
        """A name that stays the same while the records stay the same."""
        return f"{self.kind}:{self.records[0]}"


@dataclass(frozen=True)
class UserRate:
    """What one person of a site entered: answers, corrections, the most answers in ten minutes, and those at night."""

    site: str
    user: str
    answers: int
    corrected: int
    busiest: int
    at_night: int

    @property
    def corrected_percent(self) -> float:
        """Corrections for every hundred answers given for the first time."""
        return 100 * self.corrected / self.answers if self.answers else 0.0


def trail_signs(study: Study, plan: TrailPlan, records: Iterable[AuditRecord]) -> tuple[TrailSign, ...]:
    """Everything that stands out in these records of the sites, by site, participant and time."""
    held = [record for record in records if record.user != SYSTEM or isinstance(record.change, ClockFlagged)]
    found = [
        *_late(study, plan, held),
        *_after_signature(held),
        *_night(plan, held),
        *_rates(plan, held),
        *(_clock(record) for record in held if isinstance(record.change, ClockFlagged)),
    ]
    return tuple(sorted(found, key=lambda sign: (sign.site, sign.subject or "", sign.at, sign.name)))


def user_rates(plan: TrailPlan, records: Iterable[AuditRecord]) -> tuple[UserRate, ...]:
    """What each person of each site entered, by site and name."""
    found: list[UserRate] = []
    for (site, user), mine in sorted(_by_user(records).items()):
        entered = [record for record in mine if isinstance(record.change, ItemEntered)]
        night = sum(plan.is_night(record.local_time.hour) for record in mine)
        found.append(UserRate(site, user, len(entered), len(mine) - len(entered), _busiest(entered)[0], night))
    return tuple(found)


def _entries(records: Iterable[AuditRecord]) -> Iterable[AuditRecord]:
    return (r for r in records if isinstance(r.change, ItemEntered | ItemCorrected) and r.user != SYSTEM)


def _by_user(records: Iterable[AuditRecord]) -> dict[tuple[str, str], list[AuditRecord]]:
    found: dict[tuple[str, str], list[AuditRecord]] = defaultdict(list)
    for record in _entries(records):
        found[record.site, record.user].append(record)
    return found


def _late(study: Study, plan: TrailPlan, records: Sequence[AuditRecord]) -> Iterable[TrailSign]:
    """First entries long after the last day that is on record for their visit; a day not known in full tells nothing."""
    days: dict[tuple[str | None, str, int], date] = {}
    forms: dict[tuple[str | None, FormPath], list[AuditRecord]] = defaultdict(list)
    for record in _entries(records):
        change = record.change
        assert isinstance(change, ItemEntered | ItemCorrected)
        event = study.event.get(change.path.event)
        if event is None or event.kind not in ("scheduled", "unscheduled"):
            continue
        if change.path.item == event.date_item and (day := _day(change.value)) is not None:
            where = (record.subject, change.path.event, change.path.repeat)
            days[where] = max(day, days.get(where, day))
        if isinstance(change, ItemEntered):
            forms[record.subject, change.path.form_path].append(record)
    for (subject, form), entered in forms.items():
        visit = days.get((subject, form.event, form.repeat))
        late = [r for r in entered if visit and (r.local_time.date() - visit).days > plan.late_days]
        if late and visit:
            worst = max((record.local_time.date() - visit).days for record in late)
            says = _LATE.format(n=len(late), days=worst, visit=visit.isoformat())
            yield _sign("late", late, form, says)


def _after_signature(records: Sequence[AuditRecord]) -> Iterable[TrailSign]:
    """Answers changed, added or struck out on a form that carried a signature at that time."""
    signed: dict[tuple[str | None, FormPath], list[AuditRecord]] = defaultdict(list)
    for record in records:
        if isinstance(record.change, FormSigned):
            signed[record.subject, record.change.form].append(record)
    touched: dict[tuple[str | None, FormPath], list[AuditRecord]] = defaultdict(list)
    for record in records:
        change = record.change
        if isinstance(change, ItemEntered | ItemCorrected):
            form = change.path.form_path
        elif isinstance(change, RowStruck):
            form = change.form
        else:
            continue
        if any(_follows(record, signature) for signature in signed.get((record.subject, form), ())):
            touched[record.subject, form].append(record)
    for (_, form), mine in touched.items():
        yield _sign("after_signature", mine, form, _AFTER.format(n=len(mine)))


def _follows(record: AuditRecord, signature: AuditRecord) -> bool:
    """Whether a record came after a signature: by what it replaces, by number in one trail, else by the clocks."""
    covered = signature.change.covers if isinstance(signature.change, FormSigned) else ()
    if isinstance(record.change, ItemCorrected) and set(record.change.replaces) & set(covered):
        return True
    if record.origin == signature.origin:
        return record.seq > signature.seq
    return record.at > signature.at


def _night(plan: TrailPlan, records: Sequence[AuditRecord]) -> Iterable[TrailSign]:
    nights: dict[tuple[str | None, str, date], list[AuditRecord]] = defaultdict(list)
    for record in _entries(records):
        if plan.is_night(record.local_time.hour):
            nights[record.subject, record.user, record.local_time.date()].append(record)
    for mine in nights.values():
        first, last = (record.local_time.strftime("%H:%M") for record in (mine[0], mine[-1]))
        yield _sign("night", mine, None, _NIGHT.format(n=len(mine), first=first, last=last))


def _rates(plan: TrailPlan, records: Sequence[AuditRecord]) -> Iterable[TrailSign]:
    for mine in _by_user(records).values():
        entered = sorted((r for r in mine if isinstance(r.change, ItemEntered)), key=lambda r: r.at)
        corrected = [r for r in mine if isinstance(r.change, ItemCorrected)]
        most, start = _busiest(entered)
        if most > plan.most_in_ten_minutes:
            burst = entered[start : start + most]
            yield _sign("rate", burst, None, _RATE.format(n=most), burst[0].subject if _one(burst) else None)
        if len(entered) >= plan.least_answers and 100 * len(corrected) > plan.corrected_percent * len(entered):
            says = _CORRECTED.format(n=len(corrected), of=len(entered))
            yield _sign("corrected", corrected, None, says, corrected[0].subject if _one(corrected) else None)


def _busiest(entered: Sequence[AuditRecord]) -> tuple[int, int]:
    """The most answers given in ten minutes, and where they begin in the order of time."""
    times = sorted(datetime.fromisoformat(record.at) for record in entered)
    return max(((bisect_left(times, moment + _WINDOW) - i, i) for i, moment in enumerate(times)), default=(0, 0))


def _one(records: Sequence[AuditRecord]) -> bool:
    return len({record.subject for record in records}) == 1


def _clock(record: AuditRecord) -> TrailSign:
    change = record.change
    assert isinstance(change, ClockFlagged)
    says = _CLOCK.format(
        origin=record.origin, last=change.last[:16].replace("T", " "), now=change.now[:16].replace("T", " ")
    )
    return _sign("clock", [record], None, says, record.subject)


def _sign(
    kind: SignKind, records: Sequence[AuditRecord], form: FormPath | None, says: Text, subject: str | None = ""
) -> TrailSign:
    first = records[0]
    about = first.subject if subject == "" else subject
    return TrailSign(kind, first.site, about, first.user, first.at, form, tuple(r.id for r in records), says)


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value or "")
    except ValueError:
        return None


_LATE = Text(
    en="{n} answers entered up to {days} days after the visit of {visit}",
    zh="{n} 项答案在 {visit} 访视后录入，最晚延迟 {days} 天",
)
_AFTER = Text(en="{n} changes after the signature", zh="签名后更改 {n} 处")
_NIGHT = Text(en="{n} answers between {first} and {last}", zh="{first}～{last} 录入 {n} 项答案")
_RATE = Text(en="{n} answers within ten minutes", zh="10 分钟内录入 {n} 项答案")
_CORRECTED = Text(en="{n} corrections of {of} answers", zh="{of} 项答案中更正 {n} 次")
_CLOCK = Text(
    en="The clock of {origin} went back from {last} to {now} UTC", zh="{origin} 的时钟由 {last} 回拨至 {now}（UTC）"
)
