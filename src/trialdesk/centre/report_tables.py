"""The endpoints as tables for paper and for files: each names its definition, its population and its method."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from trialdesk.centre import adverse_events
from trialdesk.centre.adverse_events import GRADES, Classes, EventRow
from trialdesk.centre.endpoints import Endpoints, Population
from trialdesk.centre.report_table import COUNT, LIMITS, POPULATIONS, RATE, ReportTable, both, cells, notes, percent
from trialdesk.centre.statistics import EXACT
from trialdesk.centre.survival_tables import gvhd_incidence, mortality, survival
from trialdesk.domain.clinical.course import Course
from trialdesk.domain.text import Text
from trialdesk.services.endpoint_view import Figure, Worded, figure, joined


def tables(endpoints: Endpoints, classes: Classes) -> tuple[ReportTable, ...]:
    """Every table of the report in the order it is printed."""
    return (
        flow(endpoints),
        responses(endpoints),
        best(endpoints),
        *survival(endpoints),
        mortality(endpoints),
        gvhd(endpoints, acute=True),
        gvhd(endpoints, acute=False),
        gvhd_incidence(endpoints),
        *events(endpoints, classes),
        incomplete(endpoints),
    )


def flow(endpoints: Endpoints) -> ReportTable:
    """How many came how far."""
    study, enrolled, treated = endpoints.study, endpoints.enrolled, endpoints.treated
    ended = {one.end_reason for one in enrolled if one.end_reason}
    words = study.endpoints and study.endpoints.withdrawal
    rows: list[tuple[str, ...]] = [
        (both(Text(en="Planned", zh="计划")), str(study.planned_subjects)),
        (both(Text(en="On record", zh="已建档")), figure(one.subject for one in endpoints.courses)),
        (
            both(Text(en="Enrolled", zh="入组")),
            Figure(f"{len(enrolled)} / {study.planned_subjects}", (one.subject for one in enrolled)),
        ),
        (both(Text(en="Treated", zh="已治疗")), figure(one.subject for one in treated)),
        (both(Text(en="Evaluable", zh="可评价")), figure(one.subject for one in endpoints.evaluable)),
        (
            both(Text(en="Reached complete remission", zh="达到完全缓解")),
            figure(one.subject for one in endpoints.in_remission),
        ),
        (both(Text(en="Relapsed", zh="复发")), figure(one.subject for one in enrolled if one.relapse)),
        (both(Text(en="Died", zh="死亡")), figure(one.subject for one in enrolled if one.death)),
    ]
    for code in sorted(ended):
        label = study.words(study.item(words.reason), code) if words else None
        who = figure(one.subject for one in enrolled if one.end_reason == code)
        rows.append((f"研究结束：{label.zh} End of study: {label.en}" if label else code, who))
    return ReportTable(
        "flow",
        Text(en="Enrolment and participant flow", zh="入组与受试者流程"),
        Text(en="Enrolled: a date of enrolment on or before the data cut.", zh="入组：入组日期不晚于数据截止日。"),
        Text(en="Everyone on record", zh="全部建档者"),
        (Text(en="Step", zh="环节"), COUNT),
        tuple(rows),
    )


def response_kinds(endpoints: Endpoints) -> tuple[tuple[Text, tuple[str, ...]], ...]:
    """The rates counted, each with the categories that make it up."""
    return (
        (Text(en="Complete remission rate (CRR)", zh="完全缓解率（CRR）"), endpoints.complete_codes),
        (Text(en="Partial remission rate (PRR)", zh="部分缓解率（PRR）"), endpoints.roles.response.partial),
        (Text(en="Overall remission rate (ORR)", zh="总缓解率（ORR）"), endpoints.overall_codes),
    )


def responses(endpoints: Endpoints) -> ReportTable:
    """The primary endpoint in every population."""
    rows: list[tuple[str, ...]] = []
    populations: tuple[Population, ...] = ("ITT", "treated", "evaluable")
    for label, codes in response_kinds(endpoints):
        for population in populations:
            rate = endpoints.rate(codes, population)
            rows.append((both(label), both(POPULATIONS[population]), *cells(rate)))
    days, tolerance = (
        endpoints.days(endpoints.roles.response_days),
        endpoints.days(endpoints.roles.response_tolerance),
    )
    definition = Text(
        en="Best response from the first study treatment to day {days} (+{tolerance}) after enrolment. CR counts {codes}. "
        "Not evaluable or not assessed counts as no response.",
        zh="自首次研究治疗至入组后第 {days} 天（+{tolerance}）的最佳疗效。CR 计入 {codes}。无法评价或未评价按未缓解计。",
    ).format(days=days, tolerance=tolerance, codes=", ".join(endpoints.complete_codes))
    return ReportTable(
        "response",
        Text(en="Remission rates at three months (primary)", zh="3 个月缓解率（主要终点）"),
        definition,
        Text(en="As named in each row", zh="见各行"),
        (
            Text(en="Endpoint", zh="终点"),
            Text(en="Population", zh="人群"),
            Text(en="k / n", zh="k / n"),
            RATE,
            Text(en=f"95% interval ({EXACT})", zh=f"95% 置信区间（{EXACT}）"),
        ),
        tuple(rows),
    )


def best(endpoints: Endpoints) -> ReportTable:
    """Every participant by best response."""
    order = endpoints.roles.response.order
    item = endpoints.study.item(endpoints.roles.response.value)
    rows: list[tuple[str, ...]] = []
    for code in (*order, None):
        who = [one for one in endpoints.enrolled if endpoints.best_response(one) == code]
        if not who and code is None:
            continue
        label = endpoints.study.words(item, code) if code else Text(en="Not assessed", zh="未评价")
        by_disease = Counter(one.disease or "?" for one in who)
        split = "，".join(f"{disease} {count}" for disease, count in sorted(by_disease.items())) or "–"
        rows.append(
            (
                both(label) if label else str(code),
                figure(one.subject for one in who),
                split,
                " ".join(one.subject for one in who),
            )
        )
    return ReportTable(
        "best-response",
        Text(en="Best response of each participant", zh="各受试者最佳疗效"),
        Text(en="The investigator's category, in the same window.", zh="研究者评价的类别，评价窗同上。"),
        POPULATIONS["ITT"],
        (
            Text(en="Response", zh="疗效"),
            COUNT,
            Text(en="By disease", zh="按疾病"),
            Text(en="Participants", zh="受试者"),
        ),
        tuple(rows),
    )


def gvhd(endpoints: Endpoints, acute: bool, among: Population = "treated") -> ReportTable:
    """Acute or chronic graft-versus-host disease by the highest grade."""
    roles = endpoints.roles.acute_gvhd if acute else endpoints.roles.chronic_gvhd
    item = endpoints.study.item(roles.grade)
    found = [code for code in roles.order if code != roles.none]
    groups: list[tuple[str, Sequence[str]]] = [(both(Text(en="Any grade", zh="任何级别")), found)]
    if acute:
        groups += [
            (both(Text(en="II to IV", zh="Ⅱ～Ⅳ 度")), found[1:]),
            (both(Text(en="III to IV", zh="Ⅲ～Ⅳ 度")), found[2:]),
        ]
    for code in roles.order:
        label = endpoints.study.words(item, code)
        groups.append((both(label) if label else code, (code,)))
    rows = [(label, *cells(endpoints.gvhd(acute, codes, among))) for label, codes in groups]
    people = endpoints.population(among)
    never = [one.subject for one in people if endpoints.worst(one, acute) is None]
    rows.append(
        (both(Text(en="Never assessed", zh="未评估")), Figure(f"{len(never)} / {len(people)}", never), "–", "–")
    )
    title = (
        Text(en="Acute GVHD by highest grade (MAGIC)", zh="急性 GVHD 最高分度（MAGIC）")
        if acute
        else Text(en="Chronic GVHD by highest severity (NIH 2014)", zh="慢性 GVHD 最高严重程度（NIH 2014）")
    )
    definition = Text(
        en="Highest grade within {days} days of enrolment; a lower bound counts as that grade"
        + ("; confidence confirmed or probable." if acute else "."),
        zh="入组后 {days} 天内最高级别；仅知下限者按下限计" + ("；诊断把握度为确诊或很可能。" if acute else "。"),
    ).format(days=endpoints.days(endpoints.roles.follow_up_days))
    return ReportTable(
        "acute-gvhd" if acute else "chronic-gvhd",
        title,
        definition,
        POPULATIONS[among],
        (Text(en="Grade", zh="级别"), Text(en="k / n", zh="k / n"), RATE, LIMITS),
        tuple(rows),
        () if acute else notes(endpoints, ("N8",)),
    )


def events(endpoints: Endpoints, classes: Classes) -> Iterable[ReportTable]:
    """Treatment-related adverse events, and the rows that need a person's eye."""
    counted = adverse_events.table(endpoints, classes)
    n = counted.treated
    heads = (
        Text(en="Class and term", zh="分类与名称"),
        *(Text(en=f"G{grade}", zh=f"{grade} 级") for grade in GRADES),
        Text(en="Any", zh="任何级"),
        Text(en="G3 or higher", zh="≥3 级"),
    )
    rows = [
        _event_cells(both(Text(en="Haematological", zh="血液学")), counted.haematological, n),
        _event_cells(both(Text(en="Not haematological", zh="非血液学")), counted.other, n),
    ]
    for row in counted.rows:
        words = classes.words_of(row.term or row.soc)
        rows.append(_event_cells(_indented(words) if row.term else both(words), row, n))
    days = endpoints.days(endpoints.roles.events.window_days)
    definition = Text(
        en="Related (from {level} up, to any agent); onset from the first study treatment to {days} days after the last "
        "one of a round, end included; manifestations of GVHD left out; each participant once per class and per term at "
        "the highest grade. CTCAE v5.0.",
        zh="与任一药物相关（{level} 及以上）；发生于首次研究治疗至各疗程末次治疗后 {days} 天（含）；不含 GVHD 表现；"
        "每名受试者在每一分类、每一名称下按最高级计 1 次。CTCAE 5.0。",
    ).format(level=endpoints.study.parameter[endpoints.roles.events.related_from].value, days=days)
    population = POPULATIONS["treated"]
    title = Text(en="Treatment-related adverse events, without GVHD", zh="治疗相关不良事件（不含 GVHD）")
    yield ReportTable("trae", title, definition, population, heads, tuple(rows), notes(endpoints, ("N5",)))
    yield ReportTable(
        "trae-notes",
        Text(en="Adverse events to look at", zh="需核对的不良事件"),
        Text(en="Rows behind the table above that need a person's eye.", zh="上表中需人工核对的记录。"),
        population,
        (Text(en="Why", zh="原因"), COUNT, Text(en="Participant, row, term", zh="受试者、行号、名称")),
        (
            (both(Text(en="GVHD, left out", zh="GVHD 表现，未计入")), *_listed(counted.left_out)),
            (both(Text(en="GVHD not excluded, counted", zh="是否 GVHD 不详，已计入")), *_listed(counted.gvhd_unknown)),
            (both(Text(en="Partial onset, counted", zh="日期不全，可能在窗外，已计入")), *_listed(counted.uncertain)),
            (both(Text(en="No grade or onset, not counted", zh="无分级或日期，未计入")), *_listed(counted.ungraded)),
        ),
    )


