"""The three sides of the drawer: help, queries and notes, history."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QWidget

from trialdesk.domain.text import Text
from trialdesk.ui import look

TABS = (
    ("help", Text(en="Help", zh="说明"), "F1"),
    ("queries", Text(en="Queries, notes", zh="质疑与备注"), "Ctrl+Q"),
    ("history", Text(en="History", zh="历史"), "Ctrl+H"),
)


class Tab(QAbstractButton):
    """One side; the chosen one has a bar under its strong word, a count says what waits there."""

    def __init__(self, text: Text, key: str) -> None:
        super().__init__()
        self._count = 0
        self.setText(look.first(text))
        self._name = look.both(text)
        self.setAccessibleName(self._name)
        self.setToolTip(f"{look.second(text)}  {key}")
        self.setCheckable(True)
        self.setFixedHeight(40)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_count(self, count: int) -> None:
        """Show how much waits."""
        self._count = count
        self.setAccessibleName(f"{self._name} {count}" if count else self._name)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        letters = QFontMetricsF(look.font("strong")).horizontalAdvance(self.text())
        return QSize(int(letters + (16 if self._count else 0)) + 12, 40)

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        p.setFont(look.font("strong" if on else "text"))
        p.setPen(look.color("accent" if on else "ink2"))
        wide = p.fontMetrics().horizontalAdvance(self.text())
        p.drawText(QRectF(4, 0, wide + 4, 38), Qt.AlignmentFlag.AlignVCenter, self.text())
        if self._count:
            p.setPen(look.color("query"))
            p.setFont(look.font("smallstrong"))
            p.drawText(QRectF(wide + 10, 0, 20, 38), Qt.AlignmentFlag.AlignVCenter, str(self._count))
        if on:
            p.fillRect(2, self.height() - 2, self.width() - 4, 2, look.color("accent"))


class Tabs(QWidget):
    """The row of sides."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        across = QHBoxLayout(self)
        across.setContentsMargins(12, 0, 8, 0)
        across.setSpacing(6)
        self._group = QButtonGroup(self)
        self.tabs: dict[str, Tab] = {}
        for name, text, key in TABS:
            tab = Tab(text, key)
            tab.clicked.connect(lambda _=False, chosen=name: self.chosen.emit(chosen))
            self._group.addButton(tab)
            self.tabs[name] = tab
            across.addWidget(tab)
        across.addStretch(1)

    def show_state(self, name: str, queries: int, notes: int) -> None:
        """Show which side is open, and how much is said."""
        self.tabs[name].setChecked(True)
        self.tabs["queries"].show_count(queries + notes)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(0, self.height() - 1, self.width(), 1, look.color("line"))
