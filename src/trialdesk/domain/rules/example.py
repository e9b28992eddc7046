"""Running the examples that stand beside a rule."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import ItemEntered
from trialdesk.domain.clinical.fold import fold
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.rules.checks import findings_at
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.domain.rules.scope import PlaceScope
from trialdesk.domain.rules.values import UNKNOWN, written
from trialdesk.domain.rules.windows import window_of_rule
from trialdesk.domain.study.reading import nearest
from trialdesk.domain.study.rule import (
    CheckRule,
    ConditionRule,
    EligibilityRule,
    Example,
    MethodRule,
    Rule,
    WindowRule,
)

_NAMED = re.compile(r"(?:(\w+)(?:\[(\d+)\])?\.)?([A-Z][A-Z0-9_]*)")
_DEFAULT_TODAY = date(2026, 11, 24)


class WrongExample(ValueError):
    """An example that cannot be set up; the message says why."""


class Result(NamedTuple):
    """What an example gave."""

    expect: str
    days_outside: int | None


def run_example(book: Rulebook, rule: Rule, example: Example) -> Result:
    """Evaluate a rule with the values of one example; raises WrongExample where those do not fit the study."""
    target = _target(book, rule)
    at, row = _home(book, target, example)
    data = example_casebook(book, at, example.given)
    today = date.fromisoformat(str(example.given["today"])) if "today" in example.given else _DEFAULT_TODAY
    form, group, item = book.study.place[target]
    path = FormPath(at.event, at.repeat, form.oid).item(group.oid, target, row)
    scope = PlaceScope(book, data, path.form_path, group.oid, row, today)
    if isinstance(rule, ConditionRule):
        skip = skip_of_rule(book, scope, rule)
        return Result("shown" if skip is True else "hidden" if skip is False else "cannot_tell", None)
    if isinstance(rule, MethodRule):
        text = written(book.method_of[rule.item].evaluate(scope), item)
        return Result("cannot_tell" if text is None else text, None)
    return _check(book, rule, scope, path)


def _check(book: Rulebook, rule: Rule, scope: PlaceScope, path: ItemPath) -> Result:
    item = book.study.item(path.item)
    compiled = next(c for c in book.checks[path.item] if c.rule is rule)
    if any(finding.rule == rule.id for finding in findings_at(book, scope, item, path)):
        outside = None
        if isinstance(rule, WindowRule):
            window = window_of_rule(book, compiled, scope)
            outside = window.days_outside(compiled.parts["item"].run(scope)) if window else None
        return Result("finding", outside)
    if isinstance(rule, WindowRule):
        window = window_of_rule(book, compiled, scope)
        outside = window.days_outside(compiled.parts["item"].run(scope)) if window else None
        return Result("cannot_tell" if outside is None else "ok", outside)
    assert isinstance(rule, CheckRule | EligibilityRule)
    if isinstance(rule, CheckRule) and "when" in compiled.parts:
        applies = compiled.parts["when"].run(scope)
        if applies is not True:
            return Result("cannot_tell" if applies is UNKNOWN else "ok", None)
    answer = compiled.parts["expect"].run(scope)
    return Result("cannot_tell" if answer is UNKNOWN else "ok", None)


def skip_of_rule(book: Rulebook, scope: PlaceScope, rule: ConditionRule) -> bool | None:
    """Whether this one condition shows its questions: True, False, or None when it cannot be told."""
    name = _target(book, rule)
    answer = next(c for c in book.conditions[name] if c.rule is rule).parts["show"].run(scope)
    return None if answer is UNKNOWN else answer is True


def _target(book: Rulebook, rule: Rule) -> str:
    """The item a rule is tried at: its own, or the first of those it shows."""
    if not isinstance(rule, ConditionRule):
        return rule.item
    if rule.items:
        return rule.items[0]
    return next(g.items[0].name for f in book.study.forms for g in f.groups if g.oid == rule.groups[0])


def _home(book: Rulebook, target: str, example: Example) -> tuple[FormPath, int]:
    """The event occurrence and row a rule is tried at: named by a given value of its own item, else the first."""
    form, group, _ = book.study.place[target]
    event, repeat, row = book.study.events_of_form[form.oid][0].oid, 1, 1
    for key, value in example.given.items():
        found = _NAMED.fullmatch(key)
        if found and found[1] and found[3] in book.study.place and book.study.place[found[3]][0] is form:
            event, repeat = found[1], int(found[2] or 1)
        known = book.study.place.get(found[3]) if found else None
        if known is not None and known[1] is group and isinstance(value, list):
            row = max(row, len(value))
    return FormPath(event, repeat, form.oid), row


def example_casebook(book: Rulebook, at: FormPath, given: Mapping[str, str | list[str]]) -> SubjectData:
    """A casebook that holds the given values, as seen from one form; raises WrongExample for an unknown item."""
    records: list[AuditRecord] = []
    for key, value in given.items():
        if key == "today":
            continue
        found = _NAMED.fullmatch(key)
        if not found or found[3] not in book.study.place:
            raise WrongExample(f"{key!r} is not an item of the study{nearest(key, set(book.study.place))}")
        form, group, item = book.study.place[found[3]]
        event, repeat = _event_for(book, at, form.oid, found[1], found[2])
        for row, text in enumerate(value if isinstance(value, list) else [value], start=1):
            if text in ("", None):
                continue
            path = ItemPath(event, repeat, form.oid, group.oid, row, item.name)
            missing = text if text in ("ND", "UNK", "NA") and item.kind != "code" else None
            change = ItemEntered(path=path, value=None if missing else text, missing=missing)  # type: ignore[arg-type]
            records.append(_record(len(records) + 1, change))
    return fold("EXAMPLE", records)


def _event_for(book: Rulebook, at: FormPath, form: str, event: str | None, repeat: str | None) -> tuple[str, int]:
    if event:
        if event not in book.study.event:
            raise WrongExample(f"{event!r} is not an event of the study")
        return event, int(repeat or 1)
    if form in book.study.event[at.event].forms:
        return at.event, at.repeat
    asking = book.study.events_of_form[form]
    chosen = asking[0]
    return chosen.oid, at.repeat if chosen.per_round and book.study.event[at.event].per_round else 1


def _record(number: int, change: ItemEntered) -> AuditRecord:
    return AuditRecord(
        origin="EXAMPLE", seq=number, at=f"2026-01-01T00:00:00.{number % 1000:03d}Z", zone="+08:00", user="example",
        role="nurse", site="01", study="example", subject="EXAMPLE", change=change,
    )  # fmt: skip