def _listed(rows: Sequence[str]) -> tuple[str, str]:
    """How many rows (each begins with its participant), and the rows."""
    return Figure(str(len(rows)), dict.fromkeys(row.split()[0] for row in rows)), "; ".join(rows)


def _indented(words: Text) -> Worded:
    return Worded(Text(en=f"　　{words.en}", zh=f"　　{words.zh}"), f"　　{both(words)}")


def _event_cells(label: str, row: EventRow, n: int) -> tuple[str, ...]:
    def share(least: int) -> str:
        who = sorted(one for grade in GRADES if grade >= least for one in row.by_grade.get(grade, ()))
        return Figure(f"{len(who)} ({percent(len(who) / n)})" if n else str(len(who)), who)

    grades = (figure(row.by_grade.get(grade, ())) for grade in GRADES)
    return (label, *grades, share(1), share(3))


def _lower_bound(endpoints: Endpoints, one: Course, acute: bool) -> str:
    roles = endpoints.roles.acute_gvhd if acute else endpoints.roles.chronic_gvhd
    code = endpoints.worst(one, acute) or ""
    what = Text(en="acute GVHD with organs missing, at least", zh="急性 GVHD 器官评估不全，至少")
    if not acute:
        what = Text(en="chronic GVHD with organs missing, at least", zh="慢性 GVHD 器官评估不全，至少")
    label = endpoints.study.words(endpoints.study.item(roles.grade), code)
    grade = label or Text(en=code, zh=code)
    printed = f"{both(what)} {both(grade)}"
    return Worded(Text(en=f"{what.en} {grade.en}", zh=f"{what.zh} {grade.zh}"), printed)


