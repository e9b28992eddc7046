"""One page of a form: the rows of one section, generated from its items."""

from __future__ import annotations

from bisect import insort
from datetime import date
from itertools import pairwise

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from trialdesk.domain.actions.entry import visit_date
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.partial_date import PartialDate
from trialdesk.domain.rules.pages import rows
from trialdesk.domain.study.form import ItemDef, ItemGroupDef
from trialdesk.domain.text import Text
from trialdesk.services.casebook import Casebook
from trialdesk.services.day_count import day_zeros
from trialdesk.services.laboratory import link_words
from trialdesk.ui import look, parts
from trialdesk.ui.boxes import Options
from trialdesk.ui.field_row import Echo, FieldRow
from trialdesk.ui.field_view import echo, view_of
from trialdesk.ui.grade_box import GradeBox, grades_of
from trialdesk.ui.offered_values import offers_for
from trialdesk.ui.row_cards import RowCards, used_rows

AT_ONCE = 12
"""Rows of a plain page that are made before it is first shown: a screenful."""

A_TURN = 4
"""Rows made after that in each turn of the event loop, so that keys are heard in between."""


class FormPage(QScrollArea):
    """A section of a form; a repeating section shows its rows as cards and the chosen row below them."""

    committed = Signal(object, str, str)
    typing = Signal(object, str)
    missing_wanted = Signal(object)
    undo_wanted = Signal(bool)
    explained = Signal(object, str, str, str)
    entered = Signal(object)
    end_reached = Signal()
    recorded = Signal()
    """Something was recorded by an act of the page itself."""
    form_wanted = Signal(object)
    """Another form is to be opened, such as an adverse event made here."""
    keys_changed = Signal(object)
    """The keys that work in the row with the caret may be others now."""
    told = Signal(object)
    """What an act of the page came to, as a Text."""
    wide = False
    """True for a sheet that needs the room of the rail and the drawer."""
    room: int | None = None
    """Width of a control below its label, on a sheet that sets labels above controls."""

    def __init__(
        self,
        casebook: Casebook,
        form: FormPath,
        group: ItemGroupDef,
        label_width: int = 212,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._casebook, self._form, self.group, self._label_width = casebook, form, group, label_width
        self.groups = self._groups()
        self.made: list[FieldRow] = []
        self._rest = QTimer(self)
        self._rest.setInterval(0)
        self._rest.timeout.connect(lambda: self._make_rest(A_TURN))
        self._reading_order: dict[ItemPath, tuple[int, ItemDef]] = {}
        self.required_shown = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        ground = parts.plane("surface", gap=0, margins=(0, 4, 0, 20), parent=self.viewport())
        layout = ground.layout()
        assert isinstance(layout, QVBoxLayout)
        self.cards: RowCards | None = None
        self.repeat = rows(casebook.data, form, group)[0]
        self._holder = QVBoxLayout()
        self._holder.setSpacing(0)
        self._lay_out(layout)
        self.setWidget(ground)
        self._build()

    def _lay_out(self, layout: QVBoxLayout) -> None:
        """Put the page's parts one below another; a sheet places them otherwise."""
        if self.group.help is not None:
            hint = parts.words(look.first(self.group.help), "small", "ink2", wrap=True)
            hint.setContentsMargins(28, 6, 16, 6)
            layout.addWidget(hint)
        if self.group.repeating:
            self.cards = RowCards(self._casebook, self._form, self.group)
            self.cards.chosen.connect(lambda number: self.show_row(number, focus=True))
            self.cards.add_wanted.connect(self.add_row)
            layout.addWidget(self.cards)
        layout.addLayout(self._holder)
        layout.addStretch(1)

    def _groups(self) -> tuple[ItemGroupDef, ...]:
        """The sections this page shows."""
        return (self.group,)

    def _questions(self) -> list[tuple[ItemDef, ItemPath]]:
        """The questions of the page in reading order."""
        return [(item, self._form.item(self.group.oid, item.name, self.repeat)) for item in self.group.items]

    def _make_row(self, item: ItemDef, path: ItemPath) -> FieldRow:
        """The row of one question; a sheet dresses it otherwise."""
        graded = item.name in {one.graded_by for one in self.group.items}
        return self._row_kind(item)(
            item,
            path,
            self._options(item),
            self._said,
            0 if graded else self._label_width,
            self.room,
            control=GradeBox() if graded else None,
            parent=self._place_of(item),
        )

    def _row_kind(self, item: ItemDef) -> type[FieldRow]:
        """The class of a question's row; a sheet has its own for some."""
        return FieldRow

    def _place_of(self, item: ItemDef) -> QWidget:
        """What the row of a question is made inside, as it will stand there."""
        return self.widget()

    def _place_row(self, made: FieldRow) -> None:
        self._holder.addWidget(made)

    def _build(self) -> None:
        for made in self.made:
            made.blockSignals(True)
        parts.empty(self._holder)
        visit = visit_date(self._casebook.book(self._form), self._casebook.data, self._form)
        today = self._casebook.session.today
        zeros = day_zeros(self._casebook.book(self._form), self._casebook.data)

        def said(item: ItemDef, typed: str) -> tuple[Text | None, bool]:
            behind = link_words(self._casebook, item, typed)
            return (behind, True) if behind is not None else echo(item, typed, today, visit, zeros)

        self._said: Echo = said
        self.made = []
        self._reading_order = {path: (rank, item) for rank, (item, path) in enumerate(self._questions())}
        self._make_asked(None if self.wide else AT_ONCE)
        self.refresh()
        if self.cards is not None:
            self.cards.select(self.repeat)
        if self.isVisible():
            self._order()

    @property
    def rows(self) -> list[FieldRow]:
        """The rows of the page in reading order; those that were still to come are made now."""
        if self._rest.isActive():
            self._make_rest(len(self._reading_order))
        return self.made

    def _make_rest(self, many: int) -> None:
        """Make some more of the rows below the first screenful."""
        before = len(self.made)
        self._make_asked(before + many)
        for earlier, later in pairwise(self.made[before - 1 :]):
            self._show(later)
            QWidget.setTabOrder(earlier.focusable()[-1], later.focusable()[0])

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._order()

    def _order(self) -> None:
        """A sheet places its questions in parts of its own; Tab still follows the reading order."""
        placed = [row for row in self.made if row.window() is self.window()] if self.wide else []
        for earlier, later in pairwise(placed):
            QWidget.setTabOrder(earlier.focusable()[-1], later.focusable()[0])

    def _day_0(self) -> date | None:
        """The day that is counted from, in this round."""
        data = self._casebook.data
        wanted = self._casebook.book(self._form).study.landmarks.day_0
        for path in data.by_item.get(wanted, ()):
            text = data.value(path)
            if path.repeat == self._form.repeat and text:
                found = PartialDate.parse(text)
                return found.earliest if found.complete else None
        return None

    def _waits(self, item: ItemDef, path: ItemPath) -> bool:
        """True while nobody needs the row of a question; a sheet makes some only when they are first asked."""
        return False

    def _make_asked(self, most: int | None = None) -> None:
        """Make the rows that are wanted now and were not made yet, each at its place in the reading order.

        With `most` rows made, the others follow while the page is looked at.
        """
        self._rest.stop()
        known = {made.path for made in self.made}
        for path, (_, item) in self._reading_order.items():
            if path in known or self._waits(item, path):
                continue
            if most is not None and len(self.made) >= most:
                self._rest.start()
                return
            self._add_row(item, path)

    def _rank(self, row: FieldRow) -> int:
        return self._reading_order[row.path][0]

    def _add_row(self, item: ItemDef, path: ItemPath) -> FieldRow:
        made = self._make_row(item, path)
        # What was struck stays readable and takes no more answers.
        made.setEnabled(not self._struck(self.repeat))
        made.committed.connect(self.committed)
        made.typing.connect(self.typing)
        made.missing_wanted.connect(self.missing_wanted)
        made.undo_wanted.connect(self.undo_wanted)
        made.explained.connect(self.explained)
        made.entered.connect(self.entered)
        made.entered.connect(self._keep_visible)
        made.next_wanted.connect(self.focus_after)
        insort(self.made, made, key=self._rank)
        self._place_row(made)
        return made

    def _struck(self, number: int) -> bool:
        struck = self._casebook.data.struck
        return (self._form, None, 1) in struck or (self._form, self.group.oid, number) in struck

    def rebuild(self) -> None:
        """Build the rows anew after some were struck."""
        if self.cards is not None:
            self.cards.rebuild()
        self._build()

    def _options(self, item: ItemDef) -> Options:
        study = self._casebook.book(self._form).study
        if item.codelist is None:
            return ()
        return tuple((one.code, one.label) for one in study.codelist[item.codelist].items)

    def refresh(self) -> None:
        """Show what stands now; rows whose view is unchanged are left alone."""
        if self.wide:
            self._make_asked()
        for made in self.made:
            self._show(made)
        if self.cards is not None:
            self.cards.refresh()

    def _show(self, row: FieldRow) -> None:
        if isinstance(row.control, GradeBox):
            row.control.show_grades(grades_of(self._casebook, self.group, row.path))
        if row.offered is not None:
            row.offered.show_offers(offers_for(self._casebook, row.item, row.path))
        row.show_view(view_of(self._casebook, row.path, row.item), self.required_shown)

    def row_at(self, path: ItemPath) -> FieldRow | None:
        """The row of an answer on this page, showing its table row first."""
        if path.group not in [group.oid for group in self.groups]:
            return None
        if self.group.repeating and path.group_repeat != self.repeat:
            self.show_row(path.group_repeat)
        return next((made for made in self.rows if made.path == path), None)

    def show_row(self, number: int, focus: bool = False) -> None:
        """Show another row of a repeating section."""
        if self.cards is not None and number not in [card.number for card in self.cards.cards]:
            self.cards.rebuild(extra=number)
        if number != self.repeat:
            self.commit_pending()
            self.repeat = number
            self._build()
        elif self.cards is not None:
            self.cards.select(number)
        if focus:
            self.focus_first()

    def add_row(self) -> None:
        """Begin the next row of a growing table; nothing is written before something is answered."""
        if self.cards is not None and self.group.rows is None:
            self.commit_pending()
            # A struck row keeps its number.
            self.show_row(max(used_rows(self._casebook, self._form, self.group.oid), default=0) + 1, focus=True)

    def commit_pending(self) -> None:
        """Hand over what stands in a box and was not left yet."""
        for made in self.made:
            if made.pending() is not None:
                made.commit()

    def focus_first(self) -> None:
        """Put the caret into the first question that can be answered, an empty one before others."""
        wanted = _first_empty(self.made) or _first_empty(self.rows)
        for row in [wanted] if wanted else [made for made in self.made if made.can_take_focus()][:1]:
            row.focus()

    def focus_after(self, row: FieldRow) -> None:
        """Put the caret into the next question; after the last one the page says so."""
        after = self.rows[self.rows.index(row) + 1 :] if row in self.rows else []
        following = next((made for made in after if made.can_take_focus()), None)
        if following is not None:
            following.focus()
            return
        numbers = [card.number for card in self.cards.cards] if self.cards else []
        later = [number for number in numbers if number > self.repeat]
        if later:
            self.show_row(later[0], focus=True)
        else:
            self.end_reached.emit()

    def _keep_visible(self, row: FieldRow) -> None:
        # Findings may just have opened under the row; their height is known one turn of the event loop later.
        QTimer.singleShot(0, self, lambda: self._reveal(row))

    def _reveal(self, row: FieldRow) -> None:
        if row in self.rows:
            self.ensureWidgetVisible(row, 0, 12)


def _first_empty(rows: list[FieldRow]) -> FieldRow | None:
    """The first question that has to be answered and can be now."""
    return next((r for r in rows if r.can_take_focus() and not r.control.text_now() and not r.item.optional), None)
