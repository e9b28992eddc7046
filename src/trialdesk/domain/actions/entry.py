"""Giving, correcting and explaining answers; saving is never refused because of a rule."""

from __future__ import annotations

from datetime import date

from trialdesk.domain.actions.outcome import Outcome, Refusal, Request, refuse_role
from trialdesk.domain.actions.reading_answers import read_answer
from trialdesk.domain.admin.role import Act
from trialdesk.domain.clinical.changes import (
    FindingExplained,
    ItemCorrected,
    ItemEntered,
    Missing,
    RowStruck,
)
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.partial_date import PartialDate
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.domain.text import Text


def enter_item(
    book: Rulebook,
    data: SubjectData,
    request: Request,
    path: ItemPath,
    typed: str,
    missing: Missing | None = None,
    unit: str | None = None,
) -> Outcome | Refusal:
    """Record an answer, a correction, or why there is none.

    `typed` is as the person wrote it; empty text clears an answer. `missing` is ND, UNK or NA instead of a value.
    A form that was ever complete needs a reason for the change. The same answer again changes nothing.
    """
    refusal = refuse_role(request.role, Act.ENTER) or refuse_locked(data, path.form_path)
    if refusal:
        return refusal
    book = book.on(data, request.today, path.form_path)
    if path.item not in book.study.place:
        return Refusal("state", _LATER.format(item=path.item, version=book.study.version))
    item = book.study.item(path.item)
    if item.derived:
        return Refusal(
            "derived",
            Text(en="This value is computed; change what it rests on.", zh="此值由系统计算，请修改其依据的数据。"),
        )
    value: str | None = None
    if missing is None and typed.strip():
        read = read_answer(book.study, item, typed, request.today, visit_date(book, data, path.form_path), request.now)
        if isinstance(read, Text):
            return Refusal("not_readable", read)
        value = read
    if unit == item.unit or value is None:
        unit = None
    known = data.items.get(path)
    if known is None:
        return (
            Outcome((ItemEntered(path=path, value=value, missing=missing, unit=unit),))
            if value or missing
            else Outcome()
        )
    if not known.disputed and (known.value, known.missing, known.unit) == (value, missing, unit):
        return Outcome()
    if was_complete(data, path.form_path) and request.reason is None:
        return reason_needed()
    change = ItemCorrected(path=path, value=value, missing=missing, unit=unit, replaces=known.head_ids)
    return Outcome((change,), request.reason)


def explain_finding(
    book: Rulebook, data: SubjectData, request: Request, path: ItemPath, rule: str, code: str, words: str = ""
) -> Outcome | Refusal:
    """Keep a value in spite of a soft finding and say why; the reason holds until the value changes."""
    refusal = refuse_role(request.role, Act.EXPLAIN) or refuse_locked(data, path.form_path)
    if refusal:
        return refusal
    if code == "OTHER" and not words.strip():
        return Refusal("reason_needed", Text(en="Write the reason in a few words.", zh="请简要填写原因。"))
    known = data.items.get(path)
    covers = known.head_ids if known else ()
    return Outcome((FindingExplained(path=path, rule=rule, code=code, words=words.strip(), covers=covers),))


def strike_row(
    data: SubjectData, request: Request, form: FormPath, group: str | None = None, group_repeat: int = 1
) -> Outcome | Refusal:
    """Strike a log entry or a table row; it stays in the trail and leaves counts, rules and exports."""
    refusal = refuse_role(request.role, Act.STRIKE) or refuse_locked(data, form)
    if refusal:
        return refusal
    if request.reason is None:
        return reason_needed()
    return Outcome((RowStruck(form=form, group=group, group_repeat=group_repeat),), request.reason)


def visit_date(book: Rulebook, data: SubjectData, form: FormPath) -> date | None:
    """The whole date of this visit where it is recorded: what `v` means in a date box."""
    event = book.study.event.get(form.event)
    if event is None or event.date_item is None:
        return None
    item_form, group, _ = book.study.place[event.date_item]
    text = data.value(FormPath(form.event, form.repeat, item_form.oid).item(group.oid, event.date_item))
    found = PartialDate.parse(text) if text else None
    return found.earliest if found is not None and found.complete else None


def refuse_locked(data: SubjectData, form: FormPath) -> Refusal | None:
    """A refusal while the form is locked or frozen."""
    acts = data.forms.get(form)
    if acts is not None and acts.is_frozen and not acts.is_locked:
        return Refusal("locked", _FROZEN)
    if acts is None or not acts.is_locked:
        return None
    says = Text(
        en="The form is locked. Ask the data manager to unlock it.", zh="表单已锁定。如需修改，请联系数据管理员解锁。"
    )
    return Refusal("locked", says)


def was_complete(data: SubjectData, form: FormPath) -> bool:
    """True when the form was ever declared complete: from then on a change needs a reason."""
    acts = data.forms.get(form)
    return acts is not None and bool(acts.completed)


def reason_needed() -> Refusal:
    """The refusal that asks for a reason."""
    return Refusal("reason_needed", Text(en="Give a reason for the change.", zh="请填写修改原因。"))


_LATER = Text(
    en="This form was begun under release {version}, which does not ask {item}. Move the draft to the newer release first.",
    zh="本表单按研究版本 {version} 填写，其中没有 {item}。请先将草稿移至新版本。",
)
_FROZEN = Text(
    en="The coordinating centre holds this form still while it looks at it. Answer the query; if the value must change, "
    "say so in the answer.",
    zh="协调中心正在核查此表单，已暂时冻结。请先答复质疑；如需修改数值，请在答复中说明。",
)
