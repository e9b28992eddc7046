"""All methods of `trialdesk calc` by name."""

from __future__ import annotations

from trialdesk.domain.medicine import ctcae
from trialdesk.services.calc import Cells, Method, RowMethod
from trialdesk.services.calc_binding import Result, logicals, numbers, reason
from trialdesk.services.calc_cells import Bounded, column
from trialdesk.services.calc_dosing import DOSING
from trialdesk.services.calc_gvhd import GVHD
from trialdesk.services.calc_leukaemia import RESPONSE
from trialdesk.services.calc_safety import SAFETY


def _ctcae(cells: Cells) -> Result:
    from trialdesk.services.ctcae_grading import criteria

    if cells["term"] is None:
        return {}, reason("The term is missing.", "缺少名称。")
    facts = ctcae.Facts(
        **{name: cells[name] for name in _FACTS},
        temperature_unit=cells["temperature_unit"] or "degC",
    )
    given = {name: cells[name] for name in _MEASURED}
    value = cells["value"]
    ends = (value.low, value.high) if isinstance(value, Bounded) else (value,)
    grades = [criteria().grade(cells["term"], end, facts=facts, **given) for end in ends]
    if len({one.grade for one in grades}) > 1:
        return {}, reason("The limit of the value leaves more than one grade open.", "该界限值对应多个可能的分级。")
    graded = grades[0]
    asks = " ".join(f"[{one.grade}] {one.words.en}" for one in graded.questions)
    asks_zh = "".join(f"[{one.grade}]{one.words.zh}" for one in graded.questions)
    why = reason(
        f"{graded.why.en} Ask: {asks}" if asks else graded.why.en,
        f"{graded.why.zh}需询问：{asks_zh}" if asks else graded.why.zh,
    )
    return {"grade": "" if graded.grade is None else str(graded.grade)}, why


_MEASURED = ("unit", "lln", "uln", "baseline", "baseline_status", "percent_change", "analyte")
_FACTS = (
    "symptomatic", "anticoagulated", "consequences", "intervention", "over_24_h", "adolescent", "diastolic",
    "diastolic_baseline", "temperature", "sustained_38",
)  # fmt: skip


CTCAE: tuple[Method, ...] = (
    RowMethod(
        "ctcae.grade",
        (
            column("term", "text"),
            column("value", "value", "", "0"),
            column("unit", "text"),
            *numbers("lln uln baseline"),
            column("baseline_status", "word", "normal=n=正常=within_normal_limits=wnl abnormal=a=异常"),
            column("percent_change", "number"),
            column("analyte", "text"),
            *logicals("symptomatic anticoagulated consequences intervention over_24_h adolescent sustained_38"),
            *numbers("diastolic diastolic_baseline temperature"),
            column("temperature_unit", "text"),
        ),
        ("grade",),
        _ctcae,
        ctcae.SOURCE,
    ),
)

METHODS: dict[str, Method] = {one.name: one for one in (*CTCAE, *GVHD, *RESPONSE, *DOSING, *SAFETY)}
"""Every method by name; a caller may add methods of its own, such as estimates over a whole table."""
