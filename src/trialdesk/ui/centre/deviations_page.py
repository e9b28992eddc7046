"""Protocol deviations: what the rules find in what was recorded, never typed a second time."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from trialdesk.domain.text import Text
from trialdesk.services.centre_view import CentreAtWork
from trialdesk.ui import look, parts
from trialdesk.ui.centre.queries_page import place_words
from trialdesk.ui.centre.table import Cell, Table


class DeviationsPage(QWidget):
    """Read when it is opened: the rules go through every casebook then."""

    def __init__(self, work: CentreAtWork) -> None:
        super().__init__()
        self._work = work
        self.count = parts.words("", "heading")
        self.table = Table(_HEADS, (124, 230, 190, 110, 0, 220))
        head = parts.row(self.count, None, margins=(16, 10, 16, 6))
        down = QVBoxLayout(self)
        down.setContentsMargins(16, 2, 16, 12)
        down.addWidget(parts.plane("card", head, self.table, gap=0, margins=(1, 1, 1, 8)))
        self.refresh()

    def refresh(self) -> None:
        """Let the rules speak again."""
        found = self._work.deviations()
        open_ones = sum(1 for one in found if one.explained is None)
        says = Text(en="{n} deviations, {m} without a reason", zh="方案偏离 {n} 项，其中 {m} 项未说明原因")
        self.count.setText(look.first(says.format(n=len(found), m=open_ones)))
        initials = self._work.lists.initials({one.subject for one in found})
        lines = []
        for one in found:
            place, item = place_words(self._work, one.place)
            why = Cell(look.first(one.explained)) if one.explained else Cell(look.first(_NO_REASON), tone="hard")
            name = Cell(one.subject, initials.get(one.subject, ""), plate=True)
            lines.append([name, Cell(place), Cell(item), Cell(one.rule, tone="ink3"), Cell(look.first(one.says)), why])
        self.table.show_lines(lines)


_NO_REASON = Text(en="no reason given", zh="未说明原因")
_HEADS = (
    Text(en="Participant", zh="受试者"), Text(en="Form and visit", zh="表单与访视"), Text(en="Item", zh="字段"),
    Text(en="Rule", zh="规则"), Text(en="Deviation", zh="偏离"), Text(en="Reason", zh="原因"),
)  # fmt: skip
