"""A series of injections as it follows from the casebook: planned moments, intervals, and how far each is off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal

from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.rules.expression import compile_expression
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.domain.rules.scope import PlaceScope
from trialdesk.domain.rules.values import UNKNOWN, Value
from trialdesk.domain.study.sheet import InjectionSheet
from trialdesk.domain.text import Text

Verdict = Literal["in_time", "late", "early", "too_close"]


@dataclass(frozen=True)
class Timing:
    """The study's interval between injections in hours: target, what it may be off, and the least it may ever be."""

    interval: Decimal
    tolerance: Decimal
    minimum: Decimal

    def verdict(self, hours: Decimal, steps: int) -> Verdict:
        """How an interval over so many planned steps is judged; the ends of the window count as in time."""
        off = hours - self.interval * steps
        if hours < self.minimum:
            return "too_close"
        if off > self.tolerance:
            return "late"
        return "early" if off < -self.tolerance else "in_time"


@dataclass(frozen=True)
class Interval:
    """Hours from the last given injection before it to this one, over how many planned steps, and the verdict."""

    since: int
    hours: Decimal
    expected: Decimal
    verdict: Verdict


@dataclass(frozen=True)
class Injection:
    """One injection of the series: what is planned, what was done, and the interval to the one before."""

    number: int
    day: int
    slot: int
    on: date | None
    planned: datetime | None
    window: tuple[datetime, datetime] | None
    given: bool | None
    missing: bool
    at: datetime | None
    dose: str | None
    volume: str | None
    site: str | None
    reason: str | None
    interval: Interval | None


@dataclass(frozen=True)
class Series:
    """All injections, the injection that is next, the study's timing, and the highest amount of a day."""

    injections: tuple[Injection, ...]
    timing: Timing | None
    day_cap: Decimal | None

    @property
    def next(self) -> Injection | None:
        """The first injection that nobody has accounted for."""
        return next((one for one in self.injections if one.given is None and not one.missing), None)

    @property
    def given(self) -> int:
        """How many were given."""
        return sum(1 for one in self.injections if one.given)


def injection_series(book: Rulebook, data: SubjectData, form: FormPath, sheet: InjectionSheet, today: date) -> Series:
    """The series on one form; nothing is written, and what cannot be told stays None."""
    timing = _timing(book, sheet)
    group = next(g for f in book.study.forms for g in f.groups if g.oid == sheet.group)
    per_day = book.amount(sheet.per_day) or 1
    scope = PlaceScope(book, data, form, sheet.group, 1, today)
    made: list[Injection] = []
    for number in range(1, (group.rows or len(data.rows(form, sheet.group)) or 1) + 1):
        made.append(_injection(scope.at(sheet.group, number), form, sheet, timing, made, per_day))
    cap = compile_expression(sheet.day_cap).run(scope) if sheet.day_cap else UNKNOWN
    return Series(tuple(made), timing, cap if isinstance(cap, Decimal) else None)


def _injection(
    scope: PlaceScope,
    form: FormPath,
    sheet: InjectionSheet,
    timing: Timing | None,
    before: list[Injection],
    per_day: int,
) -> Injection:
    number = scope.group_repeat

    def text(name: str | None) -> str | None:
        return scope.data.value(form.item(sheet.group, name, number)) if name else None

    answer = scope.data.items.get(form.item(sheet.group, sheet.given, number))
    given = {sheet.given_code: True, sheet.not_given_code: False}.get(text(sheet.given) or "")
    on = _day(scope.read(form.item(sheet.group, sheet.planned_date, number)))
    at = _moment(text(sheet.date), text(sheet.time)) if given is not False else None
    last = next((one for one in reversed(before) if one.at is not None), None)
    first = before[0].at if before else None
    planned = _moment(on.isoformat() if on else None, text(sheet.planned_time))
    window = None
    if timing is not None:
        if planned is None and first is not None:
            planned = first + _hours(timing.interval * (number - 1))
        if last is not None and last.at is not None:
            target = last.at + _hours(timing.interval * (number - last.number))
            window = (target - _hours(timing.tolerance), target + _hours(timing.tolerance))
    return Injection(
        number=number,
        day=(number - 1) // per_day + 1,
        slot=(number - 1) % per_day,
        on=at.date() if at else planned.date() if planned else on,
        planned=planned,
        window=window,
        given=given,
        missing=answer is not None and answer.missing is not None,
        at=at,
        dose=text(sheet.dose),
        volume=text(sheet.volume),
        site=text(sheet.site),
        reason=text(sheet.reason),
        interval=_interval(timing, last, at, number),
    )


