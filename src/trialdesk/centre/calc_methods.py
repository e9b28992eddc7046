"""The estimators of the endpoints as methods of `trialdesk calc`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from trialdesk.centre import statistics
from trialdesk.domain.text import Text
from trialdesk.services.calc import Cells, Method, RowMethod, TableMethod
from trialdesk.services.calc_binding import numbers, reason
from trialdesk.services.calc_cells import column


def _number(value: float | None) -> str:
    return "" if value is None else repr(float(value))


def _day(value: float) -> str:
    return f"{value:g}" if value == int(value) else repr(value)


def _interval(cells: Cells) -> tuple[Mapping[str, str], Text]:
    k, n = cells["k"], cells["n"]
    if k is None or n is None:
        return {}, reason("k or n is missing.", "缺少 k 或 n。")
    if k != int(k) or n != int(n) or n < 1 or k > n:
        return {}, reason("k and n are whole numbers with 0 <= k <= n and n >= 1.", "k、n 须为整数，且 0≤k≤n，n≥1。")
    found = statistics.exact_interval(int(k), int(n))
    return dict(zip(("estimate", "lower", "upper"), map(_number, found), strict=True)), Text(en="", zh="")


def _strata(rows: Sequence[Cells], needed: str) -> dict[str, list[Cells]]:
    """Complete rows by stratum, in the order in which the strata first stand in the table."""
    found: dict[str, list[Cells]] = {}
    for row in rows:
        if row["time"] is not None and row[needed] is not None:
            found.setdefault(str(row["stratum"] or ""), []).append(row)
    return found


def _left_out(rows: Sequence[Cells], needed: str) -> str:
    count = sum(row["time"] is None or row[needed] is None for row in rows)
    return f"{count} rows without time or {needed} were left out." if count else ""


def _kaplan_meier(rows: Sequence[Cells]) -> Sequence[Mapping[str, str]]:
    results: list[dict[str, str]] = []
    for stratum, given in _strata(rows, "event").items():
        for step in statistics.kaplan_meier([float(r["time"]) for r in given], [bool(r["event"]) for r in given]):
            results.append(
                {
                    "stratum": stratum,
                    "time": _day(step.time),
                    "n_risk": str(step.n_risk),
                    "n_event": str(step.n_event),
                    "survival": _number(step.survival),
                    "lower": _number(step.lower),
                    "upper": _number(step.upper),
                    "why": "" if step.lower is not None else "no interval at 1 or 0",
                }
            )
    return _noted(results, _left_out(rows, "event"))


def _incidence(rows: Sequence[Cells]) -> Sequence[Mapping[str, str]]:
    results: list[dict[str, str]] = []
    for stratum, given in _strata(rows, "status").items():
        curve = statistics.cumulative_incidence([float(r["time"]) for r in given], [int(r["status"]) for r in given])
        results += [
            {
                "stratum": stratum,
                "time": _day(one.time),
                "cause": str(one.cause),
                "incidence": _number(one.incidence),
                "lower": _number(one.lower),
                "upper": _number(one.upper),
                "why": "" if one.lower is not None else "no interval at 0 or 1",
            }
            for one in curve
        ]
    return _noted(results, _left_out(rows, "status"))


def _noted(results: list[dict[str, str]], said: str) -> Sequence[Mapping[str, Any]]:
    if said and results:
        results[-1]["why"] = f"{results[-1]['why']} {said}".strip()
    return results


ENDPOINT_METHODS: dict[str, Method] = {
    one.name: one
    for one in (
        RowMethod(
            "endpoints.exact_interval",
            numbers("k n", "0"),
            ("estimate", "lower", "upper"),
            _interval,
            "Clopper and Pearson, Biometrika 1934;26:404-413; two-sided 95%",
        ),
        TableMethod(
            "endpoints.kaplan_meier",
            (*numbers("time", "0"), column("event", "logical"), column("stratum", "text")),
            ("stratum", "time", "n_risk", "n_event", "survival", "lower", "upper"),
            _kaplan_meier,
            "Kaplan and Meier, JASA 1958;53:457-481; Greenwood variance, log(-log) 95% limits; every distinct time",
        ),
        TableMethod(
            "endpoints.cumulative_incidence",
            (*numbers("time", "0"), column("status", "word", "0 1 2"), column("stratum", "text")),
            ("stratum", "time", "cause", "incidence", "lower", "upper"),
            _incidence,
            "Aalen and Johansen, Scand J Statist 1978;5:141-150; delta-method variance, log(-log) 95% limits; "
            "status 0 censored, 1 and 2 the causes",
        ),
    )
}
