"""The query board: four states with their ages as filters, the list by days, and the thread of the chosen query."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.clinical.changes import QueryAnswered, QueryClosed
from trialdesk.domain.oid import ItemPath
from trialdesk.domain.text import Text
from trialdesk.services.centre_view import CentreAtWork
from trialdesk.storage.centre_lists import QueryLine
from trialdesk.ui import icons, look, parts
from trialdesk.ui.centre.table import Cell, Table

AGES = ((3, "idle"), (7, "grade1"), (14, "grade2"), (10**6, "hard"))
STATES = {
    "Candidate": (Text(en="Drafted", zh="待下发"), "draft"),
    "Open": (Text(en="Open", zh="待答复"), "bubble"),
    "Answered": (Text(en="Answered", zh="已答复，待审"), "inbox"),
    "Closed": (Text(en="Closed", zh="已关闭"), "complete"),
}
SOURCES = {
    "System": Text(en="System", zh="系统"),
    "Data Management": Text(en="Data manager", zh="数据管理"),
    "Monitor": Text(en="Monitor", zh="监查员"),
    "Medical Review": Text(en="Medical review", zh="医学审核"),
}


class StateTile(QAbstractButton):
    """One state: how many, and how long they have waited."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self._text, self._shape = STATES[name]
        self._ages: list[int] = []
        self._count = 0
        self.setCheckable(True)
        self.setFixedHeight(76)
        self.setMinimumWidth(196)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(200, 76)

    def show_ages(self, count: int, ages: list[int]) -> None:
        """Count, and the days of each that waits."""
        self._count, self._ages = count, ages
        self.setAccessibleName(f"{look.both(self._text)} {count}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked() or self.hasFocus()
        p.setPen(QPen(look.color("accent" if on else "line"), 2 if on else 1))
        p.setBrush(look.color("surface"))
        p.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 9, 9)
        icons.draw(p, self._shape, QRectF(14, 22, 18, 18), "ink2", "surface")
        p.setPen(look.color("ink"))
        p.setFont(look.font("label"))
        title = look.first(self._text)
        p.drawText(QRectF(40, 18, 200, 26), Qt.AlignmentFlag.AlignVCenter, title)
        after = 48 + p.fontMetrics().horizontalAdvance(title)
        p.setPen(look.color("ink3"))
        p.setFont(look.font("small"))
        second = look.second(self._text)
        if after + p.fontMetrics().horizontalAdvance(second) < self.width() - 58:
            p.drawText(QRectF(after, 18, 120, 26), Qt.AlignmentFlag.AlignVCenter, second)
        p.setPen(look.color("ink"))
        p.setFont(look.font("number"))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        p.drawText(QRectF(0, 14, self.width() - 16, 32), right, str(self._count))
        self._bar(p)

    def _bar(self, p: QPainter) -> None:
        box = QRectF(14, 57, self.width() - 28, 6)
        p.setPen(Qt.PenStyle.NoPen)
        if self.name == "Closed" or not self._ages:
            p.setBrush(look.color("ok" if self.name == "Closed" and self._count else "line"))
            p.drawRoundedRect(box, 3, 3)
            return
        left, low = box.left(), -1
        for high, tone in AGES:
            share = sum(1 for days in self._ages if low < days <= high) / len(self._ages)
            p.fillRect(QRectF(left, box.top(), max(0.0, share * box.width() - 1), 6), look.color(tone))
            left, low = left + share * box.width(), high


