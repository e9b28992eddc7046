"""Donor lymphocytes: a cell dose that looks like a slip of the power of ten."""

from __future__ import annotations

from decimal import Decimal

LOW, HIGH = Decimal("0.01"), Decimal(1000)
"""Plausible CD3+ doses in 10^6/kg; published first doses lie between 0.1 and 100."""


def cd3_dose(million_per_kg: Decimal | None, low: Decimal = LOW, high: Decimal = HIGH) -> str | None:
    """`OK`, `LOW` or `HIGH` for a CD3+ dose in 10^6/kg; LOW and HIGH suggest 10^8 written for 10^6, or the reverse.

    None without a dose. Both ends are plausible. Source: published DLI doses, Bar et al., BBMT 2013 (10^7 to 10^8/kg) and
    haploidentical series from 10^5/kg; the range is a study setting.
    """
    if million_per_kg is None:
        return None
    return "LOW" if million_per_kg < low else "HIGH" if million_per_kg > high else "OK"


def mnc_and_cd3_agree(million_cd3_per_kg: Decimal | None, hundred_million_mnc_per_kg: Decimal | None) -> str | None:
    """`Y` unless there are more CD3+ cells (10^6/kg) than mononuclear cells (10^8/kg), which cannot be; None if not known.

    Source: CD3+ lymphocytes are a part of the mononuclear cells; a slip of the power of ten breaks this first.
    """
    if million_cd3_per_kg is None or hundred_million_mnc_per_kg is None:
        return None
    return "Y" if million_cd3_per_kg <= hundred_million_mnc_per_kg * 100 else "N"
