"""The table of an answer: sorted by a click on its head, narrowed by typing, Enter goes where a line leads."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QResizeEvent

from trialdesk.domain.text import Text
from trialdesk.services.inspection.answer import Cell as Value
from trialdesk.services.inspection.answer import Row
from trialdesk.services.inspection.answer import Table as AnswerTable
from trialdesk.ui import look
from trialdesk.ui.centre.table import Cell, Table

NARROWEST, WIDEST, WIDE, LEAST, LOOKED_AT = 64, 200, 320, 116, 300


class InspectorTable(Table):
    """Lines of one table; `opened` carries the line that Enter was pressed on."""

    opened = Signal(object)

    def __init__(self, content: AnswerTable) -> None:
        self._natural = [_natural(content, column) for column in range(len(content.heads))]
        super().__init__(content.heads, self._natural, high=30)
        self.content = content
        self.rows: list[Row] = list(content.rows)
        self._sorted: tuple[int, bool] | None = None
        self._typed = ""
        self.setAccessibleName(look.both(content.title))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        head = self.horizontalHeader()
        head.setSectionsClickable(True)
        head.sectionClicked.connect(self.sort_by)
        self.doubleClicked.connect(lambda _: self._open())
        self._show()

    def narrow(self, typed: str) -> None:
        """Keep the lines that hold every word that was typed, in either language."""
        self._typed = typed
        self._show()

    def sort_by(self, column: int) -> None:
        """Sort by a column; again turns the order round."""
        turned = self._sorted is not None and self._sorted[0] == column and not self._sorted[1]
        self._sorted = (column, turned)
        self._show()

    def _show(self) -> None:
        words = self._typed.lower().split()
        self.rows = [row for row in self.content.rows if not words or _holds(row, words)]
        if self._sorted is not None:
            column, turned = self._sorted
            self.rows.sort(key=_order(column), reverse=turned)
        self.say_when_empty(_NOT_FOUND if self.content.rows else _NONE)
        self.show_lines([_line(row) for row in self.rows])

    def in_full(self) -> str:
        """The words of the chosen line that its columns may be too narrow for."""
        row = self.line()
        if row is None:
            return ""
        wide = (column for column in self.content.wide if len(_words(row.cells[column])) > 12)
        return "   ".join(f"{look.first(self.content.heads[c])}: {_words(row.cells[c])}" for c in wide)

    def line(self) -> Row | None:
        """The line that is chosen."""
        at = self.currentIndex().row()
        return self.rows[at] if 0 <= at < len(self.rows) else None

    def _open(self) -> None:
        row = self.line()
        if row is not None:
            self.opened.emit(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Free room goes to the columns that hold words; where there is none the table scrolls sideways."""
        super().resizeEvent(event)
        free = self.viewport().width() - sum(self._natural)
        wide = self.content.wide or (len(self._natural) - 1,)
        for column, natural in enumerate(self._natural):
            more = free // len(wide) if column in wide else 0
            self.setColumnWidth(column, max(natural + more, min(natural, LEAST)))


def _natural(content: AnswerTable, column: int) -> int:
    letters, small = QFontMetricsF(look.font("text")), QFontMetricsF(look.font("small"))
    most = WIDE if column in content.wide else WIDEST
    wide = small.horizontalAdvance(look.first(content.heads[column])) + 12
    for row in content.rows[:LOOKED_AT]:
        wide = max(wide, letters.horizontalAdvance(_words(row.cells[column])))
        if wide > most:
            break
    mark = 26 if column == 0 else 0
    return int(min(most, max(NARROWEST, wide + 24)) + mark)


def _words(cell: Value) -> str:
    return look.first(cell) if isinstance(cell, Text) else str(cell)


def _line(row: Row) -> list[Cell]:
    """A marked line carries a triangle, so that it is not told by its colour alone."""
    cells = [Cell(_words(cell), tone="warn" if row.marked else "ink") for cell in row.cells]
    if row.marked:
        cells[0] = Cell(f"▲ {cells[0].text}", tone="warn", strong=True)
    return cells


def _holds(row: Row, words: list[str]) -> bool:
    said = " ".join(f"{cell.zh} {cell.en}" if isinstance(cell, Text) else str(cell) for cell in row.cells).lower()
    return all(word in said for word in words)


def _order(column: int) -> Callable[[Row], tuple[int, float, str]]:
    def key(row: Row) -> tuple[int, float, str]:
        cell = row.cells[column]
        words = _words(cell)
        try:
            return 0, float(words), ""
        except ValueError:
            return 1, 0.0, words

    return key


_NONE = Text(en="Nothing of the kind stands in the trail.", zh="稽查轨迹中没有此类记录。")
_NOT_FOUND = Text(en="No line holds these words. Empty the box to see all.", zh="没有符合的行，清空筛选框可查看全部。")
