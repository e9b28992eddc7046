"""Fields somebody asked about and the form does not ask now: each is a line above the page that leads to its thread."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QVBoxLayout

from trialdesk.domain.clinical.subject_data import Query
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.study.form import ItemDef
from trialdesk.domain.text import Text
from trialdesk.services.casebook import Casebook
from trialdesk.services.centre_record import when_asked
from trialdesk.ui import icons, look

HIGH = 40


class GhostRow(QAbstractButton):
    """One field: its label, what stood there when it was asked about, and why it is not asked now."""

    entered = Signal(object)

    def __init__(self, item: ItemDef, path: ItemPath, value: Text | None, why: Text) -> None:
        super().__init__()
        self.item, self.path = item, path
        was = value or _EMPTY
        self._says = _WAS.format(value=was, why=why)
        self.setText(look.first(item.label))
        self.setAccessibleName(f"{look.both(_QUERY)} {look.both(item.label)}")
        self.setAccessibleDescription(look.both(self._says))
        self.setToolTip(look.both(self._says))
        self.setFixedHeight(HIGH)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(400, HIGH)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entered.emit(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ctrl_q = event.key() == Qt.Key.Key_Q and event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if ctrl_q or event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(12.5, 3.5, -12.5, -2.5)
        pen = QPen(look.color("accent" if self.hasFocus() else "query"), 2 if self.hasFocus() else 1)
        pen.setDashPattern([4, 3])
        p.setPen(pen)
        p.setBrush(look.color("query_soft"))
        p.drawRoundedRect(box, 7, 7)
        icons.draw(p, "bubble", QRectF(24, (HIGH - 16) / 2, 17, 17), "query", "query_soft")
        p.setPen(look.color("ink2"))
        p.setFont(look.font("strong"))
        room = min(p.fontMetrics().horizontalAdvance(self.text()), int(box.width() * 0.4))
        self._draw(p, QRectF(50, 0, room + 4, HIGH), self.text())
        p.setPen(look.color("ink3"))
        p.setFont(look.font("small"))
        self._draw(p, QRectF(62 + room, 0, box.right() - room - 74, HIGH), look.first(self._says))

    @staticmethod
    def _draw(p: QPainter, room: QRectF, text: str) -> None:
        shown = p.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
        p.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)


class GhostRows(QFrame):
    """Hidden while every field asked about is on the form; `entered` and `opened` carry the row."""

    entered = Signal(object)
    opened = Signal(object)

    def __init__(self, casebook: Casebook, form: FormPath) -> None:
        super().__init__()
        self._casebook, self._form = casebook, form
        self.rows: list[GhostRow] = []
        self._down = QVBoxLayout(self)
        self._down.setContentsMargins(0, 2, 0, 2)
        self._down.setSpacing(0)
        self._known: tuple[object, ...] = ()
        self.hide()

    def refresh(self) -> None:
        """Show the fields that wait now."""
        found = self._waiting()
        known = tuple((path, query.id, query.state) for path, query, _ in found)
        if known == self._known:
            return
        self._known = known
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = []
        study = self._casebook.study(self._form)
        for path, query, why in found:
            value = when_asked(study, self._casebook.data, query, path)
            row = GhostRow(study.item(path.item), path, value, why)
            row.entered.connect(self.entered)
            row.clicked.connect(lambda _=False, one=row: self.opened.emit(one))
            self.rows.append(row)
            self._down.addWidget(row)
        self.setVisible(bool(self.rows))

    def go_to(self, path: ItemPath) -> bool:
        """Put the focus on the line of a field; False when the field stands on the form."""
        row = next((row for row in self.rows if row.path == path), None)
        if row is not None:
            row.setFocus()
        return row is not None

    def _waiting(self) -> list[tuple[ItemPath, Query, Text]]:
        """Fields of the form with a waiting query that are skipped now or stand in a row that was struck."""
        data, skipped = self._casebook.data, self._casebook.assessment(self._form).skipped
        found: dict[ItemPath, tuple[Query, Text]] = {}
        for query in data.open_queries(self._form):
            for path in query.change.paths:
                if path.form_path != self._form or path.item not in self._casebook.study(self._form).place:
                    continue
                skip = skipped.get(path)
                if skip is not None:
                    found.setdefault(path, (query, _ONLY.format(why=skip.because)))
                elif data.is_struck(path):
                    found.setdefault(path, (query, _STRUCK))
        return [(path, query, why) for path, (query, why) in found.items()]


_QUERY = Text(en="Query about a field that is not asked now:", zh="质疑所指字段现未询问：")
_WAS = Text(en="When asked: {value}. {why}", zh="质疑时：{value}。{why}")
_ONLY = Text(en="Asked only where: {why}", zh="仅在此时填写：{why}")
_STRUCK = Text(en="The row was struck out.", zh="该行已划去。")
_EMPTY = Text(en="empty", zh="未填")
