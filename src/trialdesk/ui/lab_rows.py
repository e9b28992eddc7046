"""The smaller questions of a laboratory sheet: sampling day above it, significance in its rows, what a number cannot settle."""

from __future__ import annotations

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from trialdesk.domain.rules.laboratory import Proposal
from trialdesk.domain.text import Text
from trialdesk.ui import look, parts
from trialdesk.ui.controls import make_control
from trialdesk.ui.field_row import FieldRow
from trialdesk.ui.field_view import FieldView
from trialdesk.ui.lab_columns import ROW
from trialdesk.ui.segments import SegmentBox

_SEGMENT = 52


class _Bare(FieldRow):
    """A question that stands inside something else: no line, no bar, no label of its own."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Nothing: what is around it paints."""

    def can_take_focus(self) -> bool:
        return super().can_take_focus() and not self.isHidden()

    def _set_enabled(self, view: FieldView) -> None:
        # Whether the row itself is seen is the sheet's affair.
        if (view.skipped is None) != self._asked:
            self._asked = view.skipped is None
            self.control.setVisible(self._asked)

    def _bare_parts(self) -> None:
        """Nothing but the place of findings: chip and words stand elsewhere, and every part costs time to open."""
        self._unit = None
        self._panels = QVBoxLayout()
        self._panels.setSpacing(6)


class StripRow(_Bare):
    """A question in the strip above the grid: label, box, what was understood, side by side."""

    def _arrange(self, label_width: int, room: int | None) -> None:
        self._bare_parts()
        self._chip = parts.Chip("")
        self._chip.hide()
        self._note = parts.words("", "small", "ink2")
        self._note.hide()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(4)
        across = QHBoxLayout()
        across.setSpacing(8)
        outer.addLayout(across)
        across.addWidget(parts.words(look.first(self.item.label), "smallstrong", "ink2"))
        wide = 104 if self.item.kind == "time" else 132
        self.control = make_control(self.item, tuple(self._options.items()), wide)
        self.control.setAccessibleName(look.both(self.item.label))
        across.addWidget(self.control)
        across.addWidget(self._chip)
        across.addWidget(self._note)
        across.addStretch(1)
        outer.addLayout(self._panels)


class SignificanceRow(_Bare):
    """NCS or CS at the end of a row, while the result is out of range."""

    def _arrange(self, label_width: int, room: int | None) -> None:
        self._bare_parts()
        made = SegmentBox(tuple(self._options.items()))
        for one in made.segments:
            one.plain(_SEGMENT)
        made.setFixedSize(_SEGMENT * len(made.segments), 30)
        made.setParent(self)
        made.move(0, (ROW - 30) // 2)
        made.setAccessibleName(look.both(self.item.label))
        self.control = made

    def _show_note(self, view: FieldView) -> None:
        needed = self._required_shown and any(f.severity == "missing" for f in view.findings)
        for one in self.control.segments if isinstance(self.control, SegmentBox) else ():
            one.wanted = needed
            one.update()

    def _say(self, text: Text | None, tone: str) -> None:
        self.control.setAccessibleDescription(look.both(text) if text else "")

    def tone(self) -> str | None:
        """The colour of its state, for the bar of the whole row."""
        return self._tone()

    @property
    def panels(self) -> QVBoxLayout:
        """Where its findings stand: below the whole row."""
        return self._panels


class AskRow(_Bare):
    """What a number cannot settle, with the grades a yes would make; stands in the list of proposals."""

    def _arrange(self, label_width: int, room: int | None) -> None:
        self._bare_parts()
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        made = SegmentBox(tuple(self._options.items()))
        made.setAccessibleName(look.both(self.item.label))
        self.control = made
        across.addWidget(made)
        self.setSizePolicy(made.sizePolicy())

    def _show_note(self, view: FieldView) -> None:
        """Its words stand in the proposal."""

    def _say(self, text: Text | None, tone: str) -> None:
        self.control.setAccessibleDescription(look.both(text) if text else "")

    def show_question(self, proposal: Proposal, none: str) -> None:
        """Offer the grades a yes can make here, and `none` with the number's own grade."""
        box = self.control
        assert isinstance(box, SegmentBox)
        grades = {str(one.grade) for one in proposal.questions}
        shown = [one for one in box.segments if one.code == none or one.code in grades]
        for one in box.segments:
            one.setVisible(one in shown)
        for number, one in enumerate(shown, start=1):
            said = Text(en="yes, grade {n}", zh="是，{n} 级").format(n=one.code)
            if one.code == none:
                said = Text(en="no, grade {n}", zh="否，{n} 级").format(n=proposal.grade)
            place = "first" if number == 1 else "last" if number == len(shown) else "middle"
            one.show_as(said, str(number), place)
        box.setFixedSize(sum(one.width() for one in shown), 34)


def asked_words(proposal: Proposal) -> Text:
    """The questions in one sentence, with the grade each yes makes where there are several."""
    many = len(proposal.questions) > 1
    en = " ".join(f"{one.words.en} ({one.grade})" if many else one.words.en for one in proposal.questions)
    zh = "".join(f"{one.words.zh}（{one.grade} 级）" if many else one.words.zh for one in proposal.questions)
    return Text(en=en, zh=zh)
