"""Plerixafor dose and volume."""

from __future__ import annotations

from decimal import Decimal

STRENGTH = Decimal(20)
"""Milligrams per millilitre of the solution (US label)."""


def dose_mg(weight_kg: Decimal | None, mg_per_kg: Decimal | None, cap_mg: Decimal | None) -> Decimal | None:
    """Milligrams per injection: weight times dose, no more than the cap; None when an input is not known.

    Caps are compared before rounding. Source: US label of plerixafor, dose by actual body weight.
    """
    if weight_kg is None or mg_per_kg is None or cap_mg is None:
        return None
    return min(weight_kg * mg_per_kg, cap_mg)


def volume_ml(dose: Decimal | None) -> Decimal | None:
    """Millilitres of the 20 mg/mL solution that hold a dose in mg; None when the dose is not known."""
    return None if dose is None else dose / STRENGTH
