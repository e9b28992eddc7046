"""The report of a monitoring visit as signed PDF: what was verified, what remains, queries drafted, deviations seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from trialdesk.documents.report import ReportContent, ReportTable, render_report, rows_as_json
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import QueryProposed, SourceVerified, VerificationLifted
from trialdesk.domain.clinical.monitoring_changes import FormRead
from trialdesk.domain.clinical.source_review import Shield, SubjectReview
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.text import Text
from trialdesk.services.monitoring_view import SOURCE_WORDS, place_words, visit_words
from trialdesk.services.visit_desk import VisitDesk


@dataclass(frozen=True)
class Seen:
    """A departure from the protocol that the rules find, with whether the ward gave a reason."""

    subject: str
    path: ItemPath
    rule: str
    says: Text
    explained: bool


def write_visit_report(visit: VisitDesk, path: Path) -> Path:
    """Write the report, signed with the monitor's own key; raises KnownError for a place that cannot be written."""
    from trialdesk.documents.report_signing import sign_report
    from trialdesk.exchange.envelope import write_durably
    from trialdesk.security.certificates import load_certificate

    certificate, root = (load_certificate(pem.encode()) for pem in (visit.head.certificate, visit.head.root))
    now = visit.clock.now()
    words = (
        Text(en=f"Monitor {visit.head.monitor}", zh=f"监查员 {visit.head.monitor}"),
        Text(en="Report of the visit", zh="监查访视报告"),
        Text(en="report of a monitoring visit", zh="监查访视报告"),
    )
    pdf = render_report(content_of(visit))
    write_durably(path, sign_report(pdf, visit.keys.signing_key, certificate, [root], now, words, "Monitor"))
    return path


def content_of(visit: VisitDesk) -> ReportContent:
    """Everything on the pages."""
    head, study, now = visit.head, visit.study, visit.clock.now()
    reviews = [visit.review(subject) for subject in visit.subjects]
    tables = (
        _participants(visit, reviews),
        _verified(visit),
        *_optional(_lifted(visit)),
        _remaining(visit, reviews),
        _queries(visit),
        _waiting(visit),
        _deviations(visit, deviations(visit)),
    )
    site = study.sites.get(head.site, Text(en=head.site, zh=head.site))
    begun = visit.log.records[0].local_time if visit.log.records else now
    facts = (
        Text(en=f"Site {head.site}, {site.en}", zh=f"研究中心 {head.site} {site.zh}"),
        Text(en=f"Monitor {head.monitor}, visit {head.visit}", zh=f"监查员 {head.monitor}，访视 {head.visit}"),
        Text(
            en=f"Work from {begun:%Y-%m-%d %H:%M} to {now:%Y-%m-%d %H:%M}, {visit.log.head[0]} acts",
            zh=f"工作时间 {begun:%Y-%m-%d %H:%M} 至 {now:%Y-%m-%d %H:%M}，共 {visit.log.head[0]} 项操作",
        ),
        Text(
            en=f"Data as the centre held them {head.made[:16].replace('T', ' ')}",
            zh=f"数据为中心 {head.made[:16].replace('T', ' ')} 所持内容",
        ),
        _PLAN.format(words=visit.plan.words()),
        *((_ASSUMED,) if visit.plan.source == "assumption" else ()),
    )
    return ReportContent(
        title=Text(en=f"Monitoring visit, site {head.site}", zh=f"{head.site} 中心监查访视报告"),
        study=study.title,
        facts=facts,
        foot=f"{study.registration}   {head.visit}   {head.monitor}   {visit.log.head[1][:16]}…",
        tables=tables,
        pictures=(),
        data=rows_as_json(tables),
        data_name="visit.json",
    )


def deviations(visit: VisitDesk) -> tuple[Seen, ...]:
    """Every departure from the protocol in the casebooks of the pack, on the day of the visit."""
    from trialdesk.domain.rules.assess import assess
    from trialdesk.domain.rules.rulebook import Rulebook
    from trialdesk.services.terminology import rule_terminology

    book, today = Rulebook(visit.study, rule_terminology()), visit.clock.now().date()
    return tuple(
        Seen(subject, one.path, one.rule, one.says, one.explained is not None)
        for subject in visit.subjects
        for assessment in assess(book, visit.data(subject), today).values()
        for one in assessment.findings
        if one.deviation
    )


def _optional(table: ReportTable) -> Iterator[ReportTable]:
    if table.rows:
        yield table


