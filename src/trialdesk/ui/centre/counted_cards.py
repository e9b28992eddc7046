"""The endpoints' tables as cards: rates with their intervals drawn, and plain tables whose numbers open."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QWidget

from trialdesk.domain.text import Text
from trialdesk.services.endpoint_view import CountedTable, RateRow, text_of
from trialdesk.ui import look, parts
from trialdesk.ui.centre.figure_button import number

Opened = Callable[[object], None]


class Interval(QWidget):
    """An estimate with its limits on a line from 0 to 100 %."""

    def __init__(self, row: RateRow) -> None:
        super().__init__()
        self._row = row
        self.setFixedSize(104, 26)

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        wide, middle = self.width() - 10, self.height() / 2
        p.setPen(look.color("line"))
        for share in (0.0, 0.5, 1.0):
            p.drawLine(QPointF(5 + share * wide, 3), QPointF(5 + share * wide, self.height() - 3))
        row = self._row
        if row.estimate is None or row.lower is None or row.upper is None:
            return
        low, high, at = (5 + share * wide for share in (row.lower, row.upper, row.estimate))
        p.setPen(QPen(look.color("accent"), 2))
        p.drawLine(QPointF(low, middle), QPointF(high, middle))
        for end in (low, high):
            p.drawLine(QPointF(end, middle - 5), QPointF(end, middle + 5))
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(look.color("accent"))
        p.drawRect(QRectF(at - 4, middle - 4, 8, 8))


def rates_card(
    rows: tuple[RateRow, ...], about: CountedTable, population: Text, among: Text, opened: Opened
) -> QWidget:
    """The primary endpoint in one population; `population` is its name with the count, `among` its name alone."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(10)
    grid.setVerticalSpacing(4)
    heads = (Text(en="Best response", zh="最佳疗效"), Text(en="k / n", zh="k / n"), Text(en="0 – 100%", zh="0 – 100%"),
             Text(en="Rate", zh="率"), Text(en="95% interval", zh="95% 置信区间"))  # fmt: skip
    for column, head in enumerate(heads):
        grid.addWidget(parts.words(look.first(head), "small", "ink3"), 0, column)
    grid.setColumnStretch(0, 1)
    for line, row in enumerate(rows, start=1):
        grid.addWidget(parts.words(look.first(row.label), "strong", wrap=True), line, 0)
        says = Text(en="{label}, {people}", zh="{label}，{people}").format(label=row.label, people=among)
        grid.addWidget(number(row.count, says, about.topic, opened), line, 1)
        grid.addWidget(Interval(row), line, 2)
        rate = f"{row.estimate * 100:.1f}%" if row.estimate is not None else "–"
        grid.addWidget(parts.words(rate, "strong"), line, 3)
        known = row.lower is not None and row.upper is not None
        limits = f"{(row.lower or 0) * 100:.1f}–{(row.upper or 0) * 100:.1f}" if known else "–"
        grid.addWidget(parts.words(limits, "text", "ink2"), line, 4)
    body = QWidget()
    body.setLayout(grid)
    method = parts.words(look.first(about.heads[-1]), "small", "ink3", wrap=True)
    return parts.plane("card", *_head(about, population), body, method, gap=6)


def table_card(table: CountedTable, opened: Opened) -> QWidget:
    """One table; a number with participants behind it is a button."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(3)
    narrow = len(table.heads) > 5
    for column, head in enumerate(table.heads):
        grid.addWidget(parts.words(look.first(head), "small", "ink3", wrap=True), 0, column)
        grid.setColumnStretch(column, 5 if column == 0 else 3 if not narrow else 2)
    grid.setColumnMinimumWidth(0, 150 if narrow else 110)
    for line, cells in enumerate(table.rows, start=1):
        label = text_of(cells[0])
        for column, cell in enumerate(cells):
            says = Text(en="{row}: {head}", zh="{row}：{head}").format(row=label, head=table.heads[column])
            role = "smallstrong" if column == 0 else "small"
            shown = number(cell, says, table.topic, opened, role)
            grid.addWidget(shown, line, column, Qt.AlignmentFlag.AlignLeft if shown.isEnabled() and not _wraps(shown) else Qt.AlignmentFlag(0))  # fmt: skip
    body = QWidget()
    body.setLayout(grid)
    if not table.rows:
        body = parts.words(look.first(_NOBODY), "small", "ink3")
    notes = [parts.words(look.first(note), "small", "ink3", wrap=True) for note in table.notes]
    return parts.plane("card", *_head(table, table.population), body, *notes, gap=6)


def _wraps(shown: QWidget) -> bool:
    return bool(shown.property("role")) and shown.sizePolicy().hasHeightForWidth()


def _head(table: CountedTable, population: Text) -> tuple[QWidget, ...]:
    return (
        parts.words(look.first(table.title), "heading", wrap=True),
        parts.words(look.first(population), "smallstrong", "ink2", wrap=True),
        parts.words(look.first(table.definition), "small", "ink3", wrap=True),
    )


_NOBODY = Text(en="Nobody.", zh="无。")
