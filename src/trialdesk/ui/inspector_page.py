"""What inspectors ask, on one page: the questions left, the answer right, as a table that can be printed and taken along."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.desk import OpenDesk
from trialdesk.services.inspection.answer import Answer, Asked, Row
from trialdesk.services.inspection.page import ask, note_shown, offered
from trialdesk.services.inspection.paper import Kind, save
from trialdesk.ui import job, look, parts
from trialdesk.ui.boxes import LineBox
from trialdesk.ui.centre.table import Cell, Table
from trialdesk.ui.inspector_asks import DayAsked, FieldAsked
from trialdesk.ui.inspector_table import InspectorTable


class InspectorPage(QWidget):
    """Reads the trail and changes nothing; that it was read is recorded. `place_wanted` leads to a form."""

    place_wanted = Signal(object)

    def __init__(self, desk: OpenDesk, name: str = "", asked: Asked | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._questions = offered(desk.session.user.role)
        self._asked = asked or Asked()
        self._turn = 0
        self.answer: Answer | None = None
        self.table: InspectorTable | None = None
        across = QHBoxLayout(self)
        across.setContentsMargins(16, 12, 16, 12)
        across.setSpacing(12)
        across.addWidget(self._left())
        across.addWidget(self._right(), 1)
        at = next((n for n, one in enumerate(self._questions) if one.name == name), 0)
        if self._questions:
            self.list.selectRow(at)
            self._choose(at)
        self.list.chosen.connect(self._choose)

    # -- parts

    def _left(self) -> QWidget:
        self.list = Table((Text(en="Question", zh="问题"),), (0,), high=46)
        self.list.horizontalHeader().hide()
        self.list.setAccessibleName(look.both(Text(en="Questions", zh="问题")))
        self.list.show_lines([[Cell(look.first(one.label), look.second(one.label))] for one in self._questions])
        made = parts.plane("card", self.list, gap=0, margins=(1, 6, 1, 6))
        made.setFixedWidth(338)
        return made

    def _right(self) -> QWidget:
        self._title = QVBoxLayout()
        self._asks = QHBoxLayout()
        self._says = QVBoxLayout()
        self._says.setSpacing(3)
        self._tabs = QHBoxLayout()
        self._tabs.setSpacing(6)
        self._body = QVBoxLayout()
        self._notes = QVBoxLayout()
        self.narrow = LineBox(wide=190)
        self.narrow.setPlaceholderText(look.first(Text(en="Narrow the lines", zh="筛选")))
        self.narrow.setAccessibleName(look.both(Text(en="Narrow the lines", zh="筛选")))
        self.narrow.typing.connect(lambda typed: self.table.narrow(typed) if self.table else None)
        self.print_button = parts.Button(Text(en="Print", zh="打印"), key="Ctrl P", shape="printer")
        self.print_button.clicked.connect(self.print)
        self.workbook = parts.Button(Text(en="Save XLSX", zh="另存 XLSX"), shape="inbox")
        self.workbook.clicked.connect(lambda: self._choose_folder("xlsx"))
        self.csv = parts.Button(Text(en="CSV", zh="CSV"))
        self.csv.clicked.connect(lambda: self._choose_folder("csv"))
        self._said = parts.words("", "small", "info", wrap=True)
        made = parts.plane("card", gap=8, margins=(20, 14, 20, 12))
        column = made.layout()
        assert isinstance(column, QVBoxLayout)
        bar = QHBoxLayout()
        bar.setSpacing(8)
        bar.addWidget(_holder(self._title), 1)
        for one in (self.print_button, self.workbook, self.csv):
            bar.addWidget(one)
        column.addWidget(_holder(bar))
        self._asking = _holder(self._asks)
        column.addWidget(self._asking)
        column.addWidget(_holder(self._says))
        tabs = QHBoxLayout()
        tabs.addLayout(self._tabs)
        tabs.addStretch(1)
        tabs.addWidget(self.narrow)
        column.addWidget(_holder(tabs))
        column.addLayout(self._body, 1)
        self._line = parts.words("", "small", "ink", wrap=True)
        column.addWidget(self._line)
        column.addWidget(_holder(self._notes))
        column.addWidget(self._said)
        return made

    # -- asking

    @property
    def question(self) -> str:
        """The name of the question that is chosen."""
        row = self.list.currentIndex().row()
        return self._questions[row].name if row >= 0 else ""

    @property
    def asked(self) -> Asked:
        """What it is asked about."""
        return self._asked

    def _choose(self, row: int) -> None:
        question = self._questions[row]
        asked = self._asked if question.asks else Asked()
        parts.empty(self._title)
        self._title.addWidget(parts.bilingual(question.label, "title"))
        parts.empty(self._asks)
        if question.asks is not None:
            box = (FieldAsked if question.asks == "field" else DayAsked)(self._desk, asked)
            box.chosen.connect(self.ask_about)
            self._asks.addWidget(box)
            self._asks.addStretch(1)
        self._asking.setVisible(question.asks is not None)
        self.ask_about(asked)

    def ask_about(self, asked: Asked) -> None:
        """Ask the chosen question about a field or day; an answer that comes after another question is let go."""
        self._asked = asked
        self._turn += 1
        turn, name = self._turn, self.question
        self.answer = None
        self._allow(False)
        self.say(Text(en="Reading the trail…", zh="正在读取稽查轨迹…"))
        job.start(self, lambda: (turn, ask(self._desk, name, asked)), self._answered, self._failed)

    def _answered(self, outcome: tuple[int, Answer]) -> None:
        turn, answer = outcome
        if turn != self._turn:
            return
        self.answer = answer
        note_shown(self._desk, answer)
        self.say(None)
        parts.empty(self._says)
        for index, says in enumerate(answer.found.says):
            self._says.addWidget(parts.words(look.first(says), "strong" if index == 0 else "text", wrap=True))
        self._says.addWidget(parts.words(look.second(answer.found.says[0]), "small", "ink3", wrap=True))
        parts.empty(self._notes)
        for note in answer.found.notes:
            self._notes.addWidget(parts.words(look.first(note), "small", "ink2", wrap=True))
        self._allow(True)
        first = next((n for n, one in enumerate(answer.found.tables) if one.rows), 0)
        self.show_table(first)

    def show_table(self, number: int) -> None:
        """Show one of the tables of the answer."""
        assert self.answer is not None
        tables = self.answer.found.tables
        parts.empty(self._tabs)
        for index, one in enumerate(tables):
            label = Text(en="{t} {n}", zh="{t} {n}").format(t=one.title, n=len(one.rows))
            tab = parts.Button(label, "secondary" if index == number else "quiet", high=30)
            tab.clicked.connect(lambda _=False, n=index: self.show_table(n))
            self._tabs.addWidget(tab)
        held = self.table is not None and self.table.hasFocus()
        parts.empty(self._body)
        self.narrow.clear()
        self.table = InspectorTable(tables[number])
        self.table.opened.connect(self._open)
        self.table.chosen.connect(self._show_line)
        self._body.addWidget(self.table)
        self.table.show()
        if held:
            self.table.setFocus()
        self._show_line()

    def _show_line(self) -> None:
        self._line.setText(self.table.in_full() if self.table else "")

    def _open(self, row: Row) -> None:
        """Enter on a line: from the list of changed fields to the history of one, from everywhere else to the form."""
        if row.place is None or self.answer is None:
            return
        subject, _, path = row.place
        if self.answer.question.name == "history" and self.answer.asked.path is None and path is not None:
            parts.empty(self._asks)
            box = FieldAsked(self._desk, Asked(subject, path))
            box.chosen.connect(self.ask_about)
            self._asks.addWidget(box)
            self._asks.addStretch(1)
            self.ask_about(Asked(subject, path))
        else:
            self.place_wanted.emit(row.place)

    def _failed(self, fault: KnownError) -> None:
        self.say(fault.text)

    def _allow(self, ready: bool) -> None:
        why = None if ready else Text(en="There is no answer yet.", zh="尚无结果。")
        for one in (self.print_button, self.workbook, self.csv):
            one.forbid(why)

    # -- taking along

    def print(self) -> None:
        """Preview the answer as PDF/A; printing or saving it there is recorded."""
        from trialdesk.ui.inspector_preview import AnswerPreview

        if self.answer is not None:
            AnswerPreview(self._desk, self.answer, self).exec()

    def _choose_folder(self, kind: Kind) -> None:
        title = look.first(Text(en="Folder or stick", zh="选择文件夹或 U 盘"))
        chosen = QFileDialog.getExistingDirectory(self, title)
        if chosen:
            self.save_to(Path(chosen), kind)

    def save_to(self, folder: Path, kind: Kind) -> None:
        """Write the answer into a folder and record it; the whole trail goes as its four files."""
        if self.answer is None:
            return
        try:
            made = job.outcome(self, lambda answer=self.answer: save(self._desk, answer, folder, kind))
        except KnownError as fault:
            self.say(fault.text)
            return
        names = ", ".join(path.name for path in made)
        self.say(Text(en="Saved, and recorded: {names}", zh="已另存并记入稽查轨迹：{names}").format(names=names))

    def say(self, text: Text | None) -> None:
        """Say what happens under the table."""
        self._said.setText(look.first(text) if text else "")
        self._said.setVisible(text is not None)

    def said(self) -> str:
        """What stands under the table."""
        return self._said.text()

    def focus_first(self) -> None:
        """Put the focus on the questions."""
        self.list.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.list.hasFocus():
            if self.table is not None:
                self.table.setFocus()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Escape) and not self.list.hasFocus():
            self.list.setFocus()
        else:
            super().keyPressEvent(event)


def _holder(layout: QHBoxLayout | QVBoxLayout) -> QWidget:
    made = QWidget()
    layout.setContentsMargins(0, 0, 0, 0)
    made.setLayout(layout)
    return made
