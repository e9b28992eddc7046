"""One organ of a graded assessment: what is seen at the left, the stage that follows, how sure the cause is."""

from __future__ import annotations

from bisect import bisect, insort

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from trialdesk.domain.study.sheet import Organ
from trialdesk.domain.text import Text
from trialdesk.ui import look, parts
from trialdesk.ui.field_row import FieldRow
from trialdesk.ui.flowing import Flow

LABEL, STAGE, SURE = 92, 172, 168
"""Width of an organ's name, of the stage scale, and of the confidence."""

NARROW_LABEL, NARROW_STAGE, NARROW_SURE = 76, 142, 144
"""The same on the small laptop at 125 %."""

NARROW_FIELDS = 306
"""Width a question may take there."""

_BOX, _NARROW_BOX = 28, 24


class StageScale(QWidget):
    """The stages an organ can have; the one that follows from the findings is filled."""

    def __init__(self, organ: Organ, narrow: bool = False) -> None:
        super().__init__()
        self._organ = organ
        self._box = _NARROW_BOX if narrow else _BOX
        self.stage: str | None = None
        self.setFixedSize((organ.highest + 1) * (self._box + 4), self._box + 2)
        self.show_stage(None)

    def show_stage(self, stage: str | None) -> None:
        """Show a stage, or none while it cannot be told."""
        self.stage = stage
        said = (
            Text(en="{o} stage {s}", zh="{o} {s} 级")
            if stage is not None
            else Text(en="{o} not staged", zh="{o} 未评估")
        )
        self.setAccessibleName(look.both(said.format(o=self._organ.label, s=stage)))
        self.update()

    def sizeHint(self) -> QSize:
        return self.size()

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number in range(self._organ.highest + 1):
            on = self.stage == str(number)
            box = QRectF(number * (self._box + 4) + 0.5, 0.5, self._box, self._box)
            p.setPen(QPen(look.color("ink" if on else "line"), 1))
            p.setBrush(look.color("ink" if on else "surface"))
            p.drawRoundedRect(box, 6, 6)
            p.setPen(look.color("surface" if on else "ink3"))
            p.setFont(look.font("strong" if on else "text"))
            p.drawText(box, Qt.AlignmentFlag.AlignCenter, str(number))


class Wrapped(QWidget):
    """Questions that flow across and wrap, with their findings in full width below them; none is wider than `most`."""

    def __init__(self, most: int = 1000) -> None:
        super().__init__()
        self._most = most
        self._ranks: list[int] = []
        self._below_ranks: list[int] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self._fields = Flow(0)
        column.addLayout(self._fields)
        self.below = QVBoxLayout()
        self.below.setContentsMargins(16, 0, 8, 4)
        column.addLayout(self.below)

    def panels(self, rank: int) -> QVBoxLayout:
        """A place for the findings of one more question, `rank` being its place in the reading order."""
        made = QVBoxLayout()
        self.below.insertLayout(bisect(self._below_ranks, rank), made)
        insort(self._below_ranks, rank)
        return made

    def add(self, row: FieldRow, rank: int) -> None:
        """Put a question among the others, by its place in the reading order."""
        self._fields.put(row, bisect(self._ranks, rank))
        insort(self._ranks, rank)
        row.fit(self._most)


class OrganRow(QFrame):
    """A line of the sheet; the deciding organ is tinted and says so."""

    def __init__(self, organ: Organ, narrow: bool = False) -> None:
        super().__init__()
        self.organ = organ
        label, stage, sure = (NARROW_LABEL, NARROW_STAGE, NARROW_SURE) if narrow else (LABEL, STAGE, SURE)
        self.deciding = False
        across = QHBoxLayout(self)
        across.setContentsMargins(28, 6, 8, 6)
        across.setSpacing(6)
        name = parts.bilingual(organ.label, "label")
        name.setFixedWidth(label)
        across.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
        self.fields = Wrapped(NARROW_FIELDS if narrow else 1000)
        across.addWidget(self.fields, 1)
        self.scale = StageScale(organ, narrow)
        self.note = parts.words("", "small", "ink3", wrap=True)
        self.decides = parts.Chip(look.first(Text(en="decides", zh="决定整体分度")), "info", "flag")
        self.decides.hide()
        middle = parts.column(self.scale, self.note, self.decides, None, gap=4, margins=(0, 8, 0, 0))
        middle.setFixedWidth(stage)
        across.addWidget(middle, 0, Qt.AlignmentFlag.AlignTop)
        self.sure = Wrapped(sure)
        self.sure.setFixedWidth(sure)
        across.addWidget(self.sure, 0, Qt.AlignmentFlag.AlignTop)

    def show_stage(self, stage: str | None, deciding: bool, note: Text | None) -> None:
        """Show the stage, whether it decides the grade, and why nothing is asked here."""
        self.scale.show_stage(stage)
        self.deciding = deciding
        self.decides.setVisible(deciding)
        self.note.setText(look.first(note) if note else "")
        self.note.setVisible(note is not None)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        if self.deciding:
            p.fillRect(self.rect().adjusted(0, 0, 0, -1), look.color("selected"))
            p.fillRect(0, 0, 3, self.height() - 1, look.color("accent"))
        p.fillRect(28, self.height() - 1, self.width() - 36, 1, look.color("line"))
