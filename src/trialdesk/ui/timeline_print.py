"""The timeline on paper: A4 across, always in the light scheme, with the participant's number and the day of printing."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter

from trialdesk.domain.text import Text
from trialdesk.services.timeline import Timeline
from trialdesk.ui import look
from trialdesk.ui.timeline_scene import NAMES, TimelineScene

WIDE = 1100.0
"""Width of the drawing in pixels before it is fitted to the paper."""


def write_pdf(path: Path, line: Timeline, head: Text) -> None:
    """Write the timeline as a PDF; raises OSError where the place cannot be written."""
    with path.open("wb"):
        pass
    made = QPdfWriter(str(path))
    made.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    made.setPageOrientation(QPageLayout.Orientation.Landscape)
    made.setPageMargins(QMarginsF(12, 12, 12, 12), QPageLayout.Unit.Millimeter)
    made.setTitle(head.zh)
    _paint(made, line, head)


def _paint(device: QPdfWriter, line: Timeline, head: Text) -> None:
    painter = QPainter(device)
    scale = device.width() / WIDE
    painter.scale(scale, scale)
    with look.light():
        days = max(1, (line.last - line.first).days + 1)
        scene = TimelineScene(line, (WIDE - NAMES - 24) / days)
        painter.setPen(look.color("ink"))
        painter.setFont(look.font("heading"))
        painter.drawText(QRectF(0, 0, WIDE, 24), Qt.AlignmentFlag.AlignVCenter, look.first(head))
        painter.setFont(look.font("small"))
        painter.setPen(look.color("ink3"))
        painter.drawText(QRectF(0, 24, WIDE, 20), Qt.AlignmentFlag.AlignVCenter, look.second(head))
        scene.render(painter, QRectF(0, 56, scene.width(), scene.height()), scene.sceneRect())
        _table(painter, line, 56 + scene.height() + 14, device.height() / scale)
    painter.end()


def _table(painter: QPainter, line: Timeline, top: float, bottom: float) -> None:
    """Every mark in words below the drawing, in three columns as far as the page goes."""
    painter.setFont(look.font("micro"))
    painter.setPen(look.color("ink2"))
    shown = [mark for mark in line.marks if not mark.planned]
    each = max(1, min(int((bottom - top) // 15), -(-len(shown) // 3)))
    for index, mark in enumerate(shown[: each * 3]):
        column, row = divmod(index, each)
        place = QRectF(column * WIDE / 3, top + row * 15, WIDE / 3 - 12, 15)
        words = painter.fontMetrics().elidedText(look.first(mark.says), Qt.TextElideMode.ElideRight, int(place.width()))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, words)
