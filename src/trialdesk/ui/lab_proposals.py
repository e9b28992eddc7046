"""Adverse events that the results of a sheet propose: make, already made, not made and why; questions beside them."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from trialdesk.domain.actions.reasons import EXPLANATIONS, words_of
from trialdesk.domain.clinical.changes import FindingExplained
from trialdesk.domain.oid import ItemPath
from trialdesk.domain.rules.laboratory import Proposal
from trialdesk.domain.text import Text
from trialdesk.services.laboratory import Sheet, SheetRow
from trialdesk.ui import look, parts
from trialdesk.ui.finding_panel import FindingPanel
from trialdesk.ui.grade_chip import GradeChip
from trialdesk.ui.lab_rows import AskRow, asked_words

TermWords = Callable[[str], Text]


class ProposalPanel(QFrame):
    """One line for each event; it shows and tells, the page acts."""

    make_wanted = Signal(object, str)
    open_wanted = Signal(object)
    explained = Signal(object, str, str, str)
    left = Signal(object)

    def __init__(self, words_of_term: TermWords) -> None:
        super().__init__()
        self._term = words_of_term
        self._shown: dict[tuple[ItemPath, str], tuple[SheetRow, Proposal, bool, bool, bool]] = {}
        self._made: dict[tuple[ItemPath, str], QWidget] = {}
        self._panels: dict[ItemPath, FindingPanel] = {}
        self._opened: ItemPath | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(28, 10, 16, 4)
        card = parts.plane("card", gap=0, margins=(16, 8, 16, 6))
        outer.addWidget(card)
        title = Text(en="Proposed adverse events", zh="建议登记的不良事件")
        self._hint = parts.words(
            look.first(
                Text(
                    en="Graded by the number; a person decides whether to record",
                    zh="数值部分由系统分级，是否登记由人员决定",
                )
            ),
            "small",
            "ink3",
        )
        head = parts.row(
            parts.icon("flag", 17, "accent"),
            parts.words(look.first(title), "heading"),
            parts.words(look.second(title), "small", "ink3"),
            None,
            self._hint,
            gap=8,
        )
        layout = card.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.addWidget(head)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(0)
        layout.addLayout(self._lines)
        self.buttons: dict[tuple[ItemPath, str], parts.Button] = {}

    def show_sheet(self, sheet: Sheet, here: ItemPath | None, asks: dict[ItemPath, AskRow]) -> None:
        """Show what this sheet proposes; the line of the row with the caret names the keys.

        Lines that did not change stay as they are, so that one result costs one line.
        """
        wanted: dict[tuple[ItemPath, str], tuple[SheetRow, Proposal, bool, bool, bool]] = {}
        for row, one in sheet.proposals:
            path = row.result.path
            wanted[path, one.term] = (row, one, path == here, path == self._opened, path in asks)
        if wanted == self._shown:
            return
        before, self._shown = self._shown, wanted
        focused = next((ask for ask in asks.values() if ask.isAncestorOf(QApplication.focusWidget() or self)), None)
        if list(before) != list(wanted):
            for key in before:
                self._detach(key[0], asks)
            parts.empty(self._lines)
            self._made, self.buttons, self._panels = {}, {}, {}
            before = {}
        for number, (key, (row, one, is_here, _, _)) in enumerate(wanted.items()):
            if before.get(key) == wanted[key]:
                continue
            self._detach(key[0], asks)
            made = self._line(row, one, is_here, asks)
            old = self._made.get(key)
            if old is not None:
                self._lines.replaceWidget(old, made)
                old.hide()
                old.deleteLater()
            else:
                if number:
                    self._lines.addWidget(parts.Line())
                self._lines.addWidget(made)
            self._made[key] = made
        # Shown when its lines stand in it, so that what is around it learns of its height at once.
        self.setVisible(bool(wanted))
        if focused is not None and focused.can_take_focus():
            # The line of an answered question is another one now; the caret stays in the question.
            focused.focus()

    def _detach(self, path: ItemPath, asks: dict[ItemPath, AskRow]) -> None:
        """Take a question out of its line before the line goes."""
        ask = asks.get(path)
        if ask is not None:
            ask.setParent(self)
            ask.hide()

    def ask_reason(self, path: ItemPath) -> bool:
        """Open the reasons of a line whose event is not made; False where nothing has to be explained."""
        self._opened = path
        return True

    def focus_reason(self, path: ItemPath) -> bool:
        """Put the focus on the first reason of a line."""
        panel = self._panels.get(path)
        return panel is not None and panel.focus_reasons()

    def _line(self, row: SheetRow, proposal: Proposal, here: bool, asks: dict[ItemPath, AskRow]) -> QWidget:
        term = self._term(proposal.term)
        name = parts.row(
            parts.words(look.first(term), "strong"), parts.words(look.second(term), "small", "ink3"), None, gap=8
        )
        about = parts.words("", "small", "ink2", wrap=True)
        # Powers of a unit are set raised, because the font lacks most raised digits.
        about.setTextFormat(Qt.TextFormat.RichText)
        about.setText(look.first(self._about(row, proposal)))
        left = parts.column(name, about, gap=0)
        across = parts.row(left, *self._acts(row, proposal, here), gap=8, margins=(0, 5, 0, 5))
        across.layout().setStretch(0, 1)  # type: ignore[union-attr]
        below: list[parts.Content] = [across]
        path = row.result.path
        ask = asks.get(path)
        if ask is not None and proposal.questions and row.result.significance is not None:
            ask.show_question(proposal, "N")
            question = parts.words(look.first(asked_words(proposal)), "small", "ink2", wrap=True)
            line = parts.row(parts.icon("question", 16, "accent"), question, ask, gap=8, margins=(0, 0, 0, 6))
            line.layout().setStretch(1, 1)  # type: ignore[union-attr]
            ask.show()
            below.append(line)
        if self._opened == path and row.finding is not None and not row.finding.settled:
            below.append(self._reasons(row))
        return parts.column(*below, gap=0)

    def _about(self, row: SheetRow, proposal: Proposal) -> Text:
        before = Text(en="baseline not known", zh="基线未知")
        if proposal.baseline is not None:
            before = Text(en="baseline grade {n}", zh="基线 {n} 级").format(n=proposal.baseline)
        value = (
            f"{escape(row.result.text)} {parts.unit_label(row.result.unit) if row.result.unit != '1' else ''}".strip()
        )
        why = Text(en=escape(proposal.why.en), zh=escape(proposal.why.zh))
        text = Text(en="{value}, {before}, now {now}. {why}", zh="{value}，{before}，现 {now} 级。{why}").format(
            value=value, before=before, now=proposal.now, why=why
        )
        if proposal.made is not None or proposal.milder is None:
            return text
        since = Text(
            en="{text} {event} is on record with grade {grade}: it has become worse.",
            zh="{text}已登记的 {event} 为 {grade} 级，现已加重。",
        )
        return since.format(text=text, event=_name(proposal.milder.form.repeat), grade=proposal.milder.grade or "–")

    def _acts(self, row: SheetRow, proposal: Proposal, here: bool) -> list[parts.Content]:
        path = row.result.path
        grades: list[parts.Content] = []
        if proposal.baseline is not None:
            grades += [GradeChip(proposal.baseline), parts.icon("becomes", 16, "ink3")]
        grades.append(GradeChip(proposal.now))
        made = proposal.made
        if made is not None:
            ongoing = Text(en=", ongoing", zh="，进行中") if made.ongoing else Text(en="", zh="")
            said = Text(en="{event} on record{state}", zh="{event} 已登记{state}")
            chip = parts.Chip(look.first(said.format(event=_name(made.form.repeat), state=ongoing)), "idle", "link")
            go = parts.Button(Text(en="Open", zh="打开"), "quiet", high=30)
            go.clicked.connect(lambda: self.open_wanted.emit(made.form))
            return [*grades, chip, go]
        if row.declined is not None and isinstance(row.declined.change, FindingExplained):
            why = words_of(EXPLANATIONS, row.declined.change.code, row.declined.change.words)
            kept = Text(en="Not made: {why}", zh="不登记：{why}").format(why=why)
            grades.append(parts.Chip(look.first(kept), "ok", "check"))
        make = parts.Button(Text(en="Make AE", zh="登记 AE"), key="Alt A" if here else "", high=30)
        make.clicked.connect(lambda: self.make_wanted.emit(path, proposal.term))
        self.buttons[path, proposal.term] = make
        grades.append(make)
        if row.declined is None:
            no = parts.Button(Text(en="Not made…", zh="不登记…"), key="F2" if here else "", high=30)
            no.clicked.connect(lambda: self.left.emit(path))
            if row.finding is None:
                no.forbid(Text(en="Say CS or NCS first (c or n).", zh="请先判断 CS 或 NCS（按 c 或 n）。"))
            grades.append(no)
        return grades

    def _reasons(self, row: SheetRow) -> QWidget:
        assert row.finding is not None
        panel = FindingPanel(row.finding)
        where = row.finding.path
        panel.explained.connect(lambda rule, code, words: self.explained.emit(where, rule, code, words))
        panel.closed.connect(lambda: self.left.emit(None))
        self._panels[row.result.path] = panel
        return panel

    def forget(self) -> None:
        """Build every line anew when the sheet is shown next: its rows are others now."""
        self._shown = {}
        parts.empty(self._lines)
        self._made, self.buttons, self._panels = {}, {}, {}
        self.hide()

    def close_reasons(self) -> None:
        """Take the reasons away again."""
        self._opened = None


def _name(number: int) -> str:
    return f"AE-{number:03d}"
