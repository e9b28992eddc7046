"""A long day of painting does not end Python."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from trialdesk.app import dress
from trialdesk.domain.text import Text
from trialdesk.ui import look
from trialdesk.ui.centre.table import Cell, Table


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is not counted from Python 3.12 on")
def test_painting_never_takes_the_last_reference_to_none(qtbot: QtBot) -> None:
    dress(dark=False, language="zh")
    pixmap = QPixmap(20, 20)
    painter = QPainter(pixmap)
    for _ in range(300_000):
        painter.setPen(look.color("ink"))
    painter.end()
    assert sys.getrefcount(None) > 1_000_000_000


def test_a_list_gives_qt_no_none_for_a_line(qtbot: QtBot) -> None:
    table = Table((Text(en="a", zh="甲"),), (100,))
    qtbot.addWidget(table)
    table.show_lines([[Cell("x")]])
    assert isinstance(table, QWidget)
    index = table.lines.index(0, 0)
    assert all(table.lines.data(index, role) is not None for role in range(32))
