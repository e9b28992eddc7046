"""Which values a variable can take, and their codes in CDISC controlled terminology as far as this study uses it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from trialdesk.domain.study.sdtm import SdtmMapping, Source
from trialdesk.domain.study.study import Study
from trialdesk.exchange.sdtm.standard import Dataset

USED = "cdisc-ct-used.csv"
"""The facts of controlled terminology that are shipped: lists and terms that the shipped mapping uses, no definitions."""


@dataclass(frozen=True)
class TermList:
    """One list of controlled terminology: its NCI code, its short name, whether a sponsor may add terms, its terms."""

    code: str
    name: str
    extensible: bool
    terms: dict[str, str] = field(default_factory=dict)


@cache
def terminology(folder: Path) -> tuple[str, dict[str, TermList]]:
    """The release, and its lists by NCI code with the terms in use: value to NCI code."""
    lists: dict[str, TermList] = {}
    release = ""
    with (folder / USED).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            release = row["release"]
            code = row["codelist"]
            one = lists.setdefault(code, TermList(code, row["name"], row["extensible"] == "Y"))
            one.terms[row["value"]] = row["term"]
    return release, lists


def possible_values(study: Study, mapping: SdtmMapping) -> dict[tuple[str, str], dict[str, None]]:
    """The values that a mapping can give each variable where they can be listed: (dataset, variable) to values."""
    found: dict[tuple[str, str], dict[str, None]] = {}

    def say(domain: str, variable: str, *values: str | None) -> None:
        found.setdefault((domain, variable), {}).update(dict.fromkeys(value for value in values if value))

    epochs = [one.EPOCH for one in mapping.elements]
    for domain in mapping.domains:
        code = domain.domain
        say(code, "DOMAIN", code)
        say(code, "EPOCH", *epochs)
        for block in domain.records:
            for variable, text in block.set.items():
                say(code, variable, *_values(study, mapping, mapping.sources[text]))
            for item, constants in block.tests.items():
                for variable, value in constants.items():
                    say(code, variable, value)
                _results(study, mapping, code, item, say)
            if block.results:
                say(code, f"{code}STRESC", *mapping.maps[block.results].values())
    return found


def _results(study: Study, mapping: SdtmMapping, code: str, item: str, say: object) -> None:
    assert callable(say)
    known = study.item(item)
    term = mapping.units.get
    if known.unit:
        say(code, f"{code}STRESU", term(known.unit, known.unit))
        say(code, f"{code}ORRESU", term(known.unit, known.unit), *(term(one.unit, one.unit) for one in known.units))
    say(code, f"{code}STAT", "NOT DONE")
    say(code, f"{code}LOBXFL", "Y")
    say(code, f"{code}NRIND", "LOW", "NORMAL", "HIGH")


def _values(study: Study, mapping: SdtmMapping, source: Source) -> Iterator[str]:
    if source.act == "constant":
        yield source.text
    elif source.act == "map":
        yield from mapping.maps[source.text].values()
    elif source.act in ("item", "words"):
        item = study.item(source.text if source.act == "item" else source.parts[0].text)
        for one in study.codelist[item.codelist].items if item.codelist else ():
            yield one.code if source.act == "item" else one.label.en.upper()
    else:
        for part in source.parts[1:] if source.act in ("when", "unless") else source.parts:
            yield from _values(study, mapping, part) if source.act in ("first", "when", "unless") else ()


def lists_of(guide: dict[str, Dataset], domain: str, variable: str) -> tuple[str, ...]:
    """The NCI codes of the lists a variable of the guide takes its values from."""
    dataset = guide.get("SUPPQUAL" if domain.startswith("SUPP") else domain)
    known = dataset.variable(variable) if dataset else None
    return known.codelists if known else ()
