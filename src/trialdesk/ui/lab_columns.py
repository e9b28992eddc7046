"""The columns of a laboratory sheet: where each stands at a given width, and their heads."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from trialdesk.domain.text import Text
from trialdesk.services.laboratory import Sheet
from trialdesk.ui import look

ROW, HEAD = 38, 40
LEFT, RIGHT, LEAST_NAME = 28, 16, 150
_WIDE = {"box": 88, "arrow": 26, "unit": 92, "range": 98, "change": 118, "grade": 106, "cs": 112}
_VISIT = 80


@dataclass(frozen=True)
class Columns:
    """Left edge and width of every column; `earlier` counts the visits before that there is room for."""

    at: dict[str, tuple[float, float]]
    earlier: int

    def box(self, name: str, high: float = ROW) -> QRectF:
        """The place of a column in a row."""
        x, wide = self.at[name]
        return QRectF(x, 0, wide, high)


def columns(wide: int, earlier: int, baseline: bool) -> Columns:
    """Share out the width; the oldest visits give way first, the test's name takes what is left."""
    fixed = sum(_WIDE.values()) + LEFT + RIGHT + (_VISIT if baseline else 0)
    while earlier and wide - fixed - earlier * _VISIT < LEAST_NAME:
        earlier -= 1
    name = max(60, wide - fixed - earlier * _VISIT)
    names = ["name", *(["baseline"] if baseline else []), *(f"earlier{n}" for n in range(earlier)), *_WIDE]
    at: dict[str, tuple[float, float]] = {}
    x = float(LEFT)
    for one in names:
        column = name if one == "name" else _WIDE.get(one, _VISIT)
        at[one] = (x, column)
        x += column
    return Columns(at, earlier)


class LabHead(QWidget):
    """Names of the columns, with the days of the visits."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(HEAD)
        self._sheet: Sheet | None = None

    def show_sheet(self, sheet: Sheet) -> None:
        """Show the visits of this sheet."""
        before, self._sheet = self._sheet, sheet
        if before is None or _heads_of(before) != _heads_of(sheet):
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        sheet = self._sheet
        if sheet is None:
            return
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.color("sunken"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, look.color("line"))
        place = columns(self.width(), len(sheet.earlier), sheet.baseline is not None)
        for name, words in _HEADS.items():
            self._pair(painter, place.box(name, HEAD), look.first(words), look.second(words))
        today = Text(en="Today", zh="今日")
        self._pair(
            painter, place.box("box", HEAD), look.first(today), sheet.day.isoformat()[5:] if sheet.day else "", "accent"
        )
        if sheet.baseline is not None:
            day = sheet.baseline.day.isoformat()[5:] if sheet.baseline.day else ""
            self._pair(painter, place.box("baseline", HEAD), look.first(sheet.baseline.label), day, right=True)
        shown = sheet.earlier[len(sheet.earlier) - place.earlier :]
        for number, column in enumerate(shown):
            day = column.day.isoformat()[5:] if column.day else ""
            self._pair(painter, place.box(f"earlier{number}", HEAD), look.first(column.label), day, right=True)

    def _pair(
        self, painter: QPainter, box: QRectF, above: str, below: str, tone: str = "ink2", right: bool = False
    ) -> None:
        box = box.adjusted(0, 0, -14 if right else -6, 0)
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        for text, top, role, colour in ((above, 3, "smallstrong", tone), (below, 20, "micro", "ink3")):
            painter.setFont(look.font("small" if role == "micro" and look.language() == "en" else role))
            painter.setPen(look.color(colour))
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
            painter.drawText(QRectF(box.x(), top, box.width(), 17), side | Qt.AlignmentFlag.AlignVCenter, shown)


def _heads_of(sheet: Sheet) -> tuple[object, ...]:
    return sheet.day, sheet.baseline, sheet.earlier


_HEADS = {
    "name": Text(en="Test", zh="检验项目"),
    "unit": Text(en="Unit", zh="单位"),
    "range": Text(en="Range", zh="参考范围"),
    "change": Text(en="From baseline", zh="较基线"),
    "grade": Text(en="CTCAE grade", zh="CTCAE 分级"),
    "cs": Text(en="Significance", zh="临床意义"),
}
