"""From a casebook to what stands on paper: one form with its answers, remarks, changes and embedded data."""

from __future__ import annotations

import orjson

from trialdesk.documents.content import CrfAuditLine, CrfContent, CrfFinding, CrfRow, CrfSection, CrfTable
from trialdesk.domain.actions.reasons import CHANGED, EXPLANATIONS, MISSING, words_of
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import FindingExplained, ItemCorrected, ItemDerived, ItemEntered, UserAdded
from trialdesk.domain.clinical.form_status import STATUS_WORDS
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.rules.finding import Finding, FormAssessment
from trialdesk.domain.rules.pages import rows
from trialdesk.domain.study.form import ItemDef, ItemGroupDef
from trialdesk.domain.text import Text
from trialdesk.services.casebook import Casebook
from trialdesk.services.hue import hue
from trialdesk.services.worklist import summary

MISSING_WORDS = dict(MISSING)


def crf_content(casebook: Casebook, form: FormPath, training: bool = False) -> CrfContent:
    """Everything that stands on the pages of one form, as the trail has it now."""
    session, study = casebook.session, casebook.session.book.study
    definition, event = study.form[form.form], study.event[form.event]
    assessment = casebook.assessment(form)
    about = summary(session.book, casebook.data, session.today)
    head, seal = session.trail.head(session.origin)
    now = session.clock.now()
    visit = event.label
    if event.repeating:
        visit = Text(en=f"{visit.en}, no. {form.repeat}", zh=f"{visit.zh}，第 {form.repeat} 次")
        if event.per_round:
            visit = Text(en=f"Round {form.repeat}, {event.short.en}", zh=f"第 {form.repeat} 轮 {event.short.zh}")
    return CrfContent(
        study=study.name,
        registration=study.registration,
        protocol_version=study.protocol_version,
        study_version=session.version,
        site=session.site,
        subject=casebook.subject,
        initials=casebook.data.initials,
        person=_person(about.sex, about.age),
        visit=visit,
        visit_date=_visit_date(casebook, form),
        form=definition.label,
        form_oid=definition.oid,
        form_version=definition.version,
        state=STATUS_WORDS[casebook.status(form)],
        parts=tuple(part for group in definition.groups for part in _parts(casebook, form, group, assessment)),
        audit=tuple(_audit_lines(casebook, form)),
        chain_head=seal,
        record_number=head,
        printed_at=now.strftime("%Y-%m-%d %H:%M") + f"（UTC{now.strftime('%z')[:3]}）",
        data=form_data(casebook, form),
        hue=hue(casebook.subject),
        training=training,
    )


def form_data(casebook: Casebook, form: FormPath) -> bytes:
    """The machine-readable copy: every standing answer of the form with the record that holds it, as JSON."""
    study = casebook.session.book.study
    answers = []
    for path in casebook.data.by_form.get(form, ()):
        item = casebook.data.items[path]
        answers.append(
            {
                "path": str(path),
                "value": item.value,
                "missing": item.missing,
                "unit": item.unit or study.item(path.item).unit,
                "record": list(item.head_ids),
                "struck": casebook.data.is_struck(path),
            }
        )
    whole = {
        "format": "trialdesk-crf-data",
        "version": 1,
        "study": study.oid,
        "release": casebook.session.version,
        "subject": casebook.subject,
        "form": str(form),
        "form_version": study.form[form.form].version,
        "answers": answers,
    }
    return orjson.dumps(whole, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2)


def _parts(
    casebook: Casebook, form: FormPath, group: ItemGroupDef, assessment: FormAssessment
) -> list[CrfSection | CrfTable]:
    if not group.repeating:
        return [CrfSection(group.label, tuple(_rows(casebook, form, group, 1, assessment)))]
    numbers = rows(casebook.data, form, group)
    items = [item for item in group.items if any(casebook.shown(form.item(group.oid, item.name, n)) for n in numbers)]
    if not items:
        return []
    if len(items) > 9:
        return [
            CrfSection(group.label, tuple(_rows(casebook, form, group, n, assessment)), _row_label(group, n))
            for n in numbers
        ]
    heads = (Text(en="No.", zh="序号"), *(_headed(item) for item in items))
    cells = tuple(
        (_row_label(group, n).zh, *(_cell(casebook, form.item(group.oid, item.name, n), item) for item in items))
        for n in numbers
    )
    found = [f for f in assessment.findings if f.path.group == group.oid]
    return [CrfTable(group.label, heads, cells, tuple(_finding(f) for f in found))]


