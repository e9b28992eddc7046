"""Before a visit: which pack it is, and the monitor's passphrase."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.exchange.visit_pack import PackHead
from trialdesk.ui import look, parts


class UnlockWindow(QWidget):
    """`wanted` carries the passphrase; `fail` says why the pack did not open."""

    wanted = Signal(str)
    language_wanted = Signal()

    def __init__(self, head: PackHead) -> None:
        super().__init__()
        self.setWindowTitle(f"TrialDesk  {look.first(_TITLE)}")
        self.resize(560, 460)
        title = parts.row(
            parts.icon("trialdesk", 36, "fill", "window"), parts.bilingual(_TITLE, "display"), None, gap=12
        )
        facts = [
            _fact(_VISIT, head.visit),
            _fact(_SITE, head.site),
            _fact(_MONITOR, head.monitor),
            _fact(_HOLDS, look.first(_COUNT.format(p=head.participants, r=head.records))),
            _fact(_MADE, head.made[:16].replace("T", " ")),
        ]
        self.passphrase = QLineEdit()
        self.passphrase.setFixedHeight(38)
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setAccessibleName(look.both(_PASSPHRASE))
        self.passphrase.returnPressed.connect(self._try)
        self.said = parts.words("", "text", "hard", wrap=True)
        self.open = parts.Button(Text(en="Open the visit", zh="打开访视"), "primary", "Enter", high=40)
        self.open.clicked.connect(lambda: self._try())
        other = parts.Button(Text(en="中文", zh="English"), "quiet", shape="language")
        other.clicked.connect(lambda: self.language_wanted.emit())
        down = QVBoxLayout(self)
        down.setContentsMargins(48, 36, 48, 28)
        down.setSpacing(10)
        down.addWidget(title)
        down.addWidget(parts.plane("card", *facts, gap=4))
        down.addWidget(parts.words(look.first(_PASSPHRASE), "smallstrong", "ink2"))
        down.addWidget(self.passphrase)
        down.addWidget(self.said)
        line = QHBoxLayout()
        line.addWidget(self.open)
        line.addStretch(1)
        line.addWidget(other)
        down.addLayout(line)
        down.addStretch(1)

    def fail(self, fault: KnownError) -> None:
        """Say why the pack did not open; the passphrase is asked again."""
        self.open.forbid(None)
        self.said.setText(look.first(fault.text))
        self.passphrase.selectAll()
        self.passphrase.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.passphrase.setFocus(Qt.FocusReason.OtherFocusReason)

    def _try(self) -> None:
        if self.passphrase.text() and self.open.isEnabled():
            self.open.forbid(_OPENING)
            self.said.setText("")
            self.wanted.emit(self.passphrase.text())


def _fact(label: Text, value: str) -> QWidget:
    name = parts.words(look.first(label), "small", "ink3")
    name.setFixedWidth(110)
    return parts.row(name, parts.words(value, "strong"), None)


_TITLE = Text(en="Monitoring visit", zh="监查访视")
_VISIT = Text(en="Visit", zh="访视编号")
_SITE = Text(en="Site", zh="研究中心")
_MONITOR = Text(en="Monitor", zh="监查员")
_HOLDS = Text(en="Holds", zh="内容")
_COUNT = Text(en="{p} participants, {r} records", zh="受试者 {p} 名，记录 {r} 条")
_MADE = Text(en="Made", zh="制作时间")
_PASSPHRASE = Text(en="Passphrase", zh="口令")
_OPENING = Text(en="Opening…", zh="正在打开…")
