"""A form at work: rail, pages, foot and drawer around one casebook; every answer is committed as it is left."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.rules.finding import Finding
from trialdesk.domain.text import Text
from trialdesk.services.casebook import Casebook
from trialdesk.services.desk import OpenDesk
from trialdesk.storage.place_store import ResumePoint
from trialdesk.ui import form_keys
from trialdesk.ui.drawer import Drawer
from trialdesk.ui.field_row import FieldRow
from trialdesk.ui.finding_list import FindingList
from trialdesk.ui.form_acts import ActsMenu, acts
from trialdesk.ui.form_entry import FormEntry
from trialdesk.ui.form_foot import FormFoot
from trialdesk.ui.form_head import FormHead
from trialdesk.ui.form_page import FormPage
from trialdesk.ui.form_paper import add_paper
from trialdesk.ui.form_place import FormPlace
from trialdesk.ui.ghost_rows import GhostRow, GhostRows
from trialdesk.ui.section_rail import SectionRail
from trialdesk.ui.sheets import page_for, sections
from trialdesk.ui.visit_question import VisitQuestion

RESUME_AFTER = 250
"""Milliseconds without a key after which the typed text is kept for the case of a crash."""

NARROW = 1124
"""Width of the form below which the drawer starts closed."""


class FormWizard(QWidget):
    """Enters one form of one participant; `saved` follows every durable commit, `left` asks to go elsewhere."""

    saved = Signal()
    form_wanted = Signal(object)
    sign_wanted = Signal(object)
    print_wanted = Signal()
    finished = Signal()
    casebook_wanted = Signal()
    field_entered = Signal(object)
    field_wanted = Signal(object, object, str)

    def __init__(
        self,
        desk: OpenDesk,
        casebook: Casebook,
        form: FormPath,
        narrow: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._narrow = narrow
        self.desk, self.casebook, self.form = desk, casebook, form
        self.definition = casebook.study(form).form[form.form]
        self.sections = sections(self.definition)
        self.row: FieldRow | None = None
        self.entry = FormEntry(self)
        self.place = FormPlace(self, RESUME_AFTER)
        self._build()
        self.open_page(0, focus=False)

    # -- parts

    def _build(self) -> None:
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        self.rail = SectionRail(self.casebook, self.form)
        self.rail.form_chosen.connect(self._other_form)
        self.rail.section_chosen.connect(lambda oid: self.open_page(self.page_of(oid)))
        across.addWidget(self.rail)
        middle = QFrame(self)
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
        self.visit_question = VisitQuestion()
        self.visit_question.moved.connect(self.entry.take_to_visit)
        column.addWidget(self.visit_question)
        self.ghosts = GhostRows(self.casebook, self.form)
        self.ghosts.entered.connect(lambda row: self.drawer.explain(row.item, row.path))
        self.ghosts.opened.connect(self._open_ghost)
        column.addWidget(self.ghosts)
        self._holder = QWidget(middle)
        self._pages = QStackedLayout(self._holder)
        self._made: dict[int, FormPage] = {}
        column.addWidget(self._holder, 1)
        self.foot = FormFoot()
        self.foot.to_finish.clicked.connect(self.toggle_list)
        self.foot.back.clicked.connect(lambda: self.step(-1))
        self.foot.forward.clicked.connect(self.go_on)
        column.addWidget(self.foot)
        across.addWidget(middle, 1)
        self.drawer = Drawer(self.casebook)
        self.drawer.wanted.connect(self.entry.carry_out)
        self.drawer.past_wanted.connect(self.show_past)
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

    @property
    def pages(self) -> list[FormPage]:
        """The pages that were opened so far."""
        return list(self._made.values())

    def page_of(self, group: str) -> int:
        """The number of the page that shows a section; the first, where the form's release does not have it."""
        return next((i for i, groups in enumerate(self.sections) if group in [one.oid for one in groups]), 0)

    def open_page(self, number: int, focus: bool = True) -> None:
        """Show a page of the form; what was typed on the one before is committed."""
        if self._made:
            self.page.commit_pending()
        if number not in self._made:
            page = page_for(self.casebook, self.form, self.sections[number], 150 if self._narrow else 212, self._holder)
            page.recorded.connect(self._recorded)
            page.told.connect(self.foot.say)
            page.form_wanted.connect(self._other_form)
            page.keys_changed.connect(self.field_entered)
            page.committed.connect(self.entry.commit)
            page.typing.connect(self._typing)
            page.missing_wanted.connect(self.entry.offer_missing)
            page.undo_wanted.connect(self.entry.take_back)
            page.explained.connect(self.entry.explain)
            page.entered.connect(self._entered)
            page.end_reached.connect(self.foot.forward.setFocus)
            self._made[number] = page
            self._pages.addWidget(page)
        self.page_number = number
        self._pages.setCurrentWidget(self.page)
        self.rail.show_section(self.page.group.oid)
        self._fit()
        self.refresh()
        if focus:
            self.page.focus_first()

    def refresh(self) -> None:
        """Show what stands now; parts that did not change stay as they are."""
        if self._made:
            self.page.refresh()
        self.rail.refresh()
        self.head.refresh()
        self.ghosts.refresh()
        pages = len(self.sections)
        following = self.sections[self.page_number + 1][0].label if self.page_number + 1 < pages else None
        status = self.casebook.status(self.form)
        self.foot.show_state(self.casebook.assessment(self.form), self.page_number, pages, following, status)
        self.drawer.refresh()

    # -- acts on the whole form

    def offer_acts(self) -> None:
        """Open the menu of acts that need a reason: strike, reopen."""
        self.page.commit_pending()
        menu = ActsMenu(acts(self.casebook, self.form, self.page.group, self.page.repeat), self)
        menu.refused.connect(self.foot.say)
        menu.done.connect(self._acted)
        add_paper(menu, self)
        menu.popup(self.head.more.mapToGlobal(QPoint(0, self.head.more.height())))

    def _acted(self, says: Text) -> None:
        self.saved.emit()
        if self.casebook.study(self.form).form[self.form.form] is not self.definition:
            # Another release asks this form now: it is opened anew.
            self.form_wanted.emit(self.form)
            return
        for page in self._made.values():
            page.rebuild()
        self.refresh()
        self.foot.say(says)

    # -- the place to come back to

    def _recorded(self) -> None:
        """An act of the page itself was committed."""
        self.saved.emit()
        self.keep_place()
        self.refresh()

    def _typing(self, row: FieldRow, text: str) -> None:
        self.row = row
        self.place.timer.start()

    def _entered(self, row: FieldRow) -> None:
        self.row = row
        self.drawer.explain(row.item, row.path)
        self.field_entered.emit(row)
        self.place.timer.start()

    def _open_ghost(self, row: GhostRow) -> None:
        """Answer a query about a field that is not asked now."""
        self.drawer.explain(row.item, row.path)
        self.drawer.open_thread()

    def keep_place(self) -> None:
        """Remember form, field and typed text; these are not data and may be overwritten."""
        self.place.keep()

    def resume(self, point: ResumePoint) -> None:
        """Go back to a kept place and say what was put back."""
        self.place.resume(point)

    def leave(self) -> bool:
        """Commit what stands in a box before the form is closed; False when text that cannot be read is kept instead."""
        return self.place.leave()

    def freeze(self) -> None:
        """Keep the place with the text that was typed, and commit nothing from now on."""
        self.place.freeze()

    def unread(self) -> FieldRow | None:
        """A row whose box holds text that was not recorded, on any page."""
        return self.place.unread()

    # -- going about

    def step(self, by: int) -> None:
        """The next or previous page, as far as there is one."""
        number = self.page_number + by
        if 0 <= number < len(self.sections):
            self.open_page(number)

    def go_on(self) -> None:
        """The next page; on the last one, complete the form."""
        if self.page_number + 1 < len(self.sections):
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
        left = (self.rail.width() if self.rail.isVisible() else 0) + 24
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
        """Put the caret into the field of an answer, wherever in the form it is, or on the ghost of one not asked now."""
        if self.ghosts.go_to(path):
            return
        number = self.page_of(path.group)
        if number != self.page_number:
            self.open_page(number, focus=False)
        row = self.page.row_at(path)
        if row is not None:
            row.focus()
        elif path.item not in self.casebook.study(self.form).place:
            self.foot.say(_NOT_ASKED.format(v=self.casebook.study(self.form).version))

    def next_to_finish(self, back: bool = False) -> None:
        """Go to the next thing to finish after the field that has the caret."""
        self.list.hide()
        self.page.commit_pending()
        left = [f.path for f in self.casebook.assessment(self.form).to_finish]
        if not left:
            self.foot.say(Text(en="Nothing is left to finish.", zh="没有待完成的项目。"))
            return
        here = self.row.path if self.row else None
        at = left.index(here) if here in left else (0 if back else -1)
        self.go_to(left[(at + (-1 if back else 1)) % len(left)])

    def next_area(self, back: bool = False) -> None:
        """Take the focus from one area to the next: rail, fields, foot, drawer."""
        self.page.commit_pending()
        line = self.rail.sections.get(self.page.group.oid) or self.rail.forms[self.form]
        areas: list[tuple[QWidget, Callable[[], object]]] = [
            (self.rail, line.setFocus),
            (self.page, lambda: (self.row or self.page.rows[0]).focus()),
            (self.foot, self.foot.forward.setFocus),
            (self.drawer, self.drawer.take_focus),
        ]
        here = self.focusWidget()
        at = next((n for n, (area, _) in enumerate(areas) if here is not None and area.isAncestorOf(here)), 1)
        if here is self.drawer:
            at = 3
        areas[(at + (-1 if back else 1)) % len(areas)][1]()

    def show_past(self) -> None:
        """The form as it stood at any earlier moment; nothing is written."""
        from trialdesk.ui.past_dialog import PastDialog

        self.page.commit_pending()
        PastDialog(self.casebook, self.form, self).exec()

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
        """On a narrow screen the drawer starts closed and the rail is slimmer; a wide sheet takes the room of both."""
        wide = bool(self._made) and self.page.wide
        self.drawer.setVisible(not self._narrow and not wide)
        self.rail.setFixedWidth(208 if self._narrow else 236)
        self.rail.setVisible(not wide)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not form_keys.act(self, event):
            super().keyPressEvent(event)

    def new_row(self) -> None:
        """A new row of this table, or a new occurrence of this log."""
        if self.page.cards is not None and self.page.group.rows is None:
            self.page.add_row()
        elif self.casebook.study(self.form).event[self.form.event].kind in ("log", "unscheduled"):
            self.leave()
            used = max(self.casebook.data.repeats(self.form.event), default=0)
            self.form_wanted.emit(FormPath(self.form.event, used + 1, self.form.form))


_NOT_ASKED = Text(
    en="This form is under release {v}, which does not ask that. F9 moves a draft to a newer release.",
    zh="本表单按研究版本 {v} 填写，没有该题。草稿可按 F9 移至新版本。",
)
