"""Doses and the calendar of a round as methods of `trialdesk calc`."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from trialdesk.domain.medicine import infusion, plerixafor, renal, schedule
from trialdesk.domain.medicine.units import canonical
from trialdesk.services.calc import Cells, Method, RowMethod
from trialdesk.services.calc_binding import Result, answered, lacking, numbers, reason
from trialdesk.services.calc_cells import column

LABEL = (
    "US label of plerixafor: 0.24 mg/kg, 20 mg/mL, 40 mg a day (27 mg at CrCl <= 50 mL/min); twice a day NCT06141304"
)


def _dose(cells: Cells) -> Result:
    without = lacking(cells, ("weight_kg", "crcl_ml_min", "mg_per_kg"))
    if without:
        return {}, without
    found = plerixafor.dose(cells["weight_kg"], cells["crcl_ml_min"], cells["mg_per_kg"], cells["cap_mg"])
    en, zh = [], []
    if found.capped:
        en.append("Capped for one injection.")
        zh.append("已按单次上限。")
    if found.above_label:
        en.append(f"The day is above the label's {found.label_cap} mg.")
        zh.append(f"日总剂量超过说明书上限 {found.label_cap} mg。")
    if cells["crcl_ml_min"] <= plerixafor.RENAL_LIMIT and cells["mg_per_kg"] > Decimal("0.16"):
        en.append("The label gives 0.16 mg/kg at this clearance.")
        zh.append("此肌酐清除率下说明书剂量为 0.16 mg/kg。")
    if cells["crcl_ml_min"] < plerixafor.NO_DATA_BELOW:
        en.append("No data below 20 mL/min.")
        zh.append("肌酐清除率低于 20 mL/min 无数据。")
    results = {
        "dose_mg": plerixafor.rounded(found.mg, 2),
        "volume_ml": plerixafor.rounded(found.ml, 3),
        "daily_mg": plerixafor.rounded(found.daily_mg, 2),
        "exceeds_label_daily_cap": "Y" if found.above_label else "N",
    }
    return results, reason(" ".join(en), "".join(zh))


def _clearance(cells: Cells) -> Result:
    without = lacking(cells, ("age", "weight_kg", "sex", "creatinine", "creatinine_unit"))
    if without:
        return {}, without
    unit = canonical(cells["creatinine_unit"])
    if unit not in ("umol/l", "mg/dl"):
        return {}, reason("The unit of creatinine must be umol/L or mg/dL.", "肌酐单位须为 μmol/L 或 mg/dL。")
    creatinine = cells["creatinine"] * (renal.UMOL_PER_MG_DL if unit == "mg/dl" else 1)
    found = renal.cockcroft_gault(cells["age"], cells["weight_kg"], creatinine, cells["sex"])
    if found is None:
        return {}, reason("Creatinine must be above 0.", "肌酐须大于 0。")
    return {"crcl_ml_min": plerixafor.rounded(found, 2)}, reason("", "")


def _round(cells: Cells) -> Result:
    anchor: Literal["END", "START"] = "START" if cells["anchor"] == "START" else "END"
    days = schedule.Days(months=cells["months"] == "calendar")
    found = schedule.round_days(cells["last_chemo_date"], cells["first_chemo_date"], anchor, days)
    if found is None:
        name = "last_chemo_date" if anchor == "END" else "first_chemo_date"
        return {}, reason(f"Not known: {name}.", f"未知：{name}。")
    results = {
        "dli_date": found.dli.isoformat(),
        "plerixafor_day1": found.plerixafor_day1.isoformat(),
        "plerixafor_day5": found.plerixafor_last_day.isoformat(),
        "injections": str(found.injections),
        "trae_window_end": found.trae_window_end.isoformat(),
        "response_date": found.response.isoformat(),
    }
    return results, reason("", "")


DOSING: tuple[Method, ...] = (
    RowMethod(
        "plerixafor.dose",
        (
            *numbers("weight_kg", "1", "400"),
            *numbers("crcl_ml_min", "0", "400"),
            *numbers("mg_per_kg", "0.01", "2"),
            *numbers("cap_mg", "1", "400"),
        ),
        ("dose_mg", "volume_ml", "daily_mg", "exceeds_label_daily_cap"),
        _dose,
        LABEL,
    ),
    RowMethod(
        "renal.cockcroft_gault",
        (
            *numbers("age", "1", "120"),
            *numbers("weight_kg", "1", "400"),
            column("sex", "word", "M=male=男 F=female=女"),
            *numbers("creatinine"),
            column("creatinine_unit", "text"),
        ),
        ("crcl_ml_min",),
        _clearance,
        "Cockcroft and Gault, Nephron 1976;16:31-41",
    ),
    RowMethod(
        "dli.cd3_dose",
        numbers("million_per_kg"),
        ("plausible",),
        answered("plausible", infusion.cd3_dose, "million_per_kg"),
        "Published DLI doses; the range is a study setting",
    ),
    RowMethod(
        "schedule.round",
        (
            column("last_chemo_date", "date"),
            column("first_chemo_date", "date"),
            column("anchor", "word", "END=last START=first"),
            column("months", "word", "fixed=days calendar"),
        ),
        ("dli_date", "plerixafor_day1", "plerixafor_day5", "injections", "trae_window_end", "response_date"),
        _round,
        "NCT06141304, arm description; anchor, 30 and 90 days are study settings",
    ),
)
