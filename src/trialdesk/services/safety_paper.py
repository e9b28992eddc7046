"""The printed report of a serious adverse event, from what is recorded; nothing is asked and nothing is guessed."""

from __future__ import annotations

from trialdesk.documents.paper import About, Attachment
from trialdesk.documents.safety_report import SafetyCell, SafetyContent, render_safety
from trialdesk.documents.study_summary import SheetFrame
from trialdesk.domain.clinical.form_status import STATUS_WORDS
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.study.safety_report import ReportCell
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.casebook import Casebook
from trialdesk.services.crf_paper import form_odm
from trialdesk.services.crf_rows import MISSING_WORDS, STRUCK
from trialdesk.services.hue import hue

TITLE = Text(en="Serious adverse event report", zh="严重不良事件报告")
CODE_LIMIT = 600
"""Characters in the QR code; a denser code is not read from paper reliably."""


def safety_pdf(casebook: Casebook, form: FormPath) -> bytes:
    """The report of one serious event as PDF/A-3b with its ODM inside; raises KnownError where the study has none."""
    return render_safety(safety_content(casebook, form))


def safety_content(casebook: Casebook, form: FormPath) -> SafetyContent:
    """What stands in each cell, which are missing, and the words of the QR code."""
    session, study = casebook.session, casebook.study(form)
    layout = study.safety_report
    if layout is None or form.form != layout.form or form not in casebook.data.by_form:
        raise KnownError(
            Text(
                en="There is no serious event recorded as {form}. Open the event's form and print from there.",
                zh="没有记录为 {form} 的严重不良事件。请打开该事件的表单后打印。",
            ).format(form=str(form))
        )
    cells = [_participant(casebook), *(_cell(casebook, form, cell) for cell in layout.cells)]
    head, seal = session.trail.head(session.origin)
    now = session.clock.now()
    state = STATUS_WORDS[casebook.status(form)]
    frame = SheetFrame(
        title=TITLE,
        left=f"{study.registration}   {study.name.zh}   中心 site {session.site}   {form}   {state.zh} {state.en}",
        foot_left=f"记录 record {head}   链 chain {seal[:16]}…{seal[-8:]}   {now.strftime('%Y-%m-%d %H:%M %z')}",
        plate=casebook.subject.rsplit("-", 1)[-1],
        hue=hue(casebook.subject),
        right=f"{casebook.data.initials}   {casebook.subject}",
    )
    about = About(
        title=f"{TITLE.zh} {TITLE.en} {casebook.subject}",
        subject=f"{study.registration} {form}",
        author=f"TrialDesk {study.registration}",
        made=now,
        attachments=(Attachment("sae.odm.xml", form_odm(casebook, form), "CDISC ODM 1.3.2"),),
    )
    return SafetyContent(frame, about, tuple(cells), _payload(casebook, form, seal))


def _participant(casebook: Casebook) -> SafetyCell:
    return SafetyCell("1", Text(en="Participant", zh="受试者"), (f"{casebook.subject}  {casebook.data.initials}",))


def _cell(casebook: Casebook, form: FormPath, cell: ReportCell) -> SafetyCell:
    if cell.fixed is not None:
        return SafetyCell(cell.number, cell.label, (cell.fixed,))
    rows: dict[tuple[FormPath, str, int], list[str]] = {}
    for name in cell.items:
        for path in _places(casebook, form, name):
            said = _said(casebook, path)
            if said:
                rows.setdefault((path.form_path, path.group, path.group_repeat), []).append(said)
    return SafetyCell(cell.number, cell.label, tuple("；".join(row) for row in rows.values()), cell.needed, cell.wide)


def _places(casebook: Casebook, form: FormPath, name: str) -> list[ItemPath]:
    """Where an answer is taken from: this report for its own items, else every recorded place of the participant."""
    where, group, item = casebook.study(form).place[name]
    if where.oid == form.form:
        return [form.item(group.oid, item.name)]
    order = casebook.book(form).order
    return sorted(casebook.data.by_item.get(name, ()), key=lambda p: (order(p.form_path), p))


def _said(casebook: Casebook, path: ItemPath) -> str:
    study = casebook.study(path.form_path)
    item = study.item(path.item)
    recorded = casebook.data.items.get(path)
    if recorded is not None and recorded.disputed:
        return f"{item.label.zh}：" + " / ".join(e.answer[0] or "" for e in recorded.heads) + "（有争议 disputed）"
    value = casebook.shown(path)
    if value is None:
        if recorded is None or recorded.missing is None:
            return ""
        words: Text | None = MISSING_WORDS[recorded.missing]
    else:
        words = study.words(item, value)
    unit = (recorded.unit if recorded else None) or item.unit or ""
    said = f"{words.zh} {words.en}" if words else f"{value} {unit}".strip()
    struck = f"（{STRUCK.zh}）" if casebook.data.is_struck(path) else ""
    return f"{item.label.zh}：{said}{struck}"


def _payload(casebook: Casebook, form: FormPath, seal: str) -> str:
    """The report's own answers as plain text, cut where a code would become too dense; the file holds all of them."""
    study = casebook.study(form)
    parts = [f"TDSAE1;{study.registration};R={study.version};P={casebook.subject};E={form};C={seal[:12]}"]
    for path in casebook.data.by_form.get(form, ()):
        value = casebook.data.value(path)
        if value is not None and study.item(path.item).kind != "long_text" and value.isascii():
            parts.append(f"{path.item}={value}")
    while len(";".join(parts)) > CODE_LIMIT:
        parts.pop()
    return ";".join(parts)
