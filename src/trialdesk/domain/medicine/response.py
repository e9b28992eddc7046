"""Response of acute leukaemia: AML by ELN 2022, ALL by NCI/ASBMT 2010, relapse, best response, round 2."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from trialdesk.domain.medicine.told import Told, said

ORDER = ("CR", "CRh", "CRi", "MLFS", "PR", "NR", "NE")
"""From best to worst; NE is not evaluable."""
REMISSIONS = ("CR", "CRh", "CRi")

ANC_CR, PLT_CR = Decimal(1), Decimal(100)
ANC_CRH, PLT_CRH = Decimal("0.5"), Decimal(50)
MOST_ANC, MOST_PLT = Decimal(100), Decimal(3000)
"""Counts above these, in 10^9/L, are a slip of the unit."""


def aml(
    marrow_blasts_pct: Decimal | None,
    pretreatment_blasts_pct: Decimal | None,
    circulating_blasts: bool | None,
    extramedullary: bool | None,
    anc: Decimal | None,
    platelets: Decimal | None,
    marrow_adequate: bool | None,
    after_remission: bool | None = None,
) -> Told:
    """CR, CRh, CRi, MLFS, PR, NR, NE, or RELAPSE after an earlier remission. Blasts in %, counts in 10^9/L.

    No adequate marrow: NE. Marrow below 5% without blasts in blood or outside the marrow: CR from ANC 1.0 and platelets
    100, CRh from 0.5 and 50, CRi with one of the two at the CR level, else MLFS; a count not known: at least MLFS. Marrow
    5 to 25% at half of the pretreatment value or less, with CR counts and nothing outside: PR; pretreatment not known: NE,
    never PR. All else NR. Extramedullary disease counts as absent only when it was looked for.
    Source: Doehner et al., ELN 2022, Blood 2022;140:1345-1377, response criteria; that one lineage at the CR level makes
    CRi and none MLFS is a study setting.
    """
    if marrow_adequate is False:
        return said("NE", "No adequate marrow.", "无合格骨髓标本。")
    if marrow_adequate is None or marrow_blasts_pct is None:
        return said(None, "The marrow result is not known.", "骨髓结果未知。")
    if implausible(anc, platelets):
        return said(
            None,
            "ANC and platelets must be in 10^9/L. Check the unit.",
            "中性粒细胞与血小板须以 10^9/L 为单位，请核对。",
        )
    outside = _either(circulating_blasts, extramedullary)
    if after_remission and (marrow_blasts_pct >= 5 or outside):
        return said("RELAPSE", "Leukaemia again after remission.", "缓解后再次出现白血病。")
    if marrow_blasts_pct < 5:
        return _below_5(circulating_blasts, extramedullary, outside, anc, platelets)
    counts = _both(_at_least(anc, ANC_CR), _at_least(platelets, PLT_CR))
    if marrow_blasts_pct > 25 or outside or counts is False:
        return said("NR", "Marrow, blood or counts outside the limits of PR.", "骨髓、外周血或血细胞计数不符合 PR。")
    if pretreatment_blasts_pct is None:
        return said(
            "NE",
            "The pretreatment marrow is not known: PR cannot be told. Ask.",
            "治疗前骨髓未知，无法判定 PR，请查询。",
        )
    if marrow_blasts_pct * 2 > pretreatment_blasts_pct:
        return said("NR", "Marrow blasts fell by less than half.", "骨髓原始细胞下降不足 50%。")
    if counts is None or outside is None:
        return _open("PR", circulating_blasts, extramedullary, counts)
    return said(
        "PR", "Marrow 5 to 25%, fallen by half or more, counts of CR.", "骨髓 5%～25%，下降 ≥50%，血细胞计数达 CR。"
    )


def _below_5(
    circulating: bool | None,
    extramedullary: bool | None,
    outside: bool | None,
    anc: Decimal | None,
    plt: Decimal | None,
) -> Told:
    if outside:
        return said("NR", "Blasts in blood, or extramedullary disease.", "外周血有原始细胞或有髓外病变。")
    if outside is None:
        return _open("a remission", circulating, extramedullary, True)
    if anc is None or plt is None:
        return said("MLFS", "A count is not known.", "血细胞计数未知。", at_least=True)
    if anc >= ANC_CR and plt >= PLT_CR:
        return said("CR", "Marrow below 5%, counts recovered.", "骨髓 <5%，血细胞恢复。")
    if anc >= ANC_CRH and plt >= PLT_CRH:
        return said("CRh", "Marrow below 5%, counts partly recovered.", "骨髓 <5%，血细胞部分恢复。")
    if anc >= ANC_CR or plt >= PLT_CR:
        return said("CRi", "Marrow below 5%, one lineage recovered.", "骨髓 <5%，一系恢复。")
    return said("MLFS", "Marrow below 5%, counts not recovered.", "骨髓 <5%，血细胞未恢复。")


def _open(what: str, circulating: bool | None, extramedullary: bool | None, counts: bool | None) -> Told:
    en = [
        ("blasts in blood", circulating),
        ("extramedullary disease (not re-examined)", extramedullary),
        ("counts", counts),
    ]
    zh = [("外周血原始细胞", circulating), ("髓外病变（未复查）", extramedullary), ("血细胞计数", counts)]
    lacking = ", ".join(name for name, known in en if known is None)
    missing_zh = "、".join(name for name, known in zh if known is None)
    return said(None, f"Could be {what}; not known: {lacking}.", f"尚不能判定；未知：{missing_zh}。")


def all_leukaemia(
    marrow_blasts_pct: Decimal | None,
    pretreatment_blasts_pct: Decimal | None,
    circulating_blasts: bool | None,
    extramedullary: bool | None,
    anc: Decimal | None,
    platelets: Decimal | None,
    marrow_adequate: bool | None,
    blood_halved: bool | None = None,
    extramedullary_halved: bool | None = None,
    after_remission: bool | None = None,
) -> Told:
    """Response of ALL: CR, CRi, PR, NR, NE, or RELAPSE after an earlier remission. Blasts in %, counts in 10^9/L.

    CR: marrow below 5%, no blasts in blood, no extramedullary disease, ANC from 1.0 and platelets from 100; CRi without
    those counts. PR: marrow at 25% or less and halved, CR counts; blasts in blood and extramedullary disease may remain
    where each fell by half or more (unlike AML). Pretreatment marrow not known: NE, never PR.
    Source: NCI/ASBMT 2010 response criteria of ALL (PMC7272718, table 4); the choice of this set is a study setting.
    """
    if marrow_adequate is False:
        return said("NE", "No adequate marrow.", "无合格骨髓标本。")
    if marrow_adequate is None or marrow_blasts_pct is None:
        return said(None, "The marrow result is not known.", "骨髓结果未知。")
    if implausible(anc, platelets):
        return said(
            None,
            "ANC and platelets must be in 10^9/L. Check the unit.",
            "中性粒细胞与血小板须以 10^9/L 为单位，请核对。",
        )
    outside = _either(circulating_blasts, extramedullary)
    if after_remission and (marrow_blasts_pct >= 5 or outside):
        return said("RELAPSE", "Leukaemia again after remission.", "缓解后再次出现白血病。")
    counts = _both(_at_least(anc, ANC_CR), _at_least(platelets, PLT_CR))
    if marrow_blasts_pct < 5 and outside is False:
        if counts is None:
            return said("CRi", "A count is not known.", "血细胞计数未知。", at_least=True)
        if counts:
            return said("CR", "Marrow below 5%, counts recovered.", "骨髓 <5%，血细胞恢复。")
        return said("CRi", "Marrow below 5%, counts not recovered.", "骨髓 <5%，血细胞未恢复。")
    if marrow_blasts_pct < 5 and outside is None:
        return _open("a remission", circulating_blasts, extramedullary, True)
    rest = _both(
        True if circulating_blasts is False else None if circulating_blasts is None else blood_halved,
        True if extramedullary is False else None if extramedullary is None else extramedullary_halved,
    )
    if marrow_blasts_pct > 25 or counts is False or rest is False:
        return said("NR", "Marrow, blood or counts outside the limits of PR.", "骨髓、外周血或血细胞计数不符合 PR。")
    if pretreatment_blasts_pct is None:
        return said(
            "NE",
            "The pretreatment marrow is not known: PR cannot be told. Ask.",
            "治疗前骨髓未知，无法判定 PR，请查询。",
        )
    if marrow_blasts_pct * 2 > pretreatment_blasts_pct:
        return said("NR", "Marrow blasts fell by less than half.", "骨髓原始细胞下降不足 50%。")
    if counts is None or rest is None:
        return said(
            None,
            "Counts, or the fall of blasts and extramedullary disease, are not known.",
            "血细胞计数，或外周血、髓外病变下降情况未知。",
        )
    return said(
        "PR",
        "Marrow halved to 25% or less, counts of CR, the rest halved.",
        "骨髓下降 ≥50% 且 ≤25%，血细胞计数达 CR，其余病变减半。",
    )


def implausible(anc: Decimal | None, platelets: Decimal | None) -> bool:
    """True for counts that cannot be in 10^9/L. Source: plausibility only."""
    return (anc is not None and anc > MOST_ANC) or (platelets is not None and platelets > MOST_PLT)


def by_disease(
    disease: str | None,
    marrow_blasts_pct: Decimal | None,
    pretreatment_blasts_pct: Decimal | None,
    blood_blasts_pct: Decimal | None,
    extramedullary: str | None,
    anc: Decimal | None,
    platelets: Decimal | None,
    marrow_adequate: bool | None,
    pretreatment_blood_blasts_pct: Decimal | None,
    extramedullary_halved: bool | None = None,
) -> Told:
    """Response by the criteria of the disease, `AML` or `ALL`, as a code (`CR`, `CRH`, `CRI`, `MLFS`, `PR`, `NR`, `NE`).

    Extramedullary disease is `ABSENT` or `PRESENT` when it was looked for, anything else is not known. A disease that is
    neither cannot be told. Source: ELN 2022, Blood 2022;140:1345-1377 (AML); NCI/ASBMT 2010, PMC7272718, table 4 (ALL).
    """
    circulating = None if blood_blasts_pct is None else blood_blasts_pct > 0
    outside = {"ABSENT": False, "PRESENT": True}.get(extramedullary or "")
    rest = (pretreatment_blasts_pct, circulating, outside, anc, platelets, marrow_adequate)
    if disease == "ALL":
        before, now = pretreatment_blood_blasts_pct, blood_blasts_pct
        halved = None if before is None or now is None else now * 2 <= before
        told = all_leukaemia(marrow_blasts_pct, *rest, halved, extramedullary_halved)
    elif disease == "AML":
        told = aml(marrow_blasts_pct, *rest)
    else:
        return said(None, "Neither AML nor ALL.", "非 AML 或 ALL。")
    return Told(None if told.value is None else told.value.upper(), told.why, told.at_least)


def with_mrd(response: str, mrd: str | None) -> str:
    """A remission with what MRD of the same assessment said: `CR, MRD-negative`, `CRi, MRD unknown`.

    MRD is written for CR, CRh and CRi. Source: ELN 2022, Blood 2022;140:1345-1377, response with MRD assessment.
    """
    words = {"POS": "MRD-positive", "NEG": "MRD-negative"}.get((mrd or "").upper(), "MRD unknown")
    return f"{response}, {words}" if response.upper() in {one.upper() for one in REMISSIONS} else response


def mrd_positive(level_pct: Decimal | None, cutoff_pct: Decimal) -> bool | None:
    """True at or above the cut-off of the method, in percent (flow in AML 0.1, ALL 0.01); None without a level.

    Source: ELN MRD 2021 (AML, flow, 0.1% and above); ELN ALL 2024 (10^-4); the cut-off is a study setting.
    """
    return None if level_pct is None else level_pct >= cutoff_pct


def relapse(
    after_remission: bool | None,
    marrow_blasts_pct: Decimal | None,
    circulating_blasts: bool | None,
    new_extramedullary: bool | None,
    threshold_pct: Decimal = Decimal(5),
) -> bool | None:
    """True for haematological relapse: after a remission, marrow blasts at the threshold or above, blasts in blood, or new
    extramedullary disease. MRD alone is no relapse. None while it cannot be told.

    Source: Chinese consensus on relapse after allogeneic transplantation, 2016 (PMC7364870); ELN 2022; the threshold of 5%
    for both diseases is a study setting (NCI has 25% in ALL).
    """
    marrow = None if marrow_blasts_pct is None else marrow_blasts_pct >= threshold_pct
    found = _either(_either(marrow, circulating_blasts), new_extramedullary)
    return _both(after_remission, found)


def best(responses: Iterable[str]) -> str | None:
    """The best of several responses: CR, CRh, CRi, MLFS, PR, NR, NE in this order; None without any.

    Source: study setting, order of ELN 2022 categories.
    """
    known = [one for one in ORDER if one.upper() in {response.upper() for response in responses}]
    return known[0] if known else None


def best_in_window(assessments: Iterable[tuple[date | None, str]], first: date | None, last: date | None) -> str | None:
    """The best response assessed from the first to the last day of a window, both included; None without any.

    An end that is None is open; a response without a day counts only in a window that is open at both ends. Source: study
    setting, order of ELN 2022 categories.
    """
    inside = [
        name
        for day, name in assessments
        if (first is None or (day is not None and day >= first)) and (last is None or (day is not None and day <= last))
    ]
    return best(inside)


def round_2(response: str | None, mrd: str | None, active_acute_grade: str | None, relapsed: bool | None) -> str | None:
    """`Y` when a second round is foreseen, `N` when not, None when it must be asked first.

    Foreseen after PR, or after CR, CRh or CRi with MRD positive; MRD not known asks. Not with active acute GVHD of grade
    II to IV, nor after relapse. Source: NCT06141304, arm description; GVHD and relapse are study settings.
    """
    name = None if response is None else response.upper()
    if relapsed or active_acute_grade in ("II", "III", "IV") or name in ("MLFS", "NR", "NE", "RELAPSE"):
        return "N"
    if name is None or (name != "PR" and mrd not in ("POS", "NEG")):
        return None
    if name != "PR" and mrd == "NEG":
        return "N"
    return None if active_acute_grade is None or relapsed is None else "Y"


def _at_least(count: Decimal | None, limit: Decimal) -> bool | None:
    return None if count is None else count >= limit


def _either(one: bool | None, other: bool | None) -> bool | None:
    return True if True in (one, other) else None if None in (one, other) else False


def _both(one: bool | None, other: bool | None) -> bool | None:
    return False if False in (one, other) else None if None in (one, other) else True
