"""What is done to a form beside completing and signing it: striking an entry or a row, reopening, moving a draft."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.actions.reasons import CHANGES, words_of
from trialdesk.domain.admin.role import Act, may
from trialdesk.domain.clinical.audit_record import AuditRecord, Reason
from trialdesk.domain.clinical.form_status import FormStatus
from trialdesk.domain.oid import FormPath
from trialdesk.domain.study.form import ItemGroupDef
from trialdesk.domain.text import Text
from trialdesk.services.casebook import Casebook
from trialdesk.services.moving import MoveOffer, move_offer
from trialdesk.ui import look
from trialdesk.ui.move_dialog import MoveDialog
from trialdesk.ui.reason_dialog import ask_reason

Try = Callable[[Reason | None], tuple[AuditRecord, ...] | Refusal]


@dataclass(frozen=True)
class FormAct:
    """An act with a reason: its name in the menu, what it will do, what is said afterwards, and how to try it.

    `offer` is what moving a draft would change; the person sees it first.
    """

    name: str
    label: Text
    what: Text
    done: Text
    attempt: Try
    offer: MoveOffer | None = None


def acts(casebook: Casebook, form: FormPath, group: ItemGroupDef, row: int) -> list[FormAct]:
    """The acts that make sense on this form now, while this row of this section is open."""
    found: list[FormAct] = []
    if struck_record(casebook, form) is not None:
        return found
    study = casebook.study(form)
    label = study.form[form.form].label
    acts_done = casebook.data.forms.get(form)
    if acts_done is not None and acts_done.completion is not None and casebook.status(form) is not FormStatus.LOCKED:
        found.append(_reopen(casebook, form, label))
    recorded = casebook.data.rows(form, group.oid)
    if group.repeating and group.rows is None and row in recorded:
        found.append(_strike_row(casebook, form, group, row))
    offer = move_offer(casebook, form)
    if offer is not None and may(casebook.session.user.role, Act.ENTER):
        found.append(_move(casebook, form, label, offer))
    if study.event[form.event].kind in ("log", "unscheduled") and form in casebook.data.by_form:
        found.append(_strike_entry(casebook, form, label))
    return found


class ActsMenu(QMenu):
    """Offers acts by digit, asks the reason, and says what came of it."""

    done = Signal(object)
    refused = Signal(object)

    def __init__(self, offered: list[FormAct], parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        for number, act in enumerate(offered, start=1):
            shown = self.addAction(f"&{number}  {look.first(act.label)}")
            shown.triggered.connect(lambda _=False, chosen=act: self._carry_out(chosen))
        if not offered:
            none = Text(en="Nothing to strike or reopen here.", zh="此处没有可划去或重新打开的内容。")
            self.addAction(look.first(none)).setEnabled(False)

    def _carry_out(self, act: FormAct) -> None:
        if act.offer is not None and not MoveDialog(act.offer, act.what, self._parent).exec():
            return
        outcome = act.attempt(None)
        if isinstance(outcome, Refusal) and outcome.kind == "reason_needed":
            stay = Text(en="Leave everything as it is", zh="不作改动")
            reason = ask_reason(outcome.says, act.what, self._parent, stay)
            if reason is None:
                return
            outcome = act.attempt(reason)
        if isinstance(outcome, Refusal):
            self.refused.emit(outcome.says)
        else:
            self.done.emit(act.done)


def _reopen(casebook: Casebook, form: FormPath, label: Text) -> FormAct:
    return FormAct(
        "reopen",
        Text(en="Reopen the form…", zh="重新打开表单…"),
        Text(
            en="{label} becomes a draft again. Signatures stay on record.",
            zh="{label} 将恢复为草稿，已有签名保留在案。",
        ).format(label=label),
        Text(en="The form is open again.", zh="表单已重新打开。"),
        lambda reason: casebook.reopen(form, reason),
    )


def _move(casebook: Casebook, form: FormPath, label: Text, offer: MoveOffer) -> FormAct:
    return FormAct(
        "move",
        Text(en="Move the draft to release {v}…", zh="将草稿移至研究版本 {v}…").format(v=offer.version),
        label,
        Text(en="The form asks by release {v} now.", zh="本表单现按研究版本 {v} 填写。").format(v=offer.version),
        lambda reason: casebook.move(form),
        offer,
    )


def _strike_row(casebook: Casebook, form: FormPath, group: ItemGroupDef, row: int) -> FormAct:
    return FormAct(
        "strike_row",
        Text(en="Strike row {n}…", zh="划去第 {n} 条…").format(n=row),
        Text(
            en="Row {n} of {group} is struck: it stays readable and no longer counts.",
            zh="划去 {group} 第 {n} 条：内容仍可查看，不再计入数据。",
        ).format(n=row, group=group.label),
        Text(en="Row {n} is struck.", zh="第 {n} 条已划去。").format(n=row),
        lambda reason: casebook.strike(form, reason, group.oid, row),
    )


def _strike_entry(casebook: Casebook, form: FormPath, label: Text) -> FormAct:
    return FormAct(
        "strike_entry",
        Text(en="Strike this entry…", zh="划去本条记录…"),
        Text(
            en="{label} {n} is struck: it stays readable and no longer counts.",
            zh="划去 {label} {n}：内容仍可查看，不再计入数据。",
        ).format(label=label, n=form.repeat),
        Text(en="The entry is struck.", zh="本条记录已划去。"),
        lambda reason: casebook.strike(form, reason),
    )


def struck_record(casebook: Casebook, form: FormPath, group: str | None = None, row: int = 1) -> AuditRecord | None:
    """The record that struck a log entry, or one row of it; None while it stands."""
    return casebook.data.struck.get((form, group, row))


def struck_words(record: AuditRecord) -> Text:
    """Who struck it, when and why."""
    why = words_of(CHANGES, record.reason.code, record.reason.words) if record.reason else Text(en="–", zh="–")
    return Text(
        en="Struck by {who}, {at}: {why}. It stays readable and no longer counts.",
        zh="已由 {who} 于 {at} 划去：{why}。内容仍可查看，不再计入数据。",
    ).format(who=record.user, at=record.local_time.strftime("%Y-%m-%d %H:%M"), why=why)
