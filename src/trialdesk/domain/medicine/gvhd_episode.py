"""How sure an acute GVHD is, which class it belongs to, and how long after the last cells it came."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

LATE_AFTER = 100
"""Days after which acute features are persistent, recurrent or late-onset."""


def confidence(
    biopsy: str | None, treated: bool | None, other_cause_proven: bool | None, resolved_untreated: bool | None
) -> str | None:
    """CONFIRMED, PROBABLE, POSSIBLE or NEGATIVE for one organ; None while it cannot be told.

    Confirmed: a biopsy that shows GVHD (`POS`), even beside other causes. Negative: another diagnosis is proven, or the
    signs went without GVHD treatment; a normal biopsy alone is not that. Probable: GVHD treatment was started. Possible:
    it was not, because another cause seemed likelier. Confirmed and probable count as acute GVHD.
    Source: Harris et al., BBMT 2016;22:4-10, table 3.
    """
    if biopsy == "POS":
        return "CONFIRMED"
    if other_cause_proven or resolved_untreated:
        return "NEGATIVE"
    if treated is None or other_cause_proven is None:
        return None
    return "PROBABLE" if treated else "POSSIBLE"


def counts_as_acute(level: str | None) -> bool | None:
    """True for confirmed and probable, False for possible and negative, None when no level is recorded.

    Source: Harris et al., BBMT 2016;22:4-10, table 3; counting is a study setting.
    """
    return None if level is None else level in ("CONFIRMED", "PROBABLE")


def days_after(onset: date | None, cells: date | None) -> Decimal | None:
    """Days from the last infusion (or the transplant) to the onset; None when a day is not known, or the onset is before.

    Source: study setting; after DLI the clock runs from the last DLI and from the transplant.
    """
    if onset is None or cells is None or onset < cells:
        return None
    return Decimal((onset - cells).days)


def gvhd_class(days: Decimal | None, acute_features: bool | None, chronic_features: bool | None) -> str | None:
    """CLASSIC or LATE acute, CHRONIC or OVERLAP by features; `NONE` without any; None while it cannot be told.

    Features decide, the day only parts classic acute (day 100 or before) from persistent, recurrent or late-onset acute.
    Source: NIH consensus, Jagasia et al., BBMT 2015;21:389-401; Harris et al., BBMT 2016;22:4-10.
    """
    if acute_features is None or chronic_features is None:
        return None
    if chronic_features:
        return "OVERLAP" if acute_features else "CHRONIC"
    if not acute_features:
        return "NONE"
    return None if days is None else "LATE" if days > LATE_AFTER else "CLASSIC"
