"""The monitor's plan: participants by visits with shields, and the forms of the chosen field beside."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from trialdesk.domain.clinical.source_review import Shield, summed
from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Text
from trialdesk.services.monitoring_view import FormLine, ShieldRow, columns, form_lines, shield_row
from trialdesk.services.visit_desk import VisitDesk
from trialdesk.ui import icons, look, parts
from trialdesk.ui.shields import SHAPES, ShieldMatrix, legend
from trialdesk.ui.states import STATUS_SHAPES


class FormButton(QWidget):
    """One form of the chosen visit; Enter opens it."""

    opened = Signal(object)
    wants_back = Signal()

    def __init__(self, line: FormLine) -> None:
        super().__init__()
        self.line = line
        self.setFixedHeight(46)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{look.both(line.label)} {line.tally.verified} / {line.tally.required}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(self.line.form)
        elif key == Qt.Key.Key_Down:
            self.focusNextChild()
        elif key == Qt.Key.Key_Up:
            self.focusPreviousChild()
        elif key in (Qt.Key.Key_Escape, Qt.Key.Key_Left):
            self.wants_back.emit()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.opened.emit(self.line.form)

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -3)
        p.setPen(QPen(look.color("accent"), 2) if self.hasFocus() else QPen(look.color("line"), 1))
        p.setBrush(look.color("selected" if self.hasFocus() else "surface"))
        p.drawRoundedRect(box, 7, 7)
        tally = self.line.tally
        shape, tone = SHAPES[tally.shield]
        icons.draw(p, shape, QRectF(12, 12, 18, 18), tone)
        state, colour = STATUS_SHAPES[self.line.status]
        right = self.width() - 12.0
        p.setFont(look.font("smallstrong"))
        p.setPen(look.color(tone))
        count = f"{tally.verified} / {tally.required}" if tally.shield is not Shield.NOT_NEEDED else ""
        wide = p.fontMetrics().horizontalAdvance(count)
        p.drawText(QRectF(right - wide, 0, wide + 2, 43), Qt.AlignmentFlag.AlignVCenter, count)
        right -= wide + 8
        for wanted, mark, hue in (
            (self.line.queries, "bubble", "query"),
            (self.line.medical is False, "pulse", "info"),
            (True, state, colour),
        ):
            if wanted:
                icons.draw(p, mark, QRectF(right - 15, 14, 15, 15), hue)
                right -= 20
        room = right - 42
        for words, role, hue, y in (
            (look.first(self.line.label), "strong", "ink", 4),
            (look.first(self.line.visit), "small", "ink3", 22),
        ):
            p.setFont(look.font(role))
            p.setPen(look.color(hue))
            shown = p.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(room))
            p.drawText(QRectF(38, y, room, 18), Qt.AlignmentFlag.AlignVCenter, shown)


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
        plan = parts.words(look.first(visit.plan.words()), "small", "ink2", wrap=True)
        head = parts.row(self.count, self.lapsed, 6, plan, margins=(16, 10, 16, 8))
        head.layout().setStretch(3, 1)  # type: ignore[union-attr]
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
        self.beside = parts.plane("card", self._title, self._who, _scrolled(inner), gap=2)
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


def _scrolled(inner: QWidget) -> QWidget:
    from PySide6.QtWidgets import QScrollArea

    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    inner.setProperty("clear", "true")
    area.setWidget(inner)
    return area


_COUNT = Text(en="{v} of {n} verified", zh="已核查 {v} / {n}")
_LAPSED = Text(en="{n} lapsed", zh="{n} 项失效")
_PLACE = Text(en="{subject} {initials}, enrolled as number {n}", zh="{subject} {initials}，第 {n} 位入组")
