"""The frame round every screen: navigation rail, strip of the participant, status bar."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from trialdesk.domain.admin.role import ROLE_WORDS, Act, Role, may
from trialdesk.domain.admin.user import User
from trialdesk.domain.text import Text
from trialdesk.services.worklist import SubjectSummary
from trialdesk.ui import icons, look, parts

_SEALS: dict[bool | None, tuple[str, str, Text]] = {
    None: ("not_due", "ink3", Text(en="checking seals", zh="正在核对封印")),
    True: ("complete", "ok", Text(en="seals whole", zh="封印完整")),
    False: ("hard", "hard", Text(en="seals broken", zh="封印不完整")),
}


class RailButton(QAbstractButton):
    """Icon above word; the current place has plate, bar and strong word."""

    def __init__(self, name: str, text: Text, shape: str, checkable: bool = True) -> None:
        super().__init__()
        self.name, self._shape = name, shape
        self.setText(look.first(text))
        self.setAccessibleName(look.both(text))
        self.setToolTip(look.second(text))
        self.setCheckable(checkable)
        self.setFixedSize(76, 58)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(76, 58)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        painter.setPen(QPen(look.color("accent"), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        if on or self.hasFocus():
            painter.setBrush(look.color("selected" if on else "window"))
            painter.drawRoundedRect(QRectF(6, 3, 64, 52), 9, 9)
        if on:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("accent"))
            painter.drawRoundedRect(QRectF(0, 16, 3, 26), 1.5, 1.5)
        tone = "accent" if on else "ink2"
        icons.draw(painter, self._shape, QRectF(28, 8, 20, 20), tone, "window")
        painter.setPen(look.color(tone))
        painter.setFont(look.font("smallstrong" if on else "small"))
        if painter.fontMetrics().horizontalAdvance(self.text()) > self.width() - 14:
            painter.setFont(look.font("micro"))
        painter.drawText(QRectF(2, 31, 72, 20), Qt.AlignmentFlag.AlignCenter, self.text())


class NavigationRail(QFrame):
    """The places of the window that this role may see, and below them language, theme and lock."""

    chosen = Signal(str)

    def __init__(self, role: Role) -> None:
        super().__init__()
        self.setProperty("plane", "window")
        self.setFixedWidth(76)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 10, 0, 8)
        layout.setSpacing(2)
        layout.addWidget(parts.icon("trialdesk", 30, "fill"), 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(8)
        self.buttons: dict[str, RailButton] = {}
        for name, text, shape in (
            ("today", Text(en="Today", zh="今日"), "in_window"),
            ("subjects", Text(en="Participants", zh="受试者"), "people"),
            ("transfer", Text(en="Transfer", zh="传输"), "transfer"),
            ("inspector", Text(en="Inspection", zh="检查资料"), "search"),
        ):
            self._add(layout, RailButton(name, text, shape))
        self.buttons["subjects"].setVisible(may(role, Act.VIEW))
        self.buttons["inspector"].setVisible(role is Role.INSPECTOR)
        layout.addStretch(1)
        dark = look.is_dark()
        for name, text, shape in (
            ("language", Text(en="中文", zh="English"), "language"),
            ("theme", Text(en="Light" if dark else "Dark", zh="浅色" if dark else "深色"), "theme"),
            ("lock", Text(en="Lock", zh="锁定"), "locked"),
        ):
            self._add(layout, RailButton(name, text, shape, checkable=False))

    def _add(self, layout: QVBoxLayout, button: RailButton) -> None:
        button.clicked.connect(lambda _=False, name=button.name: self.chosen.emit(name))
        self.buttons[button.name] = button
        layout.addWidget(button)

    def mark(self, name: str) -> None:
        """Show where one is."""
        for button in self.buttons.values():
            if button.isCheckable():
                button.setChecked(button.name == name)


class Strip(QFrame):
    """Whose record, which day, and who is at work; tinted in the participant's colour."""

    def __init__(
        self, user: User, summary: SubjectSummary | None = None, title: Text | None = None, more: Text | None = None
    ) -> None:
        super().__init__()
        self._subject = summary.subject if summary else None
        self.setFixedHeight(52)
        across = QHBoxLayout(self)
        across.setContentsMargins(16, 0, 16, 0)
        across.setSpacing(12)
        if summary is not None:
            self._person(across, summary)
        elif title is not None:
            across.addWidget(parts.words(look.first(title), "title"))
            if more is None:
                across.addWidget(parts.words(look.second(title), "text", "ink3"))
            else:
                across.addWidget(parts.words(look.first(more), "body", "ink2"))
                across.addWidget(parts.words(f"{look.second(title)}, {look.second(more)}", "small", "ink3"))
        across.addStretch(1)
        self.marks = QHBoxLayout()
        across.addLayout(self.marks)
        self.find = parts.Button(Text(en="Find", zh="查找、跳转"), key="Ctrl K", shape="search", high=32)
        self.find.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        across.addWidget(self.find)
        across.addWidget(
            parts.column(
                parts.words(look.first(user.name), "strong"),
                parts.words(look.first(ROLE_WORDS[user.role]), "small", "ink3"),
                gap=0,
            )
        )

    def _person(self, across: QHBoxLayout, summary: SubjectSummary) -> None:
        across.addWidget(parts.Plate(summary.subject))
        across.addWidget(parts.words(summary.initials, "title"))
        about = [look.first(summary.sex)] if summary.sex else []
        if summary.age is not None:
            about.append(look.first(Text(en=f"{summary.age} years", zh=f"{summary.age} 岁")))
        across.addWidget(parts.words(("，" if look.language() == "zh" else ", ").join(about), "body", "ink2"))
        across.addWidget(parts.Line(upright=True))
        day: list[parts.Content] = [parts.words(look.first(summary.day_text), "strong")]
        if summary.disease is not None:
            day.append(parts.words(look.first(summary.disease), "small", "ink2"))
        across.addWidget(parts.column(*day, gap=0))
        self.setAccessibleName(f"{summary.subject} {summary.initials} {' '.join(about)} {look.first(summary.day_text)}")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.color("window"))
        if self._subject is None:
            return
        tint = look.color(look.hue(self._subject))
        painter.fillRect(0, self.height() - 2, self.width(), 2, tint)
        tint.setAlphaF(0.22 if look.is_dark() else 0.09)
        painter.fillRect(self.rect(), tint)


