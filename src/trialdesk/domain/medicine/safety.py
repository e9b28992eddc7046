"""Seriousness, the clocks of an expedited report, relatedness, and what is treatment-emergent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

LEVELS = ("UNRELATED", "UNLIKELY", "POSSIBLE", "PROBABLE", "DEFINITE")
"""The five levels of relatedness, from least to most."""


def serious(
    death: bool | None,
    life_threatening: bool | None,
    hospitalisation: bool | None,
    disability: bool | None,
    congenital_anomaly: bool | None,
    medically_important: bool | None,
) -> str | None:
    """`Y` when one criterion of seriousness is met, `N` when none is, None while one is not known.

    Serious is not severe: the grade is no criterion. Life-threatening means at risk at the time, not what might have been.
    Source: ICH E2A, section II.B.
    """
    criteria = (death, life_threatening, hospitalisation, disability, congenital_anomaly, medically_important)
    return "Y" if True in criteria else None if None in criteria else "N"


@dataclass(frozen=True, slots=True)
class Clocks:
    """Hours and days of the reports; all are study settings."""

    report_hours: int = 24
    fatal_days: int = 7
    followup_days: int = 8
    other_days: int = 15


@dataclass(frozen=True, slots=True)
class Deadlines:
    """When reports are due: the first by the minute, the expedited ones at the end of their day; None: not expedited."""

    report: datetime
    susar: date | None
    full_report: date | None


USUAL = Clocks()


def deadlines(
    aware: datetime, fatal_or_life_threatening: bool | None, susar: bool | None, clocks: Clocks = USUAL
) -> Deadlines:
    """Deadlines from the moment the site became aware, which is day 0; weekends and holidays do not move them.

    Hours are exact. Calendar days end with the day: 7 for a fatal or life-threatening SUSAR and 8 more for its full
    report, 15 for others. Not known whether fatal or life-threatening counts the shorter clock. `susar` False or None: the
    24 hours alone. Source: ICH E2A, section III.B (7, 8 and 15 calendar days); 24 hours is a study setting.
    """
    report = aware + timedelta(hours=clocks.report_hours)
    if not susar:
        return Deadlines(report, None, None)
    if fatal_or_life_threatening is False:
        return Deadlines(report, aware.date() + timedelta(clocks.other_days), None)
    first = aware.date() + timedelta(clocks.fatal_days)
    return Deadlines(report, first, first + timedelta(clocks.followup_days))


def day_due(aware: date | None, days: Decimal | None, is_susar: str | None) -> date | None:
    """The calendar day the report of a SUSAR is due: so many days after awareness (day 0), at its end.

    None while a part is not known, and for what is no SUSAR (`is_susar` other than `Y`).

    Source: ICH E2A, section III.B; the days are study settings.
    """
    return None if aware is None or days is None or is_susar != "Y" else aware + timedelta(int(days))


def hour_due(aware_day: date | None, aware_time: str | None, hours: Decimal | None) -> str | None:
    """The minute a report is due, such as `2026-03-02 09:20`, exact hours after awareness; None when not known.

    Source: ethics practice, 24 hours; a study setting.
    """
    if aware_day is None or aware_time is None or hours is None:
        return None
    due = datetime.fromisoformat(f"{aware_day.isoformat()}T{aware_time}") + timedelta(hours=int(hours))
    return f"{due:%Y-%m-%d %H:%M}"


def susar(is_serious: str | None, expected: str | None, related: str | None) -> str | None:
    """`Y` for a serious, unexpected and suspected reaction, `N` when one of the three is not so, None while unknown.

    Source: ICH E2A, section III.A.
    """
    parts = (is_serious, {"Y": "N", "N": "Y"}.get(expected or ""), related)
    return "N" if "N" in parts else "Y" if parts == ("Y", "Y", "Y") else None


def related(levels: Iterable[str | None], at_least: str = "POSSIBLE") -> str | None:
    """`Y` when one agent is related at that level or above, `N` when every agent is below, None while one is not judged.

    Levels: UNRELATED, UNLIKELY, POSSIBLE, PROBABLE, DEFINITE. Source: five-level scale; `possible` and above counts as
    related (PMC7573712), a study setting.
    """
    floor = LEVELS.index(at_least)
    answers = [None if level not in LEVELS else LEVELS.index(level) >= floor for level in levels]
    return "Y" if True in answers else None if None in answers or not answers else "N"


def any_related(
    chemotherapy: str | None, dli: str | None, plerixafor: str | None, related_from: str | None
) -> str | None:
    """`Y` when chemotherapy, DLI or plerixafor is related at `related_from` or above, None while that cannot be told.

    Source: five-level scale; the level that counts is a study setting.
    """
    return related((chemotherapy, dli, plerixafor), related_from if related_from in LEVELS else "POSSIBLE")


def worsened(grade: int | None, baseline_grade: int | None) -> str | None:
    """`Y` when the grade is above the grade at baseline, `N` when not, None while either is not known.

    A cytopenia of chemotherapy or leukaemia at baseline is treatment-emergent only when it gets worse; no baseline event
    is grade 0. Source: study setting; CTCAE v5.0 has no baseline rule for cytopenias.
    """
    return None if grade is None or baseline_grade is None else "Y" if grade > baseline_grade else "N"


def treatment_emergent(
    onset: tuple[date, date] | None, first_treatment: date | None, window_end: date | None
) -> str | None:
    """`Y` for an onset from the first study treatment to the end of the window, both days included.

    `onset` gives the earliest and the latest day it can be, equal for a whole date; a partial date that reaches over an
    end of the window cannot be told. Source: NCT06141304, one month after treatment; 30 days and both ends are study
    settings.
    """
    if onset is None or first_treatment is None:
        return None
    earliest, latest = onset
    if latest < first_treatment or (window_end is not None and earliest > window_end):
        return "N"
    if window_end is None:
        return None
    return "Y" if first_treatment <= earliest and latest <= window_end else None
