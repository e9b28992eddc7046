"""The accounts of a desk: who may come in from when to when, letting someone in for some days, ending an account."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.admin.role import ROLE_WORDS, Role
from trialdesk.domain.clinical.date_entry import read_date
from trialdesk.domain.clinical.register import Period
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.desk import OpenDesk
from trialdesk.services.people import accounts, add_person, named, next_number, retire_person
from trialdesk.ui import look, parts
from trialdesk.ui.boxes import Combo, LineBox
from trialdesk.ui.centre.table import Cell, Table

_HEADS = (
    Text(en="Account", zh="账户"), Text(en="Name", zh="姓名（角色名）"), Text(en="Role", zh="角色"),
    Text(en="From", zh="自"), Text(en="To", zh="至"),
)  # fmt: skip
_AT_THE_WARD = (Role.INSPECTOR, Role.NURSE, Role.INVESTIGATOR, Role.MONITOR, Role.ADMINISTRATOR)


class PeopleDialog(QDialog):
    """For administrators; what is done here stands in the trail in their name."""

    def __init__(self, desk: OpenDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.accounts: list[Period] = []
        self._ending = ""
        title = Text(en="Accounts", zh="账户")
        self.setWindowTitle(look.first(title))
        self.resize(940, 560)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        column.addWidget(parts.bilingual(title, "title"))
        self.table = Table(_HEADS, (160, 0, 160, 180, 200), high=34)
        self.table.setAccessibleName(look.both(title))
        column.addWidget(parts.plane("card", self.table, margins=(1, 1, 1, 6)), 1)
        self.end = parts.Button(Text(en="End the chosen account", zh="停用所选账户"), "danger")
        self.end.clicked.connect(self.end_chosen)
        column.addWidget(parts.row(None, self.end))
        column.addWidget(self._new())
        self._said = parts.words("", "text", "info", wrap=True)
        column.addWidget(self._said)
        close = parts.Button(Text(en="Close", zh="关闭"), key="Esc")
        close.clicked.connect(self.accept)
        column.addWidget(parts.row(None, close))
        self.refresh()
        self.name.setFocus()

    def _new(self) -> QWidget:
        self.role = Combo()
        self.role.setFixedHeight(34)
        self.role.setAccessibleName(look.both(Text(en="Role", zh="角色")))
        for role in _AT_THE_WARD:
            self.role.addItem(look.first(ROLE_WORDS[role]), role)
        self.name = _box(Text(en="Account, such as inspector1", zh="账户名，如 inspector1"), 220)
        self.begins = _box(Text(en="First day", zh="起始日期"), 130)
        self.ends = _box(Text(en="Last day", zh="截止日期"), 130)
        self.passphrase = QLineEdit()
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setFixedHeight(34)
        words = Text(en="First passphrase", zh="首次口令")
        self.passphrase.setPlaceholderText(look.first(words))
        self.passphrase.setAccessibleName(look.both(words))
        self.passphrase.returnPressed.connect(self.add)
        self.let_in = parts.Button(Text(en="Let in", zh="开设账户"), "primary")
        self.let_in.clicked.connect(self.add)
        line = parts.row(self.role, self.name, self.begins, self.ends, self.passphrase, self.let_in, gap=8)
        line.layout().setStretch(4, 1)  # type: ignore[union-attr]
        note = Text(
            en="An inspector reads everything, changes nothing, and needs a last day. Who signs forms asks for a certificate "
            "afterwards. A name is never given twice.",
            zh="检查员可查看全部内容，不能更改，且必须有截止日期。需签名者随后申请证书。账户名不会重复分配。",
        )
        return parts.plane("card", line, parts.words(look.first(note), "small", "ink2", wrap=True), gap=8)

    def refresh(self) -> None:
        """Show the accounts as the trail has them now."""
        self.accounts = list(accounts(self._desk.trail, self._desk.session.origin))
        self.table.show_lines([_line(one) for one in self.accounts])

    def add(self) -> None:
        """Let a person in."""
        role = Role(self.role.currentData())
        name = self.name.text().strip()
        try:
            if not name.isidentifier():
                raise KnownError(Text(en="Write a name of letters and digits.", zh="账户名须由字母和数字组成。"))
            begins, ends = self._day(self.begins), self._day(self.ends)
            user = named(name, role, next_number(self._desk, role), begins, ends)
            refusal = add_person(self._desk, user, self.passphrase.text())
        except KnownError as fault:
            self.say(fault.text, "hard")
            return
        if isinstance(refusal, Refusal):
            self.say(refusal.says, "hard")
            return
        for box in (self.name, self.begins, self.ends, self.passphrase):
            box.clear()
        self.refresh()
        self.say(Text(en="{name} may sign in.", zh="{name} 可以登录。").format(name=name), "ok")

    def end_chosen(self) -> None:
        """End the account of the chosen line, when asked for a second time: it cannot be opened again."""
        row = self.table.currentIndex().row()
        if not 0 <= row < len(self.accounts):
            return
        name = self.accounts[row].user
        if self._ending != name:
            self._ending = name
            says = Text(en="Press again to end {name} for good.", zh="再按一次即永久停用 {name}。")
            self.say(says.format(name=name), "warn")
            return
        self._ending = ""
        try:
            refusal = retire_person(self._desk, name)
        except KnownError as fault:
            self.say(fault.text, "hard")
            return
        if isinstance(refusal, Refusal):
            self.say(refusal.says, "hard")
            return
        self.refresh()
        self.say(Text(en="{name} may not sign in any more.", zh="{name} 不能再登录。").format(name=name), "ok")

    def _day(self, box: LineBox) -> str | None:
        typed = box.text().strip()
        if not typed:
            return None
        found = read_date(typed, self._desk.session.today)
        if isinstance(found, Text):
            raise KnownError(found)
        if not found.complete:
            raise KnownError(Text(en="Write a whole day.", zh="请填写完整日期。"))
        return found.earliest.isoformat()

    def say(self, text: Text, tone: str) -> None:
        """Say what an act came to."""
        self._said.setText(look.first(text))
        parts.tone(self._said, tone)

    def said(self) -> str:
        """What was said last."""
        return self._said.text()


def _box(words: Text, wide: int) -> LineBox:
    made = LineBox(wide=wide)
    made.setPlaceholderText(look.first(words))
    made.setAccessibleName(look.both(words))
    return made


def _line(one: Period) -> list[Cell]:
    since = one.begins or f"{one.added.local_time:%Y-%m-%d %H:%M}"
    until = Text(en="no end set", zh="未设期限")
    last = one.ends or look.first(until)
    if one.retired is not None:
        last = f"{one.retired.local_time:%Y-%m-%d %H:%M}"
    tone = "ink3" if one.retired is not None else "ink"
    return [
        Cell(one.user, tone=tone, strong=True), Cell(look.first(one.name), tone=tone),
        Cell(look.first(ROLE_WORDS[one.role]), tone=tone), Cell(since, tone=tone), Cell(last, tone=tone),
    ]  # fmt: skip
