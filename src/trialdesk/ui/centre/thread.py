"""A query at the centre: the fields it names with what stands there now and stood there then, and all that was said."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import QueryAskedAgain, QueryClosed, QueryOpened, QueryProposed
from trialdesk.domain.clinical.subject_data import Query, SubjectData, turn_words
from trialdesk.domain.oid import ItemPath
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text
from trialdesk.services.centre_record import answer_words, when_asked
from trialdesk.ui import look, parts
from trialdesk.ui.centre.place_words import place_words

STATES = {
    "Candidate": (Text(en="Drafted", zh="待下发"), "draft"),
    "Open": (Text(en="Open", zh="待答复"), "bubble"),
    "Answered": (Text(en="Answered", zh="已答复，待审"), "inbox"),
    "Closed": (Text(en="Closed", zh="已关闭"), "complete"),
    "Cancelled": (Text(en="Cancelled", zh="已撤销"), "not_done"),
}
"""Word and shape of a query's state."""

SOURCES = {
    "System": Text(en="System", zh="系统"),
    "Data Management": Text(en="Data manager", zh="数据管理"),
    "Monitor": Text(en="Monitor", zh="监查员"),
    "Medical Review": Text(en="Medical review", zh="医学审核"),
}
"""Who asks."""

TONES = {"Candidate": "idle", "Open": "query", "Answered": "info", "Closed": "ok", "Cancelled": "idle"}


class Thread(QWidget):
    """`field_wanted` carries the place of a field that is to be looked at."""

    field_wanted = Signal(object)

    def __init__(self, study: Study) -> None:
        super().__init__()
        self._study = study
        self._down = QVBoxLayout(self)
        self._down.setContentsMargins(0, 0, 0, 0)
        self._down.setSpacing(8)

    def clear(self, says: Text | None = None) -> None:
        """Show nothing but this sentence."""
        parts.empty(self._down)
        if says is not None:
            self._down.addWidget(parts.words(look.first(says), "text", "ink3", wrap=True))

    def show_query(self, data: SubjectData, id: str, fields: bool = True) -> None:
        """Show a query or a draft of this participant; without `fields` only what was said."""
        parts.empty(self._down)
        query = data.queries.get(id)
        opened = query.opened if query else data.proposals[id]
        state = query.state if query else "Candidate"
        asked = opened.change
        assert isinstance(asked, QueryOpened | QueryProposed)
        word, shape = STATES[state]
        chip = parts.Chip(look.first(word), TONES[state], shape)
        self._down.addWidget(parts.row(parts.words(id, "heading"), chip, None))
        for path in asked.paths if fields else ():
            self._field(data, path, query)
        self._turn(opened, SOURCES[asked.source], "query")
        for record in query.thread if query else ():
            again = isinstance(record.change, QueryAskedAgain)
            self._turn(record, _AGAIN if again else None, "query" if again else "sunken")

    def _field(self, data: SubjectData, path: ItemPath, query: Query | None) -> None:
        form, item = place_words(self._study, path)
        held, place = data.items.get(path), self._study.place.get(path.item)
        words = answer_words(self._study, held, path.item) if held else None
        unit = (held.unit if held else None) or (place[2].unit if place else None)
        now = parts.words(_shown(words, unit), "strong", wrap=True)
        said: list[parts.Content] = [parts.words(item, "strong", wrap=True), parts.words(form, "small", "ink3")]
        label = parts.words(look.first(_NOW), "small", "ink3")
        said.append(parts.row(label, now, None, gap=6))
        then = when_asked(self._study, data, query, path) if query else words
        if then != words:
            label = parts.words(look.first(_THEN), "small", "ink3")
            said.append(parts.row(label, parts.words(_shown(then, unit), "small", "ink2", wrap=True), None, gap=6))
        go = parts.Button(Text(en="Look at the field", zh="看该格"), "quiet", shape="search", high=28)
        go.clicked.connect(lambda _=False: self.field_wanted.emit(path))
        said.append(parts.row(go, None))
        self._down.addWidget(parts.plane("sunken", *said, gap=3, margins=(12, 8, 12, 6)))

    def _turn(self, record: AuditRecord, who: Text | None, ground: str) -> None:
        name = f"{look.first(who)}  {record.user}" if who else record.user
        when = record.local_time.strftime("%Y-%m-%d %H:%M")
        head = parts.row(parts.words(name, "strong"), None, parts.words(when, "small", "ink3"))
        words = turn_words(record)
        said: list[parts.Content] = [head]
        if isinstance(record.change, QueryClosed):
            done = _CANCELLED if record.change.cancelled else _CLOSED
            said.append(parts.words(look.first(done), "small", "ink2"))
        if look.first(words):
            said.append(parts.words(look.first(words), "text", wrap=True))
        if ground == "query" and words.en != words.zh:
            said.append(parts.words(look.second(words), "small", "ink3", wrap=True))
        self._down.addWidget(parts.plane(ground, *said, gap=3, margins=(12, 8, 12, 8)))


def _shown(words: Text | None, unit: str | None) -> str:
    if words is None:
        return look.first(_NO_VALUE)
    return f"{look.first(words)} {unit or ''}".strip()


_AGAIN = Text(en="Asked again", zh="追问")
_CLOSED, _CANCELLED = Text(en="closed", zh="关闭"), Text(en="cancelled", zh="撤销")
_NOW, _THEN = Text(en="Now", zh="现值"), Text(en="When asked", zh="质疑时")
_NO_VALUE = Text(en="no value", zh="无值")
