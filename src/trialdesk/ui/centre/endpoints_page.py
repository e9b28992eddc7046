"""The endpoints at a data cut: one curve by population and estimand, tables beside it, every number opens."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import cast, get_args

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.centre_view import CentreAtWork
from trialdesk.services.endpoint_view import EndpointBoard, Estimand, Population
from trialdesk.ui import look, parts
from trialdesk.ui.centre.choosers import DayBox
from trialdesk.ui.centre.counted_cards import rates_card, table_card
from trialdesk.ui.centre.courses_view import CoursesView
from trialdesk.ui.centre.curve_view import CurveView
from trialdesk.ui.centre.figure_button import FigureButton, number
from trialdesk.ui.centre.page import CentrePage, HeadAct, Keys
from trialdesk.ui.centre.people_panel import PeoplePanel
from trialdesk.ui.segments import SegmentBox

BESIDE = 524
COURSES = "courses"


class EndpointsPage(CentrePage):
    """Counted when it is opened and when it is asked, off the window's thread; P and E change population and estimand."""

    def __init__(self, work: CentreAtWork, cut: date | None = None) -> None:
        super().__init__(work)
        self.board: EndpointBoard | None = None
        self.opened_from: FigureButton | None = None
        self.cut = DayBox(cut or work.now().date(), _CUT)
        self.cut.editingFinished.connect(self._cut_moved)
        self.population = SegmentBox(list(_POPULATIONS.items()))
        self.estimand = SegmentBox(list(_ESTIMANDS.items()))
        self.population.put("ITT")
        self.estimand.put("os")
        for box in (self.population, self.estimand):
            box.left.connect(lambda _: self._chosen())
        head = parts.row(
            parts.words(look.first(_CUT), "small", "ink2"), self.cut, 8, self.population, 8, self.estimand, None, gap=6
        )
        self.title = parts.words("", "heading", wrap=True)
        self.about = parts.words("", "small", "ink2", wrap=True)
        self._headline = QHBoxLayout()
        self._headline.setContentsMargins(0, 0, 0, 0)
        line = QWidget()
        line.setLayout(self._headline)
        self.curve = CurveView(self._opened)
        self.courses = CoursesView()
        self.courses.opened.connect(lambda subject: self.record_wanted.emit(subject, None))
        bars = QScrollArea()
        bars.setWidgetResizable(True)
        bars.setFrameShape(QScrollArea.Shape.NoFrame)
        bars.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        bars.setWidget(self.courses)
        self.pictures = QStackedWidget()
        self.pictures.addWidget(self.curve)
        self.pictures.addWidget(bars)
        titles = parts.column(self.title, self.about, gap=0)
        top = parts.row(titles, line)
        top.layout().setStretch(0, 1)  # type: ignore[union-attr]
        self.definition = parts.words("", "small", "ink3", wrap=True)
        left = parts.plane("card", top, self.pictures, self.definition, gap=8)
        left.layout().setStretch(1, 1)  # type: ignore[union-attr]
        self._tables = QVBoxLayout()
        self._tables.setContentsMargins(0, 0, 4, 0)
        self._tables.setSpacing(10)
        inner = QWidget()
        inner.setProperty("clear", "true")
        inner.setLayout(self._tables)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(inner)
        self.people = PeoplePanel(work.study)
        self.people.back_wanted.connect(self.back)
        self.people.record_wanted.connect(self.record_wanted)
        self.beside = QStackedWidget()
        self.beside.setFixedWidth(BESIDE)
        self.beside.addWidget(self.area)
        self.beside.addWidget(self.people)
        self.said = parts.words("", "small", "ok", wrap=True)
        self.folder = parts.Button(Text(en="Open the folder", zh="打开文件夹"), "quiet", high=28)
        self.folder.clicked.connect(lambda _=False: QDesktopServices.openUrl(QUrl.fromLocalFile(self.folder.toolTip())))
        self.written = parts.row(self.said, self.folder, None)
        self.written.hide()
        down = QVBoxLayout(self)
        down.setContentsMargins(16, 2, 16, 12)
        down.setSpacing(8)
        for one in (head, self.busy, self.written):
            down.addWidget(one)
        across = QHBoxLayout()
        across.setSpacing(12)
        across.addWidget(left, 1)
        across.addWidget(self.beside)
        down.addLayout(across, 1)
        self.refresh()

    # -- the frame

    def acts(self) -> tuple[HeadAct, ...]:
        return (
            HeadAct(Text(en="Count", zh="重新计算"), self.refresh, "curve", key="F5"),
            HeadAct(Text(en="Tables, pictures…", zh="表格与图…"), lambda: self._ask_where(False), "sheet", key="Ctrl+E"),
            HeadAct(Text(en="Signed report…", zh="签名报告…"), lambda: self._ask_where(True), "printer", "primary", "Ctrl+P"),
        )  # fmt: skip

    def key_hints(self) -> Keys:
        return (
            ("P", Text(en="population", zh="人群")), ("E", Text(en="estimand", zh="终点")),
            ("↑ ↓ ← →", Text(en="numbers", zh="数值")), ("Enter", Text(en="who is behind it", zh="看构成该数的受试者")),
        )  # fmt: skip

    def take_focus(self) -> None:
        self.population.setFocus()

    def refresh(self) -> None:
        """Count again at the cut as it stands."""
        day = self._day()
        if self.busy.run(_COUNTING, lambda told: self.work.endpoints(day, told), self._counted, self._failed):
            self.back(focus=False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        box = {Qt.Key.Key_P: self.population, Qt.Key.Key_E: self.estimand}.get(Qt.Key(event.key()))
        if box is None or event.modifiers():
            super().keyPressEvent(event)
            return
        codes = [one.code for one in box.segments]
        box.put(codes[(codes.index(box.text_now()) + 1) % len(codes)])
        self._chosen()

    # -- what is shown

    def _day(self) -> date:
        return self.cut.day()

    def _cut_moved(self) -> None:
        if self.board is None or self._day() != self.board.cut:
            self.refresh()

    def _counted(self, board: EndpointBoard) -> None:
        self.board = board
        for one in self.population.segments:
            count = len(board.populations[cast(Population, one.code)])
            one.setToolTip(str(count))
        self._chosen()

    def _failed(self, fault: KnownError) -> None:
        self.board = None
        parts.empty(self._tables)
        self.title.setText(look.first(fault.text))
        self.busy.say_fault(fault)

    def _chosen(self) -> None:
        """Show what was counted in the population and for the estimand chosen."""
        for box, first in ((self.population, "ITT"), (self.estimand, "os")):
            if not box.text_now():
                box.put(first)
        if self.board is None:
            return
        among = cast(Population, self.population.text_now())
        people = Text(en="{people}: {n}", zh="{people}：{n} 例").format(
            people=_NAMES[among], n=len(self.board.populations[among])
        )
        self.back(focus=False)
        self._show_picture(among, people)
        self._show_tables(among, people)

    def _show_picture(self, among: Population, people: Text) -> None:
        assert self.board is not None
        parts.empty(self._headline)
        if self.estimand.text_now() == COURSES:
            self.title.setText(look.first(_COURSES))
            self.about.setText(look.first(_NAMES["ITT"]))
            self.definition.setText(look.first(_COURSES_SAY))
            wanted = set(self.board.populations[among])
            self.courses.show_bars(tuple(one for one in self.board.courses if one.subject in wanted))
            self.about.setText(look.first(people))
            self.pictures.setCurrentIndex(1)
            return
        curve = self.board.curves[cast(Estimand, self.estimand.text_now()), among]
        self.title.setText(look.first(curve.title))
        counted = Text(en="{people}. Curve: {of}: {n}", zh="{people}。曲线：{of}：{n} 例")
        whole = curve.risk[0].at_risk
        of = counted.format(people=people, of=curve.population, n=whole) if curve.name != "os" else people
        self.about.setText(look.first(of))
        note = f"  {look.first(_SELECTS)}" if among == "evaluable" else ""
        self.definition.setText(look.first(curve.table.definition) + note)
        when = Text(en="day {day}", zh="第 {day} 天").format(day=curve.horizon)
        said = Text(en="events {n}", zh="事件 {n}").format(n="")
        for part in (
            parts.words(look.first(said), "small", "ink2"),
            number(curve.events, said, curve.topic, self._opened, "strong"),
            parts.words(look.first(when), "small", "ink2"),
            parts.words(curve.headline, "number"), parts.words(curve.limits.strip("–"), "small", "ink2"),
        ):  # fmt: skip
            self._headline.addWidget(part)
        self.curve.show_curve(curve)
        self.pictures.setCurrentIndex(0)

    def _show_tables(self, among: Population, people: Text) -> None:
        assert self.board is not None
        parts.empty(self._tables)
        board = self.board
        self._tables.addWidget(rates_card(board.rates[among], board.rates_say, people, _NAMES[among], self._opened))
        if self.estimand.text_now() != COURSES:
            curve = board.curves[cast(Estimand, self.estimand.text_now()), among]
            self._tables.addWidget(table_card(curve.table, self._opened))
        for table in board.tables[among]:
            self._tables.addWidget(table_card(table, self._opened))
        self._tables.addStretch(1)

    # -- who is behind a number

    def _opened(self, button: object) -> None:
        assert isinstance(button, FigureButton)
        assert self.board is not None
        self.opened_from = button
        title = Text(en="{says}: {n}", zh="{says}：{n}").format(says=button.says, n=button.number)
        self.people.show_people(self.board, button.number.who, button.topic, look.first(title))
        self.beside.setCurrentWidget(self.people)
        self.people.people.setFocus()

    def back(self, focus: bool = True) -> None:
        """From the participants to the numbers, the focus on the number one came from."""
        self.beside.setCurrentWidget(self.area)
        if focus and self.opened_from is not None:
            self.opened_from.setFocus()

    # -- files

    def _ask_where(self, paper: bool) -> None:
        folder = QFileDialog.getExistingDirectory(self, look.first(Text(en="Folder", zh="文件夹")))
        if folder:
            self.write(Path(folder), paper)

    def write(self, folder: Path, paper: bool) -> None:
        """Write tables and pictures into a folder, and as `paper` the signed report."""
        day = self._day()
        self.busy.run(
            _WRITING, lambda told: self.work.report(day, folder, paper, told), lambda files: self._wrote(folder, files)
        )

    def _wrote(self, folder: Path, files: tuple[Path, ...]) -> None:
        first = files[0].name if files and files[0].suffix == ".pdf" else ""
        says = Text(
            en="{n} files written into {folder}. {first}", zh="已写入 {n} 个文件：{folder}。{first}"
        ).format(n=len(files), folder=folder, first=first)  # fmt: skip
        self.said.setText(look.first(says))
        self.folder.setToolTip(str(folder))
        self.written.show()


_CUT = Text(en="Data cut", zh="数据截止")
_POPULATIONS: dict[str, Text] = {
    "ITT": Text(en="ITT", zh="全部入组"), "treated": Text(en="Treated", zh="接受治疗"),
    "evaluable": Text(en="Evaluable", zh="可评价"),
}  # fmt: skip
_NAMES: dict[Population, Text] = {
    "ITT": Text(en="All enrolled (ITT)", zh="全部入组者（ITT）"),
    "treated": Text(en="Treated: at least one dose of plerixafor", zh="已治疗者：至少 1 次普乐沙福"),
    "evaluable": Text(
        en="Evaluable: treated, response evaluated in the window", zh="可评价者：已治疗且窗内有可评价疗效"
    ),
}
_ESTIMANDS: dict[str, Text] = {
    "os": Text(en="OS", zh="OS"), "dfs-registered": Text(en="DFS as registered", zh="DFS 注册定义"),
    "dfs": Text(en="DFS usual", zh="DFS 复发或死亡"), "nrm": Text(en="NRM", zh="NRM"),
    COURSES: Text(en="Courses", zh="病程图"),
}  # fmt: skip
assert set(_POPULATIONS) == set(get_args(Population))
_COURSES = Text(en="Course of each participant", zh="各受试者病程")
_COURSES_SAY = Text(
    en="From enrolment to the last contact or death; an open end means alive at the last contact.",
    zh="自入组至末次随访或死亡；箭头表示末次随访时存活。",
)
_SELECTS = Text(
    en="Evaluable participants lived until they were evaluated: times among them are not those of all.",
    zh="可评价者须存活至评价时，其生存时间不代表全部受试者。",
)
_COUNTING = Text(en="Counting participant", zh="正在计算受试者")
_WRITING = Text(en="Writing, participant", zh="正在写出，受试者")
