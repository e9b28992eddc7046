"""The query board: states with their ages as filters, the list by days, and the thread of the chosen query."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.admin.role import Act, may
from trialdesk.domain.oid import ItemPath
from trialdesk.domain.text import Text
from trialdesk.services.centre_view import CentreAtWork
from trialdesk.storage.centre_lists import QueryLine
from trialdesk.ui import look, parts
from trialdesk.ui.boxes import Combo
from trialdesk.ui.centre.asking import Question
from trialdesk.ui.centre.page import CentrePage, HeadAct, Keys
from trialdesk.ui.centre.place_words import place_words
from trialdesk.ui.centre.state_tile import AGES, Legend, StateTile
from trialdesk.ui.centre.table import Cell, Table
from trialdesk.ui.centre.thread import SOURCES, STATES, Thread

MOST = 2000


class QueriesPage(CentrePage):
    """Every query of every site; R asks again, C closes, Delete cancels, Enter looks at the field."""

    def __init__(self, work: CentreAtWork) -> None:
        super().__init__(work)
        self._all: tuple[QueryLine, ...] = ()
        self._lines: tuple[QueryLine, ...] = ()
        self._initials: dict[str, str] = {}
        self.state = "Open"
        across = QHBoxLayout(self)
        across.setContentsMargins(16, 2, 16, 12)
        across.setSpacing(14)
        left = QVBoxLayout()
        left.setSpacing(12)
        across.addLayout(left, 1)
        self.tiles = {name: StateTile(name) for name in STATES if name != "Cancelled"}
        tiles = QHBoxLayout()
        tiles.setSpacing(12)
        for tile in self.tiles.values():
            tile.clicked.connect(lambda _=False, name=tile.name: self.narrow(name))
            tiles.addWidget(tile, 1)
        left.addLayout(tiles)
        left.addWidget(self.busy)
        self.title = parts.words("", "heading")
        legend = [Legend(tone, words) for (_, tone), words in zip(AGES, _AGE_WORDS, strict=True)]
        self.site = _filter(Text(en="All sites", zh="全部中心"), [(name, name) for name in work.lists.sites()])
        self.source = _filter(
            Text(en="All sources", zh="全部来源"), [(look.first(words), name) for name, words in SOURCES.items()]
        )
        self.age = _filter(
            Text(en="Any age", zh="全部天数"), [(look.first(words), at) for at, words in enumerate(_AGE_WORDS)]
        )
        for box in (self.site, self.source, self.age):
            box.currentIndexChanged.connect(lambda _: self._show())
        head = parts.row(self.title, 8, *legend, None, self.site, self.source, self.age, margins=(16, 8, 12, 6), gap=6)
        self.table = Table(_HEADS, (130, 116, 170, 0, 96, 84)).say_when_empty(_NONE)
        self.table.chosen.connect(self._choose)
        self.table.opened.connect(lambda _: self.open_field())
        left.addWidget(parts.plane("card", head, self.table, gap=0, margins=(1, 1, 1, 8)), 1)
        self.thread_view = Thread(work.study)
        self.thread_view.field_wanted.connect(self._look_at)
        across.addWidget(self._beside())
        self.refresh()

    def _beside(self) -> QWidget:
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        holder = parts.column(self.thread_view, None, gap=0, margins=(0, 0, 6, 0))
        holder.setProperty("clear", "true")
        holder.setSizePolicy(self.sizePolicy())
        area.setWidget(holder)
        self.question = Question(_WHY)
        self.question.sent.connect(self.ask_again)
        self.words = self.question.lead
        self.close_it = parts.Button(Text(en="Close", zh="关闭质疑"), shape="check", high=32)
        self.again = parts.Button(Text(en="Ask again", zh="追问"), shape="bubble", high=32)
        self.send_it = parts.Button(Text(en="Send", zh="下发"), shape="transfer", high=32)
        self.cancel_it = parts.Button(Text(en="Cancel…", zh="撤销…"), "danger", high=32)
        self.close_it.clicked.connect(lambda _=False: self._settle(False))
        self.again.clicked.connect(lambda _=False: self.ask_again())
        self.send_it.clicked.connect(lambda _=False: self.send([self._lines[self.table.row()]]))
        self.cancel_it.clicked.connect(lambda _=False: self._settle(True))
        self.said = parts.words("", "small", "hard", wrap=True)
        acts = parts.row(self.send_it, self.close_it, self.again, None, self.cancel_it, gap=6)
        made = parts.plane("card", area, self.question, acts, self.said, gap=8, margins=(14, 12, 10, 10))
        made.setFixedWidth(356)
        return made

    # -- what is shown

    def acts(self) -> tuple[HeadAct, ...]:
        drafts = self.work.lists.query_counts().get("Candidate", 0)
        if not may(self.work.user.role, Act.OPEN_QUERY):
            return ()
        given = [HeadAct(Text(en="Check all", zh="运行核查"), self.check, "search", key="F5")]
        if drafts:
            says = Text(en="Send {n} drafted", zh="下发 {n} 条").format(n=drafts)
            given.append(HeadAct(says, self.issue_all, "transfer", "primary", "Ctrl+S"))
        return tuple(given)

    def key_hints(self) -> Keys:
        return (
            ("↑ ↓", Text(en="choose", zh="选择")), ("R", Text(en="ask again", zh="追问")),
            ("C", Text(en="close", zh="关闭")), ("Del", Text(en="cancel", zh="撤销")),
            ("Enter", Text(en="open at the field", zh="打开到该格")),
        )  # fmt: skip

    def refresh(self) -> None:
        """Read the board again; the chosen query stays chosen where it still stands here."""
        counts = self.work.lists.query_counts()
        for name, tile in self.tiles.items():
            lines = self.work.lists.queries((name,), limit=MOST) if name != "Closed" else ()
            count = counts.get(name, 0) + (counts.get("Cancelled", 0) if name == "Closed" else 0)
            tile.show_ages(count, [self._days(line) for line in lines])
        self.narrow(self.state)

    def narrow(self, state: str) -> None:
        """Show the queries of one state; cancelled ones stand among the closed."""
        self.state = state
        for name, tile in self.tiles.items():
            tile.setChecked(name == state)
        states = ("Closed", "Cancelled") if state == "Closed" else (state,)
        self._all = self.work.lists.queries(states, limit=MOST)
        self._show()

    def _show(self) -> None:
        site, source, age = self.site.currentData(), self.source.currentData(), self.age.currentData()
        self._lines = tuple(
            line
            for line in self._all
            if (site is None or line.site == site)
            and (source is None or line.source == source)
            and (age is None or self._age(line) == age)
        )
        self._initials = self.work.lists.initials({line.subject for line in self._lines})
        text = STATES[self.state][0]
        count = len(self._lines)
        self.title.setText(look.first(Text(en="{s}: {n}", zh="{s} {n} 条").format(s=look.first(text), n=count)))
        self.table.show_lines([self._cells(line) for line in self._lines])
        if not self._lines:
            self._choose(-1)

    def _days(self, line: QueryLine) -> int:
        end = datetime.fromisoformat(line.settled) if line.settled else self.work.now()
        return max(0, (end.date() - datetime.fromisoformat(line.opened).date()).days)

    def _age(self, line: QueryLine) -> int:
        days = self._days(line)
        return next(at for at, (high, _) in enumerate(AGES) if days <= high)

    def _cells(self, line: QueryLine) -> list[Cell]:
        days, tone = self._days(line), AGES[self._age(line)][1]
        form, item = place_words(self.work.study, ItemPath.parse(line.paths[0]))
        more = f" +{len(line.paths) - 1}" if len(line.paths) > 1 else ""
        says = line.says_zh if look.language() == "zh" else line.says_en
        known = self._initials.get(line.subject, "")
        waits = look.first(Text(en="{n} days", zh="{n} 天").format(n=days))
        answer = line.said or "" if line.state in ("Answered", "Open") else ""
        return [
            Cell(line.id, strong=True),
            Cell(line.subject, known, plate=True),
            Cell(form, item + more),
            Cell(says, answer),
            Cell(look.first(SOURCES[line.source]), tone="ink2"),
            Cell(waits, tone="warn" if tone in ("grade1", "grade2") else "hard" if tone == "hard" else "ink2", strong=days > 3),
        ]  # fmt: skip

    def _choose(self, row: int) -> None:
        self.said.setText("")
        line = self._lines[row] if 0 <= row < len(self._lines) else None
        state = line.state if line else ""
        role = self.work.user.role
        self.question.setVisible(line is not None and state != "Cancelled")
        self.send_it.setVisible(state == "Candidate" and may(role, Act.OPEN_QUERY))
        self.close_it.setVisible(state in ("Open", "Answered") and may(role, Act.CLOSE_QUERY))
        self.again.setVisible(state in ("Answered", "Closed") and may(role, Act.OPEN_QUERY))
        self.cancel_it.setVisible(state in ("Candidate", "Open", "Answered") and may(role, Act.CLOSE_QUERY))
        if line is None:
            self.thread_view.clear(_NONE if self._all else _NONE_AT_ALL.format(state=STATES[self.state][0]))
        else:
            self.thread_view.show_query(self.work.data(line.subject), line.id)

    # -- acts

    def line(self) -> QueryLine | None:
        """The query chosen."""
        row = self.table.row()
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def show_query(self, id: str) -> None:
        """Choose a query wherever it stands."""
        line = self.work.lists.query(id)
        if line is None:
            return
        for box in (self.site, self.source, self.age):
            box.setCurrentIndex(0)
        self.narrow("Closed" if line.state == "Cancelled" else line.state)
        row = next((at for at, one in enumerate(self._lines) if one.id == id), None)
        if row is not None:
            self.table.selectRow(row)

    def open_field(self) -> None:
        """Look at the first field of the chosen query."""
        if line := self.line():
            self._look_at(ItemPath.parse(line.paths[0]))

    def ask_again(self) -> None:
        """Put the chosen query again with the words written below its thread."""
        line = self.line()
        if line is None or not self.again.isVisibleTo(self):
            return
        says = self.question.says()
        self._done(self.work.ask_again(line.subject, line.id, says))

    def issue_all(self) -> int:
        """Send every drafted query out with the next receipts; the count is said."""
        return self.send(self.work.lists.queries(("Candidate",), limit=MOST))

    def send(self, drafts: Any) -> int:
        """Send these drafts, and say how many went."""
        sent = self.work.issue([(line.subject, line.id) for line in drafts])
        self.refresh()
        self.changed.emit()
        self._say(_SENT.format(n=sent), "ok")
        return sent

    def check(self) -> None:
        """Let the rules draft queries about every participant, off the window's thread."""
        self.busy.run(_CHECKING, self.work.check, self._checked, left=lambda: self._checked(None))

    def _checked(self, drafted: int | None) -> None:
        if drafted:
            self.state = "Candidate"
        self.refresh()
        self.changed.emit()
        self._say(_LEFT if drafted is None else _DRAFTED.format(n=drafted), "ok")

    def _look_at(self, path: object) -> None:
        if line := self.line():
            self.record_wanted.emit(line.subject, path)

    def _settle(self, cancelled: bool) -> None:
        line = self.line()
        if line is not None:
            self._done(self.work.settle(line.subject, line.id, self.question.plain(), cancelled))

    def _done(self, done: object) -> None:
        if isinstance(done, Refusal):
            self._say(done.says, "hard")
            self.question.lead.setFocus()
            return
        row = self.table.row()
        self.question.put("")
        self.refresh()
        if self._lines:
            self.table.selectRow(min(row, len(self._lines) - 1))
        self.table.setFocus()
        self.changed.emit()

    def _say(self, says: Text, tone: str) -> None:
        self.said.setText(look.first(says))
        parts.tone(self.said, tone)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_R and self.again.isVisibleTo(self):
            self.question.lead.setFocus()
        elif key == Qt.Key.Key_C and self.close_it.isVisibleTo(self):
            self._settle(False)
        elif key == Qt.Key.Key_Delete and self.cancel_it.isVisibleTo(self):
            self._settle(True)
        else:
            super().keyPressEvent(event)


