"""The intervals between injections against the study's window; every number also stands in the description."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from trialdesk.domain.rules.injection_series import Series, hours_words, interval_words
from trialdesk.domain.text import Text
from trialdesk.ui import icons, look

_TOP, _BAND = 24, 42
"""Pixels above the window, and the height of the window itself."""


class IntervalChart(QWidget):
    """One mark for each interval; inside the band is in time, a triangle stands outside it."""

    def __init__(self) -> None:
        super().__init__()
        self._series: Series | None = None
        self.setFixedHeight(_TOP + _BAND + 42)

    def show_series(self, series: Series) -> None:
        """Show the intervals as they are now."""
        self._series = series
        timing = series.timing
        told: list[str] = []
        for one in series.injections:
            if one.interval is not None and timing is not None:
                told.append(f"{one.interval.since}→{one.number} {look.first(interval_words(timing, one.interval))}")
        name = Text(en="Intervals between injections", zh="注射间隔")
        self.setAccessibleName(look.both(name))
        self.setAccessibleDescription("; ".join(told))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        series = self._series
        if series is None or series.timing is None:
            return
        timing = series.timing
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, right = 46.0, self.width() - 8.0
        band = QRectF(left, _TOP, right - left, _BAND)
        p.fillRect(band, look.color("ok_soft"))
        p.setPen(QPen(look.color("ok"), 1, Qt.PenStyle.DashLine))
        p.drawLine(band.topLeft(), band.topRight())
        p.drawLine(band.bottomLeft(), band.bottomRight())
        p.setPen(QPen(look.color("edge"), 1))
        middle = band.center().y()
        p.drawLine(QPointF(left, middle), QPointF(right, middle))
        p.setFont(look.font("small"))
        p.setPen(look.color("ink3"))
        for hours, y in (
            (timing.interval + timing.tolerance, band.top()),
            (timing.interval, middle),
            (timing.interval - timing.tolerance, band.bottom()),
        ):
            p.drawText(
                QRectF(0, y - 9, left - 8, 18),
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                look.first(hours_words(hours)),
            )
        steps = len(series.injections) - 1
        for index, one in enumerate(series.injections[1:]):
            x = left + (right - left) * (index + 0.5) / max(1, steps)
            self._mark(p, x, middle, one.number, series)

    def _mark(self, p: QPainter, x: float, middle: float, number: int, series: Series) -> None:
        timing, one = series.timing, series.injections[number - 1]
        assert timing is not None
        since = one.interval.since if one.interval else number - 1
        p.setFont(look.font("small"))
        p.setPen(look.color("ink3"))
        caption = QRectF(x - 30, self.height() - 20, 60, 18)
        p.drawText(caption, Qt.AlignmentFlag.AlignCenter, f"{since}→{number}")
        if one.interval is None:
            return
        # An interval over a missed injection is drawn by how far it is off, like the others.
        off = float(one.interval.hours - one.interval.expected) / float(timing.tolerance or 1)
        y = max(float(_TOP) - 8, min(_TOP + _BAND + 8.0, middle - off * _BAND / 2))
        fine = one.interval.verdict == "in_time"
        tone = "accent" if fine else "hard" if one.interval.verdict == "too_close" else "warn"
        p.setPen(QPen(look.color(tone), 2))
        p.drawLine(QPointF(x, middle), QPointF(x, y))
        if fine:
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(look.color(tone))
            p.drawEllipse(QPointF(x, y), 4, 4)
        else:
            shape = "hard" if one.interval.verdict == "too_close" else "soft"
            icons.draw(p, shape, QRectF(x - 8, y - 8, 16, 16), tone)
        p.setPen(look.color("ink2" if fine else tone))
        p.setFont(look.font("small" if fine else "smallstrong"))
        p.drawText(
            QRectF(x + 9, y - 18 if off >= 0 else y, 44, 18), Qt.AlignmentFlag.AlignVCenter, _short(one.interval.hours)
        )


def _short(hours: object) -> str:
    return f"{float(str(hours)):.1f}"
