"""Visit and dose windows: how many days a date lies outside, and the sentence that says so."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from trialdesk.domain.medicine.schedule import month_later
from trialdesk.domain.rules.rulebook import CompiledRule, Rulebook
from trialdesk.domain.rules.scope import PlaceScope
from trialdesk.domain.rules.values import UNKNOWN, Span, Value, ends
from trialdesk.domain.study.rule import WindowRule
from trialdesk.domain.study.study_event import Timing
from trialdesk.domain.text import Text


class Window(NamedTuple):
    """The days on which something is in time: first, target, last."""

    first: date
    target: date
    last: date

    def days_outside(self, day: Value) -> int | None:
        """Days late (positive), early (negative), 0 inside; None when a partial date may lie on either side."""
        lo, hi = ends(day)
        if not isinstance(lo, date):
            return None
        if lo > self.last:
            return int((lo - self.last).days)
        if hi < self.first:
            return int((hi - self.first).days)
        return 0 if lo >= self.first and hi <= self.last else None


def window_of_rule(book: Rulebook, compiled: CompiledRule, scope: PlaceScope) -> Window | None:
    """The window a dose rule opens, or None while its anchor cannot be told."""
    rule = compiled.rule
    assert isinstance(rule, WindowRule)
    return _window(book, compiled.parts["after"].run(scope), rule.target, None, rule.pre_window, rule.post_window)


def window_of_event(book: Rulebook, due: Timing, anchor: Value) -> Window | None:
    """The window of a visit from its anchor date, or None while the anchor cannot be told."""
    return _window(book, anchor, due.days, due.months, due.pre_window, due.post_window)


def _window(
    book: Rulebook, anchor: Value, days: int | str | None, months: int | str | None, pre: int | str, post: int | str
) -> Window | None:
    if anchor is UNKNOWN or isinstance(anchor, Span) or not isinstance(anchor, date):
        return None
    before, after = book.amount(pre), book.amount(post)
    shift = book.amount(days) if days is not None else 0
    jump = book.amount(months) if months is not None else 0
    if before is None or after is None or shift is None or jump is None:
        return None
    target = month_later(anchor, jump) + timedelta(days=shift)
    return Window(target - timedelta(days=before), target, target + timedelta(days=after))


def days_text(day: date) -> Text:
    """A day as it is spoken on the ward: `3 Mar` and `3月3日`, with the year where it matters elsewhere."""
    return Text(en=f"{day.day} {_MONTHS[day.month - 1]}", zh=f"{day.month}月{day.day}日")


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def outside_text(window: Window, outside: int) -> Text:
    """By how much a date lies outside, and what was expected."""
    first, last = days_text(window.first), days_text(window.last)
    expected = (
        Text(en="expected on {first}", zh="应为 {first}")
        if window.first == window.last
        else Text(en="expected {first} to {last}", zh="应在 {first}～{last}")
    ).format(first=first, last=last)
    n = abs(outside)
    late = outside > 0
    return Text(
        en="{n} day{s} {way}: {expected}.".format(
            n=n, s="" if n == 1 else "s", way="too late" if late else "too early", expected=expected.en
        ),
        zh="超窗 {n} 天（{way}）：{expected}。".format(n=n, way="偏晚" if late else "偏早", expected=expected.zh),
    )
