"""What the rules say beside one answer: missing, out of range, out of window, failed checks, unmet criteria."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from trialdesk.domain.oid import ItemPath
from trialdesk.domain.rules.finding import Finding
from trialdesk.domain.rules.rulebook import CompiledRule, Rulebook
from trialdesk.domain.rules.scope import PlaceScope
from trialdesk.domain.rules.values import UNKNOWN, Value, ends, item_value
from trialdesk.domain.rules.windows import outside_text, window_of_event, window_of_rule
from trialdesk.domain.study.form import ItemDef
from trialdesk.domain.study.rule import CheckRule, EligibilityRule, WindowRule
from trialdesk.domain.text import Text

MISSING = "MISSING"
RANGE = "RANGE"
FUTURE = "DATE-FUTURE"
DISPUTED = "DISPUTED"


def findings_at(book: Rulebook, scope: PlaceScope, item: ItemDef, path: ItemPath) -> Iterator[Finding]:
    """Every remark beside one question that is being asked now."""
    recorded = scope.data.items.get(path)
    if recorded is not None and recorded.disputed:
        yield _disputed(path)
    empty = recorded is None or (recorded.value is None and recorded.missing is None and not recorded.disputed)
    if empty and not item.optional and not item.derived:
        yield Finding(MISSING, path, "missing", Text(en="Needed before completion.", zh="完成前必填。"))
    if recorded is not None and recorded.value is not None:
        yield from _of_value(scope, item, path)
    event = book.study.event.get(path.event)
    # In a table of days (ten injections) the visit's own day is the first row's.
    first = path.group_repeat == 1
    dated = event is not None and event.date_item == item.name and event.due is not None and event.due.rule is None
    if dated and first:
        yield from _of_visit(book, scope, path)
    for compiled in book.checks.get(item.name, ()):
        yield from _of_rule(book, compiled, scope, path)


def _disputed(path: ItemPath) -> Finding:
    says = Text(
        en="Two workstations gave different values; choose the right one and say why.",
        zh="两台电脑录入的值不同，请选定正确的值并说明原因。",
    )
    return Finding(DISPUTED, path, "hard", says)


def _of_value(scope: PlaceScope, item: ItemDef, path: ItemPath) -> Iterator[Finding]:
    recorded = scope.data.items[path]
    value = item_value(item, recorded.value, recorded.unit)
    if value is UNKNOWN:
        return
    limits = item.range
    if limits is not None and isinstance(value, Decimal):
        low = limits.min is not None and value < limits.min
        high = limits.max is not None and value > limits.max
        if low or high:
            expected = (
                f"{'' if limits.min is None else f'{limits.min:f}'}～{'' if limits.max is None else f'{limits.max:f}'}"
            )
            says = Text(
                en="{value}{unit} is outside the expected {range}{unit}; check the number and its decimal point.",
                zh="{value}{unit} 超出预期范围 {range}{unit}，请核对数值与小数点。",
            ).format(value=recorded.value, unit=f" {item.unit}" if item.unit else "", range=expected)
            yield Finding(f"{RANGE}-{item.name}", path, limits.outside, says)
    if item.kind in ("date", "partial_date") and not item.derived and ends(value)[0] > scope.today:
        says = Text(en="The date is later than today; check it.", zh="日期晚于今天，请核对。")
        yield Finding(FUTURE, path, "soft", says)


def _of_visit(book: Rulebook, scope: PlaceScope, path: ItemPath) -> Iterator[Finding]:
    event = book.study.event[path.event]
    assert event.due is not None
    window = window_of_event(book, event.due, scope_anchor(scope, book.study.anchor(event.due)))
    outside = window.days_outside(scope.read(path)) if window else None
    if window is not None and outside:
        yield Finding(
            f"VIS-{event.oid}",
            path,
            "soft",
            outside_text(window, outside),
            protocol=Text(en="{label}: target day {target}.", zh="{label}：目标日 {target}。").format(
                label=event.label, target=window.target.isoformat()
            ),
            source="visit schedule",
            setting=True,
            deviation=True,
        )


def scope_anchor(scope: PlaceScope, name: str) -> Value:
    """The anchor date of a visit: the bare item where the plan makes it plain, otherwise the first one recorded."""
    path = scope.path(name)
    return scope.read(path) if path is not None else scope.call("first", name, ())


def _of_rule(book: Rulebook, compiled: CompiledRule, scope: PlaceScope, path: ItemPath) -> Iterator[Finding]:
    rule = compiled.rule
    if isinstance(rule, WindowRule):
        window = window_of_rule(book, compiled, scope)
        outside = window.days_outside(compiled.parts["item"].run(scope)) if window else None
        if window is not None and outside:
            yield _finding(rule, path, rule.outside, outside_text(window, outside), deviation=True)
    elif isinstance(rule, CheckRule):
        if "when" in compiled.parts and compiled.parts["when"].run(scope) is not True:
            return
        answer = compiled.parts["expect"].run(scope)
        if answer is False:
            yield _finding(rule, path, rule.severity, rule.says, deviation=rule.deviation)
        elif answer is UNKNOWN and rule.asks is not None:
            yield _finding(rule, path, "soft", rule.asks)
    elif isinstance(rule, EligibilityRule) and compiled.parts["expect"].run(scope) is False:
        yield _finding(rule, path, "soft", rule.says, deviation=True)


def _finding(
    rule: WindowRule | CheckRule | EligibilityRule,
    path: ItemPath,
    severity: str,
    says: Text,
    deviation: bool = False,
) -> Finding:
    level = "hard" if severity == "hard" else "soft"
    return Finding(rule.id, path, level, says, rule.protocol, rule.source, rule.setting, deviation)  # type: ignore[arg-type]
