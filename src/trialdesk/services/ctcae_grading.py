"""The numeric criteria of CTCAE v5.0 that ship with TrialDesk, read once."""

from __future__ import annotations

from functools import cache

from trialdesk.domain.medicine.ctcae import Criteria
from trialdesk.paths import resources
from trialdesk.storage.criteria import read_criteria


@cache
def criteria() -> Criteria:
    """All clauses in memory; `criteria().grade(term, value, unit, ...)` grades a value."""
    return read_criteria(resources() / "terminology" / "ctcae-5.0")
