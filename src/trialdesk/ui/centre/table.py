"""A list of the centre: lines of text with plates and tones, thousands of them, one chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from trialdesk.domain.text import Text
from trialdesk.ui import look

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Cell:
    """What stands in one field of a list: a line, a smaller one under it, its tone, or a participant's plate."""

    text: str
    under: str = ""
    tone: str = "ink"
    strong: bool = False
    plate: bool = False


class Lines(QAbstractTableModel):
    """Lines of cells under heads."""

    def __init__(self, heads: Sequence[Text]) -> None:
        super().__init__()
        self._heads = heads
        self.lines: list[list[Cell]] = []

    def show(self, lines: list[list[Cell]]) -> None:
        """Show other lines."""
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._heads)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        cell = self.lines[index.row()][index.column()]
        if role == Qt.ItemDataRole.UserRole:
            return cell
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{cell.text} {cell.under}".strip()
        # PySide 6.12 takes one reference too many of a None that goes to Qt, until Python stops: an empty text stands for it.
        return f"{cell.text}\n{cell.under}".strip() if role == Qt.ItemDataRole.ToolTipRole else ""

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return look.first(self._heads[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return look.second(self._heads[section]) if role == Qt.ItemDataRole.ToolTipRole else None


class _Painter(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cell: Cell = index.data(Qt.ItemDataRole.UserRole)
        box = QRectF(option.rect)
        table = self.parent()
        chosen = isinstance(table, QTableView) and table.currentIndex().row() == index.row()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen:
            painter.fillRect(box, look.color("selected"))
            if index.column() == 0:
                painter.fillRect(QRectF(box.left(), box.top(), 3, box.height()), look.color("accent"))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), look.color("line"))
        left = box.left() + 12
        if cell.plate:
            plate = QRectF(left, box.center().y() - 12, 44, 24)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color(look.hue(cell.text)))
            painter.drawRoundedRect(plate, 5, 5)
            painter.setPen(look.color("#FFFFFF"))
            painter.setFont(look.font("strong"))
            painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, look.number_of(cell.text))
            left += 52
        room = QRectF(left, box.top(), box.right() - left - 6, box.height())
        upper = QRectF(room.left(), room.top() + 4, room.width(), room.height() / 2 - 3)
        lower = QRectF(room.left(), room.top() + room.height() / 2, room.width(), room.height() / 2 - 5)
        if cell.plate:
            self._line(painter, room, cell.under, "text", "ink2")
        elif cell.under:
            self._line(painter, upper, cell.text, "strong" if cell.strong else "text", cell.tone)
            self._line(painter, lower, cell.under, "small", "ink3")
        else:
            self._line(painter, room, cell.text, "strong" if cell.strong else "text", cell.tone)
        painter.restore()

    def _line(self, painter: QPainter, room: QRectF, text: str, role: str, tone: str) -> None:
        painter.setFont(look.font(role))
        painter.setPen(look.color(tone))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


class Table(QTableView):
    """A list; `chosen` names the line when another one is chosen, `opened` the one that Enter or two clicks open."""

    chosen = Signal(int)
    opened = Signal(int)

    def __init__(self, heads: Sequence[Text], widths: Sequence[int], high: int = 43) -> None:
        super().__init__()
        self._empty: Text | None = None
        self.lines = Lines(heads)
        self.setModel(self.lines)
        self.setItemDelegate(_Painter(self))
        self.setShowGrid(False)
        # Tab leaves the list; arrows go from line to line.
        self.setTabKeyNavigation(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(high)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setFixedHeight(34)
        for column, wide in enumerate(widths):
            if wide:
                self.setColumnWidth(column, wide)
            else:
                head.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        t = look.tokens()
        self.setStyleSheet(
            f"QTableView {{ background: {t.surface}; border: none; }}"
            f"QHeaderView {{ background: {t.sunken}; border: none; }}"
            f"QHeaderView::section {{ background: {t.sunken}; color: {t.ink2}; border: none; padding-left: 12px; font-size: 12px; }}"
        )
        head.setFont(look.font("small"))
        self.selectionModel().currentRowChanged.connect(self._row)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))

    def show_lines(self, lines: list[list[Cell]]) -> None:
        """Show other lines and choose the first."""
        self.lines.show(lines)
        if lines:
            self.selectRow(0)

    def say_when_empty(self, says: Text) -> Table:
        """The sentence that stands in the list while it has no line."""
        self._empty = says
        self.viewport().update()
        return self

    @property
    def says_empty(self) -> str:
        """The sentence that stands in the list now, or nothing."""
        return "" if self._empty is None or self.lines.lines else look.first(self._empty)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.says_empty:
            return
        p = QPainter(self.viewport())
        p.setFont(look.font("text"))
        p.setPen(look.color("ink3"))
        room = QRectF(self.viewport().rect()).adjusted(16, 14, -16, 0)
        p.drawText(room, Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, self.says_empty)

    def row(self) -> int:
        """The line chosen, -1 for none."""
        return self.currentIndex().row()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() and self.row() >= 0:
            self.opened.emit(self.row())
            return
        if event.text().strip() or event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Space):
            # Letters are acts of the page; the list would search its lines for them.
            event.ignore()
            return
        super().keyPressEvent(event)

    def _row(self, now: QModelIndex, _before: QModelIndex) -> None:
        self.viewport().update()
        if now.isValid():
            self.chosen.emit(now.row())
