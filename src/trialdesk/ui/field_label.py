"""The label of a question: the leading language, the other one, and what marks it (optional, study setting)."""

from __future__ import annotations

from typing import Literal

from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from trialdesk.domain.study.form import ItemDef
from trialdesk.domain.text import Text
from trialdesk.ui import look, parts

LabelWords = Literal["both", "first", "none"]
"""Both languages; the leading one where the tooltip has the other; none where the heads of a sheet say it."""

_OPTIONAL = Text(en="optional", zh="选填")


class FieldLabel(QWidget):
    """Beside a control two lines; `stacked` above a control one line, as far as there is room."""

    def __init__(self, item: ItemDef, stacked: bool, parent: QWidget | None = None, said: LabelWords = "both") -> None:
        super().__init__(parent)
        self._item = item
        self._words: list[QLabel] = []
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        if said == "none":
            self.hide()
            return
        for part in [self._one_line(said)] if stacked else self._two_lines():
            outer.addWidget(part)
        if not stacked:
            # Two lines of one thing stay together instead of sharing out the free height.
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def _one_line(self, said: LabelWords) -> QWidget:
        item = self._item
        above = parts.words(look.first(item.label), "label", parent=self)
        if said == "first":
            self._words = [above]
            return above
        small = [parts.words(look.second(item.label), "small", "ink3")]
        if item.optional and not item.by_program:
            small.append(parts.words(look.first(_OPTIONAL), "small", "ink3"))
        for one in small:
            one.setMinimumHeight(above.sizeHint().height())
        self._words = [above, *small]
        return parts.flow(above, *small, gap=6)

    def _two_lines(self) -> list[QWidget]:
        item = self._item
        made: list[QWidget] = [
            parts.words(look.first(item.label), "label", wrap=True),
            parts.words(look.second(item.label), "small", "ink3", wrap=True),
        ]
        marks: list[QWidget] = []
        if item.optional and not item.by_program:
            marks.append(parts.words(look.first(_OPTIONAL), "small", "ink3"))
        if item.setting:
            chip = parts.Chip(look.first(Text(en="study setting", zh="研究设定")), "info", "assumption")
            chip.setToolTip(
                look.first(Text(en="study setting, not in the registration", zh="研究设定，注册信息未给出"))
            )
            marks.append(chip)
        if marks:
            made.append(parts.flow(*marks, gap=6))
        return made

    def wrap(self, wide: int) -> None:
        """Let a long label go on on a second line of this width."""
        for label in self._words[:1]:
            label.setWordWrap(True)
            label.setFixedWidth(wide)

    def natural_width(self) -> int:
        """The width of the words on one line."""
        return sum(label.sizeHint().width() + 6 for label in self._words)
