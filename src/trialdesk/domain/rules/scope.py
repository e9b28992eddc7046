"""The place a rule is evaluated at, and the values it can see from there."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.rules import functions, laboratory
from trialdesk.domain.rules.values import UNKNOWN, Value, ends, equal, item_value, plus

if TYPE_CHECKING:
    from trialdesk.domain.rules.rulebook import Rulebook


class PlaceScope:
    """One group row of one form in one event occurrence, on one day; implements expression.Scope."""

    def __init__(
        self, book: Rulebook, data: SubjectData, form: FormPath, group: str | None, group_repeat: int, today: date
    ) -> None:
        self.book, self.data, self.form = book, data, form
        self.group, self.group_repeat, self.today = group, group_repeat, today

    def at(self, group: str, group_repeat: int) -> PlaceScope:
        """The same form, seen from another row."""
        return PlaceScope(self.book, self.data, self.form, group, group_repeat, self.today)

    def path(self, name: str) -> ItemPath | None:
        """Where a bare name is read from here, or None where the plan leaves that open."""
        found = self.book.look_up(self.form.event, self.form.form, self.group, name)
        if found.reach in ("ambiguous", "unknown"):
            return None
        form, group, _ = self.book.study.place[name]
        same = found.event == self.form.event or found.reach == "round"
        row = self.group_repeat if found.reach == "row" else 1
        return ItemPath(found.event, self.form.repeat if same else 1, form.oid, group.oid, row, name)

    def read(self, path: ItemPath) -> Value:
        """The value at a place; a derived item without a completed form behind it is computed now."""
        recorded = self.data.items.get(path)
        method = self.book.method_of.get(path.item)
        if method is not None and not self.book.frozen(self.data, path):
            scope = PlaceScope(self.book, self.data, path.form_path, path.group, path.group_repeat, self.today)
            return method.evaluate(scope)
        if recorded is None or self.data.is_struck(path):
            return UNKNOWN
        return item_value(self.book.study.item(path.item), recorded.value, recorded.unit)

    def item(self, name: str) -> Value:
        path = self.path(name)
        return UNKNOWN if path is None else self.read(path)

    def parameter(self, name: str) -> Value:
        return self.book.parameters.get(name, UNKNOWN)

    def round_no(self) -> Value:
        event = self.book.study.event.get(self.form.event)
        return Decimal(self.form.repeat) if event is not None and event.per_round else UNKNOWN

    def row(self) -> Value:
        return Decimal(self.group_repeat)

    def ask(self, function: str, arguments: tuple[Value, ...]) -> Value:
        return functions.apply(function, arguments, self.book.terminology)

    def call(self, function: str, name: str, arguments: tuple[Value, ...]) -> Value:
        return _CALLS[function](self, name, arguments)

    def places(self, name: str) -> tuple[ItemPath, ...]:
        """Recorded (or derivable) places of an item within reach: this form, else this round, else everywhere."""
        study = self.book.study
        recorded = self.data.by_item.get(name, ())
        item_form = study.place[name][0].oid if name in study.place else ""
        if item_form == self.form.form:
            return tuple(p for p in recorded if p.form_path == self.form)
        here = study.event.get(self.form.event)
        asking = study.events_of_form.get(item_form, ())
        if here is not None and here.per_round and any(e.per_round for e in asking):
            rounds = {event.oid for event in study.events if event.per_round}
            return tuple(p for p in recorded if p.repeat == self.form.repeat and p.event in rounds)
        return recorded

    def upto(self, name: str) -> list[ItemPath]:
        """Recorded places of an item at or before this event in schedule order; logs count wherever they stand."""
        event = self.book.study.event.get(self.form.event)
        here = self.book.order(self.form) if event is not None and event.kind == "scheduled" else _AFTER_ALL
        found = [p for p in self.data.by_item.get(name, ()) if self.book.order(p.form_path) <= here]
        return sorted(found, key=lambda p: (self.book.order(p.form_path), p.group_repeat))


_AFTER_ALL = (1000, 0)
"""Logs and common events may happen at any time: from there the whole casebook is in sight."""


def _given(scope: PlaceScope, name: str, arguments: tuple[Value, ...]) -> Value:
    path = scope.path(name)
    return path is not None and scope.data.value(path) is not None


def _unavailable(scope: PlaceScope, name: str, arguments: tuple[Value, ...]) -> Value:
    path = scope.path(name)
    item = scope.data.items.get(path) if path else None
    return item is not None and item.missing is not None


def _known(scope: PlaceScope, places: list[ItemPath] | tuple[ItemPath, ...]) -> list[Value]:
    return [value for value in (scope.read(path) for path in places) if value is not UNKNOWN]


def _latest(scope: PlaceScope, name: str, arguments: tuple[Value, ...]) -> Value:
    known = _known(scope, scope.upto(name))
    if known and isinstance(ends(known[0])[0], date):
        return max(known, key=lambda value: ends(value)[1])
    return known[-1] if known else UNKNOWN


def _first(scope: PlaceScope, name: str, arguments: tuple[Value, ...]) -> Value:
    known = _known(scope, scope.places(name))
    if known and isinstance(ends(known[0])[0], date):
        return min(known, key=lambda value: ends(value)[0])
    return known[0] if known else UNKNOWN


def _baseline(scope: PlaceScope, name: str, arguments: tuple[Value, ...]) -> Value:
    event = scope.book.study.baseline_event
    known = _known(scope, [p for p in scope.data.by_item.get(name, ()) if p.event == event])
    return known[-1] if known else UNKNOWN


def _previous(scope: PlaceScope, name: str, arguments: tuple[Value, ...]) -> Value:
    path = scope.path(name)
    if path is None or path.group_repeat < 2:
        return UNKNOWN
    return scope.read(path._replace(group_repeat=path.group_repeat - 1))


def _count(scope: PlaceScope, name: str, arguments: tuple[Value, ...]) -> Value:
    known = _known(scope, scope.places(name))
    if not arguments:
        return Decimal(len(known))
    return Decimal(sum(1 for value in known if any(equal(value, wanted) is True for wanted in arguments)))


def _any_is(scope: PlaceScope, name: str, arguments: tuple[Value, ...]) -> Value:
    known = _known(scope, scope.places(name))
    return any(equal(value, wanted) is True for value in known for wanted in arguments)


def _total(scope: PlaceScope, name: str, arguments: tuple[Value, ...]) -> Value:
    known = _known(scope, scope.places(name))
    total: Value = Decimal(0)
    for value in known:
        total = plus(total, value)
    return total if known else UNKNOWN


_CALLS = {
    "given": _given,
    "unavailable": _unavailable,
    "latest": _latest,
    "first": _first,
    "baseline": _baseline,
    "previous": _previous,
    "count": _count,
    "any_is": _any_is,
    "total": _total,
    **laboratory.CALLS,
}