class QueriesPage(QWidget):
    """Every query of every site."""

    changed = Signal()

    def __init__(self, work: CentreAtWork) -> None:
        super().__init__()
        self._work = work
        self._lines: tuple[QueryLine, ...] = ()
        self._initials: dict[str, str] = {}
        self.state = "Open"
        across = QHBoxLayout(self)
        across.setContentsMargins(16, 2, 16, 12)
        across.setSpacing(14)
        left = QVBoxLayout()
        left.setSpacing(12)
        across.addLayout(left, 1)
        self.tiles = {name: StateTile(name) for name in STATES}
        tiles = QHBoxLayout()
        tiles.setSpacing(12)
        for tile in self.tiles.values():
            tile.clicked.connect(lambda _=False, name=tile.name: self.narrow(name))
            tiles.addWidget(tile, 1)
        left.addLayout(tiles)
        self.title = parts.words("", "heading")
        legend = [_Legend(tone, words) for (_, tone), words in zip(AGES, _AGE_WORDS, strict=True)]
        head = parts.row(self.title, 8, *legend, None, margins=(16, 10, 16, 6))
        self.table = Table(_HEADS, (130, 116, 170, 0, 96, 84))
        self.table.chosen.connect(self._choose)
        left.addWidget(parts.plane("card", head, self.table, gap=0, margins=(1, 1, 1, 8)), 1)
        self._thread = QVBoxLayout()
        self._thread.setContentsMargins(0, 0, 0, 0)
        self.words = QPlainTextEdit()
        self.words.setFixedHeight(64)
        self.words.setPlaceholderText(look.first(_WHY))
        self.close_it = parts.Button(Text(en="Close", zh="关闭质疑"), shape="check")
        self.cancel_it = parts.Button(Text(en="Cancel…", zh="撤销…"), "danger")
        self.close_it.clicked.connect(lambda: self._settle(False))
        self.cancel_it.clicked.connect(lambda: self._settle(True))
        self.said = parts.words("", "small", "hard", wrap=True)
        inner = QWidget()
        inner.setLayout(self._thread)
        acts = parts.row(self.close_it, None, self.cancel_it)
        self.beside = parts.plane("card", inner, None, self.words, acts, self.said, gap=8)
        self.beside.setFixedWidth(352)
        across.addWidget(self.beside)
        self.refresh()

    def refresh(self) -> None:
        """Read the board again."""
        counts = self._work.lists.query_counts()
        for name, tile in self.tiles.items():
            lines = self._work.lists.queries((name,), limit=2000) if name != "Closed" else ()
            tile.show_ages(counts.get(name, 0), [self._days(line) for line in lines])
        self.narrow(self.state)

    def narrow(self, state: str) -> None:
        """Show the queries of one state."""
        self.state = state
        for name, tile in self.tiles.items():
            tile.setChecked(name == state)
        self._lines = self._work.lists.queries((state,), limit=2000)
        self._initials = self._work.lists.initials({line.subject for line in self._lines})
        text = STATES[state][0]
        count = len(self._lines)
        self.title.setText(look.first(Text(en="{s}: {n}", zh="{s} {n} 条").format(s=look.first(text), n=count)))
        self.table.show_lines([self._cells(line) for line in self._lines])
        if not self._lines:
            self._choose(-1)

    def _days(self, line: QueryLine) -> int:
        return max(0, (self._work.now().date() - datetime.fromisoformat(line.opened).date()).days)

    def _cells(self, line: QueryLine) -> list[Cell]:
        days = self._days(line)
        tone = next(tone for high, tone in AGES if days <= high)
        form, item = place_words(self._work, line.paths[0])
        more = f" +{len(line.paths) - 1}" if len(line.paths) > 1 else ""
        says = line.says_zh if look.language() == "zh" else line.says_en
        known = self._initials.get(line.subject, "")
        waits = look.first(Text(en="{n} days", zh="{n} 天").format(n=days))
        return [
            Cell(line.id, strong=True),
            Cell(line.subject, known, plate=True),
            Cell(form, item + more),
            Cell(says),
            Cell(look.first(SOURCES[line.source]), tone="ink2"),
            Cell(waits, tone="warn" if tone in ("grade1", "grade2") else "hard" if tone == "hard" else "ink2", strong=days > 3),
        ]  # fmt: skip

    def _choose(self, row: int) -> None:
        parts.empty(self._thread)
        self.said.setText("")
        there = 0 <= row < len(self._lines)
        for part in (self.words, self.close_it, self.cancel_it):
            part.setVisible(there and self.state != "Closed")
        self.close_it.setVisible(there and self.state in ("Open", "Answered"))
        if not there:
            self._thread.addWidget(parts.words(look.first(_NONE), "text", "ink3", wrap=True))
            return
        line = self._lines[row]
        data = self._work.data(line.subject)
        chip = parts.Chip(look.first(STATES[self.state][0]), "query", "bubble")
        self._thread.addWidget(parts.row(parts.words(line.id, "heading"), chip, None))
        for text in line.paths:
            path = ItemPath.parse(text)
            form, item = place_words(self._work, text)
            value = data.value(path)
            shown = value if value is not None else look.first(_NO_VALUE)
            unit = self._work.study.place[path.item][2].unit if path.item in self._work.study.place else None
            now = parts.words(f"{shown} {unit or ''}".strip(), "strong")
            where = parts.column(parts.words(item, "strong", wrap=True), parts.words(form, "small", "ink3"), gap=0)
            self._thread.addWidget(parts.plane("sunken", where, None, now, across=True, margins=(12, 8, 12, 8)))
        asked = Text(en=line.says_en, zh=line.says_zh)
        self._said("query", look.first(SOURCES[line.source]), line.opened, look.first(asked), look.second(asked))
        query = data.queries.get(line.id)
        for record in (*query.answers, *query.closings) if query else ():
            change = record.change
            if isinstance(change, QueryAnswered | QueryClosed):
                self._said("sunken", record.user, record.at, change.words, "")

    def _said(self, ground: str, who: str, at: str, words: str, under: str) -> None:
        head = parts.row(parts.words(who, "strong"), None, parts.words(at[:10], "small", "ink3"))
        said = [head, parts.words(words, "text", wrap=True)]
        if under:
            said.append(parts.words(under, "small", "ink3", wrap=True))
        self._thread.addWidget(parts.plane(ground, *said, gap=3, margins=(12, 8, 12, 8)))

    def _settle(self, cancelled: bool) -> None:
        row = self.table.currentIndex().row()
        if not 0 <= row < len(self._lines):
            return
        line = self._lines[row]
        done = self._work.settle(line.subject, line.id, self.words.toPlainText(), cancelled)
        if isinstance(done, Refusal):
            self.said.setText(look.first(done.says))
            return
        self.words.clear()
        self.refresh()
        self.changed.emit()

    def issue_all(self) -> int:
        """Send every drafted query out with the next receipts."""
        drafts = self._work.lists.queries(("Candidate",), limit=2000)
        sent = self._work.issue([(line.subject, line.id) for line in drafts])
        self.refresh()
        self.changed.emit()
        return sent


