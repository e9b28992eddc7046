"""Looking a whole study over before anyone works with it: every problem at once, with file, line and nearest name."""

from __future__ import annotations

from collections.abc import Iterator

from trialdesk.domain.rules.example import WrongExample, run_example
from trialdesk.domain.rules.expression import Expression, NotAnExpression, compile_expression
from trialdesk.domain.rules.functions import Terminology
from trialdesk.domain.rules.laboratory_check import laboratory_problems
from trialdesk.domain.rules.lookup import look_up
from trialdesk.domain.rules.monitoring_check import monitoring_problems
from trialdesk.domain.rules.rulebook import Rulebook, published, rule_parts
from trialdesk.domain.rules.sdtm_check import sdtm_problems
from trialdesk.domain.rules.sheet_check import sheet_problems
from trialdesk.domain.study.reading import Place, Problem, Sources, StudyUnreadable, nearest, read_study
from trialdesk.domain.study.rule import ConditionRule, MethodRule, Rule, WindowRule
from trialdesk.domain.study.study import Study
from trialdesk.domain.study.study_event import AnchorChoice, Timing


def check_study(sources: Sources, terminology: Terminology | None = None) -> list[Problem]:
    """Every problem of a study: unreadable parts, unknown or doubled names, circles, examples that do not hold."""
    try:
        study = read_study(sources)
    except StudyUnreadable as fault:
        return fault.problems
    found = (
        *_names(study),
        *_schedule(study),
        *_rules(study),
        *sheet_problems(study),
        *laboratory_problems(study),
        *sdtm_problems(study),
        *monitoring_problems(study),
    )
    problems = [sources.problem(place, says) for place, says in found]
    if not problems:
        problems = [sources.problem(place, says) for place, says in _examples(study, terminology)]
    return problems


def _names(study: Study) -> Iterator[tuple[Place, str]]:
    for kind, names in (
        ("events", [e.oid for e in study.events]),
        ("forms", [f.oid for f in study.forms]),
        ("codelists", [c.oid for c in study.codelists]),
        ("parameters", [p.name for p in study.parameters]),
        ("rules", [r.id for r in study.rules]),
    ):
        for index, name in enumerate(names):
            if name in names[:index]:
                yield (kind, index), f"{name} is used twice; each name stands once"
    for index, codelist in enumerate(study.codelists):
        codes = [one.code for one in codelist.items]
        for number, code in enumerate(codes):
            if code in codes[:number]:
                yield ("codelists", index, "items", number), f"{codelist.oid} has the code {code} twice"
    seen: dict[str, str] = {}
    for f, form in enumerate(study.forms):
        for g, group in enumerate(form.groups):
            for i, item in enumerate(group.items):
                place: Place = ("forms", f, "groups", g, "items", i)
                if item.name in seen:
                    yield place, f"item {item.name} stands on {seen[item.name]} already; item names are unique"
                seen[item.name] = form.oid
                if not item.name.isupper():
                    yield place, f"item {item.name} must be in capitals, as rules read it"
                if item.kind == "code" and item.codelist not in study.codelist:
                    hint = nearest(item.codelist or "", set(study.codelist))
                    yield place, f"item {item.name} names no known code list ({item.codelist}){hint}"


