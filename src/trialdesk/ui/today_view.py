"""Today: where each role's day begins; the nurse's visits by urgency, the investigator's signatures, the others' queries."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from trialdesk.domain.admin.role import ROLE_WORDS, Act, Role, may
from trialdesk.domain.text import Text
from trialdesk.services.backup import backup_sentence, backup_state, is_late
from trialdesk.services.clock_check import clock_standing
from trialdesk.services.desk import OpenDesk
from trialdesk.services.release_news import release_news
from trialdesk.services.today import Draft, Task, Today, ToSign, Urgency, Waiting, place_words, today_of
from trialdesk.services.transfer import standing
from trialdesk.ui import look, parts
from trialdesk.ui.release_card import ReleaseCard
from trialdesk.ui.release_dialog import release_title
from trialdesk.ui.today_lines import DataBar, Line, NoteLine, TaskLine, Tile

RIGHT = 322
_MOST_BESIDE = 4
_FILTERS: dict[str, tuple[Urgency, ...]] = {
    "due": ("due", "closes_today", "unfinished"),
    "closes": ("closes_today",),
    "overdue": ("overdue",),
}


class TodayView(QWidget):
    """Shows what waits and leads there; it writes nothing."""

    field_wanted = Signal(str, object, object)
    act_wanted = Signal(str)

    def __init__(self, desk: OpenDesk) -> None:
        super().__init__()
        self._desk = desk
        self.role = desk.session.user.role
        reads = may(self.role, Act.VIEW)
        self.today = today_of(desk) if reads else Today(desk.session.today, 0)
        self.tiles: list[Tile] = []
        self.lines: list[Line] = []
        self.enrol: parts.Button | None = None
        across = QHBoxLayout(self)
        across.setContentsMargins(16, 2, 16, 12)
        across.setSpacing(14)
        left = QVBoxLayout()
        left.setSpacing(12)
        across.addLayout(left, 1)
        if reads:
            left.addLayout(self._tiles())
        self._list = QVBoxLayout()
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        left.addWidget(self._scrolling(self._list), 1)
        self._beside = QVBoxLayout()
        self._beside.setContentsMargins(0, 0, 0, 0)
        self._beside.setSpacing(12)
        beside = _scroll_area(self._beside)
        beside.setFixedWidth(RIGHT)
        across.addWidget(beside)
        self.filter = ""
        self._fill()
        self._fill_beside()

    def _scrolling(self, inner: QVBoxLayout) -> QWidget:
        area = _scroll_area(inner)
        self._area = area
        return parts.plane("card", area, gap=0, margins=(1, 4, 1, 4))

    # -- what is counted

    def _tiles(self) -> QHBoxLayout:
        today = self.today
        queries = sum(1 for query in today.queries if query.state == "Open")
        answered = len(today.queries) - queries
        due = Tile("due", today.count(*_FILTERS["due"]), Text(en="To do today", zh="今天要做"), "fill", "in_window")
        closes = Tile(
            "closes", today.count("closes_today"), Text(en="Closes today", zh="窗口今日关闭"), "warn", "not_due"
        )
        overdue = Tile("overdue", today.count("overdue"), Text(en="Overdue", zh="已超窗"), "hard", "overdue")
        asked = Tile("queries", queries, Text(en="Queries", zh="待答复质疑"), "query", "bubble")
        ready = sum(1 for one in today.to_sign if one.ready)
        again = sum(1 for one in today.to_sign if one.again)
        sign = Tile("sign", ready, Text(en="Ready to sign", zh="待签名"), "fill", "pen")
        changed = Tile("changed", again, Text(en="Changed since", zh="签名后有更改"), "warn", "changed")
        closing = Tile("answered", answered, Text(en="Answered", zh="已答复质疑"), "fill", "check")
        chosen = {
            Role.INVESTIGATOR: (sign, changed, overdue, asked),
            Role.DATA_MANAGER: (closing, asked, changed, overdue),
            Role.MONITOR: (asked, closing, changed, overdue),
        }.get(self.role, (due, closes, overdue, asked))
        row = QHBoxLayout()
        row.setSpacing(12)
        for tile in chosen:
            tile.wanted.connect(self.narrow)
            self.tiles.append(tile)
            row.addWidget(tile, 1)
        for tile in {due, closes, overdue, asked, sign, changed, closing} - set(chosen):
            tile.deleteLater()
        return row

    def narrow(self, name: str) -> None:
        """Show only what a tile counts; the same tile again shows everything."""
        self.filter = "" if self.filter == name else name
        for tile in self.tiles:
            tile.setChecked(tile.name == self.filter)
        self._fill()

    # -- the list

    def _fill(self) -> None:
        parts.empty(self._list)
        self.lines, self.enrol = [], None
        if self.role is Role.ADMINISTRATOR:
            self._administration()
        elif self.filter in ("queries", "answered"):
            wanted = "Open" if self.filter == "queries" else "Answered"
            self._section(
                _QUERIES, [self._query(one) for one in self.today.queries if one.state == wanted], _NO_QUERIES
            )
        elif self.filter in ("sign", "changed"):
            signing = [one for one in self.today.to_sign if one.again or self.filter == "sign"]
            self._section(_TO_SIGN, [self._sign(one) for one in signing], _NOTHING_TO_SIGN)
        else:
            if self.role is Role.INVESTIGATOR and not self.filter:
                self._section(_TO_SIGN, [self._sign(one) for one in self.today.to_sign], _NOTHING_TO_SIGN)
            if self.role in (Role.DATA_MANAGER, Role.MONITOR) and not self.filter:
                self._section(_QUERIES, [self._query(one) for one in self.today.queries], _NO_QUERIES)
            wanted_now = _FILTERS.get(self.filter)
            tasks = [t for t in self.today.tasks if wanted_now is None or t.urgency in wanted_now]
            self._section(_URGENT, [self._task(task) for task in tasks], self._no_tasks())
            if not self.today.subjects and may(self.role, Act.ENROL):
                self.enrol = parts.Button(Text(en="Enrol a participant", zh="登记受试者"), "primary", "Ctrl N", "plus")
                self.enrol.clicked.connect(lambda: self.act_wanted.emit("enrol"))
                self._list.addWidget(parts.row(self.enrol, None, margins=(16, 0, 16, 14)))
            if not self.filter:
                self._section(_NEXT, [self._task(task) for task in self.today.following], _NOTHING_NEXT)
        self._list.addStretch(1)

    def _section(self, title: Text, lines: list[Line], nothing: Text) -> None:
        head = parts.row(
            parts.words(look.first(title), "heading"),
            parts.words(look.second(title), "small", "ink3"),
            None,
            margins=(16, 10, 16, 6),
        )
        self._list.addWidget(head)
        for line in lines:
            self.lines.append(line)
            self._list.addWidget(line)
            # Arrows lead to lines out of sight.
            line.pressed.connect(line.setFocus)
        if not lines:
            said = parts.words(look.first(nothing), "body", "ink2", wrap=True)
            said.setContentsMargins(16, 6, 16, 14)
            self._list.addWidget(said)

    def _no_tasks(self) -> Text:
        if self.today.subjects:
            return Text(
                en="No visit waits today. Ctrl+K leads to any form.", zh="今天没有待办访视。按 Ctrl+K 可前往任意表单。"
            )
        return Text(en="No participants yet. Ctrl+N enrols the first.", zh="还没有受试者。按 Ctrl+N 登记第一位。")

    def _task(self, task: Task) -> TaskLine:
        line = TaskLine(task, self.today.day)
        line.clicked.connect(lambda: self.field_wanted.emit(task.subject, task.form, None))
        return line

    def _sign(self, one: ToSign) -> NoteLine:
        done = one.completed_at.strftime("%Y-%m-%d %H:%M") if one.completed_at else ""
        below = Text(en="{where}, completed {at}", zh="{where}，{at} 完成").format(
            where=place_words(self._desk, one.form), at=done
        )
        chip, tone, shape = Text(en="investigator next", zh="待研究者签名"), "ok", "complete"
        if one.asked:
            chip, tone, shape = Text(en="query first", zh="先答复质疑"), "query", "bubble"
        elif not one.certified:
            chip, tone, shape = Text(en="data entry next", zh="待录入者签名"), "info", "pen"
        elif one.again:
            chip, tone, shape = Text(en="changed since", zh="签名后有更改"), "warn", "changed"
        line = NoteLine(one.subject, one.label, below, chip, tone, shape)
        line.clicked.connect(lambda: self.field_wanted.emit(one.subject, one.form, None))
        return line

    def _query(self, one: Waiting) -> NoteLine:
        source = _SOURCES.get(one.source, Text(en="data management", zh="数据管理"))
        days = Text(en="{who}, {n} days", zh="{who} {n} 天").format(who=source, n=one.days)
        chip, tone, shape = Text(en="to answer", zh="待答复"), "query", "bubble"
        if one.state != "Open":
            chip, tone, shape = Text(en="answered", zh="已答复"), "info", "check"
        line = NoteLine(one.subject, one.says, days, chip, tone, shape)
        line.clicked.connect(lambda: self.field_wanted.emit(one.subject, one.path.form_path, one.path))
        return line

    def _draft(self, one: Draft) -> NoteLine:
        at = one.changed_at.strftime("%m-%d %H:%M") if one.changed_at else ""
        below = Text(en="{where}  {at}", zh="{where}  {at}").format(where=place_words(self._desk, one.form), at=at)
        chip, tone, shape = Text(en="no findings", zh="无提示"), "ok", "complete"
        if one.findings:
            chip, tone, shape = Text(en="findings {n}", zh="提示 {n}").format(n=one.findings), "warn", "soft"
        elif one.missing:
            chip, tone, shape = Text(en="empty {n}", zh="未填 {n}").format(n=one.missing), "idle", "missing"
        line = NoteLine(one.subject, one.label, below, chip, tone, shape)
        line.clicked.connect(lambda: self.field_wanted.emit(one.subject, one.form, None))
        return line

    def _administration(self) -> None:
        """What an administrator looks after; no participant is shown to this role."""
        desk = self._desk
        state = backup_state(desk)
        now, clock = desk.session.clock.now(), clock_standing(desk)
        facts = [
            (
                "backup",
                backup_sentence(state, now),
                Text(en="{n} records since", zh="此后 {n} 条记录").format(n=state.since),
                is_late(state, now),
            ),
            (
                "person",
                Text(en="{n} people may sign in", zh="{n} 人可以登录").format(n=len(desk.users)),
                Text(
                    en=", ".join(f"{u.name.en} ({ROLE_WORDS[u.role].en})" for u in desk.users),
                    zh="、".join(f"{u.name.zh}（{ROLE_WORDS[u.role].zh}）" for u in desk.users),
                ),
                False,
            ),
            (
                "form",
                Text(en="Study release {v}", zh="研究版本 {v}").format(v=desk.study.version),
                Text(en="Protocol {p}", zh="方案 {p}").format(p=desk.study.protocol_version),
                False,
            ),
            ("not_due", clock.says, clock.what_to_do, clock.wrong),
            *(("form", release_title(one), one.terms, False) for one in release_news(desk)),
        ]
        title = Text(en="This desk", zh="本工作台")
        self._list.addWidget(
            parts.row(
                parts.words(look.first(title), "heading"),
                parts.words(look.second(title), "small", "ink3"),
                None,
                margins=(16, 10, 16, 6),
            )
        )
        for shape, above, below, late in facts:
            tone = "warn" if late else "ink2"
            line = parts.row(
                parts.icon(shape, 20, tone),
                parts.column(
                    parts.words(look.first(above), "label", "warn" if late else "ink"),
                    parts.words(look.first(below), "small", "ink2", wrap=True),
                    gap=0,
                ),
                gap=12,
                margins=(16, 8, 16, 8),
            )
            line.layout().setStretch(1, 1)  # type: ignore[union-attr]
            self._list.addWidget(line)
        hint = Text(
            en="Administrators look after accounts, backups and the study release; participants' data stay with the ward.",
            zh="系统管理员负责账户、备份与研究版本，不查看受试者数据。",
        )
        said = parts.words(look.first(hint), "small", "ink3", wrap=True)
        said.setContentsMargins(16, 10, 16, 10)
        self._list.addWidget(said)

    # -- beside the list

    def _fill_beside(self) -> None:
        if self.role in (Role.NURSE, Role.INVESTIGATOR):
            self.releases = ReleaseCard(self._desk)
            self.releases.form_wanted.connect(lambda subject, form: self.field_wanted.emit(subject, form, None))
            self._beside.addWidget(self.releases)
        if self.role in (Role.NURSE, Role.INVESTIGATOR):
            open_queries = [one for one in self.today.queries if one.state == "Open"]
            oldest = max((one.days for one in open_queries), default=0)
            age = Text(en="oldest {n} days", zh="最久 {n} 天").format(n=oldest) if open_queries else None
            self._card(_QUERIES, [self._query(one) for one in open_queries], _NO_QUERIES, age)
        if self.role is Role.NURSE:
            self._card(_DRAFTS, [self._draft(one) for one in self.today.drafts], _NO_DRAFTS)
            mine = sum(1 for one in self.today.to_sign if not one.certified and not one.asked)
            theirs = sum(1 for one in self.today.to_sign if one.ready)
            self._signatures(mine, theirs)
        self._data()
        self._beside.addStretch(1)

    def _signatures(self, mine: int, theirs: int) -> None:
        """How many completed forms wait for whose signature; the button lists them."""
        title = Text(en="Signatures", zh="签名")
        shown: list[parts.Content] = [
            parts.row(parts.words(look.first(title), "heading"), parts.words(look.second(title), "small", "ink3"), None)
        ]
        for count, text in (
            (mine, Text(en="{n} completed forms wait for data entry", zh="{n} 张已完成表单待录入者签名")),
            (theirs, Text(en="{n} forms wait for the investigator", zh="{n} 张表单待研究者签名")),
        ):
            shown.append(parts.words(look.first(text.format(n=count)), "text", "ink2", wrap=True))
        if mine + theirs:
            act = parts.Button(Text(en="List them", zh="查看清单"), shape="pen", high=30)
            act.clicked.connect(lambda: self.narrow("sign"))
            shown.append(parts.row(act, None))
        self._beside.addWidget(parts.plane("card", *shown, gap=4, margins=(16, 10, 16, 12)))

    def _card(self, title: Text, lines: list[NoteLine], nothing: Text, more: Text | None = None) -> None:
        head: list[parts.Content] = [
            parts.words(look.first(title), "heading"),
            parts.words(look.second(title), "small", "ink3"),
            None,
        ]
        if more is not None:
            head.append(parts.words(look.first(more), "small", "warn"))
        shown: list[parts.Content] = [parts.row(*head, margins=(8, 0, 8, 0)), *lines[:_MOST_BESIDE]]
        if len(lines) > _MOST_BESIDE:
            rest = Text(en="and {n} more", zh="另有 {n} 条").format(n=len(lines) - _MOST_BESIDE)
            shown.append(parts.row(parts.words(look.first(rest), "small", "ink3"), None, margins=(8, 2, 8, 0)))
            for line in lines[_MOST_BESIDE:]:
                line.deleteLater()
        if not lines:
            shown.append(parts.row(parts.words(look.first(nothing), "text", "ink2", wrap=True), margins=(8, 0, 8, 0)))
        self._beside.addWidget(parts.plane("card", *shown, gap=2, margins=(8, 10, 8, 8)))

    def _data(self) -> None:
        """Where the data of this desk are: confirmed by the centre, still here alone, and how old the backup is."""
        now = standing(self._desk)
        waiting = now.last - now.accepted_to
        title = Text(en="Where my data are", zh="数据去向")
        have = Text(en="The centre confirmed {n}", zh="中心已确认 {n}").format(n=now.accepted_to)
        left = Text(en="to send {n}", zh="待送 {n}").format(n=waiting)
        state = backup_state(self._desk)
        moment = self._desk.session.clock.now()
        late = is_late(state, moment)
        act = parts.Button(Text(en="Write a bundle…", zh="导出数据包…"), key="Ctrl E", shape="usb")
        act.clicked.connect(lambda: self.act_wanted.emit("send"))
        act.setEnabled(may(self.role, Act.SEND))
        shown: list[parts.Content] = [
            parts.row(
                parts.words(look.first(title), "heading"), parts.words(look.second(title), "small", "ink3"), None
            ),
            DataBar(now.accepted_to, now.last),
            parts.row(
                parts.words(look.first(have), "small", "ink2"),
                None,
                parts.words(look.first(left), "smallstrong" if waiting else "small", "warn" if waiting else "ink2"),
            ),
        ]
        if may(self.role, Act.SEND):
            shown.append(parts.row(act, None))
        else:
            act.deleteLater()
        shown.append(parts.words(look.first(backup_sentence(state, moment)), "small", "warn" if late else "ink2"))
        self._beside.addWidget(parts.plane("card", *shown, gap=8, margins=(16, 12, 16, 12)))

    def focus_first(self) -> None:
        """Put the focus on the most urgent line."""
        if self.lines:
            self.lines[0].setFocus()
        else:
            (self.enrol or self).setFocus()


def _scroll_area(inner: QVBoxLayout) -> QScrollArea:
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    ground = QWidget()
    ground.setProperty("clear", "true")
    ground.setLayout(inner)
    area.setWidget(ground)
    return area


_QUERIES = Text(en="Queries", zh="质疑")
_NO_QUERIES = Text(en="No query waits for an answer.", zh="没有待答复的质疑。")
_TO_SIGN = Text(en="To sign", zh="待签名")
_NOTHING_TO_SIGN = Text(
    en="Nothing waits for a signature. Completed forms appear here.", zh="没有待签名的表单，完成后的表单会出现在这里。"
)
_DRAFTS = Text(en="Go on with", zh="继续填写")
_NO_DRAFTS = Text(en="No form was left half done.", zh="没有填到一半的表单。")
_URGENT = Text(en="By urgency", zh="按紧急程度")
_NEXT = Text(en="Next 7 days", zh="接下来 7 天")
_NOTHING_NEXT = Text(en="No visit falls due in the next 7 days.", zh="接下来 7 天没有到期的访视。")
_SOURCES = {
    "System": Text(en="system", zh="系统"),
    "Monitor": Text(en="monitor", zh="监查员"),
    "Medical Review": Text(en="medical review", zh="医学审核"),
}
