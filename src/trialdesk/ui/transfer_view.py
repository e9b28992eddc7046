"""To the centre and back: what the centre has signed for, what was carried, what is only on this computer."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFileDialog, QGridLayout, QVBoxLayout, QWidget

from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.backup import (
    MadeBackup,
    backup_sentence,
    backup_state,
    choose_folder,
    is_late,
    make_backup,
    note_backup,
)
from trialdesk.services.desk import OpenDesk
from trialdesk.services.transfer import SentBundle, Standing, send, standing, take_receipt
from trialdesk.ui import job, look, parts
from trialdesk.ui.from_centre_card import FromCentreCard

if TYPE_CHECKING:
    from trialdesk.services.terminology_import import WorkbookCheck


def short_time(at: str) -> Text:
    """A moment of a receipt or bundle as day and time, in the computer's zone."""
    moment = datetime.fromisoformat(at).astimezone()
    clock = moment.strftime("%H:%M")
    return Text(en=f"{moment.day} {moment:%b} {clock}", zh=f"{moment.month}月{moment.day}日 {clock}")


def centre_sentence(now: Standing) -> Text:
    """How far the centre has this desk's records, from its signed receipt alone."""
    if not now.accepted_to or now.accepted_at is None:
        return Text(en="No signed receipt of the centre yet", zh="尚无中心签署的回执")
    return Text(
        en="The centre has everything up to record {n} ({at})", zh="中心已收到截至第 {n} 条的全部数据（{at}）"
    ).format(n=now.accepted_to, at=short_time(now.accepted_at))


