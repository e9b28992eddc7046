"""The coordinating centre's window: a rail of places, the head with a page's acts, the foot with its keys."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from trialdesk.domain.admin.role import ROLE_WORDS, Role
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.text import Text
from trialdesk.services.centre_view import CentreAtWork
from trialdesk.ui import look, parts
from trialdesk.ui.centre.page import CentrePage, HeadAct
from trialdesk.ui.centre.places import PLACE, PLACES
from trialdesk.ui.centre.rail import CentreRail
from trialdesk.ui.palette import Palette

__all__ = ["PLACES", "CentreWindow"]

LANDING = {Role.MONITOR: "monitoring", Role.MEDICAL_REVIEWER: "monitoring"}
"""Where a person begins; everyone else with what came in."""


class CentreWindow(QMainWindow):
    """One person at the centre; pages are made when they are first opened."""

    language_wanted = Signal()
    lock_wanted = Signal()
    closed = Signal()

    def __init__(self, work: CentreAtWork) -> None:
        super().__init__()
        self.work = work
        self.pages: dict[str, CentrePage] = {}
        self.place = ""
        self._before = "subjects"
        self.palette_open: Palette | None = None
        self._held: Text | None = None
        self._act_keys: list[QShortcut] = []
        self.setWindowTitle(f"TrialDesk  {work.study.registration}  {look.first(_CENTRE)}")
        self.resize(1366, 768)
        work.refresh()
        self.rail = CentreRail()
        self.rail.chosen.connect(self._chosen)
        self._stack = QStackedWidget()
        self._head = QHBoxLayout()
        self._head.setContentsMargins(16, 0, 16, 0)
        self._head.setSpacing(10)
        self.status = QHBoxLayout()
        self.status.setContentsMargins(16, 0, 16, 0)
        self.status.setSpacing(6)
        self._lay_out()
        for digit, place in enumerate(PLACES[:9], 1):
            self._key(f"Ctrl+{digit}", lambda name=place.name: self.go(name))  # type: ignore[misc]
        self._key("Ctrl+L", self.lock_wanted.emit)
        self._key("Ctrl+K", self.find)
        self.go(LANDING.get(work.user.role, "intake"))

    def find(self) -> None:
        """Open the palette: places, acts, participants, queries, fields of the participant shown."""
        from trialdesk.ui.centre.palette import open_palette

        if self.palette_open is None:
            self.palette_open = open_palette(self)
            self.palette_open.closed.connect(lambda: setattr(self, "palette_open", None))

    def _lay_out(self) -> None:
        strip = QFrame()
        strip.setFixedHeight(52)
        strip.setLayout(self._head)
        foot = QFrame()
        foot.setProperty("plane", "window")
        foot.setFixedHeight(30)
        foot.setLayout(self.status)
        right = parts.column(strip, self._stack, gap=0)
        right.setSizePolicy(self._stack.sizePolicy())
        right.layout().setStretch(1, 1)  # type: ignore[union-attr]
        whole = QHBoxLayout()
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.rail)
        whole.addWidget(right, 1)
        centre = QWidget()
        down = QVBoxLayout(centre)
        down.setContentsMargins(0, 0, 0, 0)
        down.setSpacing(0)
        down.addLayout(whole, 1)
        down.addWidget(foot)
        self.setCentralWidget(centre)

    def _key(self, keys: str, do: object) -> QShortcut:
        made = QShortcut(QKeySequence(keys), self)
        made.activated.connect(do)
        return made

    # -- places

    def go(self, place: str) -> None:
        """Open a page."""
        page = self.page(place)
        if place == "record" and self.place not in ("", "record"):
            self._before = self.place
        self.place = place
        if page.stale:
            page.stale = False
            page.refresh()
        self._stack.setCurrentWidget(page)
        page.take_focus()
        self.rail.mark(self._before if place == "record" else place)
        self._fill_head()
        self._fill_foot()

    def page(self, place: str) -> CentrePage:
        """The page of a place, made now if it was never opened."""
        if place not in self.pages:
            page = PLACE[place].make(self.work)
            page.changed.connect(self._changed)
            page.acts_changed.connect(self._fill_head)
            page.record_wanted.connect(self.open_record)
            self.pages[place] = page
            self._stack.addWidget(page)
        return self.pages[place]

    def open_record(self, subject: str, place: ItemPath | FormPath | None = None) -> None:
        """A participant's answers as the centre holds them, at a field or a form; raises KnownError for nobody."""
        from trialdesk.ui.centre.record_page import RecordPage

        page = self.page("record")
        assert isinstance(page, RecordPage)
        page.back_wanted.connect(self.back, Qt.ConnectionType.UniqueConnection)
        page.open(subject, place)
        page.stale = False
        self.go("record")

    def back(self) -> None:
        """From a participant's answers to the page one came from."""
        self.go(self._before)

    def _chosen(self, place: str) -> None:
        if place == "language":
            self.language_wanted.emit()
        elif place == "lock":
            self.lock_wanted.emit()
        else:
            self.go(place)

    def _changed(self) -> None:
        """What was done on one page shows on the others when they are next opened."""
        for name, page in self.pages.items():
            page.stale = page.stale or name != self.place
        self._held = None
        self._fill_head()
        self._fill_foot()

    # -- head and foot

    def _fill_head(self) -> None:
        parts.empty(self._head)
        for shortcut in self._act_keys:
            shortcut.deleteLater()
        self._act_keys = []
        title = PLACE[self.place].title
        self._head.addWidget(parts.words(look.first(title), "title"))
        self._head.addWidget(parts.words(look.second(title), "text", "ink3"))
        page = self.pages[self.place]
        self._head.addStretch(1)
        for act in page.acts():
            self._act(act)
        find = parts.Button(_FIND, key="Ctrl K", shape="search", high=32)
        find.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        find.clicked.connect(lambda _=False: self.find())
        self._head.addWidget(find)
        user = self.work.user
        role = parts.words(look.first(ROLE_WORDS[user.role]), "small", "ink3")
        self._head.addSpacing(4)
        self._head.addWidget(parts.column(parts.words(look.first(user.name), "strong"), role, gap=0))

    def _act(self, act: HeadAct) -> None:
        button = parts.Button(act.words, act.kind, key=act.key.replace("+", " "), shape=act.shape, high=32)
        button.clicked.connect(lambda _=False: act.do())
        self._head.addWidget(button)
        if act.key:
            self._act_keys.append(self._key(act.key, act.do))

    def _fill_foot(self) -> None:
        parts.empty(self.status)
        if self._held is None:
            self._held = self._held_words()
        for shape, words in (("inbox", look.first(self._held)), ("backup", self.work.store)):
            self.status.addWidget(parts.icon(shape, 16, surface="window"))
            self.status.addWidget(parts.words(words, "small", "ink2"))
            self.status.addSpacing(10)
        self.status.addStretch(1)
        for key, does in self.pages[self.place].key_hints():
            self.status.addWidget(parts.KeyCap(key))
            self.status.addWidget(parts.words(look.first(does), "small", "ink2"))
            self.status.addSpacing(4)

    def _held_words(self) -> Text:
        """From how many, and when last; counted when something came, since every record is looked at for it."""
        held = self.work.held()
        last = max((one.received for one in held), default="")[:16].replace("T", " ")
        return Text(
            en="Sites: {s}, workstations: {w}, last received {last} UTC",
            zh="{s} 家中心，{w} 台工作站，最近接收 {last} UTC",
        ).format(s=len({one.site for one in held}), w=len(held), last=last or "–")

    def closeEvent(self, event: QCloseEvent) -> None:
        """Work that runs is stopped first: its thread must not speak to a window that is gone."""
        # All are told before one is waited for: work that waits in line for a thread could not end before the rest.
        for page in self.pages.values():
            page.busy.leave_off()
        for page in self.pages.values():
            page.leave_off()
        self.closed.emit()
        super().closeEvent(event)


_FIND = Text(en="Find", zh="查找、跳转")
_CENTRE = Text(en="Coordinating centre", zh="协调中心")
