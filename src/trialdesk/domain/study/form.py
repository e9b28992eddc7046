"""Forms, sections and questions (ODM FormDef, ItemGroupDef, ItemDef)."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict

from trialdesk.domain.study.labelled import Labelled
from trialdesk.domain.study.sheet import InjectionSheet, OrganSheet
from trialdesk.domain.text import Text

ItemKind = Literal["text", "long_text", "integer", "float", "date", "partial_date", "time", "datetime", "code", "term"]


class Limits(BaseModel):
    """The expected range of a number, ends included; outside it a soft or hard finding is shown (ODM RangeCheck)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    min: Decimal | None = None
    max: Decimal | None = None
    outside: Literal["soft", "hard"] = "soft"


class UnitChoice(BaseModel):
    """Another unit a slip may carry; `factor` turns a value in it into the item's own unit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    unit: str
    factor: Decimal


class ItemDef(Labelled):
    """One question. Its name is unique in the study and follows CDASH where CDASH has one.

    `optional` items may stay empty; every other item needs a value or a reason before the form is complete.
    `derived` items are computed by a rule of kind `method` and cannot be typed.
    `proposed` items are filled with an act of the program and shown, not typed. `pick_from` names items whose recorded
    values are offered. `usual` lists terms that stand first while nothing is typed; `graded_by` names the item that
    holds the grade of a term. `consequence` says under the question what an answer leads to. `carry` proposes the last recorded value of the same item. `setting` says that this question rests on a study
    setting which the registration does not give.
    """

    name: str
    kind: ItemKind = "text"
    codelist: str | None = None
    unit: str | None = None
    units: tuple[UnitChoice, ...] = ()
    digits: int | None = None
    length: int = 200
    range: Limits | None = None
    optional: bool = False
    derived: bool = False
    carry: bool = False
    setting: bool = False
    proposed: bool = False
    pick_from: tuple[str, ...] = ()
    usual: tuple[str, ...] = ()
    graded_by: str | None = None
    lab: str | None = None
    consequence: Text | None = None
    help: Text | None = None
    sdtm: str | None = None

    @property
    def by_program(self) -> bool:
        """True for an item no person types: computed by a rule, or filled by an act of the program."""
        return self.derived or self.proposed


class ItemGroupDef(Labelled):
    """One section of a form, and one page of the wizard; a repeating group is a table of rows.

    `rows` fixes the number of rows (ten injections); without it a repeating group grows row by row.
    """

    oid: str
    repeating: bool = False
    rows: int | None = None
    row_labels: tuple[Text, ...] = ()
    items: tuple[ItemDef, ...]
    help: Text | None = None


class FormDef(Labelled):
    """One case report form; `sheet` names a special layout of the same field parts (laboratory, injections, organs).

    `injections` and `organs` say which question plays which part on the sheet of that name.
    """

    oid: str
    version: str = "1"
    sheet: Literal["fields", "laboratory", "injections", "organs"] = "fields"
    injections: InjectionSheet | None = None
    organs: OrganSheet | None = None
    signed: bool = True
    groups: tuple[ItemGroupDef, ...]
    help: Text | None = None