class ChainBar(QWidget):
    """The trail from its first record: signed for, carried, not sent."""

    def __init__(self, now: Standing) -> None:
        super().__init__()
        self._now = now
        self.setFixedHeight(16)
        says = Text(en="{a} signed for, {b} carried, {c} not sent", zh="已签收 {a}，已带走 {b}，未送出 {c}")
        carried = max(0, now.sent_to - now.accepted_to)
        self.setAccessibleName(
            look.both(says.format(a=now.accepted_to, b=carried, c=now.last - max(now.sent_to, now.accepted_to)))
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        now = self._now
        total = max(1, now.last)
        left = 0.0
        sent = max(now.sent_to, now.accepted_to)
        for count, tone in ((now.accepted_to, "ok"), (sent - now.accepted_to, "info"), (now.last - sent, "edge")):
            wide = self.width() * count / total
            if wide > 0:
                painter.setBrush(look.color(tone))
                painter.drawRoundedRect(QRectF(left, 0, max(3.0, wide - 2), 14), 4, 4)
            left += wide


class TransferView(QWidget):
    """Sends bundles and takes in receipts."""

    changed = Signal()

    def __init__(self, desk: OpenDesk) -> None:
        super().__init__()
        self._desk = desk
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 10, 16, 12)
        layout.setSpacing(12)
        self.receive = parts.Button(Text(en="Take in a receipt…", zh="读入中心回执…"), key="Ctrl O", shape="inbox")
        self.receive.clicked.connect(self.choose_receipt)
        self.send = parts.Button(Text(en="Write a bundle…", zh="导出数据包…"), "primary", "Ctrl E", "usb")
        self.send.clicked.connect(self.choose_folder)
        self.wording = parts.Button(Text(en="Import NCI wording…", zh="导入 NCI 原文…"), "quiet", shape="inbox")
        self.wording.clicked.connect(self.choose_workbook)
        self.certificates = parts.Button(self._certificates_words(), "quiet", None, "signed", 38)
        self.certificates.clicked.connect(self.show_certificates)
        layout.addWidget(parts.row(self.wording, None, self.certificates, self.receive, self.send))
        self._body = QVBoxLayout()
        self._body.setSpacing(12)
        layout.addLayout(self._body, 1)
        self._said = parts.words("", "body", "info", wrap=True)
        self._said.hide()
        self.refresh()

    def refresh(self) -> None:
        """Show how far things have come."""
        now = standing(self._desk)
        self._said.setParent(None)
        parts.empty(self._body)
        self._body.addWidget(self._said)
        self._body.addWidget(self._top(now))
        self._body.addWidget(self._ledger(now), 1)
        self._body.addWidget(FromCentreCard(self._desk))
        self._body.addWidget(self._backup())

    def _top(self, now: Standing) -> QWidget:
        sentence = centre_sentence(now)
        sent = max(now.sent_to, now.accepted_to)
        only_here = Text(en="{n} records are only on this computer", zh="还有 {n} 条只在这台电脑上").format(
            n=now.last - sent
        )
        waits = Text(en="{n} carried, no receipt yet", zh="已带走，未回执 {n}").format(n=sent - now.accepted_to)
        title = parts.column(
            parts.words(look.first(sentence), "title", wrap=True),
            parts.words(look.second(sentence), "small", "ink3", wrap=True),
            gap=0,
        )
        chips: list[parts.Content] = []
        if now.last > sent:
            chips.append(parts.Chip(look.first(only_here), "warn", "soft"))
        if sent > now.accepted_to:
            chips.append(parts.Chip(look.first(waits), "info", "usb"))
        head = parts.row(parts.icon("inbox", 26, "ok"), title, *chips, gap=12)
        head.layout().setStretch(1, 1)  # type: ignore[union-attr]
        note = Text(
            en="The trail of workstation {w}: every record has a number and a seal. A gap is named, sending twice does no harm.",
            zh="工作站 {w} 的稽查轨迹：每一条都有编号和封印，缺号会被指出，重复送出没有影响。",
        ).format(w=self._desk.session.origin)
        return parts.plane(
            "card",
            head,
            ChainBar(now),
            parts.words(look.first(note), "small", "ink2", wrap=True),
            gap=10,
            margins=(20, 14, 20, 12),
        )

    def _ledger(self, now: Standing) -> QWidget:
        title = Text(en="Bundles and receipts", zh="数据包与回执")
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(10)
        grid.setHorizontalSpacing(28)
        heads = (
            Text(en="Bundle", zh="数据包"),
            Text(en="Records", zh="记录"),
            Text(en="Made", zh="生成"),
            Text(en="Receipt", zh="回执"),
        )
        for column, text in enumerate(heads):
            grid.addWidget(parts.words(look.first(text), "small", "ink3"), 0, column)
        for index, one in enumerate(reversed(now.bundles), start=1):
            grid.addWidget(parts.words(f"{self._desk.session.origin}-{one.number:04d}", "strong"), index, 0)
            grid.addWidget(parts.words(f"{one.first}–{one.last}"), index, 1)
            grid.addWidget(parts.words(look.first(short_time(one.made_at))), index, 2)
            if one.confirmed_at:
                got = Text(en="signed for {at}", zh="已签收 {at}").format(at=short_time(one.confirmed_at))
                chip = parts.Chip(look.first(got), "ok", "complete")
            else:
                chip = parts.Chip(look.first(Text(en="waiting for the receipt", zh="等待回执")), "info", "not_due")
            grid.addWidget(chip, index, 3)
        grid.setColumnStretch(4, 1)
        made: list[parts.Content] = [parts.words(look.first(title), "heading"), holder]
        if not now.bundles:
            says = Text(
                en="Nothing was sent yet. Ctrl E writes the first bundle.", zh="尚未送出。按 Ctrl E 导出第一个数据包。"
            )
            made.append(parts.words(look.first(says), "text", "ink2"))
        never = Text(
            en="Without a signed receipt this desk calls nothing received.",
            zh="没有签名回执之前，本机不会把任何数据标为“已收到”。",
        )
        return parts.plane(
            "card", *made, None, parts.words(look.first(never), "small", "ink2"), gap=12, margins=(20, 14, 20, 14)
        )

    def show_certificates(self) -> None:
        """Show whose certificate ends when, and let it be renewed."""
        from trialdesk.ui.certificates_dialog import CertificatesDialog

        CertificatesDialog(self._desk, self).exec()
        self.certificates.say(self._certificates_words())

    def _certificates_words(self) -> Text:
        """The name of the button; it counts the certificates that end soon or are missing."""
        from trialdesk.services.certificates import standings

        waiting = sum(1 for one in standings(self._desk) if one.why is not None)
        if not waiting:
            return Text(en="Certificates", zh="证书")
        return Text(en="Certificates: {n} to renew", zh="证书：{n} 份待更新").format(n=waiting)

    def _backup(self) -> QWidget:
        state, now = backup_state(self._desk), self._desk.session.clock.now()
        late = is_late(state, now)
        since = Text(en="new since then: {n}", zh="此后新增 {n} 条").format(n=state.since)
        where = Text(
            en="Automatic every half hour and when you leave, into {folder}. Each one is opened and checked.",
            zh="每半小时及退出时自动备份到 {folder}，每次均打开并校验。",
        ).format(folder=state.folder)
        self.back_up = parts.Button(Text(en="Back up to a stick…", zh="备份到 U 盘…"), shape="usb")
        self.back_up.clicked.connect(self.choose_backup_folder)
        words = parts.column(
            parts.words(look.first(backup_sentence(state, now)), "heading", "warn" if late else "ink"),
            parts.words(look.first(where), "small", "ink2", wrap=True),
            gap=2,
        )
        chips = (
            [parts.Chip(look.first(since), "warn" if late else "info", "soft" if late else "usb")]
            if state.since
            else []
        )
        line = parts.row(parts.icon("usb", 22, "warn" if late else "ok"), words, *chips, self.back_up, gap=12)
        line.layout().setStretch(1, 1)  # type: ignore[union-attr]
        return parts.plane("card", line, margins=(20, 10, 20, 10))

    def choose_backup_folder(self) -> None:
        """Ask for a folder or stick, back up to it now, and keep to it from now on."""
        title = look.first(Text(en="Folder or stick for backups", zh="选择备份用的 U 盘或文件夹"))
        chosen = QFileDialog.getExistingDirectory(self, title)
        if chosen:
            self.back_up_to(Path(chosen))

    def back_up_to(self, folder: Path) -> None:
        """Back up into a folder, which is used from then on."""
        choose_folder(self._desk, folder)
        self.back_up.forbid(Text(en="Writing and checking…", zh="正在写入并校验…"))
        job.start(self, lambda: make_backup(self._desk, folder), self._backed_up, self._failed)

    def _backed_up(self, made: MadeBackup) -> None:
        note_backup(self._desk, made)
        self.refresh()
        says = Text(
            en="Backup written to {folder}: records 1 to {n}, opened, every seal holds.",
            zh="已备份到 {folder}：第 1～{n} 条，已打开校验，封印完整。",
        )
        self.say(says.format(folder=made.path.parent, n=made.up_to))
        self.changed.emit()

    def choose_folder(self) -> None:
        """Ask where the bundle goes and write it."""
        title = look.first(Text(en="Folder or stick for the bundle", zh="选择 U 盘或文件夹"))
        chosen = QFileDialog.getExistingDirectory(self, title)
        if chosen:
            self.send_to(Path(chosen))

    def send_to(self, folder: Path) -> None:
        """Write a bundle into a folder."""
        self.send.forbid(Text(en="Writing…", zh="正在写入…"))
        job.start(self, lambda: send(self._desk, folder), self._sent, self._failed)

    def _sent(self, outcome: SentBundle | Refusal) -> None:
        self.send.forbid(None)
        if isinstance(outcome, Refusal):
            self.say(outcome.says)
            return
        says = Text(
            en="Wrote {file} with records {a} to {b}. Take the stick to the centre; its receipt comes back here.",
            zh="已写入 {file}，含第 {a}～{b} 条。请将 U 盘带到中心，回执带回后在此读入。",
        )
        self.refresh()
        self.say(says.format(file=outcome.path.name, a=outcome.first, b=outcome.last))
        self.changed.emit()

    def choose_receipt(self) -> None:
        """Ask for the centre's receipt and take it in."""
        title = look.first(Text(en="The centre's receipt", zh="中心回执"))
        chosen, _ = QFileDialog.getOpenFileName(self, title)
        if chosen:
            self.take(Path(chosen))

    def take(self, path: Path) -> None:
        """Take in a receipt."""
        job.start(self, lambda: self._receive(path), self._taken, self._failed)

    def _receive(self, path: Path) -> Standing | Refusal:
        from trialdesk.services.release_news import make_ready

        outcome = take_receipt(self._desk, path)
        make_ready(self._desk)
        return outcome

    def _taken(self, outcome: Standing | Refusal) -> None:
        if isinstance(outcome, Refusal):
            self.say(outcome.says)
            return
        from trialdesk.services.amendment import take_up

        said = Text(en="Receipt taken in. {s}.", zh="回执已读入。{s}。").format(s=centre_sentence(outcome))
        before = self._desk.study.version
        if take_up(self._desk):
            more = Text(
                en="{said} Study release {v} is in use; Today says for whom.",
                zh="{said}研究版本 {v} 已启用；适用范围见“今日”。",
            )
            if self._desk.study.version == before:
                more = Text(
                    en="{said} What the centre sent is in use; Today says what it changes.",
                    zh="{said}中心发布的内容已启用；变化见“今日”。",
                )
            said = more.format(said=said, v=self._desk.study.version)
        self.refresh()
        self.say(said)
        self.changed.emit()

    def choose_workbook(self) -> None:
        """Ask for the NCI's CTCAE workbook and take in its wording."""
        title = look.first(Text(en="CTCAE v5.0 workbook of the NCI", zh="NCI 的 CTCAE 5.0 工作簿"))
        chosen, _ = QFileDialog.getOpenFileName(self, title, "", "*.xlsx")
        if chosen:
            self.import_wording(Path(chosen))

    def import_wording(self, path: Path) -> None:
        """Check a workbook and keep its wording with the desk."""
        from trialdesk.services.terminology_import import adopt

        job.start(self, lambda: adopt(self._desk, path), self._worded, self._failed)

    def _worded(self, outcome: WorkbookCheck | Refusal) -> None:
        if isinstance(outcome, Refusal):
            self.say(outcome.says)
            return
        says = Text(
            en="NCI wording imported: {n} terms, {m} classes, no difference. Picker and CRF show it from now on.",
            zh="已导入 NCI 原文：{n} 条术语，{m} 个系统器官分类，无差异。此后选择分级和打印 CRF 均显示原文。",
        )
        self.say(says.format(n=outcome.terms, m=outcome.classes))
        self.changed.emit()

    def _failed(self, fault: KnownError) -> None:
        self.send.forbid(None)
        self.back_up.forbid(None)
        self.say(fault.text)

    def say(self, text: Text) -> None:
        """Say what an act came to."""
        self._said.setText(look.first(text))
        self._said.setAccessibleName(look.both(text))
        self._said.show()

    def said(self) -> str:
        """What was said last, or an empty text."""
        return self._said.text() if not self._said.isHidden() else ""
