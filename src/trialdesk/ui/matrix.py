"""Forms by visits: each cell is the form's state, with findings and queries beside it; arrows move, Enter opens."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from trialdesk.domain.clinical.form_status import FormStatus
from trialdesk.domain.oid import FormPath
from trialdesk.domain.rules.windows import days_text
from trialdesk.domain.text import Text
from trialdesk.services.casebook import Casebook
from trialdesk.services.worklist import Column, Plan
from trialdesk.ui import icons, look
from trialdesk.ui.states import DUE_SHAPES, STATUS_SHAPES, Waiting, status_word, waiting

HEAD, ROW, NAMES, LEAST = 52, 33, 172, 52


@dataclass(frozen=True)
class Cell:
    """One form at one visit."""

    form: FormPath
    status: FormStatus
    column: Column
    waiting: Waiting


class Matrix(QWidget):
    """The casebook at a glance."""

    moved = Signal(object)
    opened = Signal(object)

    def __init__(self, casebook: Casebook, plan: Plan) -> None:
        super().__init__()
        study = casebook.study()
        self._columns = plan.columns
        asked = dict.fromkeys(form.form for column in plan.columns for form in column.forms)
        self._forms = [study.form[oid] for oid in asked]
        order = {form.oid: index for index, form in enumerate(self._forms)}
        self.cells: dict[tuple[int, int], Cell] = {}
        for at, column in enumerate(plan.columns):
            for form in column.forms:
                cell = Cell(form, casebook.status(form), column, waiting(casebook, form))
                self.cells[order[form.form], at] = cell
        self.here = self._first()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumWidth(NAMES + LEAST * max(1, len(self._columns)))
        self.setFixedHeight(HEAD + ROW * len(self._forms))
        self._describe()

    def _first(self) -> tuple[int, int]:
        """The cell where work waits: what is begun, else what is due, else the first."""
        begun = [at for at, cell in self.cells.items() if cell.status is FormStatus.DRAFT]
        due = [at for at, cell in self.cells.items() if cell.column.state in ("overdue", "closes_today", "in_window")]
        empty = [at for at in due if self.cells[at].status is FormStatus.EMPTY]
        return min(begun or empty or list(self.cells) or [(0, 0)], key=lambda at: (at[1], at[0]))

    def current(self) -> Cell | None:
        """The chosen cell."""
        return self.cells.get(self.here)

    def go_to(self, form: FormPath) -> None:
        """Choose the cell of a form."""
        for at, cell in self.cells.items():
            if cell.form == form:
                self._move(at)

    def _move(self, at: tuple[int, int]) -> None:
        self.here = at
        self._describe()
        self.update()
        self.moved.emit(self.cells[at])

    def _describe(self) -> None:
        cell = self.current()
        if cell is not None:
            label = self._forms[self.here[0]].label
            self.setAccessibleName(
                f"{look.both(label)} {look.first(cell.column.label)} {look.first(status_word(cell.status))}"
            )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Down: (1, 0),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Left: (0, -1),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is not None:
            at = (self.here[0] + step[0], self.here[1] + step[1])
            while 0 <= at[0] < len(self._forms) and 0 <= at[1] < len(self._columns):
                if at in self.cells:
                    self._move(at)
                    return
                at = (at[0] + step[0], at[1] + step[1])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current() is not None:
            self.opened.emit(self.cells[self.here].form)
        else:
            super().keyPressEvent(event)

    def _at(self, x: float, y: float) -> tuple[int, int] | None:
        at = (int((y - HEAD) // ROW), int((x - NAMES) // self._wide()))
        return at if at in self.cells and y >= HEAD and x >= NAMES else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._at(event.position().x(), event.position().y())
        if at is not None:
            self._move(at)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        at = self._at(event.position().x(), event.position().y())
        if at is not None:
            self.opened.emit(self.cells[at].form)

    def event(self, event: object) -> bool:
        if isinstance(event, QHelpEvent):
            at = self._at(event.x(), event.y())
            if at is not None:
                cell = self.cells[at]
                QToolTip.showText(
                    event.globalPos(), f"{look.first(self._forms[at[0]].label)} · {look.first(cell.column.label)}", self
                )
            return True
        return super().event(event)  # type: ignore[arg-type]

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def _wide(self) -> float:
        return max(LEAST, min(96, (self.width() - NAMES) / max(1, len(self._columns))))

    def sizeHint(self) -> QSize:
        return QSize(NAMES + LEAST * len(self._columns), HEAD + ROW * len(self._forms))

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        wide = self._wide()
        p.fillRect(0, 0, self.width(), HEAD, look.color("sunken"))
        for at, column in enumerate(self._columns):
            if column.state in ("in_window", "closes_today", "overdue"):
                p.fillRect(QRectF(NAMES + at * wide, HEAD, wide, self.height() - HEAD), look.color("sunken"))
            self._head(p, QRectF(NAMES + at * wide, 0, wide, HEAD), column)
        for index, form in enumerate(self._forms):
            y = HEAD + index * ROW
            p.setPen(look.color("ink"))
            p.setFont(look.font("text"))
            name = p.fontMetrics().elidedText(look.first(form.label), Qt.TextElideMode.ElideRight, NAMES - 24)
            p.drawText(QRectF(14, y, NAMES - 14, ROW), Qt.AlignmentFlag.AlignVCenter, name)
            p.fillRect(QRectF(0, y + ROW - 1, self.width(), 1), look.color("line"))
            for at in range(len(self._columns)):
                box = QRectF(NAMES + at * wide, y, wide, ROW - 1)
                cell = self.cells.get((index, at))
                if cell is None:
                    p.fillRect(QRectF(box.center().x() - 1, box.center().y() - 1, 2, 2), look.color("line"))
                else:
                    self._cell(p, box, cell, (index, at) == self.here)

    def _head(self, p: QPainter, box: QRectF, column: Column) -> None:
        now = column.state in ("in_window", "closes_today")
        p.setPen(look.color("accent" if now else "hard" if column.state == "overdue" else "ink"))
        p.setFont(look.font("smallstrong"))
        short = look.first(column.event.short)
        if column.event.per_round and column.repeat > 1:
            short = f"{short} ({column.repeat})"
        short = p.fontMetrics().elidedText(short, Qt.TextElideMode.ElideRight, int(box.width()) - 4)
        p.drawText(QRectF(box.x(), 7, box.width(), 19), Qt.AlignmentFlag.AlignCenter, short)
        p.setPen(look.color("ink3"))
        p.setFont(look.font("micro" if look.language() == "en" else "small"))
        below = column.day[5:] if column.day else look.first(days_text(column.window.target)) if column.window else ""
        p.drawText(QRectF(box.x(), 26, box.width(), 19), Qt.AlignmentFlag.AlignCenter, below)

    def _cell(self, p: QPainter, box: QRectF, cell: Cell, here: bool) -> None:
        if here:
            p.setPen(QPen(look.color("accent"), 2 if self.hasFocus() else 1))
            p.setBrush(look.color("selected"))
            p.drawRoundedRect(box.adjusted(4, 2, -4, -2), 6, 6)
        shape, tone = STATUS_SHAPES[cell.status]
        if cell.status is FormStatus.EMPTY and cell.column.state in ("not_due", "overdue", "closes_today"):
            shape, tone, _ = DUE_SHAPES[cell.column.state]
        marks = [(shape, tone, 0)]
        if cell.waiting.queries:
            marks.append(("bubble", "query", cell.waiting.queries))
        elif cell.waiting.findings:
            hard = cell.waiting.hard > 0
            marks.append(("hard" if hard else "soft", "hard" if hard else "warn", cell.waiting.findings))
        x = box.center().x() - (8 if len(marks) == 1 else 22)
        p.setFont(look.font("smallstrong"))
        for shape, tone, count in marks:
            size = 16 if not count else 13
            icons.draw(p, shape, QRectF(x, box.center().y() - size / 2, size, size), tone)
            x += size + 3
            if count:
                p.setPen(look.color(tone))
                p.drawText(QRectF(x - 2, box.y(), 20, box.height()), Qt.AlignmentFlag.AlignVCenter, str(count))


def due_words(column: Column) -> Text:
    """When a visit is due, in words."""
    word = DUE_SHAPES[column.state][2]
    if column.window is None:
        return word
    return Text(en="{word}: {a} to {b}, target {t}", zh="{word}：{a}～{b}，目标 {t}").format(
        word=word, a=days_text(column.window.first), b=days_text(column.window.last), t=days_text(column.window.target)
    )
