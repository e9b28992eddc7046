"""A survival or incidence curve in the colours of the window, with the numbers at risk under it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from trialdesk.domain.text import Text
from trialdesk.services.endpoint_view import Curve, CurveLine, CurvePoint
from trialdesk.ui import look
from trialdesk.ui.centre.figure_button import number

LEFT, RIGHT, TOP, FOOT = 66, 26, 22, 116
"""Room round the axes; the foot holds the days, the numbers at risk and those censored."""


class CurveView(QWidget):
    """The numbers at risk are buttons; the picture itself is described by its table beside it."""

    def __init__(self, opened: Callable[[object], None]) -> None:
        super().__init__()
        self._opened = opened
        self.curve: Curve | None = None
        self.numbers: list[tuple[int, int, QWidget]] = []
        self.setMinimumSize(420, 300)

    def show_curve(self, curve: Curve) -> None:
        """Draw another curve."""
        for _, _, widget in self.numbers:
            widget.hide()
            widget.deleteLater()
        self.curve, self.numbers = curve, []
        for point in curve.risk:
            for row, count, says in ((0, point.at_risk, _AT_RISK), (1, point.censored, _CENSORED)):
                about = Text(en="{what}, day {day}", zh="{what}，第 {day} 天").format(what=says, day=point.day)
                widget = number(count, about, curve.topic, self._opened, "smallstrong" if row == 0 else "small")
                widget.setParent(self)
                widget.show()
                self.numbers.append((point.day, row, widget))
        said = " ".join(f"{point.day}: {point.at_risk}" for point in curve.risk)
        self.setAccessibleName(look.both(curve.title))
        self.setAccessibleDescription(f"{curve.headline} {curve.limits} {look.both(_AT_RISK)} {said}")
        self._place()
        self.update()

    def _box(self) -> QRectF:
        return QRectF(LEFT, TOP, max(10, self.width() - LEFT - RIGHT), max(10, self.height() - TOP - FOOT))

    def _x(self, day: float) -> float:
        assert self.curve is not None
        box = self._box()
        return box.left() + min(day, self.curve.horizon) / self.curve.horizon * box.width()

    def _y(self, value: float) -> float:
        box = self._box()
        return box.bottom() - value * box.height()

    def _place(self) -> None:
        if self.curve is None:
            return
        for day, row, widget in self.numbers:
            widget.adjustSize()
            x = round(self._x(day) - widget.width() / 2)
            x = max(2, min(x, self.width() - widget.width() - 2))
            widget.move(x, round(self._box().bottom()) + 58 + row * 26 + (24 - widget.height()) // 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.curve is None:
            return
        self._axes(p)
        for line in self.curve.lines:
            self._band(p, line)
        for line in self.curve.lines:
            self._line(p, line)
        if len(self.curve.lines) > 1:
            self._legend(p, self.curve.lines)

    def _axes(self, p: QPainter) -> None:
        assert self.curve is not None
        box = self._box()
        p.setFont(look.font("small"))
        for share in (0.0, 0.25, 0.5, 0.75, 1.0):
            y = self._y(share)
            p.setPen(look.color("line"))
            p.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
            p.setPen(look.color("ink3"))
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            p.drawText(QRectF(0, y - 10, LEFT - 10, 20), right, f"{share:.2f}")
        p.setPen(QPen(look.color("edge"), 1))
        p.drawLine(box.bottomLeft(), box.bottomRight())
        p.drawLine(box.topLeft(), box.bottomLeft())
        middle = Qt.AlignmentFlag.AlignCenter
        for point in self.curve.risk:
            x = self._x(point.day)
            p.setPen(look.color("edge"))
            p.drawLine(QPointF(x, box.bottom()), QPointF(x, box.bottom() + 5))
            p.setPen(look.color("ink3"))
            p.drawText(QRectF(x - 40, box.bottom() + 7, 80, 18), middle, str(point.day))
        p.drawText(QRectF(box.left(), box.bottom() + 24, box.width(), 18), middle, look.first(_DAYS))
        p.setPen(look.color("ink2"))
        p.drawText(QRectF(2, 0, 260, 18), Qt.AlignmentFlag.AlignLeft, look.first(self.curve.axis))
        p.setFont(look.font("smallstrong"))
        p.drawText(QRectF(2, box.bottom() + 40, 400, 18), Qt.AlignmentFlag.AlignVCenter, look.first(_RISK_TITLE))

    def _band(self, p: QPainter, line: CurveLine) -> None:
        if all(point.lower is None for point in line.points):
            return
        high = self._steps([(point.day, _known(point.upper, point)) for point in line.points])
        low = self._steps([(point.day, _known(point.lower, point)) for point in line.points])
        path = QPainterPath(high[0])
        for one in (*high[1:], *reversed(low)):
            path.lineTo(one)
        tint = look.color(line.tone)
        tint.setAlphaF(0.20 if look.is_dark() else 0.12)
        p.fillPath(path, tint)

    def _line(self, p: QPainter, line: CurveLine) -> None:
        pen = QPen(look.color(line.tone), 2)
        if line.dashed:
            pen.setDashPattern([4, 3])
        p.setPen(pen)
        p.drawPolyline(self._steps([(point.day, point.value) for point in line.points]))
        p.setPen(QPen(look.color(line.tone), 1.6))
        for day, value in line.censored:
            if self.curve is not None and day <= self.curve.horizon:
                x, y = self._x(day), self._y(value)
                p.drawLine(QPointF(x, y - 6), QPointF(x, y + 6))

    def _steps(self, points: Sequence[tuple[float, float]]) -> list[QPointF]:
        assert self.curve is not None
        made: list[QPointF] = []
        for day, value in points:
            if made:
                made.append(QPointF(self._x(day), made[-1].y()))
            if day > self.curve.horizon:
                break
            made.append(QPointF(self._x(day), self._y(value)))
        if len(self.curve.lines) > 1 and made:
            # An incidence stays where it came to until the end of the follow-up.
            made.append(QPointF(self._x(self.curve.horizon), made[-1].y()))
        return made

    def _legend(self, p: QPainter, lines: Sequence[CurveLine]) -> None:
        x, y = LEFT + 16.0, TOP + 10.0
        for line in lines:
            pen = QPen(look.color(line.tone), 2)
            if line.dashed:
                pen.setDashPattern([4, 3])
            p.setPen(pen)
            p.drawLine(QPointF(x, y + 9), QPointF(x + 30, y + 9))
            p.setPen(look.color("ink"))
            p.setFont(look.font("small"))
            p.drawText(QRectF(x + 38, y, 240, 18), Qt.AlignmentFlag.AlignVCenter, look.first(line.label))
            y += 22


def _known(limit: float | None, point: CurvePoint) -> float:
    return point.value if limit is None else limit


_DAYS = Text(en="Days", zh="天数")
_AT_RISK, _CENSORED = Text(en="At risk", zh="风险人数"), Text(en="Censored before", zh="此前删失")
_RISK_TITLE = Text(en="Number at risk, below it those censored before", zh="风险人数，其下为此前删失人数")
