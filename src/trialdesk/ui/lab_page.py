"""The laboratory sheet: tests as rows, visits as columns, today's boxes; what they propose below."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.admin.role import Role
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.study.form import ItemDef, ItemGroupDef
from trialdesk.domain.study.laboratory import ASKED, CS
from trialdesk.domain.text import Text
from trialdesk.services.casebook import Answer, Casebook
from trialdesk.services.lab_import import confirm, proposed_of
from trialdesk.services.laboratory import Sheet, laboratory_def, make_event, sheet
from trialdesk.services.terminology import rule_terminology
from trialdesk.ui.field_row import FieldRow
from trialdesk.ui.form_page import FormPage
from trialdesk.ui.lab_columns import LabHead
from trialdesk.ui.lab_proposals import ProposalPanel
from trialdesk.ui.lab_row import LabRow
from trialdesk.ui.lab_rows import AskRow, SignificanceRow, StripRow
from trialdesk.ui.lab_strip import LabStrip

_NOT_ASKED = Text(en="In range: significance is not asked.", zh="结果在参考范围内，无需判断临床意义。")
_DECLINE_FIRST = Text(
    en="Nothing to explain here: say CS first (c), then F2 says why no event is made.",
    zh="此处无需说明：请先按 c 判为 CS，再按 F2 说明不登记的原因。",
)


class LabPage(FormPage):
    """Takes results by keyboard alone: Enter next, arrows, c and n for significance, Alt+A for the event."""

    wide = True

    def __init__(
        self,
        casebook: Casebook,
        form: FormPath,
        group: ItemGroupDef,
        label_width: int = 212,
        parent: QWidget | None = None,
    ) -> None:
        self._strip_rows: list[StripRow] = []
        self._here: ItemPath | None = None
        self._seen: Sheet | None = None
        super().__init__(casebook, form, group, label_width, parent)
        self.entered.connect(self._note_place)
        self.setAcceptDrops(True)

    # -- parts

    def _lay_out(self, layout: QVBoxLayout) -> None:
        layout.setContentsMargins(0, 0, 0, 12)
        self._strip = LabStrip()
        self._strip.confirm.clicked.connect(self.confirm_all)
        self._strip.others.clicked.connect(self.rest_not_significant)
        self._strip.take_in.clicked.connect(lambda: self.import_results())
        self._strip.allow(self._casebook.session.user.role is Role.INVESTIGATOR)
        layout.addWidget(self._strip)
        self._head = LabHead()
        layout.addWidget(self._head)
        layout.addLayout(self._holder)
        self.proposals = ProposalPanel(term_words)
        self.proposals.make_wanted.connect(self.make_event)
        self.proposals.open_wanted.connect(self.form_wanted)
        self.proposals.left.connect(self._reasons_left)
        self.proposals.explained.connect(self._explain_missing_event)
        layout.addWidget(self.proposals)
        layout.addStretch(1)

    def _build(self) -> None:
        for old in self.rows:
            if isinstance(old, AskRow | StripRow):
                old.setParent(None)
                old.deleteLater()
        self._strip_rows = []
        self.proposals.forget()
        super()._build()
        self._strip.take_questions(self._strip_rows)
        self._order_focus()

    def _order_focus(self) -> None:
        """Sampling day, tests downwards, what is left to judge, then the acts; parts were made in another order."""
        judged = [made for made in self.rows if isinstance(made, SignificanceRow | AskRow)]
        parts_of = [made.control for made in (*self._strip_rows, *self.tests, *judged)]
        chain = [*parts_of, self._strip.confirm, self._strip.others, self._strip.take_in]
        for before, after in pairwise(chain):
            self.setTabOrder(before, after)

    def _waits(self, item: ItemDef, path: ItemPath) -> bool:
        # Few results raise a question a number cannot settle; its choices are made when one does.
        return self._row_kind(item) is AskRow and path in self._casebook.assessment(self._form).skipped

    def _add_row(self, item: ItemDef, path: ItemPath) -> FieldRow:
        made = super()._add_row(item, path)
        if isinstance(made, AskRow):
            self.setTabOrder(self.rows[self.rows.index(made) - 1].control, made.control)
        return made

    def _make_row(self, item: ItemDef, path: ItemPath) -> FieldRow:
        made = super()._make_row(item, path)
        if isinstance(made, LabRow):
            made.moved.connect(self._move)
            made.judged.connect(self.judge)
            made.event_wanted.connect(self._make_here)
            made.question_wanted.connect(self._go_to_question)
            made.reason_wanted.connect(self._go_to_reason)
            made.proposal_confirmed.connect(lambda row: self._confirm_some([row.path]))
            made.proposal_refused.connect(self._refuse_proposed)
        return made

    def _row_kind(self, item: ItemDef) -> type[FieldRow]:
        tests = {one.name for one in self.group.items if one.lab}
        if item.name in tests:
            return LabRow
        if item.name.removesuffix(CS) in tests and item.name.endswith(CS):
            return SignificanceRow
        if item.name.removesuffix(ASKED) in tests and item.name.endswith(ASKED):
            return AskRow
        return StripRow if item.kind in ("date", "time", "code") else FieldRow

    def _place_row(self, made: FieldRow) -> None:
        if isinstance(made, StripRow):
            # One laboratory needs no question: its list stands as a chip.
            if made.item.kind == "code" and len(laboratory_def(self._casebook).laboratories) == 1:
                made.setParent(self._strip)
                made.hide()
            else:
                self._strip_rows.append(made)
        elif isinstance(made, SignificanceRow):
            owner = self._lab_row(made.path._replace(item=made.item.name.removesuffix(CS)))
            owner.set_significance(made)
            owner.layout().addLayout(made.panels)  # type: ignore[union-attr]
        elif isinstance(made, AskRow):
            made.setParent(self.proposals)
            made.hide()
        else:
            self._holder.addWidget(made)

    @property
    def tests(self) -> list[LabRow]:
        """The rows of the grid."""
        return [made for made in self.rows if isinstance(made, LabRow)]

    def _lab_row(self, path: ItemPath) -> LabRow:
        return next(made for made in self.tests if made.path == path)

    def _asks(self) -> dict[ItemPath, AskRow]:
        return {
            made.path._replace(item=made.item.name.removesuffix(ASKED)): made
            for made in self.rows
            if isinstance(made, AskRow)
        }

    # -- what is shown

    def refresh(self) -> None:
        found = sheet(self._casebook, self._form, self.group)
        rule = laboratory_def(self._casebook).adverse_event.rule
        waiting = proposed_of(self._casebook, self._form)
        self._make_asked()
        for row in found.rows:
            shown = self._lab_row(row.result.path)
            shown.show_row(row, f"{rule}-{row.item.name}")
        super().refresh()
        for test in self.tests:
            one = waiting.get(test.path)
            test.show_proposed(one.text if one else None, one.unit if one else None)
        self._head.show_sheet(found)
        self._strip.show_sheet(found, len([path for path in waiting if path.group == self.group.oid]))
        self._seen = found
        self.proposals.show_sheet(found, self._here, self._asks())
        here = next((made for made in self.tests if made.control.hasFocus()), None)
        if here is not None:
            # What a person can do in this row may have changed with its value.
            self.keys_changed.emit(here)

    def _note_place(self, row: FieldRow) -> None:
        path = row.path
        for suffix in (CS, ASKED):
            if not isinstance(row, LabRow) and path.item.endswith(suffix):
                path = path._replace(item=path.item.removesuffix(suffix))
        if path != self._here and self._seen is not None:
            self._here = path
            self.proposals.show_sheet(self._seen, path, self._asks())

    # -- going about

    def focus_first(self) -> None:
        """The sampling day, then the first test without a value, then what is left to judge."""
        able = [made for made in self.rows if made.can_take_focus() and not made.isHidden()]
        empty = [made for made in able if not made.control.text_now() and not made.item.optional]
        order = sorted(empty or able, key=lambda made: not isinstance(made, StripRow))
        for wanted in order[:1]:
            wanted.focus()

    def focus_after(self, row: FieldRow) -> None:
        """From test to test down the grid; behind the last one to what is left to judge, then to the foot."""
        if isinstance(row, StripRow):
            able = [made for made in (*self._strip_rows, *self.tests) if made.can_take_focus()]
            following = able[able.index(row) + 1 :] if row in able else able
        elif isinstance(row, LabRow):
            able_tests = [made for made in self.tests if made.can_take_focus()]
            following = cast("list[FieldRow]", able_tests[able_tests.index(row) + 1 :] if row in able_tests else [])
            following = following or self._left_to_judge(None)
        else:
            following = self._left_to_judge(row)
        if following:
            following[0].focus()
        else:
            self.end_reached.emit()

    def _left_to_judge(self, row: FieldRow | None) -> list[FieldRow]:
        judged = [made for made in self.rows if isinstance(made, SignificanceRow | AskRow) and made is not row]
        after = judged if row is None else [m for m in judged if self.rows.index(m) > self.rows.index(row)]
        return [made for made in after if made.can_take_focus() and not made.control.text_now()]

    def _move(self, row: LabRow, by: int) -> None:
        able = [made for made in self.tests if made.can_take_focus()]
        at = able.index(row) + by
        if 0 <= at < len(able):
            able[at].focus()
        elif at < 0 and self._strip_rows:
            self._strip_rows[-1].focus()

    # -- significance

    def judge(self, row: LabRow, letter: str) -> None:
        """Record CS or NCS for a row; what stands in its box is recorded first."""
        if row.pending() is not None:
            row.commit()
        cs = row.significance
        if cs is None or not cs.can_take_focus():
            self.told.emit(_NOT_ASKED)
            return
        lab = laboratory_def(self._casebook)
        code = lab.significant if letter == "c" else lab.not_significant
        cs.control.put(code)
        cs.commit()

    def rest_not_significant(self) -> None:
        """Everything out of range and not judged yet is called not clinically significant, by an investigator."""
        lab = laboratory_def(self._casebook)
        left = [made.path for made in self._left_to_judge(None) if isinstance(made, SignificanceRow)]
        done = self._casebook.enter_all([Answer(path, lab.not_significant) for path in left])
        self._after(done, Text(en="{n} results are NCS.", zh="{n} 项已判为 NCS。").format(n=len(left)))

    # -- adverse events

    def _make_here(self, row: LabRow) -> None:
        if row.pending() is not None:
            row.commit()
        assert row.sheet_row is not None
        worse = row.sheet_row.result.worse
        open_ones = [one for one in worse if one.made is None] or list(worse)
        if open_ones:
            self.make_event(row.path, open_ones[0].term)

    def make_event(self, path: ItemPath, term: str) -> None:
        """Make the adverse event a value proposes; the sheet stays open."""
        made = make_event(self._casebook, path, term)
        if isinstance(made, Refusal):
            self.told.emit(made.says)
            return
        self.recorded.emit()
        self._lab_row(path).focus()
        said = Text(en="AE-{n} is made: {term}. Alt A in another row makes the next.", zh="AE-{n} 已登记：{term}。")
        self.told.emit(said.format(n=f"{made.repeat:03d}", term=term_words(term)))

    def _go_to_question(self, row: LabRow) -> None:
        ask = self._asks().get(row.path)
        if ask is not None and ask.can_take_focus() and not ask.isHidden():
            ask.focus()

    def _go_to_reason(self, row: LabRow) -> None:
        found = row.sheet_row.finding if row.sheet_row else None
        if found is None or found.settled:
            self.told.emit(_DECLINE_FIRST)
            return
        self._reasons_left(row.path)

    def _reasons_left(self, path: ItemPath | None) -> None:
        """Open the reasons of a line, or close them and go back to the row."""
        assert self._seen is not None
        if path is None:
            self.proposals.close_reasons()
        else:
            self.proposals.ask_reason(path)
        self.proposals.show_sheet(self._seen, self._here, self._asks())
        if path is not None:
            self.proposals.focus_reason(path)
        elif self._here is not None:
            self._lab_row(self._here).focus()

    def _explain_missing_event(self, path: ItemPath, rule: str, code: str, words: str) -> None:
        self.proposals.close_reasons()
        done = self._casebook.explain(path, rule, code, words)
        self._after(done, Text(en="No event is made; the reason is kept.", zh="不登记不良事件，原因已记录。"))
        if self._here is not None:
            self._lab_row(self._here).focus()

    # -- values that came from a file

    def import_results(self, source: object = None) -> None:
        """Paste, drop or choose a slip of the laboratory system; what is taken waits for confirmation."""
        from trialdesk.ui.lab_import_dialog import LabImportDialog

        self.commit_pending()
        dialog = LabImportDialog(self._casebook, self._form, self, source)
        dialog.exec()
        if dialog.taken:
            self.refresh()
            said = Text(
                en="{n} values wait: Enter confirms one, F7 all of this page, Delete refuses one.",
                zh="{n} 项待确认：Enter 确认当前项，F7 确认本页全部，Delete 拒绝当前项。",
            )
            self.told.emit(said.format(n=dialog.taken))
            waiting = [made for made in self.tests if made.proposed is not None]
            (waiting[0] if waiting else self.tests[0]).focus()

    def confirm_all(self) -> None:
        """Record every proposed value of this section."""
        self._confirm_some([path for path in proposed_of(self._casebook, self._form) if path.group == self.group.oid])

    def _confirm_some(self, paths: list[ItemPath]) -> None:
        done = confirm(self._casebook, paths)
        self._after(done, Text(en="{n} values are confirmed.", zh="已确认 {n} 项。").format(n=len(paths)))

    def _refuse_proposed(self, row: LabRow) -> None:
        self._casebook.proposed.pop(row.path, None)
        self.refresh()

    def _after(self, done: object, says: Text) -> None:
        if isinstance(done, Refusal):
            self.told.emit(done.says)
            return
        self.recorded.emit()
        self.told.emit(says)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        urls = [url for url in event.mimeData().urls() if url.isLocalFile()]
        if urls:
            self.import_results(Path(urls[0].toLocalFile()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F7 and not event.modifiers():
            self.confirm_all()
        elif event.key() == Qt.Key.Key_I and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.import_results()
        else:
            event.ignore()


def term_words(term: str) -> Text:
    """A CTCAE term in both languages."""
    found = rule_terminology().find(term)
    return Text(en=term, zh=found.zh if found and found.zh else term)
