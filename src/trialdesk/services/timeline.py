"""A participant's time as one strip: treatment, assessments and events on an axis of days, for screen and paper alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.partial_date import PartialDate
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.domain.rules.scope import PlaceScope
from trialdesk.domain.rules.values import written
from trialdesk.domain.rules.windows import days_text, outside_text
from trialdesk.domain.study.timeline import Lane, TimelineMark
from trialdesk.domain.text import Text
from trialdesk.services.worklist import Column, plan

MarkShape = Literal["bar", "diamond", "tick", "dot", "drop", "episode", "triangle", "cross", "visit", "window"]
LANES: dict[Lane, Text] = {
    "treatment": Text(en="Treatment", zh="治疗"),
    "assessment": Text(en="Assessment", zh="评估"),
    "event": Text(en="Events", zh="事件"),
}
_GRADES = {
    "I": 1, "II": 2, "III": 3, "IV": 4, "MILD": 1, "MODERATE": 2, "SEVERE": 3, **{str(n): n for n in range(6)},
}  # fmt: skip
"""What colours a mark: CTCAE grades as they are, overall GVHD grades and NIH severity by their order."""


@dataclass(frozen=True)
class Mark:
    """One mark: where it stands, what it is in words, and the form it comes from.

    `end` is the last day; `open` says that it still goes on, `planned` that it has not happened yet, `uncertain` that
    its date is known in part only (the earliest day it can be is drawn).
    """

    lane: Lane
    shape: MarkShape
    start: date
    end: date
    label: Text
    detail: Text
    form: FormPath
    grade: int | None = None
    open: bool = False
    planned: bool = False
    uncertain: bool = False

    @property
    def says(self) -> Text:
        """The mark in one sentence, for the table beside the strip and for readers."""
        days = days_text(self.start)
        if self.open:
            days = Text(en="from {a}", zh="自 {a} 起").format(a=days)
        elif self.end != self.start:
            days = Text(en="{a} to {b}", zh="{a}～{b}").format(a=days, b=days_text(self.end))
        if self.uncertain:
            days = Text(en="{d} (day uncertain)", zh="{d}（日期不详）").format(d=days)
        said = Text(en="{label} {detail}", zh="{label} {detail}").format(label=self.label, detail=self.detail)
        return Text(en=f"{said.en.rstrip(' .')}, {days.en}", zh=f"{said.zh.rstrip(' 。')}，{days.zh}")


@dataclass(frozen=True)
class Timeline:
    """All marks in order of days, with today, the days counted from, and the span worth showing."""

    marks: tuple[Mark, ...]
    today: date
    zeros: tuple[tuple[int, date], ...]
    first: date
    last: date

    def day_words(self, day: date) -> Text:
        """A day by its distance from the last day 0 before it: `D+14`, with the round where there are several."""
        before = [(number, zero) for number, zero in self.zeros if zero <= day]
        if not before:
            return days_text(day)
        number, zero = before[-1]
        lead = f"{number}: " if len(self.zeros) > 1 else ""
        return Text(en=f"{lead}D+{(day - zero).days}", zh=f"{lead}D+{(day - zero).days}")


def timeline(book: Rulebook, data: SubjectData, today: date) -> Timeline:
    """The timeline of one participant as it stands; nothing is written."""
    marks = [mark for kind in book.study.timeline for mark in _marks(book, data, kind, today)]
    dated = {kind.start for kind in book.study.timeline}
    marks += _visits(plan(book, data, today).columns, dated)
    marks.sort(key=lambda mark: (mark.start, mark.end, mark.lane, str(mark.form)))
    zeros = sorted(
        (path.repeat, day) for path in data.by_item.get(book.study.landmarks.day_0, ()) if (day := _whole(data, path))
    )
    happened = [mark for mark in marks if not mark.planned]
    first = min((m.start for m in happened), default=today) - timedelta(days=5)
    shown = [m.end for m in marks if not m.planned or m.start <= today + timedelta(days=70)]
    last = max([*shown, today]) + timedelta(days=7)
    return Timeline(tuple(marks), today, tuple(zeros), first, last)


def _marks(book: Rulebook, data: SubjectData, kind: TimelineMark, today: date) -> Iterator[Mark]:
    if kind.shape == "episode":
        yield from _episodes(book, data, kind, today)
        return
    places = data.by_item.get(kind.start, ())
    for path in places:
        found = _date(data.value(path))
        if found is None:
            continue
        code = _shown(book, data, path, kind.grade, today)
        if code is not None and code in kind.unless:
            continue
        given = _value(book, data, path, kind.given) if kind.given else kind.given_code
        if given != kind.given_code:
            continue
        end, going = _end(book, data, path, kind, found, today)
        yield Mark(
            lane=kind.lane, shape=kind.shape, start=found.earliest, end=end, label=_label(book, path, kind),
            detail=_words(book, data, path, kind.what, today), form=path.form_path, grade=_GRADES.get(code or ""),
            open=going, uncertain=not found.complete,
        )  # fmt: skip
    if kind.planned is not None:
        yield from _planned(book, data, kind, today)


def _label(book: Rulebook, path: ItemPath, kind: TimelineMark) -> Text:
    """The kind's label, with the name of the row where its section names its rows."""
    labels = book.study.place[kind.start][1].row_labels
    if path.group_repeat > len(labels):
        return kind.label
    return Text(en="{kind}, {row}", zh="{kind} {row}").format(kind=kind.label, row=labels[path.group_repeat - 1])