def _schedule(study: Study) -> Iterator[tuple[Place, str]]:
    for index, event in enumerate(study.events):
        for position, form in enumerate(event.forms):
            if form not in study.form:
                yield ("events", index, "forms", position), f"no form {form}{nearest(form, set(study.form))}"
        for name in (event.date_item, *_anchors(event.due)):
            if name and name not in study.place:
                yield ("events", index), f"no item {name}{nearest(name, set(study.place))}"
        if event.when:
            yield from ((("events", index, "when"), says) for says in _when_problems(study, event.when))
        if event.due:
            yield from _choice_problems(study, ("events", index, "due"), event.due.after)
            if event.due.rule is not None and event.due.rule not in study.rule:
                yield ("events", index, "due"), f"no rule {event.due.rule}{nearest(event.due.rule, set(study.rule))}"
            for amount in (event.due.days, event.due.months, event.due.pre_window, event.due.post_window):
                if isinstance(amount, str) and amount not in study.parameter:
                    yield ("events", index, "due"), f"no parameter {amount}{nearest(amount, set(study.parameter))}"
    asked = {form for event in study.events for form in event.forms}
    for index, form_def in enumerate(study.forms):
        if form_def.oid not in asked:
            yield ("forms", index), f"form {form_def.oid} is asked at no event; add it to one in events.yaml"
    marks = [*study.landmarks.model_dump().values(), *([study.next_round.item] if study.next_round else [])]
    for name in marks:
        if name not in study.place:
            yield ("landmarks",), f"no item {name}{nearest(name, set(study.place))}"
    for name in study.safety_report.items() if study.safety_report else ():
        if name not in study.place:
            yield ("safety_report",), f"no item {name}{nearest(name, set(study.place))}"
    if study.safety_report and study.safety_report.form not in study.form:
        yield ("safety_report",), f"no form {study.safety_report.form}"
    if study.endpoints:
        for name in study.endpoints.items():
            if name not in study.place:
                yield ("endpoints",), f"no item {name}{nearest(name, set(study.place))}"
        for name in study.endpoints.parameters():
            if name not in study.parameter:
                yield ("endpoints",), f"no parameter {name}{nearest(name, set(study.parameter))}"
    yield from _event_items(study)
    if study.baseline_event not in study.event:
        yield ("baseline_event",), f"no event {study.baseline_event}{nearest(study.baseline_event, set(study.event))}"


def _anchors(due: Timing | None) -> tuple[str, ...]:
    """Every item a visit may be counted from."""
    if due is None:
        return ()
    return (due.after,) if isinstance(due.after, str) else tuple(due.after.choices.values())


def _choice_problems(study: Study, place: Place, after: str | AnchorChoice) -> Iterator[tuple[Place, str]]:
    if isinstance(after, str):
        return
    setting = study.parameter.get(after.setting)
    if setting is None:
        yield place, f"no parameter {after.setting}{nearest(after.setting, set(study.parameter))}"
    elif str(setting.value) not in after.choices:
        at = study.parameters.index(setting)
        known = ", ".join(after.choices)
        yield ("parameters", at), f"parameter {after.setting} is {setting.value}; the visit knows {known} only"


def _event_items(study: Study) -> Iterator[tuple[Place, str]]:
    """Items that adverse events and terms lean on."""
    items = study.adverse_events
    parts = items.model_dump(exclude={"form", "onsets"}, exclude_none=True) if items else {}
    for name in (*parts.values(), *(items.onsets if items else ())):
        if name not in study.place:
            yield ("adverse_events",), f"no item {name}{nearest(name, set(study.place))}"
    for number, form in enumerate(study.forms):
        for group in form.groups:
            for item in group.items:
                for name in (*item.pick_from, *((item.graded_by,) if item.graded_by else ())):
                    if name not in study.place:
                        yield ("forms", number), f"{item.name}: no item {name}{nearest(name, set(study.place))}"


def _when_problems(study: Study, text: str) -> Iterator[str]:
    try:
        part = compile_expression(text)
    except NotAnExpression as fault:
        yield str(fault)
        return
    yield from _unknown_names(study, part)


def _unknown_names(study: Study, part: Expression) -> Iterator[str]:
    for name in sorted(part.reads - set(study.place)):
        yield f"no item {name}{nearest(name, set(study.place))}"
    for name in sorted(part.names - set(study.parameter)):
        yield f"no parameter {name}{nearest(name, set(study.parameter))}"


def _rules(study: Study) -> Iterator[tuple[Place, str]]:
    reads: dict[str, frozenset[str]] = {}
    for index, rule in enumerate(study.rules):
        compiled: dict[str, Expression] = {}
        for field, text in rule_parts(rule).items():
            try:
                compiled[field] = compile_expression(text)
            except NotAnExpression as fault:
                yield ("rules", index, field), f"{rule.id}: {fault}"
        for target, place in _targets(study, rule):
            yield from (
                ((("rules", index, place), f"{rule.id}: {says}")) for says in _target_problems(study, target, place)
            )
        for field, part in compiled.items():
            yield from ((("rules", index, field), f"{rule.id}: {says}") for says in _part_problems(study, rule, part))
        yield from ((("rules", index), f"{rule.id}: {says}") for says in _rule_problems(study, rule))
        if isinstance(rule, MethodRule):
            reads[rule.item] = frozenset().union(*(part.reads for part in compiled.values()))
    for index, rule in enumerate(study.rules):
        if isinstance(rule, MethodRule) and _circles(rule.item, reads):
            yield ("rules", index), f"{rule.id}: {rule.item} depends on itself in a circle"


