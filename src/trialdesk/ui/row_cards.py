"""The rows of a repeating section as cards: ten injections, or a table that grows with F3."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QGridLayout, QWidget

from trialdesk.domain.oid import FormPath
from trialdesk.domain.rules.pages import rows
from trialdesk.domain.study.form import ItemGroupDef
from trialdesk.domain.text import Text
from trialdesk.services.casebook import Casebook
from trialdesk.ui import icons, look, parts
from trialdesk.ui.field_view import MISSING_WORDS
from trialdesk.ui.states import STRUCK

_WIDE, _HIGH = 132, 62


class RowCard(QAbstractButton):
    """One row: its name, its most telling answer, its state."""

    def __init__(self, number: int, name: Text) -> None:
        super().__init__()
        self.number, self._name = number, name
        self._fact, self._state = "", "empty"
        self.setCheckable(True)
        self.setFixedSize(_WIDE, _HIGH)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_fact(self, fact: str, state: str) -> None:
        """Show the row's answer and whether it is empty, begun, done or has findings."""
        if (fact, state) != (self._fact, self._state):
            self._fact, self._state = fact, state
            self.update()
        struck = look.first(STRUCK) if state == "not_done" else ""
        self.setAccessibleName(f"{look.both(self._name)} {fact} {struck}".strip())

    def sizeHint(self) -> QSize:
        return QSize(_WIDE, _HIGH)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        pen = QPen(look.color("accent" if on else "edge"), 2 if on else 1)
        if self._state == "empty" and not on:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(look.color("selected" if on else "surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        tone = {"soft": "warn", "hard": "hard", "complete": "ok"}.get(self._state, "idle")
        icons.draw(painter, self._state, QRectF(self.width() - 25, 8, 17, 17), tone)
        painter.setPen(look.color("ink2"))
        painter.setFont(look.font("small"))
        name = painter.fontMetrics().elidedText(look.first(self._name), Qt.TextElideMode.ElideRight, self.width() - 40)
        painter.drawText(QRectF(11, 7, self.width() - 36, 19), Qt.AlignmentFlag.AlignVCenter, name)
        painter.setPen(look.color("ink" if self._fact else "ink3"))
        letters = QFont(look.font("heading" if self._fact else "small"))
        letters.setStrikeOut(self._state == "not_done")
        painter.setFont(letters)
        fact = self._fact or look.first(Text(en="not entered", zh="未填"))
        fact = painter.fontMetrics().elidedText(fact, Qt.TextElideMode.ElideRight, self.width() - 20)
        painter.drawText(QRectF(11, 29, self.width() - 18, 25), Qt.AlignmentFlag.AlignVCenter, fact)


class RowCards(QWidget):
    """Chooses which row of a repeating section the page shows."""

    chosen = Signal(int)
    add_wanted = Signal()

    def __init__(self, casebook: Casebook, form: FormPath, group: ItemGroupDef) -> None:
        super().__init__()
        self._casebook, self._form, self._group = casebook, form, group
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(28, 12, 16, 12)
        self._grid.setSpacing(8)
        self._buttons = QButtonGroup(self)
        self._extra = 0
        self.cards: list[RowCard] = []
        self.rebuild()

    def rebuild(self, extra: int = 0) -> None:
        """Lay out the rows again; `extra` is a row that holds no answer yet."""
        self._extra = max(self._extra, extra)
        parts.empty(self._grid)
        standing = rows(self._casebook.data, self._form, self._group)
        used = used_rows(self._casebook, self._form, self._group.oid)
        numbers = sorted({*standing, *used, *([self._extra] if self._extra else [])})
        self.cards = []
        for index, number in enumerate(numbers):
            labels = self._group.row_labels
            fallback = Text(en="Row {n}", zh="第 {n} 条").format(n=number)
            card = RowCard(number, labels[number - 1] if number <= len(labels) else fallback)
            card.clicked.connect(lambda _=False, n=number: self.chosen.emit(n))
            self._buttons.addButton(card)
            self.cards.append(card)
            # Ten injections stand as five days of two, morning above evening.
            place = divmod(index, 5) if self._group.rows != 10 else (index % 2, index // 2)
            self._grid.addWidget(card, *place)
        if self._group.rows is None:
            add = parts.Button(Text(en="Add a row", zh="添加一行"), key="F3", shape="plus")
            add.clicked.connect(self.add_wanted)
            self._grid.addWidget(add, len(numbers) // 5 + (1 if len(numbers) % 5 == 0 else 0), len(numbers) % 5)
        self._grid.setColumnStretch(6, 1)
        self.refresh()

    def select(self, number: int) -> None:
        """Mark the row the page shows."""
        for card in self.cards:
            card.setChecked(card.number == number)

    def refresh(self) -> None:
        """Show facts and states as they are now."""
        assessment = self._casebook.assessment(self._form)
        for card in self.cards:
            paths = [self._form.item(self._group.oid, item.name, card.number) for item in self._group.items]
            kinds = {f.severity for f in assessment.findings if f.path in set(paths) and not f.settled}
            begun = any(path in self._casebook.data.items for path in paths)
            if (self._form, self._group.oid, card.number) in self._casebook.data.struck:
                card.show_fact(self._fact(card.number), "not_done")
                continue
            state = next((kind for kind in ("hard", "soft") if kind in kinds), None)
            card.show_fact(
                self._fact(card.number), state or ("empty" if not begun else "draft" if kinds else "complete")
            )

    def _fact(self, number: int) -> str:
        """The most telling answers of a row: the first two that a person gave."""
        study = self._casebook.book(self._form).study
        told: list[str] = []
        ranked = sorted(self._group.items, key=lambda i: i.kind not in ("time", "date", "term", "partial_date"))
        for item in ranked:
            known = self._casebook.data.items.get(self._form.item(self._group.oid, item.name, number))
            if known is None or item.derived:
                continue
            if known.missing:
                told.append(look.first(MISSING_WORDS[known.missing]))
            elif known.value:
                label = study.words(item, known.value) if item.kind == "code" else None
                told.append(look.first(label) if label else known.value[5:] if item.kind == "date" else known.value)
        return " ".join(told[:2])


def used_rows(casebook: Casebook, form: FormPath, group: str) -> tuple[int, ...]:
    """Every row number that holds an answer, struck rows among them."""
    paths = casebook.data.by_form.get(form, ())
    return tuple(sorted({path.group_repeat for path in paths if path.group == group}))
