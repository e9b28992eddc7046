"""A participant's casebook on paper: forms by visit or by form, then queries, signatures, audit trail and bundles."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Literal

from trialdesk import __version__
from trialdesk.documents.casebook import Chapter, Progress, render_casebook
from trialdesk.documents.content import CrfContent, CrfTable
from trialdesk.documents.paper import About, Attachment
from trialdesk.documents.study_summary import SheetFrame
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.form_status import STATUS_WORDS
from trialdesk.domain.clinical.subject_data import turn_line
from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Text
from trialdesk.services.casebook import Casebook
from trialdesk.services.crf_content import crf_content, people
from trialdesk.services.crf_rows import QUERY_WORDS
from trialdesk.services.desk import OpenDesk, look
from trialdesk.services.hue import hue
from trialdesk.services.paper_lines import change_line, moment

Order = Literal["visit", "form"]
CASEBOOK = Text(en="Casebook", zh="病例报告表全册")
ODM_NAME = "casebook.odm.xml"


def casebook_pdf(
    desk: OpenDesk, subject: str, order: Order = "visit", progress: Progress = lambda done, total: True
) -> bytes | None:
    """The whole casebook as PDF/A-3b with its ODM inside, every change included; None when it was stopped."""
    casebook = desk.casebook(subject)
    head, seal = desk.trail.head(desk.session.origin)
    now = desk.session.clock.now()
    training = look(desk.home).kind == "training"
    frame = SheetFrame(
        title=CASEBOOK,
        left=f"{desk.study.registration}   {desk.study.name.zh}   方案 protocol {desk.study.protocol_version}",
        foot_left=f"记录 record {head}   链 chain {seal[:16]}…{seal[-8:]}   {now.strftime('%Y-%m-%d %H:%M %z')}",
        plate=subject.rsplit("-", 1)[-1],
        hue=hue(subject),
        right=f"{casebook.data.initials}   中心 site {desk.session.site}   {subject}",
    )
    about = About(
        title=f"{CASEBOOK.zh} {CASEBOOK.en} {subject}",
        subject=f"{desk.study.registration} {subject}",
        author=f"TrialDesk {desk.study.registration}",
        made=now,
        attachments=(Attachment(ODM_NAME, casebook_odm(casebook), f"CDISC ODM 1.3.2: {subject}"),),
    )
    forms = in_order(casebook)
    names = people(casebook)
    return render_casebook(
        frame, about, [_contents(casebook, forms)], _chapters(casebook, forms, order, training),
        [*_annex(desk, casebook, names)], progress, training,
    )  # fmt: skip


def casebook_odm(casebook: Casebook) -> bytes:
    """Every record of a participant as ODM 1.3.2 (FileType Transactional)."""
    from trialdesk.exchange.odm.document import OdmFile, write_odm

    session = casebook.session
    head, seal = session.trail.head(session.origin)
    oid = f"TD.{session.book.study.oid}.{casebook.subject}.{head}.{seal[:12]}"
    about = OdmFile(casebook.study(), oid, session.clock.now(), __version__, people(casebook), kind="Transactional")
    return write_odm(about, [casebook.data], only_forms={form.form for form in casebook.data.by_form})


def in_order(casebook: Casebook) -> list[FormPath]:
    """Every form that holds an answer: visits by round and schedule, then logs and single events."""
    book, study = casebook.book(), casebook.study()

    def key(form: FormPath) -> tuple[object, ...]:
        late = study.event[form.event].kind != "scheduled"
        return (
            late,
            book.order(form) if not late else (0, 0),
            study.event_order[form.event],
            form.repeat,
            _place(study.event[form.event].forms, form.form),
        )

    return sorted((form for form in casebook.data.by_form if form.event in study.event), key=key)


def _place(forms: tuple[str, ...], form: str) -> int:
    return forms.index(form) if form in forms else len(forms)


def _chapters(casebook: Casebook, forms: Iterable[FormPath], order: Order, training: bool) -> list[Chapter]:
    study = casebook.study()
    grouped: dict[object, list[Callable[[], CrfContent]]] = {}
    titles: dict[object, Text] = {}
    for form in forms:
        key: object = (form.event, form.repeat) if order == "visit" else form.form
        titles.setdefault(key, visit_words(casebook, form) if order == "visit" else study.form[form.form].label)
        grouped.setdefault(key, []).append(partial(_plain, casebook, form, training))
    return [Chapter(titles[key], tuple(made)) for key, made in grouped.items()]


def _plain(casebook: Casebook, form: FormPath, training: bool) -> CrfContent:
    """One form as in its own CRF; the machine-readable copies stand once, for the whole casebook."""
    return replace(crf_content(casebook, form, training, copies=False), data=b"", odm=b"")


def visit_words(casebook: Casebook, form: FormPath) -> Text:
    """A visit with its round or number."""
    event = casebook.study(form).event[form.event]
    if event.per_round:
        return Text(en=f"Round {form.repeat}, {event.short.en}", zh=f"第 {form.repeat} 轮 {event.short.zh}")
    if event.repeating:
        return Text(en=f"{event.label.en}, no. {form.repeat}", zh=f"{event.label.zh}，第 {form.repeat} 次")
    return event.label


def _contents(casebook: Casebook, forms: Iterable[FormPath]) -> CrfTable:
    heads = (
        Text(en="Visit", zh="访视"), Text(en="Form", zh="表单"), Text(en="Version", zh="版本"),
        Text(en="State", zh="状态"), Text(en="Open queries", zh="未关闭质疑"), Text(en="Last change", zh="最后更改"),
    )  # fmt: skip
    cells = []
    for form in forms:
        visit, definition = visit_words(casebook, form), casebook.study(form).form[form.form]
        last = max((casebook.data.items[p].entries[-1].record for p in casebook.data.by_form[form]), key=lambda r: r.at)
        state = STATUS_WORDS[casebook.status(form)]
        waiting = sum(1 for _ in casebook.data.open_queries(form))
        cells.append((
            f"{visit.zh} {visit.en}", f"{definition.label.zh} {definition.label.en}", definition.version,
            f"{state.zh} {state.en}", str(waiting) if waiting else "", moment(last),
        ))  # fmt: skip
    return CrfTable(Text(en="Forms in this casebook", zh="本册表单"), heads, tuple(cells))


def _annex(desk: OpenDesk, casebook: Casebook, names: dict[str, Text]) -> Iterable[CrfTable]:
    records = sorted(desk.trail.records(subject=casebook.subject), key=lambda r: (r.at, r.origin, r.seq))
    yield _queries(casebook)
    yield _signatures(records, names)
    yield audit_table(casebook, records, names)
    yield bundle_table(desk)


def _queries(casebook: Casebook) -> CrfTable:
    heads = (
        Text(en="Opened", zh="提出"), Text(en="Place", zh="位置"), Text(en="Question", zh="质疑内容"),
        Text(en="Answers", zh="答复"), Text(en="State", zh="状态"),
    )  # fmt: skip
    cells = []
    for query in casebook.data.queries.values():
        state = QUERY_WORDS[query.state]
        says = query.change.says
        said = [turn_line(record) for record in query.thread]
        cells.append((
            f"{moment(query.opened)} {query.change.source}", "\n".join(map(str, query.change.paths)),
            f"{says.zh} {says.en}", "\n".join(said), f"{state.zh} {state.en}",
        ))  # fmt: skip
    return CrfTable(Text(en="Queries", zh="质疑"), heads, tuple(cells) or ((*("—",) * 5,),))


def _signatures(records: Iterable[AuditRecord], names: dict[str, Text]) -> CrfTable:
    heads = (
        Text(en="When", zh="时间"), Text(en="Who", zh="人员"), Text(en="Form", zh="表单"), Text(en="Meaning", zh="签名含义"),
        Text(en="Certificate", zh="证书编号"), Text(en="Signed file (SHA-256)", zh="签名文件（SHA-256）"),
    )  # fmt: skip
    cells = []
    for record in records:
        change = record.change
        if change.kind == "FormSigned" or change.kind == "FormCertified":
            who = names.get(record.user, Text(en=record.user, zh=record.user))
            cells.append((
                moment(record), f"{who.zh} {record.role}", str(change.form), f"{change.meaning.zh} {change.meaning.en}",
                change.certificate, change.document,
            ))  # fmt: skip
    return CrfTable(Text(en="Signatures", zh="签名"), heads, tuple(cells) or ((*("—",) * 6,),))


def audit_table(casebook: Casebook, records: Iterable[AuditRecord], names: dict[str, Text]) -> CrfTable:
    """Every record of the participant, oldest first, with what it changed from and to."""
    heads = (
        Text(en="No.", zh="编号"), Text(en="When", zh="时间"), Text(en="Who", zh="人员"), Text(en="What", zh="事项"),
        Text(en="Place", zh="位置"), Text(en="From", zh="原值"), Text(en="To", zh="新值"), Text(en="Why", zh="原因"),
    )  # fmt: skip
    held: dict[object, str] = {}
    return CrfTable(
        Text(en="Audit trail", zh="稽查轨迹"),
        heads,
        tuple(change_line(record, names, held) for record in records),
        weights=(7, 13, 8, 10, 26, 13, 15, 12),
    )


def bundle_table(desk: OpenDesk) -> CrfTable:
    """The bundles this desk wrote and what the centre has confirmed of them."""
    from trialdesk.services.transfer import standing

    heads = (
        Text(en="Bundle", zh="数据包"), Text(en="Records", zh="记录"), Text(en="Written", zh="导出时间"),
        Text(en="Centre confirmed", zh="中心确认"), Text(en="Header (SHA-256)", zh="包头（SHA-256）"),
    )  # fmt: skip
    cells = tuple(
        (str(one.number), f"{one.first}～{one.last}", one.made_at, one.confirmed_at or "未确认 not yet", one.header)
        for one in standing(desk).bundles
    )
    return CrfTable(Text(en="Bundles to the centre", zh="数据包台账"), heads, cells or ((*("—",) * 5,),))
