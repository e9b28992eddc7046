"""One form at a visit: its answers, the bar that says what they were compared with, and the chosen answer beside."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.source_review import FormReview, Shield
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.monitoring_view import AnswerLine, answer_lines, visit_words
from trialdesk.services.visit_desk import VisitDesk
from trialdesk.ui import look, parts
from trialdesk.ui.visit.answer_panel import AnswerPanel
from trialdesk.ui.visit.answer_sheet import AnswerSheet
from trialdesk.ui.visit.source_bar import SourceBar

Kept = tuple[AuditRecord, ...]


class FormPage(QWidget):
    """V verifies the chosen answer, A all of them, U takes back, Q drafts a query; each act is kept at once."""

    changed = Signal(str)
    left = Signal()

    def __init__(self, visit: VisitDesk) -> None:
        super().__init__()
        self._visit = visit
        self.subject, self.form = "", FormPath("", 1, "")
        self._head = QHBoxLayout()
        self._head.setContentsMargins(14, 10, 14, 8)
        self._head.setSpacing(10)
        self.sheet = AnswerSheet()
        self.bar = SourceBar()
        self.panel = AnswerPanel(visit.study)
        self.sheet.moved.connect(self._moved)
        self.sheet.end_seen.connect(self._end_seen)
        self.bar.one_wanted.connect(self.verify_one)
        self.bar.all_wanted.connect(self.verify_all)
        self.panel.taken_back.connect(self.take_back)
        self.panel.asked.connect(self.ask)
        head = QWidget()
        head.setLayout(self._head)
        card = parts.plane("card", head, self.sheet, self.bar, gap=0, margins=(1, 1, 1, 1))
        card.layout().setStretch(1, 1)  # type: ignore[union-attr]
        across = QHBoxLayout(self)
        across.setContentsMargins(16, 2, 16, 12)
        across.setSpacing(14)
        across.addWidget(card, 1)
        across.addWidget(self.panel)

    def open(self, subject: str, form: FormPath) -> None:
        """Show a form from its beginning."""
        self.subject, self.form = subject, form
        self.panel.clear()
        self._fill_head()
        self.sheet.open(self._lines())
        self._count()
        self.sheet.setFocus()

    def waiting(self) -> tuple[ItemPath, ...]:
        """The answers the plan asks for that are not verified as they stand; disputed ones are the site's to settle."""
        data = self._visit.data(self.subject)
        return tuple(
            one.path
            for one in self.sheet.lines
            if one.required and one.shield is not Shield.VERIFIED and not data.items[one.path].disputed
        )

    def verify_one(self) -> None:
        """Call the chosen answer verified against the source named."""
        one = self.sheet.current()
        if one is None:
            return
        if not self.bar.place:
            self.bar.where.setFocus()
            self.panel.said.setText(look.first(_WHERE_FIRST))
            return
        visit, where = self._visit, self.bar.place
        if self._keep(lambda: visit.verify(self.subject, (one.path,), self.bar.kind, where)):
            self.sheet.next_waiting()
            self.sheet.setFocus()

    def verify_all(self) -> None:
        """Call everything the plan asks for on this form verified; only after its end was seen."""
        visit, paths = self._visit, self.waiting()
        self._keep(lambda: visit.verify_form(self.subject, self.form, paths, self.bar.kind, self.bar.place))
        self.sheet.setFocus()

    def take_back(self, words: str) -> None:
        """Take the comparison of the chosen answer back, with the reason."""
        one = self.sheet.current()
        if one is None or one.verified is None:
            return
        record = one.verified.id
        if self._keep(lambda: self._visit.unverify(self.subject, record, words)):
            self.panel.clear()
            self.sheet.setFocus()

    def ask(self, words: str, other: str) -> None:
        """Draft a query about the chosen answer."""
        one = self.sheet.current()
        if one is None:
            return
        says = Text(en=other, zh=words) if look.language() == "zh" else Text(en=words, zh=other)
        if self._keep(lambda: self._visit.ask(self.subject, (one.path,), says)):
            self.panel.clear()
            self.sheet.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        one = self.sheet.current()
        if not self.sheet.hasFocus():
            # Letters are acts only while the answers have the keyboard.
            if key == Qt.Key.Key_Escape:
                self.sheet.setFocus()
        elif key in (Qt.Key.Key_V, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.verify_one()
        elif key == Qt.Key.Key_A:
            self.bar.ask()
        elif key == Qt.Key.Key_U and one is not None and one.verified is not None:
            self.panel.reason.setFocus()
        elif key == Qt.Key.Key_Q:
            self.panel.words.setFocus()
        elif key == Qt.Key.Key_W:
            self.bar.where.setFocus()
        elif key == Qt.Key.Key_N:
            self.sheet.next_waiting()
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.text().isdigit():
            self.bar.choose(int(event.text()))
        else:
            super().keyPressEvent(event)

    def _keep(self, act: object) -> bool:
        """Do an act; what stands against it is said beside the answer, and what was typed stays."""
        assert callable(act)
        try:
            done: Kept | Refusal = act()
        except KnownError as fault:
            self.panel.said.setText(look.first(fault.text))
            return False
        if isinstance(done, Refusal):
            self.panel.said.setText(look.first(done.says))
            return False
        self._fill_head()
        self.sheet.refresh(self._lines())
        self._count()
        self.changed.emit(self.subject)
        return True

    def _review(self) -> FormReview:
        found = (one for one in self._visit.review(self.subject).forms if one.form == self.form)
        return next(found, FormReview(self.form, ()))

    def _lines(self) -> tuple[AnswerLine, ...]:
        return answer_lines(self._visit.study, self._visit.data(self.subject), self._review())

    def _moved(self, one: AnswerLine | None) -> None:
        self.panel.show_answer(one, self._visit.data(self.subject))

    def _end_seen(self) -> None:
        self._visit.read_to_end(self.subject, self.form)
        self._count()

    def _count(self) -> None:
        self.bar.show_count(len(self.waiting()), (self.subject, self.form) in self._visit.read)

    def _fill_head(self) -> None:
        parts.empty(self._head)
        study, tally = self._visit.study, self._review().tally
        label = study.form[self.form.form].label
        back = parts.Button(Text(en="All visits", zh="返回访视"), "quiet", "Esc", shape="left", high=30)
        back.clicked.connect(lambda: self.left.emit())
        self._head.addWidget(back)
        self._head.addWidget(parts.Plate(self.subject))
        self._head.addWidget(parts.words(self._visit.data(self.subject).initials, "heading"))
        self._head.addWidget(parts.words(look.first(visit_words(study, self.form)), "text", "ink2"))
        self._head.addWidget(parts.words(look.first(label), "heading"))
        second = parts.words(look.second(label), "small", "ink3")
        # The first to give way where the head has little room.
        second.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._head.addWidget(second, 1)
        if tally.lapsed:
            self._head.addWidget(parts.Chip(look.first(_LAPSED.format(n=tally.lapsed)), "warn", "lapsed"))
        if tally.again:
            self._head.addWidget(parts.Chip(look.first(_AGAIN.format(n=tally.again)), "info", "again"))
        counted = _COUNTED.format(v=tally.verified, n=tally.required)
        done = tally.required and not tally.remaining
        self._head.addWidget(
            parts.Chip(look.first(counted), "ok" if done else "idle", "verified" if done else "to_verify")
        )


_WHERE_FIRST = Text(en="Say where in the source it stands.", zh="请先注明在源文件中的位置。")
_LAPSED = Text(en="{n} lapsed", zh="{n} 项失效")
_AGAIN = Text(en="{n} to compare once more", zh="{n} 项待复核")
_COUNTED = Text(en="{v} of {n} verified", zh="已核查 {v} / {n}")
