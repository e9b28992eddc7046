"""What must hold before a form is signed, and the change a signature makes."""

from __future__ import annotations

from dataclasses import dataclass

from trialdesk.domain.actions.outcome import Refusal, Request, refuse_role
from trialdesk.domain.admin.role import Act
from trialdesk.domain.admin.signature_def import FieldName, signature_def
from trialdesk.domain.clinical.changes import FormCertified, FormSigned
from trialdesk.domain.clinical.form_status import FormStatus, form_status
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.rules.assess import assess_form
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.domain.text import Text

ACT: dict[FieldName, Act] = {"DataEntry": Act.CERTIFY, "Investigator": Act.SIGN}


@dataclass(frozen=True)
class PreflightLine:
    """One thing looked at before signing: fine or not, in words, the field to go to, and a note beneath."""

    fine: bool
    says: Text
    path: ItemPath | None = None
    note: Text | None = None


def preflight(
    book: Rulebook, data: SubjectData, request: Request, form: FormPath, field: FieldName = "Investigator"
) -> tuple[PreflightLine, ...]:
    """Everything that must be fine before this signature can be given."""
    status = form_status(data, form)
    assessment = assess_form(book, data, form, request.today)
    to_finish = assessment.to_finish
    complete = status in (FormStatus.COMPLETE, FormStatus.SIGNED) or (
        status is FormStatus.CHANGED and not data.changed_since_complete(form)
    )
    first = to_finish[0].path if to_finish else next(iter(data.by_form.get(form, ())), None)
    lines = [
        PreflightLine(True, Text(en="The form is complete.", zh="表单已完成。"))
        if complete
        else PreflightLine(False, Text(en="The form is not complete.", zh="表单尚未完成。"), first)
    ]
    lines += [PreflightLine(False, finding.says, finding.path) for finding in to_finish]
    waiting = [query for query in data.open_queries(form) if query.state == "Open"]
    lines += [PreflightLine(False, query.change.says, query.change.paths[0]) for query in waiting]
    if not to_finish:
        kept = [f for f in assessment.findings if f.severity == "soft"]
        note = Text(en="Kept with a reason: {rules}", zh="已填写理由：{rules}").format(
            rules=", ".join(dict.fromkeys(f.rule for f in kept))
        )
        says = Text(en="Every finding is settled.", zh="所有提示均已处理。")
        lines.append(PreflightLine(True, says, kept[0].path if kept else None, note if kept else None))
    if not waiting:
        lines.append(PreflightLine(True, Text(en="No query waits for an answer.", zh="没有待答复的质疑。")))
    if field == "Investigator":
        lines.append(_certified(data, form))
    return tuple(lines)


def _certified(data: SubjectData, form: FormPath) -> PreflightLine:
    record = data.certification(form)
    if record is not None:
        says = Text(en="Data entry has signed: {who}, {at}.", zh="数据录入者已签名：{who}，{at}。")
        return PreflightLine(True, says.format(who=record.user, at=record.local_time.strftime("%Y-%m-%d %H:%M")))
    says = Text(
        en="The person who entered the data has not signed what stands now. That signature comes first.",
        zh="数据录入者尚未对当前内容签名，须先由其签名。",
    )
    return PreflightLine(False, says)


def may_sign(
    book: Rulebook, data: SubjectData, request: Request, form: FormPath, field: FieldName = "Investigator"
) -> Refusal | None:
    """A refusal when this person cannot give this signature now."""
    refusal = refuse_role(request.role, ACT[field])
    if refusal:
        return refusal
    status = form_status(data, form)
    if status is FormStatus.SIGNED:
        return Refusal("state", Text(en="This form is signed already and unchanged.", zh="表单已签名，且未更改。"))
    if status is FormStatus.LOCKED:
        return Refusal("state", Text(en="This form is locked.", zh="表单已锁定。"))
    open_lines = [line for line in preflight(book, data, request, form, field) if not line.fine]
    if open_lines:
        says = Text(en="Cannot be signed yet: {why}", zh="暂不能签名：{why}").format(why=open_lines[0].says)
        return Refusal("unfinished", says)
    return None


def next_field(data: SubjectData, form: FormPath) -> FieldName:
    """Whose signature is due: data entry first, then the investigator."""
    return "Investigator" if data.certification(form) is not None else "DataEntry"


def certification(data: SubjectData, form: FormPath, document: str, certificate: str) -> FormCertified:
    """The change that records data entry's signature over everything its pages show."""
    now = signature_def("DataEntry")
    return FormCertified(
        form=form,
        covers=tuple(sorted(data.endorsed(form) | data.discussed(form))),
        meaning=now.meaning,
        document=document,
        certificate=certificate,
        version=now.version,
        legal_reason=now.legal_reason,
    )


def signature(
    data: SubjectData, form: FormPath, document: str, certificate: str, certified: str | None = None
) -> FormSigned:
    """The change that records an investigator's signature over exactly what stands now."""
    now = signature_def("Investigator")
    return FormSigned(
        form=form,
        covers=tuple(sorted(data.endorsed(form))),
        meaning=now.meaning,
        document=document,
        certificate=certificate,
        version=now.version,
        legal_reason=now.legal_reason,
        certified=certified,
    )
