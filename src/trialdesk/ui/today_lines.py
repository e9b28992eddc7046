"""The lines and tiles of Today: each is a button that one key opens."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton

from trialdesk.domain.text import Text
from trialdesk.services.today import Task
from trialdesk.ui import icons, look, parts
from trialdesk.ui.day_ruler import draw_ruler, when_words

HIGH = 53


def columns(width: int) -> tuple[int, int, int, int]:
    """Where act, window, what is missing and the word for going there begin."""
    return (140, width - 400, width - 262, width - 112) if width > 760 else (128, width - 348, width - 222, width - 96)


class Line(QAbstractButton):
    """A line in a list: Enter and a click open it, arrows move."""

    def __init__(self, high: int = HIGH) -> None:
        super().__init__()
        self.setFixedHeight(high)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        return QSize(280, self.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() == Qt.Key.Key_Down:
            self.focusNextChild()
        elif event.key() == Qt.Key.Key_Up:
            self.focusPreviousChild()
        else:
            super().keyPressEvent(event)

    def ground(self, p: QPainter) -> None:
        """What lies under the words: chosen, pointed at, or plain with a hairline."""
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus() or self.underMouse():
            p.fillRect(self.rect(), look.color("selected"))
        if self.hasFocus():
            p.fillRect(0, 0, 3, self.height(), look.color("accent"))
        p.fillRect(0, self.height() - 1, self.width(), 1, look.color("line"))

    def plate(self, p: QPainter, subject: str, x: float, wide: float = 40) -> None:
        """The participant's number in the participant's colour."""
        box = QRectF(x, (self.height() - 26) / 2, wide, 26)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(look.color(look.hue(subject)))
        p.drawRoundedRect(box, 5, 5)
        p.setPen(look.color("#FFFFFF"))
        p.setFont(look.font("strong"))
        p.drawText(box, Qt.AlignmentFlag.AlignCenter, look.number_of(subject))

    def write(self, p: QPainter, text: str, box: QRectF, role: str, tone: str) -> float:
        """Write into a box, shortened with a mark where it does not fit; returns the width written."""
        p.setFont(look.font(role))
        p.setPen(look.color(tone))
        shown = p.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
        p.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)
        return float(p.fontMetrics().horizontalAdvance(shown))


class TaskLine(Line):
    """One visit of one participant: who, what, when, what is missing."""

    def __init__(self, task: Task, today: date) -> None:
        super().__init__()
        self.task, self._today = task, today
        when, _ = when_words(task.column, today)
        label = task.column.label
        self.setAccessibleName(f"{task.subject} {task.initials} {look.both(label)} {look.both(when)}")
        self.setAccessibleDescription(look.both(missing_words(task)))
        self.setToolTip(look.second(label))

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        self.ground(p)
        task, act, when, state, go = self.task, *columns(self.width())
        self.plate(p, task.subject, 13)
        self.write(p, task.initials, QRectF(61, 0, act - 66, HIGH), "label", "ink")
        self.write(p, look.first(task.column.label), QRectF(act, 6, when - act - 8, 22), "label", "ink")
        self.write(p, look.second(task.column.label), QRectF(act, 28, when - act - 8, 18), "small", "ink3")
        words, tone = when_words(task.column, self._today)
        if task.column.window is not None:
            draw_ruler(p, when, 10, task.column.window, self._today)
            role = "smallstrong" if tone in ("hard", "warn") else "small"
            self.write(p, look.first(words), QRectF(when, 28, state - when - 4, 18), role, tone)
        else:
            self.write(p, look.first(words), QRectF(when, 0, state - when - 4, HIGH), "small", tone)
        self._state(p, QRectF(state, (HIGH - 22) / 2, go - state - 8, 22))
        link = Text(en="Look", zh="查看") if task.urgency == "next" else Text(en="Fill in", zh="去填写")
        tone = "accent" if task.urgency != "next" else "ink2"
        wide = self.write(p, look.first(link), QRectF(go, 0, self.width() - go - 8, HIGH), "text", tone)
        if self.hasFocus():
            p.setFont(look.font("micro"))
            p.setPen(QPen(look.color("edge"), 1))
            cap = QRectF(go + wide + 8, (HIGH - 18) / 2, p.fontMetrics().horizontalAdvance("Enter") + 10, 18)
            if cap.right() < self.width() - 4:
                p.setBrush(look.color("surface"))
                p.drawRoundedRect(cap, 4, 4)
                p.setPen(look.color("ink2"))
                p.drawText(cap, Qt.AlignmentFlag.AlignCenter, "Enter")

    def _state(self, p: QPainter, box: QRectF) -> None:
        task = self.task
        shape, tone = {
            "overdue": ("overdue", "hard"),
            "closes_today": ("not_due", "warn"),
            "next": ("not_due", "idle"),
        }.get(task.urgency, ("draft" if task.drafts else "empty", "info" if task.drafts else "idle"))
        words = look.first(missing_words(task))
        p.setFont(look.font("small"))
        words = p.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(box.width()) - 34)
        wide = p.fontMetrics().horizontalAdvance(words) + 36
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(look.color(f"{tone}_soft"))
        p.drawRoundedRect(QRectF(box.x(), box.y(), wide, box.height()), 6, 6)
        icons.draw(p, shape, QRectF(box.x() + 7, box.y() + 3.5, 15, 15), tone, f"{tone}_soft")
        p.setPen(look.color(tone))
        p.drawText(QRectF(box.x() + 27, box.y(), wide, box.height()), Qt.AlignmentFlag.AlignVCenter, words)


def missing_words(task: Task) -> Text:
    """What is left of a visit, in a few words."""
    if task.urgency == "next":
        return Text(en="not due", zh="未到期")
    if task.drafts and task.not_begun:
        return Text(en="{d} draft, {n} empty", zh="草稿 {d}，未填 {n}").format(d=task.drafts, n=task.not_begun)
    if task.drafts:
        return Text(en="{d} draft", zh="草稿 {d}").format(d=task.drafts)
    total = len(task.column.forms)
    if task.not_begun == total:
        return Text(en="not begun", zh="未开始")
    return Text(en="{n} of {t} empty", zh="未填 {n}/{t}").format(n=task.not_begun, t=total)


class NoteLine(Line):
    """A short line beside the list: plate, two rows of words, a chip."""

    def __init__(self, subject: str, above: Text, below: Text, chip: Text, tone: str, shape: str) -> None:
        super().__init__(48)
        self._subject, self._above, self._below = subject, above, below
        self._chip, self._tone, self._shape = chip, tone, shape
        self.setAccessibleName(f"{subject} {look.both(above)} {look.both(chip)}")
        self.setAccessibleDescription(look.both(below))
        self.setToolTip(look.first(above))

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        self.ground(p)
        p.setFont(look.font("small"))
        chip = look.first(self._chip)
        wide = p.fontMetrics().horizontalAdvance(chip) + 34
        left = self.width() - wide - 8
        self.plate(p, self._subject, 8, 34)
        self.write(p, look.first(self._above), QRectF(52, 3, left - 58, 22), "text", "ink")
        self.write(p, look.first(self._below), QRectF(52, 24, left - 58, 18), "small", "ink3")
        box = QRectF(left, 13, wide, 22)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(look.color(f"{self._tone}_soft"))
        p.drawRoundedRect(box, 6, 6)
        icons.draw(p, self._shape, QRectF(left + 7, 16.5, 15, 15), self._tone, f"{self._tone}_soft")
        p.setPen(look.color(self._tone))
        p.drawText(QRectF(left + 26, 13, wide, 22), Qt.AlignmentFlag.AlignVCenter, chip)


class Tile(QAbstractButton):
    """A number with its words; chosen, it narrows the list."""

    wanted = Signal(str)

    def __init__(self, name: str, number: int, text: Text, tone: str, shape: str) -> None:
        super().__init__()
        self.name, self.number, self._text, self._tone, self._shape = name, number, text, tone, shape
        self.setCheckable(True)
        self.setFixedHeight(64)
        self.setMinimumWidth(130)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{number} {look.both(text)}")
        self.clicked.connect(lambda: self.wanted.emit(self.name))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(210, 64)

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        p.setPen(QPen(look.color("accent" if on or self.hasFocus() else "line"), 2 if on or self.hasFocus() else 1))
        p.setBrush(look.color("selected" if on else "surface"))
        p.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 10, 10)
        tone = self._tone if self.number else "ink3"
        p.setPen(look.color(tone))
        p.setFont(look.font("display"))
        wide = max(30, p.fontMetrics().horizontalAdvance(str(self.number)))
        p.drawText(QRectF(14, 0, wide + 4, 64), Qt.AlignmentFlag.AlignVCenter, str(self.number))
        x = 14 + wide + 12
        room = self.width() - x - 12
        beside = room > 110
        if beside:
            icons.draw(p, self._shape, QRectF(self.width() - 36, 22, 20, 20), tone)
            room -= 30
        for text, role, ink, y in (
            (look.first(self._text), "label", "ink", 10),
            (look.second(self._text), "small", "ink3", 33),
        ):
            p.setPen(look.color(ink))
            p.setFont(look.font(role))
            shown = p.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room))
            p.drawText(QRectF(x, y, room + 4, 22), Qt.AlignmentFlag.AlignVCenter, shown)


class DataBar(parts.Line):
    """How much of the trail the centre has confirmed, as a bar; the words beside it say the same."""

    def __init__(self, have: int, whole: int) -> None:
        super().__init__()
        self.setFixedHeight(8)
        self._part = have / whole if whole else 1.0

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(look.color("warn"))
        p.drawRoundedRect(QRectF(self.rect()), 3, 3)
        p.setBrush(look.color("ok"))
        p.drawRoundedRect(QRectF(0, 0, self.width() * self._part, 8), 3, 3)
