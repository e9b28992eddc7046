"""The help page of a field, made from the study itself: what is asked, how to answer, what the protocol says, the rules."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.domain.study.form import ItemDef
from trialdesk.domain.study.parameter import Parameter
from trialdesk.domain.study.rule import CheckRule, ConditionRule, EligibilityRule, MethodRule, Rule, WindowRule
from trialdesk.domain.text import Text

_HOW: dict[str, Text] = {
    "text": Text(en="Write in words.", zh="填写文字。"),
    "long_text": Text(en="Write in words; Tab leaves the box.", zh="填写文字，按 Tab 离开。"),
    "integer": Text(en="A whole number.", zh="填写整数。"),
    "float": Text(en="A number; write it as the slip has it.", zh="填写数值，按报告单原样录入。"),
    "date": Text(
        en="A whole date: 3/3, t for today, v for the day of the visit.", zh="填写完整日期：3/3，t 为今天，v 为访视日。"
    ),
    "partial_date": Text(
        en="A date; write UN for a day or month that is not known: UN/3/2026.",
        zh="填写日期；日或月不详时写 UN，如 UN/3/2026。",
    ),
    "time": Text(en="A time of day: 930 or 9:30.", zh="填写时间：930 或 9:30。"),
    "datetime": Text(en="Date and time.", zh="填写日期和时间。"),
    "code": Text(en="Choose; the digit chooses at once.", zh="选择一项，可按数字键。"),
    "term": Text(en="Type Chinese, English or pinyin and choose the term.", zh="输入中文、英文或拼音，选择术语。"),
}
_KINDS: tuple[tuple[type, Text], ...] = (
    (WindowRule, Text(en="window", zh="时间窗")),
    (CheckRule, Text(en="check", zh="核查")),
    (ConditionRule, Text(en="asked when", zh="填写条件")),
    (MethodRule, Text(en="computed", zh="自动计算")),
    (EligibilityRule, Text(en="eligibility", zh="入排标准")),
)
NOT_KNOWN = Text(
    en="Not known? F8 says why: not done, unknown, not applicable.", zh="无法获得时按 F8，说明未做、不详或不适用。"
)


@dataclass(frozen=True)
class HelpRule:
    """A rule that speaks at this field: id, what kind, its sentence, the protocol's sentence, source, study setting."""

    id: str
    kind: Text
    says: Text
    protocol: Text
    source: str
    setting: bool
    published: str | None = None


@dataclass(frozen=True)
class HelpPage:
    """Everything there is to know about one field."""

    item: ItemDef
    place: Text
    how: Text
    limits: Text | None
    units: tuple[str, ...]
    options: tuple[Text, ...]
    rules: tuple[HelpRule, ...]
    settings: tuple[Parameter, ...]


def help_page(book: Rulebook, name: str) -> HelpPage:
    """The help page of an item; raises KeyError for an item the study lacks."""
    study = book.study
    form, group, item = study.place[name]
    rules = [rule for rule in study.rules if name in _targets(rule, group.oid)]
    used: set[str] = set()
    for rule in rules:
        used |= _parameters(book, rule, name)
    return HelpPage(
        item=item,
        place=Text(en="{form}, {group}", zh="{form}，{group}").format(form=form.label, group=group.label),
        how=Text(en="Computed; it cannot be typed.", zh="系统自动计算，不能录入。")
        if item.derived
        else _HOW[item.kind],
        limits=_limits(item),
        units=tuple(unit for unit in (item.unit, *(choice.unit for choice in item.units)) if unit),
        options=tuple(one.label for one in study.codelist[item.codelist].items) if item.codelist else (),
        rules=tuple(_rule(rule) for rule in rules),
        settings=tuple(parameter for parameter in study.parameters if parameter.name in used),
    )


def _targets(rule: Rule, group: str) -> tuple[str, ...]:
    """The items a rule speaks at; a condition on a whole section speaks at each of its items."""
    if isinstance(rule, ConditionRule):
        return rule.items
    return (rule.item,)


def _rule(rule: Rule) -> HelpRule:
    kind = next(words for kind, words in _KINDS if isinstance(rule, kind))
    published = None
    if isinstance(rule, MethodRule) and rule.method is not None:
        from trialdesk.domain.medicine.registry import METHODS

        published = METHODS[rule.method].source
    says = rule.because if isinstance(rule, ConditionRule) else rule.says
    return HelpRule(rule.id, kind, says, rule.protocol, rule.source, rule.setting, published)


def _parameters(book: Rulebook, rule: Rule, name: str) -> set[str]:
    """Names of the study's settings that a rule rests on."""
    compiled = [*book.checks.get(name, ()), *book.conditions.get(name, ())]
    method = book.method_of.get(name)
    parts = [part for one in compiled if one.rule is rule for part in one.parts.values()]
    if method is not None and method.rule is rule:
        parts += method.parts.values()
    names = {found for part in parts for found in part.names}
    if isinstance(rule, WindowRule):
        names |= {amount for amount in (rule.target, rule.pre_window, rule.post_window) if isinstance(amount, str)}
    return names


def _limits(item: ItemDef) -> Text | None:
    if item.range is None:
        return None
    low, high = item.range.min, item.range.max
    wording = {
        (True, True): Text(en="Expected {low} to {high} {unit}", zh="预期范围 {low}～{high} {unit}"),
        (True, False): Text(en="Expected at least {low} {unit}", zh="预期不低于 {low} {unit}"),
        (False, True): Text(en="Expected at most {high} {unit}", zh="预期不高于 {high} {unit}"),
    }.get((low is not None, high is not None))
    if wording is None:
        return None
    beyond = (
        Text(en="; beyond it a correction is needed", zh="，超出须更正")
        if item.range.outside == "hard"
        else Text(en="; beyond it a reason is asked", zh="，超出须说明")
    )
    said = wording.format(low=_plain(low), high=_plain(high), unit=item.unit or "")
    return Text(en=f"{said.en.strip()}{beyond.en}", zh=f"{said.zh.strip()}{beyond.zh}")


def _plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}"
