"""Beside the page: help for the field, the protocol's sentence, study settings, queries, history."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from trialdesk.domain.clinical.subject_data import Query
from trialdesk.domain.oid import ItemPath
from trialdesk.domain.rules.checks import scope_anchor
from trialdesk.domain.rules.scope import PlaceScope
from trialdesk.domain.rules.windows import Window, window_of_event
from trialdesk.domain.study.form import ItemDef
from trialdesk.domain.study.rule import Rule
from trialdesk.domain.text import Text
from trialdesk.services.casebook import Casebook
from trialdesk.ui import look, parts
from trialdesk.ui.audit_view import history_view
from trialdesk.ui.window_bar import WindowBar

_DATE_KEYS = (
    ("t", Text(en="today", zh="今天")),
    ("y", Text(en="yesterday", zh="昨天")),
    ("v", Text(en="day of the visit", zh="访视日")),
    ("-3", Text(en="3 days ago", zh="3 天前")),
    ("UN/3/2026", Text(en="day unknown", zh="日不详")),
)


class Drawer(QFrame):
    """Explains the field that has the caret; empty while none has."""

    answered = Signal(str, str)

    def __init__(self, casebook: Casebook, wide: int = 292) -> None:
        super().__init__()
        self._casebook = casebook
        self.setProperty("plane", "sunken")
        self.setFixedWidth(wide)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 0, 0, 0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        ground = QWidget()
        ground.setProperty("clear", "true")
        self._lines = QVBoxLayout(ground)
        self._lines.setContentsMargins(16, 16, 14, 16)
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
        """Show the same field as it is now."""
        if self._shown is not None and self.isVisible():
            self._fill(*self._shown)

    def take_focus(self) -> None:
        """Open, and put the focus on the first thing to do here, or on the text itself so that it can be read."""
        self.show()
        box = self.findChild(QLineEdit)
        (box or self).setFocus()

    def _fill(self, item: ItemDef, path: ItemPath) -> None:
        parts.empty(self._lines)
        self._lines.addWidget(parts.bilingual(item.label, "heading", wrap=True))
        if item.help is not None:
            self._lines.addWidget(parts.words(look.first(item.help), "text", "ink2", wrap=True))
        if item.range is not None:
            self._lines.addWidget(self._range(item))
        window = self._window(item, path)
        if window is not None:
            self._lines.addWidget(WindowBar(window, self._casebook.data.value(path)))
        if item.setting:
            self._lines.addWidget(self._setting())
        for query in self._casebook.data.open_queries(path.form_path):
            if path in query.change.paths:
                self._lines.addWidget(self._query(query))
        for rule in self._rules(item):
            self._lines.addWidget(self._rule(rule))
        self._lines.addWidget(parts.words(look.first(Text(en="History", zh="历史")), "smallstrong", "ink2"))
        self._lines.addWidget(history_view(self._casebook, path, item))
        self._lines.addStretch(1)
        if item.kind in ("date", "partial_date"):
            self._lines.addWidget(self._dates())

    def _window(self, item: ItemDef, path: ItemPath) -> Window | None:
        """The window of this visit, beside the question that dates it."""
        session = self._casebook.session
        event = session.book.study.event[path.event]
        if event.date_item != item.name or event.due is None:
            return None
        scope = PlaceScope(session.book, self._casebook.data, path.form_path, None, 1, session.today)
        return window_of_event(session.book, event.due, scope_anchor(scope, event.due.after))

    def _range(self, item: ItemDef) -> QWidget:
        assert item.range is not None
        said = Text(en="Expected {low} to {high} {unit}", zh="预期范围 {low}～{high} {unit}").format(
            low=item.range.min if item.range.min is not None else "…",
            high=item.range.max if item.range.max is not None else "…",
            unit=parts.unit_label(item.unit or ""),
        )
        shown = parts.words(look.first(said), "small", "ink2", wrap=True)
        # 10^9 without its raised digit would read as another number.
        shown.setTextFormat(Qt.TextFormat.RichText)
        return shown

    def _setting(self) -> QWidget:
        said = Text(
            en="Study setting, not in the registration: the study must confirm it.",
            zh="研究设定，注册信息未给出，须由本研究确认。",
        )
        line = parts.words(look.first(said), "small", "info", wrap=True)
        return parts.plane(
            "info", parts.row(parts.icon("assumption", 16, "info", "info_soft"), line), margins=(10, 8, 10, 8)
        )

    def _rules(self, item: ItemDef) -> list[Rule]:
        return [rule for rule in self._casebook.session.book.study.rules if getattr(rule, "item", None) == item.name]

    def _rule(self, rule: Rule) -> QWidget:
        head: list[parts.Content] = [parts.Chip(rule.id, "idle", outline=True)]
        if rule.setting:
            head.append(parts.Chip(look.first(Text(en="study setting", zh="研究设定")), "info", "assumption"))
        sentence = parts.words(look.first(rule.protocol), "text", "ink", wrap=True)
        source = parts.words(rule.source, "small", "ink3", wrap=True)
        return parts.plane("card", parts.row(*head, None), sentence, source, gap=6, margins=(12, 10, 12, 10))

    def _query(self, query: Query) -> QWidget:
        said: list[parts.Content] = [parts.words(look.first(query.change.says), "strong", "query", wrap=True)]
        said += [parts.words(words, "small", "ink2", wrap=True) for words in query.words]
        if query.state == "Open":
            box = QLineEdit()
            box.setFixedHeight(34)
            box.setPlaceholderText(look.first(Text(en="Answer, then Enter", zh="填写答复，按 Enter 保存")))
            box.setAccessibleName(look.both(Text(en="Answer to the query", zh="答复质疑")))
            box.returnPressed.connect(lambda: self.answered.emit(query.id, box.text()))
            said.append(box)
        return parts.plane("query", *said, gap=6, margins=(10, 8, 10, 8))

    def _dates(self) -> QWidget:
        title = parts.words(look.first(Text(en="How to type a date", zh="日期写法")), "smallstrong", "ink2")
        keys = [
            parts.row(parts.KeyCap(key), parts.words(look.first(text), "small", "ink2"), gap=6)
            for key, text in _DATE_KEYS
        ]
        return parts.column(title, parts.flow(*keys, gap=8), gap=6)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(QPen(look.color("line"), 1))
        painter.drawLine(0, 0, 0, self.height())
