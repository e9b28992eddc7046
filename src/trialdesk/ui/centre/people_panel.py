"""The participants behind a number, and for the chosen one the dates and categories that decided it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text
from trialdesk.services.endpoint_view import EndpointBoard, Fact, Topic
from trialdesk.ui import look, parts
from trialdesk.ui.centre.place_words import form_words
from trialdesk.ui.centre.table import Cell, Table


class PeoplePanel(QWidget):
    """Enter on a participant goes to the facts, Enter on a fact to the answer it was read from; Esc goes back."""

    back_wanted = Signal()
    record_wanted = Signal(str, object)

    def __init__(self, study: Study) -> None:
        super().__init__()
        self._study = study
        self._board: EndpointBoard | None = None
        self._topic: Topic = "flow"
        self.who: tuple[str, ...] = ()
        self.facts: tuple[Fact, ...] = ()
        self._title = parts.words("", "heading", wrap=True)
        self._count = parts.words("", "small", "ink2")
        back = parts.Button(Text(en="Back to the numbers", zh="返回数值"), "quiet", key="Esc", shape="left", high=30)
        back.clicked.connect(lambda _=False: self.back_wanted.emit())
        self.people = Table((Text(en="Participant", zh="受试者"), Text(en="Deciding", zh="依据")), (130, 0), high=43)
        self.people.chosen.connect(self._choose)
        self.people.opened.connect(lambda _: self.decided.setFocus())
        self.decided = Table(
            (Text(en="Day", zh="日期"), Text(en="What decided it", zh="判定依据"), Text(en="Value", zh="值")),
            (96, 170, 0), high=43,
        ).say_when_empty(_NOTHING)  # fmt: skip
        self.decided.opened.connect(self._open)
        down = QVBoxLayout(self)
        down.setContentsMargins(0, 0, 0, 0)
        down.setSpacing(8)
        head = parts.column(parts.row(back, None, self._count), self._title, gap=2, margins=(12, 8, 14, 6))
        down.addWidget(parts.plane("card", head, self.people, gap=0, margins=(1, 1, 1, 6)), 3)
        down.addWidget(parts.plane("card", self.decided, gap=0, margins=(1, 1, 1, 6)), 4)

    def show_people(self, board: EndpointBoard, who: tuple[str, ...], topic: Topic, title: str) -> None:
        """Show the participants behind a number."""
        self._board, self._topic, self.who = board, topic, who
        self._title.setText(title)
        self._count.setText(look.first(Text(en="{n} participants", zh="受试者 {n} 名").format(n=len(who))))
        self.people.show_lines([self._cells(board, subject) for subject in who])
        self.people.setFocus()

    def subject(self) -> str:
        """The participant chosen."""
        row = self.people.row()
        return self.who[row] if 0 <= row < len(self.who) else ""

    def _cells(self, board: EndpointBoard, subject: str) -> list[Cell]:
        told = [f"{look.first(fact.label)} {_said(fact)}" for fact in board.decided(subject, self._topic)]
        first, rest = (told[-1], "  ".join(told[:-1])) if told else ("–", "")
        return [Cell(subject, board.initials.get(subject, ""), plate=True), Cell(first, rest or " ")]

    def _choose(self, row: int) -> None:
        if self._board is None or not 0 <= row < len(self.who):
            return
        self.facts = self._board.decided(self.who[row], self._topic)
        lines = []
        for fact in self.facts:
            place = form_words(self._study, fact.path.form_path) if fact.path else ""
            day = fact.day.isoformat() if fact.day else ""
            lines.append([Cell(day), Cell(look.first(fact.label), place or " "), Cell(look.first(fact.value))])
        self.decided.show_lines(lines)

    def _open(self, row: int) -> None:
        self.record_wanted.emit(self.subject(), self.facts[row].path)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self.decided.hasFocus():
                self.people.setFocus()
            else:
                self.back_wanted.emit()
            return
        super().keyPressEvent(event)


_NOTHING = Text(en="No date is on record that bears on this number.", zh="无与该数值相关的记录日期。")


def _said(fact: Fact) -> str:
    return " ".join(filter(None, (look.first(fact.value), fact.day.isoformat() if fact.day else "")))
