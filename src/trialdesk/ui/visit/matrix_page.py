"""The monitor's plan: participants by visits with shields, and the forms of the chosen field beside."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trialdesk.domain.clinical.source_review import summed
from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Text
from trialdesk.services.monitoring_view import ShieldRow, columns, form_lines, shield_row
from trialdesk.services.visit_desk import VisitDesk
from trialdesk.ui import look, parts
from trialdesk.ui.shield_forms import FormButton, scrolled
from trialdesk.ui.shields import ShieldMatrix, legend


class MatrixPage(QWidget):
    """Every participant of the site; `opened` names participant and form."""

    opened = Signal(str, object)

    def __init__(self, visit: VisitDesk) -> None:
        super().__init__()
        self._visit = visit
        self.rows: dict[str, ShieldRow] = {}
        self.matrix = ShieldMatrix(columns(visit.study))
        self.matrix.moved.connect(self._show_forms)
        self.matrix.opened.connect(self._enter)
        self.count = parts.words("", "heading")
        self.lapsed = parts.Chip("", "warn", "lapsed")
        self.again = parts.Chip("", "info", "again")
        plan = parts.words(look.first(visit.plan.words()), "small", "ink2", wrap=True)
        head = parts.row(self.count, self.lapsed, self.again, 6, plan, margins=(16, 10, 16, 8))
        head.layout().setStretch(4, 1)  # type: ignore[union-attr]
        foot = parts.row(legend(), margins=(16, 8, 16, 8))
        card = parts.plane("card", head, self.matrix, foot, gap=0, margins=(1, 1, 1, 1))
        card.layout().setStretch(1, 1)  # type: ignore[union-attr]
        self._title = parts.words("", "heading")
        self._who = parts.words("", "small", "ink3")
        self._forms = QVBoxLayout()
        self._forms.setContentsMargins(0, 4, 0, 0)
        self._forms.setSpacing(4)
        inner = QWidget()
        inner.setLayout(self._forms)
        self.beside = parts.plane("card", self._title, self._who, scrolled(inner), gap=2)
        self.beside.layout().setStretch(2, 1)  # type: ignore[union-attr]
        self.beside.setFixedWidth(272)
        across = QHBoxLayout(self)
        across.setContentsMargins(16, 2, 16, 12)
        across.setSpacing(14)
        across.addWidget(card, 1)
        across.addWidget(self.beside)
        for subject in visit.subjects:
            self._read(subject)
        self._show()

    def refresh(self, subject: str) -> None:
        """A participant's shields after an act."""
        self._read(subject)
        self._show()

    def take_focus(self) -> None:
        """The keyboard goes to the matrix."""
        self.matrix.setFocus()

    def form_buttons(self) -> list[FormButton]:
        """The forms that stand beside the matrix."""
        items = (self._forms.itemAt(n) for n in range(self._forms.count()))
        return [item.widget() for item in items if item and isinstance(item.widget(), FormButton)]  # type: ignore[misc]

    def _read(self, subject: str) -> None:
        visit = self._visit
        self.rows[subject] = shield_row(visit.study, visit.plan, visit.data(subject), visit.review(subject))

    def _show(self) -> None:
        tally = summed(row.tally for row in self.rows.values())
        self.count.setText(look.first(_COUNT.format(v=tally.verified, n=tally.required)))
        self.lapsed.setVisible(tally.lapsed > 0)
        self.lapsed.show_state(look.first(_LAPSED.format(n=tally.lapsed)), "warn", "lapsed")
        self.again.setVisible(tally.again > 0)
        self.again.show_state(look.first(_AGAIN.format(n=tally.again)), "info", "again")
        self.matrix.show_rows([self.rows[subject] for subject in self._visit.subjects])

    def _show_forms(self, subject: str, column: str) -> None:
        parts.empty(self._forms)
        visit = self._visit
        data, row = visit.data(subject), self.rows[subject]
        label = next(words for name, words in columns(visit.study) if name == column)
        self._title.setText(look.first(label))
        place = _PLACE.format(subject=subject, initials=row.initials, n=row.review.place)
        self._who.setText(look.first(place))
        for line in form_lines(visit.study, visit.plan, data, row.review, column):
            button = FormButton(line)
            button.opened.connect(lambda form, who=subject: self._open(who, form))
            button.wants_back.connect(self.matrix.setFocus)
            self._forms.addWidget(button)
        self._forms.addStretch(1)

    def _open(self, subject: str, form: FormPath) -> None:
        self.opened.emit(subject, form)

    def _enter(self, _subject: str, _column: str) -> None:
        buttons = self.form_buttons()
        waiting = [one for one in buttons if one.line.tally.remaining]
        if buttons:
            (waiting or buttons)[0].setFocus()


_COUNT = Text(en="{v} of {n} verified", zh="已核查 {v} / {n}")
_LAPSED = Text(en="{n} lapsed", zh="{n} 项失效")
_AGAIN = Text(en="{n} to compare once more", zh="{n} 项待复核")
_PLACE = Text(en="{subject} {initials}, enrolled as number {n}", zh="{subject} {initials}，第 {n} 位入组")
