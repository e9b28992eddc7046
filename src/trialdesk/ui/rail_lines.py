"""The lines of the rail beside a form, painted by one list: forms, sections of the open form, captions of visits."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from trialdesk.domain.text import Text
from trialdesk.ui import icons, look
from trialdesk.ui.states import Waiting

_GAP = 1
"""Pixels between two lines."""


class RailLine(QListWidgetItem):
    """One form or section; the counts at its right say what waits."""

    def __init__(self, text: Text, section: bool = False) -> None:
        super().__init__()
        self.text_shown, self.section = text, section
        self.shape, self.tone, self.current = "empty", "idle", False
        self.word: Text | None = None
        self.waiting = Waiting()
        self.setSizeHint(QSize(1, (26 if section else 30) + _GAP))

    def show_state(self, shape: str, tone: str, word: Text | None, current: bool, left: Waiting) -> None:
        """Show state and counts."""
        now = (shape, tone, word, current, left)
        if now != (self.shape, self.tone, self.word, self.current, self.waiting):
            self.shape, self.tone, self.word, self.current, self.waiting = now
            self.listWidget().viewport().update()

    def data(self, role: int) -> object:
        """What is asked for at a line: its name for a reader, its two names for the mouse."""
        if role == Qt.ItemDataRole.AccessibleTextRole:
            left, said = self.waiting, look.first(self.word) if self.word else ""
            counts = Text(en="{m} empty, {f} findings, {q} queries", zh="未填 {m}，提示 {f}，质疑 {q}").format(
                m=left.missing, f=left.findings, q=left.queries
            )
            return f"{look.both(self.text_shown)} {said} {look.first(counts)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{look.first(self.text_shown)}\n{look.second(self.text_shown)}"
        return super().data(role)


class RailCaption(QListWidgetItem):
    """The name of a visit above its forms; it takes as many lines as it needs."""

    def __init__(self, text: Text) -> None:
        super().__init__(look.first(text))
        self.setFlags(Qt.ItemFlag.NoItemFlags)

    def fit(self, wide: int) -> None:
        """Take the height its words have in a width."""
        letters = QFontMetrics(look.font("smallstrong"))
        high = letters.height()
        if letters.horizontalAdvance(self.text()) > wide - 12:
            room = QRect(0, 0, wide - 12, 1000)
            high = letters.boundingRect(room, Qt.TextFlag.TextWordWrap, self.text()).height()
        self.setSizeHint(QSize(1, high + 13 + _GAP))


class _Painter(QStyledItemDelegate):
    """Paints the lines: a rail of a hundred forms costs what is seen of it."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        view = self.parent()
        assert isinstance(view, RailList)
        line = view.item(index.row())
        rect: QRect = option.rect  # type: ignore[attr-defined]
        box = QRectF(rect).adjusted(0, 0, -2, -_GAP)
        painter.save()
        painter.translate(box.topLeft())
        box.moveTo(0, 0)
        if isinstance(line, RailLine):
            state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
            _paint_line(painter, box, line, bool(state & QStyle.StateFlag.State_MouseOver))
            if state & QStyle.StateFlag.State_HasFocus:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(look.color("accent"), 2))
                painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 6, 6)
        else:
            painter.setPen(look.color("ink2"))
            painter.setFont(look.font("smallstrong"))
            painter.drawText(box.adjusted(6, 10, -6, -3), Qt.TextFlag.TextWordWrap, line.text())
        painter.restore()


def _paint_line(painter: QPainter, box: QRectF, line: RailLine, under_mouse: bool) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if line.current or under_mouse:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("selected" if line.current else "hover"))
        painter.drawRoundedRect(box, 6, 6)
    middle = box.height() / 2
    right = _paint_counts(painter, box, line.waiting)
    left = 38 if not line.section else 40
    if not line.section:
        icons.draw(painter, line.shape, QRectF(14, middle - 8, 16, 16), line.tone, "sunken")
    painter.setPen(look.color("accent" if line.current else "ink" if not line.section else "ink2"))
    painter.setFont(look.font("strong" if line.current else "text"))
    wide = right - left - 6
    name = painter.fontMetrics().elidedText(look.first(line.text_shown), Qt.TextElideMode.ElideRight, int(wide))
    painter.drawText(QRectF(left, 0, wide + 4, box.height()), Qt.AlignmentFlag.AlignVCenter, name)


def _paint_counts(painter: QPainter, box: QRectF, left: Waiting) -> float:
    right = box.width() - 8.0
    painter.setFont(look.font("small"))
    for count, shape, tone in (
        (left.queries, "bubble", "query"),
        (left.findings, "hard" if left.hard else "soft", "hard" if left.hard else "warn"),
        (left.missing, "missing", "idle"),
    ):
        if count:
            wide = painter.fontMetrics().horizontalAdvance(str(count))
            painter.setPen(look.color(tone))
            place = QRectF(right - wide, 0, wide + 1, box.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, str(count))
            icons.draw(painter, shape, QRectF(right - wide - 16, box.height() / 2 - 7, 14, 14), tone, "sunken")
            right -= wide + 23
    return right


class RailList(QListWidget):
    """The lines below one another; one widget instead of one for each form."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._kept: tuple[RailLine, int] | None = None
        self.setProperty("clear", "true")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self.setEditTriggers(QListWidget.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.setItemDelegate(_Painter(self))
        self.setAccessibleName(look.both(Text(en="Forms", zh="表单")))

    def resizeEvent(self, event: QResizeEvent) -> None:
        for row in range(self.count()):
            caption = self.item(row)
            if isinstance(caption, RailCaption):
                caption.fit(self.viewport().width() - 2)
        super().resizeEvent(event)
        self._scroll()

    def reveal(self, line: RailLine, room: int) -> None:
        """Keep a line in sight with so much room above and below it; one that is in sight stays where it is."""
        self._kept = line, room
        if self.isVisible():
            self._scroll()

    def _scroll(self) -> None:
        if self._kept is None:
            return
        line, room = self._kept
        place, bar, high = self.visualItemRect(line), self.verticalScrollBar(), self.viewport().height()
        if place.top() >= 0 and place.bottom() < high:
            return
        wanted = place.adjusted(0, -room, 0, room)
        if wanted.height() > high:
            by = wanted.center().y() - high // 2
        else:
            by = wanted.top() if wanted.top() < 0 else wanted.bottom() - high + 1
        bar.setValue(bar.value() + by)
