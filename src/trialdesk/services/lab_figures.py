"""Figures of a laboratory result as they are written on screen and paper: limits, change, signs, the grade in a line."""

from __future__ import annotations

from decimal import Decimal

from trialdesk.domain.rules.laboratory import LabResult
from trialdesk.domain.study.form import ItemDef
from trialdesk.domain.text import Text
from trialdesk.services.terminology import rule_terminology


def number(value: Decimal, digits: int | None, sign: bool = False) -> str:
    """A number with the item's digits, its sign drawn as on paper."""
    shown = f"{round(value, digits):f}" if digits is not None else f"{value.normalize():f}"
    if sign and value > 0:
        shown = f"+{shown}"
    return shown.replace("-", "−")


def limits(result: LabResult) -> str:
    """The normal range in the unit of the value, or of the item while there is no value."""
    if result.low is None and result.high is None:
        return ""
    low, high = (None if one is None else _short(one) for one in (result.low, result.high))
    if low is None:
        return f"≤{high}"
    return f"≥{low}" if high is None else f"{low}–{high}"


def _short(value: Decimal) -> str:
    """A limit as printed on a slip; a converted one is rounded to three places at most."""
    shown = f"{round(value, 3):f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def change(result: LabResult, item: ItemDef) -> str:
    """The change from baseline in the item's own unit, and in percent."""
    if result.change is None:
        return ""
    if result.change == 0:
        return number(Decimal(0), item.digits)
    percent = f" ({number(Decimal(round(result.percent)), 0, sign=True)}%)" if result.percent is not None else ""
    return number(result.change, item.digits, sign=True) + percent


def in_a_line(result: LabResult, item: ItemDef) -> Text | None:
    """Arrow, value in the study's own unit, change from baseline and grade with its version; None without a value."""
    if result.value is None or result.si is None:
        return None
    en, zh = [], []
    arrow = {"low": "↓", "high": "↑"}.get(result.flag or "")
    if arrow:
        en.append(arrow)
        zh.append(arrow)
    if result.unit != (item.unit or ""):
        own = f"= {number(result.si, item.digits)} {item.unit or ''}".strip()
        en.append(own)
        zh.append(own)
    if result.change:
        en.append(f"from baseline {change(result, item)}")
        zh.append(f"较基线 {change(result, item)}")
    top = result.top
    if top is not None and top.now:
        before = "" if top.baseline is None else f", baseline {top.baseline}"
        earlier = "" if top.baseline is None else f"，基线 {top.baseline} 级"
        en.append(f"{top.term}: grade {top.now} (CTCAE v5.0{before})")
        zh.append(f"{_chinese(top.term)} {top.now} 级（CTCAE 5.0{earlier}）")
    return Text(en="; ".join(en), zh="；".join(zh)) if en else None


def _chinese(term: str) -> str:
    found = rule_terminology().find(term)
    return found.zh if found and found.zh else term
