"""Beside the page: help for the field, its queries and notes, its history."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from trialdesk.domain.oid import ItemPath
from trialdesk.domain.study.form import ItemDef
from trialdesk.domain.text import Text
from trialdesk.services.casebook import Casebook
from trialdesk.ui import look, parts
from trialdesk.ui.audit_view import history_view
from trialdesk.ui.help_view import help_parts
from trialdesk.ui.tabs import Tabs
from trialdesk.ui.thread_view import ThreadView


class Drawer(QFrame):
    """Explains the field that has the caret; empty while none has."""

    wanted = Signal(object)
    """An act on the field's queries and notes: a call that returns records or a Refusal."""
    past_wanted = Signal()
    """The whole form as it stood earlier is asked for."""

    def __init__(self, casebook: Casebook, wide: int = 292, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._casebook = casebook
        self.tab = "help"
        self.thread_view: ThreadView | None = None
        self.setProperty("plane", "sunken")
        self.setFixedWidth(wide)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 0, 0, 0)
        outer.setSpacing(0)
        self.tabs = Tabs()
        self.tabs.chosen.connect(self.show_tab)
        outer.addWidget(self.tabs)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        ground = QWidget()
        ground.setProperty("clear", "true")
        self._lines = QVBoxLayout(ground)
        self._lines.setContentsMargins(16, 12, 14, 16)
        self._lines.setSpacing(10)
        area.setWidget(ground)
        outer.addWidget(area)
        self._shown: tuple[ItemDef, ItemPath] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(look.both(Text(en="About this field", zh="字段说明")))

    def explain(self, item: ItemDef, path: ItemPath) -> None:
        """Show everything about one field."""
        self._shown = (item, path)
        if self.isVisible():
            self._fill(item, path)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """Show the same field as it is now; a box somebody is writing in is left alone."""
        if self._shown is None or not self.isVisible():
            return
        box = self._box_in_use()
        if box is not None and box.text():
            return
        if box is not None:
            # A box that vanishes with the focus would hand it to a field, which would be explained instead.
            self.setFocus()
        self._fill(*self._shown)
        if box is not None:
            self._write_in(note=box.property("purpose") == "note")

    def _box_in_use(self) -> QLineEdit | None:
        box = QApplication.focusWidget()
        return box if isinstance(box, QLineEdit) and self.isAncestorOf(box) else None

    def _write_in(self, note: bool) -> None:
        """Put the caret into the box for an answer or a note."""
        box = None
        if self.thread_view is not None:
            # A new part is shown one turn of the event loop later; the caret is wanted there now.
            self.thread_view.show()
            box = self.thread_view.first_box(note)
        (box or self).setFocus()

    def show_tab(self, name: str) -> None:
        """Show help, queries or history of the field."""
        self.tab = name
        self.refresh()

    def take_focus(self) -> None:
        """Open, and put the focus on the first thing to do here, or on the text itself so that it can be read."""
        self.show()
        box = self.findChild(QLineEdit)
        (box or self).setFocus()

    def open_thread(self, note: bool = False) -> None:
        """Open on queries and notes with the caret in the box to write in."""
        self.show()
        self.show_tab("queries")
        self._write_in(note)

    def open_history(self) -> None:
        """Open on the history of the field."""
        self.show()
        self.show_tab("history")
        self.setFocus()

    def _fill(self, item: ItemDef, path: ItemPath) -> None:
        parts.empty(self._lines)
        self.thread_view = None
        data = self._casebook.data
        waiting = sum(1 for query in data.open_queries(path.form_path) if path in query.change.paths)
        self.tabs.show_state(self.tab, waiting, len(data.notes.get(path, ())))
        self._lines.addWidget(parts.bilingual(item.label, "heading", wrap=True))
        if self.tab == "queries":
            self._lines.addWidget(self._thread(path))
        elif self.tab == "history":
            self._lines.addWidget(history_view(self._casebook, path, item))
            more = parts.Button(Text(en="Whole form earlier", zh="整份表单的过去"), shape="history", high=30)
            more.clicked.connect(self.past_wanted)
            self._lines.addWidget(more)
        else:
            for part in help_parts(self._casebook, item, path):
                self._lines.addWidget(part)
        self._lines.addStretch(1)

    def _thread(self, path: ItemPath) -> ThreadView:
        made = self.thread_view = ThreadView(self._casebook, path)
        book = self._casebook
        made.answered.connect(lambda query, words: self._want(lambda: book.answer(query, words)))
        made.corrected.connect(
            lambda query, value, words: self._want(lambda: book.correct_and_answer(query, path, value, words))
        )
        made.closed.connect(lambda query, words: self._want(lambda: book.close_query(query, words)))
        made.again.connect(lambda query, words: self._want(lambda: book.ask_again(query, words)))
        made.asked.connect(lambda words: self._want(lambda: book.ask(path, words)))
        made.noted.connect(lambda words: self._want(lambda: book.note(path, words)))
        return made

    def _want(self, act: Callable[[], object]) -> None:
        # What was written is on its way: the box must not keep the thread from showing it.
        self.setFocus()
        self.wanted.emit(act)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(QPen(look.color("line"), 1))
        painter.drawLine(0, 0, 0, self.height())
