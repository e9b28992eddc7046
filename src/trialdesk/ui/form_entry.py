"""Answers of an open form on their way to the trail: entered, refused with a question, explained, queries answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, cast

from PySide6.QtCore import QPoint

from trialdesk.domain.actions.blanks import blanks
from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.actions.reasons import MISSING
from trialdesk.domain.actions.undoing import Answer
from trialdesk.domain.clinical.audit_record import AuditRecord, Reason
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.study.form import ItemDef
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text
from trialdesk.services.wrong_visit import better_visit, column_of
from trialdesk.ui.missing_menu import MissingMenu, Reach
from trialdesk.ui.reason_dialog import ask_reason, becomes

if TYPE_CHECKING:
    from trialdesk.ui.field_row import FieldRow
    from trialdesk.ui.form_wizard import FormWizard


Done = tuple[AuditRecord, ...] | Refusal


class FormEntry:
    """Hands answers to the casebook and shows what came of it; decides nothing."""

    def __init__(self, wizard: FormWizard) -> None:
        self._wizard = wizard
        self.busy = False

    def commit(self, row: FieldRow, text: str, unit: str) -> None:
        """Record what stands in a row."""
        self.enter(row, text, None, unit)

    def offer_missing(self, row: FieldRow) -> None:
        """Ask why there is no value, for this question, its section or the whole form."""
        wizard = self._wizard
        group = next(one for one in wizard.definition.groups if one.oid == row.path.group)
        one = Text(en="This question: {label}", zh="本项：{label}").format(label=row.item.label)
        reaches: list[Reach] = [("item", one)]
        for reach, words, name in (
            ("section", Text(en="Section {name}: {n} empty", zh="本节 {name}：未填 {n} 项"), group.label),
            (
                "form",
                Text(en="Whole form {name}: {n} empty", zh="整张表单 {name}：未填 {n} 项"),
                wizard.definition.label,
            ),
        ):
            count = len(self._blanks(reach, row))
            if count > (1 if reach == "section" else 0):
                reaches.append((reach, words.format(name=name, n=count)))
        menu = MissingMenu(reaches, wizard)
        menu.chosen.connect(lambda reach, code: self.mark(row, reach, code))
        menu.popup(row.control.mapToGlobal(QPoint(0, row.control.height())))

    def _blanks(self, reach: str, row: FieldRow) -> tuple[ItemPath, ...]:
        assessment = self._wizard.casebook.assessment(self._wizard.form)
        if reach == "form":
            return blanks(assessment)
        return blanks(assessment, row.path.group, row.path.group_repeat)

    def mark(self, row: FieldRow, reach: str, code: str) -> None:
        """Record why there is no value; for more than one question only where nothing stands."""
        if reach == "item":
            if self.enter(row, "", code, ""):
                self._wizard.page.focus_after(row)
            return
        wizard = self._wizard
        wizard.page.commit_pending()
        paths, kind = self._blanks(reach, row), cast('Literal["ND", "UNK", "NA"]', code)
        why = dict(MISSING)[code]
        what = Text(en="{n} empty questions become: {why}", zh="未填的 {n} 项改为：{why}").format(n=len(paths), why=why)
        made = self._with_reason(lambda reason: wizard.casebook.mark_missing(paths, kind, reason), what)
        if made is not None:
            said = Text(en="{n} questions: {why}. Ctrl+Z takes it back.", zh="{n} 项记为：{why}。Ctrl+Z 撤销。")
            wizard.foot.say(said.format(n=len(paths), why=why))
            wizard.foot.forward.setFocus()

    def take_back(self, redo: bool = False) -> None:
        """Undo the newest act of this session on this form, or put it back; on a completed form the reason is asked."""
        wizard = self._wizard
        wizard.page.commit_pending()
        steps = wizard.casebook.history_of_acts.last(wizard.form, redo)
        if not steps:
            wizard.foot.say(_NOTHING_TO_REDO if redo else _NOTHING_TO_UNDO)
            return
        step = steps[0] if redo else steps[0].back
        study = wizard.casebook.study(step.path.form_path)
        item = study.item(step.path.item)
        words = [_shown(study, item, answer) for answer in (step.before, step.after)]
        what = Text(en="{label}: {old} becomes {new}", zh="{label}：{old} 改为 {new}").format(
            label=item.label, old=words[0], new=words[1]
        )
        made = self._with_reason(lambda reason: wizard.casebook.take_back(wizard.form, reason, redo), what)
        if made is not None:
            more = Text(en="", zh="")
            if len(steps) > 1:
                more = Text(en=" and {n} more", zh="，另 {n} 项").format(n=len(steps) - 1)
            wizard.go_to(step.path)
            wizard.foot.say((_PUT_BACK if redo else _TAKEN_BACK).format(what=what, more=more))

    def _with_reason(self, act: Callable[[Reason | None], Done], what: Text) -> tuple[AuditRecord, ...] | None:
        """Do something that may need a reason; None when it was refused or called off."""
        outcome = act(None)
        if isinstance(outcome, Refusal) and outcome.kind == "reason_needed":
            reason = self.ask(outcome.says, what)
            if reason is None:
                return None
            outcome = act(reason)
        if isinstance(outcome, Refusal):
            self._wizard.foot.say(outcome.says)
            return None
        self._wizard.saved.emit()
        self._wizard.refresh()
        self._wizard.keep_place()
        return outcome

    def enter(self, row: FieldRow, text: str, missing: str | None, unit: str, reason: Reason | None = None) -> bool:
        """Record an answer; False when nothing was recorded."""
        if self.busy:
            return False
        wizard = self._wizard
        kind = cast('Literal["ND", "UNK", "NA"] | None', missing)
        outcome = wizard.casebook.enter(row.path, text, kind, unit or None, reason)
        if isinstance(outcome, Refusal):
            return self._refused(row, text, missing, unit, outcome)
        wizard.place.timer.stop()
        if outcome:
            wizard.saved.emit()
            wizard.keep_place()
        row.control.put(wizard.casebook.shown(row.path) or "")
        wizard.refresh()
        self._ask_about_visit(row)
        return True

    def _ask_about_visit(self, row: FieldRow) -> None:
        """Ask where a date fits another visit better; leaving it here is an answer too."""
        wizard, path = self._wizard, row.path
        if row.item.kind != "date":
            return
        plan = wizard.desk.plan(wizard.casebook.subject)
        value = wizard.casebook.data.value(path)
        better, here = better_visit(plan, path, row.item, value), column_of(plan, path.form_path)
        if better is None or here is None or value is None:
            wizard.visit_question.hide()
        else:
            wizard.visit_question.ask(path, value, here.label, better)

    def take_to_visit(self, form: FormPath, path: ItemPath, value: str) -> None:
        """Take a date back from this visit and go with it to the one it fits; there Enter confirms it."""
        here = self._wizard.form.item(path.group, path.item, path.group_repeat)
        steps = self._wizard.casebook.history_of_acts.last(self._wizard.form)
        if steps and steps[0].path == here:
            self.take_back()
        if self._wizard.casebook.data.value(here) != value:
            self._wizard.field_wanted.emit(form, path, value)

    def _refused(self, row: FieldRow, text: str, missing: str | None, unit: str, refusal: Refusal) -> bool:
        if refusal.kind != "reason_needed":
            row.refuse(refusal.says)
            return False
        what = becomes(row.item.label, self._wizard.casebook.data.value(row.path), text or missing)
        reason = self.ask(refusal.says, what)
        if reason is None:
            row.restore()
            return False
        return self.enter(row, text, missing, unit, reason)

    def ask(self, says: Text, what: Text) -> Reason | None:
        """Ask for a reason; the dialog takes the focus away from the field, which must not commit a second time."""
        self.busy = True
        reason = ask_reason(says, what, self._wizard)
        self.busy = False
        return reason

    def explain(self, row: FieldRow, rule: str, code: str, words: str) -> None:
        """Keep a value in spite of a soft finding."""
        outcome = self._wizard.casebook.explain(row.path, rule, code, words)
        if isinstance(outcome, Refusal):
            row.refuse(outcome.says)
            return
        self._wizard.saved.emit()
        row.focus()
        self._wizard.refresh()

    def carry_out(self, act: Callable[[], Done]) -> None:
        """Do an act on the queries and notes of a field, from the drawer."""
        outcome = act()
        if isinstance(outcome, Refusal):
            self._wizard.foot.say(outcome.says)
            return
        self._wizard.saved.emit()
        self._wizard.refresh()


def _shown(study: Study, item: ItemDef, answer: Answer) -> Text:
    value, missing, unit = answer
    if missing:
        return dict(MISSING)[missing]
    if value is None:
        return Text(en="(empty)", zh="（未填）")
    return study.words(item, value) or Text(en=f"{value} {unit or ''}".strip(), zh=f"{value} {unit or ''}".strip())


_NOTHING_TO_UNDO = Text(
    en="Nothing was entered in this form since you signed in.", zh="本次登录后尚未在此表单录入，无可撤销的内容。"
)
_NOTHING_TO_REDO = Text(en="Nothing was taken back here.", zh="没有可重做的内容。")
_TAKEN_BACK = Text(en="Taken back: {what}{more}. Ctrl+Y puts it back.", zh="已撤销：{what}{more}。Ctrl+Y 重做。")
_PUT_BACK = Text(en="Put back: {what}{more}.", zh="已重做：{what}{more}。")