def _last_contact(day: date) -> Worded:
    said = Text(en="last contact {day}", zh="末次随访 {day}").format(day=day)
    return Worded(said, f"末次随访 last contact {day}")


def incomplete(endpoints: Endpoints) -> ReportTable:
    """Participants of whom something is missing or disputed."""
    rows: list[tuple[str, ...]] = []
    for one in endpoints.courses:
        why = list(one.incomplete)
        if one.enrolled and not endpoints.best_response(one):
            why.append(both(Text(en="no response assessed in the window", zh="3 个月窗内无疗效评价")))
        if one.enrolled and one.last_contact and not one.death and (endpoints.cut - one.last_contact).days > 120:
            why.append(_last_contact(one.last_contact))
        why += [_lower_bound(endpoints, one, acute) for acute in (True, False) if endpoints.only_at_least(one, acute)]
        if why:
            rows.append((Figure(one.subject, (one.subject,)), joined(why)))
    return ReportTable(
        "incomplete",
        Text(en="Participants whose data are incomplete or disputed", zh="数据不完整或有争议的受试者"),
        Text(en="As of the data cut.", zh="截至数据截止日。"),
        Text(en="Everyone on record", zh="全部建档者"),
        (Text(en="Participant", zh="受试者"), Text(en="What is missing", zh="缺少内容")),
        tuple(rows),
    )
