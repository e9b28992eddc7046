"""A participant's time on paper: lanes on one axis of days, every mark again in a table; shapes read without colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from trialdesk.documents.binding import bind
from trialdesk.documents.content import CrfTable
from trialdesk.documents.paper import BODY, MARGIN, About, Frame, Paper
from trialdesk.documents.tables import table, title
from trialdesk.documents.wrapping import GREY, Style, flow
from trialdesk.domain.text import Text

_NAMES = 92.0
_ROW = 13.0


@dataclass(frozen=True)
class PaperMark:
    """One mark: its lane, its row's name, first and last day, and whether it is still to come or still goes on."""

    lane: Text
    label: Text
    start: date
    end: date
    planned: bool
    goes_on: bool
    says: Text


def render_timeline(frame: Frame, about: About, marks: Sequence[PaperMark], first: date, last: date) -> bytes:
    """The strip and its table as PDF/A-3b."""
    from trialdesk.documents.archival import judged

    paper = Paper()
    paper.section(frame)
    paper.begin("Sect")
    lanes: dict[Text, dict[Text, list[PaperMark]]] = {}
    for mark in marks:
        lanes.setdefault(mark.lane, {}).setdefault(mark.label, []).append(mark)
    scale = (BODY - _NAMES) / max(1, (last - first).days + 1)
    for lane, rows in lanes.items():
        title(paper, lane, bookmark=0)
        for label, some in rows.items():
            paper.need(_ROW + 4)
            _row(paper, label, some, first, scale)
        _axis(paper, first, last, scale)
        paper.y -= 16
    heads = (Text(en="Lane", zh="类别"), Text(en="Days", zh="日期"), Text(en="What", zh="内容"))
    cells = tuple((m.lane.zh, _days(m), f"{m.says.zh}\n{m.says.en}") for m in sorted(marks, key=lambda m: m.start))
    table(
        paper, CrfTable(Text(en="Every mark in words", zh="逐项说明"), heads, cells, weights=(12, 26, 62)), bookmark=0
    )
    paper.end()
    paper.finish()
    return judged(bind(paper, about))


def _days(mark: PaperMark) -> str:
    words = mark.start.isoformat()
    if mark.goes_on:
        return f"{words} 起 on"
    return words if mark.end == mark.start else f"{words}～{mark.end.isoformat()}"


def _row(paper: Paper, label: Text, marks: Sequence[PaperMark], first: date, scale: float) -> None:
    middle = paper.y - _ROW / 2
    words = flow([(label.zh, Style(7)), (f" {label.en}", Style(5.5, GREY, english=True))], _NAMES - 4)[:1]
    paper.say(words, MARGIN + 3, paper.y - 1)
    for mark in marks:
        left = MARGIN + _NAMES + (mark.start - first).days * scale
        right = MARGIN + _NAMES + ((mark.end - first).days + 1) * scale
        paint = "0.09 0.13 0.17 RG 0.09 0.13 0.17 rg 0.8 w"
        if mark.end == mark.start:
            x, r = (left + right) / 2, 3.2
            path = f"{x:.1f} {middle + r:.1f} m {x + r:.1f} {middle:.1f} l {x:.1f} {middle - r:.1f} l {x - r:.1f} {middle:.1f} l h"
        else:
            path = f"{left:.1f} {middle - 2.6:.1f} {max(right - left, 2):.1f} 5.2 re"
        dash = "[2 1.5] 0 d" if mark.planned else ""
        paper.graphic(f"{paint} {dash} {path} {'S' if mark.planned else 'B'}")
        if mark.goes_on:
            paper.graphic(
                f"{paint} {right:.1f} {middle + 3:.1f} m {right + 4:.1f} {middle:.1f} l {right:.1f} {middle - 3:.1f} l S"
            )
    paper.y -= _ROW
    paper.rule(paper.y)


def _axis(paper: Paper, first: date, last: date, scale: float) -> None:
    """A tick at every first of a month that fits, with its month."""
    day, drawn = date(first.year, first.month, 1), -100.0
    while day <= last:
        x = MARGIN + _NAMES + (day - first).days * scale
        if x >= MARGIN + _NAMES and x - drawn > 34:
            paper.graphic(f"0.5 w 0.37 0.42 0.47 RG {x:.1f} {paper.y:.1f} m {x:.1f} {paper.y - 4:.1f} l S")
            paper.artifact(day.strftime("%Y-%m"), x + 2, paper.y - 9, Style(6.5, GREY))
            drawn = x
        day = (day + timedelta(days=32)).replace(day=1)
