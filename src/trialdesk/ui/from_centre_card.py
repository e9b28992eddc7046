"""On the transfer screen: releases and ranges the centre sent, whether it knows that they are in use, and the clock."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from trialdesk.domain.text import Text
from trialdesk.services.clock_check import clock_standing
from trialdesk.services.desk import OpenDesk
from trialdesk.services.from_centre import Released, released
from trialdesk.ui import look, parts


class FromCentreCard(QWidget):
    """Hidden while the centre released nothing and the clock agrees."""

    def __init__(self, desk: OpenDesk) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        clock, found = clock_standing(desk), released(desk)
        shown: list[parts.Content] = [_line(one) for one in found]
        if clock.wrong:
            words = parts.column(
                parts.words(look.first(clock.says), "label", "warn", wrap=True),
                parts.words(look.first(clock.what_to_do), "small", "ink2", wrap=True),
                gap=0,
            )
            line = parts.row(parts.icon("not_due", 18, "warn"), words, gap=10)
            line.layout().setStretch(1, 1)  # type: ignore[union-attr]
            shown.insert(0, line)
        self.setVisible(bool(shown))
        if shown:
            title = Text(en="From the centre", zh="中心发布")
            head = parts.row(
                parts.words(look.first(title), "heading"), parts.words(look.second(title), "small", "ink3"), None
            )
            layout.addWidget(parts.plane("card", head, *shown, gap=8, margins=(20, 10, 20, 12)))


def _line(one: Released) -> QWidget:
    words = parts.column(
        parts.words(look.first(one.name), "label"),
        parts.words(look.first(one.terms), "small", "ink2", wrap=True),
        gap=0,
    )
    chip, tone, shape = Text(en="in use, the centre knows", zh="已启用，中心已知悉"), "ok", "complete"
    if one.since is None:
        chip, tone, shape = Text(en="waits for its day", zh="待生效"), "info", "not_due"
    elif not one.known:
        chip, tone, shape = (
            Text(en="in use, told with the next bundle", zh="已启用，随下一数据包告知中心"),
            "info",
            "usb",
        )
    line = parts.row(words, parts.Chip(look.first(chip), tone, shape), gap=12)
    line.layout().setStretch(0, 1)  # type: ignore[union-attr]
    return line
