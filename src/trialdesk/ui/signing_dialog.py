"""Signing: left the very pages that are signed, right what was checked, what the signature means, and the credential.

Data entry signs first, then the investigator, in the same window if both stand there. With several papers a list of
them stands at the far left, and one passphrase signs every paper whose pages were all shown.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QListWidget, QVBoxLayout, QWidget

from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.actions.signing import ACT
from trialdesk.domain.admin.role import ROLE_WORDS, may
from trialdesk.domain.admin.signature_def import FIELD_WORDS
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.casebook import Casebook
from trialdesk.services.desk import OpenDesk
from trialdesk.services.signing import Prepared, Signed, certify, prepare, sign
from trialdesk.services.signing_batch import Batch, sign_shown
from trialdesk.ui import job, look, parts
from trialdesk.ui.boxes import Combo
from trialdesk.ui.lead import Lead
from trialdesk.ui.paper_view import PaperView, page_pictures
from trialdesk.ui.signing_checks import SigningChecks

__all__ = ["Lead", "SigningDialog", "page_pictures"]


@dataclass
class Paper:
    """One form to be signed, which of its pages were shown, and for how many seconds it was in sight."""

    casebook: Casebook
    prepared: Prepared
    seen: set[int] = field(default_factory=set)
    all_seen: bool = False
    in_sight: float = 0.0
    done: bool = False


class SigningDialog(QDialog):
    """Shows every page, then lets data entry and the investigator sign.

    `certified` and `signed` hold what was signed last in each part; `batch` what became of a series.
    """

    path_wanted = Signal(object)

    def __init__(
        self,
        desk: OpenDesk,
        casebook: Casebook,
        form: FormPath,
        prepared: Prepared,
        parent: QWidget | None = None,
        more: Sequence[tuple[Casebook, Prepared]] = (),
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self.papers = [Paper(casebook, prepared), *(Paper(*one) for one in more)]
        self._at = 0
        self._since = time.monotonic()
        self.certified: Signed | None = None
        self.signed: Signed | None = None
        self.batch: Batch | None = None
        self.setWindowTitle(look.first(Text(en="Sign form", zh="签署表单")))
        self.resize(1180 if more else 1000, 690)
        self._head = parts.plane("surface", gap=10, margins=(22, 12, 16, 12), across=True)
        self._checks = parts.column(gap=1)
        self._pages = PaperView()
        self._pages.turned.connect(self._allow)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._head)
        outer.addWidget(parts.Line())
        across = QHBoxLayout()
        across.setSpacing(0)
        outer.addLayout(across, 1)
        self._list = QListWidget()
        if more:
            across.addWidget(self._papers_list())
            across.addWidget(parts.Line(upright=True))
        across.addWidget(self._pages, 1)
        across.addWidget(parts.Line(upright=True))
        across.addWidget(self._right())
        self._open(0)
        self.passphrase.setFocus()

    # -- what stands where

    @property
    def paper(self) -> Paper:
        """The paper in sight."""
        return self.papers[self._at]

    @property
    def prepared(self) -> Prepared:
        """What is signed next."""
        return self.paper.prepared

    @property
    def page(self) -> int:
        """The page in sight, from 0."""
        return self._pages.page

    @property
    def lines(self) -> list[Lead]:
        """What was checked."""
        return self._shown.lines

    @property
    def changes(self) -> list[Lead]:
        """What changed since the last signature."""
        return self._shown.changes

    def _papers_list(self) -> QWidget:
        self._list.setFixedWidth(190)
        self._list.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._list.setAccessibleName(look.both(Text(en="Forms to sign", zh="待签署的表单")))
        for paper in self.papers:
            form = paper.prepared.form
            label = look.first(paper.casebook.study(form).form[form.form].label)
            self._list.addItem(f"{paper.casebook.subject}  {form.event}{form.repeat}\n{label}")
            self._list.item(self._list.count() - 1).setSizeHint(QSize(180, 58))
        self._list.currentRowChanged.connect(self._open)
        return self._list

    def _right(self) -> QWidget:
        made = parts.plane("surface", gap=7, margins=(20, 12, 20, 16))
        made.setFixedWidth(400)
        layout = made.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.addWidget(self._checks, 1)
        layout.addWidget(parts.words(look.first(Text(en="Who signs", zh="签署人")), "smallstrong", "ink2"))
        self.person = Combo()
        self.person.setFixedHeight(34)
        self.person.setAccessibleName(look.both(Text(en="Who signs", zh="签署人")))
        layout.addWidget(self.person)
        again = Text(en="That person's passphrase", zh="签署人再次输入口令")
        layout.addWidget(parts.words(look.first(again), "smallstrong", "ink2"))
        self.passphrase = QLineEdit()
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setFixedHeight(36)
        self.passphrase.setAccessibleName(look.both(again))
        self.passphrase.returnPressed.connect(self._sign)
        self.act = parts.Button(Text(en="Sign", zh="签署"), "primary", "Enter", "pen", 36)
        self.act.clicked.connect(self._sign)
        line = parts.row(self.passphrase, self.act, gap=12)
        line.layout().setStretch(0, 1)  # type: ignore[union-attr]
        layout.addWidget(line)
        self._said = parts.words("", "small", "ink2", wrap=True)
        layout.addWidget(self._said)
        return made

    def _open(self, number: int) -> None:
        """Bring one paper into sight."""
        if not 0 <= number < len(self.papers):
            return
        self._count_sight()
        self._at = number
        if self._list.count() and self._list.currentRow() != number:
            self._list.setCurrentRow(number)
            return
        self._show_head()
        self._shown = SigningChecks(self.prepared)
        self._shown.chosen.connect(self._go_to)
        layout = self._checks.layout()
        assert layout is not None
        parts.empty(layout)
        layout.addWidget(self._shown)
        self._offer_people()
        self._pages.open(self.prepared.pdf, self.paper.seen)

    def _count_sight(self) -> None:
        """Add the time since the last look at the clock to the paper in sight."""
        now = time.monotonic()
        self.paper.in_sight += now - self._since
        self._since = now

    def _show_head(self) -> None:
        form, casebook = self.prepared.form, self.paper.casebook
        title = Text(en="Sign form", zh="签署表单")
        step = Text(en="Signature {n} of 2: {who}", zh="第 {n} / 2 个签名：{who}").format(
            n=1 if self.prepared.field == "DataEntry" else 2, who=FIELD_WORDS[self.prepared.field]
        )
        study = casebook.study(form)
        label, visit = study.form[form.form].label, study.event[form.event].label
        about = f"{casebook.data.initials}  {look.first(visit)}  {look.first(label)}"
        layout = self._head.layout()
        assert isinstance(layout, QHBoxLayout)
        parts.empty(layout)
        layout.addWidget(parts.icon("signed", 22, "fill"))
        layout.addWidget(parts.words(look.first(title), "title"))
        layout.addWidget(parts.words(look.second(title), "text", "ink3"))
        layout.addWidget(parts.Plate(casebook.subject, 48, 28))
        layout.addWidget(parts.words(about, "text", "ink2"))
        layout.addStretch(1)
        layout.addWidget(parts.Chip(look.first(step), "info", "pen"))

    def _offer_people(self) -> None:
        """The people who may give the signature that is due; the one at work stands first."""
        before = self.person.currentData()
        self.person.clear()
        for user in self._desk.users:
            if may(user.role, ACT[self.prepared.field]):
                self.person.addItem(f"{look.first(user.name)}  {look.first(ROLE_WORDS[user.role])}", user.id)
        kept = self.person.findData(before if before is not None else self._desk.session.user.id)
        self.person.setCurrentIndex(max(0, kept))

    # -- looking

    def show_page(self, number: int) -> None:
        """Show one page; signing waits until every page was shown. Beyond the last page comes the next paper."""
        if number >= self._pages.page + 1 and self._pages.page + 1 == self._pages.page_count and len(self.papers) > 1:
            self._open(self._at + 1)
            return
        self._pages.show_page(number)

    def _allow(self) -> None:
        self.paper.all_seen = self._pages.unseen == 0
        row = self._list.item(self._at) if self.paper.all_seen else None
        if row is not None and not row.text().startswith("✓"):
            row.setText(f"✓ {row.text()}")
        why = self._why_not()
        self.act.forbid(why)
        self._say(why, "ink2")

    def _why_not(self) -> Text | None:
        open_line = next((line for one in self.papers for line in one.prepared.lines if not line.fine), None)
        if open_line is not None:
            return Text(en="Not yet: {why}", zh="暂不能签署：{why}").format(why=open_line.says)
        if self._pages.unseen:
            return Text(
                en="Look at every page first (PgDn): {n} not shown yet.",
                zh="请先看完所有页面（PgDn），还有 {n} 页未显示。",
            ).format(n=self._pages.unseen)
        papers = sum(1 for one in self.papers if not one.all_seen)
        if papers:
            return Text(
                en="Look at every form first (PgDn): {n} not shown yet.",
                zh="请先看完所有表单（PgDn），还有 {n} 张未显示。",
            ).format(n=papers)
        return None

    def _go_to(self, path: ItemPath) -> None:
        self.reject()
        self.path_wanted.emit(path)

    # -- signing

    def _sign(self) -> None:
        if not self.act.isEnabled():
            return
        passphrase, user = self.passphrase.text(), self.person.currentData()
        self._count_sight()
        for one in self.papers:
            one.prepared = replace(one.prepared, read_seconds=round(one.in_sight))
        signing = Text(en="Signing…", zh="正在签署…")
        self.act.forbid(signing)
        self._say(signing, "ink2")
        work: Callable[[], Any] = lambda: self._give(passphrase, user)  # noqa: E731
        job.start(self, work, self._done, self._failed)

    def _give(self, passphrase: str, user: str) -> Signed | Refusal | Batch:
        if len(self.papers) > 1:
            return sign_shown(self._desk, [(one.casebook, one.prepared) for one in self.papers], passphrase, user)
        give = certify if self.prepared.field == "DataEntry" else sign
        paper = self.paper
        return give(self._desk, paper.casebook, self.prepared.form, passphrase, user, self.prepared)

    def _done(self, outcome: Signed | Refusal | Batch) -> None:
        if isinstance(outcome, Refusal):
            self._refuse(outcome.says)
        elif isinstance(outcome, Batch):
            self.batch = outcome
            self.accept()
        elif self.prepared.field == "Investigator":
            self.signed = outcome
            self.accept()
        else:
            self.certified = outcome
            self._next_signature()

    def _next_signature(self) -> None:
        """Data entry has signed: the investigator may sign now, or later from the same button of the form."""
        casebook = self.paper.casebook
        self._since = time.monotonic()
        self.papers[0] = Paper(casebook, prepare(self._desk, casebook, self.prepared.form))
        self.passphrase.clear()
        self._open(0)
        said = Text(
            en="Data entry has signed. The investigator may sign now, or close and sign later.",
            zh="数据录入者已签名。研究者可现在签署，也可关闭后另行签署。",
        )
        self._say(said, "ok")
        self.passphrase.setFocus()

    def _failed(self, fault: KnownError) -> None:
        self._refuse(fault.text)

    def _refuse(self, says: Text) -> None:
        self.act.forbid(None)
        self._say(says, "hard")
        self.passphrase.selectAll()
        self.passphrase.setFocus()

    def _say(self, text: Text | None, tone: str) -> None:
        self._said.setText(look.first(text) if text else "")
        self._said.setProperty("tone", tone)
        self._said.style().polish(self._said)

    def said(self) -> str:
        """What stands under the passphrase."""
        return self._said.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_PageDown:
            self.show_page(self.page + 1)
        elif event.key() == Qt.Key.Key_PageUp:
            self.show_page(self.page - 1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return
        else:
            super().keyPressEvent(event)