class Alarm(QFrame):
    """A banner across the window for what must not be overlooked; it cannot be closed."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("plane", "hard")
        across = QHBoxLayout(self)
        across.setContentsMargins(16, 8, 16, 8)
        across.setSpacing(10)
        across.addWidget(parts.icon("hard", 20, "hard", "hard_soft"))
        self._says = parts.words("", "strong", "hard", wrap=True)
        across.addWidget(self._says, 1)
        self.hide()

    def say(self, says: Text) -> None:
        """Show what happened and what to do."""
        self._says.setText(look.first(says))
        self.setAccessibleName(look.both(says))
        self.show()

    def said(self) -> str:
        """The words shown now, or an empty text."""
        return self._says.text() if not self.isHidden() else ""


class StatusBar(QFrame):
    """Saved, how far the centre has it, and the keys that work in this field."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("plane", "window")
        self.setFixedHeight(30)
        across = QHBoxLayout(self)
        across.setContentsMargins(16, 0, 16, 0)
        across.setSpacing(6)
        self._saved_icon = parts.icon("check", 15, "ok", "window")
        self._saved = parts.words("", "small", "ink2")
        self._centre = parts.words("", "small", "ink2")
        self._seals_icon = QLabel()
        self._seals_icon.setFixedSize(15, 15)
        self._seals = parts.words("", "small", "ink2")
        for one in (self._saved_icon, self._saved):
            across.addWidget(one)
        across.addSpacing(14)
        across.addWidget(parts.icon("inbox", 15, "ink3", "window"))
        across.addWidget(self._centre)
        across.addSpacing(14)
        across.addWidget(self._seals_icon)
        across.addWidget(self._seals)
        across.addSpacing(14)
        self._backup_icon = parts.icon("usb", 15, "ink3", "window")
        self._backup = parts.words("", "small", "ink2")
        across.addWidget(self._backup_icon)
        across.addWidget(self._backup)
        across.addStretch(1)
        self._keys = QHBoxLayout()
        self._keys.setSpacing(6)
        across.addLayout(self._keys)
        self._shown: tuple[tuple[str, Text], ...] = ()
        self.show_saved(None)
        self.show_seals(None)

    def show_saved(self, at: str | None) -> None:
        """The time of the last durable commit of this session."""
        text = Text(en="Saved {at}", zh="已保存 {at}").format(at=at) if at else Text(en="All saved", zh="全部已保存")
        self._saved.setText(look.first(text))

    def saved(self) -> str:
        """What is said about saving."""
        return self._saved.text()

    def show_centre(self, text: Text) -> None:
        """How far the centre has it."""
        self._centre.setText(look.first(text))

    def show_seals(self, whole: bool | None) -> None:
        """What checking the seals of the trail found; None while it goes on."""
        shape, tone, says = _SEALS[whole]
        self._seals_icon.setPixmap(icons.pixmap(shape, 15, tone, "window"))
        self._seals.setText(look.first(says))
        self._seals.setAccessibleName(look.both(says))

    def seals(self) -> str:
        """What is said about the seals."""
        return self._seals.text()

    def show_backup(self, text: Text, late: bool) -> None:
        """How old the last backup is; it warns when there is work that no backup of the last day holds."""
        self._backup_icon.setPixmap(icons.pixmap("soft" if late else "usb", 15, "warn" if late else "ink3", "window"))
        self._backup.setText(look.first(text))
        self._backup.setAccessibleName(look.both(text))

    def backup(self) -> str:
        """What is said about the backup."""
        return self._backup.text()

    def show_keys(self, keys: tuple[tuple[str, Text], ...]) -> None:
        """Up to three keys that work here."""
        if keys == self._shown:
            return
        self._shown = keys
        parts.empty(self._keys)
        for key, text in keys:
            self._keys.addWidget(parts.KeyCap(key))
            label: QWidget = parts.words(look.first(text), "small", "ink2")
            self._keys.addWidget(label)
            self._keys.addSpacing(6)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        QPainter(self).fillRect(0, 0, self.width(), 1, look.color("line"))