def _rows(
    casebook: Casebook, form: FormPath, group: ItemGroupDef, number: int, assessment: FormAssessment
) -> list[CrfRow]:
    made = []
    for item in group.items:
        path = form.item(group.oid, item.name, number)
        if path in assessment.skipped and casebook.data.value(path) is None:
            continue
        value, words = _said(casebook, path, item)
        limits = item.range
        expected = (
            f"{limits.min if limits.min is not None else ''}～{limits.max if limits.max is not None else ''}"
            if limits
            else None
        )
        unit = casebook.data.items[path].unit if path in casebook.data.items else None
        made.append(
            CrfRow(
                name=item.name,
                label=item.label,
                value=value,
                words=words,
                unit=(unit or item.unit) if value and not words else None,
                range=expected,
                setting=item.setting,
                derived=item.derived,
                findings=tuple(_finding(f) for f in assessment.at(path)),
                queries=tuple(q.change.says.zh for q in casebook.data.open_queries(form) if path in q.change.paths),
            )
        )
    return made


def _said(casebook: Casebook, path: ItemPath, item: ItemDef) -> tuple[str, Text | None]:
    """The stored value and, for codes and missing answers, its words."""
    recorded = casebook.data.items.get(path)
    if recorded is not None and recorded.missing is not None:
        return recorded.missing, MISSING_WORDS[recorded.missing]
    value = casebook.shown(path)
    if value is None:
        return "", None
    return value, casebook.session.book.study.words(item, value)


def _cell(casebook: Casebook, path: ItemPath, item: ItemDef) -> str:
    value, words = _said(casebook, path, item)
    return f"{words.zh} {words.en}" if words else value


def _headed(item: ItemDef) -> Text:
    unit = f" {item.unit}" if item.unit else ""
    return Text(en=item.label.en + unit, zh=item.label.zh + unit)


def _row_label(group: ItemGroupDef, number: int) -> Text:
    if number <= len(group.row_labels):
        return group.row_labels[number - 1]
    return Text(en=f"no. {number}", zh=f"第 {number} 行")


def _finding(finding: Finding) -> CrfFinding:
    reason = None
    if finding.explained is not None and isinstance(finding.explained.change, FindingExplained):
        change = finding.explained.change
        reason = words_of(EXPLANATIONS, change.code, change.words)
    return CrfFinding(finding.rule, finding.says, reason)


def _audit_lines(casebook: Casebook, form: FormPath) -> list[CrfAuditLine]:
    """Every correction of the form, oldest first; first answers are the form itself."""
    lines = []
    names = {user.user: user.name for user in _users(casebook)}
    for path in casebook.data.by_form.get(form, ()):
        before = ""
        for entry in casebook.data.items[path].entries:
            after = entry.answer[0] or entry.answer[1] or ""
            if isinstance(entry.change, ItemCorrected):
                lines.append(_audit_line(entry.record, names, path, before, after))
            before = after
    return sorted(lines, key=lambda line: line.at)


def _audit_line(record: AuditRecord, names: dict[str, Text], path: ItemPath, before: str, after: str) -> CrfAuditLine:
    assert isinstance(record.change, ItemEntered | ItemCorrected | ItemDerived)
    why = ""
    if record.reason is not None:
        known = words_of(CHANGED, record.reason.code)
        why = f"{known.zh} {known.en} {record.reason.words}".strip()
    moment = record.local_time.strftime("%Y-%m-%d %H:%M:%S") + f" {record.zone}"
    who = names.get(record.user, Text(en=record.user, zh=record.user))
    return CrfAuditLine(moment, who, path.item, before, after, why)


def _users(casebook: Casebook) -> list[UserAdded]:
    added = casebook.session.trail.records(origin=casebook.session.origin, kinds=("UserAdded",))
    return [record.change for record in added if isinstance(record.change, UserAdded)]


def _visit_date(casebook: Casebook, form: FormPath) -> str:
    from trialdesk.domain.actions.entry import visit_date

    day = visit_date(casebook.session.book, casebook.data, form)
    return day.isoformat() if day else ""


def _person(sex: Text | None, age: int | None) -> Text:
    parts_en = [sex.en.lower()] if sex else []
    parts_zh = [sex.zh] if sex else []
    if age is not None:
        parts_en.append(f"{age} y")
        parts_zh.append(f"{age} 岁")
    return Text(en=", ".join(parts_en), zh="，".join(parts_zh))
