"""The timeline of a participant to walk through: arrows from mark to mark, Enter opens the form, +, - and 0 zoom."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsView

from trialdesk.domain.text import Text
from trialdesk.services.timeline import Mark, Timeline
from trialdesk.ui import look
from trialdesk.ui.timeline_scene import NAMES, MarkItem, TimelineScene

_NAME = Text(en="Timeline", zh="时间轴")
_STEPS = (1.0, 1.6, 2.5, 4.0, 6.5)
"""How much wider than the whole strip a day may become, step by step."""


class TimelineStrip(QGraphicsView):
    """One strip; `opened` asks for the form behind a mark, `moved` follows the current mark."""

    opened = Signal(object)
    moved = Signal(object)

    def __init__(self, line: Timeline, brief: bool = False) -> None:
        super().__init__()
        self.line, self._brief = line, brief
        self.zoom = 0
        self.current: MarkItem | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAlwaysOff if brief else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setStyleSheet("QGraphicsView { border-radius: 10px; background: transparent; }")
        self.drawn: TimelineScene | None = None
        self._lay_out()

    def _lay_out(self) -> None:
        """Draw anew for the room and the zoom; the current mark stays current."""
        mark = self.current.mark if self.current else None
        days = max(1, (self.line.last - self.line.first).days + 1)
        room = max(300.0, self.viewport().width() - NAMES - 20)
        scene = TimelineScene(self.line, room / days * _STEPS[self.zoom], self._brief, whole=not self._brief)
        self.drawn = scene
        self.setScene(scene)
        self.current = next((item for item in scene.items_in_order if item.mark == mark), None)
        if self._brief:
            bar = self.horizontalScrollBar().sizeHint().height() if self.zoom else 0
            self.setFixedHeight(int(scene.high) + 2 + bar)
        self._show()

    def sizeHint(self) -> QSize:
        return QSize(600, int(self.drawn.high) + 4 if self.drawn else 120)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._lay_out()
            # Drawn for another width, the days stand elsewhere: what one looks at stays in sight.
            self._centre()

    def step_zoom(self, by: int) -> None:
        """Zoom in or out by one step; the current mark, else today, stays in sight."""
        self.zoom = max(0, min(len(_STEPS) - 1, self.zoom + by))
        self._lay_out()
        self._centre()

    def _centre(self) -> None:
        if self.current is not None:
            self.centerOn(self.current.centre())
        elif self.drawn is not None:
            self.centerOn(self.drawn.x(self.line.today), 0)

    def go_to(self, mark: Mark) -> None:
        """Make a mark the current one."""
        if self.drawn is not None:
            found = next((item for item in self.drawn.items_in_order if item.mark == mark), None)
            if found is not None:
                self._choose(found)

    def _choose(self, item: MarkItem) -> None:
        self.current = item
        self._show()
        self.ensureVisible(item, 120, 10)
        self.moved.emit(item.mark)

    def _show(self) -> None:
        if self.drawn is None:
            return
        for item in self.drawn.items_in_order:
            item.current = item is self.current and self.hasFocus()
        said = look.both(self.current.mark.says) if self.current else ""
        self.setAccessibleName(f"{look.both(_NAME)} {said}".strip())
        self.viewport().update()

    def focusInEvent(self, event: object) -> None:
        super().focusInEvent(event)  # type: ignore[arg-type]
        if self.current is None and self.drawn is not None and self.drawn.items_in_order:
            done = [i for i in self.drawn.items_in_order if not i.mark.planned and i.mark.start <= self.line.today]
            self._choose(max(done or self.drawn.items_in_order, key=lambda item: item.mark.start))
        self._show()

    def focusOutEvent(self, event: object) -> None:
        super().focusOutEvent(event)  # type: ignore[arg-type]
        self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.step_zoom(1)
        elif key == Qt.Key.Key_Minus:
            self.step_zoom(-1)
        elif key == Qt.Key.Key_0:
            self.step_zoom(-len(_STEPS))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current is not None:
            self.opened.emit(self.current.mark.form)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step(Qt.Key(key))
        else:
            event.ignore()

    def _step(self, key: Qt.Key) -> None:
        """Left and right to the next mark by day, up and down to the nearest in another row."""
        if self.drawn is None or self.current is None:
            return
        here = self.current.centre()
        items = [item for item in self.drawn.items_in_order if item is not self.current]
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            same = [i for i in items if abs(i.centre().y() - here.y()) < 6]
            way = 1 if key == Qt.Key.Key_Right else -1
            ahead = [i for i in same if (i.centre().x() - here.x()) * way > 0.1]
            wanted = min(ahead, key=lambda i: abs(i.centre().x() - here.x()), default=None)
        else:
            way = 1 if key == Qt.Key.Key_Down else -1
            ahead = [i for i in items if (i.centre().y() - here.y()) * way > 6]
            nearest_row = min((abs(i.centre().y() - here.y()) for i in ahead), default=0.0)
            row = [i for i in ahead if abs(abs(i.centre().y() - here.y()) - nearest_row) < 6]
            wanted = min(row, key=lambda i: abs(i.centre().x() - here.x()), default=None)
        if wanted is not None:
            self._choose(wanted)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        item = self.itemAt(event.position().toPoint())
        if isinstance(item, MarkItem):
            self._choose(item)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        item = self.itemAt(event.position().toPoint())
        if isinstance(item, MarkItem) and item is self.current:
            self.opened.emit(item.mark.form)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls the page around the strip; zooming is by key, so that nothing moves by accident."""
        event.ignore()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self.viewport().update()

    def drawForeground(self, painter: QPainter, rect: QRectF | object) -> None:
        """The names of the lanes stay at the left edge while the days move."""
        if self.drawn is not None:
            seen = self.mapToScene(self.viewport().rect()).boundingRect()
            self.drawn.drawForeground(painter, seen)
