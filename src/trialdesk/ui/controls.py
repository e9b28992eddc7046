"""The control for a question, by its kind; the one place where kinds of questions become widgets."""

from __future__ import annotations

from trialdesk.domain.study.form import ItemDef
from trialdesk.domain.text import Text
from trialdesk.ui import look
from trialdesk.ui.boxes import AreaBox, ChoiceBox, LineBox, Options
from trialdesk.ui.grade_box import GradeBox
from trialdesk.ui.segments import SegmentBox
from trialdesk.ui.term_box import TermBox

Control = LineBox | AreaBox | SegmentBox | ChoiceBox | TermBox | GradeBox
_PLACEHOLDERS = {
    "date": Text(en="3/3, t, y, v", zh="3/3、t、y、v"),
    "partial_date": Text(en="3/3, UN/3/2026", zh="3/3、UN/3/2026"),
    "time": Text(en="930 or 9:30", zh="930 或 9:30"),
    "datetime": Text(en="2026-03-03 09:30", zh="2026-03-03 09:30"),
}


_LEAST_FOR_SEGMENTS = 180
"""Pixels below which choices side by side would wrap line after line."""


def make_control(item: ItemDef, options: Options, room: int | None = None) -> Control:
    """The control for a question, by its kind and the room it has; the one place where kinds become widgets."""
    if item.kind == "code" and not item.by_program:
        short = sum(len(look.first(text)) * (1 if look.language() == "en" else 2) for _, text in options)
        if room is not None and room < _LEAST_FOR_SEGMENTS:
            return ChoiceBox(options, room)
        if 0 < len(options) <= (5 if room is None else 6) and short <= 54:
            from trialdesk.ui.wrapped_segments import WrappedSegments

            return WrappedSegments(options, room)
        return ChoiceBox(options, room or 300)
    if item.kind == "term" and not item.by_program:
        return TermBox(item.usual, room or 420)
    if item.kind == "long_text":
        return AreaBox(room or 480)
    wide = {"integer": 150, "float": 150, "date": 170, "partial_date": 190, "time": 120, "datetime": 210}
    wanted = wide.get(item.kind, 340)
    box = LineBox(None if item.units else item.unit, wanted if room is None else min(room, wanted))
    if item.unit and not item.units:
        box.setFixedWidth(max(box.minimumWidth(), box.textMargins().right() + 104))
    if item.kind in _PLACEHOLDERS:
        box.setPlaceholderText(look.first(_PLACEHOLDERS[item.kind]))
    return box
