"""Ctrl+K: one box that leads to any field, form, visit, participant, query or act; the window stays beneath it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from trialdesk.domain.text import Text
from trialdesk.services.finder import Hit, HitGroup
from trialdesk.ui import icons, look, parts
from trialdesk.ui.composing import Composing

WIDE, LINE, HEAD = 690, 44, 30
_SHAPES = {"field": "field", "form": "form", "visit": "in_window", "log": "flag", "act": "right", "query": "bubble"}
Find = Callable[[str], tuple[HitGroup, ...]]


class HitList(QWidget):
    """The lines found, under their titles; one is chosen."""

    taken = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[tuple[float, Text | Hit]] = []
        self.hits: list[Hit] = []
        self.at = 0
        self.setMouseTracking(True)
        self.setProperty("clear", "true")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_groups(self, groups: tuple[HitGroup, ...]) -> None:
        """Show other lines; the first is chosen."""
        self._rows, self.hits, self.at = [], [], 0
        y = 4.0
        for group in groups:
            self._rows.append((y, group.title))
            y += HEAD
            for hit in group.hits:
                self._rows.append((y, hit))
                self.hits.append(hit)
                y += LINE
            y += 4
        self.setFixedHeight(int(y) + 4)
        self.update()

    def chosen(self) -> Hit | None:
        """The line that Enter takes."""
        return self.hits[self.at] if self.hits else None

    def box(self, index: int) -> QRectF:
        """Where a line stands."""
        y = next((y for y, row in self._rows if row is self.hits[index]), 0.0)
        return QRectF(8, y, self.width() - 16, LINE - 2)

    def move(self, by: int) -> None:  # type: ignore[override]
        """Choose the next or previous line."""
        if self.hits:
            self.at = (self.at + by) % len(self.hits)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        for index in range(len(self.hits)):
            if index != self.at and self.box(index).contains(event.position()):
                self.at = index
                self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.hits and self.box(self.at).contains(event.position()):
            self.taken.emit(self.hits[self.at])

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        index = 0
        for y, row in self._rows:
            if isinstance(row, Hit):
                self._line(painter, row, self.box(index), index == self.at)
                index += 1
            else:
                painter.setPen(look.color("ink2"))
                painter.setFont(look.font("smallstrong"))
                wide = painter.fontMetrics().horizontalAdvance(look.first(row))
                painter.drawText(QRectF(20, y, wide + 4, HEAD), Qt.AlignmentFlag.AlignVCenter, look.first(row))
                painter.setPen(look.color("ink3"))
                painter.setFont(look.font("small"))
                painter.drawText(QRectF(28 + wide, y, 400, HEAD), Qt.AlignmentFlag.AlignVCenter, look.second(row))

    def _line(self, p: QPainter, hit: Hit, box: QRectF, on: bool) -> None:
        if on:
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(look.color("selected"))
            p.drawRoundedRect(box, 7, 7)
        if (hit.subject is not None and hit.kind in ("participant", "query")) or (
            hit.subject and hit.detail == "other"
        ):
            self._plate(p, hit.subject, box)
        else:
            tone = "accent" if on else "ink2"
            icons.draw(p, _SHAPES.get(hit.kind, "right"), QRectF(box.x() + 18, box.center().y() - 10, 20, 20), tone)
        right = box.right() - 12
        if on or hit.key:
            right = self._cap(p, "Enter" if on and hit.kind != "act" else hit.key or "Enter", right, box) - 8
        x = box.x() + 58
        x = self._label(p, hit, x, box, right)
        p.setPen(look.color("ink2"))
        p.setFont(look.font("small"))
        about = p.fontMetrics().elidedText(
            look.first(hit.about), Qt.TextElideMode.ElideRight, max(0, int(right - x - 14))
        )
        p.drawText(QRectF(x + 12, box.y(), right - x, box.height()), Qt.AlignmentFlag.AlignVCenter, about)

    def _label(self, p: QPainter, hit: Hit, x: float, box: QRectF, right: float) -> float:
        """The name, the letters that matched in the accent; returns where it ends."""
        text = look.first(hit.label)
        matched = hit.match if hit.match is not None and hit.in_english == (look.language() == "en") else None
        start, end = (matched.start, matched.end) if matched is not None else (0, 0)
        for piece, strong in ((text[:start], False), (text[start:end], True), (text[end:], False)):
            if piece and x < right:
                p.setFont(look.font("label" if strong else "body"))
                p.setPen(look.color("accent" if strong else "ink"))
                shown = p.fontMetrics().elidedText(piece, Qt.TextElideMode.ElideRight, int(right - x))
                p.drawText(QRectF(x, box.y(), right - x, box.height()), Qt.AlignmentFlag.AlignVCenter, shown)
                x += p.fontMetrics().horizontalAdvance(shown)
        return x

    def _plate(self, p: QPainter, subject: str, box: QRectF) -> None:
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(look.color(look.hue(subject)))
        plate = QRectF(box.x() + 8, box.center().y() - 12, 38, 24)
        p.drawRoundedRect(plate, 5, 5)
        p.setPen(look.color("#FFFFFF"))
        p.setFont(look.font("strong"))
        p.drawText(plate, Qt.AlignmentFlag.AlignCenter, look.number_of(subject))

    def _cap(self, p: QPainter, key: str, right: float, box: QRectF) -> float:
        p.setFont(look.font("micro"))
        wide = p.fontMetrics().horizontalAdvance(key) + 12
        cap = QRectF(right - wide, box.center().y() - 9, wide, 18)
        p.setPen(QPen(look.color("line"), 1))
        p.setBrush(look.color("surface"))
        p.drawRoundedRect(cap.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        p.setPen(look.color("ink2"))
        p.drawText(cap, Qt.AlignmentFlag.AlignCenter, key)
        return right - wide


class Palette(QFrame):
    """Stands over the window; `chosen` carries the line taken, `closed` follows however it ends."""

    chosen = Signal(object)
    closed = Signal()

    def __init__(self, window: QWidget, find: Find, begin: str = "") -> None:
        super().__init__(window)
        self._find = find
        self._before = window.focusWidget()
        self.setGeometry(window.rect())
        window.installEventFilter(self)
        self.card = parts.plane("card", gap=0, margins=(1, 1, 1, 1))
        self.card.setParent(self)
        layout = self.card.layout()
        assert isinstance(layout, QVBoxLayout)
        title = Text(en="Find a field, form, participant or act", zh="查找字段、表单、受试者或操作")
        self.box = QLineEdit(begin)
        self.box.setFrame(False)
        self.box.setAccessibleName(look.both(title))
        self.box.setPlaceholderText(look.first(title))
        self.box.setFixedHeight(58)
        self.box.setStyleSheet(
            "QLineEdit { border: none; background: transparent; font-size: 18px; padding: 0; min-height: 56px; }"
        )
        composing = Composing(self)
        self.box.installEventFilter(self)
        composing.watch(self.box)
        layout.addWidget(
            parts.row(parts.icon("search", 22, "accent"), self.box, parts.KeyCap("Esc"), gap=12, margins=(20, 0, 16, 0))
        )
        layout.addWidget(parts.Line())
        self.list = HitList()
        self.list.taken.connect(self._take)
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(self.list)
        layout.addWidget(self._area, 1)
        self._none = parts.words("", "text", "ink2", wrap=True)
        self._none.setContentsMargins(22, 14, 22, 14)
        layout.addWidget(self._none)
        layout.addWidget(parts.Line())
        layout.addWidget(self._foot())
        self.box.textChanged.connect(self.search)
        self.search(begin)
        self.show()
        self.raise_()
        self.box.setFocus()

    def _foot(self) -> QWidget:
        signs = Text(en="> acts   @ participants   # queries", zh="> 操作   @ 受试者   # 质疑")
        keys = [
            (("↑ ↓"), Text(en="choose", zh="选择")),
            ("Enter", Text(en="open at the field", zh="打开到该格")),
        ]
        shown: list[parts.Content] = [parts.words(look.first(signs), "small", "ink2"), None]
        for key, words in keys:
            shown += [parts.KeyCap(key), parts.words(look.first(words), "small", "ink2")]
        return parts.row(*shown, gap=6, margins=(20, 8, 16, 9))

    def search(self, typed: str) -> None:
        """Show what fits the letters typed so far."""
        groups = self._find(typed)
        self.list.show_groups(groups)
        nothing = Text(
            en="Nothing is called “{typed}”. Type Chinese, English, pinyin, first letters or a code.",
            zh="没有名为“{typed}”的内容。可用中文、英文、拼音、首字母或代码查找。",
        )
        self._none.setText(look.first(nothing.format(typed=typed.strip())))
        self._none.setVisible(not groups)
        self._area.setVisible(bool(groups))
        self._fit()
        self._describe()

    def _fit(self) -> None:
        wide = min(WIDE, self.width() - 40)
        most = self.height() - 98 - 60 - 40 - 40
        high = min(self.list.height(), most) if self.list.hits else 52
        self.card.setGeometry((self.width() - wide) // 2, 98 if self.height() > 640 else 40, wide, high + 59 + 38)

    def _describe(self) -> None:
        hit = self.list.chosen()
        self.box.setAccessibleDescription(f"{look.first(hit.label)} {look.first(hit.about)}" if hit else "")

    def _move(self, by: int) -> None:
        self.list.move(by)
        if self.list.hits:
            spot = self.list.box(self.list.at)
            self._area.ensureVisible(int(spot.x()), int(spot.center().y()), 0, LINE)
        self._describe()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.box, self.box.accessibleDescription()))

    def _take(self, hit: Hit) -> None:
        self.close_palette(back=False)
        self.chosen.emit(hit)

    def close_palette(self, back: bool = True) -> None:
        """Go away; the focus returns to where it was unless something was chosen."""
        window = self.parentWidget()
        if window is not None:
            window.removeEventFilter(self)
        self.hide()
        if back and self._before is not None and isValid(self._before):
            self._before.setFocus()
        self.closed.emit()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.parentWidget() and event.type() == QEvent.Type.Resize:
            self.setGeometry(self.parentWidget().rect())
            self._fit()
        elif watched is self.box and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event)
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        key, ctrl = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._move(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self._move(1 if key == Qt.Key.Key_Tab else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            hit = self.list.chosen()
            if hit is not None:
                self._take(hit)
        elif key == Qt.Key.Key_Escape or (ctrl and key == Qt.Key.Key_K):
            self.close_palette()
        else:
            return False
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.card.geometry().contains(event.position().toPoint()):
            self.close_palette()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), look.color("#5C17202B"))
        # A shadow of outlines: an effect would blur the text.
        for step in range(1, 9):
            shade = look.color("#17202B")
            shade.setAlphaF(0.045 * (1 - step / 9))
            painter.setPen(QPen(shade, 2))
            painter.drawRoundedRect(QRectF(self.card.geometry()).adjusted(-step, -step + 2, step, step + 2), 12, 12)
