"""What must hold before a form is signed, and the change a signature makes."""

from __future__ import annotations

from dataclasses import dataclass

from trialdesk.domain.actions.outcome import Refusal, Request, refuse_role
from trialdesk.domain.admin.role import Act, Role
from trialdesk.domain.clinical.changes import FormSigned
from trialdesk.domain.clinical.form_status import FormStatus, form_status
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.rules.assess import assess_form
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.domain.text import Text

MEANINGS: dict[Role, Text] = {
    Role.NURSE: Text(
        en="I entered these data; they agree with the source documents.", zh="本人录入上述数据，与源文件一致。"
    ),
    Role.INVESTIGATOR: Text(
        en="I reviewed this form and confirm that it is complete, accurate and attributable.",
        zh="本人已审核本表单，确认数据完整、准确、可归属。",
    ),
}


@dataclass(frozen=True)
class PreflightLine:
    """One thing looked at before signing: fine or not, in words, with the field to go to."""

    fine: bool
    says: Text
    path: ItemPath | None = None


def preflight(book: Rulebook, data: SubjectData, request: Request, form: FormPath) -> tuple[PreflightLine, ...]:
    """Everything that must be fine before this form can be signed by an investigator."""
    status = form_status(data, form)
    to_finish = assess_form(book, data, form, request.today).to_finish
    complete = status in (FormStatus.COMPLETE, FormStatus.SIGNED) or (
        status is FormStatus.CHANGED and not data.changed_since_complete(form)
    )
    lines = [PreflightLine(complete, Text(en="The form is complete.", zh="表单已完成。"))]
    lines += [PreflightLine(False, finding.says, finding.path) for finding in to_finish]
    waiting = [query for query in data.open_queries(form) if query.state == "Open"]
    lines += [PreflightLine(False, query.change.says, query.change.paths[0]) for query in waiting]
    if not to_finish:
        lines.append(PreflightLine(True, Text(en="Every finding is settled.", zh="所有提示均已处理。")))
    if not waiting:
        lines.append(PreflightLine(True, Text(en="No query waits for an answer.", zh="没有待答复的质疑。")))
    return tuple(lines)


def may_sign(book: Rulebook, data: SubjectData, request: Request, form: FormPath) -> Refusal | None:
    """A refusal when this person cannot sign this form now."""
    refusal = refuse_role(request.role, Act.SIGN)
    if refusal:
        return refusal
    if form_status(data, form) is FormStatus.SIGNED:
        return Refusal("state", Text(en="This form is signed already and unchanged.", zh="表单已签名，且未更改。"))
    open_lines = [line for line in preflight(book, data, request, form) if not line.fine]
    if open_lines:
        says = Text(en="Cannot be signed yet: {why}", zh="暂不能签名：{why}").format(why=open_lines[0].says)
        return Refusal("unfinished", says)
    return None


def signature(data: SubjectData, form: FormPath, role: Role, document: str, certificate: str) -> FormSigned:
    """The change that records a signature over exactly what stands now."""
    covers = tuple(sorted(data.covered(form)))
    return FormSigned(form=form, covers=covers, meaning=MEANINGS[role], document=document, certificate=certificate)