def _participants(visit: VisitDesk, reviews: list[SubjectReview]) -> ReportTable:
    here = {record.id for record in visit.log.records}
    rows = []
    for review in reviews:
        now, data = review.tally, visit.data(review.subject)
        fresh = sum(
            1
            for form in review.forms
            for item in form.items
            if (record := data.verification(item.path)) is not None and record.id in here
        )
        full = {"first": _FIRST, "sample": _DRAWN, None: _PLANNED}[review.full]
        cells = (
            review.subject,
            _both(full),
            now.required,
            fresh,
            now.verified,
            now.extra,
            now.lapsed,
            now.remaining,
            now.again,
        )
        rows.append(tuple(str(cell) for cell in cells))
    return _table(
        "participants", Text(en="Participants", zh="受试者"),
        Text(en="Answers verified as they stand, by the plan", zh="按计划统计的当前已核查字段"),
        (
            Text(en="Participant", zh="受试者"), Text(en="How much", zh="范围"), Text(en="Asked for", zh="应核查"),
            Text(en="At this visit", zh="本次核查"), Text(en="Verified", zh="已核查"), Text(en="Beyond the plan", zh="计划外核查"),
            Text(en="Lapsed", zh="已失效"), Text(en="Remaining", zh="剩余"),
            Text(en="Once more", zh="待复核"),
        ),
        tuple(rows),
    )  # fmt: skip


def _verified(visit: VisitDesk) -> ReportTable:
    lifted = {name for record in _acts(visit, VerificationLifted) for name in getattr(record.change, "replaces", ())}
    read = {(record.subject, record.at) for record in _acts(visit, FormRead)}
    rows = []
    for record in _acts(visit, SourceVerified):
        change = record.change
        assert isinstance(change, SourceVerified)
        if record.id not in lifted:
            forms = dict.fromkeys(path.form_path for path in change.paths)
            whole = _YES if (record.subject, record.at) in read else _DASH
            rows.append(
                (
                    record.subject or "", "; ".join(_form_words(visit, form) for form in forms), str(len(change.paths)),
                    _both(SOURCE_WORDS[change.source]), change.where, f"{record.local_time:%m-%d %H:%M}", whole,
                )
            )  # fmt: skip
    return _table(
        "verified", Text(en="Verified at this visit", zh="本次访视核查"),
        Text(en="Each act with its source; a form called verified at once was read to its end",
             zh="每次操作及其源文件；一次核查整份表单的，均已通读至末尾"),
        (
            Text(en="Participant", zh="受试者"), Text(en="Visit and form", zh="访视与表单"), Text(en="Answers", zh="项数"),
            Text(en="Source", zh="源文件"), Text(en="Where", zh="位置"), Text(en="Date and time", zh="日期与时间"),
            Text(en="Read to the end", zh="已通读"),
        ),
        tuple(rows),
    )  # fmt: skip


def _lifted(visit: VisitDesk) -> ReportTable:
    rows = tuple(
        (
            record.subject or "",
            ", ".join(record.change.replaces),
            record.change.words,
            f"{record.local_time:%m-%d %H:%M}",
        )
        for record in _acts(visit, VerificationLifted)
        if isinstance(record.change, VerificationLifted)
    )
    return _table(
        "taken-back", Text(en="Verifications taken back", zh="撤销的核查"),
        Text(en="With the reason", zh="附原因"),
        (Text(en="Participant", zh="受试者"), Text(en="Record", zh="记录"), Text(en="Reason", zh="原因"), Text(en="Date and time", zh="日期与时间")),
        rows,
    )  # fmt: skip


def _remaining(visit: VisitDesk, reviews: list[SubjectReview]) -> ReportTable:
    rows = []
    for review in reviews:
        left: dict[str, int] = defaultdict(int)
        for form in review.forms:
            left[form.form.form] += form.tally.remaining
        named = [f"{_both(visit.study.form[name].label)} {count}" for name, count in left.items() if count]
        lapsed = [place_words(visit.study, i.path) for f in review.forms for i in f.items if i.shield is Shield.LAPSED]
        if named:
            rows.append((review.subject, str(review.tally.remaining), "; ".join(named), "; ".join(map(_both, lapsed))))
    return _table(
        "remaining", Text(en="What remains", zh="剩余待核查"),
        Text(en="Answers the plan asks for that are not verified as they stand, by form", zh="计划要求而当前未核查的字段，按表单"),
        (
            Text(en="Participant", zh="受试者"), Text(en="Answers", zh="项数"), Text(en="Forms", zh="表单"),
            Text(en="Lapsed by a correction", zh="因更正失效"),
        ),
        tuple(rows),
    )  # fmt: skip


