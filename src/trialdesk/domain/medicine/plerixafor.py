"""Plerixafor: dose and volume of an injection, and the day's total against the label."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

STRENGTH = Decimal(20)
"""Milligrams per millilitre of the solution (US label)."""
RENAL_LIMIT = Decimal(50)
"""Creatinine clearance in mL/min at or below which the label gives one third less."""
NO_DATA_BELOW = Decimal(20)
"""Creatinine clearance in mL/min below which there are no data."""
LABEL_CAP, RENAL_LABEL_CAP = Decimal(40), Decimal(27)
"""Milligrams a day of the label, at normal and at reduced renal function."""
PER_DAY = Decimal(2)
"""Injections a day of NCT06141304; the label has one."""


@dataclass(frozen=True, slots=True)
class Dose:
    """One injection in mg and mL and the day's mg, not rounded, and whether the day passes the label's cap."""

    mg: Decimal
    ml: Decimal
    daily_mg: Decimal
    label_cap: Decimal
    capped: bool

    @property
    def above_label(self) -> bool:
        """True when the day's dose is above the label's cap, compared before rounding."""
        return self.daily_mg > self.label_cap


def dose(
    weight_kg: Decimal,
    crcl_ml_min: Decimal,
    mg_per_kg: Decimal,
    cap_mg: Decimal | None = None,
    per_day: Decimal = PER_DAY,
) -> Dose:
    """Dose by actual body weight in kg, clearance in mL/min and mg/kg per injection.

    `cap_mg` per injection is a study setting, by default the label's cap of a day: 40 mg, 27 mg at a clearance of 50 mL/min
    or below. Caps are compared before rounding. Source: US label of plerixafor, dosage and renal impairment; twice a day
    is NCT06141304.
    """
    label = RENAL_LABEL_CAP if crcl_ml_min <= RENAL_LIMIT else LABEL_CAP
    full = weight_kg * mg_per_kg
    cap = label if cap_mg is None else cap_mg
    mg = min(full, cap)
    return Dose(mg, mg / STRENGTH, mg * per_day, label, full > cap)


def rounded(number: Decimal, places: int) -> str:
    """A number with that many decimals, half away from zero, as a syringe label shows it."""
    return f"{number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}"


def mg_per_kg(
    crcl_ml_min: Decimal | None, usual: Decimal | None, reduced: Decimal | None, threshold: Decimal | None
) -> Decimal | None:
    """The dose per kilogram: `reduced` at a clearance at or below `threshold`; None when the clearance is not known.

    Source: US label of plerixafor: 0.24 mg/kg, 0.16 mg/kg at 50 mL/min or below; both are study settings.
    """
    if crcl_ml_min is None or threshold is None:
        return None
    return reduced if crcl_ml_min <= threshold else usual


def dose_mg(weight_kg: Decimal | None, mg_per_kg: Decimal | None, cap_mg: Decimal | None) -> Decimal | None:
    """Milligrams per injection: weight times dose, no more than the cap; None when an input is not known.

    Caps are compared before rounding. Source: US label of plerixafor, dose by actual body weight.
    """
    if weight_kg is None or mg_per_kg is None or cap_mg is None:
        return None
    return min(weight_kg * mg_per_kg, cap_mg)


def volume_ml(dose: Decimal | None, mg_per_ml: Decimal | None = STRENGTH) -> Decimal | None:
    """Millilitres of the solution (20 mg/mL) that hold a dose in mg; None when the dose is not known.

    Source: US label of plerixafor, 20 mg/mL.
    """
    return None if dose is None or not mg_per_ml else dose / mg_per_ml


def daily_mg(dose: Decimal | None, per_day: Decimal | None) -> Decimal | None:
    """Milligrams a day: the dose of an injection times the injections a day; None when either is not known.

    Source: NCT06141304, twice a day.
    """
    return None if dose is None or per_day is None else dose * per_day
