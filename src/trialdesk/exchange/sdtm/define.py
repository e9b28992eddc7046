"""define.xml 2.1: what every dataset, variable and value of an export is, where it comes from, what was left empty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from trialdesk.domain.study.sdtm import DomainDef, SdtmMapping
from trialdesk.domain.study.study import Study
from trialdesk.exchange.odm.text import xml
from trialdesk.exchange.sdtm.define_items import Items
from trialdesk.exchange.sdtm.define_words import METHODS
from trialdesk.exchange.sdtm.standard import Dataset
from trialdesk.exchange.sdtm.terminology import TermList
from trialdesk.exchange.tables.table import Table


@dataclass(frozen=True)
class DefineContent:
    """What the file describes.

    `files` gives the file name of each dataset, `pages` the page of each question in the annotated CRF, whose file
    name is `annotated`; `release` and `terms` are the controlled terminology in use.
    """

    study: Study
    mapping: SdtmMapping
    guide: dict[str, Dataset]
    tables: tuple[Table, ...]
    files: dict[str, str]
    made: datetime
    program: str
    annotated: str = ""
    pages: Mapping[str, int] = field(default_factory=dict)
    release: str = ""
    terms: Mapping[str, TermList] = field(default_factory=dict)


def write_define(about: DefineContent, path: Path) -> Path:
    """Write the file."""
    path.write_text("".join(_Define(about).write()), encoding="utf-8")
    return path


class _Define:
    def __init__(self, about: DefineContent) -> None:
        self.about = about
        self.domains: dict[str, DomainDef] = {one.domain: one for one in about.mapping.domains}
        self.items = Items(
            about.study, about.mapping, about.guide, about.pages if about.annotated else {}, about.release, about.terms
        )

    def write(self) -> Iterator[str]:
        about, study, items = self.about, self.about.study, self.items
        for table in about.tables:
            items.add(table)
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
        yield from self._standards()
        if about.annotated:
            yield '<def:AnnotatedCRF><def:DocumentRef leafID="LF.acrf"/></def:AnnotatedCRF>'
        yield from items.value_lists
        yield from items.where_clauses.values()
        yield groups
        yield from items.definitions
        yield from items.codelists()
        for oid, (name, words) in items.methods.items():
            yield (
                f'<MethodDef OID="{xml(oid)}" Name="{xml(name)}" Type="Computation"><Description>'
                f'<TranslatedText xml:lang="en">{xml(words)}</TranslatedText></Description></MethodDef>'
            )
        for oid, words in items.comments.items():
            yield f'<def:CommentDef OID="{oid}">{_described(words)}</def:CommentDef>'
        if about.annotated:
            yield (
                f'<def:leaf ID="LF.acrf" xlink:href="{xml(about.annotated)}"><def:title>Annotated CRF</def:title></def:leaf>'
            )
        yield "</MetaDataVersion></Study></ODM>\n"

    def _standards(self) -> Iterator[str]:
        yield (
            '<def:Standards><def:Standard OID="STD.1" Name="SDTMIG" Type="IG" '
            f'Version="{xml(self.about.mapping.standard)}" Status="Final"/>'
        )
        if self.about.release:
            yield (
                '<def:Standard OID="STD.CT" Name="CDISC/NCI" Type="CT" PublishingSet="SDTM" '
                f'Version="{xml(self.about.release)}" Status="Final"/>'
            )
        yield "</def:Standards>"

    def _group(self, table: Table) -> Iterator[str]:
        name = table.name
        dataset = self.about.guide["SUPPQUAL" if name.startswith("SUPP") else name]
        domain = self.domains.get(name)
        reference = "Yes" if dataset.observation_class == "TRIAL DESIGN" else "No"
        comment = ""
        if domain and domain.comment:
            comment = f' def:CommentOID="{self.items.comment(f"COM.{name}", domain.comment)}"'
        within = name.removeprefix("SUPP") if name.startswith("SUPP") else name
        yield (
            f'<ItemGroupDef OID="IG.{name}" Name="{name}" Repeating="{"No" if name == "DM" else "Yes"}" '
            f'IsReferenceData="{reference}" SASDatasetName="{name}" Domain="{within}" Purpose="Tabulation" '
            f'def:Structure="{xml(dataset.structure)}" def:StandardOID="STD.1" def:ArchiveLocationID="LF.{name}"{comment}>'
            f"{_described(table.label.en)}"
        )
        for number, column in enumerate(table.columns, 1):
            variable = dataset.variable(column.name)
            empty = domain.empty.get(column.name) if domain else None
            needed = "Yes" if variable and variable.core == "Req" and not empty else "No"
            key = f' KeySequence="{column.key}"' if column.key else ""
            role = f' Role="{xml(variable.role)}"' if variable else ""
            method = self.items.method_of(name, column.name)
            made = f' MethodOID="{xml(method)}"' if method and not empty else ""
            yield f'<ItemRef ItemOID="IT.{name}.{column.name}" OrderNumber="{number}" Mandatory="{needed}"{key}{made}{role}/>'
        yield f'<def:Class Name="{dataset.observation_class}"/>'
        file = self.about.files[name]
        yield f'<def:leaf ID="LF.{name}" xlink:href="{xml(file)}"><def:title>{xml(file)}</def:title></def:leaf></ItemGroupDef>'


def _described(words: str) -> str:
    return f'<Description><TranslatedText xml:lang="en">{xml(words)}</TranslatedText></Description>'


__all__ = ["METHODS", "DefineContent", "write_define"]
