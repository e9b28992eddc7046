"""The endpoints for the screen: every population and estimand counted once, each number with the participants behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

from trialdesk.centre.adverse_events import Classes
from trialdesk.centre.endpoints import Endpoints, Waiting
from trialdesk.centre.report_table import POPULATIONS, ReportTable, limits, percent, quarters, remitted
from trialdesk.centre.report_tables import best, events, flow, gvhd, incomplete, response_kinds, responses
from trialdesk.centre.statistics import cumulative_incidence, incidence_at, kaplan_meier, survival_at
from trialdesk.centre.survival_tables import gvhd_incidence, mortality, survival
from trialdesk.domain.clinical.course import Course
from trialdesk.domain.text import Text
from trialdesk.services.endpoint_view import (
    CountedTable,
    CourseBar,
    Curve,
    CurveLine,
    CurvePoint,
    EndpointBoard,
    Estimand,
    Fact,
    Figure,
    Population,
    RateRow,
    RiskPoint,
    Topic,
    figure,
)

KINDS: tuple[Population, ...] = get_args(Population)
_TOPICS: dict[str, Topic] = {
    "flow": "flow", "response": "response", "best-response": "response", "os": "os", "dfs": "dfs",
    "dfs-registered": "dfs", "nrm": "nrm", "acute-gvhd": "acute-gvhd", "chronic-gvhd": "chronic-gvhd", "trae": "trae",
    "gvhd-incidence": "acute-gvhd",
    "trae-notes": "trae", "incomplete": "incomplete",
}  # fmt: skip


def board_of(
    endpoints: Endpoints, classes: Classes, facts: dict[str, tuple[Fact, ...]], initials: dict[str, str]
) -> EndpointBoard:
    """Everything the screen shows at one data cut."""
    safety = tuple(_counted(table) for table in events(endpoints, classes))
    fixed = (_counted(flow(endpoints)), _counted(best(endpoints)))
    missing = _counted(incomplete(endpoints))
    tables = {
        among: (
            *(_counted(gvhd(endpoints, acute, among)) for acute in (True, False)),
            _counted(gvhd_incidence(endpoints, among)), *safety, *fixed, missing,
        )
        for among in KINDS
    }  # fmt: skip
    curves: dict[tuple[Estimand, Population], Curve] = {}
    for among in KINDS:
        for curve in (*_survival(endpoints, among), _mortality(endpoints, among)):
            curves[curve.name, among] = curve
    return EndpointBoard(
        cut=endpoints.cut,
        on_record=tuple(one.subject for one in endpoints.courses),
        populations={among: tuple(one.subject for one in endpoints.population(among)) for among in KINDS},
        rates={among: _rates(endpoints, among) for among in KINDS},
        rates_say=_counted(responses(endpoints)),
        curves=curves,
        tables=tables,
        courses=tuple(_bar(endpoints, one) for one in endpoints.enrolled),
        facts=facts,
        initials=initials,
    )


def _counted(table: ReportTable) -> CountedTable:
    return CountedTable(
        table.name, table.title, table.definition, table.population, table.heads, table.rows, table.notes,
        _TOPICS[table.name],
    )  # fmt: skip


def _rates(endpoints: Endpoints, among: Population) -> tuple[RateRow, ...]:
    rows = []
    for label, codes in response_kinds(endpoints):
        rate = endpoints.rate(codes, among)
        estimate, lower, upper = rate.interval or (None, None, None)
        rows.append(RateRow(label, Figure(f"{rate.k} / {rate.n}", rate.who), estimate, lower, upper))
    return tuple(rows)


def _survival(endpoints: Endpoints, among: Population) -> list[Curve]:
    horizon = endpoints.days(endpoints.roles.follow_up_days)
    waiting: dict[str, list[Waiting]] = {
        "os": endpoints.overall_survival(among),
        "dfs-registered": endpoints.disease_free(False, among),
        "dfs": endpoints.disease_free(True, among),
    }
    made = []
    for table in survival(endpoints, among):
        name: Estimand = "os" if table.name == "os" else "dfs" if table.name == "dfs" else "dfs-registered"
        rows = waiting[name]
        steps = kaplan_meier([one.days for one in rows], [one.status == 1 for one in rows])
        points = (CurvePoint(0, 1.0), *(CurvePoint(s.time, s.survival, s.lower, s.upper) for s in steps))
        gone = {one.days for one in rows if one.status == 0}
        censored = tuple((step.time, step.survival) for step in steps if step.time in gone)
        line = CurveLine(table.title, "accent", False, points, censored)
        end, low, high = survival_at(steps, horizon)
        known = any(one.days >= horizon for one in rows) or (bool(rows) and end == 0)
        said = (percent(end), limits((low, high))) if known else ("–", "–")
        made.append(_curve(name, table, among, rows, horizon, (line,), said, Text(en="Survival", zh="生存率")))
    return made


def _mortality(endpoints: Endpoints, among: Population) -> Curve:
    horizon = endpoints.days(endpoints.roles.follow_up_days)
    rows = endpoints.non_relapse_mortality("remission", among)
    found = cumulative_incidence([one.days for one in rows], [one.status for one in rows])
    lines = []
    causes: tuple[tuple[int, Text, str, bool], ...] = (
        (1, Text(en="Non-relapse death", zh="非复发死亡"), "hard", False),
        (2, Text(en="Relapse", zh="复发（竞争）"), "ink2", True),
    )
    for cause, label, tone, dashed in causes:
        mine = [CurvePoint(one.time, one.incidence, one.lower, one.upper) for one in found if one.cause == cause]
        lines.append(CurveLine(label, tone, dashed, (CurvePoint(0, 0.0), *mine)))
    reached = incidence_at(found, 1, horizon)
    said = (percent(reached.incidence), limits((reached.lower, reached.upper))) if rows else ("–", "–")
    axis = Text(en="Cumulative incidence", zh="累积发生率")
    return _curve("nrm", mortality(endpoints, among), among, rows, horizon, tuple(lines), said, axis)


def _curve(
    name: Estimand,
    table: ReportTable,
    among: Population,
    rows: Sequence[Waiting],
    horizon: int,
    lines: tuple[CurveLine, ...],
    said: tuple[str, str],
    axis: Text,
) -> Curve:
    risk = tuple(
        RiskPoint(
            day,
            figure(one.subject for one in rows if one.days >= day),
            figure(one.subject for one in rows if one.days < day and one.status == 0),
        )
        for day in (0, *quarters(horizon))
    )
    happened = figure(one.subject for one in rows if one.status == 1 and one.days <= horizon)
    return Curve(
        name, table.title, POPULATIONS[among] if name == "os" else remitted(among), axis, horizon, lines, risk, happened, *said, _counted(table),
        _TOPICS[table.name],
    )  # fmt: skip


def _bar(endpoints: Endpoints, one: Course) -> CourseBar:
    assert one.enrolled is not None
    start = one.enrolled
    until = one.death or min(one.last_contact or start, endpoints.cut)
    remission = endpoints.first_remission(one)
    marks: list[tuple[int, Literal["treatment", "remission", "relapse", "death"]]] = [
        ((day - start).days, "treatment") for day in one.treatment if day >= start
    ]
    if remission is not None:
        marks.append(((remission - start).days, "remission"))
    if one.relapse is not None:
        marks.append(((one.relapse - start).days, "relapse"))
    if one.death is not None:
        marks.append(((one.death - start).days, "death"))
    return CourseBar(one.subject, max((until - start).days, 0), one.death is not None, tuple(marks))
