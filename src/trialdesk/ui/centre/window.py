"""The coordinating centre's window: what came, who is how far, queries, data, deviations, endpoints."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from trialdesk.domain.admin.role import ROLE_WORDS
from trialdesk.domain.text import Text
from trialdesk.services.centre_view import CentreAtWork
from trialdesk.ui import look, parts
from trialdesk.ui.centre.data_page import DataPage
from trialdesk.ui.centre.deviations_page import DeviationsPage
from trialdesk.ui.centre.endpoints_page import EndpointsPage
from trialdesk.ui.centre.intake_page import IntakePage
from trialdesk.ui.centre.monitoring_page import MonitoringPage
from trialdesk.ui.centre.participants_page import ParticipantsPage
from trialdesk.ui.centre.queries_page import QueriesPage
from trialdesk.ui.centre.table import Table
from trialdesk.ui.frame import RailButton

PLACES: tuple[tuple[str, Text, str, Text], ...] = (
    ("intake", Text(en="Intake", zh="接收"), "inbox", Text(en="Bundles received", zh="接收")),
    ("subjects", Text(en="Participants", zh="受试者"), "people", Text(en="Completeness", zh="受试者完整性")),
    ("queries", Text(en="Queries", zh="质疑"), "bubble", Text(en="Queries, all sites", zh="质疑")),
    ("data", Text(en="Data", zh="数据"), "sheet", Text(en="Data browser", zh="数据浏览")),
    ("monitoring", Text(en="Monitoring", zh="监查"), "verified", Text(en="Monitoring", zh="监查")),
    ("deviations", Text(en="Deviations", zh="方案偏离"), "flag", Text(en="Protocol deviations", zh="方案偏离")),
    ("endpoints", Text(en="Endpoints", zh="终点"), "curve", Text(en="Endpoints", zh="终点")),
)


class CentreWindow(QMainWindow):
    """One person at the centre; pages are made when they are first opened."""

    language_wanted = Signal()

    def __init__(self, work: CentreAtWork) -> None:
        super().__init__()
        self.work = work
        self.pages: dict[str, QWidget] = {}
        self.setWindowTitle(f"TrialDesk  {work.study.registration}  {look.first(_CENTRE)}")
        self.resize(1366, 768)
        work.refresh()
        self.rail: dict[str, RailButton] = {}
        self._stack = QStackedWidget()
        self._head = QHBoxLayout()
        self._head.setContentsMargins(16, 0, 16, 0)
        self._head.setSpacing(12)
        strip = QFrame()
        strip.setFixedHeight(52)
        strip.setLayout(self._head)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(strip)
        right.addWidget(self._stack, 1)
        whole = QHBoxLayout()
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._rail())
        whole.addLayout(right, 1)
        down = QVBoxLayout()
        down.setContentsMargins(0, 0, 0, 0)
        down.setSpacing(0)
        down.addLayout(whole, 1)
        self.status = QHBoxLayout()
        foot = QFrame()
        foot.setProperty("plane", "window")
        foot.setFixedHeight(30)
        foot.setLayout(self.status)
        self.status.setContentsMargins(16, 0, 16, 0)
        down.addWidget(foot)
        centre = QWidget()
        centre.setLayout(down)
        self.setCentralWidget(centre)
        self.go("intake")
        self._say_status()

    def go(self, place: str) -> None:
        """Open a page."""
        if place not in self.pages:
            self.pages[place] = self._made(place)
            self._stack.addWidget(self.pages[place])
        page = self.pages[place]
        self._stack.setCurrentWidget(page)
        table = getattr(page, "table", None)
        (table if isinstance(table, Table) else page).setFocus()
        for name, button in self.rail.items():
            button.setChecked(name == place)
        self._fill_head(place)

    def _made(self, place: str) -> QWidget:
        kinds: dict[str, Callable[[CentreAtWork], QWidget]] = {
            "intake": IntakePage, "subjects": ParticipantsPage, "queries": QueriesPage, "data": DataPage,
            "monitoring": MonitoringPage, "deviations": DeviationsPage, "endpoints": EndpointsPage,
        }  # fmt: skip
        page = kinds[place](self.work)
        if isinstance(page, QueriesPage | IntakePage | MonitoringPage):
            page.changed.connect(self._changed)
        return page

    def _changed(self) -> None:
        """What was done on one page shows on the others when they are next opened."""
        here = self._stack.currentWidget()
        for name, page in list(self.pages.items()):
            if page is not here:
                self._stack.removeWidget(page)
                page.deleteLater()
                del self.pages[name]
        self._say_status()

    def _rail(self) -> QWidget:
        frame = QFrame()
        frame.setProperty("plane", "window")
        frame.setFixedWidth(76)
        down = QVBoxLayout(frame)
        down.setContentsMargins(0, 10, 0, 8)
        down.setSpacing(2)
        down.addWidget(parts.row(None, parts.icon("trialdesk", 30, "fill"), None))
        down.addSpacing(8)
        for name, words, shape, _ in PLACES:
            button = RailButton(name, words, shape)
            button.clicked.connect(lambda _=False, place=name: self.go(place))
            self.rail[name] = button
            down.addWidget(button)
        down.addStretch(1)
        language = RailButton("language", Text(en="中文", zh="English"), "language", checkable=False)
        language.clicked.connect(lambda _=False: self.language_wanted.emit())
        down.addWidget(language)
        return frame

    def _fill_head(self, place: str) -> None:
        parts.empty(self._head)
        title = next(said for name, _, _, said in PLACES if name == place)
        self._head.addWidget(parts.words(look.first(title), "title"))
        self._head.addWidget(parts.words(look.second(title), "text", "ink3"))
        self._head.addStretch(1)
        page = self.pages[place]
        if isinstance(page, IntakePage):
            self._act(Text(en="Take in bundles…", zh="接收数据包…"), "primary", "inbox", self._ask_bundles)
            self._act(Text(en="Write receipts…", zh="写出回执…"), "secondary", "transfer", self._ask_receipts)
        elif isinstance(page, QueriesPage):
            drafts = self.work.lists.query_counts().get("Candidate", 0)
            self._act(Text(en="Check all", zh="运行核查"), "secondary", "search", lambda: self._check(page))
            if drafts:
                says = Text(en="Send {n} drafted", zh="下发 {n} 条").format(n=drafts)
                self._act(says, "primary", "transfer", lambda: self._issue(page))
        user = self.work.user
        role = parts.words(look.first(ROLE_WORDS[user.role]), "small", "ink3")
        self._head.addWidget(parts.column(parts.words(look.first(user.name), "strong"), role, gap=0))

    def _act(self, words: Text, kind: str, shape: str, do: Callable[[], object]) -> None:
        button = parts.Button(words, kind, shape=shape, high=32)
        button.clicked.connect(lambda _=False: do())
        self._head.addWidget(button)

    def _issue(self, page: QueriesPage) -> None:
        page.issue_all()
        self._fill_head("queries")

    def _check(self, page: QueriesPage) -> None:
        self.work.check()
        page.refresh()
        self._fill_head("queries")
        self._changed()

    def _ask_bundles(self) -> None:
        chosen, _ = QFileDialog.getOpenFileNames(self, look.first(_BUNDLES), "", "TrialDesk (*.tdb)")
        page = self.pages["intake"]
        if chosen and isinstance(page, IntakePage):
            page.take_in([Path(name) for name in chosen])

    def _ask_receipts(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, look.first(_RECEIPTS))
        if folder:
            self.work.write_receipts(Path(folder))

    def _say_status(self) -> None:
        parts.empty(self.status)
        held = self.work.held()
        last = max((one.received for one in held), default="")[:16].replace("T", " ")
        sites = len({one.site for one in held})
        says = Text(
            en="Sites: {s}, workstations: {w}, last received {last} UTC",
            zh="{s} 家中心，{w} 台工作站，最近接收 {last} UTC",
        ).format(s=sites, w=len(held), last=last or "–")
        self.status.addWidget(parts.icon("inbox", 16))
        self.status.addWidget(parts.words(look.first(says), "small", "ink2"))
        self.status.addSpacing(16)
        self.status.addWidget(parts.icon("backup", 16))
        self.status.addWidget(parts.words(self.work.store, "small", "ink2"))
        self.status.addStretch(1)


_CENTRE = Text(en="Coordinating centre", zh="协调中心")
_BUNDLES = Text(en="Bundles", zh="数据包")
_RECEIPTS = Text(en="Folder for the receipts", zh="回执文件夹")
