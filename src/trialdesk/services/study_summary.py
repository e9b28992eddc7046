"""What the printed summary of a study says, taken from the study itself."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from trialdesk.documents.content import CrfTable
from trialdesk.documents.study_summary import SummaryContent, render_summary
from trialdesk.domain.study.parameter import Parameter
from trialdesk.domain.study.study import Study
from trialdesk.domain.study.study_event import StudyEventDef
from trialdesk.domain.text import Text
from trialdesk.services.study_release import StudyRelease

SOURCES = {
    "registration": Text(en="Registration", zh="注册信息"),
    "assumption": Text(en="Study setting, not in the registration", zh="研究设定，注册信息未规定"),
}


def write_summary(release: StudyRelease, path: Path, today: date) -> Path:
    """Write the summary of a study release as PDF/A with the frozen study inside."""
    path.write_bytes(render_summary(summary_content(release, today), release.content))
    return path


def summary_content(release: StudyRelease, today: date) -> SummaryContent:
    """Settings, visits, rules and open points of a study."""
    study = release.study
    return SummaryContent(
        name=study.name,
        title=study.title,
        registration=study.registration,
        version=study.version,
        fingerprint=release.fingerprint,
        printed_on=today.isoformat(),
        tables=(_parameters(study), _visits(study), _rules(study), *_monitoring(study), _notes(study)),
    )


def _parameters(study: Study) -> CrfTable:
    heads = (
        Text(en="Setting", zh="设定"),
        Text(en="Value", zh="取值"),
        Text(en="Source", zh="来源"),
        Text(en="Basis", zh="依据"),
    )
    cells = tuple(
        (
            f"{p.label.zh} {p.label.en}",
            _value(p),
            f"{SOURCES[p.source].zh} {SOURCES[p.source].en}",
            f"{p.basis.zh} {p.basis.en}",
        )
        for p in sorted(study.parameters, key=lambda p: p.source == "assumption")
    )
    return CrfTable(Text(en="Settings of the study", zh="研究设定"), heads, cells)


def _value(parameter: Parameter) -> str:
    value = f"{parameter.value:f}" if isinstance(parameter.value, Decimal) else parameter.value
    return f"{value} {parameter.unit or ''}".strip()


def _visits(study: Study) -> CrfTable:
    heads = (Text(en="Visit", zh="访视"), Text(en="Due", zh="时间"), Text(en="Forms", zh="表单"))
    cells = tuple(
        (f"{e.label.zh} {e.label.en}", _due(study, e), "、".join(study.form[f].label.zh for f in e.forms))
        for e in study.events
    )
    return CrfTable(Text(en="Visits and logs", zh="访视与记录表"), heads, cells)


def _due(study: Study, event: StudyEventDef) -> str:
    if event.due is None:
        return ""

    def number(amount: int | str | None) -> str:
        if isinstance(amount, str):
            return _value(study.parameter[amount])
        return str(amount or 0)

    due = event.due
    target = f"{number(due.months)} 个月 months" if due.months is not None else f"{number(due.days)} d"
    after = study.item(study.anchor(due)).label
    return f"{after.zh} {after.en} + {target}（-{number(due.pre_window)}，+{number(due.post_window)}）"


def _rules(study: Study) -> CrfTable:
    heads = (
        Text(en="Rule", zh="规则"),
        Text(en="Says", zh="内容"),
        Text(en="Protocol", zh="方案"),
        Text(en="Source", zh="来源"),
        Text(en="Proofs", zh="例证"),
    )
    cells = tuple(
        (
            rule.id + (" ◇" if rule.setting else ""),
            f"{rule.says.zh} {rule.says.en}",
            f"{rule.protocol.zh} {rule.protocol.en}",
            rule.source,
            str(len(rule.examples)),
        )
        for rule in study.rules
    )
    return CrfTable(Text(en="Rules (◇ rests on a study setting)", zh="规则（◇ 基于研究设定）"), heads, cells)


def _monitoring(study: Study) -> tuple[CrfTable, ...]:
    """The monitoring plan, if the study has one: in a sentence, then form by form."""
    plan = study.monitoring
    if plan is None:
        return ()
    critical = [(form, [i for g in form.groups for i in g.items if i.name in plan.critical]) for form in study.forms]
    trail = plan.trail
    limits = Text(
        en=f"late after {trail.late_days} d; night {trail.night_from}–{trail.night_to} h; more than "
        f"{trail.most_in_ten_minutes} answers in 10 min; more than {trail.corrected_percent} % corrected",
        zh=f"超过 {trail.late_days} 天为延迟录入；夜间 {trail.night_from}～{trail.night_to} 时；10 分钟内超过 "
        f"{trail.most_in_ten_minutes} 项；更正超过 {trail.corrected_percent}%",
    )
    rows = [
        ("计划 Plan", _pair(plan.words())),
        (
            "依据 Basis",
            f"{_pair(SOURCES['assumption'])}：{_pair(plan.basis)}"
            if plan.source == "assumption"
            else _pair(plan.basis),
        ),
        ("稽查轨迹 Audit trail", _pair(limits)),
        ("医学审核 Medical review", "、".join(study.form[name].label.zh for name in plan.medical)),
        *((_need(study, one.form, one.events), _pair(_NEEDS[one.verify])) for one in plan.forms),
        *(
            (f"{form.label.zh} {form.label.en}", "、".join(i.label.zh for i in items))
            for form, items in critical
            if items
        ),
    ]
    heads = (Text(en="Part or form", zh="项目或表单"), Text(en="What is asked; critical fields", zh="要求；关键字段"))
    return (CrfTable(Text(en="Monitoring plan", zh="监查计划"), heads, tuple(rows)),)


def _need(study: Study, form: str, events: tuple[str, ...]) -> str:
    label = study.form[form].label
    at = "、".join(study.event[name].short.zh for name in events)
    return f"{label.zh} {label.en}" + (f"（{at}）" if at else "")


def _pair(words: Text) -> str:
    return f"{words.zh} {words.en}"


_NEEDS = {
    "none": Text(en="not compared with the source", zh="不核查"),
    "critical": Text(en="critical fields", zh="核查关键字段"),
    "all": Text(en="every answer", zh="全部核查"),
}


def _notes(study: Study) -> CrfTable:
    heads = (
        Text(en="Note", zh="序号"),
        Text(en="The registration", zh="注册信息"),
        Text(en="How it is read", zh="本研究的理解"),
    )
    cells = tuple((n.id, f"{n.about.zh} {n.about.en}", f"{n.reading.zh} {n.reading.en}") for n in study.notes)
    return CrfTable(Text(en="What the registration leaves open", zh="注册信息未明确之处"), heads, cells)
