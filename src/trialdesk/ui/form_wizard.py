"""A form at work: rail, pages, foot and drawer around one casebook; every answer is committed as it is left."""

from __future__ import annotations

from typing import Literal, cast

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.clinical.audit_record import Reason, stamp
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.rules.finding import Finding
from trialdesk.domain.text import Text
from trialdesk.services.casebook import Casebook
from trialdesk.services.desk import OpenDesk
from trialdesk.storage.place_store import ResumePoint
from trialdesk.ui.drawer import Drawer
from trialdesk.ui.field_row import FieldRow
from trialdesk.ui.finding_list import FindingList
from trialdesk.ui.form_acts import ActsMenu, acts
from trialdesk.ui.form_foot import FormFoot
from trialdesk.ui.form_head import FormHead
from trialdesk.ui.form_page import FormPage
from trialdesk.ui.reason_dialog import ask_reason, becomes
from trialdesk.ui.section_rail import SectionRail

RESUME_AFTER = 250
"""Milliseconds without a key after which the typed text is kept for the case of a crash."""

NARROW = 1124
"""Width of the form below which the drawer starts closed."""


class FormWizard(QWidget):
    """Enters one form of one participant; `saved` follows every durable commit, `left` asks to go elsewhere."""

    saved = Signal()
    form_wanted = Signal(object)
    sign_wanted = Signal(object)
    finished = Signal()
    casebook_wanted = Signal()
    field_entered = Signal(object)

    def __init__(self, desk: OpenDesk, casebook: Casebook, form: FormPath, narrow: bool = False) -> None:
        super().__init__()
        self._narrow = narrow
        self._desk, self.casebook, self.form = desk, casebook, form
        self.definition = desk.study.form[form.form]
        self.row: FieldRow | None = None
        self._resume = QTimer(self)
        self._resume.setSingleShot(True)
        self._resume.setInterval(RESUME_AFTER)
        self._resume.timeout.connect(self.keep_place)
        self._busy = False
        self._build()
        self.open_page(0, focus=False)

    # -- parts

    def _build(self) -> None:
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        self.rail = SectionRail(self.casebook, self.form)
        self.rail.form_chosen.connect(self._other_form)
        self.rail.section_chosen.connect(lambda oid: self.open_page(self._page_of(oid)))
        across.addWidget(self.rail)
        middle = QFrame()
        middle.setProperty("plane", "surface")
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.head = FormHead(self.casebook, self.form)
        self.head.sign.clicked.connect(lambda: self.sign_wanted.emit(self.form))
        self.head.back.clicked.connect(self.casebook_wanted)
        self.head.help.clicked.connect(self.toggle_drawer)
        self.head.more.clicked.connect(self.offer_acts)
        column.addWidget(self.head)
        holder = QWidget()
        self._pages = QStackedLayout(holder)
        self._made: dict[int, FormPage] = {}
        column.addWidget(holder, 1)
        self.foot = FormFoot()
        self.foot.to_finish.clicked.connect(self.toggle_list)
        self.foot.back.clicked.connect(lambda: self.step(-1))
        self.foot.forward.clicked.connect(self.go_on)
        column.addWidget(self.foot)
        across.addWidget(middle, 1)
        self.drawer = Drawer(self.casebook)
        self.drawer.answered.connect(self._answer_query)
        across.addWidget(self.drawer)
        self.list = FindingList(self)
        self.list.chosen.connect(self._go_to_finding)
        self.list.closed.connect(self._close_list)
        self.page_number = 0
        self._fit()

    @property
    def page(self) -> FormPage:
        """The page that is open."""
        return self._made[self.page_number]

    def _page_of(self, group: str) -> int:
        return next(i for i, one in enumerate(self.definition.groups) if one.oid == group)

    def open_page(self, number: int, focus: bool = True) -> None:
        """Show a page of the form; what was typed on the one before is committed."""
        if self._made:
            self.page.commit_pending()
        if number not in self._made:
            page = FormPage(self.casebook, self.form, self.definition.groups[number], 150 if self._narrow else 212)
            page.committed.connect(self._commit)
            page.typing.connect(self._typing)
            page.missing_chosen.connect(self._missing)
            page.explained.connect(self._explain)
            page.entered.connect(self._entered)
            page.end_reached.connect(self.foot.forward.setFocus)
            self._made[number] = page
            self._pages.addWidget(page)
        self.page_number = number
        self._pages.setCurrentWidget(self.page)
        self.rail.show_section(self.definition.groups[number].oid)
        self.refresh()
        if focus:
            self.page.focus_first()

    def refresh(self) -> None:
        """Show what stands now; parts that did not change stay as they are."""
        if self._made:
            self.page.refresh()
        self.rail.refresh()
        self.head.refresh()
        groups = self.definition.groups
        following = groups[self.page_number + 1].label if self.page_number + 1 < len(groups) else None
        status = self.casebook.status(self.form)
        self.foot.show_state(self.casebook.assessment(self.form), self.page_number, len(groups), following, status)
        self.drawer.refresh()

    # -- answers
    def _commit(self, row: FieldRow, text: str, unit: str) -> None:
        self._enter(row, text, None, unit)

    def _missing(self, row: FieldRow, code: str) -> None:
        if self._enter(row, "", code, ""):
            self.page.focus_after(row)

    def _enter(self, row: FieldRow, text: str, missing: str | None, unit: str, reason: Reason | None = None) -> bool:
        if self._busy:
            return False
        kind = cast('Literal["ND", "UNK", "NA"] | None', missing)
        outcome = self.casebook.enter(row.path, text, kind, unit or None, reason)
        if isinstance(outcome, Refusal):
            return self._refused(row, text, missing, unit, outcome)
        self._resume.stop()
        if outcome:
            self.saved.emit()
            self.keep_place()
        row.control.put(self.casebook.shown(row.path) or "")
        self.refresh()
        return True

    def _refused(self, row: FieldRow, text: str, missing: str | None, unit: str, refusal: Refusal) -> bool:
        if refusal.kind != "reason_needed":
            row.refuse(refusal.says)
            return False
        what = becomes(row.item.label, self.casebook.data.value(row.path), text or missing)
        # The dialog takes the focus away from the field, which must not commit a second time.
        self._busy = True
        reason = ask_reason(refusal.says, what, self)
        self._busy = False
        if reason is None:
            row.restore()
            return False
        return self._enter(row, text, missing, unit, reason)

    def _explain(self, row: FieldRow, rule: str, code: str, words: str) -> None:
        outcome = self.casebook.explain(row.path, rule, code, words)
        if isinstance(outcome, Refusal):
            row.refuse(outcome.says)
            return
        self.saved.emit()
        row.focus()
        self.refresh()

    def _answer_query(self, query: str, words: str) -> None:
        outcome = self.casebook.answer(query, words)
        if isinstance(outcome, Refusal):
            self.foot.say(outcome.says)
            return
        self.saved.emit()
        self.refresh()

    def offer_acts(self) -> None:
        """Open the menu of acts that need a reason: strike, reopen."""
        self.page.commit_pending()
        menu = ActsMenu(acts(self.casebook, self.form, self.page.group, self.page.repeat), self)
        menu.refused.connect(self.foot.say)
        menu.done.connect(self._acted)
        menu.popup(self.head.more.mapToGlobal(QPoint(0, self.head.more.height())))

    def _acted(self, says: Text) -> None:
        self.saved.emit()
        for page in self._made.values():
            page.rebuild()
        self.refresh()
        self.foot.say(says)

    # -- the place to come back to

    def _typing(self, row: FieldRow, text: str) -> None:
        self.row = row
        self._resume.start()

    def _entered(self, row: FieldRow) -> None:
        self.row = row
        self.drawer.explain(row.item, row.path)
        self.field_entered.emit(row)
        self._resume.start()

    def keep_place(self) -> None:
        """Remember form, field and typed text; these are not data and may be overwritten."""
        session = self._desk.session
        row = self.row
        at = stamp(session.clock.now())[0]
        item = row.path if row else None
        typed = row.pending() if row else None
        self._desk.places.save(ResumePoint(session.user.id, self.casebook.subject, self.form, at, item, typed))

    def resume(self, point: ResumePoint) -> None:
        """Go back to a kept place and say what was put back."""
        if point.item is None or point.item.group not in [group.oid for group in self.definition.groups]:
            self.page.focus_first()
            return
        self.open_page(self._page_of(point.item.group), focus=False)
        row = self.page.row_at(point.item)
        if row is None:
            self.page.focus_first()
            return
        row.focus()
        if point.typed is not None:
            row.put_back(point.typed)
            self.head.show_restored(point.typed, row.item.label)

    def leave(self) -> bool:
        """Commit what stands in a box before the form is closed; False when text that cannot be read is kept instead."""
        self.page.commit_pending()
        self._resume.stop()
        unread = self.unread()
        self.row = unread or self.row
        self.keep_place()
        return unread is None

    def freeze(self) -> None:
        """Keep the place with the text that was typed, and commit nothing from now on."""
        self._resume.stop()
        if self.row is None or self.row.pending() is None:
            self.row = self.unread() or self.row
        self.keep_place()
        self._busy = True
        self.blockSignals(True)
        for page in self._made.values():
            for row in page.rows:
                row.blockSignals(True)

    def unread(self) -> FieldRow | None:
        """A row whose box holds text that was not recorded, on any page."""
        rows = [row for page in self._made.values() for row in page.rows]
        return next((row for row in rows if row.can_take_focus() and row.pending() is not None), None)

    # -- going about

    def step(self, by: int) -> None:
        """The next or previous page, as far as there is one."""
        number = self.page_number + by
        if 0 <= number < len(self.definition.groups):
            self.open_page(number)

    def go_on(self) -> None:
        """The next page; on the last one, complete the form."""
        if self.page_number + 1 < len(self.definition.groups):
            self.step(1)
        else:
            self.complete()

    def complete(self) -> None:
        """Declare the form complete, or open the list of what is left."""
        self.page.commit_pending()
        unread = self.unread()
        if unread is not None:
            self.go_to(unread.path)
            says = Text(en="{label} holds text that is not saved.", zh="{label} 中有尚未保存的内容。")
            self.foot.say(says.format(label=unread.item.label))
            return
        outcome = self.casebook.complete(self.form)
        if not isinstance(outcome, Refusal):
            self.saved.emit()
            self.refresh()
            self.foot.say(Text(en="The form is complete.", zh="表单已完成。"))
            self.finished.emit()
            return
        for page in self._made.values():
            page.required_shown = True
        self.refresh()
        self.foot.say(outcome.says)
        if outcome.kind == "unfinished":
            self.open_list()

    def open_list(self) -> None:
        """Show what is left to finish."""
        labels = {item.name: item.label for group in self.definition.groups for item in group.items}
        self.list.show_findings(self.casebook.assessment(self.form).to_finish, labels)
        left = self.rail.width() + 24
        right = self.drawer.width() if self.drawer.isVisible() else 0
        self.list.open_above(left, self.height() - self.foot.sizeHint().height() - 6, self.width() - left - right - 24)

    def toggle_list(self) -> None:
        """Open or close the list of what is left."""
        if self.list.isVisible():
            self._close_list()
        else:
            self.page.commit_pending()
            self.open_list()

    def _close_list(self) -> None:
        self.list.hide()
        (self.row or self.page.rows[0]).focus()

    def _go_to_finding(self, finding: Finding) -> None:
        self.list.hide()
        self.go_to(finding.path)

    def go_to(self, path: ItemPath) -> None:
        """Put the caret into the field of an answer, wherever in the form it is."""
        number = self._page_of(path.group)
        if number != self.page_number:
            self.open_page(number, focus=False)
        row = self.page.row_at(path)
        if row is not None:
            row.focus()

    def next_to_finish(self, back: bool = False) -> None:
        """Go to the next thing to finish after the field that has the caret."""
        left = [f.path for f in self.casebook.assessment(self.form).to_finish]
        if not left:
            self.foot.say(Text(en="Nothing is left to finish.", zh="没有待完成的项目。"))
            return
        here = self.row.path if self.row else None
        at = left.index(here) if here in left else (0 if back else -1)
        self.go_to(left[(at + (-1 if back else 1)) % len(left)])

    def toggle_drawer(self) -> None:
        """Open or close the drawer."""
        self.drawer.setVisible(not self.drawer.isVisible())
        self.drawer.refresh()

    def _other_form(self, form: FormPath) -> None:
        self.leave()
        self.form_wanted.emit(form)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._narrow != (event.size().width() < NARROW):
            self._narrow = not self._narrow
            self._fit()

    def _fit(self) -> None:
        """On a narrow screen the drawer starts closed and the rail is slimmer."""
        self.drawer.setVisible(not self._narrow)
        self.rail.setFixedWidth(208 if self._narrow else 236)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, ctrl = event.key(), event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and ctrl:
            self.go_on()
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self.step(1 if key == Qt.Key.Key_PageDown else -1)
        elif key == Qt.Key.Key_F4 and not self.list.isVisible() and not event.modifiers():
            self.toggle_list()
        elif key == Qt.Key.Key_F4:
            self.list.hide()
            self.next_to_finish(back=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif key == Qt.Key.Key_F3:
            self._new_row()
        elif key == Qt.Key.Key_F9:
            self.offer_acts()
        elif key == Qt.Key.Key_F1:
            self.toggle_drawer()
        else:
            super().keyPressEvent(event)

    def _new_row(self) -> None:
        """A new row of this table, or a new occurrence of this log."""
        if self.page.cards is not None and self.page.group.rows is None:
            self.page.add_row()
        elif self._desk.study.event[self.form.event].kind in ("log", "unscheduled"):
            self.leave()
            used = max(self.casebook.data.repeats(self.form.event), default=0)
            self.form_wanted.emit(FormPath(self.form.event, used + 1, self.form.form))
