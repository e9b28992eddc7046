"""From the readable files of a study to the frozen Study, with every problem named by file and line."""

from __future__ import annotations

import difflib
import re
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from trialdesk.domain.study.codelist import CodeList, CodeListItem
from trialdesk.domain.study.expanding import laboratory_items, laboratory_list, unfolded, with_companions
from trialdesk.domain.study.form import FormDef, ItemDef, ItemGroupDef, Limits
from trialdesk.domain.study.laboratory import (
    Analyte,
    EventItems,
    ImportColumns,
    Laboratory,
    LaboratoryDef,
    NormalRange,
    RangeTable,
)
from trialdesk.domain.study.monitoring import FormNeed, MonitoringPlan, TrailPlan
from trialdesk.domain.study.parameter import Parameter
from trialdesk.domain.study.rule import CheckRule, ConditionRule, EligibilityRule, Example, MethodRule, WindowRule
from trialdesk.domain.study.safety_report import ReportCell, SafetyReport
from trialdesk.domain.study.sheet import InjectionSheet, Organ, OrganSheet
from trialdesk.domain.study.study import Study
from trialdesk.domain.study.study_event import StudyEventDef, Timing
from trialdesk.domain.study.timeline import TimelineMark

Place = tuple[str | int, ...]
"""Where a value stands in a file: keys and list positions from the top."""


class SourceFile(NamedTuple):
    """One file of a study: its name, its content with every scalar as text, and the line of each place."""

    name: str
    data: Any
    lines: dict[Place, int]

    def line(self, place: Place) -> int:
        """The line of a place, or of the nearest place around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


class Problem(NamedTuple):
    """Something a study's author must mend."""

    file: str
    line: int
    says: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.says}"


