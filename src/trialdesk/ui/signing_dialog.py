"""Signing: left the very pages that are signed, right what was checked, what the signature means, and the credential."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.admin.role import ROLE_WORDS, Act, may
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.casebook import Casebook
from trialdesk.services.desk import OpenDesk
from trialdesk.services.signing import Prepared, Signed, sign
from trialdesk.ui import job, look, parts
from trialdesk.ui.audit_view import changes_since_signed
from trialdesk.ui.boxes import Combo

PAGE_WIDTH = 500


def page_pictures(pdf: bytes, width: int = PAGE_WIDTH) -> list[QPixmap]:
    """The pages of a PDF as pictures, two dots for each point of the screen."""
    import pypdfium2

    made = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            bitmap = page.render(scale=2 * width / page.get_width(), rev_byteorder=True, prefer_bgrx=True)
            image = QImage(
                bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGBX8888
            )
            picture = QPixmap.fromImage(image)
            picture.setDevicePixelRatio(2)
            made.append(picture)
    return made


class Lead(QFrame):
    """One line that was looked at before signing; one that names a field leads there by click or Enter."""

    chosen = Signal(object)

    def __init__(
        self, fine: bool, says: Text, path: ItemPath | None, shape: str | None = None, tone: str | None = None
    ) -> None:
        super().__init__()
        self.fine, self.says, self.path = fine, says, path
        across = QHBoxLayout(self)
        across.setContentsMargins(4, 3, 4, 3)
        across.setSpacing(9)
        mark = parts.icon(shape or ("complete" if fine else "soft"), 18, tone or ("ok" if fine else "warn"))
        across.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        across.addWidget(parts.words(look.first(says), "text", wrap=True), 1)
        self.setAccessibleName(look.both(says))
        if path is not None:
            across.addWidget(parts.icon("right", 16, "accent"), 0, Qt.AlignmentFlag.AlignTop)
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setAccessibleDescription(look.both(Text(en="Enter goes to the field", zh="按 Enter 前往该字段")))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.path is not None and self.rect().contains(event.position().toPoint()):
            self.chosen.emit(self.path)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.path is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self.path)
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(look.color("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)


class SigningDialog(QDialog):
    """Shows every page, then lets an investigator sign; `signed` holds the outcome."""

    path_wanted = Signal(object)

    def __init__(
        self, desk: OpenDesk, casebook: Casebook, form: FormPath, prepared: Prepared, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._casebook, self._form, self._prepared = desk, casebook, form, prepared
        self.signed: Signed | None = None
        self.setWindowTitle(look.first(Text(en="Sign form", zh="签署表单")))
        self.resize(1000, 690)
        self._pages = page_pictures(prepared.pdf)
        self._seen: set[int] = set()
        self.page = 0
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._head())
        outer.addWidget(parts.Line())
        across = QHBoxLayout()
        across.setSpacing(0)
        outer.addLayout(across, 1)
        across.addWidget(self._left(), 1)
        across.addWidget(parts.Line(upright=True))
        across.addWidget(self._right())
        self.show_page(0)
        self.passphrase.setFocus()

    def _head(self) -> QWidget:
        title = Text(en="Sign form", zh="签署表单")
        label = self._desk.study.form[self._form.form].label
        visit = self._desk.study.event[self._form.event].label
        about = f"{self._casebook.data.initials}  {look.first(visit)}  {look.first(label)}"
        return parts.plane(
            "surface",
            parts.icon("signed", 22, "fill"),
            parts.words(look.first(title), "title"),
            parts.words(look.second(title), "text", "ink3"),
            parts.Plate(self._casebook.subject, 48, 28),
            parts.words(about, "text", "ink2"),
            None,
            gap=10,
            margins=(22, 12, 16, 12),
            across=True,
        )

    def _left(self) -> QWidget:
        self._number = parts.words("", "text", "ink2")
        back = parts.Button(Text(en="Previous page", zh="上一页"), "quiet", "PgUp", "left", 30)
        following = parts.Button(Text(en="Next page", zh="下一页"), "quiet", "PgDn", "right", 30)
        back.clicked.connect(lambda: self.show_page(self.page - 1))
        following.clicked.connect(lambda: self.show_page(self.page + 1))
        for one in (back, following):
            one.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        what = parts.words(
            look.first(Text(en="The pages that are kept and signed", zh="将被保存并签名的页面")), "smallstrong"
        )
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        area.setWidget(self._picture)
        return parts.plane(
            "window", parts.row(what, None, back, self._number, following), area, gap=6, margins=(16, 8, 8, 8)
        )

    def _right(self) -> QWidget:
        made = parts.plane("surface", gap=7, margins=(20, 12, 20, 16))
        made.setFixedWidth(400)
        layout = made.layout()
        assert isinstance(layout, QVBoxLayout)
        lines = self._prepared.lines
        fine = sum(1 for line in lines if line.fine)
        ready = fine == len(lines)
        head = Text(en="Before signing", zh="签署前核对")
        chip = parts.Chip(f"{fine} / {len(lines)}", "ok" if ready else "warn", "complete" if ready else "soft")
        layout.addWidget(parts.row(parts.words(look.first(head), "heading"), None, chip))
        layout.addWidget(self._checked(), 1)
        layout.addWidget(parts.Line())
        meaning = self._prepared.meaning
        layout.addWidget(
            parts.plane(
                "sunken",
                parts.words(look.first(Text(en="Meaning", zh="含义")), "smallstrong", "ink2"),
                parts.words(look.first(meaning), "body", wrap=True),
                parts.words(look.second(meaning), "small", "ink3", wrap=True),
                gap=3,
                margins=(12, 8, 12, 8),
            )
        )
        self._credential(layout)
        return made

    def _checked(self) -> QWidget:
        """What was checked and what changed since the last signature; what has a field leads to it."""
        self.lines = [Lead(line.fine, line.says, line.path) for line in self._prepared.lines]
        self.changes = [Lead(True, says, path, "changed", "info") for says, path in self._changes()]
        for lead in (*self.lines, *self.changes):
            lead.chosen.connect(self._go_to)
        shown: list[parts.Content] = [*self.lines]
        if self.changes:
            title = Text(en="Changed since the last signature", zh="上次签名后的更改")
            shown += [parts.words(look.first(title), "smallstrong", "ink2"), *self.changes]
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        ground = parts.column(*shown, None, gap=3)
        ground.setProperty("clear", "true")
        area.setWidget(ground)
        return area

    def _changes(self) -> list[tuple[Text, ItemPath]]:
        return changes_since_signed(self._casebook, self._form)

    def _go_to(self, path: ItemPath) -> None:
        self.reject()
        self.path_wanted.emit(path)

    def _credential(self, layout: QVBoxLayout) -> None:
        layout.addWidget(parts.words(look.first(Text(en="Who signs", zh="签署人")), "smallstrong", "ink2"))
        self.person = Combo()
        self.person.setFixedHeight(34)
        self.person.setAccessibleName(look.both(Text(en="Who signs", zh="签署人")))
        for user in self._desk.users:
            if may(user.role, Act.SIGN):
                self.person.addItem(f"{look.first(user.name)}  {look.first(ROLE_WORDS[user.role])}", user.id)
        mine = self.person.findData(self._desk.session.user.id)
        self.person.setCurrentIndex(max(0, mine))
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

    def show_page(self, number: int) -> None:
        """Show one page; signing waits until every page was shown."""
        if not 0 <= number < len(self._pages):
            return
        self.page = number
        self._seen.add(number)
        self._picture.setPixmap(self._pages[number])
        self._picture.setAccessibleName(
            look.both(Text(en="Page {a} of {b}", zh="第 {a} 页，共 {b} 页").format(a=number + 1, b=len(self._pages)))
        )
        self._number.setText(f"{number + 1} / {len(self._pages)}")
        self._allow()

    def _allow(self) -> None:
        why: Text | None = None
        open_line = next((line for line in self._prepared.lines if not line.fine), None)
        if open_line is not None:
            why = Text(en="Not yet: {why}", zh="暂不能签署：{why}").format(why=open_line.says)
        elif len(self._seen) < len(self._pages):
            why = Text(
                en="Look at every page first (PgDn): {n} not shown yet.",
                zh="请先看完所有页面（PgDn），还有 {n} 页未显示。",
            ).format(n=len(self._pages) - len(self._seen))
        self.act.forbid(why)
        self._say(why, "ink2")

    def _say(self, text: Text | None, tone: str) -> None:
        self._said.setText(look.first(text) if text else "")
        self._said.setProperty("tone", tone)
        self._said.style().polish(self._said)

    def said(self) -> str:
        """What stands under the passphrase."""
        return self._said.text()

    def _sign(self) -> None:
        if not self.act.isEnabled():
            return
        passphrase, user = self.passphrase.text(), self.person.currentData()
        self.act.forbid(Text(en="Signing…", zh="正在签署…"))
        self._say(Text(en="Signing…", zh="正在签署…"), "ink2")
        work: Callable[[], Any] = lambda: sign(self._desk, self._casebook, self._form, passphrase, user)  # noqa: E731
        job.start(self, work, self._done, self._failed)

    def _done(self, outcome: Signed | Refusal) -> None:
        if isinstance(outcome, Refusal):
            self._refuse(outcome.says)
            return
        self.signed = outcome
        self.accept()

    def _failed(self, fault: KnownError) -> None:
        self._refuse(fault.text)

    def _refuse(self, says: Text) -> None:
        self.act.forbid(None)
        self._say(says, "hard")
        self.passphrase.selectAll()
        self.passphrase.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_PageDown:
            self.show_page(self.page + 1)
        elif event.key() == Qt.Key.Key_PageUp:
            self.show_page(self.page - 1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return
        else:
            super().keyPressEvent(event)
