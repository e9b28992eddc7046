"""Creatinine clearance."""

from __future__ import annotations

from decimal import Decimal

UMOL_PER_MG_DL = Decimal("88.4")
"""Micromoles per litre in one milligram of creatinine per decilitre."""


BILIRUBIN_UMOL_PER_MG_DL = Decimal("17.1")
"""Micromoles per litre in one milligram of bilirubin per decilitre."""


def cockcroft_gault(
    age: Decimal | None, weight_kg: Decimal | None, creatinine_umol_l: Decimal | None, sex: str | None
) -> Decimal | None:
    """Creatinine clearance in mL/min, not scaled to body surface; None when an input is not known.

    Age in completed years, actual weight in kg, serum creatinine in umol/L, sex M or F.
    Source: Cockcroft and Gault, Nephron 1976;16:31-41: (140 - age) x kg x 0.85 if female / (72 x mg/dL).
    """
    if age is None or weight_kg is None or not creatinine_umol_l or sex not in ("M", "F"):
        return None
    factor = Decimal("0.85") if sex == "F" else Decimal(1)
    return (140 - age) * weight_kg * factor / (72 * creatinine_umol_l / UMOL_PER_MG_DL)
