"""What a source of the mapping says at one place of a casebook."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import ItemPath
from trialdesk.domain.rules.laboratory import range_at
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.domain.rules.scope import PlaceScope
from trialdesk.domain.study.form import ItemDef
from trialdesk.domain.study.sdtm import SdtmMapping, Source


class CasebookReader:
    """One participant's recorded answers; `parked` places are not asked any more and count for nothing."""

    def __init__(
        self, book: Rulebook, mapping: SdtmMapping, data: SubjectData, parked: Collection[ItemPath], day: date
    ) -> None:
        self.book, self.study, self.mapping, self.data = book, book.study, mapping, data
        self.parked, self.day = parked, day
        self.made: dict[str, list[dict[str, str | int | float | None]]] = {}
        """What the domains made so far hold, for sources that read another domain."""

    def places(self, item: str) -> list[ItemPath]:
        """Where an item is on record and asked, in the order of the schedule."""
        order = self.study.event_order
        known = [p for p in self.data.by_item.get(item, ()) if p not in self.parked and p.event in order]
        return sorted(known, key=lambda p: (order[p.event], p.repeat, p.group_repeat))

    def value(self, path: ItemPath) -> str | None:
        """The standing value, None where it is not asked any more."""
        return None if path in self.parked else self.data.value(path)

    def in_sight(self, item: str, at: ItemPath | None) -> ItemPath | None:
        """Where an item is read from a place, as a rule of the study would read it; without a place the first on record.

        None where the plan leaves open which of several is meant: a value of another visit would be a guess.
        """
        if at is not None:
            return PlaceScope(self.book, self.data, at.form_path, at.group, at.group_repeat, self.day).path(item)
        return next((p for p in self.places(item) if self.value(p) is not None), None)

    def read(self, source: str, at: ItemPath | None) -> str | None:
        """The text a source gives, None for nothing known."""
        return self._read(self.mapping.sources[source], at)

    def holds(self, conditions: dict[str, tuple[str, ...]], at: ItemPath | None) -> bool:
        """True when every item in sight holds one of its codes."""
        return all(self._item(item, at) in codes for item, codes in conditions.items())

    def _item(self, item: str, at: ItemPath | None) -> str | None:
        path = self.in_sight(item, at)
        return None if path is None else self.value(path)

    def _read(self, source: Source, at: ItemPath | None) -> str | None:
        if source.act == "constant":
            return source.text
        if source.act == "item":
            return self._item(source.text, at)
        if source.act == "repeat":
            item, _, repeat = source.text.partition("#")
            return next((v for p in self.places(item) if p.repeat == int(repeat) and (v := self.value(p))), None)
        if source.act == "first":
            return next((v for part in source.parts if (v := self._read(part, at)) is not None), None)
        if source.act in ("earliest", "latest"):
            days = [day for part in source.parts for day in self._days(part)]
            return (min if source.act == "earliest" else max)(days, default=None)
        if source.act == "place":
            return at and (str(at) if source.text == "PLACE" else f"{at.form_path}/{at.group}[{at.group_repeat}]")
        if source.act in ("when", "unless"):
            known = self._read(source.parts[0], at) is not None
            return self._read(source.parts[1], at) if known is (source.act == "when") else None
        if source.act == "here":
            here = [p for p in self.places(source.parts[0].text) if at and (p.event, p.repeat) == (at.event, at.repeat)]
            return next((value for p in here if (value := self.value(p)) is not None), None)
        if source.act == "visit":
            return self.visit_day(source.text)
        if source.act == "match":
            return self._match(source, at)
        if source.act == "per":
            return self._per(source, at)
        return self._of_item(source, at)

    def _days(self, part: Source) -> list[str]:
        """Every day a part of `earliest` or `latest` knows, anywhere in the casebook."""
        if part.act == "record":
            domain, _, variable = part.text.partition(".")
            return [day for one in self.made.get(domain, ()) if isinstance(day := one.get(variable), str)]
        places = self.places(part.parts[0].text if part.act == "iso" else part.text)
        return [day for p in places if (day := self._read(part, p) if part.act == "iso" else self.value(p)) is not None]

    def _per(self, source: Source, at: ItemPath | None) -> str | None:
        """One amount for each unit of another, both in their items' own units, to three decimals."""
        paths = [self.in_sight(part.text, at) for part in source.parts]
        amounts = [None if path is None else self.own(path)[0] for path in paths]
        try:
            above, below = (Decimal(one or "") for one in amounts)
            return f"{(above / below).quantize(Decimal('0.001'), ROUND_HALF_UP).normalize():f}"
        except (InvalidOperation, ZeroDivisionError):
            return None

    def _match(self, source: Source, at: ItemPath | None) -> str | None:
        """The value on another form that speaks of the same thing; None where no form, or more than one, does."""
        wanted, *keys = source.parts
        mine = [self._read(one, at) for one in keys[1::2]]
        if None in mine:
            return None
        found = [
            path
            for path in self.places(wanted.text)
            if [self._item(one.text, path) for one in keys[0::2]] == mine and self.value(path) is not None
        ]
        return self.value(found[0]) if len(found) == 1 else None

    def _of_item(self, source: Source, at: ItemPath | None) -> str | None:
        value = self._read(source.parts[0], at)
        if source.act == "map":
            return None if value is None else self.mapping.maps[source.text].get(value)
        if value is None:
            return None
        if source.act == "iso":
            clock = self._read(source.parts[1], at)
            return f"{value}T{clock}" if clock and len(value) == 10 else value
        item = source.parts[0].text
        if source.act == "words":
            words = self.study.words(self.study.item(item), value)
            return words.en.upper() if words else value
        path = self.in_sight(item, at)
        if path is None:
            return None
        return self.own(path)[0] if source.act == "own" else self.unit(path)

    def unit(self, path: ItemPath) -> str | None:
        """The unit an answer was given in, in the words of the standard."""
        recorded = self.data.items.get(path)
        return self.term((recorded.unit if recorded else None) or self.study.item(path.item).unit)

    def term(self, unit: str | None) -> str | None:
        """A unit of the study in the words of the standard."""
        return None if unit is None else self.mapping.units.get(unit, unit)

    def own(self, path: ItemPath) -> tuple[str | None, str | None]:
        """A value and its unit, turned into the unit of the item."""
        value, factor = self.value(path), self.factor(path)
        if value is not None and factor != 1:
            try:
                value = f"{(Decimal(value) * factor).normalize():f}"
            except InvalidOperation:
                value = None
        return value, self.term(self.study.item(path.item).unit)

    def factor(self, path: ItemPath) -> Decimal:
        """What turns the entered value into the item's own unit."""
        recorded = self.data.items.get(path)
        return _factor(self.study.item(path.item), recorded.unit if recorded else None)

    def limits(self, path: ItemPath) -> tuple[Decimal | None, Decimal | None] | None:
        """The normal range of a laboratory result in the item's own unit; None where the study gives none."""
        book = self.book.on(self.data, self.day, path.form_path)
        item, laboratory = self.study.item(path.item), book.study.laboratory
        if laboratory is None or item.lab is None:
            return None
        scope = PlaceScope(book, self.data, path.form_path, path.group, path.group_repeat, self.day)
        found = range_at(scope, laboratory, path)
        if found is None:
            return None
        factor = _factor(item, found.unit)
        low, high = (None if one is None else one * factor for one in (found.low, found.high))
        return low, high

    def visit_day(self, event: str, repeat: int | None = None) -> str | None:
        """The first day of a visit, by the item the schedule names for it."""
        definition = self.study.event.get(event)
        if definition is None or definition.date_item is None:
            return None
        days = [
            value
            for p in self.places(definition.date_item)
            if p.event == event and (repeat is None or p.repeat == repeat) and (value := self.value(p)) is not None
        ]
        return min(days, default=None)


def _factor(item: ItemDef, unit: str | None) -> Decimal:
    return next((one.factor for one in item.units if one.unit == unit), Decimal(1))