class StudyUnreadable(Exception):
    """The files do not make a study; `problems` names every fault that was found."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


_LISTS = {
    "parameters.yaml": "parameters",
    "codelists.yaml": "codelists",
    "events.yaml": "events",
    "timeline.yaml": "timeline",
}


def nearest(name: str, known: list[str] | tuple[str, ...] | set[str]) -> str:
    """A hint that names the most similar known name, or an empty text."""
    close = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.5)
    return f"; did you mean {close[0]!r}?" if close else ""


class Sources:
    """The files of a study put together, remembering which part came from where."""

    def __init__(self, files: list[SourceFile]) -> None:
        self.files = files
        self.origin: dict[Place, tuple[SourceFile, Place]] = {}
        self.raw: dict[str, Any] = {
            "parameters": [],
            "codelists": [],
            "events": [],
            "timeline": [],
            "forms": [],
            "rules": [],
        }
        self.problems: list[Problem] = []
        self._templates: list[tuple[dict[str, Any], SourceFile, Place]] = []
        for file in files:
            self._take(file)
        self._unfold()

    def _take(self, file: SourceFile) -> None:
        if file.name == "study.yaml":
            if not isinstance(file.data, dict):
                self.problems.append(Problem(file.name, 1, "study.yaml must hold fields such as oid, name, title"))
                return
            for key, value in file.data.items():
                self.raw[key] = value
                self.origin[(key,)] = (file, (key,))
        elif file.name == "endpoints.yaml":
            self.raw["endpoints"] = file.data
            self.origin[("endpoints",)] = (file, ())
        elif file.name in ("laboratory.yaml", "monitoring.yaml", "safety_report.yaml", "sdtm.yaml"):
            part = file.name.removesuffix(".yaml")
            self.raw[part] = file.data
            self.origin[(part,)] = (file, ())
        elif file.name.startswith("forms/"):
            self._add("forms", file.data, file, ())
        elif file.name in _LISTS or file.name.startswith("rules/"):
            kind = _LISTS.get(file.name, "rules")
            if not isinstance(file.data, list):
                self.problems.append(Problem(file.name, 1, f"this file must hold a list of {kind}"))
                return
            for index, one in enumerate(file.data):
                if kind == "rules" and isinstance(one, dict) and "each" in one:
                    self._templates.append((one, file, (index,)))
                else:
                    self._add(kind, one, file, (index,))
        else:
            self.problems.append(
                Problem(
                    file.name,
                    1,
                    "no part of a study has this name"
                    + nearest(
                        file.name,
                        {
                            "study.yaml",
                            "endpoints.yaml",
                            "laboratory.yaml",
                            "monitoring.yaml",
                            "sdtm.yaml",
                            "safety_report.yaml",
                            *_LISTS,
                            "forms/NAME.yaml",
                            "rules/NAME.yaml",
                        },
                    ),
                )
            )

    def _add(self, kind: str, value: Any, file: SourceFile, place: Place) -> None:
        self.origin[(kind, len(self.raw[kind]))] = (file, place)
        self.raw[kind].append(value)

    def _unfold(self) -> None:
        """What is written once for all laboratory items becomes one for each."""
        laboratory = self.raw.get("laboratory")
        items = list(laboratory_items(self.raw["forms"]))
        for template, file, place in self._templates:
            made = list(unfolded(template, items, laboratory))
            if not made:
                says = f"{template.get('id')}: `each: {template['each']}` finds no item; write laboratory or graded"
                self.problems.append(Problem(file.name, file.line(place), says))
            for one in made:
                self._add("rules", one, file, place)
        if laboratory is not None:
            self.raw["forms"] = [with_companions(form, laboratory) for form in self.raw["forms"]]
            places = laboratory_list(laboratory)
            self.raw["codelists"] += [places] if places else []

    def where(self, place: Place) -> tuple[str, int]:
        """File and line of a place in the whole study, for instance `("rules", 3, "item")`."""
        for length in (2, 1):
            found = self.origin.get(place[:length])
            if found:
                file, start = found
                return file.name, file.line(start + place[length:])
        return "study.yaml", 1

    def problem(self, place: Place, says: str) -> Problem:
        """A problem at a place of the whole study."""
        return Problem(*self.where(place), says)


def read_study(sources: Sources) -> Study:
    """Build the study, or raise StudyUnreadable with every problem of form (names are checked by study_check)."""
    problems = list(sources.problems)
    study: Study | None = None
    try:
        study = Study.model_validate(sources.raw)
    except ValidationError as error:
        for fault in error.errors():
            # The union of rule kinds adds its tag to the place; files do not have it.
            place = tuple(p for i, p in enumerate(fault["loc"]) if not (fault["loc"][0] == "rules" and i == 2))
            if fault["type"] == "union_tag_invalid":
                place = (*place, "kind")
            problems.append(sources.problem(place, _words(fault, place)))
    if problems or study is None:
        raise StudyUnreadable(problems)
    return study


def _words(fault: Any, place: Place) -> str:
    name = ".".join(str(part) for part in place if not isinstance(part, int)) or "study"
    if fault["type"] == "missing":
        return f"{name} is missing"
    if fault["type"] == "extra_forbidden":
        return f"{name} is not a field here{nearest(str(place[-1]), _fields(place))}"
    if fault["type"] in ("literal_error", "union_tag_invalid"):
        context = fault["ctx"]
        known = re.findall(r"'([^']*)'", str(context.get("expected") or context["expected_tags"]))
        found = str(context.get("tag") or fault["input"])[:60]
        return f"{name}: {found!r} is none of {', '.join(known)}{nearest(found, known)}"
    return f"{name}: {fault['msg']} (found {str(fault['input'])[:60]!r})"


_PARTS: dict[str, tuple[type[BaseModel], ...]] = {
    "forms": (FormDef,),
    "groups": (ItemGroupDef,),
    "injections": (InjectionSheet,),
    "organs": (OrganSheet, Organ),
    "items": (ItemDef, CodeListItem),
    "range": (Limits,),
    "codelists": (CodeList,),
    "events": (StudyEventDef,),
    "due": (Timing,),
    "timeline": (TimelineMark,),
    "safety_report": (SafetyReport,),
    "cells": (ReportCell,),
    "parameters": (Parameter,),
    "rules": (WindowRule, CheckRule, ConditionRule, MethodRule, EligibilityRule),
    "examples": (Example,),
    "laboratory": (LaboratoryDef,),
    "monitoring": (MonitoringPlan, FormNeed, TrailPlan),
    "laboratories": (Laboratory,),
    "tables": (RangeTable,),
    "ranges": (NormalRange,),
    "analytes": (Analyte,),
    "adverse_event": (EventItems,),
    "imports": (ImportColumns,),
}


def _fields(place: Place) -> set[str]:
    """The fields that are known where an unknown one was found."""
    around = [part for part in place[:-1] if isinstance(part, str) and part in _PARTS]
    parts = _PARTS["monitoring"] if place[0] == "monitoring" else _PARTS[str(around[-1])] if around else (Study,)
    return {"en", "zh"} | {name for part in parts for name in part.model_fields}
