"""Choices side by side on as many lines as the room asks for; the digits stay the same."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from trialdesk.ui.boxes import Options, Segment, SegmentBox

HIGH, GAP = 34, 4


class WrappedSegments(SegmentBox):
    """A SegmentBox whose choices wrap within `room` pixels."""

    def __init__(self, options: Options, room: int) -> None:
        super().__init__(options)
        lines: list[list[Segment]] = [[]]
        for one in self.segments:
            if lines[-1] and sum(s.width() for s in lines[-1]) + one.width() > room:
                lines.append([])
            lines[-1].append(one)
        old = self.layout()
        assert isinstance(old, QHBoxLayout)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        for line in lines:
            across = QHBoxLayout()
            across.setSpacing(0)
            for index, one in enumerate(line):
                one.place = _place(index, len(line))
                across.addWidget(one)
            across.addStretch(1)
            column.addLayout(across)
        old.addLayout(column)
        wide = max(sum(one.width() for one in line) for line in lines)
        self.setFixedSize(wide, len(lines) * (HIGH + GAP) - GAP)


def _place(index: int, count: int) -> str:
    if count == 1:
        return "only"
    return "first" if index == 0 else "last" if index == count - 1 else "middle"
