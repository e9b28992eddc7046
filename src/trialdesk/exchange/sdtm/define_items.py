"""The variables of define.xml: type, origin with the page of the annotated CRF, terms, methods, values by test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trialdesk.domain.study.sdtm import DomainDef, SdtmMapping, Source
from trialdesk.domain.study.study import Study
from trialdesk.exchange.odm.text import xml
from trialdesk.exchange.sdtm.define_shapes import Shape, shapes
from trialdesk.exchange.sdtm.define_values import ValueDef, ValueList, supplements, value_list
from trialdesk.exchange.sdtm.define_words import METHODS, described, ending, rule_of
from trialdesk.exchange.sdtm.standard import Dataset
from trialdesk.exchange.sdtm.terminology import TermList, lists_of, possible_values
from trialdesk.exchange.tables.table import Column, Table

_COLLECTED = ("item", "own", "iso", "words", "first", "map", "here", "repeat", "words", "constant")
_UNLISTED = ("ORRES", "STRESC")
"""Ends of variables whose terms depend on the test: their lists stand in the value-level metadata."""
_DERIVED = ("DY", "SEQ", "LOBXFL", "STRESC", "STRESN", "STRESU", "EPOCH", "VISITNUM", "VISIT", "TAETORD", "NRIND")


class Items:
    """Collects what the datasets need; `add` each, then write what was collected in the order of the schema."""

    def __init__(
        self,
        study: Study,
        mapping: SdtmMapping,
        guide: dict[str, Dataset],
        pages: Mapping[str, int],
        release: str,
        terms: Mapping[str, TermList],
    ) -> None:
        self.study, self.mapping, self.guide = study, mapping, guide
        self.pages, self.release, self.terms = pages, release, terms
        self.domains: dict[str, DomainDef] = {one.domain: one for one in mapping.domains}
        self.possible = possible_values(study, mapping)
        self.definitions: list[str] = []
        self.value_lists: list[str] = []
        self.where_clauses: dict[str, str] = {}
        self.methods: dict[str, tuple[str, str]] = {}
        self.comments: dict[str, str] = {}
        self._lists: dict[str, str] = {}

    def add(self, table: Table) -> None:
        """The variables of a dataset and, where one of them differs from test to test, its values."""
        values = self._values(table.name)
        found = shapes(table, values.by if values else None)
        listed = {one.variable for one in values.values if (one.variable, one.value) in found} if values else set()
        for column in table.columns:
            self._item(table, column, found[column.name, None], column.name in listed)
        if values:
            for variable in dict.fromkeys(one.variable for one in values.values):
                if variable in listed:
                    here = [one for one in values.values if one.variable == variable and (variable, one.value) in found]
                    self._value_list(table.name, variable, values.by, here, found)

    def _values(self, name: str) -> ValueList | None:
        if name.startswith("SUPP"):
            return supplements(self.domains[name.removeprefix("SUPP")], self.mapping.sources)
        domain = self.domains.get(name)
        return value_list(self.study, domain, self.mapping.sources) if domain else None

    # -- variables

    def _item(self, table: Table, column: Column, shape: Shape, listed: bool) -> None:
        name, domain = column.name, table.name
        why = self.domains[domain].empty.get(name, "") if domain in self.domains else ""
        comment = f' def:CommentOID="{self.comment(f"COM.{domain}.{name}", why)}"' if why else ""
        kind = shape.attributes(name, column.kind != "text")
        self.definitions.append(
            f'<ItemDef OID="IT.{domain}.{name}" Name="{name}" SASFieldName="{name}" {kind}{comment}>'
            f"{_described(column.label.en)}"
        )
        used = self._codelist(domain, name, column.label.en, shape)
        if used:
            self.definitions.append(f'<CodeListRef CodeListOID="{used}"/>')
        if not why:
            self.definitions.append(self._origin(domain, name))
        if listed:
            self.definitions.append(f'<def:ValueListRef ValueListOID="VL.{domain}.{name}"/>')
        self.definitions.append("</ItemDef>")

    def method_of(self, domain: str, name: str) -> str | None:
        """The method that makes a variable; None where it is collected, assigned, or differs from value to value."""
        known = ending(name)
        sources = self._sources(domain, name)
        if known and not sources:
            return self._method(f"MT.{known}", f"Algorithm of --{known}", METHODS[known])
        if not sources or len(sources) > 1 or self._kind(sources) != "Derived":
            return None
        source = sources[0]
        rule = rule_of(self.study, source.text) if source.act == "item" else None
        if rule is not None:
            return self._rule(rule.item)
        words = described(self.study, source)
        return self._method(f"MT.{domain}.{name}", f"Algorithm of {name}", words[:1].upper() + words[1:] + ".")

    def _rule(self, item: str) -> str | None:
        """The method of a computed question, in the sentence of the study's own rule."""
        rule = rule_of(self.study, item)
        if rule is None:
            return None
        words = f"{item}: {rule.says.en} Source: {rule.source}"
        return self._method(f"MT.RULE.{rule.id}", f"Rule {rule.id}", words)

    def _method(self, oid: str, name: str, words: str) -> str:
        self.methods[oid] = name, words
        return oid

    def comment(self, oid: str, words: str) -> str:
        """Keep a comment and return its name."""
        self.comments[oid] = words
        return oid

    def _sources(self, domain: str, name: str) -> list[Source]:
        blocks = self.domains[domain].records if domain in self.domains else ()
        texts = dict.fromkeys(block.set[name] for block in blocks if name in block.set)
        return [self.mapping.sources[text] for text in texts]

    def _kind(self, sources: list[Source]) -> str:
        if all(one.act == "constant" for one in sources):
            return "Assigned"
        if any(self.study.item(item).derived for one in sources for item in one.direct()):
            return "Derived"
        collected = all(map(_as_collected, sources)) and any([*one.direct()] for one in sources)
        return "Collected" if collected else "Derived"

    def _origin(self, domain: str, name: str) -> str:
        if self.guide.get(domain) and self.guide[domain].observation_class == "TRIAL DESIGN":
            return '<def:Origin Type="Protocol" Source="Sponsor"/>'
        if domain == "SV" and name in self.mapping.visits:
            return self._collected([self.mapping.visits[name]])
        sources = self._sources(domain, name)
        if sources:
            kind = self._kind(sources)
            items = [item for one in sources for item in one.direct()]
            return self._collected(items) if kind == "Collected" else f'<def:Origin Type="{kind}" Source="Sponsor"/>'
        if name.endswith(("ORRES", "ORRESU")) and domain in self.domains:
            return self._collected([item for block in self.domains[domain].records for item in block.tests])
        if name.endswith(("REASND", "STAT")):
            return '<def:Origin Type="Collected" Source="Investigator"/>'
        return f'<def:Origin Type="{"Derived" if name.endswith(_DERIVED) else "Assigned"}" Source="Sponsor"/>'

    def _collected(self, items: list[str]) -> str:
        """Collected by the site, on these pages of the annotated CRF."""
        pages = sorted({self.pages[item] for item in items if item in self.pages})
        start = '<def:Origin Type="Collected" Source="Investigator"'
        if not pages:
            return f"{start}/>"
        references = " ".join(map(str, pages))
        return (
            f'{start}><def:DocumentRef leafID="LF.acrf"><def:PDFPageRef PageRefs="{references}" Type="PhysicalRef"/>'
            "</def:DocumentRef></def:Origin>"
        )

    # -- values

    def _value_list(
        self, domain: str, variable: str, by: str, values: list[ValueDef], found: dict[tuple[str, str | None], Shape]
    ) -> None:
        references: list[str] = []
        for number, one in enumerate(values, 1):
            key = f"{domain}.{_oid(one.value)}"
            item, clause = f"IT.{domain}.{variable}.{_oid(one.value)}", f"WC.{key}"
            self.where_clauses[clause] = (
                f'<def:WhereClauseDef OID="{clause}"><RangeCheck Comparator="EQ" SoftHard="Soft" '
                f'def:ItemOID="IT.{domain}.{by}"><CheckValue>{xml(one.value)}</CheckValue></RangeCheck></def:WhereClauseDef>'
            )
            derived = [name for name in one.items if self.study.item(name).derived]
            method = self._rule(derived[0]) if len(derived) == 1 else None
            if method is None and one.source is not None and self._kind([one.source]) == "Derived":
                words = described(self.study, one.source)
                method = self._method(f"MT.{variable}.{_oid(one.value)}", f"Algorithm of {variable}", f"{words}.")
            made = f' MethodOID="{xml(method)}"' if method else ""
            references.append(
                f'<ItemRef ItemOID="{item}" OrderNumber="{number}" Mandatory="No"{made}>'
                f'<def:WhereClauseRef WhereClauseOID="{clause}"/></ItemRef>'
            )
            self._value_item(domain, item, one, found[variable, one.value], bool(method))
        self.value_lists.append(
            f'<def:ValueListDef OID="VL.{domain}.{variable}">{"".join(references)}</def:ValueListDef>'
        )

    def _value_item(self, domain: str, item: str, one: ValueDef, shape: Shape, made: bool) -> None:
        words = f"{one.label}, {one.unit}" if one.unit else one.label
        numeric = shape.numeric and bool(shape.values or shape.length > 1 or shape.whole)
        self.definitions.append(
            f'<ItemDef OID="{item}" Name="{one.variable}" SASFieldName="{one.variable}" '
            f"{shape.attributes(one.variable, numeric)}>{_described(words)}"
        )
        values = self.mapping.maps[one.results].values() if one.results else ()
        coded = one.variable.endswith("STRESC") and not numeric
        if values or coded:
            oid = f"CL.{domain}.{one.variable}.{_oid(one.value)}"
            self._list(
                oid, words, [*dict.fromkeys([*values, *shape.values])], lists_of(self.guide, domain, one.variable)
            )
            self.definitions.append(f'<CodeListRef CodeListOID="{oid}"/>')
        if made:
            self.definitions.append('<def:Origin Type="Derived" Source="Sponsor"/>')
        elif one.source is not None and one.source.act == "constant":
            self.definitions.append('<def:Origin Type="Assigned" Source="Sponsor"/>')
        elif one.variable.endswith("STRESC"):
            self.definitions.append('<def:Origin Type="Derived" Source="Sponsor"/>')
        else:
            self.definitions.append(self._collected([*one.items]))
        self.definitions.append("</ItemDef>")

    # -- terms

    def _codelist(self, domain: str, name: str, label: str, shape: Shape) -> str | None:
        """The list a variable takes its values from, with every value it holds or can hold; None for free ones."""
        codes = lists_of(self.guide, domain, name)
        sources = self._sources(domain, name)
        mapped = bool(sources) and all(one.act == "map" for one in sources)
        if not (codes or mapped) or name.endswith(_UNLISTED):
            return None
        values = dict.fromkeys([*self.possible.get((domain, name), {}), *shape.values])
        if not values:
            return None
        oid = f"CL.{domain}.{name}"
        self._list(oid, label, list(values), codes, self._decodes(domain, name))
        return oid

    def _decodes(self, domain: str, name: str) -> dict[str, str]:
        """The names of tests by their codes."""
        if not name.endswith("TESTCD") or domain not in self.domains:
            return {}
        tests = [one for block in self.domains[domain].records for one in block.tests.values()]
        return {one[name]: one[name.removesuffix("CD")] for one in tests if name in one}

    def _list(
        self, oid: str, label: str, values: list[str], codes: tuple[str, ...], decodes: Mapping[str, str] | None = None
    ) -> None:
        known = {value: term for code in codes if code in self.terms for value, term in self.terms[code].terms.items()}
        standard = bool(self.release) and any(value in known for value in values)
        nature = ' def:StandardOID="STD.CT"' if standard else ' def:IsNonStandard="Yes"'
        pieces = [f'<CodeList OID="{oid}" Name="{xml(label)}" DataType="text"{nature}>']
        for value in values:
            alias = f'<Alias Context="nci:ExtCodeID" Name="{known[value]}"/>' if standard and value in known else ""
            extra = ' def:ExtendedValue="Yes"' if standard and value not in known else ""
            if decodes:
                decode = (
                    f'<Decode><TranslatedText xml:lang="en">{xml(decodes.get(value, value))}</TranslatedText></Decode>'
                )
                pieces.append(f'<CodeListItem CodedValue="{xml(value)}"{extra}>{decode}{alias}</CodeListItem>')
            else:
                pieces.append(f'<EnumeratedItem CodedValue="{xml(value)}"{extra}>{alias}</EnumeratedItem>')
        if standard and len(codes) == 1:
            pieces.append(f'<Alias Context="nci:ExtCodeID" Name="{codes[0]}"/>')
        self._lists[oid] = "".join([*pieces, "</CodeList>"])

    def codelists(self) -> Iterator[str]:
        """Every list in use."""
        yield from self._lists.values()


def _as_collected(source: Source) -> bool:
    """Whether a source passes on what was answered, if in other words or together with a time."""
    if source.act in ("earliest", "latest"):
        return len(source.parts) == 1 and bool([*source.direct()])
    return source.act in _COLLECTED and all(map(_as_collected, source.parts))


def _oid(value: str) -> str:
    return "".join(sign if sign.isalnum() else "_" for sign in value)


def _described(words: str) -> str:
    return f'<Description><TranslatedText xml:lang="en">{xml(words)}</TranslatedText></Description>'
