"""One participant: forms by visits, the chosen form at the right, and the logs."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Text
from trialdesk.services.casebook import Casebook
from trialdesk.services.terminology import rule_terminology
from trialdesk.services.timeline import timeline
from trialdesk.services.worklist import LogRows, plan
from trialdesk.ui import look, parts
from trialdesk.ui.field_view import MISSING_WORDS
from trialdesk.ui.form_acts import struck_record
from trialdesk.ui.matrix import Cell, Matrix, due_words
from trialdesk.ui.states import DUE_SHAPES, STATUS_SHAPES, STRUCK, status_word
from trialdesk.ui.timeline_view import TimelineStrip

_MOST_FINDINGS = 5
LOG_ROOM = 206
"""Pixels for the words of a log row in the card at the right."""


class CasebookView(QWidget):
    """Leads to forms; writes nothing."""

    form_wanted = Signal(object)
    timeline_wanted = Signal()
    signing_wanted = Signal()

    def __init__(self, casebook: Casebook, at: FormPath | None = None) -> None:
        super().__init__()
        self.casebook = casebook
        self._plan = plan(casebook.session.book, casebook.data, casebook.session.today)
        across = QVBoxLayout(self)
        across.setContentsMargins(14, 10, 14, 12)
        across.setSpacing(12)
        self.strip = TimelineStrip(timeline(casebook.book(), casebook.data, casebook.session.today), brief=True)
        self.strip.opened.connect(self.form_wanted)
        across.addWidget(parts.plane("card", self.strip, margins=(1, 1, 1, 1)))
        self.matrix = Matrix(casebook, self._plan)
        self.matrix.moved.connect(self._show_cell)
        self.matrix.opened.connect(self.form_wanted)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        holder = parts.column(self.matrix, None, gap=0)
        holder.setProperty("clear", "true")
        area.setWidget(holder)
        left = parts.plane("card", area, self._legend(), gap=6, margins=(1, 1, 1, 8))
        left.layout().setStretch(0, 1)  # type: ignore[union-attr]
        self._card = parts.plane("card", gap=8, margins=(16, 14, 16, 14))
        self.sign_clean = parts.Button(Text(en="Sign clean forms…", zh="批量签署…"), "secondary", None, "pen", 34)
        self.sign_clean.clicked.connect(self.signing_wanted)
        right = parts.column(self._card, self._logs(), self.sign_clean, gap=12)
        right.setFixedWidth(284)
        line = parts.row(left, right, gap=12)
        line.layout().setStretch(0, 1)  # type: ignore[union-attr]
        across.addWidget(line, 1)
        if at is not None:
            self.matrix.go_to(at)
        self._show_cell(self.matrix.current())
        self.matrix.setFocus()

    def _legend(self) -> QWidget:
        shown: list[QWidget] = []
        for status, (shape, tone) in STATUS_SHAPES.items():
            word = parts.words(look.first(status_word(status)), "small", "ink2")
            shown.append(parts.row(parts.icon(shape, 15, tone), word, gap=4))
        for name in ("not_due", "overdue"):
            shape, tone, text = DUE_SHAPES[name]
            shown.append(parts.row(parts.icon(shape, 15, tone), parts.words(look.first(text), "small", "ink2"), gap=4))
        made = parts.flow(*shown, gap=10)
        made.setContentsMargins(12, 0, 12, 0)
        return made

    def _show_cell(self, cell: Cell | None) -> None:
        layout = self._card.layout()
        assert layout is not None
        parts.empty(layout)
        if cell is None:
            return
        study = self.casebook.study(cell.form)
        definition = study.form[cell.form.form]
        layout.addWidget(parts.words(look.first(definition.label), "title", wrap=True))
        layout.addWidget(parts.words(look.second(definition.label), "small", "ink3", wrap=True))
        where = Text(en="{visit}. {due}", zh="{visit}。{due}").format(
            visit=cell.column.label, due=due_words(cell.column)
        )
        layout.addWidget(parts.words(look.first(where), "small", "ink2", wrap=True))
        shape, tone = STATUS_SHAPES[cell.status]
        chips = [parts.Chip(look.first(status_word(cell.status)), "info" if tone == "accent" else tone, shape)]
        if cell.waiting.missing:
            empty = Text(en="empty {n}", zh="未填 {n}").format(n=cell.waiting.missing)
            chips.append(parts.Chip(look.first(empty), "idle", "missing"))
        if cell.waiting.findings:
            found = Text(en="findings {n}", zh="提示 {n}").format(n=cell.waiting.findings)
            chips.append(parts.Chip(look.first(found), "warn", "soft"))
        layout.addWidget(parts.flow(*chips))
        if cell.form in self.casebook.data.by_form:
            for finding in self.casebook.assessment(cell.form).to_finish[:_MOST_FINDINGS]:
                if finding.severity == "missing":
                    label = study.item(finding.path.item).label
                    says, shape, tone = label, "missing", "idle"
                else:
                    says = finding.says
                    shape, tone = ("hard", "hard") if finding.severity == "hard" else ("soft", "warn")
                line = parts.row(parts.icon(shape, 16, tone), parts.words(look.first(says), "text", wrap=True), gap=8)
                line.layout().setStretch(1, 1)  # type: ignore[union-attr]
                layout.addWidget(line)
        act = parts.Button(Text(en="Open the form", zh="打开表单"), "primary", "Enter")
        act.setFixedWidth(250)
        act.clicked.connect(lambda: self.form_wanted.emit(cell.form))
        layout.addWidget(act)

    def _logs(self) -> QWidget:
        made: list[parts.Content] = [
            parts.row(
                parts.words(look.first(Text(en="Logs", zh="记录表")), "heading"),
                parts.words(look.second(Text(en="Logs", zh="记录表")), "small", "ink3"),
                None,
            )
        ]
        made += [self._log(log) for log in self._plan.logs]
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        ground = parts.column(*made, None, gap=4)
        ground.setProperty("clear", "true")
        area.setWidget(ground)
        return parts.plane("card", area, margins=(16, 12, 6, 8))

    def _log(self, log: LogRows) -> QWidget:
        add = parts.Button(Text(en="Add", zh="登记"), "quiet", shape="plus", high=30)
        add.setAccessibleName(look.both(Text(en="Add to {log}", zh="登记{log}").format(log=log.event.label)))
        add.clicked.connect(lambda: self.form_wanted.emit(FormPath(log.event.oid, log.next_repeat, log.event.forms[0])))
        head: list[parts.Content] = [parts.words(look.first(log.event.label), "strong", wrap=True), add]
        if log.event.kind == "common" and log.rows:
            head.pop()
        top = parts.row(*head, gap=4)
        top.layout().setStretch(0, 1)  # type: ignore[union-attr]
        # The plan leaves struck entries out; here they stay to be seen, drawn through.
        used = self.casebook.data.repeats(log.event.oid)
        rows = [self._log_row(FormPath(log.event.oid, n, log.event.forms[0])) for n in used]
        return parts.column(top, *rows, gap=0)

    def _log_row(self, form: FormPath) -> QWidget:
        facts = log_facts(self.casebook, form)
        whole = f"{form.repeat}  {facts}"
        shown = QFontMetricsF(look.font("text")).elidedText(whole, Qt.TextElideMode.ElideRight, LOG_ROOM)
        button = parts.Button(Text(en=shown, zh=shown), "quiet", high=30)
        button.setToolTip(whole)
        button.setAccessibleName(whole)
        shape, tone = STATUS_SHAPES[self.casebook.status(form)]
        if struck_record(self.casebook, form) is not None:
            shape, tone = "not_done", "idle"
            button.strike_through(STRUCK)
        button.clicked.connect(lambda: self.form_wanted.emit(form))
        return parts.row(parts.icon(shape, 15, tone), button, None, gap=2)

    def add_log(self) -> None:
        """Add to the first log of the study: adverse events stand first."""
        log = next((one for one in self._plan.logs if one.event.kind == "log"), None)
        if log is not None:
            self.form_wanted.emit(FormPath(log.event.oid, log.next_repeat, log.event.forms[0]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F3:
            self.add_log()
            return
        if event.key() == Qt.Key.Key_F11:
            self.timeline_wanted.emit()
            return
        super().keyPressEvent(event)


def log_facts(casebook: Casebook, form: FormPath) -> str:
    """What a log row is about: its first answers that can be read without their questions."""
    study = casebook.study()
    told: list[str] = []
    for group in study.form[form.form].groups:
        for item in group.items:
            if item.kind == "long_text" or item.optional or item.by_program:
                continue
            if item.codelist and study.codelist[item.codelist].is_yes_no:
                continue
            path = form.item(group.oid, item.name)
            known = casebook.data.items.get(path)
            if known is None or (known.value is None and not known.missing):
                continue
            label = study.words(item, known.value) if known.value and item.kind == "code" else None
            if known.value and item.kind == "term":
                label = rule_terminology().words_of(known.value)
            if known.missing:
                label = MISSING_WORDS[known.missing]
            told.append(look.first(label) if label else str(known.value))
    return " ".join(told[:3])
