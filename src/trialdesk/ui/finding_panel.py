"""A finding beside its field: the sentence, the rule with the protocol's words, and what one can do."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from trialdesk.domain.actions.reasons import EXPLANATIONS
from trialdesk.domain.clinical.changes import FindingExplained
from trialdesk.domain.rules.finding import Finding
from trialdesk.domain.text import Text
from trialdesk.ui import look, parts

_SHAPES = {"soft": ("soft", "warn"), "hard": ("hard", "hard"), "missing": ("missing", "idle")}


class FindingPanel(QFrame):
    """One finding; digits 1 to 5 choose the reason while a reason button has the focus."""

    explained = Signal(str, str, str)
    closed = Signal()

    def __init__(self, finding: Finding) -> None:
        super().__init__()
        self.finding = finding
        self._reasons: list[parts.Button] = []
        shape, tone = ("check", "ok") if finding.settled else _SHAPES[finding.severity]
        self.setProperty("plane", tone)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 10)
        layout.setSpacing(5)
        sentence = parts.words(look.first(finding.says), "strong", tone, wrap=True)
        head = parts.row(parts.icon(shape, 17, tone, f"{tone}_soft"), sentence, gap=9)
        head.layout().setStretch(1, 1)  # type: ignore[union-attr]
        layout.addWidget(head)
        if finding.protocol is not None and not finding.settled:
            layout.addWidget(self._source(tone))
        if finding.settled:
            layout.addWidget(self._settled())
        elif finding.severity == "soft":
            self._offer_reasons(layout)
        elif finding.severity == "hard":
            stay = Text(
                en="What you typed is saved; the form can be completed once this is corrected.",
                zh="录入内容已保存；更正后才能完成表单。",
            )
            layout.addWidget(self._indented(parts.words(look.first(stay), "small", "ink2", wrap=True)))
        self.setAccessibleName(look.both(finding.says))

    def _source(self, tone: str) -> QWidget:
        finding = self.finding
        assert finding.protocol is not None
        text = parts.words(look.first(finding.protocol), "small", "ink2", wrap=True)
        made: list[parts.Content] = [parts.Chip(finding.rule, tone, outline=True)]
        if finding.setting:
            made.append(parts.Chip(look.first(Text(en="study setting", zh="研究设定")), "info", "assumption"))
        line = parts.row(*made, text, gap=8, margins=(26, 0, 0, 0))
        line.layout().setStretch(len(made), 1)  # type: ignore[union-attr]
        return line

    def _settled(self) -> QWidget:
        record = self.finding.explained
        assert record is not None
        assert isinstance(record.change, FindingExplained)
        change = record.change
        why = dict(EXPLANATIONS).get(change.code, Text(en=change.code, zh=change.code))
        said = Text(en="Kept: {why} {words}  {who}, {at}", zh="已说明：{why} {words}  {who}，{at}").format(
            why=why, words=change.words, who=record.user, at=record.local_time.strftime("%Y-%m-%d %H:%M")
        )
        return self._indented(parts.words(look.first(said), "small", "ink2", wrap=True))

    def _indented(self, content: QWidget) -> QWidget:
        line = parts.row(content, margins=(26, 0, 0, 0))
        return line

    def _offer_reasons(self, layout: QVBoxLayout) -> None:
        for number, (code, text) in enumerate(EXPLANATIONS, start=1):
            button = parts.Button(Text(en=f"{number}  {text.en}", zh=f"{number}  {text.zh}"), high=30)
            button.clicked.connect(lambda _=False, chosen=code: self._choose(chosen))
            button.installEventFilter(self)
            self._reasons.append(button)
        for button in self._reasons[1:]:
            button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        keep = parts.words(look.first(Text(en="Keep because (F2)", zh="保留，原因（F2）")), "small", "ink2")
        keep.setFixedHeight(30)
        layout.addWidget(self._indented(parts.flow(keep, *self._reasons)))
        self._other = QLineEdit()
        self._other.setFixedHeight(34)
        self._other.setPlaceholderText(
            look.first(Text(en="Write the reason, then Enter", zh="填写原因，按 Enter 保存"))
        )
        self._other.setAccessibleName(look.both(Text(en="Reason in words", zh="原因说明")))
        self._other.returnPressed.connect(self._other_given)
        self._other.hide()
        layout.addWidget(self._indented(self._other))

    def focus_reasons(self) -> bool:
        """Put the focus on the first reason; False when there is none to give."""
        if not self._reasons:
            return False
        self._reasons[0].setFocus()
        return True

    def _choose(self, code: str) -> None:
        if code == "OTHER":
            self._other.show()
            self._other.setFocus()
        else:
            self.explained.emit(self.finding.rule, code, "")

    def _other_given(self) -> None:
        if self._other.text().strip():
            self.explained.emit(self.finding.rule, "OTHER", self._other.text())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            digit = event.text()
            here = self._reasons.index(watched) if watched in self._reasons else 0
            if digit.isdigit() and 1 <= int(digit) <= len(EXPLANATIONS):
                self._choose(EXPLANATIONS[int(digit) - 1][0])
                return True
            if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
                step = 1 if event.key() == Qt.Key.Key_Right else -1
                self._reasons[max(0, min(len(self._reasons) - 1, here + step))].setFocus()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.closed.emit()
                return True
        return super().eventFilter(watched, event)