def _targets(study: Study, rule: Rule) -> list[tuple[str, str]]:
    if isinstance(rule, ConditionRule):
        return [(name, "items") for name in rule.items] + [(name, "groups") for name in rule.groups]
    return [(rule.item, "item")]


def _target_problems(study: Study, target: str, place: str) -> Iterator[str]:
    groups = {group.oid for form in study.forms for group in form.groups}
    known = groups if place == "groups" else set(study.place)
    if target not in known:
        yield f"no {'group' if place == 'groups' else 'item'} {target}{nearest(target, known)}"


def _part_problems(study: Study, rule: Rule, part: Expression) -> Iterator[str]:
    yield from _unknown_names(study, part)
    for name in sorted(part.items & set(study.place)):
        for home in _homes(study, rule):
            form, group, _ = study.place[home]
            for event in study.events_of_form[form.oid]:
                if look_up(study, event.oid, form.oid, group.oid, name).reach == "ambiguous":
                    yield f"{name} is asked at several places seen from {event.oid}; write latest({name}) or the like"
                    return


def _homes(study: Study, rule: Rule) -> list[str]:
    if isinstance(rule, ConditionRule):
        in_groups = [i.name for f in study.forms for g in f.groups if g.oid in rule.groups for i in g.items]
        return [name for name in (*rule.items, *in_groups) if name in study.place]
    return [rule.item] if rule.item in study.place else []


def _rule_problems(study: Study, rule: Rule) -> Iterator[str]:
    if isinstance(rule, WindowRule):
        for amount in (rule.target, rule.pre_window, rule.post_window):
            if isinstance(amount, str) and amount not in study.parameter:
                yield f"no parameter {amount}{nearest(amount, set(study.parameter))}"
    if isinstance(rule, MethodRule):
        if (rule.value is None) == (rule.method is None):
            yield "a method needs either `value` or `method`, not both"
        if rule.method is not None:
            try:
                published(rule.method)
            except KeyError:
                from trialdesk.domain.medicine.registry import METHODS

                yield f"no published method {rule.method}{nearest(rule.method, set(METHODS))}"
        if rule.item in study.place and not study.item(rule.item).derived:
            yield f"{rule.item} must say `derived: yes`, since a rule computes it"
    siblings = [one for one in study.rules if rule.template and one.template == rule.template]
    if not rule.examples and not any(one.examples for one in siblings):
        yield "it has no examples; give at least one on each side of its boundary"


def _circles(start: str, reads: dict[str, frozenset[str]]) -> bool:
    seen: set[str] = set()
    waiting = set(reads.get(start, frozenset()))
    while waiting:
        one = waiting.pop()
        if one == start:
            return True
        if one not in seen:
            seen.add(one)
            waiting |= reads.get(one, frozenset())
    return False


def _examples(study: Study, terminology: Terminology | None) -> Iterator[tuple[Place, str]]:
    book = Rulebook(study, terminology)
    for index, rule in enumerate(study.rules):
        for position, example in enumerate(rule.examples):
            place: Place = ("rules", index, "examples", position)
            try:
                result = run_example(book, rule, example)
            except (WrongExample, ValueError, KeyError) as fault:
                yield place, f"{rule.id}: the example cannot be set up: {fault}"
                continue
            if result.expect != example.expect:
                yield place, f"{rule.id}: the example expects {example.expect!r}, the rule gives {result.expect!r}"
            elif example.days_outside is not None and result.days_outside != example.days_outside:
                yield place, f"{rule.id}: expects {example.days_outside} days outside, gives {result.days_outside}"
