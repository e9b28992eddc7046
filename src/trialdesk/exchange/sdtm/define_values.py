"""Value-level metadata: what a variable is for each test, each supplemental qualifier, each kind of record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from trialdesk.domain.study.sdtm import DomainDef, RecordsDef, Source
from trialdesk.domain.study.study import Study


@dataclass(frozen=True)
class ValueDef:
    """What a variable is where another one has one value; `items` are the questions it comes from, `source` how."""

    variable: str
    value: str
    label: str
    items: tuple[str, ...]
    source: Source | None = None
    unit: str = ""
    results: str | None = None


@dataclass(frozen=True)
class ValueList:
    """The value definitions of one dataset, told apart by the variable `by`."""

    by: str
    values: tuple[ValueDef, ...]


def value_list(study: Study, domain: DomainDef, sources: dict[str, Source]) -> ValueList | None:
    """The value-level metadata a domain needs: by test code, else by what tells its kinds of records apart."""
    code = domain.domain
    if any(block.tests for block in domain.records):
        return ValueList(f"{code}TESTCD", tuple(_by_test(study, domain)))
    by = _told_apart(domain)
    if by is None:
        return None
    return ValueList(by, tuple(_by_kind(domain, by, sources)))


def supplements(domain: DomainDef, sources: dict[str, Source]) -> ValueList:
    """The value-level metadata of a domain's supplemental qualifiers."""
    found: dict[str, ValueDef] = {}
    for block in domain.records:
        for name, (label, text) in block.supp.items():
            source = sources[text]
            found.setdefault(name, ValueDef("QVAL", name, label, tuple(source.direct()), source))
    return ValueList("QNAM", tuple(found.values()))


def _by_test(study: Study, domain: DomainDef) -> Iterator[ValueDef]:
    code = domain.domain
    seen: set[tuple[str, str]] = set()
    for block in domain.records:
        for item, constants in block.tests.items():
            test, label = constants.get(f"{code}TESTCD", ""), constants.get(f"{code}TEST", "")
            for variable in (f"{code}ORRES", f"{code}STRESC"):
                if (variable, test) in seen:
                    continue
                seen.add((variable, test))
                known = study.item(item)
                results = block.results if variable.endswith("STRESC") else None
                unit = (known.unit or "") if variable.endswith("STRESC") else ""
                yield ValueDef(variable, test, label, (item,), None, unit, results)


def _told_apart(domain: DomainDef) -> str | None:
    """The variable that is a constant of its own in every kind of record; none where there is only one kind."""
    if len(domain.records) < 2:
        return None
    for variable in domain.records[0].set:
        values = [block.set.get(variable, "") for block in domain.records]
        if all(value.startswith("=") and "|" not in value for value in values) and len({*values}) == len(values):
            return variable
    return None


def _by_kind(domain: DomainDef, by: str, sources: dict[str, Source]) -> Iterator[ValueDef]:
    variables = dict.fromkeys(name for block in domain.records for name in block.set)
    for variable in variables:
        texts = {block.set.get(variable) for block in domain.records}
        if variable == by or len(texts) == 1:
            continue
        for block in domain.records:
            if variable in block.set:
                yield _kind(block, variable, by, sources)


def _kind(block: RecordsDef, variable: str, by: str, sources: dict[str, Source]) -> ValueDef:
    value, source = sources[block.set[by]].text, sources[block.set[variable]]
    return ValueDef(variable, value, value.capitalize(), tuple(dict.fromkeys(source.direct())), source)
