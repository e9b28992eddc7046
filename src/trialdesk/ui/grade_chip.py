"""A CTCAE grade: as many filled blocks as the grade, and the word; never colour alone."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from trialdesk.domain.text import Text
from trialdesk.ui import look

HIGH = 22
_BLOCKS = 36


def grade_words(grade: int | None) -> Text:
    """The word of a grade; 0 is below every grade, None cannot be graded."""
    if grade is None:
        return Text(en="not gradable", zh="无法分级")
    if grade == 0:
        return Text(en="no grade", zh="未达分级")
    return Text(en="grade {n}", zh="{n} 级").format(n=grade)


def draw_grade(painter: QPainter, box: QRectF, grade: int | None, words: str) -> None:
    """Draw blocks and word into a box, from its left."""
    x, top = box.x(), box.center().y() - HIGH / 2
    if grade:
        count, step, wide = (4, 7.5, 5.5) if grade < 5 else (5, 6.0, 4.5)
        for index in range(count):
            short = (3 - min(index, 3)) * 1.4
            on = index < grade
            painter.setPen(Qt.PenStyle.NoPen if on else QPen(look.color("edge"), 1))
            painter.setBrush(look.color(f"grade{grade}") if on else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(x + index * step, top + 6.5 + short, wide, 10 - short), 1.5, 1.5)
        x += _BLOCKS
    painter.setPen(look.color("ink" if grade else "ink3"))
    painter.setFont(look.font("smallstrong" if grade else "small"))
    shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(box.right() - x))
    painter.drawText(QRectF(x, top, box.right() - x, HIGH), Qt.AlignmentFlag.AlignVCenter, shown)


class GradeChip(QWidget):
    """A grade that stands by itself."""

    def __init__(self, grade: int | None) -> None:
        super().__init__()
        self._grade, self._words = grade, look.first(grade_words(grade))
        role = "smallstrong" if grade else "small"
        letters = QFontMetricsF(look.font(role)).horizontalAdvance(self._words)
        self.setFixedSize(int(letters + (_BLOCKS if grade else 0) + 4), HIGH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"CTCAE {look.both(grade_words(grade))}")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_grade(painter, QRectF(self.rect()), self._grade, self._words)
