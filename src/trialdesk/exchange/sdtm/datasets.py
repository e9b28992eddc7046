"""Every SDTM dataset of a study: filled participant by participant, with trial design, relations and supplements."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import ItemPath
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.domain.study.sdtm import DomainDef, Relation, SdtmMapping
from trialdesk.domain.text import Text
from trialdesk.exchange.sdtm.define_shapes import Shape, shapes
from trialdesk.exchange.sdtm.reading import CasebookReader
from trialdesk.exchange.sdtm.records import Record, Records
from trialdesk.exchange.sdtm.standard import NUMBER, Dataset, standard
from trialdesk.exchange.sdtm.trial_design import trial_design
from trialdesk.exchange.tables.table import Column, Table

_RESULTS = ("ORRES", "ORRESU", "STRESC", "STRESN", "STRESU", "STAT", "REASND")
_TIMES = (("DTC", "DY"), ("STDTC", "STDY"), ("ENDTC", "ENDY"))


class SdtmDatasets:
    """The datasets of one export; `add` takes one participant, `tables` are those that hold a record."""

    def __init__(self, book: Rulebook, mapping: SdtmMapping, tables_of_the_guide: Path) -> None:
        self.book, self.study, self.mapping = book, book.study, mapping
        self.guide = standard(tables_of_the_guide)
        self.domains = {one.domain: one for one in mapping.domains}
        self.made: dict[str, Table] = {}
        for domain in mapping.domains:
            dataset = self.guide[domain.domain]
            self.made[domain.domain] = _table(
                dataset, domain.domain, dataset.label, variables(domain, dataset), domain.keys
            )
        for name, rows in trial_design(self.study, mapping).items():
            dataset = self.guide[name]
            used = {key for row in rows for key, value in row.items() if value is not None}
            table = self.made[name] = _table(dataset, name, dataset.label, used, ())
            for row in rows:
                table.add([row.get(column.name) for column in table.columns])
        self.links = 0
        for relation in mapping.relations:
            self._related(relation)

    @property
    def tables(self) -> list[Table]:
        """The datasets that hold records, in the order of their names; an empty dataset is not submitted.

        Permissible variables that nothing filled are left out, unless the mapping asks for them: a question that was
        asked and never answered is worth a column, a variable that only the machinery offers is not.
        """
        return [self._filled(name, table) for name, table in sorted(self.made.items()) if table.count]

    def _filled(self, name: str, table: Table) -> Table:
        dataset = self.guide["SUPPQUAL" if name.startswith("SUPP") else name]
        asked = asked_for(self.domains[name]) if name in self.domains else set()
        kept = [
            index
            for index, column in enumerate(table.columns)
            if index in table.filled
            or column.name in asked
            or (one := dataset.variable(column.name)) is None
            or one.core != "Perm"
        ]
        narrow = table.narrowed(kept)
        found = shapes(narrow, None)
        columns = tuple(_measured(column, found[column.name, None]) for column in narrow.columns)
        return replace(narrow, columns=columns)

    def close(self) -> None:
        """Let go of the rows."""
        for table in self.made.values():
            table.close()

    def add(self, data: SubjectData, parked: Collection[ItemPath], day: date) -> None:
        """One participant; answers not asked any more and rows struck out are left away."""
        reader = CasebookReader(self.book, self.mapping, data, parked, day)
        usubjid = f"{self.study.oid}-{data.subject}"
        maker = Records(reader, usubjid)
        every: dict[str, list[Record]] = {}
        for name, domain in sorted(self.domains.items(), key=lambda one: self._reads_records(one[1])):
            every[name] = maker.make(domain, self.guide[name])
        reference = next((record.values.get("RFSTDTC") for record in every.get("DM", ())), None)
        maker.reference = reference if isinstance(reference, str) else None
        every = {name: maker.finish(domain, self.guide[name], every[name]) for name, domain in self.domains.items()}
        for record in every.get("DM", ()):
            record.values |= {"SUBJID": data.subject, "SITEID": data.enrolled.site if data.enrolled else None}
        for name, records in every.items():
            table = self.made[name]
            for record in records:
                table.add([record.values.get(column.name) for column in table.columns])
            self._supplements(name, usubjid, records)
        self._relations(usubjid, every)

    def _supplements(self, domain: str, usubjid: str, records: Iterable[Record]) -> None:
        for record in records:
            for name, (label, value, origin) in record.supplements.items():
                sequence = record.values.get(f"{domain}SEQ")
                row = {
                    "STUDYID": self.study.oid, "RDOMAIN": domain, "USUBJID": usubjid,
                    "IDVAR": f"{domain}SEQ" if sequence else None, "IDVARVAL": str(sequence) if sequence else None,
                    "QNAM": name, "QLABEL": label, "QVAL": value, "QORIG": origin, "QEVAL": None,
                }  # fmt: skip
                self._put(f"SUPP{domain}", "SUPPQUAL", f"Supplemental Qualifiers for {domain}", row)

    def _reads_records(self, domain: DomainDef) -> bool:
        """Whether a domain is filled from the records of others, and so comes after them."""
        sources = self.mapping.sources
        return any(sources[text].reads_records() for block in domain.records for text in block.set.values())

    def _relations(self, usubjid: str, every: dict[str, list[Record]]) -> None:
        groups: dict[tuple[str, str], list[tuple[str, Record]]] = {}
        for domain, records in every.items():
            for record in records:
                for link, key in record.links.items():
                    groups.setdefault((link, key), []).append((domain, record))
        for members in groups.values():
            if len({domain for domain, _ in members}) < 2:
                continue
            self.links += 1
            for domain, record in members:
                row = {
                    "STUDYID": self.study.oid, "RDOMAIN": domain, "USUBJID": usubjid, "IDVAR": f"{domain}SEQ",
                    "IDVARVAL": str(record.values[f"{domain}SEQ"]), "RELTYPE": None, "RELID": f"R{self.links}",
                }  # fmt: skip
                self._put("RELREC", "RELREC", self.guide["RELREC"].label, row)

    def _related(self, relation: Relation) -> None:
        """Two datasets that belong together as a whole, said once for all participants."""
        self.links += 1
        for domain, variable, number in (relation.left, relation.right):
            row: dict[str, str | None] = {
                "STUDYID": self.study.oid, "RDOMAIN": domain, "USUBJID": None, "IDVAR": variable, "IDVARVAL": None,
                "RELTYPE": number, "RELID": f"R{self.links}",
            }  # fmt: skip
            self._put("RELREC", "RELREC", self.guide["RELREC"].label, row)

    def _put(self, name: str, like: str, label: str, row: dict[str, str | None]) -> None:
        table = self.made.get(name)
        if table is None:
            table = self.made[name] = _table(self.guide[like], name, label, set(row), ())
        table.add([row.get(column.name) for column in table.columns])


def variables(domain: DomainDef, dataset: Dataset) -> set[str]:
    """The variables of a domain that the mapping or the machinery fills, beside those the guide requires or expects."""
    code = domain.domain
    used = {"STUDYID", "DOMAIN", "USUBJID", f"{code}SEQ", "EPOCH"} | asked_for(domain)
    for block in domain.records:
        if block.tests:
            used |= {code + ending for ending in _RESULTS}
            used |= {"VISIT"}
    if code in ("SV", "SE"):
        used |= {one.name for one in dataset.variables if one.name in _OWN}
    for text, day in _TIMES:
        if code + text in used:
            used.add(code + day)
    if dataset.variable("VISITNUM"):
        used |= {"VISITNUM", "VISIT"}
    return used


def asked_for(domain: DomainDef) -> set[str]:
    """The variables a mapping names."""
    return {
        name
        for block in domain.records
        for name in (*block.set, *(name for constants in block.tests.values() for name in constants))
    }


_OWN = ("VISIT", "SVREASOC", "SVSTDTC", "SVENDTC", "SVSTDY", "SVENDY", "ELEMENT", "TAETORD", "EPOCH", "SESTDTC", "SEENDTC", "SESTDY", "SEENDY")  # fmt: skip


def _measured(column: Column, shape: Shape) -> Column:
    """A column as what stands in it makes it, so that every file of an export says the same of it."""
    if column.kind == "float":
        return replace(column, kind="integer") if shape.whole else column
    return replace(column, length=shape.length)


def _table(dataset: Dataset, name: str, label: str, used: set[str], keys: Sequence[str]) -> Table:
    places = {key: number for number, key in enumerate(keys, 1)}
    columns = tuple(
        Column(
            one.name,
            Text(en=one.label, zh=one.label),
            "float" if one.kind == NUMBER else "text",
            key=places.get(one.name),
        )
        for one in sorted(dataset.variables, key=lambda v: v.order)
        if one.name in used or one.core in ("Req", "Exp")
    )
    return Table(name, Text(en=label, zh=label), columns)
