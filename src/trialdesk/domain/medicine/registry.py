"""Published criteria by the name a study's rule gives them, such as `method: acute_gvhd.grade`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from trialdesk.domain.medicine import acute_gvhd, chronic_gvhd, plerixafor, renal


@dataclass(frozen=True)
class Method:
    """A function, the inputs it takes by name, and where it was published."""

    name: str
    inputs: tuple[str, ...]
    function: Callable[..., Any]
    source: str


METHODS: dict[str, Method] = {
    method.name: method
    for method in (
        Method(
            "acute_gvhd.grade",
            ("skin", "liver", "upper_gi", "lower_gi"),
            acute_gvhd.grade,
            "Harris et al., BBMT 2016;22:4-10, table 2",
        ),
        Method(
            "chronic_gvhd.severity",
            ("skin", "mouth", "eyes", "gi", "liver", "lungs", "joints", "genital"),
            chronic_gvhd.severity,
            "Jagasia et al., BBMT 2015;21:389-401",
        ),
        Method("plerixafor.dose_mg", ("weight_kg", "mg_per_kg", "cap_mg"), plerixafor.dose_mg, "US label"),
        Method("plerixafor.volume_ml", ("dose",), plerixafor.volume_ml, "US label: 20 mg/mL"),
        Method(
            "renal.cockcroft_gault",
            ("age", "weight_kg", "creatinine_umol_l", "sex"),
            renal.cockcroft_gault,
            "Cockcroft and Gault, Nephron 1976;16:31-41",
        ),
    )
}
