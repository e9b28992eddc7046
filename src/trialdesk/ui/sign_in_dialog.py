"""Signing in: people, passphrase, and beside it the study and what was looked at before unlocking; no participant yet."""

from __future__ import annotations

import shutil

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from trialdesk.domain.admin.role import ROLE_WORDS
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.desk import DeskInfo
from trialdesk.ui import look, parts, training_frame
from trialdesk.ui.person_tile import Person, step_to

LOW_SPACE = 2 * 1024**3
"""Bytes of free disk below which the sign-in window warns."""

_KINDS = {
    "live": (Text(en="Live data", zh="正式库"), "ok", "complete"),
    "demo": (Text(en="Demonstration, synthetic data", zh="演示库，虚构数据"), "warn", "soft"),
    "training": (Text(en="Training", zh="培训库"), "warn", "soft"),
}


class SignInWindow(QWidget):
    """Asks who is there; `wanted` carries user and passphrase, whoever opens the desk answers with `fail` or closes it."""

    wanted = Signal(str, str)
    language_wanted = Signal(str)
    closed = Signal()
    TAGLINE = Text(en="Clinical trial data at the bedside", zh="临床试验床旁数据采集")
    OFFLINE = Text(
        en="This computer works offline. Data leave it only in the encrypted bundles you export.",
        zh="本机离线工作，不连接任何网络。数据只随您导出的加密数据包离开。",
    )

    def __init__(self, info: DeskInfo, chosen: str | None = None, note: Text | None = None) -> None:
        super().__init__()
        self._info = info
        self.setWindowTitle("TrialDesk")
        self.resize(1366, 768)
        self.setMinimumSize(1000, 600)
        across = QHBoxLayout(self)
        edge = training_frame.EDGE if info.kind == "training" else 0
        across.setContentsMargins(edge, edge, edge, edge)
        across.setSpacing(0)
        across.addWidget(self._left(chosen, note), 54)
        across.addWidget(self._right(), 46)

    def _left(self, chosen: str | None, note: Text | None) -> QWidget:
        ground = parts.plane("surface", margins=(0, 0, 0, 0))
        column = QWidget()
        column.setFixedWidth(360)
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        name = parts.column(
            parts.words("TrialDesk", "title"),
            parts.words(look.first(self.TAGLINE), "small", "ink2"),
            gap=0,
        )
        layout.addWidget(parts.row(parts.icon("trialdesk", 40, "fill"), name, None, gap=12))
        layout.addSpacing(18)
        title = Text(en="Sign in", zh="登录")
        layout.addWidget(parts.bilingual(title, "display", "text"))
        if note is not None:
            layout.addWidget(parts.plane("info", parts.words(look.first(note), "text", "info", wrap=True)))
        layout.addSpacing(6)
        layout.addWidget(parts.words(look.first(Text(en="User", zh="用户")), "smallstrong", "ink2"))
        self._group = QButtonGroup(self)
        self.people: list[Person] = []
        for user in self._info.users:
            one = Person(user.id, user.name, ROLE_WORDS[user.role])
            one.clicked.connect(self._person_chosen)
            self._group.addButton(one)
            self.people.append(one)
            layout.addWidget(one)
        layout.addSpacing(6)
        layout.addWidget(parts.words(look.first(Text(en="Passphrase", zh="口令")), "smallstrong", "ink2"))
        self.passphrase = QLineEdit()
        self.passphrase.setFixedHeight(38)
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setAccessibleName(look.both(Text(en="Passphrase", zh="口令")))
        self.passphrase.returnPressed.connect(self._try)
        layout.addWidget(self.passphrase)
        self._fault = parts.words("", "text", "hard", wrap=True)
        self._fault.hide()
        layout.addWidget(self._fault)
        self.enter = parts.Button(title, "primary", "Enter", high=40)
        self.enter.setFixedWidth(360)
        self.enter.clicked.connect(self._try)
        layout.addWidget(self.enter)
        other = Text(en="中文", zh="English")
        switch = parts.Button(Text(en=other.en, zh=other.zh), "quiet", shape="language")
        switch.clicked.connect(lambda: self.language_wanted.emit("zh" if look.language() == "en" else "en"))
        layout.addWidget(parts.row(None, switch, None))
        outer = ground.layout()
        assert isinstance(outer, QVBoxLayout)
        outer.addStretch(1)
        outer.addWidget(column, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(1)
        chosen_one = next((p for p in self.people if p.user_id == chosen), self.people[0] if self.people else None)
        if chosen_one is not None:
            chosen_one.setChecked(True)
            self.passphrase.setFocus()
        return ground

    def _right(self) -> QFrame:
        info = self._info
        kind, tone, shape = _KINDS[info.kind]
        ground = parts.plane("sunken", gap=10, margins=(56, 72, 56, 40))
        layout = ground.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.addWidget(parts.words(look.first(info.study_title), "title", wrap=True))
        layout.addWidget(parts.words(look.second(info.study_title), "text", "ink2", wrap=True))
        version = Text(en="Protocol {v}", zh="方案 {v}").format(v=info.protocol_version)
        layout.addWidget(
            parts.flow(
                parts.Chip(info.registration, "info"),
                parts.Chip(look.first(version), "idle"),
                parts.Chip(look.first(kind), tone, shape),
            )
        )
        layout.addSpacing(24)
        layout.addWidget(parts.words(look.first(Text(en="Looked at before unlocking", zh="开机自检")), "heading"))
        for fine, says in self._looked_at():
            mark = parts.icon("complete" if fine else "soft", 20, "ok" if fine else "warn", "sunken")
            said = parts.column(
                parts.words(look.first(says), "strong"),
                parts.words(look.second(says), "small", "ink2", wrap=True),
                gap=0,
            )
            line = parts.row(mark, said, gap=12, margins=(0, 6, 0, 6))
            line.layout().setStretch(1, 1)  # type: ignore[union-attr]
            layout.addWidget(line)
        layout.addStretch(1)
        line = parts.row(
            parts.icon("locked", 16, "ink3", "sunken"),
            parts.words(look.first(self.OFFLINE), "small", "ink2", wrap=True),
        )
        line.layout().setStretch(1, 1)  # type: ignore[union-attr]
        layout.addWidget(line)
        return ground

    def _looked_at(self) -> list[tuple[bool, Text]]:
        free = shutil.disk_usage(self._info.home).free
        megabytes = self._info.size / 1024**2
        return [
            (
                True,
                Text(
                    en="Encrypted database found, {n} MB; seals are checked after sign-in",
                    zh="已找到加密数据库，{n} MB；登录后核对封印",
                ).format(n=f"{megabytes:.1f}"),
            ),
            (
                free > LOW_SPACE,
                Text(en="{n} GB of disk free", zh="磁盘可用 {n} GB").format(n=f"{free / 1024**3:.1f}"),
            ),
            (
                True,
                Text(en="{site}, workstation {origin}", zh="{site}，工作站 {origin}").format(
                    site=self._info.site, origin=self._info.origin
                ),
            ),
        ]

    def _person_chosen(self) -> None:
        self.passphrase.setFocus()

    def user_id(self) -> str:
        """The person chosen, or an empty text."""
        return next((one.user_id for one in self.people if one.isChecked()), "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not step_to(self.people, event):
            super().keyPressEvent(event)

    def _try(self) -> None:
        if not self.user_id():
            self.fail(Text(en="Choose your name first.", zh="请先选择用户。"))
        elif not self.passphrase.text():
            self.fail(Text(en="Type your passphrase.", zh="请输入口令。"))
            self.passphrase.setFocus()
        elif self.enter.isEnabled():
            self._fault.hide()
            self.enter.forbid(Text(en="Unlocking…", zh="正在解锁…"))
            self.wanted.emit(self.user_id(), self.passphrase.text())

    def fail(self, says: Text | KnownError) -> None:
        """Say why the desk did not open; the passphrase is asked again."""
        text = says.text if isinstance(says, KnownError) else says
        self.enter.forbid(None)
        self._fault.setText(look.first(text))
        self._fault.setAccessibleName(look.both(text))
        self._fault.show()
        self.passphrase.selectAll()
        self.passphrase.setFocus()

    def fault(self) -> str:
        """What is said under the passphrase, or an empty text."""
        return self._fault.text() if not self._fault.isHidden() else ""

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.passphrase.setFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._info.kind == "training":
            training_frame.draw(self)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closed.emit()
        super().closeEvent(event)
