"""Seriousness, deadlines and relatedness as methods of `trialdesk calc`."""

from __future__ import annotations

from trialdesk.domain.medicine import safety
from trialdesk.services.calc import Cells, Method, RowMethod
from trialdesk.services.calc_binding import Result, answered, lacking, logicals, reason
from trialdesk.services.calc_cells import column

E2A = "ICH E2A, sections II.B and III"
_RELATED = " ".join(f"{level}={level.lower()}" for level in safety.LEVELS)


def _deadlines(cells: Cells) -> Result:
    if cells["aware"] is None:
        return {}, reason("Not known: aware.", "未知：aware。")
    found = safety.deadlines(cells["aware"], cells["fatal_or_life_threatening"], cells["susar"])
    results = {
        "report_due": found.report.isoformat(timespec="minutes"),
        "susar_due": found.susar.isoformat() if found.susar else "",
        "full_report_due": found.full_report.isoformat() if found.full_report else "",
    }
    open_one = cells["susar"] is None
    return results, reason(
        "Whether it is a SUSAR is not known." if open_one else "", "是否为 SUSAR 未知。" if open_one else ""
    )


def _related(chemotherapy: str | None, dli: str | None, drug: str | None, related_from: str | None) -> str | None:
    return safety.any_related(chemotherapy, dli, drug, related_from)


def _emergent(cells: Cells) -> Result:
    onset = None if cells["onset"] is None else (cells["onset"], cells["onset"])
    found = safety.treatment_emergent(onset, cells["first_treatment"], cells["window_end"])
    if found is None:
        return {}, lacking(cells, ("onset", "first_treatment", "window_end")) or reason("Cannot be told.", "无法判定。")
    return {"treatment_emergent": found}, reason("", "")


SAFETY: tuple[Method, ...] = (
    RowMethod(
        "safety.serious",
        logicals("death life_threatening hospitalisation disability congenital_anomaly medically_important"),
        ("serious",),
        answered(
            "serious",
            safety.serious,
            "death life_threatening hospitalisation disability congenital_anomaly medically_important",
        ),
        "ICH E2A, section II.B",
    ),
    RowMethod(
        "safety.susar",
        (
            column("serious", "word", "Y=yes N=no"),
            column("expected", "word", "Y=yes N=no"),
            column("related", "word", "Y=yes N=no"),
        ),
        ("susar",),
        answered("susar", safety.susar, "serious expected related"),
        "ICH E2A, section III.A",
    ),
    RowMethod(
        "safety.deadlines",
        (column("aware", "moment"), *logicals("fatal_or_life_threatening susar")),
        ("report_due", "susar_due", "full_report_due"),
        _deadlines,
        f"{E2A}; 24 h is a study setting",
    ),
    RowMethod(
        "safety.related",
        (
            *(column(name, "word", _RELATED) for name in ("chemotherapy", "dli", "plerixafor")),
            column("related_from", "word", _RELATED),
        ),
        ("related",),
        answered("related", _related, "chemotherapy dli plerixafor related_from"),
        "Five-level scale; possible and above counts (study setting)",
    ),
    RowMethod(
        "safety.worsened",
        (column("grade", "whole", "", "0", "5"), column("baseline_grade", "whole", "", "0", "5")),
        ("worsened",),
        answered("worsened", safety.worsened, "grade baseline_grade"),
        "Study setting; CTCAE v5.0 has no rule",
    ),
    RowMethod(
        "safety.treatment_emergent",
        tuple(column(name, "date") for name in ("onset", "first_treatment", "window_end")),
        ("treatment_emergent",),
        _emergent,
        "NCT06141304, one month after treatment; both ends are study settings",
    ),
)