class _Legend(QWidget):
    def __init__(self, tone: str, words: Text) -> None:
        super().__init__()
        self._tone, self._words = tone, look.first(words)
        self.setFixedSize(86, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(look.color(self._tone))
        p.drawRoundedRect(QRectF(2, 4, 12, 12), 3, 3)
        p.setPen(look.color("ink2"))
        p.setFont(look.font("small"))
        p.drawText(QRectF(20, 0, 70, 20), Qt.AlignmentFlag.AlignVCenter, self._words)


def place_words(work: CentreAtWork, written: str) -> tuple[str, str]:
    """Event and form, and the item, of a place in words."""
    path, study = ItemPath.parse(written), work.study
    event, form = study.event.get(path.event), study.form.get(path.form)
    places = [look.first(form.label) if form else path.form, look.first(event.short) if event else path.event]
    if event is not None and event.repeating and path.repeat > 1:
        places[1] += f" {path.repeat}"
    item = study.place.get(path.item)
    return ("，" if look.language() == "zh" else ", ").join(places), look.first(item[2].label) if item else path.item


_HEADS = (
    Text(en="Number", zh="编号"), Text(en="Participant", zh="受试者"), Text(en="Place", zh="位置"),
    Text(en="Query", zh="质疑"), Text(en="Source", zh="来源"), Text(en="Days", zh="站点天数"),
)  # fmt: skip
_AGE_WORDS = (
    Text(en="0–3 days", zh="0–3 天"), Text(en="4–7 days", zh="4–7 天"), Text(en="8–14 days", zh="8–14 天"),
    Text(en="over 14", zh="14 天以上"),
)  # fmt: skip
_WHY = Text(en="Words for the record…", zh="填写说明…")
_NONE = Text(en="No query in this state.", zh="没有此状态的质疑。")
_NO_VALUE = Text(en="no value", zh="无值")
