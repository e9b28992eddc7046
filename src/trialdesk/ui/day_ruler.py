"""The days of a visit's window as squares: today filled, the target underlined; a long window is a bar."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from trialdesk.domain.rules.windows import Window, days_text
from trialdesk.domain.text import Text
from trialdesk.services.worklist import Column
from trialdesk.ui import look

MOST_SQUARES = 9
_SIDE, _STEP = 10.0, 13.0


def draw_ruler(p: QPainter, x: float, y: float, window: Window, today: date) -> None:
    """Draw the window's days from the left; a day past its end stands apart as a disc."""
    days = (window.last - window.first).days + 1
    late = (today - window.last).days
    tone = "hard" if late > 0 else "warn" if late == 0 else "fill"
    p.save()
    if days > MOST_SQUARES:
        wide = MOST_SQUARES * _STEP - 3
        p.setPen(QPen(look.color("edge"), 1))
        p.setBrush(look.color("surface"))
        p.drawRoundedRect(QRectF(x, y, wide, _SIDE), 3, 3)
        at = x + wide * min(1.0, max(0.0, (today - window.first).days / max(1, days - 1)))
        if today >= window.first and late <= 0:
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(look.color(tone))
            p.drawRoundedRect(QRectF(at - 5, y, _SIDE, _SIDE), 2.5, 2.5)
        target = x + wide * (window.target - window.first).days / max(1, days - 1)
        p.fillRect(QRectF(target - 4, y + _SIDE + 3, 8, 2), look.color("ink2"))
        x += wide + 3
    else:
        for index in range(days):
            day = window.first + timedelta(days=index)
            box = QRectF(x + index * _STEP, y, _SIDE, _SIDE)
            on = day == today
            p.setPen(Qt.PenStyle.NoPen if on else QPen(look.color("edge"), 1))
            p.setBrush(look.color(tone if on else "surface"))
            p.drawRoundedRect(box, 2.5, 2.5)
            if day == window.target:
                p.fillRect(QRectF(box.x() + 1, y + _SIDE + 3, 8, 2), look.color("ink2"))
        x += days * _STEP
    if late > 0:
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(look.color("hard"))
        p.drawEllipse(QRectF(x + 3, y, _SIDE, _SIDE))
    p.restore()


def when_words(column: Column, today: date) -> tuple[Text, str]:
    """The window in words, and their colour: late by so many days, closing today, or its dates."""
    window = column.window
    if window is None:
        return Text(en="no date yet", zh="尚无日期"), "ink2"
    late = (today - window.last).days
    if column.state == "done":
        return Text(en="visit on {day}", zh="访视 {day}").format(day=column.day or ""), "ink2"
    if late > 0:
        day = "day" if late == 1 else "days"
        return Text(en=f"{late} {day} late", zh=f"超窗 {late} 天"), "hard"
    if late == 0:
        return Text(en="closes today", zh="今日关闭"), "warn"
    span = Text(en="{a} to {b}", zh="{a}～{b}").format(a=days_text(window.first), b=days_text(window.last))
    return span, "ink2"