def _filter(every: Text, choices: list[tuple[str, Any]]) -> Combo:
    box = Combo()
    box.setFixedWidth(118)
    box.setAccessibleName(look.both(every))
    box.addItem(look.first(every), None)
    for words, data in choices:
        box.addItem(words, data)
    return box


_HEADS = (
    Text(en="Number", zh="编号"), Text(en="Participant", zh="受试者"), Text(en="Place", zh="位置"),
    Text(en="Query", zh="质疑"), Text(en="Source", zh="来源"), Text(en="Days", zh="站点天数"),
)  # fmt: skip
_AGE_WORDS = (
    Text(en="0–3 days", zh="0–3 天"), Text(en="4–7 days", zh="4–7 天"), Text(en="8–14 days", zh="8–14 天"),
    Text(en="over 14", zh="14 天以上"),
)  # fmt: skip
_WHY = Text(en="Words for the record, or the next question…", zh="填写说明，或追问内容…")
_NONE = Text(en="No query meets the filters.", zh="没有符合筛选条件的质疑。")
_NONE_AT_ALL = Text(
    en="No query in the state “{state}”. Check all lets the rules draft some; a field's page asks one.",
    zh="没有“{state}”的质疑。可运行核查，或在字段页面提出。",
)
_CHECKING = Text(en="The rules read every casebook", zh="正在逐份核查病例")
_SENT = Text(en="{n} queries go out with the next receipts.", zh="{n} 条质疑将随下一份回执下发。")
_DRAFTED = Text(en="{n} queries drafted.", zh="已拟定 {n} 条质疑。")
_LEFT = Text(en="Left off. What was drafted before stays.", zh="已停止，此前拟定的质疑保留。")
