"""Response of leukaemia as methods of `trialdesk calc`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from trialdesk.domain.medicine import response
from trialdesk.services.calc import Cells, Method, RowMethod, TableMethod
from trialdesk.services.calc_binding import answered, logicals, numbers, told
from trialdesk.services.calc_cells import column

_RESPONSE = "CR CRh CRi MLFS PR NR NE RELAPSE"
_BLASTS = (
    *numbers("marrow_blasts_pct pretreatment_blasts_pct", "0", "100"),
    column("circulating_blasts", "amount_or_logical"),
    column("extramedullary", "logical"),
    *numbers("anc platelets"),
    column("marrow_adequate", "logical"),
)
_BLAST_NAMES = " ".join(one.name for one in _BLASTS)


def _best(rows: Sequence[Cells]) -> Sequence[Mapping[str, str]]:
    found: dict[str, list[Cells]] = {}
    for row in rows:
        if row["participant"] is not None:
            found.setdefault(row["participant"], []).append(row)
    results = []
    for participant, given in found.items():
        known = [(row["date"], row["response"]) for row in given if row["response"] is not None]
        best = response.best_in_window(known, given[0]["window_start"], given[0]["window_end"])
        results.append(
            {"participant": participant, "best_response": best or "", "assessments": str(len(known)),
             "why": "" if best else "No response is known in the window."}
        )  # fmt: skip
    return results


RESPONSE: tuple[Method, ...] = (
    RowMethod(
        "response.aml",
        (*_BLASTS, column("after_remission", "logical")),
        ("response",),
        told("response", response.aml, f"{_BLAST_NAMES} after_remission"),
        "Doehner et al., ELN 2022, Blood 2022;140:1345-1377",
    ),
    RowMethod(
        "response.all",
        (*_BLASTS, *logicals("blood_halved extramedullary_halved after_remission")),
        ("response",),
        told("response", response.all_leukaemia, f"{_BLAST_NAMES} blood_halved extramedullary_halved after_remission"),
        "NCI/ASBMT 2010 (PMC7272718, table 4)",
    ),
    RowMethod(
        "response.relapse",
        (
            column("after_remission", "logical"),
            *numbers("marrow_blasts_pct", "0", "100"),
            column("circulating_blasts", "amount_or_logical"),
            column("new_extramedullary", "logical"),
        ),
        ("relapse",),
        answered(
            "relapse", response.relapse, "after_remission marrow_blasts_pct circulating_blasts new_extramedullary"
        ),
        "Chinese consensus 2016 (PMC7364870); ELN 2022",
    ),
    RowMethod(
        "response.round_2",
        (
            column("response", "word", _RESPONSE),
            column("mrd", "word", "POS=positive=阳性 NEG=negative=阴性"),
            column("active_acute_grade", "word", "0 I=1 II=2 III=3 IV=4"),
            column("relapsed", "logical"),
        ),
        ("round_2",),
        answered("round_2", response.round_2, "response mrd active_acute_grade relapsed"),
        "NCT06141304, arm description; GVHD and relapse are study settings",
    ),
    TableMethod(
        "response.best",
        (
            column("participant", "text"),
            column("response", "word", _RESPONSE),
            *(column(name, "date") for name in ("date", "window_start", "window_end")),
        ),
        ("participant", "best_response", "assessments"),
        _best,
        "Study setting: CR > CRh > CRi > MLFS > PR > NR > NE",
    ),
)
