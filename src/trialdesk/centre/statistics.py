"""Estimators of the trial's endpoints: exact interval of a rate, Kaplan-Meier, cumulative incidence.

The exact interval is scipy's (the optional analysis group). The two curves are a few lines here, so that every distinct
time has its row, censored ones too. Each function names its method; tests hold the figures against R and statsmodels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import exp, isnan, log, sqrt
from statistics import NormalDist
from typing import Any, NamedTuple

from trialdesk.domain.text import Text
from trialdesk.errors import KnownError

EXACT = "Clopper-Pearson"
KAPLAN_MEIER = Text(
    en="Kaplan-Meier, Greenwood variance, log(-log) interval",
    zh="Kaplan-Meier 法，Greenwood 方差，log(-log) 区间",
)
AALEN_JOHANSEN = Text(
    en="Aalen-Johansen, delta-method variance, log(-log) interval",
    zh="Aalen-Johansen 法，delta 法方差，log(-log) 区间",
)


class Interval(NamedTuple):
    """A rate with its exact two-sided interval; fractions of 1."""

    estimate: float
    lower: float
    upper: float


class Step(NamedTuple):
    """One point of a Kaplan-Meier curve: survival just after `time`; limits are None where the method has none."""

    time: float
    n_risk: int
    n_event: int
    survival: float
    lower: float | None
    upper: float | None


class Incidence(NamedTuple):
    """Cumulative incidence of one cause just after `time`; limits are None where the method has none."""

    time: float
    cause: int
    incidence: float
    error: float = 0.0
    lower: float | None = None
    upper: float | None = None


def exact_interval(k: int, n: int, confidence: float = 0.95) -> Interval:
    """Clopper-Pearson interval of k successes in n; raises ValueError unless 0 <= k <= n and n >= 1.

    Source: Clopper and Pearson, Biometrika 1934;26:404-413.
    """
    if n < 1 or not 0 <= k <= n:
        raise ValueError(f"k = {k} of n = {n} is no rate")
    stats = library("scipy.stats")
    found = stats.binomtest(k, n).proportion_ci(confidence, method="exact")
    return Interval(k / n, float(found.low), float(found.high))


def kaplan_meier(times: Sequence[float], events: Sequence[bool], confidence: float = 0.95) -> list[Step]:
    """Survival at every distinct time, censored times included; an event and a censoring at one time: the event first.

    Times are in one unit of the caller, not negative. The interval is exp(-exp(log(-log S) +/- z se/log S)); it does
    not exist where S is 0 or 1. Source: Kaplan and Meier, JASA 1958;53:457-481; Kalbfleisch and Prentice 1980.
    """
    _check(times, len(events))
    survival, greenwood = 1.0, 0.0
    steps: list[Step] = []
    for time, n_risk, (_, n_event, *_rest) in _table(times, [int(e) for e in events]):
        if n_event:
            survival *= 1 - n_event / n_risk
            greenwood += n_event / (n_risk * (n_risk - n_event)) if n_event < n_risk else 0.0
        steps.append(Step(time, n_risk, n_event, survival, *_log_log(survival, greenwood, confidence)))
    return steps


def median(steps: Sequence[Step]) -> float | None:
    """Median of a Kaplan-Meier curve: where S falls below one half; the middle of the step where S is exactly one half.

    A step that lasts to the end of the curve ends at the last time. None when the curve never reaches one half. Source: the convention of R's survival package.
    """
    for number, step in enumerate(steps):
        if abs(step.survival - 0.5) < 1e-12:
            falls = (later.time for later in steps[number + 1 :] if later.survival < step.survival)
            return (step.time + next(falls, steps[-1].time)) / 2
        if step.survival < 0.5:
            return step.time
    return None


def survival_at(steps: Sequence[Step], time: float) -> tuple[float, float | None, float | None]:
    """Survival and its limits at a time: the last step at or before it; 1 before the first."""
    found = [step for step in steps if step.time <= time]
    return (found[-1].survival, found[-1].lower, found[-1].upper) if found else (1.0, None, None)


def cumulative_incidence(times: Sequence[float], status: Sequence[int], confidence: float = 0.95) -> list[Incidence]:
    """Cumulative incidence of causes 1 and 2 (0 is censored) at every time of an event, each cause at each time.

    With n at risk, d events of which d_k of the cause, S the survival from both just before, F the incidence at the
    time asked for and F_j at the time summed over, the variance is the sum of
    (F - F_j)^2 d / (n (n - d)) + S^2 d_k (n - d_k) / n^3 - 2 (F - F_j) S d_k / n^2.
    The interval is exp(-exp(log(-log F) +/- z se / (F log F))); it does not exist where F is 0 or 1.
    Raises ValueError for another status. Source: Aalen and Johansen, Scand J Statist 1978;5:141-150; variance by the
    delta method, Dinse and Larson, Biometrika 1986;73:379-386, Marubini and Valsecchi 1995, section 10; interval,
    Kalbfleisch and Prentice 2002.
    """
    _check(times, len(status))
    if any(one not in (0, 1, 2) for one in status):
        raise ValueError("status is 0 (censored), 1 or 2")
    survival = 1.0
    reached = [_Cause(1), _Cause(2)]
    rows: list[Incidence] = []
    for time, n_risk, (_, *causes) in _table(times, status):
        if not any(causes):
            continue
        for one, count in zip(reached, causes, strict=True):
            rows.append(one.step(time, n_risk, count, sum(causes), survival, confidence))
        survival *= 1 - sum(causes) / n_risk
    return rows


class _Cause:
    """What one cause has reached, and the sums its variance is made of, so that a step costs no walk through the past."""

    def __init__(self, cause: int) -> None:
        self.cause, self.incidence = cause, 0.0
        self.whole, self.first, self.second = 0.0, 0.0, 0.0
        self.own, self.cross, self.cross_first = 0.0, 0.0, 0.0

    def step(self, time: float, n: int, own: int, every: int, survival: float, confidence: float) -> Incidence:
        self.incidence += survival * own / n
        reached = self.incidence
        # Where all at risk have an event nothing comes after, and F - F_j is nought.
        part = every / (n * (n - every)) if every < n else 0.0
        self.whole, self.first, self.second = (
            self.whole + part,
            self.first + part * reached,
            self.second + part * reached**2,
        )
        self.own += survival**2 * own * (n - own) / n**3
        self.cross += survival * own / n**2
        self.cross_first += reached * survival * own / n**2
        variance = reached**2 * self.whole - 2 * reached * self.first + self.second + self.own
        variance -= 2 * (reached * self.cross - self.cross_first)
        error = sqrt(max(variance, 0.0))
        return Incidence(time, self.cause, reached, error, *_log_log_of(reached, error, confidence))


def incidence_at(rows: Sequence[Incidence], cause: int, time: float) -> Incidence:
    """Cumulative incidence of a cause at a time with its limits; 0 without limits before the first event."""
    found = [row for row in rows if row.cause == cause and row.time <= time]
    return found[-1] if found else Incidence(time, cause, 0.0)


def _table(times: Sequence[float], status: Sequence[int]) -> Iterator[tuple[float, int, tuple[int, int, int]]]:
    """Every distinct time with the number at risk and how many were censored, had cause 1, had cause 2."""
    counts: dict[float, list[int]] = {}
    for time, one in zip(times, status, strict=True):
        counts.setdefault(float(time), [0, 0, 0])[one] += 1
    n_risk = len(times)
    for time in sorted(counts):
        censored, first, second = counts[time]
        yield time, n_risk, (censored, first, second)
        n_risk -= censored + first + second


def _log_log(survival: float, greenwood: float, confidence: float) -> tuple[float | None, float | None]:
    return _log_log_of(survival, survival * sqrt(greenwood), confidence)


def _log_log_of(value: float, error: float, confidence: float) -> tuple[float | None, float | None]:
    """Limits of a probability by its standard error on the scale log(-log p); none at 0 and 1, where there is no scale."""
    if not 1e-12 < value < 1 - 1e-12:
        return None, None
    spread = NormalDist().inv_cdf((1 + confidence) / 2) * error / (value * log(value))
    middle = log(-log(value))
    return exp(-exp(middle - spread)), exp(-exp(middle + spread))


def _check(times: Sequence[float], count: int) -> None:
    if len(times) != count:
        raise ValueError("every time needs its status")
    if any(isnan(time) or time < 0 for time in times):
        raise ValueError("a time is not a number, or below 0")


def library(name: str) -> Any:
    """A module of the optional analysis group; raises KnownError where it is not installed."""
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError as fault:
        raise KnownError(
            Text(
                en="Statistics need the analysis packages. Install them with: python3 run.py setup --analysis",
                zh="统计分析需要 analysis 组件。请运行：python3 run.py setup --analysis",
            )
        ) from fault
