"""Looking over the special layouts and the timeline of a study: every name they use must be known."""

from __future__ import annotations

from collections.abc import Iterator

from trialdesk.domain.rules.expression import NotAnExpression, compile_expression
from trialdesk.domain.rules.rulebook import published
from trialdesk.domain.study.reading import Place, nearest
from trialdesk.domain.study.rule import MethodRule
from trialdesk.domain.study.study import Study


def sheet_problems(study: Study) -> Iterator[tuple[Place, str]]:
    """Unknown items, sections and parameters of sheets and timeline, and a sheet without its parts."""
    for index, mark in enumerate(study.timeline):
        for name in mark.items():
            if name not in study.place:
                yield ("timeline", index), f"no item {name}{nearest(name, set(study.place))}"
    for index, form in enumerate(study.forms):
        here = {item.name for group in form.groups for item in group.items}
        if form.sheet == "injections" and form.injections is None:
            yield (
                ("forms", index),
                f"form {form.oid} has the sheet injections and no `injections:` saying which item is what",
            )
        if form.sheet == "organs" and form.organs is None:
            yield ("forms", index), f"form {form.oid} has the sheet organs and no `organs:` saying which item is what"
        for field, sheet in (("injections", form.injections), ("organs", form.organs)):
            for name in sheet.items() if sheet else ():
                if name not in here:
                    yield ("forms", index, field), f"form {form.oid} has no item {name}{nearest(name, here)}"
        yield from (((("forms", index, "injections")), says) for says in _injections(study, index))
        yield from (((("forms", index, "organs")), says) for says in _organs(study, index))


def _injections(study: Study, index: int) -> Iterator[str]:
    form = study.forms[index]
    sheet = form.injections
    if sheet is None:
        return
    groups = {group.oid for group in form.groups}
    if sheet.group not in groups:
        yield f"form {form.oid} has no section {sheet.group}{nearest(sheet.group, groups)}"
    for name in sheet.parameters():
        if name not in study.parameter:
            yield f"no parameter {name}{nearest(name, set(study.parameter))}"
    if sheet.day_cap is not None:
        try:
            part = compile_expression(sheet.day_cap)
        except NotAnExpression as fault:
            yield str(fault)
            return
        for name in sorted(part.reads - set(study.place)):
            yield f"no item {name}{nearest(name, set(study.place))}"
        for name in sorted(part.names - set(study.parameter)):
            yield f"no parameter {name}{nearest(name, set(study.parameter))}"


def _organs(study: Study, index: int) -> Iterator[str]:
    sheet = study.forms[index].organs
    if sheet is None:
        return
    rule = next((r for r in study.rules if isinstance(r, MethodRule) and r.item == sheet.grade), None)
    if rule is None or rule.method is None:
        yield f"{sheet.grade} needs a rule with a published `method`, or the deciding organ cannot be told"
        return
    try:
        published(rule.method)
    except KeyError:
        return
    for organ in sheet.organs:
        if organ.input not in rule.inputs:
            yield f"{rule.method} takes no input {organ.input}{nearest(organ.input, set(rule.inputs))}"
