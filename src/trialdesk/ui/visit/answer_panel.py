"""Beside a form: the chosen answer in full, what it was compared with, taking that back, and drafting a query."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QVBoxLayout, QWidget

from trialdesk.domain.clinical.changes import SourceVerified
from trialdesk.domain.clinical.source_review import SHIELD_WORDS, Shield
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text
from trialdesk.services.monitoring_view import SOURCE_WORDS, AnswerLine, Past, history
from trialdesk.ui import look, parts
from trialdesk.ui.shields import SHAPES
from trialdesk.ui.visit.entry_line import EntryLine


class AnswerPanel(QFrame):
    """Asks the page: taken_back(words), asked(words in the leading language, words in the other)."""

    taken_back = Signal(str)
    asked = Signal(str, str)

    def __init__(self, study: Study) -> None:
        super().__init__()
        self._study = study
        self.setProperty("plane", "card")
        self.setFixedWidth(320)
        self._about = QVBoxLayout()
        self._about.setSpacing(6)
        self.reason = EntryLine(_REASON)
        self.reason.returnPressed.connect(lambda: self.taken_back.emit(self.reason.text()))
        self.back = parts.Button(Text(en="Take back", zh="撤销核查"), "danger", "U", high=32)
        self.back.clicked.connect(lambda: self.taken_back.emit(self.reason.text()))
        self.taking = parts.column(self.reason, parts.row(None, self.back), gap=6)
        self.words = _field(look.first(_ASK))
        self.other = _field(look.second(_ASK))
        self.ask = parts.Button(Text(en="Draft query", zh="起草质疑"), "secondary", "Q", shape="bubble", high=32)
        self.ask.clicked.connect(lambda: self.asked.emit(self.words.toPlainText(), self.other.toPlainText()))
        self.said = parts.words("", "small", "hard", wrap=True)
        down = QVBoxLayout(self)
        down.setContentsMargins(16, 14, 16, 14)
        down.setSpacing(8)
        down.addLayout(self._about)
        down.addWidget(self.taking)
        down.addStretch(1)
        down.addWidget(parts.words(look.first(_FINDING), "smallstrong", "ink2"))
        down.addWidget(self.words)
        down.addWidget(self.other)
        down.addWidget(parts.row(None, self.ask))
        down.addWidget(self.said)

    def show_answer(self, one: AnswerLine | None, data: SubjectData) -> None:
        """Show another answer."""
        parts.empty(self._about)
        self.said.setText("")
        self.taking.setVisible(one is not None and one.verified is not None)
        self.ask.setEnabled(one is not None)
        if one is None:
            return
        shape, tone = SHAPES[one.shield]
        self._about.addWidget(parts.bilingual(one.question, "heading", wrap=True))
        self._about.addWidget(parts.plane("sunken", _shown(one), margins=(12, 8, 12, 8)))
        by = _BY.format(user=one.record.user, at=f"{one.record.local_time:%Y-%m-%d %H:%M}")
        self._about.addWidget(parts.words(look.first(by), "small", "ink3", wrap=True))
        kind = "idle" if one.shield in (Shield.NOT_NEEDED, Shield.TO_VERIFY) else tone
        chip = parts.Chip(
            look.first(SHIELD_WORDS[one.shield]), kind, shape if one.shield is not Shield.NOT_NEEDED else None
        )
        self._about.addWidget(parts.row(chip, None))
        if one.verified is not None and isinstance(one.verified.change, SourceVerified):
            said = one.verified.change
            what = _AGAINST.format(source=SOURCE_WORDS[said.source], where=said.where)
            who = _BY.format(user=one.verified.user, at=f"{one.verified.local_time:%Y-%m-%d %H:%M}")
            self._about.addWidget(parts.words(look.first(what), "text", wrap=True))
            self._about.addWidget(parts.words(look.first(who), "small", "ink3", wrap=True))
            if len(said.paths) > 1:
                many = _MANY.format(n=len(said.paths))
                self._about.addWidget(parts.words(look.first(many), "small", "ink3", wrap=True))
        for past in history(self._study, data, one.path)[:3]:
            self._about.addWidget(_past(past))
        for query in data.queries_at(one.path)[:2]:
            if query.state in ("Open", "Answered"):
                self._about.addWidget(_bubble(look.first(query.change.says), *query.words))
        for record in data.candidates:
            if one.path in getattr(record.change, "paths", ()):
                self._about.addWidget(_bubble(look.first(getattr(record.change, "says", _FINDING))))

    def clear(self) -> None:
        """Let go of what was written, after it was kept."""
        self.reason.clear()
        self.words.clear()
        self.other.clear()


def _shown(one: AnswerLine) -> QWidget:
    """The answer, a unit with its powers raised."""
    shown = look.first(one.answer)
    value = shown.removesuffix(one.unit).rstrip() if one.unit else shown
    if value == shown:
        return parts.words(shown, "label", wrap=True)
    unit = parts.words("", "text", "ink2")
    unit.setTextFormat(Qt.TextFormat.RichText)
    unit.setText(parts.unit_label(one.unit))
    return parts.row(parts.words(value, "label"), unit, None)


def _past(past: Past) -> QFrame:
    """What stood here before, and what that was compared with."""
    before = _BEFORE.format(answer=past.answer)
    by = _BY.format(user=past.record.user, at=f"{past.record.local_time:%Y-%m-%d %H:%M}")
    said = [parts.words(look.first(before), "text", wrap=True), parts.words(look.first(by), "small", "ink3", wrap=True)]
    if past.verified is not None and isinstance(past.verified.change, SourceVerified):
        change = past.verified.change
        what = _AGAINST.format(source=SOURCE_WORDS[change.source], where=change.where)
        said.append(parts.words(look.first(what), "small", "warn", wrap=True))
    return parts.plane("sunken", *said, gap=1, margins=(12, 6, 12, 6))


def _bubble(asked: str, *answers: str) -> QFrame:
    said = [parts.words(asked, "small", "query", wrap=True), *(parts.words(one, "small", wrap=True) for one in answers)]
    return parts.plane("query", *said, gap=2, margins=(10, 6, 10, 6))


def _field(hint: str) -> QPlainTextEdit:
    made = QPlainTextEdit()
    made.setFixedHeight(58)
    made.setPlaceholderText(hint)
    made.setAccessibleName(hint)
    made.setTabChangesFocus(True)
    return made


_REASON = Text(en="Why it is taken back", zh="撤销原因")
_ASK = Text(en="Question to the site, in English", zh="向研究中心提出的问题（中文）")
_FINDING = Text(en="A finding becomes a drafted query", zh="发现的问题作为待发质疑")
_BY = Text(en="{user}, {at}", zh="{user}，{at}")
_BEFORE = Text(en="Before: {answer}", zh="更正前：{answer}")
_AGAINST = Text(en="Compared with: {source}, {where}", zh="核查依据：{source}，{where}")
_MANY = Text(
    en="One act for {n} answers: taking it back takes all of them back.", zh="一次操作包含 {n} 项；撤销时全部撤销。"
)
