"""From a casebook to what stands on paper: one form with its answers, remarks, changes and embedded data."""

from __future__ import annotations

import orjson

from trialdesk.documents.content import CrfAuditLine, CrfContent, CrfSignature
from trialdesk.domain.actions.reasons import CHANGED, words_of
from trialdesk.domain.admin.role import ROLE_WORDS, Role
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import (
    FormCertified,
    FormSigned,
    ItemCorrected,
    ItemDerived,
    ItemEntered,
    UserAdded,
)
from trialdesk.domain.clinical.form_status import STATUS_WORDS
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.text import Text
from trialdesk.services.casebook import Casebook
from trialdesk.services.crf_paper import form_odm
from trialdesk.services.crf_rows import FormOnPaper
from trialdesk.services.hue import hue
from trialdesk.services.paper_scan import scans
from trialdesk.services.worklist import sex_and_age


def crf_content(casebook: Casebook, form: FormPath, training: bool = False, copies: bool = True) -> CrfContent:
    """Everything that stands on the pages of one form, as the trail has it now; `copies` adds what is embedded."""
    session, study = casebook.session, casebook.study(form)
    definition, event = study.form[form.form], study.event[form.event]
    head, seal = session.trail.head(session.origin)
    now = session.clock.now()
    names = people(casebook)
    visit = event.label
    if event.repeating:
        visit = Text(en=f"{visit.en}, no. {form.repeat}", zh=f"{visit.zh}，第 {form.repeat} 次")
        if event.per_round:
            visit = Text(en=f"Round {form.repeat}, {event.short.en}", zh=f"第 {form.repeat} 轮 {event.short.zh}")
    return CrfContent(
        study=study.name,
        registration=study.registration,
        protocol_version=study.protocol_version,
        study_version=study.version,
        site=session.site,
        subject=casebook.subject,
        initials=casebook.data.initials,
        person=_person(*sex_and_age(session.book, casebook.data, session.today)),
        visit=visit,
        visit_date=_visit_date(casebook, form),
        form=definition.label,
        form_oid=definition.oid,
        form_version=definition.version,
        state=STATUS_WORDS[casebook.status(form)],
        parts=FormOnPaper(casebook, form).parts(),
        audit=tuple(_audit_lines(casebook, form, names)),
        signatures=tuple(_signatures(casebook, form, names)),
        scans=tuple(
            (one.record.local_time.strftime("%Y-%m-%d %H:%M:%S"), one.record.user, one.document)
            for one in scans(casebook, form)
        ),
        chain_head=seal,
        record_number=head,
        printed_at=now.strftime("%Y-%m-%d %H:%M") + f"（UTC{now.strftime('%z')[:3]}）",
        data=form_data(casebook, form) if copies else b"",
        odm=form_odm(casebook, form) if copies else b"",
        hue=hue(casebook.subject),
        training=training or casebook.session.training,
        made=now,
        path=str(form),
    )


def form_data(casebook: Casebook, form: FormPath) -> bytes:
    """The machine-readable copy: every standing answer of the form with the record that holds it, as JSON."""
    study = casebook.study(form)
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
        "release": study.version,
        "subject": casebook.subject,
        "form": str(form),
        "form_version": study.form[form.form].version,
        "answers": answers,
    }
    return orjson.dumps(whole, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2)


def _audit_lines(casebook: Casebook, form: FormPath, names: dict[str, Text]) -> list[CrfAuditLine]:
    """Every correction of the form, oldest first; first answers are the form itself."""
    lines = []
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


def _signatures(casebook: Casebook, form: FormPath, names: dict[str, Text]) -> list[CrfSignature]:
    """The signatures given to the form so far, oldest first."""
    acts = casebook.data.forms.get(form)
    given = []
    for record in sorted((*acts.certified, *acts.signed), key=lambda r: (r.at, r.origin, r.seq)) if acts else ():
        assert isinstance(record.change, FormSigned | FormCertified)
        at = record.local_time.strftime("%Y-%m-%d %H:%M:%S") + f" {record.zone}"
        who = names.get(record.user, Text(en=record.user, zh=record.user))
        given.append(
            CrfSignature(who, ROLE_WORDS[Role(record.role)], at, record.change.meaning, record.change.document)
        )
    return given


def people(casebook: Casebook) -> dict[str, Text]:
    """The name of every person of this workstation, by user id."""
    added = casebook.session.trail.records(origin=casebook.session.origin, kinds=("UserAdded",))
    return {record.change.user: record.change.name for record in added if isinstance(record.change, UserAdded)}


def _visit_date(casebook: Casebook, form: FormPath) -> str:
    from trialdesk.domain.actions.entry import visit_date

    day = visit_date(casebook.book(form), casebook.data, form)
    return day.isoformat() if day else ""


def _person(sex: Text | None, age: int | None) -> Text:
    parts_en = [sex.en.lower()] if sex else []
    parts_zh = [sex.zh] if sex else []
    if age is not None:
        parts_en.append(f"{age} y")
        parts_zh.append(f"{age} 岁")
    return Text(en=", ".join(parts_en), zh="，".join(parts_zh))
