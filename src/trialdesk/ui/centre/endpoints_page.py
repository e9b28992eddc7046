"""The endpoints at a data cut: curves with numbers at risk, tables with their definitions, one act for the signed report."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QDateEdit, QFileDialog, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.centre_view import CentreAtWork, Counted, CountedTable
from trialdesk.ui import look, parts
from trialdesk.ui.centre.page import CentrePage

_NAMES = {
    "os": Text(en="OS", zh="总生存 OS"),
    "dfs": Text(en="DFS", zh="无病生存 DFS"),
    "nrm": Text(en="NRM", zh="非复发死亡 NRM"),
    "swimmer": Text(en="Courses", zh="病程图"),
}


class EndpointsPage(CentrePage):
    """What the protocol asks, counted from what is held."""

    def __init__(self, work: CentreAtWork, cut: date | None = None) -> None:
        super().__init__(work)
        self._work = work
        self._counted: Counted | None = None
        day = cut or work.now().date()
        self.cut = QDateEdit(QDate(day.year, day.month, day.day))
        self.cut.setDisplayFormat("yyyy-MM-dd")
        self.cut.setCalendarPopup(True)
        count = parts.Button(Text(en="Count", zh="计算"), "primary")
        count.clicked.connect(self.refresh)
        self.save = parts.Button(Text(en="Signed report…", zh="签名报告…"), shape="printer")
        self.save.clicked.connect(self._ask_where)
        self.about = parts.words("", "text", "ink2")
        self.buttons: dict[str, parts.Button] = {}
        self._choices = QHBoxLayout()
        self._choices.setSpacing(6)
        choices = QWidget()
        choices.setLayout(self._choices)
        cut_words = parts.words(look.first(Text(en="Data cut", zh="数据截止")), "small", "ink2")
        head = parts.row(cut_words, self.cut, count, 12, choices, None, self.about, self.save)
        self.picture = QLabel()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._tables = QVBoxLayout()
        self._tables.setContentsMargins(0, 0, 0, 0)
        self._tables.setSpacing(12)
        inner = QWidget()
        inner.setLayout(self._tables)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(inner)
        area.setFixedWidth(620)
        down = QVBoxLayout(self)
        down.setContentsMargins(16, 2, 16, 12)
        down.setSpacing(10)
        down.addWidget(head)
        across = QHBoxLayout()
        across.setSpacing(14)
        # Pictures are drawn for paper, so their ground stays light in the dark scheme too.
        self._paper = parts.plane("card", self.picture)
        across.addWidget(self._paper, 1)
        across.addWidget(area)
        down.addLayout(across, 1)
        self.refresh()

    def refresh(self) -> None:
        """Count again at the cut as it stands."""
        parts.empty(self._tables)
        parts.empty(self._choices)
        self.buttons = {}
        try:
            self._counted = self._work.counted(self.cut.date().toPython())  # type: ignore[arg-type]
        except (KnownError, ImportError) as fault:
            says = fault.text if isinstance(fault, KnownError) else _NO_STATISTICS
            self.about.setText("")
            self._tables.addWidget(parts.words(look.first(says), "text", "hard", wrap=True))
            return
        self.about.setText(look.first(Text(en="{n} enrolled", zh="入组 {n} 例").format(n=self._counted.participants)))
        for name, content in self._counted.pictures:
            button = parts.Button(_NAMES.get(name, Text(en=name, zh=name)))
            button.clicked.connect(lambda _=False, shown=content: self._show(shown))
            self.buttons[name] = button
            self._choices.addWidget(button)
        chosen = dict(self._counted.pictures)
        if chosen:
            self._show(chosen.get("os", next(iter(chosen.values()))))
        for table in self._counted.tables:
            self._tables.addWidget(_card(table))
        self._tables.addStretch(1)

    def _show(self, content: bytes) -> None:
        picture = QPixmap()
        picture.loadFromData(content)
        smooth = Qt.TransformationMode.SmoothTransformation
        self.picture.setPixmap(picture.scaled(570, 520, Qt.AspectRatioMode.KeepAspectRatio, smooth))

    def _ask_where(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, look.first(Text(en="Folder", zh="文件夹")))
        if folder:
            made = self._work.report(self.cut.date().toPython(), Path(folder))  # type: ignore[arg-type]
            self.about.setText(str(made))


def _card(table: CountedTable) -> QWidget:
    from PySide6.QtWidgets import QGridLayout

    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(5)
    for column, head in enumerate(table.heads):
        grid.addWidget(parts.words(look.first(head), "small", "ink3", wrap=True), 0, column)
        grid.setColumnStretch(column, 3 if column < len(table.heads) - 3 or column == 0 else 2)
    for line, cells in enumerate(table.rows, start=1):
        for column, cell in enumerate(cells):
            grid.addWidget(parts.words(cell, "strong" if column == 0 else "text", wrap=True), line, column)
    body = QWidget()
    body.setLayout(grid)
    notes = [parts.words(look.first(note), "small", "ink3", wrap=True) for note in table.notes]
    return parts.plane("card", parts.words(look.first(table.title), "heading", wrap=True), body, *notes, gap=6)


_NO_STATISTICS = Text(
    en="The statistics are not installed here. Set the centre up with: python3 run.py setup --analysis",
    zh="此处未安装统计组件。请运行：python3 run.py setup --analysis",
)
