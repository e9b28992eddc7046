"""A study's rules compiled once: what each reads, where it speaks, and what depends on what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.rules.expression import Expression, compile_expression
from trialdesk.domain.rules.functions import Terminology
from trialdesk.domain.rules.laboratory import LabResult, Setting
from trialdesk.domain.rules.lookup import Lookup, look_up
from trialdesk.domain.rules.scope import PlaceScope
from trialdesk.domain.rules.values import UNKNOWN, Span, Value
from trialdesk.domain.study.laboratory import LaboratoryDef
from trialdesk.domain.study.rule import (
    CheckRule,
    ConditionRule,
    EligibilityRule,
    MethodRule,
    Rule,
    WindowRule,
)
from trialdesk.domain.study.study import Study


@dataclass(frozen=True)
class CompiledRule:
    """A rule with its expressions ready to run, keyed by the field they come from."""

    rule: Rule
    parts: Mapping[str, Expression]

    @property
    def reads(self) -> frozenset[str]:
        """Every item this rule depends on."""
        return frozenset().union(*(part.reads for part in self.parts.values()))


@dataclass(frozen=True)
class CompiledMethod:
    """A derivation: one expression, or a published criterion with an expression for each of its inputs."""

    rule: MethodRule
    parts: Mapping[str, Expression]
    function: Callable[..., Any] | None

    def evaluate(self, scope: PlaceScope) -> Value:
        """Compute the value at a place; UNKNOWN when it cannot be told."""
        if self.function is None:
            return self.parts["value"].run(scope)
        result = self.function(**self.inputs(scope))
        if result is None:
            return UNKNOWN
        return Decimal(result) if isinstance(result, int) and not isinstance(result, bool) else result

    def inputs(self, scope: PlaceScope) -> dict[str, Any]:
        """What a published criterion is given at a place, by the names of its inputs; None for what cannot be told."""
        return {name: _plain(self.parts[name].run(scope)) for name in self.rule.inputs}


def _plain(value: Value) -> Any:
    return None if value is UNKNOWN or isinstance(value, Span) else value


def rule_parts(rule: Rule) -> dict[str, str]:
    """The expressions a rule is written with, by field."""
    if isinstance(rule, WindowRule):
        return {"item": rule.item, "after": rule.after}
    if isinstance(rule, CheckRule):
        return {"expect": rule.expect} | ({"when": rule.when} if rule.when else {})
    if isinstance(rule, ConditionRule):
        return {"show": rule.show}
    if isinstance(rule, EligibilityRule):
        return {"expect": rule.expect}
    return dict(rule.inputs) if rule.method else {"value": rule.value or ""}


class Rulebook:
    """The rules of one study, compiled; raises NotAnExpression or KeyError for a study that was not checked."""

    def __init__(self, study: Study, terminology: Terminology | None = None) -> None:
        self.study, self.terminology = study, terminology
        self.parameters: dict[str, Value] = {p.name: p.value for p in study.parameters}
        self.checks: dict[str, list[CompiledRule]] = {}
        self.conditions: dict[str, list[CompiledRule]] = {}
        self.method_of: dict[str, CompiledMethod] = {}
        self.expected_when = {e.oid: compile_expression(e.when) for e in study.events if e.when}
        for rule in study.rules:
            self._take(rule)
        self._lookups: dict[tuple[str, str, str | None, str], Lookup] = {}
        self._lab_of: SubjectData | None = None
        self._lab_results: dict[ItemPath, LabResult] = {}
        self._lab_settings: dict[FormPath, Setting] = {}

    def with_laboratory(self, laboratory: LaboratoryDef) -> Rulebook:
        """The same rules over other normal ranges; no rule is compiled again."""
        other = copy(self)
        other.study = self.study.model_copy(update={"laboratory": laboratory})
        other._lab_of, other._lab_results, other._lab_settings = None, {}, {}
        return other

    @property
    def every(self) -> tuple[Rulebook, ...]:
        """The rules of every release that lies here: this one alone."""
        return (self,)

    def on(self, data: SubjectData, today: date, form: FormPath | None = None) -> Rulebook:
        """The rules by which a form, or a participant as a whole, is read: these, where there is one release."""
        return self

    def newer(self, data: SubjectData, today: date, form: FormPath) -> Rulebook | None:
        """A newer release that would ask this form if it were begun now: none, where there is one release."""
        return None

    def _take(self, rule: Rule) -> None:
        parts = {name: compile_expression(text) for name, text in rule_parts(rule).items()}
        if isinstance(rule, MethodRule):
            self.method_of[rule.item] = CompiledMethod(rule, parts, published(rule.method) if rule.method else None)
        elif isinstance(rule, ConditionRule):
            groups = {g.oid: [i.name for i in g.items] for f in self.study.forms for g in f.groups}
            names = [*rule.items, *(name for group in rule.groups for name in groups[group])]
            for name in names:
                self.conditions.setdefault(name, []).append(CompiledRule(rule, parts))
        else:
            self.checks.setdefault(rule.item, []).append(CompiledRule(rule, parts))

    def look_up(self, event: str, form: str, group: str | None, name: str) -> Lookup:
        """Where a name is read from a place, remembered after the first time."""
        key = (event, form, group, name)
        found = self._lookups.get(key)
        if found is None:
            found = self._lookups[key] = look_up(self.study, event, form, group, name)
        return found

    def lab_results(self, data: SubjectData) -> dict[ItemPath, LabResult]:
        """Laboratory results worked out already for this very state of a casebook."""
        self._look_at(data)
        return self._lab_results

    def lab_settings(self, data: SubjectData) -> dict[FormPath, Setting]:
        """Day, laboratory, sex and age of laboratory forms looked up already for this very state."""
        self._look_at(data)
        return self._lab_settings

    def _look_at(self, data: SubjectData) -> None:
        if self._lab_of is not data:
            self._lab_of, self._lab_results, self._lab_settings = data, {}, {}

    def amount(self, value: int | str) -> int | None:
        """A number of days as written, or the parameter of that name; None when the parameter holds no number."""
        if isinstance(value, int):
            return value
        number = self.parameters.get(value)
        return int(number) if isinstance(number, Decimal) else None

    def frozen(self, data: SubjectData, path: ItemPath) -> bool:
        """True when a derived answer is on record with its completed form, so that it is read and not computed."""
        form = data.forms.get(path.form_path)
        return path in data.items and form is not None and form.completion is not None

    def order(self, form: FormPath) -> tuple[int, int]:
        """Place of a form in schedule order: before the rounds, in a round, after them; logs stand at the start."""
        event = self.study.event.get(form.event)
        if event is None or event.kind != "scheduled":
            return (0, 0) if event is None or event.kind == "log" else (99, 0)
        index = self.study.event_order[form.event]
        if event.per_round:
            return form.repeat, index
        return (0, index) if index < self._first_round_event else (99, index)

    @cached_property
    def _first_round_event(self) -> int:
        return next((i for i, e in enumerate(self.study.events) if e.per_round), len(self.study.events))

    @cached_property
    def read_by(self) -> Mapping[str, tuple[tuple[str, bool], ...]]:
        """Items whose rules read an item, by its name; True where it is read bare, from the one place the plan gives."""
        found: dict[str, set[tuple[str, bool]]] = {}
        rules = [
            (target, one.parts) for of in (self.checks, self.conditions) for target, many in of.items() for one in many
        ]
        for target, parts in [*rules, *((target, method.parts) for target, method in self.method_of.items())]:
            for part in parts.values():
                for name in part.reads - part.afar:
                    found.setdefault(name, set()).add((target, True))
                for name in part.afar:
                    found.setdefault(name, set()).add((target, False))
        self._add_laboratory(found)
        return {name: tuple(sorted(readers)) for name, readers in found.items()}

    def _add_laboratory(self, found: dict[str, set[tuple[str, bool]]]) -> None:
        """A laboratory value is judged by sex, birth, and by the adverse events on record."""
        lab = self.study.laboratory
        if lab is None:
            return
        event, marks = lab.adverse_event, self.study.landmarks
        measured = {(item.name, False) for _, _, item in self.study.place.values() if item.lab}
        for name in (marks.sex, marks.birth, event.term, event.grade, event.start, event.end, event.link):
            if name is not None:
                found.setdefault(name, set()).update(measured)


def published(name: str) -> Callable[..., Any]:
    """The published criterion of that name; raises KeyError for a name that is not in the registry."""
    from trialdesk.domain.medicine.registry import METHODS

    function: Callable[..., Any] = METHODS[name].function
    return function
