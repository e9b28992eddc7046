"""How a study's answers become SDTM records, as its file sdtm.yaml says; each source is a short expression."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

SUBJECT = "SUBJECT"
"""Stands for an item in `from`: one record for each participant."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Element(_Part):
    """A planned element of the arm; `start` is the source of its first day, `rule` says so in words.

    `transition` says what sends a participant past the element that follows (TATRANS).
    """

    ETCD: str
    ELEMENT: str
    EPOCH: str
    start: str
    rule: str
    end_rule: str = ""
    transition: str = ""


class Parameter(_Part):
    """A trial summary parameter; a value `?UNK` is a null flavour, `term` the value's code in `dictionary`."""

    code: str
    name: str
    value: str
    term: str = ""
    dictionary: str = "CDISC CT"

    @model_validator(mode="before")
    @classmethod
    def _short(cls, raw: Any) -> Any:
        """Releases made before terms had codes name a parameter by a list of three."""
        return dict(zip(("code", "name", "value"), raw, strict=True)) if isinstance(raw, list | tuple) else raw


class Relation(_Part):
    """Two datasets that belong together record by record, by a variable of each (ONE or MANY)."""

    left: tuple[str, str, str]
    right: tuple[str, str, str]


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
    """A study's way to SDTM; `maps` turn codes into terms, `units` the study's units into those of the standard.

    `end` is the source of the day a participant's part in the study ended, `terminology` the release of CDISC
    controlled terminology the terms were checked against.
    """

    standard: str = "3.4"
    arm: str
    arm_code: str
    visits: dict[str, str] = {}
    elements: tuple[Element, ...]
    maps: dict[str, dict[str, str]] = {}
    units: dict[str, str] = {}
    domains: tuple[DomainDef, ...]
    end: str = ""
    terminology: str = ""
    relations: tuple[Relation, ...] = ()
    summary: tuple[Parameter, ...] = ()
    criteria: tuple[tuple[str, str, str], ...] = ()
    notes: tuple[str, ...] = ()

    @cached_property
    def sources(self) -> dict[str, Source]:
        """Every source of the mapping, read once."""
        texts = [
            *(one.start for one in self.elements),
            *([self.end] if self.end else ()),
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

    def direct(self) -> Iterator[str]:
        """The items whose answer becomes the value, without those that only decide or are looked over as a whole."""
        if self.act in ("item", "repeat"):
            yield self.text.partition("#")[0]
        over = self.act in ("earliest", "latest") and len(self.parts) > 1
        for part in () if over else self.parts[1:] if self.act in ("when", "unless") else self.parts:
            yield from part.direct()

    def reads_records(self) -> bool:
        """Whether it needs records of another domain."""
        return self.act == "record" or any(part.reads_records() for part in self.parts)

    def maps(self) -> Iterator[str]:
        """The maps it uses."""
        if self.act == "map":
            yield self.text
        for part in self.parts:
            yield from part.maps()


ACTS = ("words", "own", "unit", "earliest", "latest", "when", "unless", "visit", "here", "iso", "match", "per")
"""`words` of a code, value in the item's `own` unit, its `unit`, `earliest` and `latest` day over the whole casebook of
items, of `iso(DATE, TIME)` or of what another domain holds (`EX.EXSTDTC`), a text `when` or `unless` something is known,
day of a `visit`, a value recorded `here` in the same visit, `iso` date with time, one amount `per` another to three
decimals, and `match(X, A, B, ...)`: X of the form on which A says what B says here."""
PLACES = ("PLACE", "ROW")
"""Sources that name where a record comes from: the answer, or the row of the form it stands in."""
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*(#[0-9]+|\.[A-Z]+)?")


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
        act = "repeat" if "#" in word else "record" if "." in word else "place" if word in PLACES else "item"
        return Source(act, word), rest
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
