"""What came from whom, up to where; numbers that never came; bundles set aside; and taking in the next stick."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from trialdesk.domain.admin.role import Act, may
from trialdesk.domain.text import Text
from trialdesk.services.centre_view import CentreAtWork, HeldTrail
from trialdesk.ui import look, parts
from trialdesk.ui.centre.enrolment_curve import EnrolmentCurve
from trialdesk.ui.centre.page import CentrePage, HeadAct, Keys
from trialdesk.ui.centre.table import Cell, Table


class IntakePage(CentrePage):
    """Where a data manager's day begins."""

    def __init__(self, work: CentreAtWork) -> None:
        super().__init__(work)
        self.told: list[tuple[str, bool, Text]] = []
        across = QHBoxLayout(self)
        across.setContentsMargins(16, 2, 16, 12)
        across.setSpacing(14)
        self.table = Table(_HEADS, (90, 130, 150, 110, 110, 0)).say_when_empty(_NOBODY)
        head = parts.row(parts.words(look.first(_TITLE), "heading"), None, self.busy, margins=(16, 10, 16, 6))
        across.addWidget(parts.plane("card", head, self.table, gap=0, margins=(1, 1, 1, 8)), 1)
        right = QVBoxLayout()
        right.setSpacing(12)
        self.curve = EnrolmentCurve(work.study.planned_subjects)
        curve_head = parts.bilingual(Text(en="Enrolment", zh="入组曲线"), "heading")
        right.addWidget(parts.plane("card", curve_head, self.curve, gap=6))
        self._beside = QVBoxLayout()
        self._beside.setSpacing(8)
        told = QWidget()
        told.setLayout(self._beside)
        right.addWidget(parts.plane("card", told), 0)
        right.addStretch(1)
        side = QWidget()
        side.setLayout(right)
        right.setContentsMargins(0, 0, 0, 0)
        side.setFixedWidth(400)
        across.addWidget(side)
        self.refresh()

    def refresh(self) -> None:
        """Read again what is held."""
        self.table.show_lines([self._cells(one) for one in self.work.held()])
        self.curve.show_days([(day, count) for day, _, count in self.work.lists.enrolment()])
        parts.empty(self._beside)
        for name, fine, says in self.told:
            self._say(name, fine, says)
        aside = self.work.set_aside()
        self._beside.addWidget(parts.bilingual(Text(en="Set aside", zh="已隔离的数据包"), "heading"))
        if not aside:
            self._beside.addWidget(parts.words(look.first(_NOTHING_ASIDE), "text", "ink3", wrap=True))
        for origin, number, at, why in aside[:6]:
            title = parts.row(parts.icon("hard", 16, "hard"), parts.words(f"{origin} {number}", "strong"), None, parts.words(at[:10], "small", "ink3"))  # fmt: skip
            self._beside.addWidget(parts.plane("hard", title, parts.words(look.first(why), "small", wrap=True), gap=4))

    def take_in(self, bundles: list[Path]) -> None:
        """Take bundles in and say what became of each."""
        self.busy.run(_TAKING, lambda told: self.work.receive(bundles, told), self._taken, left=self._left)

    def write_receipts(self, folder: Path) -> None:
        """Write every workstation a receipt, and say how many."""
        count = self.work.write_receipts(folder)
        self.told = [(folder.name, True, _WRITTEN.format(n=count))]
        self.refresh()

    def acts(self) -> tuple[HeadAct, ...]:
        if not may(self.work.user.role, Act.RECEIVE):
            return ()
        return (
            HeadAct(Text(en="Write receipts…", zh="写出回执…"), self._ask_receipts, "transfer", key="Ctrl+R"),
            HeadAct(Text(en="Take in bundles…", zh="接收数据包…"), self._ask_bundles, "inbox", "primary", "Ctrl+O"),
        )

    def key_hints(self) -> Keys:
        return (("Ctrl 1–9", Text(en="places", zh="切换页面")), ("Ctrl K", Text(en="find", zh="查找")))

    def _taken(self, told: tuple[tuple[str, bool, Text], ...]) -> None:
        self.told = list(told)
        self.refresh()
        self.changed.emit()

    def _left(self) -> None:
        self.told = [("", False, _LEFT)]
        self.refresh()
        self.changed.emit()

    def _say(self, name: str, fine: bool, says: Text) -> None:
        shape, tone = ("check", "ok") if fine else ("hard", "hard")
        title = parts.row(parts.icon(shape, 16, tone), parts.words(name, "strong"), None)
        self._beside.addWidget(parts.plane("sunken", title, parts.words(look.first(says), "small", wrap=True), gap=4))

    def _ask_bundles(self) -> None:
        chosen, _ = QFileDialog.getOpenFileNames(self, look.first(_BUNDLES), "", "TrialDesk (*.tdb)")
        if chosen:
            self.take_in([Path(name) for name in chosen])

    def _ask_receipts(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, look.first(_RECEIPTS))
        if folder:
            self.write_receipts(Path(folder))

    def _cells(self, one: HeldTrail) -> list[Cell]:
        missing = ", ".join(map(str, one.never_came[:6]))
        gap = look.first(_GAPS.format(numbers=missing)) if missing else look.first(_NO_GAPS)
        return [
            Cell(one.site, strong=True),
            Cell(one.origin),
            Cell(look.first(Text(en="1 to {n}", zh="1 至 {n}").format(n=f"{one.records:,}"))),
            Cell(str(one.bundle)),
            Cell(str(one.subjects)),
            Cell(one.received[:16].replace("T", " "), gap, tone="ink"),
        ]


_BUNDLES = Text(en="Bundles", zh="数据包")
_RECEIPTS = Text(en="Folder for the receipts", zh="回执文件夹")
_NOBODY = Text(
    en="No workstation has sent yet. Take in the first bundle with Ctrl+O.",
    zh="尚无工作站送达数据。按 Ctrl+O 接收第一份数据包。",
)
_TAKING = Text(en="Taking in", zh="正在接收")
_WRITTEN = Text(en="{n} receipts written. Give them back to the sites.", zh="已写出 {n} 份回执，请交还各研究中心。")
_LEFT = Text(en="Left off. What was taken in before stays.", zh="已停止。此前接收的内容保留。")
_TITLE = Text(en="Workstations", zh="工作站")
_HEADS = (
    Text(en="Site", zh="中心"), Text(en="Workstation", zh="工作站"), Text(en="Records held", zh="已有记录"),
    Text(en="Last bundle", zh="末号数据包"), Text(en="Participants", zh="受试者"), Text(en="Received (UTC)", zh="接收时间（UTC）"),
)  # fmt: skip
_GAPS = Text(
    en="Bundles {numbers} never came; a later one repeated their records",
    zh="第 {numbers} 号数据包未到达，其记录已由之后的数据包补全",
)
_NO_GAPS = Text(en="no gap", zh="无缺号")
_NOTHING_ASIDE = Text(en="Nothing contradicts what is held.", zh="没有与已有数据矛盾的数据包。")
