"""After minutes away the page is covered: who goes on says first which participant is at hand."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from trialdesk.domain.text import Text
from trialdesk.services.worklist import SubjectSummary
from trialdesk.ui import look, parts


class Cover(QFrame):
    """Stands over the whole window until the participant's number is typed or scanned.

    The number itself is not shown: it is read off the wristband or the source, not off this screen.
    """

    confirmed = Signal()
    other_wanted = Signal(str)
    left = Signal()

    def __init__(self, window: QWidget, about: SubjectSummary, known: Collection[str]) -> None:
        super().__init__(window)
        self._subject, self._known = about.subject, tuple(known)
        self.setGeometry(window.rect())
        window.installEventFilter(self)
        title = Text(en="Who is at hand?", zh="请核对受试者")
        away = Text(
            en="This page was left for five minutes. Type the participant's number from the wristband or the source, "
            "the last three digits are enough; a scanner may type it.",
            zh="离开本页已满 5 分钟。请按腕带或源文件输入受试者编号（末 3 位即可，可扫码）。",
        )
        person = [look.first(about.sex)] if about.sex else []
        if about.age is not None:
            person.append(look.first(Text(en=f"{about.age} years", zh=f"{about.age} 岁")))
        who = parts.row(
            _Hue(about.subject),
            parts.words(about.initials, "title"),
            parts.words("，".join(person) if look.language() == "zh" else ", ".join(person), "body", "ink2"),
            parts.words(look.first(about.day_text), "strong"),
            None,
            gap=12,
        )
        self.box = QLineEdit()
        self.box.setFixedHeight(38)
        self.box.setMaximumWidth(160)
        self.box.setPlaceholderText("· · ·")
        self.box.setAccessibleName(look.both(Text(en="Participant's number", zh="受试者编号")))
        self.box.textEdited.connect(self._typed)
        self.box.returnPressed.connect(self._check)
        self.box.installEventFilter(self)
        leave = parts.Button(Text(en="Leave this participant", zh="离开该受试者"), key="Esc")
        leave.clicked.connect(self.left)
        self._fault = parts.words("", "strong", "hard", wrap=True)
        self._fault.hide()
        self.go = parts.Button(Text(en="Open", zh="打开"), high=34)
        self.go.hide()
        self.go.clicked.connect(lambda: self.other_wanted.emit(self._other))
        self._other = ""
        self.card = parts.plane(
            "card",
            parts.row(parts.icon("person", 22, "hard"), parts.bilingual(title, "title"), None, gap=12),
            who,
            parts.words(look.first(away), "text", "ink2", wrap=True),
            parts.row(self.box, self.go, None, leave, gap=10),
            self._fault,
            gap=14,
            margins=(24, 20, 24, 20),
        )
        self.card.setParent(self)
        self._fit()
        self.show()
        self.raise_()
        self.box.setFocus()

    def _fit(self) -> None:
        wide = min(560, self.width() - 40)
        layout = self.card.layout()
        assert isinstance(layout, QVBoxLayout)
        high = max(layout.heightForWidth(wide), layout.sizeHint().height())
        self.card.setGeometry((self.width() - wide) // 2, max(20, (self.height() - high) // 3), wide, high)

    def _typed(self, text: str) -> None:
        digits = look.number_of(text.strip())
        if len(digits) >= len(look.number_of(self._subject)):
            self._check()

    def _check(self) -> None:
        typed = self.box.text().strip()
        digits = look.number_of(typed)
        if typed == self._subject or digits == look.number_of(self._subject):
            self.remove()
            self.confirmed.emit()
            return
        self._other = next((one for one in self._known if digits == look.number_of(one)), "")
        here = look.number_of(self._subject)
        says = Text(
            en="Stop: {typed} is at hand, but this page belongs to {here}. Check the participant.",
            zh="请停止：手边是 {typed}，而本页属于 {here}。请核对受试者。",
        )
        if not self._other:
            says = Text(
                en="No participant {typed} on this desk. This page belongs to another number; check it.",
                zh="本工作台没有受试者 {typed}，本页属于其他编号，请核对。",
            )
        self._fault.setText(look.first(says.format(typed=digits, here=here)))
        self._fault.setAccessibleName(look.both(says.format(typed=digits, here=here)))
        self._fault.show()
        self.go.setVisible(bool(self._other))
        if self._other:
            self.go.say(Text(en="Open {n}", zh="打开 {n}").format(n=digits))
        self.box.selectAll()
        self._fit()

    def fault(self) -> str:
        """What does not match, or an empty text."""
        return self._fault.text() if not self._fault.isHidden() else ""

    def remove(self) -> None:
        """Uncover the page."""
        window = self.parentWidget()
        if window is not None:
            window.removeEventFilter(self)
        self.hide()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.parentWidget() and event.type() == QEvent.Type.Resize:
            self.setGeometry(self.parentWidget().rect())
            self._fit()
        elif watched is self.box and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self.left.emit()
                return True
            if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                (self.go if self.go.isVisible() else self.box).setFocus()
                return True
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.color("window"))
        painter.fillRect(0, 0, self.width(), 6, look.color("hard"))


class _Hue(QWidget):
    """The participant's colour without the number."""

    def __init__(self, subject: str) -> None:
        super().__init__()
        self._subject = subject
        self.setFixedSize(52, 32)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color(look.hue(self._subject)))
        painter.drawRoundedRect(self.rect(), 6, 6)