def _queries(visit: VisitDesk) -> ReportTable:
    rows = tuple(
        (
            record.id.rpartition(":")[2],
            subject,
            _both(place_words(visit.study, record.change.paths[0])),
            _both(record.change.says),
        )
        for subject, record in visit.drafted()
        if isinstance(record.change, QueryProposed)
    )
    return _table(
        "queries", Text(en="Queries drafted at this visit", zh="本次访视起草的质疑"),
        Text(en="Drafts; the centre sends them out", zh="待发质疑，由中心下发"),
        (Text(en="Act", zh="操作号"), Text(en="Participant", zh="受试者"), Text(en="Place", zh="位置"), Text(en="Question", zh="质疑")),
        rows,
    )  # fmt: skip


def _waiting(visit: VisitDesk) -> ReportTable:
    rows = tuple(
        (
            query.id,
            subject,
            _both(place_words(visit.study, query.change.paths[0])),
            _both(query.change.says),
            query.state,
        )
        for subject in visit.subjects
        for query in visit.data(subject).open_queries()
    )
    return _table(
        "waiting", Text(en="Queries that wait", zh="待处理质疑"),
        Text(en="Open or answered when the pack was made", zh="制作数据包时尚未关闭"),
        (
            Text(en="Query", zh="质疑编号"), Text(en="Participant", zh="受试者"), Text(en="Place", zh="位置"),
            Text(en="Question", zh="质疑"), Text(en="State", zh="状态"),
        ),
        rows,
    )  # fmt: skip


def _deviations(visit: VisitDesk, seen: tuple[Seen, ...]) -> ReportTable:
    """One line for each rule that speaks on a form, with how many answers it speaks of."""
    groups: dict[tuple[str, FormPath, str, bool], list[Seen]] = defaultdict(list)
    for one in seen:
        groups[one.subject, one.path.form_path, one.rule, one.explained].append(one)
    rows = tuple(
        (
            subject, rule, _both(place_words(visit.study, group[0].path)), str(len(group)), _both(group[0].says),
            _YES if explained else _DASH,
        )
        for (subject, _, rule, explained), group in groups.items()
    )  # fmt: skip
    return _table(
        "deviations", Text(en="Deviations seen", zh="所见方案偏离"),
        Text(en="Departures from the protocol that the rules find in the data of the pack", zh="规则在数据包数据中发现的方案偏离"),
        (
            Text(en="Participant", zh="受试者"), Text(en="Rule", zh="规则"), Text(en="Place, the first", zh="位置（首处）"),
            Text(en="Places", zh="处数"), Text(en="What", zh="内容"), Text(en="Reason given", zh="已说明"),
        ),
        rows,
    )  # fmt: skip


def _table(
    name: str, title: Text, says: Text, heads: tuple[Text, ...], rows: tuple[tuple[str, ...], ...]
) -> ReportTable:
    return ReportTable(name, title, says, _NOBODY, heads, rows, () if rows else (_NONE,))


def _acts(visit: VisitDesk, kind: type) -> Iterator[AuditRecord]:
    return (record for record in visit.log.records if isinstance(record.change, kind))


def _form_words(visit: VisitDesk, form: FormPath) -> str:
    label, where = visit.study.form[form.form].label, visit_words(visit.study, form)
    return _both(Text(en=f"{where.en}, {label.en}", zh=f"{where.zh}，{label.zh}"))


def _both(words: Text) -> str:
    return words.zh if words.zh == words.en else f"{words.zh} {words.en}"


_PLAN = Text(en="Plan: {words}", zh="监查计划：{words}")
_ASSUMED = Text(
    en="The plan is a setting of the study that has still to be confirmed.", zh="监查计划为研究设定，尚待确认。"
)
_FIRST = Text(en="in full, first of the site", zh="全部，中心首批")
_DRAWN = Text(en="in full, drawn", zh="全部，抽样")
_PLANNED = Text(en="by the plan", zh="按计划")
_NOBODY = Text(en="", zh="")
_NONE = Text(en="None.", zh="无。")
_YES, _DASH = "是 yes", "–"
