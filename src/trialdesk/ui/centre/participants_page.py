"""Completeness: participants down, visits across; each field says how far the visit's forms are."""

from __future__ import annotations

from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QVBoxLayout

from trialdesk.domain.text import Text
from trialdesk.services.centre_view import CentreAtWork
from trialdesk.ui import look, parts
from trialdesk.ui.boxes import Combo
from trialdesk.ui.centre.page import CentrePage, Keys
from trialdesk.ui.centre.table import Cell, Table

PAGE = 200
_SHAPES = {
    "empty": ("·", "ink3"), "draft": ("◐", "warn"), "complete": ("●", "info"), "signed": ("✓", "ok"),
    "changed": ("↻", "hard"), "locked": ("■", "ok"),
}  # fmt: skip
_WORST = ("changed", "draft", "empty", "complete", "signed", "locked")


class ParticipantsPage(CentrePage):
    """Two hundred participants at a time, of all sites or of one."""

    def __init__(self, work: CentreAtWork) -> None:
        super().__init__(work)
        self._events = [event for event in work.study.events if event.kind == "scheduled"]
        logs = [event for event in work.study.events if event.kind != "scheduled"]
        self._logs = {event.oid for event in logs}
        heads = [
            Text(en="Participant", zh="受试者"),
            *(event.short for event in self._events),
            Text(en="Other", zh="其他"),
        ]
        heads.append(Text(en="Queries", zh="质疑"))
        letters = QFontMetricsF(look.font("small"))
        wide = [max(64, int(letters.horizontalAdvance(look.first(head))) + 22) for head in heads[1:-1]]
        self.table = Table(heads, (124, *wide, 0), high=36).say_when_empty(_NOBODY)
        self.table.opened.connect(lambda row: self.record_wanted.emit(self.table.lines.lines[row][0].text, None))
        down = QVBoxLayout(self)
        down.setContentsMargins(16, 2, 16, 12)
        self.site = Combo()
        self.site.setFixedWidth(200)
        self.site.addItem(look.first(Text(en="All sites", zh="全部中心")), None)
        for name in work.lists.sites():
            said = work.study.sites.get(name)
            self.site.addItem(f"{name} {look.first(said)}" if said else name, name)
        self.site.currentIndexChanged.connect(lambda _: self.refresh())
        legend = "   ".join(
            f"{shape} {look.first(_WORDS[state])}" for state, (shape, _) in _SHAPES.items() if state != "empty"
        )
        self.count = parts.words("", "heading")
        head = parts.row(self.count, 12, parts.words(legend, "small", "ink2"), None, self.site, margins=(16, 10, 16, 6))
        down.addWidget(parts.plane("card", head, self.table, gap=0, margins=(1, 1, 1, 8)))
        self.refresh()

    def key_hints(self) -> Keys:
        return (("↑ ↓", Text(en="choose", zh="选择")), ("Enter", Text(en="open the answers", zh="查看答案")))

    def refresh(self) -> None:
        """Read the forms again."""
        people = self.work.lists.subjects(self.site.currentData(), PAGE)
        self.count.setText(look.first(Text(en="{n} participants", zh="受试者 {n} 名").format(n=len(people))))
        held: dict[tuple[str, str], list[str]] = {}
        queries: dict[str, int] = {}
        for subject, event, _, _, state, asked in self.work.lists.forms_of([one.subject for one in people]):
            place = "other" if event in self._logs else event
            held.setdefault((subject, place), []).append(state)
            queries[subject] = queries.get(subject, 0) + asked
        lines = []
        for one in people:
            cells = [Cell(one.subject, one.initials, plate=True)]
            cells += [_cell(held.get((one.subject, event.oid), [])) for event in self._events]
            cells.append(_cell(held.get((one.subject, "other"), [])))
            count = queries.get(one.subject, 0)
            cells.append(Cell(str(count) if count else "", tone="query", strong=True))
            lines.append(cells)
        self.table.show_lines(lines)


def _cell(states: list[str]) -> Cell:
    """The least finished form speaks for the visit, with how many of its forms are finished."""
    if not states:
        return Cell("·", tone="ink3")
    worst = min(states, key=_WORST.index)
    shape, tone = _SHAPES[worst]
    done = sum(1 for state in states if state in ("complete", "signed", "locked"))
    count = str(done) if done == len(states) else f"{done}/{len(states)}"
    return Cell(f"{shape}{count}", tone=tone)


_NOBODY = Text(en="Nobody is held here yet.", zh="尚无受试者数据。")
_WORDS = {
    "draft": Text(en="draft", zh="草稿"), "complete": Text(en="complete", zh="已完成"), "signed": Text(en="signed", zh="已签名"),
    "changed": Text(en="changed since signed", zh="签名后有更改"), "locked": Text(en="locked", zh="已锁定"),
}  # fmt: skip