def _interval(timing: Timing | None, last: Injection | None, at: datetime | None, number: int) -> Interval | None:
    if timing is None or last is None or last.at is None or at is None:
        return None
    minutes = (at - last.at) // timedelta(minutes=1)
    hours, steps = Decimal(minutes) / 60, number - last.number
    return Interval(last.number, hours, timing.interval * steps, timing.verdict(hours, steps))


def interval_words(timing: Timing, interval: Interval) -> Text:
    """The interval in words: how long, and by how much it is late, early or below the least."""
    told = hours_words(interval.hours)
    if interval.verdict == "too_close":
        says = Text(en="{h} after no. {n}: below the minimum of {least}", zh="距第 {n} 针 {h}，短于下限 {least}")
        return says.format(h=told, n=interval.since, least=hours_words(timing.minimum))
    says = Text(en="{h} after no. {n}", zh="距第 {n} 针 {h}")
    if interval.verdict != "in_time":
        by = hours_words(abs(interval.hours - interval.expected) - timing.tolerance)
        says = (
            Text(en="{h} after no. {n}: late by {by}", zh="距第 {n} 针 {h}，偏晚 {by}")
            if interval.verdict == "late"
            else Text(en="{h} after no. {n}: early by {by}", zh="距第 {n} 针 {h}，偏早 {by}")
        ).format(h="{h}", n="{n}", by=by)
    return says.format(h=told, n=interval.since)


def interval_brief(timing: Timing, interval: Interval) -> Text:
    """The interval in the few words a card has room for."""
    told = f"{interval.hours:.1f} h"
    if interval.verdict == "too_close":
        return Text(en="{h}, minimum {m} h", zh="间隔 {h}，下限 {m} h").format(h=told, m=timing.minimum)
    by = f"{abs(interval.hours - interval.expected) - timing.tolerance:.1f} h"
    words = {
        "late": Text(en="{h}, late {by}", zh="间隔 {h}，晚 {by}"),
        "early": Text(en="{h}, early {by}", zh="间隔 {h}，早 {by}"),
    }
    return words.get(interval.verdict, Text(en="{h}", zh="间隔 {h}")).format(h=told, by=by)


def hours_words(hours: Decimal) -> Text:
    """Hours as they are spoken: `12 h 3 min`."""
    minutes = int((hours * 60).to_integral_value())
    whole, rest = divmod(minutes, 60)
    said = " ".join([*([f"{whole} h"] if whole or not rest else []), *([f"{rest} min"] if rest else [])])
    return Text(en=said, zh=said)


def given_now(
    book: Rulebook, data: SubjectData, form: FormPath, sheet: InjectionSheet, number: int, now: datetime
) -> list[tuple[ItemPath, str]]:
    """The answers that say "given now with the planned dose"; what is answered already is left as it is."""
    scope = PlaceScope(book, data, form, sheet.group, number, now.date())
    wanted = [
        (sheet.given, sheet.given_code),
        (sheet.date, now.date().isoformat()),
        (sheet.time, now.strftime("%H:%M")),
        (sheet.dose, _written(book, sheet.dose, scope.item(sheet.planned_dose))),
        (sheet.volume, _written(book, sheet.volume, scope.item(sheet.planned_volume))),
    ]
    paths = [(form.item(sheet.group, name, number), text) for name, text in wanted if text]
    return [(path, text) for path, text in paths if path not in data.items]


def not_given(form: FormPath, sheet: InjectionSheet, number: int, reason: str) -> list[tuple[ItemPath, str]]:
    """The answers that say "not given" with the reason's code."""
    return [
        (form.item(sheet.group, sheet.given, number), sheet.not_given_code),
        (form.item(sheet.group, sheet.reason, number), reason),
    ]


def _written(book: Rulebook, name: str, value: Value) -> str:
    if not isinstance(value, Decimal):
        return ""
    digits = book.study.item(name).digits
    return str(value if digits is None else round(value, digits))


def _timing(book: Rulebook, sheet: InjectionSheet) -> Timing | None:
    found = [book.parameters.get(name) for name in (sheet.interval, sheet.tolerance, sheet.minimum)]
    hours = [value for value in found if isinstance(value, Decimal)]
    return Timing(*hours) if len(hours) == 3 else None


def _day(value: Value) -> date | None:
    return value if isinstance(value, date) else None


def _moment(day: str | None, clock: str | None) -> datetime | None:
    """The moment of a whole date and a time; None while either is unknown."""
    if not day or not clock:
        return None
    try:
        return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock))
    except ValueError:
        return None


def _hours(hours: Decimal) -> timedelta:
    return timedelta(minutes=int(hours * 60))
