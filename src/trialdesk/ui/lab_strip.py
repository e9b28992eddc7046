"""Above the grid of a laboratory sheet: sampling day and time, whose ranges hold, what waits, and the acts on the whole."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QWidget

from trialdesk.domain.text import Text
from trialdesk.services.laboratory import Sheet
from trialdesk.ui import look, parts

_BY_INVESTIGATOR = Text(en="investigator", zh="需研究者")
_WHY_NOT = Text(
    en="An investigator signs in and calls the rest not clinically significant.",
    zh="须由研究者登录后将其余结果判为无临床意义。",
)


class LabStrip(QWidget):
    """Questions at the left, which flow on where the window is narrow; acts at the right."""

    def __init__(self) -> None:
        super().__init__()
        across = QHBoxLayout(self)
        across.setContentsMargins(28, 6, 16, 6)
        across.setSpacing(12)
        self._facts, self._acts = parts.flow(gap=8), parts.row(gap=8)
        across.addWidget(self._facts, 1)
        across.addWidget(self._acts)
        self._day = parts.words("", "text", "ink2")
        self._place, self._waiting = parts.Chip(""), parts.Chip("")
        self.confirm = parts.Button(Text(en="Confirm all", zh="全部确认"), key="F7", shape="check", high=30)
        self.others = parts.Button(
            Text(en="All others NCS", zh="其余全部 NCS"), key=look.first(_BY_INVESTIGATOR), high=30
        )
        self.take_in = parts.Button(
            Text(en="Paste or import…", zh="粘贴或导入检验单…"), key="Ctrl I", shape="proposed", high=30
        )
        acts = self._acts.layout()
        assert acts is not None
        for act in (self.confirm, self.others, self.take_in):
            acts.addWidget(act)
        # Beside boxes of 34 a chip stands in their middle.
        self._chips = parts.row(self._place, self._waiting, gap=8, margins=(0, 6, 0, 6))

    def take_questions(self, rows: Sequence[QWidget]) -> None:
        """Put the questions of the section in front; without any the sampling day stands there in words."""
        facts = self._facts.layout()
        assert facts is not None
        for kept in (self._day, self._chips):
            kept.setParent(self)
        parts.empty(facts)
        for part in (*rows, self._day, self._chips):
            facts.addWidget(part)
        self._day.setVisible(not rows)

    def allow(self, investigator: bool) -> None:
        """Only an investigator calls the rest not clinically significant."""
        self.others.forbid(None if investigator else _WHY_NOT)

    def show_sheet(self, sheet: Sheet, waiting: int) -> None:
        """Show the laboratory, its list of ranges, and how many values from a file wait."""
        if sheet.day is not None:
            self._day.setText(look.first(Text(en="Sampled {day}", zh="采样 {day}").format(day=sheet.day.isoformat())))
        place = sheet.laboratory
        if place is not None:
            table = Text(en="no range list", zh="无参考范围表")
            if sheet.table is not None:
                table = Text(en="ranges of {day}", zh="范围表 {day}").format(day=sheet.table.valid_from.isoformat()[:7])
            assumed = place.source == "assumption" if sheet.table is None else place.assumed(sheet.table)
            tone = "info" if assumed else "idle"
            said = Text(en="{place}, {table}", zh="{place}，{table}").format(place=place.label, table=table)
            self._place.show_state(look.first(said), tone, "assumption" if tone == "info" else "sheet")
            own = sheet.table.basis if sheet.table is not None else None
            self._place.setToolTip(look.both(own or place.basis))
        waits = Text(en="proposed {n}", zh="导入待确认 {n}").format(n=waiting)
        self._waiting.show_state(look.first(waits), "info", "proposed")
        self._waiting.setVisible(waiting > 0)
        self.confirm.setVisible(waiting > 0)
        unjudged = [row for row in sheet.rows if row.result.flag not in (None, "normal")]
        self.others.setVisible(any(row.result.significance is None for row in unjudged))
