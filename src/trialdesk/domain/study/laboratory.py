"""Laboratories of a study: normal ranges by sex, age and day, and what each analyte can become in CTCAE."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict

from trialdesk.domain.study.labelled import Labelled
from trialdesk.domain.text import Text

OLDEST = 150


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NormalRange(_Part):
    """The normal range of one analyte in one unit, for one sex (or `any`) and an age in completed years, ends included.

    `low` and `high` are the last normal values (LLN and ULN); one of them may be open. `assumed` marks a range that was
    carried over into a laboratory's own list from an assumed one.
    """

    analyte: str
    unit: str
    sex: Literal["M", "F", "any"] = "any"
    age_from: int = 0
    age_to: int = OLDEST
    low: Decimal | None = None
    high: Decimal | None = None
    assumed: bool = False

    def is_for(self, analyte: str, sex: str | None, age: int | None) -> bool | None:
        """Whether it holds for this person; None when an unknown sex or age decides."""
        if analyte != self.analyte:
            return False
        by_sex = True if self.sex == "any" else None if sex is None else sex == self.sex
        every_age = self.age_from <= 0 and self.age_to >= OLDEST
        by_age = True if every_age else None if age is None else self.age_from <= age <= self.age_to
        if by_sex is False or by_age is False:
            return False
        return True if by_sex and by_age else None


class RangeTable(_Part):
    """A laboratory's printed list of ranges, in force from one day to another (both included; open while it holds).

    `source` and `basis` are given where they are other than those of the laboratory as the study's file has it.
    """

    valid_from: date
    valid_to: date | None = None
    ranges: tuple[NormalRange, ...]
    source: Literal["laboratory", "assumption"] | None = None
    basis: Text | None = None

    def holds_on(self, day: date) -> bool:
        """True on the days this list was in force."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Laboratory(Labelled):
    """One laboratory and its lists of ranges; `source` says whether the list is the laboratory's own or assumed."""

    code: str
    source: Literal["laboratory", "assumption"]
    basis: Text
    tables: tuple[RangeTable, ...]

    def table_on(self, day: date) -> RangeTable | None:
        """The list in force on a day, or None."""
        return next((one for one in self.tables if one.holds_on(day)), None)

    def assumed(self, table: RangeTable) -> bool:
        """True while a list, or a part of it, is an assumption and not the laboratory's own word."""
        source = table.source or self.source
        return source == "assumption" or any(one.assumed for one in table.ranges)


class Analyte(_Part):
    """One measured quantity, named by `lab:` of its items.

    `low` and `high` are the CTCAE terms a value below or above normal can become. `names` are the ways laboratory
    systems write it, for imports; case and spaces do not matter.
    """

    code: str
    low: str | None = None
    high: str | None = None
    names: tuple[str, ...] = ()

    @property
    def terms(self) -> tuple[str, ...]:
        """The CTCAE terms of both directions, low first."""
        return tuple(term for term in (self.low, self.high) if term)


class EventItems(_Part):
    """Which items of the adverse event log take what a laboratory value gives, and the rule that asks for the row.

    `proposed` keeps the grade of the number alone, `reason` why a person's grade differs, `link` the value's place.
    """

    event: str
    term: str
    grade: str
    start: str
    end: str
    proposed: str | None = None
    reason: str | None = None
    link: str | None = None
    rule: str


class ImportColumns(_Part):
    """The ways laboratory systems head their columns, by what the column holds."""

    subject: tuple[str, ...]
    day: tuple[str, ...]
    test: tuple[str, ...]
    value: tuple[str, ...]
    unit: tuple[str, ...]


class LaboratoryDef(_Part):
    """Everything the laboratory sheets of a study rest on.

    `significance` names the code list of clinical significance: each laboratory item gets a companion item with the
    suffix `CS` that holds the answer. `asked` names the code list of grades: an item that CTCAE knows gets a companion
    with the suffix `AQ` for what a number cannot settle, the grade a person chose or `none`. `units` are spellings of
    the study's units that laboratory systems use.
    """

    significance: str
    significant: str = "CS"
    not_significant: str = "NCS"
    asked: str
    none: str = "N"
    adverse_event: EventItems
    imports: ImportColumns
    units: dict[str, tuple[str, ...]] = {}
    laboratories: tuple[Laboratory, ...]
    analytes: tuple[Analyte, ...]

    @cached_property
    def analyte(self) -> dict[str, Analyte]:
        """Analytes by code."""
        return {one.code: one for one in self.analytes}

    @cached_property
    def laboratory(self) -> dict[str, Laboratory]:
        """Laboratories by code."""
        return {one.code: one for one in self.laboratories}

    def with_table(self, code: str, table: RangeTable) -> LaboratoryDef:
        """The same with a list that goes before those a laboratory had, on the days it is in force."""
        changed = (
            one.model_copy(update={"tables": (table, *one.tables)}) if one.code == code else one
            for one in self.laboratories
        )
        return LaboratoryDef.model_validate(self.model_dump() | {"laboratories": tuple(changed)})

    def range_for(
        self, laboratory: str | None, analyte: str, sex: str | None, age: int | None, day: date
    ) -> NormalRange | None:
        """The normal range that holds for this person on this day, or None where none does or it cannot be told.

        `laboratory` None means the first of the study. A range that only an unknown sex or age could decide is not
        guessed.
        """
        place = self.laboratories[0] if laboratory is None else self.laboratory.get(laboratory)
        table = place.table_on(day) if place else None
        found = [one for one in (table.ranges if table else ()) if one.is_for(analyte, sex, age) is not False]
        return found[0] if len(found) == 1 and found[0].is_for(analyte, sex, age) else None


CS, ASKED = "CS", "AQ"
"""Suffixes of the companion items: clinical significance, and the answer to what a number cannot settle."""
