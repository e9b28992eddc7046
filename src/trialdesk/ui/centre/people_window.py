"""The administrator's window: who may sign in at the centre, since when, by whom, and how its keys are kept; no data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from trialdesk.domain.admin.role import ROLE_WORDS
from trialdesk.domain.clinical.accounts import Account
from trialdesk.domain.clinical.audit_record import SYSTEM
from trialdesk.domain.text import Text
from trialdesk.services.centre_office import CentreOffice
from trialdesk.ui import job, look, parts
from trialdesk.ui.centre.account_dialog import AccountDialog, Said
from trialdesk.ui.centre.table import Cell, Table
from trialdesk.ui.frame import RailButton


class PeopleWindow(QMainWindow):
    """One administrator at the centre."""

    language_wanted = Signal()
    lock_wanted = Signal()
    closed = Signal()

    def __init__(self, work: CentreOffice) -> None:
        super().__init__()
        self.work = work
        self._shown: list[Account] = []
        self.setWindowTitle(f"TrialDesk  {work.study.registration}  {look.first(_CENTRE)}")
        self.resize(1366, 768)
        self.table = Table(_HEADS, (130, 0, 150, 190, 190))
        self.table.chosen.connect(self._choose)
        self._beside = QVBoxLayout()
        self._beside.setSpacing(8)
        self._keys = QVBoxLayout()
        self._keys.setSpacing(8)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(12)
        for layout in (self._beside, self._keys):
            held = QWidget()
            held.setLayout(layout)
            layout.setContentsMargins(0, 0, 0, 0)
            right.addWidget(parts.plane("card", held))
        right.addStretch(1)
        side = QWidget()
        side.setLayout(right)
        side.setFixedWidth(400)
        body = QHBoxLayout()
        body.setContentsMargins(16, 2, 16, 12)
        body.setSpacing(14)
        body.addWidget(parts.plane("card", self.table, gap=0, margins=(1, 1, 1, 8)), 1)
        body.addWidget(side)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head())
        column.addLayout(body, 1)
        whole = QHBoxLayout()
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._rail())
        whole.addLayout(column, 1)
        centre = QWidget()
        centre.setLayout(whole)
        self.setCentralWidget(centre)
        self.refresh()
        self.table.setFocus()

    def refresh(self, chosen: str = "") -> None:
        """Read the accounts again; `chosen` is the one to stay at."""
        self._shown = list(self.work.accounts().values())
        self.table.show_lines([self._cells(one) for one in self._shown])
        row = next((at for at, one in enumerate(self._shown) if one.user.id == chosen), 0)
        self.table.selectRow(row)
        self._choose(row)
        self._show_keys()

    def _cells(self, one: Account) -> list[Cell]:
        wrong = self.work.refusals(one.user.id)
        until = self.work.waits_until(one.user.id)
        state = _ENDED if one.user.retired else _LENT if one.lent else _MAY
        if until is not None and not one.user.retired:
            state = _WAITS.format(until=until.astimezone().strftime("%H:%M"))
        last = one.periods[-1]
        tone = "ink3" if one.user.retired else "ink"
        return [
            Cell(one.user.id, strong=True, tone=tone),
            Cell(look.first(one.user.name), look.second(one.user.name), tone=tone),
            Cell(look.first(ROLE_WORDS[one.user.role]), tone=tone),
            Cell(
                last.begins[:16].replace("T", " "),
                look.first(_FOUNDED if last.by == SYSTEM else _BY.format(who=last.by)),
                tone=tone,
            ),
            Cell(
                look.first(state),
                look.first(_WRONG.format(n=wrong)) if wrong else "",
                tone="hard" if wrong else "warn" if one.lent and not one.user.retired else tone,
            ),
        ]

    def _choose(self, row: int) -> None:
        parts.empty(self._beside)
        if not 0 <= row < len(self._shown):
            return
        one = self._shown[row]
        self._beside.addWidget(parts.bilingual(one.user.name, "heading"))
        for period in one.periods:
            until = period.ends[:16].replace("T", " ") if period.ends else look.first(_TODAY)
            days = f"{period.begins[:16].replace('T', ' ')} – {until}"
            role = parts.words(look.first(ROLE_WORDS[period.role]), "strong")
            self._beside.addWidget(parts.row(role, None, parts.words(days, "small", "ink2")))
        acts: tuple[tuple[Text, str, Callable[[Account], object]], ...] = (
            (Text(en="New passphrase…", zh="重置口令…"), "secondary", self.ask_reset),
            (Text(en="Another role…", zh="更改角色…"), "secondary", self.ask_role),
            (Text(en="End the account…", zh="停用账户…"), "danger", self.ask_end),
        )
        why = _ENDED if one.user.retired else _OWN if one.user.id == self.work.user.id else None
        buttons = []
        for words, kind, act in acts:
            button = parts.Button(words, kind)
            button.forbid(why)
            button.clicked.connect(lambda _=False, do=act: do(one))
            buttons.append(button)
        self._beside.addWidget(parts.flow(*buttons, gap=8))
        if why is not None:
            self._beside.addWidget(parts.words(look.first(why), "small", "ink3", wrap=True))

    def _show_keys(self) -> None:
        parts.empty(self._keys)
        plain, services = self.work.plain_secrets(), self.work.services()
        self._keys.addWidget(parts.bilingual(Text(en="The centre's keys", zh="中心密钥"), "heading"))
        shape, tone, says = ("soft", "warn", _PLAIN) if plain else ("complete", "ok", _SEALED)
        line = parts.row(
            parts.icon(shape, 18, tone),
            parts.words(look.first(says.format(names=", ".join(plain))), "text", wrap=True),
            gap=10,
        )
        line.layout().setStretch(1, 1)  # type: ignore[union-attr]
        self._keys.addWidget(line)
        if plain:
            button = parts.Button(Text(en="Seal the keys…", zh="封存密钥…"), "primary", shape="locked")
            button.clicked.connect(lambda _=False: self._ask_stick())
            self._keys.addWidget(parts.row(button, None))
        for name in services:
            self._keys.addWidget(parts.words(look.first(_SERVICE.format(name=name)), "small", "ink2", wrap=True))

    def _ask_stick(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, look.first(_STICK))
        if chosen:
            self.seal(Path(chosen))

    def seal(self, stick: Path) -> None:
        """Seal the keys; the recovery key goes to the stick."""
        job.outcome(self, lambda: self.work.protect(stick))
        self.refresh()

    def ask_new(self) -> None:
        """Ask for a new person."""

        def add(said: Said) -> None:
            assert said.role is not None
            words = ROLE_WORDS[said.role]
            self.work.add(said.id, Text(en=said.en or words.en, zh=said.zh or words.zh), said.role, said.passphrase)

        dialog = AccountDialog(
            _NEW, _FIRST_PASSPHRASE, ("id", "role", "passphrase"), Text(en="Add", zh="添加"), add, self
        )
        dialog.exec()
        self.refresh(dialog.boxes["id"].text().strip())

    def ask_reset(self, one: Account) -> None:
        """Ask for a new first passphrase."""
        title = Text(en="New passphrase of {name}", zh="重置口令：{name}").format(name=one.user.name)
        act = Text(en="Set it", zh="重置")
        AccountDialog(
            title,
            _FIRST_PASSPHRASE,
            ("passphrase",),
            act,
            lambda said: self.work.reset(one.user.id, said.passphrase),
            self,
        ).exec()
        self.refresh(one.user.id)

    def ask_role(self, one: Account) -> None:
        """Ask for another role."""

        def change(said: Said) -> None:
            assert said.role is not None
            self.work.change_role(one.user.id, said.role)

        title = Text(en="Another role for {name}", zh="更改角色：{name}").format(name=one.user.name)
        AccountDialog(title, _ROLE, ("role",), Text(en="Change it", zh="更改"), change, self).exec()
        self.refresh(one.user.id)

    def ask_end(self, one: Account) -> None:
        """Ask once more before an account ends."""
        title = Text(en="End the account of {name}", zh="停用账户：{name}").format(name=one.user.name)
        act = Text(en="End it for good", zh="永久停用")
        AccountDialog(title, _END, (), act, lambda _: self.work.deactivate(one.user.id), self, danger=True).exec()
        self.refresh(one.user.id)

    def _head(self) -> QWidget:
        title = Text(en="People and keys", zh="人员与密钥")
        add = parts.Button(Text(en="Add a person…", zh="添加人员…"), "primary", "Ctrl N", shape="plus", high=32)
        add.clicked.connect(lambda _=False: self.ask_new())
        user = self.work.user
        role = parts.words(look.first(ROLE_WORDS[user.role]), "small", "ink3")
        kinds = [parts.Chip(look.first(_DEMO), "warn", "soft")] if self.work.is_demo else []
        row = parts.row(
            parts.words(look.first(title), "title"),
            parts.words(look.second(title), "text", "ink3"),
            *kinds,
            None,
            add,
            parts.column(parts.words(look.first(user.name), "strong"), role, gap=0),
            gap=12,
            margins=(16, 0, 16, 0),
        )
        row.setFixedHeight(52)
        return row

    def _rail(self) -> QWidget:
        frame = QFrame()
        frame.setProperty("plane", "window")
        frame.setFixedWidth(76)
        down = QVBoxLayout(frame)
        down.setContentsMargins(0, 10, 0, 8)
        down.setSpacing(2)
        down.addWidget(parts.row(None, parts.icon("trialdesk", 30, "fill"), None))
        down.addSpacing(8)
        here = RailButton("people", Text(en="People", zh="人员"), "people")
        here.setChecked(True)
        here.clicked.connect(lambda _=False: here.setChecked(True))
        down.addWidget(here)
        down.addStretch(1)
        for name, words, shape, signal in (
            ("language", Text(en="中文", zh="English"), "language", self.language_wanted),
            ("lock", Text(en="Lock", zh="锁屏"), "locked", self.lock_wanted),
        ):
            button = RailButton(name, words, shape, checkable=False)
            button.clicked.connect(lambda _=False, wanted=signal: wanted.emit())
            down.addWidget(button)
        return frame

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if held and event.key() == Qt.Key.Key_L:
            self.lock_wanted.emit()
        elif held and event.key() == Qt.Key.Key_N:
            self.ask_new()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closed.emit()
        super().closeEvent(event)


_CENTRE = Text(en="Coordinating centre", zh="协调中心")
_DEMO = Text(en="Demonstration, synthetic data", zh="演示库，虚构数据")
_HEADS = (
    Text(en="Account", zh="账户"), Text(en="Name", zh="姓名"), Text(en="Role", zh="角色"),
    Text(en="Since (UTC)", zh="自（UTC）"), Text(en="State", zh="状态"),
)  # fmt: skip
_MAY = Text(en="may sign in", zh="可登录")
_LENT = Text(en="has to set a passphrase", zh="待本人设置口令")
_ENDED = Text(en="account ended", zh="已停用")
_OWN = Text(en="This is your own account; another administrator has to change it.", zh="本人账户须由另一名管理员更改。")
_WAITS = Text(en="waits until {until}", zh="暂停登录至 {until}")
_FOUNDED = Text(en="first person of the centre", zh="中心首个账户")
_BY = Text(en="given by {who}", zh="由 {who} 授予")
_WRONG = Text(en="{n} wrong passphrases", zh="口令错误 {n} 次")
_TODAY = Text(en="today", zh="至今")
_SEALED = Text(
    en="Sealed under the passphrases of the centre's people. The recovery key lies elsewhere.",
    zh="已由人员口令封存，恢复密钥另行存放。",
)
_PLAIN = Text(
    en="Without a passphrase: {names}. Whoever takes the folder can use them.",
    zh="未加口令：{names}。取得文件夹者即可使用。",
)
_SERVICE = Text(en="The service {name} takes in bundles unattended.", zh="服务 {name} 可自动接收数据包（无人值守）。")
_STICK = Text(en="Stick for the recovery key", zh="存放恢复密钥的 U 盘")
_NEW = Text(en="Add a person", zh="添加人员")
_FIRST_PASSPHRASE = Text(
    en="The person signs in with this passphrase once and then sets one that nobody else knows.",
    zh="此口令仅供首次登录，登录后须由本人另设他人不知的口令。",
)
_ROLE = Text(
    en="It holds from now on, with the keys that go with it. What was done before stands in the role of that time.",
    zh="自现在起生效，相应密钥随之调整。此前的操作仍记在当时的角色名下。",
)
_END = Text(
    en="The person can no longer sign in. The name stays on everything that was done, and is never given to anyone else.",
    zh="该人员将不能登录。其姓名保留在既往操作中，账户名不会再分配给他人。",
)
