"""Queries at a visit: those drafted here, which may be dropped, and those that wait at the site, to be looked at."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import QueryProposed
from trialdesk.domain.oid import ItemPath
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.monitoring_view import place_words
from trialdesk.services.visit_desk import VisitDesk
from trialdesk.ui import look, parts
from trialdesk.ui.visit.entry_line import EntryLine


class QueriesPage(QWidget):
    """`wanted` names participant and field to go to."""

    changed = Signal(str)
    wanted = Signal(str, object)

    def __init__(self, visit: VisitDesk) -> None:
        super().__init__()
        self._visit = visit
        self.drops: list[tuple[EntryLine, parts.Button]] = []
        self._list = QVBoxLayout()
        self._list.setContentsMargins(16, 12, 16, 12)
        self._list.setSpacing(8)
        ground = QWidget()
        ground.setProperty("clear", "true")
        ground.setLayout(self._list)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(ground)
        self.said = parts.words("", "small", "hard", wrap=True)
        down = QVBoxLayout(self)
        down.setContentsMargins(16, 2, 16, 12)
        card = parts.plane("card", area, self.said, gap=0, margins=(1, 1, 1, 8))
        down.addWidget(card)
        self.refresh()

    def refresh(self) -> None:
        """Read the queries again."""
        parts.empty(self._list)
        self.drops = []
        drafted = self._visit.drafted()
        self._list.addWidget(parts.words(look.first(_DRAFTED.format(n=len(drafted))), "heading"))
        for subject, record in drafted:
            self._list.addWidget(self._draft(subject, record))
        waiting = [
            (subject, query) for subject in self._visit.subjects for query in self._visit.data(subject).open_queries()
        ]
        self._list.addSpacing(8)
        self._list.addWidget(parts.words(look.first(_WAITING.format(n=len(waiting))), "heading"))
        for subject, query in waiting:
            said = [parts.words(one, "text", wrap=True) for one in query.words]
            self._list.addWidget(self._card(subject, query.change.paths[0], query.change.says, query.id, *said))
        self._list.addStretch(1)

    def take_focus(self) -> None:
        """The keyboard goes to the first draft, if there is one."""
        (self.drops[0][0] if self.drops else self).setFocus()

    def _draft(self, subject: str, record: AuditRecord) -> QWidget:
        assert isinstance(record.change, QueryProposed)
        why = EntryLine(_WHY, 32)
        drop = parts.Button(Text(en="Drop", zh="撤销"), "danger", high=32)
        drop.clicked.connect(lambda: self._drop(subject, record.id, why.text()))
        why.returnPressed.connect(drop.click)
        self.drops.append((why, drop))
        line = parts.row(why, drop)
        line.layout().setStretch(0, 1)  # type: ignore[union-attr]
        return self._card(subject, record.change.paths[0], record.change.says, record.id, line)

    def _card(self, subject: str, path: ItemPath, says: Text, name: str, *below: QWidget) -> QWidget:
        go = parts.Button(Text(en="To the field", zh="看该字段"), "quiet", shape="right", high=28)
        go.clicked.connect(lambda: self.wanted.emit(subject, path))
        place = parts.words(look.first(place_words(self._visit.study, path)), "strong", wrap=True)
        head = parts.row(parts.Plate(subject, 44, 24), place, parts.words(name, "small", "ink3"), go)
        head.layout().setStretch(1, 1)  # type: ignore[union-attr]
        words = parts.words(look.first(says), "body", wrap=True)
        second = [parts.words(look.second(says), "small", "ink3", wrap=True)] if says.en != says.zh else []
        return parts.plane("sunken", head, words, *second, *below, gap=4, margins=(12, 8, 12, 8))

    def _drop(self, subject: str, query: str, words: str) -> None:
        try:
            done = self._visit.drop(subject, query, words)
        except KnownError as fault:
            self.said.setText(look.first(fault.text))
            return
        if isinstance(done, Refusal):
            self.said.setText(look.first(done.says))
            return
        self.said.setText("")
        self.refresh()
        self.changed.emit(subject)


_DRAFTED = Text(en="Drafted at this visit: {n}", zh="本次访视起草 {n} 条")
_WAITING = Text(en="Waiting at the site: {n}", zh="研究中心待处理 {n} 条")
_WHY = Text(en="Why it is dropped, then Enter", zh="撤销原因，按 Enter 确认")
