"""What stands in the cells of a laboratory sheet, in words and numbers."""

from __future__ import annotations

from decimal import Decimal

from trialdesk.domain.rules.laboratory import LabResult
from trialdesk.domain.study.form import ItemDef
from trialdesk.domain.text import Text
from trialdesk.ui import look
from trialdesk.ui.grade_chip import grade_words

NOT_GRADED = Text(en="not graded", zh="不分级")
NO_RANGE = Text(en="not known", zh="不详")
FLAGS = {
    "low": Text(en="below normal", zh="低于参考范围"),
    "high": Text(en="above normal", zh="高于参考范围"),
    "normal": Text(en="normal", zh="正常"),
}


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


def earlier(result: LabResult, item: ItemDef) -> tuple[str, str]:
    """An earlier value in the item's own unit, and its grade or arrow."""
    if result.si is None:
        return ("", "")
    shown = result.text if result.unit == (item.unit or "") else number(result.si, item.digits)
    top = result.top
    if top is not None and top.now:
        return shown, f"G{top.now}"
    return shown, {"low": "↓", "high": "↑"}.get(result.flag or "", "")


def grade_text(result: LabResult) -> Text:
    """The word of the grade; a value without a term of CTCAE is not graded."""
    if not result.gradable:
        return NOT_GRADED
    return grade_words(result.top.now if result.top else None)


def spoken(result: LabResult, item: ItemDef) -> str:
    """Everything of a row that is painted and not written, for a reader."""
    bits = [result.unit, limits(result)]
    if result.flag:
        bits.append(look.first(FLAGS[result.flag]))
    if result.value is not None:
        bits += [change(result, item), look.first(grade_text(result))]
    return ", ".join(bit for bit in bits if bit)
