"""define.xml 2.1: what every dataset and variable of an export is, where it comes from, and what was left empty."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from trialdesk.domain.study.sdtm import DomainDef, SdtmMapping, Source
from trialdesk.domain.study.study import Study
from trialdesk.exchange.odm.text import xml
from trialdesk.exchange.sdtm.standard import Dataset
from trialdesk.exchange.tables.table import Column, Table

_DATES = ("DTC", "STDTC", "ENDTC")
_DERIVED = (
    "DY",
    "STDY",
    "ENDY",
    "SEQ",
    "LOBXFL",
    "STRESC",
    "STRESN",
    "STRESU",
    "EPOCH",
    "VISITNUM",
    "VISIT",
    "TAETORD",
)
METHODS = {
    "DY": "Date of the record minus RFSTDTC, plus 1 from RFSTDTC on; there is no day 0. Empty where either day is partial.",
    "SEQ": "Number of the record within the participant, in the order of the keys.",
    "LOBXFL": "Y for the last result of the test and specimen on or before the day of RFXSTDTC.",
    "EPOCH": "Epoch of the visit, else of the element the day falls into; empty where the day is partial.",
    "VISITNUM": "Place of the visit in the schedule, plus 100 for each round, plus 300 after the rounds, 400 and its own number if unscheduled.",
    "STRESN": "Result in the unit of the question, by the factor of the study for the unit it was given in.",
}  # fmt: skip
"""How derived variables are made, by the end of their names."""


@dataclass(frozen=True)
class DefineContent:
    """What the file describes; `files` gives the file name of each dataset."""

    study: Study
    mapping: SdtmMapping
    guide: dict[str, Dataset]
    tables: tuple[Table, ...]
    files: dict[str, str]
    made: datetime
    program: str


def write_define(about: DefineContent, path: Path) -> Path:
    """Write the file."""
    path.write_text("".join(_Define(about).write()), encoding="utf-8")
    return path


class _Define:
    def __init__(self, about: DefineContent) -> None:
        self.about = about
        self.domains: dict[str, DomainDef] = {one.domain: one for one in about.mapping.domains}
        self.comments: dict[str, str] = {}
        self.lists: dict[str, None] = {}
        self.methods: dict[str, None] = {}

    def write(self) -> Iterator[str]:
        about = self.about
        study = about.study
        items = "".join(
            piece for table in about.tables for column in table.columns for piece in self._item(table, column)
        )
        groups = "".join(piece for table in about.tables for piece in self._group(table))
        yield '<?xml version="1.0" encoding="UTF-8"?>\n'
        yield (
            '<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" xmlns:def="http://www.cdisc.org/ns/def/v2.1" '
            'xmlns:xlink="http://www.w3.org/1999/xlink" ODMVersion="1.3.2" FileType="Snapshot" '
            f'FileOID="{xml(study.oid)}.define.{about.made:%Y%m%dT%H%M%S}" '
            f'CreationDateTime="{about.made.isoformat(timespec="seconds")}" SourceSystem="TrialDesk" '
            f'SourceSystemVersion="{xml(about.program)}" def:Context="Submission">'
        )
        yield (
            f'<Study OID="{xml(study.oid)}"><GlobalVariables><StudyName>{xml(study.name.en)}</StudyName>'
            f"<StudyDescription>{xml(study.title.en)}</StudyDescription>"
            f"<ProtocolName>{xml(study.registration)}</ProtocolName></GlobalVariables>"
        )
        yield f'<MetaDataVersion OID="MDV.SDTM.{xml(study.version)}" Name="SDTM of {xml(study.registration)}" def:DefineVersion="2.1.0">'
        yield (
            '<def:Standards><def:Standard OID="STD.1" Name="SDTMIG" Type="IG" '
            f'Version="{xml(about.mapping.standard)}" Status="Final"/></def:Standards>'
        )
        yield groups + items
        yield from self._codelists()
        for ending in self.methods:
            yield (
                f'<MethodDef OID="MT.{ending}" Name="Algorithm of --{ending}" Type="Computation"><Description>'
                f'<TranslatedText xml:lang="en">{xml(METHODS[ending])}</TranslatedText></Description></MethodDef>'
            )
        for oid, words in self.comments.items():
            yield f'<def:CommentDef OID="{oid}">{_described(words)}</def:CommentDef>'
        yield "</MetaDataVersion></Study></ODM>\n"

    def _group(self, table: Table) -> Iterator[str]:
        name = table.name
        dataset = self.about.guide["SUPPQUAL" if name.startswith("SUPP") else name]
        domain = self.domains.get(name)
        reference = "Yes" if dataset.observation_class == "TRIAL DESIGN" else "No"
        comment = (
            f' def:CommentOID="{self._comment(f"COM.{name}", domain.comment)}"' if domain and domain.comment else ""
        )
        repeating = "No" if name == "DM" else "Yes"
        within = name.removeprefix("SUPP") if name.startswith("SUPP") else name
        yield (
            f'<ItemGroupDef OID="IG.{name}" Name="{name}" Repeating="{repeating}" IsReferenceData="{reference}" '
            f'SASDatasetName="{name}" Domain="{within}" Purpose="Tabulation" def:Structure="{xml(dataset.structure)}" '
            f'def:StandardOID="STD.1" def:ArchiveLocationID="LF.{name}"{comment}>{_described(table.label.en)}'
        )
        for number, column in enumerate(table.columns, 1):
            variable = dataset.variable(column.name)
            needed = "Yes" if variable and variable.core == "Req" and not self._empty(name, column.name) else "No"
            key = f' KeySequence="{column.key}"' if column.key else ""
            role = f' Role="{xml(variable.role)}"' if variable else ""
            method = self._method(column.name)
            made = f' MethodOID="MT.{method}"' if method else ""
            yield f'<ItemRef ItemOID="IT.{name}.{column.name}" OrderNumber="{number}" Mandatory="{needed}"{key}{made}{role}/>'
        yield f'<def:Class Name="{dataset.observation_class}"/>'
        file = self.about.files[name]
        yield f'<def:leaf ID="LF.{name}" xlink:href="{xml(file)}"><def:title>{xml(file)}</def:title></def:leaf></ItemGroupDef>'

    def _item(self, table: Table, column: Column) -> Iterator[str]:
        name, domain = column.name, table.name
        date_like = name.endswith(_DATES)
        kind = "partialDatetime" if date_like else "float" if column.kind == "float" else "text"
        length = "" if date_like else ' Length="20" SignificantDigits="6"' if kind == "float" else ' Length="200"'
        why = self._empty(domain, name)
        comment = f' def:CommentOID="{self._comment(f"COM.{domain}.{name}", why)}"' if why else ""
        yield (
            f'<ItemDef OID="IT.{domain}.{name}" Name="{name}" SASFieldName="{name}" DataType="{kind}"{length}{comment}>'
            f"{_described(column.label.en)}"
        )
        used = self._map(domain, name)
        if used:
            self.lists[used] = None
            yield f'<CodeListRef CodeListOID="CL.{used}"/>'
        if not why:
            kind, source = self._origin(domain, name)
            yield f'<def:Origin Type="{kind}" Source="{source}"/>'
        yield "</ItemDef>"

    def _sources(self, domain: str, name: str) -> list[Source]:
        blocks = self.domains[domain].records if domain in self.domains else ()
        sources = self.about.mapping.sources
        return [sources[block.set[name]] for block in blocks if name in block.set]

    def _map(self, domain: str, name: str) -> str | None:
        """The map all of a variable's values come from, if there is one."""
        sources = self._sources(domain, name)
        maps = {one.text for one in sources if one.act == "map"}
        return maps.pop() if len(maps) == 1 and all(one.act == "map" for one in sources) else None

    def _origin(self, domain: str, name: str) -> tuple[str, str]:
        if self.about.guide.get(domain) and self.about.guide[domain].observation_class == "TRIAL DESIGN":
            return "Protocol", "Sponsor"
        sources = self._sources(domain, name)
        if sources and all(one.act == "constant" for one in sources):
            return "Assigned", "Sponsor"
        if sources and all(one.act in ("item", "own", "iso", "words", "first", "map", "here") for one in sources):
            items = {item for one in sources for item in one.items()}
            derived = any(self.about.study.item(item).derived for item in items)
            return ("Derived", "Sponsor") if derived else ("Collected", "Investigator")
        if name.endswith(("ORRES", "ORRESU")):
            return "Collected", "Investigator"
        derived = bool(sources) or name.endswith(_DERIVED)
        return ("Derived", "Sponsor") if derived else ("Assigned", "Sponsor")

    def _method(self, name: str) -> str | None:
        for ending in METHODS:
            if name.endswith(ending) and name != "VISIT" and not name.startswith("TS"):
                self.methods[ending] = None
                return ending
        return None

    def _empty(self, domain: str, name: str) -> str:
        return self.domains[domain].empty.get(name, "") if domain in self.domains else ""

    def _comment(self, oid: str, words: str) -> str:
        self.comments[oid] = words
        return oid

    def _codelists(self) -> Iterator[str]:
        for name in sorted(self.lists):
            values: Iterable[str] = dict.fromkeys(self.about.mapping.maps[name].values())
            yield f'<CodeList OID="CL.{name}" Name="{name}" DataType="text" def:IsNonStandard="Yes">'
            for value in values:
                yield f'<EnumeratedItem CodedValue="{xml(value)}"/>'
            yield "</CodeList>"


def _described(words: str) -> str:
    return f'<Description><TranslatedText xml:lang="en">{xml(words)}</TranslatedText></Description>'
