"""A day of painting must not end the program (docs/decisions/0071)."""

from __future__ import annotations

import sys

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPixmap
from pytestqt.qtbot import QtBot


def test_painting_leaves_the_count_of_none_as_it_was(qtbot: QtBot) -> None:
    picture = QPixmap(10, 10)
    before = sys.getrefcount(None)
    painter = QPainter(picture)
    for _ in range(1000):
        painter.fillRect(QRectF(0, 0, 1, 1), QColor(0, 0, 0))
        painter.drawRect(QRectF(0, 0, 1, 1))
    painter.end()
    assert sys.getrefcount(None) > before - 1000
