"""The estimators, against figures of R's survival package, published tables, and statsmodels on any data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialdesk.centre.statistics import (
    cumulative_incidence,
    exact_interval,
    incidence_at,
    kaplan_meier,
    median,
    survival_at,
)

# R: survival::aml, the maintained and the other group.
MAINTAINED = [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161], [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0]
NOT_MAINTAINED = [5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45], [1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1]

times_and_status = st.lists(st.tuples(st.integers(1, 20), st.integers(0, 2)), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("k", "lower", "upper"), [(7, 10.7, 44.9), (14, 30.6, 69.4), (21, 55.1, 89.3), (0, 0.0, 12.3), (28, 87.7, 100.0)]
)
def test_exact_intervals_of_28_participants(k: int, lower: float, upper: float) -> None:
    found = exact_interval(k, 28)
    assert found.estimate == k / 28
    assert (round(found.lower * 100, 1), round(found.upper * 100, 1)) == (lower, upper)


@pytest.mark.parametrize(("k", "n"), [(1, 0), (-1, 5), (6, 5)])
def test_a_rate_needs_successes_among_trials(k: int, n: int) -> None:
    with pytest.raises(ValueError, match="no rate"):
        exact_interval(k, n)


def test_medians_are_those_r_prints() -> None:
    assert median(kaplan_meier(*MAINTAINED)) == 31
    assert median(kaplan_meier(*NOT_MAINTAINED)) == 23


def test_a_median_where_the_curve_stands_at_one_half_is_the_middle_of_the_step() -> None:
    assert median(kaplan_meier([1, 3, 5, 9], [True] * 4)) == 4
    assert median(kaplan_meier([1, 2, 3, 4], [True, True, False, False])) == 3  # R 4.2.2, survival 3.5-3
    assert median(kaplan_meier([1, 2], [False, False])) is None


def test_the_log_log_interval_is_the_one_r_prints() -> None:
    survival, lower, upper = survival_at(kaplan_meier(*MAINTAINED), 20)
    assert survival == pytest.approx(0.7159, abs=5e-5)
    assert (lower, upper) == (pytest.approx(0.3502, abs=5e-5), pytest.approx(0.8990, abs=5e-5))


def test_survival_is_one_before_the_first_time_and_has_no_limits_at_one_and_at_nought() -> None:
    steps = kaplan_meier([2, 4], [False, True])
    assert survival_at(steps, 1) == (1.0, None, None)
    assert (steps[0].survival, steps[0].lower) == (1.0, None)
    assert (steps[1].survival, steps[1].upper) == (0.0, None)


@given(times_and_status)
def test_survival_agrees_with_statsmodels(rows: list[tuple[int, int]]) -> None:
    import numpy
    from statsmodels.duration.survfunc import SurvfuncRight

    times, events = [t for t, _ in rows], [s > 0 for _, s in rows]
    with numpy.errstate(all="ignore"):
        theirs = SurvfuncRight(times, [int(e) for e in events])
    ours = {step.time: step for step in kaplan_meier(times, events) if step.n_event}
    assert sorted(ours) == list(theirs.surv_times)
    for time, value in zip(theirs.surv_times, theirs.surv_prob, strict=True):
        assert ours[time].survival == pytest.approx(value, abs=1e-12)


@given(times_and_status)
def test_incidence_agrees_with_statsmodels_and_fills_what_survival_leaves(rows: list[tuple[int, int]]) -> None:
    import numpy
    from statsmodels.duration.survfunc import CumIncidenceRight

    times, status = [t for t, _ in rows], [s for _, s in rows]
    ours = cumulative_incidence(times, status)
    steps = kaplan_meier(times, [s > 0 for s in status])
    for step in steps:
        one, two = incidence_at(ours, 1, step.time), incidence_at(ours, 2, step.time)
        assert one.incidence + two.incidence == pytest.approx(1 - step.survival, abs=1e-12)
    if 1 in status and 2 in status:
        with numpy.errstate(all="ignore"):
            theirs = CumIncidenceRight(times, status)
        for index in (0, 1):
            for time, value in zip(theirs.times, theirs.cinc[index], strict=True):
                assert incidence_at(ours, index + 1, time).incidence == pytest.approx(value, abs=1e-12)


@given(times_and_status)
def test_an_incidence_lies_within_its_limits_and_one_cause_alone_has_the_limits_of_survival(
    rows: list[tuple[int, int]],
) -> None:
    times, status = [t for t, _ in rows], [s for _, s in rows]
    for row in cumulative_incidence(times, status):
        if row.lower is None or row.upper is None:
            assert min(row.incidence, 1 - row.incidence) < 1e-12
        else:
            assert 0 <= row.lower <= row.incidence + 1e-12
            assert row.incidence - 1e-12 <= row.upper <= 1
    # With one cause the incidence is 1 - S, and the variance is Greenwood's.
    alone = cumulative_incidence(times, [int(s > 0) for s in status])
    steps = {step.time: step for step in kaplan_meier(times, [s > 0 for s in status])}
    greenwood, survival = 0.0, 1.0
    for time in sorted(set(times)):
        step = steps[time]
        if step.n_event and step.n_event < step.n_risk:
            greenwood += step.n_event / (step.n_risk * (step.n_risk - step.n_event))
            survival = step.survival
            row = incidence_at(alone, 1, time)
            assert row.error**2 == pytest.approx(survival**2 * greenwood, abs=1e-12)


# R 4.2.2, survival 3.5-3: survfit(Surv(time, factor(status, 0:2)) ~ 1, conf.type = "log-log") on both groups of
# survival::aml, every third event taken as cause 2: time, cause, incidence, standard error, limits.
COMPETING = [*MAINTAINED[0], *NOT_MAINTAINED[0]], [1, 2, 0, 1, 2, 0, 1, 1, 0, 2, 0, 1, 1, 2, 1, 1, 0, 2, 1, 1, 2, 1, 1]
R_COMPETING = [
    (13, 1, 0.21739130, 0.086006149, 0.079138904, 0.39927055),
    (13, 2, 0.086956522, 0.058753385, 0.014989919, 0.24168391),
    (23, 1, 0.26708075, 0.093794428, 0.108213185, 0.45665900),
    (23, 2, 0.186335404, 0.084386112, 0.057865092, 0.37132239),
    (45, 1, 0.59282264, 0.110660441, 0.349019961, 0.77127152),
    (45, 2, 0.241545894, 0.094778906, 0.087059891, 0.43744217),
]


@pytest.mark.parametrize(("time", "cause", "incidence", "error", "lower", "upper"), R_COMPETING)
def test_incidence_its_error_and_its_limits_are_those_r_prints(
    time: float, cause: int, incidence: float, error: float, lower: float, upper: float
) -> None:
    row = incidence_at(cumulative_incidence(*COMPETING), cause, time)
    assert (row.incidence, row.error) == (pytest.approx(incidence, abs=1e-8), pytest.approx(error, abs=1e-8))
    assert (row.lower, row.upper) == (pytest.approx(lower, abs=1e-8), pytest.approx(upper, abs=1e-8))


def test_a_status_that_is_neither_censored_nor_a_cause_is_refused() -> None:
    with pytest.raises(ValueError, match="1 or 2"):
        cumulative_incidence([1, 2], [0, 3])
    with pytest.raises(ValueError, match="below 0"):
        kaplan_meier([-1], [True])
