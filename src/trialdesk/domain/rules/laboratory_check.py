"""Looking over the laboratories of a study: ranges that overlap, leave someone out, or stand in an unknown unit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations

from trialdesk.domain.study.form import ItemDef
from trialdesk.domain.study.laboratory import Laboratory, LaboratoryDef, NormalRange, RangeTable
from trialdesk.domain.study.reading import Place, nearest
from trialdesk.domain.study.study import Study


def laboratory_problems(study: Study) -> Iterator[tuple[Place, str]]:
    """Every problem of the laboratories, with its place in laboratory.yaml."""
    items = {item.lab: item for _, _, item in study.place.values() if item.lab}
    if study.laboratory is None:
        return
    lab = study.laboratory
    yield from _names(study, lab, items)
    for index, one in enumerate(lab.laboratories):
        for says in _dates(one):
            yield ("laboratory", "laboratories", index), f"{one.code}: {says}"
        for number, table in enumerate(one.tables):
            place: Place = ("laboratory", "laboratories", index, "tables", number, "ranges")
            for at, entry in enumerate(table.ranges):
                yield from (((*place, at), f"{one.code}: {says}") for says in _range(entry, items))
            yield from ((place, f"{one.code}: {says}") for says in _table(table, items))


def table_problems(study: Study, table: RangeTable) -> tuple[str, ...]:
    """Every problem of one list of ranges by itself, in words."""
    items = {item.lab: item for _, _, item in study.place.values() if item.lab}
    ends = table.valid_to is not None and table.valid_to < table.valid_from
    dates = [f"the list from {table.valid_from} ends before it begins ({table.valid_to})"] if ends else []
    ranges = [says for one in table.ranges for says in _range(one, items)]
    return tuple(dict.fromkeys([*dates, *ranges, *_table(table, items)]))


def _names(study: Study, lab: LaboratoryDef, items: dict[str, ItemDef]) -> Iterator[tuple[Place, str]]:
    for name, item in items.items():
        if name not in lab.analyte:
            yield ("laboratory",), f"analyte {name} of item {item.name} is not listed{nearest(name, set(lab.analyte))}"
    for index, analyte in enumerate(lab.analytes):
        if analyte.code not in items:
            hint = nearest(analyte.code, set(items))
            yield ("laboratory", "analytes", index), f"no item says `lab: {analyte.code}`{hint}"
    for codes in (lab.significance, lab.asked):
        if codes not in study.codelist:
            yield ("laboratory",), f"no code list {codes}{nearest(codes, set(study.codelist))}"
    event = lab.adverse_event
    for wanted in (event.term, event.grade, event.start, event.end, event.proposed, event.reason, event.link):
        if wanted is not None and wanted not in study.place:
            yield ("laboratory", "adverse_event"), f"no item {wanted}{nearest(wanted, set(study.place))}"
    if event.event not in study.event:
        yield ("laboratory", "adverse_event"), f"no event {event.event}{nearest(event.event, set(study.event))}"
    templates = {rule.template for rule in study.rules if rule.template}
    if event.rule not in templates:
        hint = nearest(event.rule, templates)
        yield ("laboratory", "adverse_event"), f"no rule {event.rule} that is written once for each item{hint}"


def _dates(place: Laboratory) -> Iterator[str]:
    for one in place.tables:
        if one.valid_to is not None and one.valid_to < one.valid_from:
            yield f"the list from {one.valid_from} ends before it begins ({one.valid_to})"
    for one, other in combinations(sorted(place.tables, key=lambda table: table.valid_from), 2):
        if (one.valid_to or date.max) >= other.valid_from:
            until = other.valid_from - timedelta(days=1)
            yield f"the lists from {one.valid_from} and {other.valid_from} overlap; end the first on {until}"


def _range(entry: NormalRange, items: dict[str, ItemDef]) -> Iterator[str]:
    item = items.get(entry.analyte)
    if item is None:
        yield f"no item says `lab: {entry.analyte}`{nearest(entry.analyte, set(items))}"
        return
    units = {item.unit or "", *(choice.unit for choice in item.units)}
    if entry.unit not in units:
        yield f"{entry.analyte}: unit {entry.unit} is not one of {', '.join(sorted(units))}{nearest(entry.unit, units)}"
    if entry.low is None and entry.high is None:
        yield f"{entry.analyte}: neither low nor high is given"
    if entry.low is not None and entry.high is not None and entry.low > entry.high:
        yield f"{entry.analyte}: low {entry.low} is above high {entry.high}; the limits are reversed"
    if entry.age_from > entry.age_to:
        yield f"{entry.analyte}: age {entry.age_from} to {entry.age_to} is reversed"


def _table(table: RangeTable, items: dict[str, ItemDef]) -> Iterator[str]:
    """Every person must find exactly one range of every analyte: both sexes, adults of every age, no two at once."""
    for analyte in items:
        entries = [one for one in table.ranges if one.analyte == analyte]
        if not entries:
            yield f"{analyte}: the list from {table.valid_from} has no range"
            continue
        for sex, word in (("M", "men"), ("F", "women")):
            mine = [one for one in entries if one.sex in (sex, "any")]
            if not mine:
                yield f"{analyte}: no range for {word}; give sex M and F, or any"
                continue
            ages = sorted({18, *(one.age_from for one in mine), *(one.age_to + 1 for one in mine)})
            for age in (one for one in ages if 18 <= one <= 100):
                found = [one for one in mine if one.is_for(analyte, sex, age)]
                if not found:
                    yield f"{analyte}: no range for {word} of {age}"
                    break
                if len(found) > 1:
                    yield f"{analyte}: two ranges for {word} of {age}"
                    break
