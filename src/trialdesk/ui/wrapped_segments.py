"""Choices side by side on as many lines as the room asks for; the digits stay the same."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QLayout, QSizePolicy

from trialdesk.ui.boxes import Options
from trialdesk.ui.flowing import Flow
from trialdesk.ui.segments import Segment, SegmentBox

HIGH, GAP = 34, 4


class WrappedSegments(SegmentBox):
    """A SegmentBox whose choices wrap within the width it is given, or within `room` pixels for good."""

    def __init__(self, options: Options, room: int | None = None) -> None:
        super().__init__(options)
        if room is not None:
            lines = self._lines.lines(room)
            self.setFixedSize(max(_wide(line) for line in lines), _high(lines))

    def _arrange(self) -> QLayout:
        self._lines = _Lines(self.segments)
        # Never wider than all choices on one line; as high as the lines need.
        policy = QSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        return self._lines


class _Lines(Flow):
    """Choices of one line touch and share round ends; the lines stand in the middle of the height given."""

    def __init__(self, segments: list[Segment]) -> None:
        super().__init__(GAP)
        self._segments = segments
        for one in segments:
            self.addWidget(one)

    def lines(self, room: int) -> list[list[Segment]]:
        found: list[list[Segment]] = [[]]
        for one in self._segments:
            if found[-1] and _wide([*found[-1], one]) > room:
                found.append([])
            found[-1].append(one)
        return found

    def sizeHint(self) -> QSize:
        return QSize(_wide(self._segments), HIGH)

    def _place(self, rect: QRect, move: bool) -> int:
        lines = self.lines(rect.width())
        if move:
            y = rect.y() + max(0, (rect.height() - _high(lines)) // 2)
            for line in lines:
                x = rect.x()
                for index, one in enumerate(line):
                    one.place = _place(index, len(line))
                    one.setGeometry(QRect(QPoint(x, y), one.minimumSize()))
                    x += one.width()
                y += HIGH + GAP
        return _high(lines)


def _wide(line: list[Segment]) -> int:
    return sum(one.minimumWidth() for one in line)


def _high(lines: list[list[Segment]]) -> int:
    return len(lines) * (HIGH + GAP) - GAP


def _place(index: int, count: int) -> str:
    if count == 1:
        return "only"
    return "first" if index == 0 else "last" if index == count - 1 else "middle"
