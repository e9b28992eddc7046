"""Exports: what is held in the formats others read, into a folder, with what was written and what could not be taken."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.centre_view import CentreAtWork, Export, Progress
from trialdesk.ui import look, parts
from trialdesk.ui.centre.choosers import DayBox, Tick
from trialdesk.ui.centre.page import CentrePage, HeadAct, Keys
from trialdesk.ui.centre.table import Cell, Table

Became = tuple[str, Export | Text]
"""A format, and the files or why there are none."""


class ExportsPage(CentrePage):
    """Formats are ticked with Space; each is written into a folder of its own name."""

    def __init__(self, work: CentreAtWork) -> None:
        super().__init__(work)
        self.became: tuple[Became, ...] = ()
        self.folder: Path | None = None
        across = QHBoxLayout(self)
        across.setContentsMargins(16, 2, 16, 12)
        across.setSpacing(12)
        self.boxes: dict[str, Tick] = {}
        lines: list[QWidget] = []
        for kind, (name, about) in FORMATS.items():
            box = Tick(name, "strong")
            box.setAccessibleDescription(look.both(about))
            self.boxes[kind] = box
            says = parts.words(look.first(about), "small", "ink3", wrap=True)
            says.setContentsMargins(26, 0, 0, 0)
            lines.append(parts.column(box, says, gap=0))
        until = Text(en="Only what was recorded up to", zh="仅含以下日期（含）之前的记录")
        self.until = Tick(until)
        self.cut = DayBox(work.now().date(), until)
        self.cut.setEnabled(False)
        self.until.toggled.connect(self.cut.setEnabled)
        self.said = parts.words("", "small", "hard", wrap=True)
        left = parts.plane(
            "card", parts.bilingual(Text(en="Formats", zh="格式"), "heading"), *lines, 4, self.until,
            parts.row(self.cut, None), None, self.said, gap=8,
        )  # fmt: skip
        left.setFixedWidth(356)
        across.addWidget(left)
        right = QVBoxLayout()
        right.setSpacing(12)
        self.title = parts.words(look.first(_NOTHING), "heading", wrap=True)
        self.open_it = parts.Button(Text(en="Open the folder", zh="打开文件夹"), "quiet", high=30)
        self.open_it.clicked.connect(lambda _=False: QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.folder))))
        self.open_it.hide()
        self.files = Table(_FILE_HEADS, (150, 0, 110), high=34).say_when_empty(_FILES_LATER)
        head = parts.row(self.title, self.open_it, margins=(16, 8, 12, 6))
        head.layout().setStretch(0, 1)  # type: ignore[union-attr]
        right.addWidget(self.busy)
        right.addWidget(parts.plane("card", head, self.files, gap=0, margins=(1, 1, 1, 8)), 3)
        self.gap_title = parts.words(look.first(_GAPS), "heading")
        self.gaps = Table(_GAP_HEADS, (150, 80, 120, 0), high=34).say_when_empty(_GAPS_LATER)
        gap_head = parts.row(self.gap_title, None, margins=(16, 8, 12, 6))
        right.addWidget(parts.plane("card", gap_head, self.gaps, gap=0, margins=(1, 1, 1, 8)), 4)
        across.addLayout(right, 1)
        self.table = self.files

    def acts(self) -> tuple[HeadAct, ...]:
        return (
            HeadAct(Text(en="Write into a folder…", zh="写入文件夹…"), self._ask_where, "above", "primary", "Ctrl+S"),
        )

    def key_hints(self) -> Keys:
        return (
            ("Tab", Text(en="next", zh="下一项")), ("Space", Text(en="tick a format", zh="勾选格式")),
            ("Ctrl S", Text(en="write", zh="写入")),
        )  # fmt: skip

    def take_focus(self) -> None:
        next(iter(self.boxes.values())).setFocus()

    def chosen(self) -> tuple[str, ...]:
        """The formats ticked."""
        return tuple(kind for kind, box in self.boxes.items() if box.isChecked())

    def _ask_where(self) -> None:
        if not self.chosen():
            self.said.setText(look.first(_TICK))
            return
        folder = QFileDialog.getExistingDirectory(self, look.first(Text(en="Folder", zh="文件夹")))
        if folder:
            self.write(Path(folder))

    def write(self, folder: Path) -> None:
        """Write the formats ticked; a format that cannot be written is named and does not stop the next."""
        kinds = self.chosen()
        cut = self.cut.day() if self.until.isChecked() else None
        self.said.setText("")
        self.folder = folder

        def work(told: Progress) -> tuple[Became, ...]:
            became: list[Became] = []
            for at, kind in enumerate(kinds):
                try:
                    became.append((kind, self.work.export(kind, folder / kind, cut, _part(told, at, len(kinds)))))
                except KnownError as fault:
                    became.append((kind, fault.text))
            return tuple(became)

        self.busy.run(_WRITING, work, self._done, left=lambda: self.said.setText(look.first(_LEFT)))

    def _done(self, became: tuple[Became, ...]) -> None:
        self.became = became
        made = [one for _, one in became if isinstance(one, Export)]
        people = max((one.participants for one in made), default=0)
        says = Text(
            en="{n} files of {p} participants written into {folder}",
            zh="已写入 {n} 个文件（受试者 {p} 名）：{folder}",
        ).format(n=sum(len(one.files) for one in made), p=people, folder=self.folder)  # fmt: skip
        self.title.setText(look.first(says))
        self.open_it.setVisible(bool(made))
        lines = []
        for kind, one in became:
            name = look.first(FORMATS[kind][0])
            if isinstance(one, Text):
                lines.append([Cell(name, strong=True), Cell(look.first(one), tone="hard"), Cell("")])
                continue
            lines += [[Cell(name), Cell(path.name, tone="ink"), Cell(_size(path), tone="ink3")] for path in one.files]
        self.files.show_lines(lines)
        gaps = [
            [Cell(look.first(FORMATS[one.kind][0])), Cell(gap.where), Cell(gap.what, strong=True), Cell(look.first(gap.why))]
            for one in made
            for gap in one.gaps
        ]  # fmt: skip
        self.gaps.show_lines(gaps)
        self.gap_title.setText(look.first(_GAP_COUNT.format(n=len(gaps))))


def _part(told: Progress, at: int, of: int) -> Progress:
    """The progress of one format among several."""

    def say(step: int, total: int) -> None:
        told(at * total + step, of * total)

    return say


def _size(path: Path) -> str:
    size = path.stat().st_size
    return f"{size / 1024:,.0f} KB" if size < 1024 * 1024 else f"{size / 1024 / 1024:,.1f} MB"


FORMATS: dict[str, tuple[Text, Text]] = {
    "odm": (Text(en="ODM snapshot", zh="ODM 快照"), Text(en="CDISC ODM 1.3.2: metadata and what stands", zh="CDISC ODM 1.3.2：元数据与现行数据")),
    "odm-transactional": (Text(en="ODM transactional", zh="ODM 全记录"), Text(en="Every record with its audit trail, signatures and queries", zh="全部记录，含稽查轨迹、签名与质疑")),
    "odm-flat": (Text(en="ODM without repeating sections", zh="ODM（无重复分节）"), Text(en="For readers such as OpenEDC that show only the last row of a section", zh="供 OpenEDC 等仅显示分节末行的软件读取")),
    "csv": (Text(en="CSV", zh="CSV"), Text(en="One file a form, and a codebook in both languages", zh="每张表单一个文件，附双语编码本")),
    "xlsx": (Text(en="Excel", zh="Excel"), Text(en="One workbook, one sheet a form", zh="一个工作簿，每张表单一页")),
    "json": (Text(en="Dataset-JSON", zh="Dataset-JSON"), Text(en="CDISC Dataset-JSON 1.1, one file a form", zh="CDISC Dataset-JSON 1.1，每张表单一个文件")),
    "xpt": (Text(en="SAS transport", zh="SAS XPT"), Text(en="SAS XPT version 5; what it cuts is listed", zh="SAS XPT 第 5 版，截断内容另行列出")),
    "sdtm": (Text(en="SDTM and define.xml", zh="SDTM 与 define.xml"), Text(en="Tabulation datasets with define.xml 2.1", zh="SDTM 数据集与 define.xml 2.1")),
}  # fmt: skip
_FILE_HEADS = (Text(en="Format", zh="格式"), Text(en="File", zh="文件"), Text(en="Size", zh="大小"))
_GAP_HEADS = (
    Text(en="Format", zh="格式"), Text(en="Table", zh="数据集"), Text(en="Variable", zh="变量"), Text(en="Why", zh="原因"),
)  # fmt: skip
_NOTHING = Text(
    en="Nothing written yet. Tick the formats and choose a folder.", zh="尚未导出。请勾选格式并选择文件夹。"
)
_FILES_LATER = Text(en="Every file is listed here once it is written.", zh="写出的文件在此列出。")
_GAPS_LATER = Text(
    en="What a format leaves out or cannot hold is listed here, with the reason.",
    zh="各格式未导出或无法容纳的内容及原因在此列出。",
)
_GAPS = Text(en="What could not be filled or taken", zh="未能填写或转换的内容")
_GAP_COUNT = Text(en="What could not be filled or taken: {n}", zh="未能填写或转换的内容：{n} 项")
_TICK = Text(en="Tick at least one format.", zh="请至少勾选一种格式。")
_WRITING = Text(en="Writing, participant", zh="正在写出，受试者")
_LEFT = Text(en="Left off. Files written before stay in the folder.", zh="已停止，此前写出的文件保留在文件夹中。")