def _end(
    book: Rulebook, data: SubjectData, path: ItemPath, kind: TimelineMark, start: PartialDate, today: date
) -> tuple[date, bool]:
    """The last day of a mark, and whether it still goes on."""
    if kind.end is None:
        return start.earliest, False
    found = _date(_value(book, data, path, kind.end))
    if found is not None:
        return max(found.latest if found.complete else found.earliest, start.earliest), False
    going = kind.ongoing is None or _value(book, data, path, kind.ongoing) == kind.ongoing_code
    return (max(today, start.earliest), True) if going else (start.earliest, False)


def _planned(book: Rulebook, data: SubjectData, kind: TimelineMark, today: date) -> Iterator[Mark]:
    """What is still to come on forms that were begun, by its derived day."""
    assert kind.planned is not None
    form, group, item = book.study.place[kind.planned]
    for place in sorted({path.form_path for path in data.by_item.get(kind.start, ())} & set(data.by_form)):
        if place.form != form.oid:
            continue
        for row in range(1, (group.rows or 1) + 1):
            if kind.given and data.items.get(place.item(group.oid, kind.given, row)) is not None:
                continue
            if data.value(place.item(group.oid, kind.start, row)):
                continue
            scope = PlaceScope(book, data, place, group.oid, row, today)
            found = _date(written(scope.read(place.item(group.oid, item.name, row)), item))
            if found is not None and found.complete:
                yield Mark(kind.lane, kind.shape, found.earliest, found.earliest, kind.label,
                           Text(en="planned", zh="计划"), place, planned=True)  # fmt: skip


def _episodes(book: Rulebook, data: SubjectData, kind: TimelineMark, today: date) -> Iterator[Mark]:
    """Assessments in order of days, joined while they show the disease; the worst grade names the episode."""
    seen: list[tuple[date, ItemPath, str]] = []
    for path in data.by_item.get(kind.start, ()):
        day = _whole(data, path)
        code = _shown(book, data, path, kind.grade, today)
        if day is not None and code is not None:
            seen.append((day, path, code))
    going: list[tuple[date, ItemPath, str]] = []
    for day, path, code in sorted(seen):
        if code not in kind.unless:
            going.append((day, path, code))
        elif going:
            yield _episode(book, data, kind, going, day, False, today)
            going = []
    if going:
        yield _episode(book, data, kind, going, max(today, going[-1][0]), True, today)


def _episode(
    book: Rulebook, data: SubjectData, kind: TimelineMark, going: list[tuple[date, ItemPath, str]],
    end: date, still: bool, today: date,
) -> Mark:  # fmt: skip
    worst = max(going, key=lambda one: _GRADES.get(one[2], 0))
    onsets = [_date(_value(book, data, path, kind.onset)) for _, path, _ in going] if kind.onset else []
    known = [found for found in onsets if found is not None]
    start = min([going[0][0], *(found.earliest for found in known)])
    return Mark(
        kind.lane, kind.shape, start, end, kind.label, _words(book, data, worst[1], kind.what, today),
        worst[1].form_path, _GRADES.get(worst[2]), open=still, uncertain=any(not f.complete for f in known),
    )  # fmt: skip


def _visits(columns: tuple[Column, ...], dated: set[str]) -> Iterator[Mark]:
    """Each visit on the day it took place, a triangle among the events where that was out of its window, else the window.

    A visit whose date has a mark of its own (`dated`, such as the infusion) gets no second one.
    """
    for column in columns:
        form = column.forms[0]
        day = _date(column.day)
        window = column.window
        if day is not None and day.complete:
            outside = window.days_outside(day.earliest) if window else None
            if window is not None and outside:
                yield Mark("event", "triangle", day.earliest, day.earliest, column.label,
                           outside_text(window, outside), form)  # fmt: skip
            if column.event.date_item not in dated:
                yield Mark("assessment", "visit", day.earliest, day.earliest, column.label, Text(en="", zh=""), form)
        elif window is not None:
            detail = Text(en="window", zh="访视窗")
            yield Mark("assessment", "window", window.first, window.last, column.label, detail, form, planned=True)


def _beside(book: Rulebook, path: ItemPath, name: str) -> ItemPath:
    """Another item of the same form occurrence, and of the same row where it stands in the same section."""
    _, group, _ = book.study.place[name]
    return path.form_path.item(group.oid, name, path.group_repeat if group.oid == path.group else 1)


def _value(book: Rulebook, data: SubjectData, path: ItemPath, name: str | None) -> str | None:
    return data.value(_beside(book, path, name)) if name else None


def _shown(book: Rulebook, data: SubjectData, path: ItemPath, name: str | None, today: date) -> str | None:
    """The value of an item beside this one, computed where it is derived."""
    if name is None:
        return None
    place = _beside(book, path, name)
    if name not in book.method_of:
        return data.value(place)
    scope = PlaceScope(book, data, place.form_path, place.group, place.group_repeat, today)
    return written(scope.read(place), book.study.item(name))


def _words(book: Rulebook, data: SubjectData, path: ItemPath, name: str | None, today: date) -> Text:
    value = _shown(book, data, path, name, today)
    if name is None or value is None:
        return Text(en="", zh="")
    item = book.study.item(name)
    words = book.study.words(item, value)
    if words is None and item.kind == "term":
        from trialdesk.services.terminology import rule_terminology

        term = rule_terminology().find(value)
        words = Text(en=term.name, zh=term.zh) if term else None
    return words or Text(en=f"{value} {item.unit or ''}".strip(), zh=f"{value} {item.unit or ''}".strip())


def _date(text: str | None) -> PartialDate | None:
    try:
        return PartialDate.parse(text) if text else None
    except ValueError:
        return None


def _whole(data: SubjectData, path: ItemPath) -> date | None:
    found = _date(data.value(path))
    return found.earliest if found is not None and found.complete else None
