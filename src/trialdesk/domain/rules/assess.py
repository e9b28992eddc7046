"""What follows from a casebook on a given day; the one place where all kinds of rules come together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.rules.checks import findings_at
from trialdesk.domain.rules.finding import Finding, FormAssessment, Skip
from trialdesk.domain.rules.pages import place, questions, skip_of
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.domain.rules.scope import PlaceScope
from trialdesk.domain.rules.values import UNKNOWN, item_value, written


def assess_form(book: Rulebook, data: SubjectData, form: FormPath, today: date) -> FormAssessment:
    """Everything that follows for one form, whether or not it holds an answer yet, by the release it is asked under."""
    book = book.on(data, today, form)
    findings: list[Finding] = []
    skipped: dict[ItemPath, Skip] = {}
    derived: dict[ItemPath, tuple[str, str | None]] = {}
    scope: PlaceScope | None = None
    for group, item, path in questions(data, form, book.study.form[form.form]):
        if scope is None or (scope.group, scope.group_repeat) != (group.oid, path.group_repeat):
            scope = place(book, data, path, today)
        skip = skip_of(book, scope, item.name)
        if skip is not None:
            skipped[path] = skip
            continue
        method = book.method_of.get(item.name)
        if method is not None:
            computed = method.evaluate(scope)
            derived[path] = (method.rule.id, written(computed, item))
        for finding in findings_at(book, scope, item, path):
            findings.append(replace(finding, explained=data.explanation(path, finding.rule)))
    return FormAssessment(form, tuple(findings), skipped, derived)


def assess(book: Rulebook, data: SubjectData, today: date) -> Mapping[FormPath, FormAssessment]:
    """The assessment of every form that holds an answer."""
    return {form: assess_form(book, data, form, today) for form in data.by_form}


def eligible(book: Rulebook, data: SubjectData, today: date) -> tuple[bool | None, tuple[str, ...]]:
    """Whether every criterion is met (None: some cannot be told yet), and the criteria that are not met or open."""
    from trialdesk.domain.study.rule import EligibilityRule

    book = book.on(data, today)
    unmet: list[str] = []
    unknown: list[str] = []
    for rules in book.checks.values():
        for compiled in rules:
            rule = compiled.rule
            if not isinstance(rule, EligibilityRule):
                continue
            form, group, _ = book.study.place[rule.item]
            event = book.study.events_of_form[form.oid][0].oid
            scope = PlaceScope(book, data, FormPath(event, 1, form.oid), group.oid, 1, today)
            answer = compiled.parts["expect"].run(scope)
            if answer is False:
                unmet.append(rule.id)
            elif answer is UNKNOWN:
                unknown.append(rule.id)
    return (False, tuple(unmet)) if unmet else (None, tuple(unknown)) if unknown else (True, ())


def value_text(book: Rulebook, assessment: FormAssessment, data: SubjectData, path: ItemPath) -> str | None:
    """What a field shows: the recorded value, or the computed one of a derived item that is not on record yet."""
    if path in assessment.derived and not book.frozen(data, path):
        return assessment.derived[path][1]
    return data.value(path)


def same_answer(book: Rulebook, name: str, one: str | None, other: str | None) -> bool:
    """True when two texts give the same value, so that 4.0 after 4 is no correction."""
    if one == other:
        return True
    item = book.study.item(name)
    a, b = item_value(item, one), item_value(item, other)
    return a is not UNKNOWN and b is not UNKNOWN and type(a) is type(b) and bool(a == b) and item.kind != "float"
