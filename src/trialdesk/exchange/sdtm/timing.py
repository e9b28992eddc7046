"""Visit numbers, study days and epochs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from trialdesk.domain.study.study import Study

ROUND = 100


@dataclass(frozen=True)
class Visit:
    """One planned or unscheduled visit: its number, its name and the epoch it belongs to."""

    number: int
    name: str
    epoch: str


def visit_of(study: Study, event: str, repeat: int) -> Visit | None:
    """The visit of an event's occurrence; None for logs and events that happen once whenever they happen.

    Numbers grow with the schedule: before the rounds the place in the schedule, in round r that place plus 100 r, after
    the rounds plus 100 more than the last round, unscheduled visits above all others in their own order.
    """
    definition = study.event.get(event)
    if definition is None or definition.kind in ("log", "common"):
        return None
    place = study.event_order[event] + 1
    after = (study.max_rounds + 1) * ROUND
    if definition.kind == "unscheduled":
        return Visit(after + ROUND + repeat, f"{definition.label.en.upper()} {repeat}", definition.epoch)
    if definition.per_round:
        return Visit(repeat * ROUND + place, f"ROUND {repeat} {definition.label.en.upper()}", definition.epoch)
    first = min((study.event_order[e.oid] for e in study.events if e.per_round), default=len(study.events))
    return Visit(place if place <= first else after + place, definition.label.en.upper(), definition.epoch)


def planned_visits(study: Study) -> Iterator[tuple[str, int, Visit]]:
    """Every planned visit in the order of its number: event, round, visit."""
    found = [
        (one.oid, repeat, visit)
        for one in study.events
        if one.kind == "scheduled"
        for repeat in range(1, (study.max_rounds if one.per_round else 1) + 1)
        if (visit := visit_of(study, one.oid, repeat)) is not None
    ]
    yield from sorted(found, key=lambda one: one[2].number)


def study_day(text: str | None, reference: str | None) -> int | None:
    """Days from the reference day, which is day 1 (there is no day 0); None unless both days are known in full."""
    day, start = _day(text), _day(reference)
    if day is None or start is None:
        return None
    apart = (day - start).days
    return apart + 1 if apart >= 0 else apart


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text and len(text) >= 10 else None
    except ValueError:
        return None


@dataclass(frozen=True)
class Span:
    """One element a participant was in, from its first day to the first day of the next."""

    code: str
    name: str
    epoch: str
    order: int
    start: str
    end: str | None


def epoch_at(spans: tuple[Span, ...], text: str | None) -> str | None:
    """The epoch of a day; None where the day is partial or before the first element."""
    day = _day(text)
    found = None
    for span in spans:
        start = _day(span.start)
        if day is not None and start is not None and start <= day:
            found = span.epoch
    return found
