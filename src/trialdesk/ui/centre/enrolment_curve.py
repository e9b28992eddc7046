"""How many were enrolled by which day, against how many are planned."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from trialdesk.ui import look


class EnrolmentCurve(QWidget):
    """A step for each day on which someone was enrolled; the dashed line is the plan."""

    def __init__(self, planned: int) -> None:
        super().__init__()
        self._planned = planned
        self._days: list[tuple[date, int]] = []
        self.setFixedHeight(190)

    def show_days(self, days: list[tuple[str, int]]) -> None:
        """Days in ISO 8601 with how many were enrolled on each, several lines of a day allowed."""
        by_day: dict[date, int] = {}
        for day, count in days:
            by_day[date.fromisoformat(day)] = by_day.get(date.fromisoformat(day), 0) + count
        self._days = sorted(by_day.items())
        self.setAccessibleName(f"{sum(by_day.values())} / {self._planned}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(40, 10, self.width() - 56, self.height() - 40)
        total = sum(count for _, count in self._days)
        top = max(self._planned, total, 1)
        p.setFont(look.font("micro"))
        for share in (0, 0.5, 1):
            y = box.bottom() - share * box.height()
            p.setPen(look.color("line"))
            p.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
            p.setPen(look.color("ink3"))
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            p.drawText(QRectF(0, y - 9, 34, 18), right, str(round(share * top)))
        plan = box.bottom() - self._planned / top * box.height()
        p.setPen(QPen(look.color("ok"), 1, Qt.PenStyle.DashLine))
        p.drawLine(QPointF(box.left(), plan), QPointF(box.right(), plan))
        if not self._days:
            return
        first, last = self._days[0][0], self._days[-1][0]
        span = max((last - first).days, 1)
        p.setPen(QPen(look.color("accent"), 2))
        before, held = QPointF(box.left(), box.bottom()), 0
        for day, count in self._days:
            held += count
            x = box.left() + (day - first).days / span * box.width()
            after = QPointF(x, box.bottom() - held / top * box.height())
            p.drawLine(before, QPointF(x, before.y()))
            p.drawLine(QPointF(x, before.y()), after)
            before = after
        p.drawLine(before, QPointF(box.right(), before.y()))
        p.setPen(look.color("ink3"))
        foot = QRectF(box.left(), box.bottom() + 6, box.width(), 18)
        p.drawText(foot, Qt.AlignmentFlag.AlignLeft, first.isoformat())
        p.drawText(foot, Qt.AlignmentFlag.AlignRight, last.isoformat())
        p.setPen(look.color("ink"))
        p.setFont(look.font("strong"))
        p.drawText(
            QRectF(box.left() + 8, before.y() - 22, box.width() - 10, 18),
            Qt.AlignmentFlag.AlignRight,
            f"{held} / {self._planned}",
        )
