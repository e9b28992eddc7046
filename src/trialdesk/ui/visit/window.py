"""A monitor's window at a visit: the plan with its shields, one form at a time, the queries, and handing over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from trialdesk.domain.admin.role import ROLE_WORDS, Role
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.visit_desk import VisitDesk
from trialdesk.ui import look, parts
from trialdesk.ui.frame import RailButton
from trialdesk.ui.visit.form_page import FormPage
from trialdesk.ui.visit.matrix_page import MatrixPage
from trialdesk.ui.visit.queries_page import QueriesPage

PLACES: tuple[tuple[str, Text, str], ...] = (
    ("visits", Text(en="Visits", zh="访视"), "to_verify"),
    ("queries", Text(en="Queries", zh="质疑"), "bubble"),
)
KEYS: dict[str, tuple[tuple[str, Text], ...]] = {
    "visits": (("↑↓←→", Text(en="move", zh="移动")), ("Enter", Text(en="open", zh="打开"))),
    "form": (
        ("V", Text(en="verify", zh="核查")), ("A", Text(en="all", zh="全部")), ("N", Text(en="next to verify", zh="下一项待核查")),
        ("U", Text(en="take back", zh="撤销")), ("Q", Text(en="query", zh="质疑")), ("1–6", Text(en="source", zh="源文件")),
    ),
    "queries": (("Enter", Text(en="drop with the reason", zh="填写原因后撤销")),),
}  # fmt: skip


class VisitWindow(QMainWindow):
    """One pack, one monitor, no network; whatever is done is on the disk before the next key."""

    language_wanted = Signal()

    def __init__(self, visit: VisitDesk) -> None:
        super().__init__()
        self.visit = visit
        self.setWindowTitle(f"TrialDesk  {visit.study.registration}  {look.first(_TITLE)}  {visit.head.visit}")
        self.resize(1366, 768)
        self.matrix = MatrixPage(visit)
        self.form = FormPage(visit)
        self.queries = QueriesPage(visit)
        self.rail: dict[str, RailButton] = {}
        self.stack = QStackedWidget()
        for page in (self.matrix, self.form, self.queries):
            self.stack.addWidget(page)
        self.matrix.opened.connect(self.open_form)
        self.form.left.connect(lambda: self.go("visits"))
        self.form.changed.connect(self._changed)
        self.queries.changed.connect(self._changed)
        self.queries.wanted.connect(self.open_field)
        self._keys = QHBoxLayout()
        self._kept = parts.words("", "small", "ink2")
        self.said = parts.words("", "small", "ok")
        self._lay_out()
        for number, (name, _, _) in enumerate(PLACES, 1):
            QShortcut(QKeySequence(f"Ctrl+{number}"), self).activated.connect(lambda place=name: self.go(place))
        self._say_kept()
        self.go("visits")

    def go(self, place: str) -> None:
        """Open a place."""
        page = {"visits": self.matrix, "form": self.form, "queries": self.queries}[place]
        if place == "queries":
            self.queries.refresh()
        self.stack.setCurrentWidget(page)
        for name, button in self.rail.items():
            button.setChecked(name == ("visits" if place == "form" else place))
        self._show_keys(place)
        if place == "form":
            self.form.sheet.setFocus()
        elif isinstance(page, MatrixPage | QueriesPage):
            page.take_focus()

    def open_form(self, subject: str, form: FormPath) -> None:
        """Open a form."""
        self.go("form")
        self.form.open(subject, form)

    def open_field(self, subject: str, path: ItemPath) -> None:
        """Open a form at one answer."""
        self.open_form(subject, path.form_path)
        self.form.sheet.go_to(path)

    def write_report(self, path: Path) -> None:
        """Write the report of the visit as PDF."""
        from trialdesk.services.visit_report import write_visit_report

        self._try(lambda: write_visit_report(self.visit, path), _REPORTED)

    def hand_over(self, folder: Path) -> None:
        """Write the result for the centre."""
        self._try(lambda: self.visit.finish(folder), _HANDED)

    def _try(self, act: Callable[[], Path], says: Text) -> None:
        try:
            self.said.setText(look.first(says.format(name=act().name)))
            parts.tone(self.said, "ok")
        except KnownError as fault:
            self.said.setText(look.first(fault.text))
            parts.tone(self.said, "hard")

    def _changed(self, subject: str) -> None:
        self.matrix.refresh(subject)
        self._say_kept()

    def _say_kept(self) -> None:
        records = self.visit.log.records
        last = f"{records[-1].local_time:%H:%M:%S}" if records else "–"
        self._kept.setText(look.first(_KEPT.format(n=len(records), at=last)))

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self._strip())
        right.addWidget(self.stack, 1)
        whole = QHBoxLayout()
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._rail())
        whole.addLayout(right, 1)
        foot = QFrame()
        foot.setProperty("plane", "window")
        foot.setFixedHeight(30)
        line = QHBoxLayout(foot)
        line.setContentsMargins(16, 0, 16, 0)
        line.setSpacing(8)
        line.addWidget(parts.icon("check", 15, "ok", "window"))
        line.addWidget(self._kept)
        line.addSpacing(16)
        line.addWidget(self.said)
        line.addStretch(1)
        self._keys.setSpacing(4)
        line.addLayout(self._keys)
        down = QVBoxLayout()
        down.setContentsMargins(0, 0, 0, 0)
        down.setSpacing(0)
        down.addLayout(whole, 1)
        down.addWidget(foot)
        centre = QWidget()
        centre.setLayout(down)
        self.setCentralWidget(centre)

    def _strip(self) -> QWidget:
        head, site = self.visit.head, self.visit.study.sites.get(self.visit.head.site)
        strip = QFrame()
        strip.setFixedHeight(52)
        line = QHBoxLayout(strip)
        line.setContentsMargins(16, 0, 16, 0)
        line.setSpacing(12)
        line.addWidget(parts.words(look.first(_TITLE), "title"))
        where = f"{head.site} {look.first(site)}" if site else head.site
        line.addWidget(parts.words(where, "text", "ink2"))
        line.addWidget(parts.Chip(look.first(_MADE.format(day=head.made[:10])), "info", "inbox"))
        line.addStretch(1)
        report = parts.Button(Text(en="Report…", zh="访视报告…"), "secondary", shape="printer", high=32)
        report.clicked.connect(lambda: self._ask_report())
        give = parts.Button(Text(en="Hand over…", zh="交回中心…"), "primary", shape="transfer", high=32)
        give.clicked.connect(lambda: self._ask_folder())
        line.addWidget(report)
        line.addWidget(give)
        role = parts.words(look.first(ROLE_WORDS[Role.MONITOR]), "small", "ink3")
        line.addWidget(parts.column(parts.words(head.monitor, "strong"), role, gap=0))
        return strip

    def _rail(self) -> QWidget:
        frame = QFrame()
        frame.setProperty("plane", "window")
        frame.setFixedWidth(76)
        down = QVBoxLayout(frame)
        down.setContentsMargins(0, 10, 0, 8)
        down.setSpacing(2)
        down.addWidget(parts.icon("trialdesk", 30, "fill"), 0, Qt.AlignmentFlag.AlignHCenter)
        down.addSpacing(8)
        for name, words, shape in PLACES:
            button = RailButton(name, words, shape)
            button.clicked.connect(lambda _=False, place=name: self.go(place))
            self.rail[name] = button
            down.addWidget(button)
        down.addStretch(1)
        language = RailButton("language", Text(en="中文", zh="English"), "language", checkable=False)
        language.clicked.connect(lambda _=False: self.language_wanted.emit())
        down.addWidget(language)
        return frame

    def _show_keys(self, place: str) -> None:
        parts.empty(self._keys)
        for key, words in KEYS[place]:
            self._keys.addWidget(parts.KeyCap(key))
            self._keys.addWidget(parts.words(look.first(words), "small", "ink2"))
            self._keys.addSpacing(6)

    def _ask_report(self) -> None:
        name = f"{self.visit.head.visit}.pdf"
        path, _ = QFileDialog.getSaveFileName(self, look.first(_REPORT), name, "PDF (*.pdf)")
        if path:
            self.write_report(Path(path))

    def _ask_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, look.first(_FOLDER))
        if folder:
            self.hand_over(Path(folder))


_TITLE = Text(en="Monitoring visit", zh="监查访视")
_MADE = Text(en="data of {day}", zh="数据截至 {day}")
_KEPT = Text(en="Acts kept: {n}, last {at}", zh="已保存 {n} 项操作，最近 {at}")
_REPORT = Text(en="Report of the visit", zh="访视报告")
_FOLDER = Text(en="Stick for the centre", zh="交回中心的 U 盘")
_REPORTED = Text(en="The report is in {name}.", zh="报告已写入 {name}。")
_HANDED = Text(
    en="{name} is written; carry it to the centre. You may go on and hand over again.",
    zh="已写出 {name}，请带回中心。之后仍可继续并再次交回。",
)
