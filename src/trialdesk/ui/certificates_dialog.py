"""Certificates of this desk: whose ends when, requests to be carried to the centre, its answers, a lost passphrase.

A key never leaves the laptop; what is written on the stick is a request, and what comes back is a certificate.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.admin.role import ROLE_WORDS, Act, may
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.certificates import (
    Standing,
    reset_access,
    stale_since,
    standings,
    take_certificate,
    write_request,
)
from trialdesk.services.desk import OpenDesk
from trialdesk.ui import look, parts
from trialdesk.ui.boxes import Combo


class CertificatesDialog(QDialog):
    """Shows every certificate of the desk and lets its owner renew it."""

    def __init__(self, desk: OpenDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        title = Text(en="Certificates", zh="证书")
        self.setWindowTitle(look.first(title))
        self.resize(900, 400)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        head = parts.row(
            parts.icon("signed", 22, "fill"),
            parts.words(look.first(title), "title"),
            parts.words(look.second(title), "text", "ink3"),
            None,
            gap=10,
        )
        outer.addWidget(parts.plane("surface", head, margins=(22, 12, 16, 12)))
        outer.addWidget(parts.Line())
        self._body = QVBoxLayout()
        ground = parts.plane("window", margins=(16, 14, 16, 14), gap=12)
        layout = ground.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.addLayout(self._body)
        layout.addWidget(self._acts())
        layout.addStretch(1)
        outer.addWidget(ground, 1)
        self.refresh()

    def refresh(self) -> None:
        """Show how it stands with each certificate."""
        parts.empty(self._body)
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(9)
        heads = (Text(en="Whose", zh="持有者"), Text(en="Valid until", zh="有效期至"), Text(en="State", zh="状态"))
        for column, words in enumerate(heads):
            grid.addWidget(parts.words(look.first(words), "small", "ink3"), 0, column)
        for row, one in enumerate(standings(self._desk), start=1):
            grid.addWidget(parts.words(look.first(self._whose(one)), "strong"), row, 0)
            grid.addWidget(parts.words(one.ends.strftime("%Y-%m-%d") if one.ends else "–"), row, 1)
            chip = parts.Chip(look.first(Text(en="valid", zh="有效")), "ok", "complete")
            if one.why is not None:
                grid.addWidget(parts.words(look.first(one.why), "small", "warn", wrap=True), row, 2)
            else:
                grid.addWidget(chip, row, 2, Qt.AlignmentFlag.AlignLeft)
        grid.setColumnStretch(2, 1)
        made: list[parts.Content] = [holder]
        stale = stale_since(self._desk)
        if stale is not None:
            says = Text(
                en="The list of revoked certificates is out of date since {day}. Fetch a receipt of the centre; "
                "work goes on meanwhile.",
                zh="吊销列表自 {day} 起已过期。请取回中心的新回执，期间可继续工作。",
            ).format(day=stale.date())
            made.append(parts.row(parts.icon("soft", 18, "warn"), parts.words(look.first(says), "text", wrap=True)))
        self._body.addWidget(parts.plane("card", *made, gap=12, margins=(20, 14, 20, 14)))

    def _whose(self, one: Standing) -> Text:
        if one.user is None:
            return Text(en="Workstation {name}", zh="工作站 {name}").format(name=self._desk.session.origin)
        return Text(en="{name} ({role})", zh="{name}（{role}）").format(
            name=one.user.name, role=ROLE_WORDS[one.user.role]
        )

    def _acts(self) -> QWidget:
        self.person = Combo()
        self.person.setFixedHeight(34)
        self.person.setAccessibleName(look.both(Text(en="Whose certificate", zh="谁的证书")))
        for one in standings(self._desk):
            self.person.addItem(look.first(self._whose(one)), one.user.id if one.user else None)
        self.passphrase = QLineEdit()
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setFixedHeight(34)
        named = Text(en="That person's passphrase", zh="本人口令")
        self.passphrase.setPlaceholderText(look.first(named))
        self.passphrase.setAccessibleName(look.both(named))
        self.request = parts.Button(Text(en="Write request", zh="写出申请"), "primary", None, "usb", 34)
        self.take = parts.Button(Text(en="Take in certificate", zh="导入证书"), "quiet", None, "inbox", 34)
        self.reset = parts.Button(Text(en="Reset access", zh="重置登录"), "danger", None, None, 34)
        self.request.clicked.connect(self._ask_folder)
        self.take.clicked.connect(self._ask_file)
        self.reset.clicked.connect(self.reset_person)
        self.reset.setVisible(may(self._desk.session.user.role, Act.MANAGE_USERS))
        note = Text(
            en="A request holds no secret: the key stays on this laptop, sealed by its owner's passphrase. After a reset "
            "of access the old key is gone, so that nobody can sign in that person's name.",
            zh="申请中没有秘密：密钥留在本机，仅由其持有者的口令保护。重置登录后原密钥即销毁，任何人都无法以其名义签名。",
        )
        self._said = parts.words("", "text", "info", wrap=True)
        line = parts.row(self.person, self.passphrase, self.request, self.take, self.reset, gap=10)
        line.layout().setStretch(1, 1)  # type: ignore[union-attr]
        return parts.plane(
            "card",
            line,
            parts.words(look.first(note), "small", "ink2", wrap=True),
            self._said,
            margins=(20, 14, 20, 14),
        )

    def _ask_folder(self) -> None:
        title = look.first(Text(en="Folder or stick for the request", zh="选择存放申请的 U 盘或文件夹"))
        chosen = QFileDialog.getExistingDirectory(self, title)
        if chosen:
            self.write_to(Path(chosen))

    def write_to(self, folder: Path) -> None:
        """Write the request of the chosen person into a folder."""

        def act() -> Text:
            path = write_request(self._desk, self.person.currentData(), self.passphrase.text(), folder)
            says = Text(
                en="Wrote {name}. Have it carried to the centre; two people there approve it.",
                zh="已写出 {name}。请送交中心，由两名人员核实批准。",
            )
            return says.format(name=path.name)

        self._try(act)

    def _ask_file(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, look.first(Text(en="Certificate", zh="证书")), "", "*.pem")
        if chosen:
            self.take_from(Path(chosen))

    def take_from(self, path: Path) -> None:
        """Take a certificate in."""

        def act() -> Text:
            user = take_certificate(self._desk, path)
            whose = user.name if user else Text(en="this workstation", zh="本工作站")
            return Text(en="The certificate of {who} was taken in.", zh="已导入{who}的证书。").format(who=whose)

        self._try(act)

    def reset_person(self) -> None:
        """Let the chosen person in again under the passphrase that was typed."""

        def act() -> Text | Refusal:
            user = self.person.currentData()
            if user is None:
                return Text(en="Choose a person first.", zh="请先选择人员。")
            done = reset_access(self._desk, user, self.passphrase.text())
            return done or Text(
                en="The person may sign in with this passphrase and should change it. To sign forms a new certificate "
                "is needed: write a request with it.",
                zh="该人员可用此口令登录，并应尽快修改。签署表单需要新证书：请用此口令写出申请。",
            )

        self._try(act)

    def _try(self, act: Callable[[], Text | Refusal]) -> None:
        try:
            done = act()
        except KnownError as fault:
            self._say(fault.text, "hard")
            return
        self._say(done.says if isinstance(done, Refusal) else done, "hard" if isinstance(done, Refusal) else "info")
        self.refresh()

    def _say(self, text: Text, tone: str) -> None:
        self._said.setText(look.first(text))
        parts.tone(self._said, tone)

    def said(self) -> str:
        """What the last act came to."""
        return self._said.text()
