"""What stands in the cells of a laboratory sheet, in words and numbers."""

from __future__ import annotations

from trialdesk.domain.rules.laboratory import LabResult
from trialdesk.domain.study.form import ItemDef
from trialdesk.domain.text import Text
from trialdesk.services.lab_figures import change, limits, number
from trialdesk.ui import look
from trialdesk.ui.grade_chip import grade_words

NOT_GRADED = Text(en="not graded", zh="不分级")
NO_RANGE = Text(en="not known", zh="不详")
FLAGS = {
    "low": Text(en="below normal", zh="低于参考范围"),
    "high": Text(en="above normal", zh="高于参考范围"),
    "normal": Text(en="normal", zh="正常"),
}


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
