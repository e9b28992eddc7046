"""Protocol deviations: what the rules find in what was recorded, never typed a second time."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout

from trialdesk.domain.oid import ItemPath
from trialdesk.domain.text import Text
from trialdesk.services.centre_view import CentreAtWork, Deviation
from trialdesk.ui import look, parts
from trialdesk.ui.boxes import Combo
from trialdesk.ui.centre.page import CentrePage, HeadAct, Keys
from trialdesk.ui.centre.place_words import place_words
from trialdesk.ui.centre.table import Cell, Table


class DeviationsPage(CentrePage):
    """The rules go through every casebook when it is opened and when it is asked, off the window's thread."""

    def __init__(self, work: CentreAtWork) -> None:
        super().__init__(work)
        self.found: tuple[Deviation, ...] = ()
        self.shown: list[Deviation] = []
        self.count = parts.words("", "heading")
        self.site = Combo()
        self.site.setFixedWidth(180)
        self.site.addItem(look.first(Text(en="All sites", zh="全部中心")), None)
        for name in work.lists.sites():
            self.site.addItem(name, name)
        self.which = Combo()
        self.which.setFixedWidth(180)
        for words, kept in (
            (Text(en="With and without reason", zh="全部偏离"), None), (Text(en="Without a reason", zh="未说明原因"), False),
            (Text(en="With a reason", zh="已说明原因"), True),
        ):  # fmt: skip
            self.which.addItem(look.first(words), kept)
        for box in (self.site, self.which):
            box.currentIndexChanged.connect(lambda _: self._show())
        self.table = Table(_HEADS, (124, 230, 190, 110, 0, 220)).say_when_empty(_NONE)
        self.table.opened.connect(self._open)
        head = parts.row(self.count, 12, self.busy, None, self.which, self.site, margins=(16, 10, 16, 6))
        down = QVBoxLayout(self)
        down.setContentsMargins(16, 2, 16, 12)
        down.addWidget(parts.plane("card", head, self.table, gap=0, margins=(1, 1, 1, 8)))
        self.refresh()

    def acts(self) -> tuple[HeadAct, ...]:
        return (HeadAct(Text(en="Look again", zh="重新核查"), self.refresh, "search", key="F5"),)

    def key_hints(self) -> Keys:
        return (("F5", Text(en="look again", zh="重新核查")), ("Enter", Text(en="open at the field", zh="打开到该格")))

    def refresh(self) -> None:
        """Let the rules speak again."""
        self.busy.run(_LOOKING, self.work.deviations, self._done, left=lambda: self.count.setText(look.first(_LEFT)))

    def _done(self, found: tuple[Deviation, ...]) -> None:
        self.found = found
        self._show()

    def _show(self) -> None:
        site, kept = self.site.currentData(), self.which.currentData()
        self.shown = [
            one
            for one in self.found
            if (site is None or one.site == site) and (kept is None or (one.explained is not None) == kept)
        ]
        open_ones = sum(1 for one in self.shown if one.explained is None)
        says = Text(en="{n} deviations, {m} without a reason", zh="方案偏离 {n} 项，其中 {m} 项未说明原因")
        self.count.setText(look.first(says.format(n=len(self.shown), m=open_ones)))
        initials = self.work.lists.initials({one.subject for one in self.shown})
        self.table.show_lines([self._cells(one, initials) for one in self.shown])

    def _cells(self, one: Deviation, initials: dict[str, str]) -> list[Cell]:
        place, item = place_words(self.work.study, ItemPath.parse(one.place))
        why = Cell(look.first(one.explained)) if one.explained else Cell(look.first(_NO_REASON), tone="hard")
        name = Cell(one.subject, initials.get(one.subject, ""), plate=True)
        return [name, Cell(place), Cell(item), Cell(one.rule, tone="ink3"), Cell(look.first(one.says)), why]

    def _open(self, row: int) -> None:
        self.record_wanted.emit(self.shown[row].subject, ItemPath.parse(self.shown[row].place))


_LOOKING = Text(en="The rules read every casebook", zh="正在逐份核查病例")
_LEFT = Text(en="Left off. Press F5 to look again.", zh="已停止。按 F5 重新核查。")
_NONE = Text(en="No deviation meets the filters.", zh="没有符合筛选条件的方案偏离。")
_NO_REASON = Text(en="no reason given", zh="未说明原因")
_HEADS = (
    Text(en="Participant", zh="受试者"), Text(en="Form and visit", zh="表单与访视"), Text(en="Item", zh="字段"),
    Text(en="Rule", zh="规则"), Text(en="Deviation", zh="偏离"), Text(en="Reason", zh="原因"),
)  # fmt: skip
