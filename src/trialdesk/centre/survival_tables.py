"""Survival and non-relapse mortality as tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from trialdesk.centre.endpoints import Endpoints, Population, Waiting
from trialdesk.centre.report_table import (
    COUNT,
    LIMITS,
    POPULATIONS,
    ReportTable,
    both,
    limits,
    notes,
    percent,
    quarters,
    remitted,
)
from trialdesk.centre.statistics import (
    AALEN_JOHANSEN,
    KAPLAN_MEIER,
    Incidence,
    cumulative_incidence,
    incidence_at,
    kaplan_meier,
    median,
    survival_at,
)
from trialdesk.domain.text import Text
from trialdesk.services.endpoint_view import figure


def survival(endpoints: Endpoints, among: Population = "ITT") -> Iterable[ReportTable]:
    """Overall survival, and disease-free survival by both definitions, in one population."""
    horizon = endpoints.days(endpoints.roles.follow_up_days)
    yield _curve(
        "os",
        Text(en="Overall survival", zh="总生存（OS）"),
        Text(
            en="From enrolment to death from any cause; the living are censored at the last contact or the data cut.",
            zh="自入组至任何原因死亡；存活者于末次随访或数据截止日删失。",
        ),
        POPULATIONS[among],
        endpoints.overall_survival(among),
        horizon,
        ("N1",),
        endpoints,
    )
    yield _curve(
        "dfs-registered",
        Text(en="Disease-free survival as registered", zh="无病生存（按注册定义）"),
        Text(
            en="From complete remission to relapse; death without relapse censors.",
            zh="自完全缓解至复发；未复发死亡者删失。",
        ),
        remitted(among),
        endpoints.disease_free(False, among),
        horizon,
        ("N2", "N4"),
        endpoints,
    )
    yield _curve(
        "dfs",
        Text(en="Disease-free survival, relapse or death", zh="无病生存（复发或死亡）"),
        Text(en="From complete remission to relapse or death from any cause.", zh="自完全缓解至复发或任何原因死亡。"),
        remitted(among),
        endpoints.disease_free(True, among),
        horizon,
        ("N2", "N4"),
        endpoints,
    )


def _curve(
    name: str,
    title: Text,
    definition: Text,
    population: Text,
    waiting: Sequence[Waiting],
    horizon: int,
    noted: Sequence[str],
    endpoints: Endpoints,
) -> ReportTable:
    steps = kaplan_meier([one.days for one in waiting], [one.status == 1 for one in waiting])
    middle = median(steps)
    rows: list[tuple[str, ...]] = []
    for day in quarters(horizon):
        survival, low, high = survival_at(steps, day)
        at_risk = figure(one.subject for one in waiting if one.days >= day)
        events = figure(one.subject for one in waiting if one.status == 1 and one.days <= day)
        # Beyond the last time anyone was observed the curve says nothing, unless it has come down to nought.
        known = any(one.days >= day for one in waiting) or (waiting and survival == 0)
        shown, between = (percent(survival), limits((low, high))) if known else ("–", "–")
        rows.append((both(Text(en=f"day {day}", zh=f"第 {day} 天")), at_risk, events, shown, between))
    reached = Text(en="not reached", zh="未达到")
    if middle is not None:
        reached = Text(en=f"{middle:g} days", zh=f" {middle:g} 天")
    closing = Text(
        en=f"n = {len(waiting)}, events {sum(one.status == 1 for one in waiting)}; median {reached.en}. {KAPLAN_MEIER.en}.",
        zh=f"n = {len(waiting)}，事件 {sum(one.status == 1 for one in waiting)}；中位数{reached.zh}。{KAPLAN_MEIER.zh}。",
    )
    heads = (
        Text(en="Time", zh="时间"),
        Text(en="At risk", zh="风险人数"),
        Text(en="Events so far", zh="累计事件"),
        Text(en="Survival", zh="生存率"),
        LIMITS,
    )
    return ReportTable(name, title, definition, population, heads, tuple(rows), (closing, *notes(endpoints, noted)))


def mortality(endpoints: Endpoints, among: Population = "ITT") -> ReportTable:
    """Non-relapse mortality from remission and from enrolment, of one population."""
    horizon = endpoints.days(endpoints.roles.follow_up_days)
    rows: list[tuple[str, ...]] = []
    for population in ("remission", "ITT"):
        waiting = endpoints.non_relapse_mortality("remission" if population == "remission" else "ITT", among)
        curve = cumulative_incidence([one.days for one in waiting], [one.status for one in waiting])
        who = both(remitted(among) if population == "remission" else POPULATIONS[among])
        people = figure(one.subject for one in waiting)
        for cause, event in ((1, _NON_RELAPSE), (2, _RELAPSE)):
            events = figure(one.subject for one in waiting if one.status == cause and one.days <= horizon)
            reached = _reached(incidence_at(curve, cause, horizon), bool(waiting))
            rows.append((who, people, both(event), events, *reached))
    definition = Text(
        en="Death without relapse, relapse competing, at day {day}. Among all enrolled, who never reached remission has "
        "the competing event on day 0. Method: {method}; 1 minus Kaplan-Meier is not used.",
        zh="未复发死亡，以复发为竞争事件，第 {day} 天。全部入组者中，从未缓解者于第 0 天计竞争事件。"
        "方法：{method}，不用 1－Kaplan-Meier。",
    ).format(day=horizon, method=AALEN_JOHANSEN)
    return ReportTable(
        "nrm",
        Text(en="Non-relapse mortality", zh="非复发死亡率（NRM）"),
        definition,
        Text(en="As named in each row", zh="见各行"),
        (
            Text(en="Population", zh="人群"),
            COUNT,
            Text(en="Event", zh="事件"),
            Text(en="Events", zh="事件数"),
            Text(en="Cumulative incidence", zh="累积发生率"),
            LIMITS,
        ),
        tuple(rows),
        notes(endpoints, ("N3",)),
    )


def gvhd_incidence(endpoints: Endpoints, among: Population = "treated") -> ReportTable:
    """Cumulative incidence of graft-versus-host disease by grade, relapse and death competing."""
    horizon = endpoints.days(endpoints.roles.follow_up_days)
    acute = [code for code in endpoints.roles.acute_gvhd.order if code != endpoints.roles.acute_gvhd.none]
    chronic = [code for code in endpoints.roles.chronic_gvhd.order if code != endpoints.roles.chronic_gvhd.none]
    kinds = (
        (True, acute, Text(en="Acute, any grade", zh="急性，任何级别")),
        (True, acute[1:], Text(en="Acute, II to IV", zh="急性，Ⅱ～Ⅳ 度")),
        (True, acute[2:], Text(en="Acute, III to IV", zh="急性，Ⅲ～Ⅳ 度")),
        (False, chronic, Text(en="Chronic, any severity", zh="慢性，任何程度")),
        (False, chronic[1:], Text(en="Chronic, moderate or severe", zh="慢性，中度或重度")),
    )
    rows: list[tuple[str, ...]] = []
    for is_acute, codes, label in kinds:
        waiting = endpoints.gvhd_waiting(is_acute, codes, among)
        curve = cumulative_incidence([one.days for one in waiting], [one.status for one in waiting])
        had, other = (
            figure(one.subject for one in waiting if one.status == status and one.days <= horizon) for status in (1, 2)
        )
        rows.append(
            (
                both(label),
                figure(one.subject for one in waiting),
                had,
                other,
                *_reached(incidence_at(curve, 1, horizon), bool(waiting)),
            )
        )
    definition = Text(
        en="From the first study treatment to the first assessment of the grade, at day {day}; relapse and death before it "
        "compete. Method: {method}.",
        zh="自首次研究治疗至首次评估达到该级别，第 {day} 天；此前复发或死亡为竞争事件。方法：{method}。",
    ).format(day=horizon, method=AALEN_JOHANSEN)
    return ReportTable(
        "gvhd-incidence",
        Text(en="Cumulative incidence of GVHD", zh="GVHD 累积发生率"),
        definition,
        POPULATIONS[among],
        (
            Text(en="Grade", zh="级别"),
            COUNT,
            Text(en="Events", zh="事件数"),
            Text(en="Competing", zh="竞争事件"),
            Text(en="Cumulative incidence", zh="累积发生率"),
            LIMITS,
        ),
        tuple(rows),
        notes(endpoints, ("N8",)),
    )


_NON_RELAPSE = Text(en="Death without relapse", zh="未复发死亡")
_RELAPSE = Text(en="Relapse (competing)", zh="复发（竞争事件）")


def _reached(row: Incidence, anybody: bool) -> tuple[str, str]:
    """An incidence and its limits as a table shows them."""
    return (percent(row.incidence), limits((row.lower, row.upper))) if anybody else ("–", "–")
