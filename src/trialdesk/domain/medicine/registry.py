"""Published criteria by the name a study's rule gives them, such as `method: acute_gvhd.grade`."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from trialdesk.domain.medicine import (
    acute_gvhd,
    chronic_gvhd,
    gvhd_episode,
    infusion,
    plerixafor,
    renal,
    response,
    safety,
)
from trialdesk.domain.medicine.told import at_least_code, exact

MAGIC_STAGES = "Harris et al., BBMT 2016;22:4-10, table 1"
MAGIC_GRADE = "Harris et al., BBMT 2016;22:4-10, table 2"
NIH = "Jagasia et al., BBMT 2015;21:389-401"
LABEL = "US label of plerixafor"
E2A = "ICH E2A"


@dataclass(frozen=True)
class Method:
    """A function, the inputs it takes by name, and where it was published."""

    name: str
    inputs: tuple[str, ...]
    function: Callable[..., Any]
    source: str

    @property
    def explained(self) -> str:
        """The criterion in words with its units, limits and source, as the help beside an answer shows it."""
        return inspect.getdoc(self.function) or ""


def _method(name: str, function: Callable[..., Any], source: str) -> Method:
    return Method(name, tuple(inspect.signature(function).parameters), function, source)


METHODS: dict[str, Method] = {
    method.name: method
    for method in (
        _method("acute_gvhd.skin_stage", exact(acute_gvhd.skin_stage), MAGIC_STAGES),
        _method("acute_gvhd.liver_stage", exact(acute_gvhd.liver_stage), MAGIC_STAGES),
        _method(
            "acute_gvhd.lower_gi_stage", exact(acute_gvhd.lower_gi_stage), f"{MAGIC_STAGES}; PDQ NBK577669, table 4"
        ),
        _method("acute_gvhd.population", acute_gvhd.population, "PDQ NBK577669; the age is a study setting"),
        _method("acute_gvhd.grade", acute_gvhd.settled_grade, MAGIC_GRADE),
        _method("acute_gvhd.least_grade", acute_gvhd.least_grade, MAGIC_GRADE),
        _method("gvhd_episode.days_after", gvhd_episode.days_after, "Study setting"),
        _method("gvhd_episode.gvhd_class", gvhd_episode.gvhd_class, NIH),
        _method("chronic_gvhd.severity", chronic_gvhd.settled_severity, NIH),
        _method("chronic_gvhd.least_severity", chronic_gvhd.least_severity, NIH),
        _method("chronic_gvhd.not_assessed", chronic_gvhd.not_assessed, NIH),
        _method("chronic_gvhd.lung_score", exact(chronic_gvhd.lung_score), f"{NIH}; NCI Thesaurus C225388"),
        _method("chronic_gvhd.liver_score", exact(chronic_gvhd.liver_score), NIH),
        _method("chronic_gvhd.skin_score", exact(chronic_gvhd.skin_score), NIH),
        _method(
            "response.least_by_disease", at_least_code(response.by_disease), "ELN 2022 (AML); NCI/ASBMT 2010 (ALL)"
        ),
        _method("response.by_disease", exact(response.by_disease), "ELN 2022 (AML); NCI/ASBMT 2010 (ALL)"),
        _method("response.round_2", response.round_2, "NCT06141304, arm description"),
        _method("plerixafor.mg_per_kg", plerixafor.mg_per_kg, LABEL),
        _method("plerixafor.dose_mg", plerixafor.dose_mg, LABEL),
        _method("plerixafor.volume_ml", plerixafor.volume_ml, f"{LABEL}: 20 mg/mL"),
        _method("plerixafor.daily_mg", plerixafor.daily_mg, "NCT06141304, twice a day"),
        _method("renal.cockcroft_gault", renal.cockcroft_gault, "Cockcroft and Gault, Nephron 1976;16:31-41"),
        _method("infusion.cd3_dose", infusion.cd3_dose, "Published DLI doses; the range is a study setting"),
        _method("infusion.mnc_and_cd3_agree", infusion.mnc_and_cd3_agree, "CD3+ cells are mononuclear cells"),
        _method("safety.serious", safety.serious, f"{E2A}, section II.B"),
        _method("safety.susar", safety.susar, f"{E2A}, section III.A"),
        _method("safety.hour_due", safety.hour_due, "Ethics practice; a study setting"),
        _method("safety.day_due", safety.day_due, f"{E2A}, section III.B"),
        _method("safety.any_related", safety.any_related, "Five-level scale; the level that counts is a study setting"),
    )
}


def explained(name: str) -> Method:
    """The published criterion a rule names, with its source and words; raises KeyError for a name that is not here."""
    return METHODS[name]
