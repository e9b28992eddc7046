"""How a study's answers become SDTM records, as its file sdtm.yaml says; each source is a short expression."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict

SUBJECT = "SUBJECT"
"""Stands for an item in `from`: one record for each participant."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Element(_Part):
    """A planned element of the arm; `start` is the source of its first day, `rule` says so in words."""

    ETCD: str
    ELEMENT: str
    EPOCH: str
    start: str
    rule: str
    end_rule: str = ""


class RecordsDef(_Part):
    """Records of one domain: one for each recorded value of the items named.

    `tests` adds constants for each item and takes the item's value as the result. `when` and `unless` name items in
    sight and the codes that let a record in or keep it out. `once` drops a record equal to an earlier one in these
    variables. `link` names groups of related records and the source of their common key. `supp` holds supplemental
    qualifiers: name, label and source. `results` names the map that turns a coded result into words of the standard.
    """

    items: tuple[str, ...] = ()
    tests: dict[str, dict[str, str]] = {}
    when: dict[str, tuple[str, ...]] = {}
    unless: dict[str, tuple[str, ...]] = {}
    set: dict[str, str] = {}
    once: tuple[str, ...] = ()
    link: dict[str, str] = {}
    supp: dict[str, tuple[str, str]] = {}
    results: str | None = None


class DomainDef(_Part):
    """One domain; `comment` says in define.xml and in the read-me what it leaves out and why."""

    domain: str
    keys: tuple[str, ...]
    records: tuple[RecordsDef, ...] = ()
    comment: str = ""
    empty: dict[str, str] = {}


class SdtmMapping(_Part):
    """A study's way to SDTM; `maps` turn codes into terms, `units` the study's units into those of the standard."""

    standard: str = "3.4"
    arm: str
    arm_code: str
    visits: dict[str, str] = {}
    elements: tuple[Element, ...]
    maps: dict[str, dict[str, str]] = {}
    units: dict[str, str] = {}
    domains: tuple[DomainDef, ...]
    summary: tuple[tuple[str, str, str], ...] = ()
    criteria: tuple[tuple[str, str, str], ...] = ()
    notes: tuple[str, ...] = ()

    @cached_property
    def sources(self) -> dict[str, Source]:
        """Every source of the mapping, read once."""
        texts = [
            *(one.start for one in self.elements),
            *(t for d in self.domains for r in d.records for t in (*r.set.values(), *r.link.values())),
            *(t for d in self.domains for r in d.records for _, t in r.supp.values()),
        ]
        return {text: parse_source(text) for text in texts}

    def items(self) -> Iterator[str]:
        """Every item named, for checking a study."""
        yield from self.visits.values()
        for domain in self.domains:
            for records in domain.records:
                yield from (one for one in records.items if one != SUBJECT)
                yield from (*records.tests, *records.when, *records.unless)
        for source in self.sources.values():
            yield from source.items()

    def named_maps(self) -> Iterator[str]:
        """Every map named, for checking a study."""
        for domain in self.domains:
            yield from (one.results for one in domain.records if one.results)
        for source in self.sources.values():
            yield from source.maps()


@dataclass(frozen=True)
class Source:
    """What a variable is taken from: a constant, an item, or an act on further sources."""

    act: str
    text: str = ""
    parts: tuple[Source, ...] = ()

    def items(self) -> Iterator[str]:
        """The items it reads."""
        if self.act in ("item", "repeat"):
            yield self.text.partition("#")[0]
        for part in self.parts:
            yield from part.items()

    def maps(self) -> Iterator[str]:
        """The maps it uses."""
        if self.act == "map":
            yield self.text
        for part in self.parts:
            yield from part.maps()


ACTS = ("words", "own", "unit", "earliest", "latest", "when", "unless", "visit", "here", "iso", "match")
"""`words` of a code, value in the item's `own` unit, its `unit`, `earliest` and `latest` day of items over the whole
casebook, a text `when` or `unless` something is known, day of a `visit`, a value
recorded `here` in the same visit, `iso` date with time,
and `match(X, A, B, ...)`: X of the form on which A says what B says here."""
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*(#[0-9]+)?")


def parse_source(text: str) -> Source:
    """Read a source such as `OUT(AEOUT) | =UNKNOWN`; raises ValueError for what is none."""
    source, rest = _either(text.strip(), top=True)
    if rest:
        raise ValueError(f"not a source: {text!r}, at {rest!r}")
    return source


def _either(text: str, top: bool) -> tuple[Source, str]:
    found: list[Source] = []
    while True:
        one, text = _one(text.lstrip(), top)
        found.append(one)
        text = text.lstrip()
        if not text.startswith("|"):
            return (found[0] if len(found) == 1 else Source("first", "", tuple(found))), text
        text = text[1:]


def _one(text: str, top: bool) -> tuple[Source, str]:
    if text.startswith("="):
        end = re.search(r"\|" if top else r"[|,)]", text)
        stop = end.start() if end else len(text)
        return Source("constant", text[1:stop].strip()), text[stop:]
    name = _NAME.match(text)
    if name is None:
        raise ValueError(f"not a source: {text!r}")
    word, rest = name[0], text[name.end() :]
    if not rest.startswith("("):
        return Source("repeat" if "#" in word else "item", word), rest
    parts: list[Source] = []
    while rest[:1] in ("(", ","):
        part, rest = _either(rest[1:], top=False)
        parts.append(part)
    if not rest.startswith(")"):
        raise ValueError(f"a bracket is not closed: {text!r}")
    if word == "visit":
        return Source("visit", parts[0].text), rest[1:]
    return (Source(word, "", tuple(parts)) if word in ACTS else Source("map", word, tuple(parts))), rest[1:]


def read_mapping(raw: Any) -> SdtmMapping:
    """The mapping from the plain content of sdtm.yaml; raises ValueError (pydantic's among them) for what is none."""
    mapping = SdtmMapping.model_validate(raw)
    _ = mapping.sources
    return mapping
