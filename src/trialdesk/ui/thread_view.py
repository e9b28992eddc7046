"""Queries and notes at one field: everything said, what may be done by this role, and a box to do it in."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from trialdesk.domain.admin.role import Act, may
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import NoteAdded, QueryAskedAgain
from trialdesk.domain.clinical.form_status import FormStatus
from trialdesk.domain.clinical.subject_data import Query, turn_words
from trialdesk.domain.oid import ItemPath
from trialdesk.domain.text import Text
from trialdesk.services.casebook import Casebook
from trialdesk.ui import look, parts

_STATES = {
    "Open": (Text(en="waits for an answer", zh="待答复"), "query"),
    "Answered": (Text(en="answered", zh="已答复"), "info"),
    "Closed": (Text(en="closed", zh="已关闭"), "ok"),
    "Cancelled": (Text(en="taken back", zh="已撤销"), "idle"),
}
_SOURCES = {
    "System": Text(en="TrialDesk", zh="系统"),
    "Data Management": Text(en="Data management", zh="数据管理"),
    "Monitor": Text(en="Monitor", zh="监查员"),
    "Medical Review": Text(en="Medical review", zh="医学审核"),
}


_ASKED_AGAIN = Text(en="Asked again", zh="追问")


class ThreadView(QWidget):
    """Says what the person wants: answered(query, words), closed(query, words), asked(words), noted(words).

    `corrected(query, value, words)` corrects the value and answers with it.
    `again(query, words)` puts a question anew in its own thread.
    """

    answered = Signal(str, str)
    corrected = Signal(str, str, str)
    closed = Signal(str, str)
    again = Signal(str, str)
    asked = Signal(str)
    noted = Signal(str)

    def __init__(self, casebook: Casebook, path: ItemPath) -> None:
        super().__init__()
        self._casebook = casebook
        self._role = casebook.session.user.role
        self._path = path
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        queries = casebook.data.queries_at(path)
        notes = casebook.data.notes.get(path, ())
        for query in queries:
            column.addWidget(self._query(query))
        if not queries:
            none = Text(en="No query about this field.", zh="此字段没有质疑。")
            column.addWidget(parts.words(look.first(none), "small", "ink3", wrap=True))
        if may(self._role, Act.OPEN_QUERY):
            ask = self._box(
                Text(en="Ask the site, then Enter", zh="填写质疑，按 Enter 发出"), Text(en="New query", zh="新质疑")
            )
            ask.returnPressed.connect(lambda: self.asked.emit(ask.text()))
            column.addWidget(ask)
        column.addWidget(parts.words(look.first(Text(en="Notes", zh="备注")), "smallstrong", "ink2"))
        for note in notes:
            column.addWidget(self._note(note))
        if may(self._role, Act.NOTE):
            note_box = self._box(
                Text(en="Note, then Enter", zh="填写备注，按 Enter 保存"), Text(en="New note", zh="新备注")
            )
            note_box.setProperty("purpose", "note")
            note_box.returnPressed.connect(lambda: self.noted.emit(note_box.text()))
            column.addWidget(note_box)

    def first_box(self, note: bool = False) -> QLineEdit | None:
        """The first box to write in: an answer before a new question before a note."""
        boxes = self.findChildren(QLineEdit)
        wanted = [box for box in boxes if (box.property("purpose") == "note") == note]
        wanted = [box for box in wanted if box.property("purpose") != "correction"]
        return (wanted or boxes or [None])[0]

    def _box(self, hint: Text, name: Text) -> QLineEdit:
        box = QLineEdit()
        box.setFixedHeight(34)
        box.setPlaceholderText(look.first(hint))
        box.setAccessibleName(look.both(name))
        return box

    def _query(self, query: Query) -> QWidget:
        word, tone = _STATES[query.state]
        age = (self._casebook.session.today - query.opened.local_time.date()).days
        days = Text(en="{n} d", zh="{n} 天").format(n=age)
        chip = parts.Chip(look.first(word), tone, "bubble")
        head = parts.row(chip, parts.words(look.first(days), "small", "ink3"), None)
        said: list[parts.Content] = [head]
        said.append(parts.words(look.first(query.change.says), "strong", "ink", wrap=True))
        said.append(self._who(query.opened, _SOURCES[query.change.source]))
        for record in query.thread:
            anew = isinstance(record.change, QueryAskedAgain)
            if words := look.first(turn_words(record)):
                said.append(parts.words(words, "strong" if anew else "text", "ink" if anew else "ink2", wrap=True))
            said.append(self._who(record, _ASKED_AGAIN if anew else None))
        if query.state == "Open" and may(self._role, Act.ANSWER_QUERY):
            box = self._box(
                Text(en="Answer, then Enter", zh="填写答复，按 Enter 保存"),
                Text(en="Answer to the query", zh="答复质疑"),
            )
            new = self._corrected_box(box)
            box.returnPressed.connect(lambda: self._answer(query, new, box))
            said += [new, box] if new is not None else [box]
        if query.state in ("Open", "Answered") and may(self._role, Act.CLOSE_QUERY):
            done = self._box(
                Text(en="Close with words, then Enter", zh="填写结论，按 Enter 关闭"),
                Text(en="Close the query", zh="关闭质疑"),
            )
            done.returnPressed.connect(lambda: self.closed.emit(query.id, done.text()))
            said.append(done)
        if query.state in ("Answered", "Closed") and may(self._role, Act.OPEN_QUERY):
            again = self._box(
                Text(en="Ask again, then Enter", zh="填写追问，按 Enter 发出"), Text(en="Ask again", zh="追问")
            )
            again.returnPressed.connect(lambda: self.again.emit(query.id, again.text()))
            said.append(again)
        plane = "query" if query.state == "Open" else "card"
        return parts.plane(plane, *said, gap=5, margins=(10, 8, 10, 8))

    def _corrected_box(self, answer: QLineEdit) -> QLineEdit | None:
        """Above the answer: the corrected value, if the value changes; None where nothing may be changed here."""
        form, data = self._path.form_path, self._casebook.data
        study = self._casebook.study(form)
        item = study.item(self._path.item) if self._path.item in study.place else None
        free = not data.is_frozen(form) and self._casebook.status(form) is not FormStatus.LOCKED
        if item is None or item.derived or item.kind == "term" or not free or not may(self._role, Act.ENTER):
            return None
        box = self._box(
            Text(en="Corrected value, if it changes", zh="如需更正，填写新值"), Text(en="Corrected value", zh="更正值")
        )
        box.setProperty("purpose", "correction")
        # The answer follows; it may stay empty, then it says what was changed to what.
        box.returnPressed.connect(answer.setFocus)
        return box

    def _answer(self, query: Query, new: QLineEdit | None, answer: QLineEdit) -> None:
        if new is not None and new.text().strip():
            self.corrected.emit(query.id, new.text(), answer.text())
        else:
            self.answered.emit(query.id, answer.text())

    def _who(self, record: AuditRecord, source: Text | None = None) -> QWidget:
        at = record.local_time.strftime("%Y-%m-%d %H:%M")
        who = look.first(source) if source is not None else record.user
        return parts.words(f"{who}  {at}", "small", "ink3", wrap=True)

    def _note(self, record: AuditRecord) -> QWidget:
        change = record.change
        assert isinstance(change, NoteAdded)
        words = parts.words(change.words, "text", "ink", wrap=True)
        return parts.plane("card", words, self._who(record), gap=3, margins=(10, 6, 10, 6))
