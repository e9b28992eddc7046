"""The drawing of a timeline: lanes, axis of days, marks; the same drawing on the screen and on paper."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene, QStyleOptionGraphicsItem, QWidget

from trialdesk.domain.rules.windows import days_text
from trialdesk.domain.text import Text
from trialdesk.services.timeline import LANES, Mark, Timeline
from trialdesk.ui import icons, look

NAMES, AXIS, ROW, PAD = 96.0, 30.0, 19.0, 8.0
"""Width of the lane names, height of the axis, of one row of marks, and of the air around a lane's rows."""

_MOST = {"treatment": 1, "assessment": 2, "event": 3}
"""Rows of a lane on the brief strip."""

_TONES = {"bar": "warn", "diamond": "accent", "tick": "query", "dot": "ok", "visit": "ok", "window": "edge",
          "drop": "hard", "triangle": "warn", "cross": "hard", "episode": "warn"}  # fmt: skip


class MarkItem(QGraphicsItem):
    """One mark of the timeline; the current one has the focus ring."""

    def __init__(self, mark: Mark, box: QRectF, words: str) -> None:
        super().__init__()
        self.mark, self._box, self._words = mark, box, words
        self.current = False
        self.setToolTip(f"{look.first(mark.says)}\n{look.second(mark.says)}")
        self.setAcceptHoverEvents(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def boundingRect(self) -> QRectF:
        beside = QFontMetricsF(look.font("small")).horizontalAdvance(self._words) + 10 if self._words else 0
        return self._box.adjusted(-8, -5, 8 + beside, 5)

    def centre(self) -> QPointF:
        """The middle of the mark."""
        return self._box.center()

    def paint(self, p: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw(p)
        if self._words:
            p.setFont(look.font("small"))
            p.setPen(look.color("ink2"))
            place = QRectF(self._box.right() + 5, self._box.y() - 4, 400, self._box.height() + 8)
            p.drawText(place, Qt.AlignmentFlag.AlignVCenter, self._words)
        if self.current:
            p.setPen(QPen(look.color("accent"), 2))
            p.setBrush(Qt.BrushStyle.NoBrush)
            p.drawRoundedRect(self._box.adjusted(-5, -3, 5, 3), 5, 5)

    def _draw(self, p: QPainter) -> None:
        mark, box = self.mark, self._box
        tone = look.color(_TONES[mark.shape])
        if mark.grade is not None and mark.shape in ("bar", "episode"):
            tone = look.grade_color(mark.grade)
        middle = box.center()
        p.setPen(QPen(look.color("edge") if mark.grade is not None else tone, 1))
        p.setBrush(tone)
        if mark.shape in ("bar", "episode"):
            p.drawRoundedRect(box, 4, 4)
            if mark.open:
                self._arrow(p, box)
        elif mark.shape == "window":
            pen = QPen(look.color("edge"), 1.2, Qt.PenStyle.DashLine)
            p.setPen(pen)
            p.setBrush(look.color("idle_soft"))
            p.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        elif mark.shape == "diamond":
            p.drawPolygon(QPolygonF([middle + QPointF(dx, dy) for dx, dy in ((0, -8), (8, 0), (0, 8), (-8, 0))]))
        elif mark.shape == "tick":
            if mark.planned:
                p.setBrush(look.color("surface"))
            p.drawRoundedRect(box, 2, 2)
        elif mark.shape == "visit":
            p.setBrush(look.color("surface"))
            p.setPen(QPen(tone, 1.6))
            p.drawEllipse(middle, 4, 4)
        elif mark.shape == "dot":
            p.drawEllipse(middle, 5, 5)
        elif mark.shape == "drop":
            icons.draw(p, "drop", QRectF(middle.x() - 8, middle.y() - 8, 16, 16), "hard")
        elif mark.shape == "cross":
            icons.draw(p, "hard", QRectF(middle.x() - 8, middle.y() - 8, 16, 16), "hard")
        else:
            icons.draw(p, "soft", QRectF(middle.x() - 8, middle.y() - 8, 16, 16), "warn")

    def _arrow(self, p: QPainter, box: QRectF) -> None:
        """What still goes on ends in a point."""
        p.setPen(Qt.PenStyle.NoPen)
        right = box.right()
        p.drawPolygon(
            QPolygonF([QPointF(right, box.top()), QPointF(right + 6, box.center().y()), QPointF(right, box.bottom())])
        )


class TimelineScene(QGraphicsScene):
    """Lays the marks out for a width of pixels per day.

    `brief` keeps the strip low: few rows to a lane, words only where they fit; `whole` goes on to the last window.
    """

    def __init__(self, line: Timeline, per_day: float, brief: bool = False, whole: bool = False) -> None:
        super().__init__()
        self.line, self.per_day, self._brief = line, per_day, brief
        self.items_in_order: list[MarkItem] = []
        self.hidden = 0
        self._last = max(line.last, max((m.end for m in line.marks), default=line.last)) if whole else line.last
        self._lanes: list[tuple[str, float, float]] = []
        y = AXIS
        for lane in LANES:
            rows = self._pack([m for m in line.marks if m.lane == lane and m.start <= self._last], _MOST[lane])
            high = max(1, len(rows)) * ROW + PAD
            self._lanes.append((lane, y, high))
            for index, row in enumerate(rows):
                for mark in row:
                    self._add(mark, y + PAD / 2 + index * ROW, row)
            y += high
        self.high = y + 4
        self.setSceneRect(0, 0, self.x(self._last) + 16, self.high)
        self.items_in_order.sort(
            key=lambda item: (list(LANES).index(item.mark.lane), item.mark.start, item.centre().y())
        )

    def x(self, day: date) -> float:
        """Where a day begins."""
        return NAMES + (day - self.line.first).days * self.per_day

    def _pack(self, marks: list[Mark], most: int) -> list[list[Mark]]:
        """Marks in as few rows as they fit without covering one another; the gravest keep their place when room is short."""
        urgent = ("triangle", "cross")
        ranked = (
            sorted(marks, key=lambda m: (m.shape not in urgent, -(m.grade or 0), m.start)) if self._brief else marks
        )
        rows: list[list[Mark]] = []
        for mark in ranked:
            home = next((row for row in rows if all(self._apart(mark, other) for other in row)), None)
            if home is not None:
                home.append(mark)
            elif not self._brief or len(rows) < most:
                rows.append([mark])
            else:
                self.hidden += 1
        return rows

    def _apart(self, one: Mark, other: Mark) -> bool:
        if one.shape == "tick" and other.shape == "tick":
            return True
        a, b = self._room(one), self._room(other)
        return a[1] <= b[0] or b[1] <= a[0]

    def _room(self, mark: Mark) -> tuple[float, float]:
        box = self._box(mark, 0)
        words = "" if self._brief else self._words(mark)
        beside = QFontMetricsF(look.font("small")).horizontalAdvance(words) + 12 if words else 4
        return box.left() - 4, box.right() + beside

    def _box(self, mark: Mark, y: float) -> QRectF:
        high = ROW - 7
        left, right = self.x(mark.start), self.x(mark.end + timedelta(days=1))
        if mark.shape in ("bar", "episode", "window"):
            return QRectF(left, y + 3.5, max(6.0, right - left), high)
        if mark.shape == "tick":
            slot = self._slot(mark)
            return QRectF(
                left + self.per_day * (0.12 + 0.5 * slot), y + 2, max(2.5, min(5.0, self.per_day * 0.34)), ROW - 4
            )
        middle = left + self.per_day / 2
        return QRectF(middle - 6, y + 3, 12, ROW - 6)

    def _slot(self, mark: Mark) -> int:
        """The second injection of a day stands in the second half of the day."""
        same = [m for m in self.line.marks if m.shape == "tick" and m.start == mark.start and m.form == mark.form]
        return min(1, next((i for i, m in enumerate(same) if m is mark), 0))

    def _words(self, mark: Mark) -> str:
        """What stands beside a mark without opening it."""
        if mark.shape in ("visit", "tick", "drop", "diamond"):
            return ""
        short = look.first(mark.detail) if mark.detail.en and mark.grade is None else look.first(mark.label)
        if mark.shape in ("bar", "episode") and mark.grade is not None:
            named = mark.detail if mark.shape == "bar" and mark.detail.en else mark.label
            level = Text(en="grade {g}", zh="{g} 级").format(g=mark.grade) if mark.shape == "bar" else mark.detail
            short = f"{look.first(named)} {look.first(level)}"
        elif mark.shape == "window":
            short = look.first(mark.label)
        elif mark.shape == "dot" and mark.detail.en[:1].isdigit():
            short = f"{look.first(mark.label)} {short}"
        return short if len(short) <= 26 else f"{short[:25]}…"

    def _add(self, mark: Mark, y: float, row: list[Mark]) -> None:
        words = self._words(mark)
        if self._brief and words:
            here = self._room(mark)[1]
            following = min((self._room(m)[0] for m in row if self._room(m)[0] >= here - 1), default=here + 400)
            metrics = QFontMetricsF(look.font("small"))
            words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, following - here - 8)
            words = words if len(words) > 2 else ""
        item = MarkItem(mark, self._box(mark, y), words)
        self.addItem(item)
        self.items_in_order.append(item)

    def drawBackground(self, p: QPainter, rect: QRectF) -> None:
        p.fillRect(rect, look.color("surface"))
        today = self.x(self.line.today) + self.per_day / 2
        p.fillRect(QRectF(today, AXIS - 4, self.sceneRect().right() - today, self.high - AXIS), look.color("sunken"))
        for _, y, high in self._lanes:
            p.setPen(QPen(look.color("line"), 1))
            p.drawLine(QPointF(NAMES, y + high), QPointF(self.sceneRect().right(), y + high))
        self._axis(p)
        p.setPen(QPen(look.color("accent"), 2))
        p.drawLine(QPointF(today, AXIS - 6), QPointF(today, self.high))

    def drawForeground(self, p: QPainter, rect: QRectF) -> None:
        """The flag of today and the names of the lanes stand above everything."""
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        said, flag = self._flag()
        p.setFont(look.font("smallstrong"))
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(look.color("fill"))
        p.drawRoundedRect(flag, 9, 9)
        p.setPen(look.color("on_fill"))
        p.drawText(flag, Qt.AlignmentFlag.AlignCenter, said)
        left = max(0.0, rect.left()) if rect.width() < self.sceneRect().width() else 0.0
        self.draw_names(p, left)

    def _flag(self) -> tuple[str, QRectF]:
        """The words of today and the room they take."""
        said = look.first(Text(en="today {day}", zh="今日 {day}").format(day=self.line.day_words(self.line.today)))
        wide = QFontMetricsF(look.font("smallstrong")).horizontalAdvance(said) + 18
        middle = self.x(self.line.today) + self.per_day / 2
        return said, QRectF(max(NAMES, middle - wide / 2), 3, wide, 20)

    def draw_names(self, p: QPainter, left: float) -> None:
        """The names of the lanes at the left edge of what is seen."""
        p.fillRect(QRectF(left, 0, NAMES - 6, self.high), look.color("surface"))
        p.setFont(look.font("text"))
        p.setPen(look.color("ink2"))
        for (_, y, high), name in zip(self._lanes, LANES.values(), strict=True):
            p.drawText(QRectF(left + 12, y, NAMES - 16, high), Qt.AlignmentFlag.AlignVCenter, look.first(name))

    def _axis(self, p: QPainter) -> None:
        """Day 0 of each round with its date, and further days as far as their labels have room."""
        p.setFont(look.font("small"))
        metrics = p.fontMetrics()
        flag = self._flag()[1]
        taken = [(flag.left() - 4, flag.right() + 4)]
        for day, words, strong in self._labels():
            x = self.x(day) + self.per_day / 2
            p.setPen(QPen(look.color("line"), 1))
            p.drawLine(QPointF(x, AXIS - 4), QPointF(x, self.high))
            wide = metrics.horizontalAdvance(words) + 10
            place = (x - wide / 2, x + wide / 2)
            if (
                place[0] < NAMES
                or place[1] > self.sceneRect().right()
                or any(place[0] < b and a < place[1] for a, b in taken)
            ):
                continue
            taken.append(place)
            p.setPen(look.color("ink" if strong else "ink3"))
            p.drawText(QRectF(place[0], 4, wide, 20), Qt.AlignmentFlag.AlignCenter, words)

    def _labels(self) -> list[tuple[date, str, bool]]:
        found = [
            (zero, f"D0 {look.first(days_text(zero))}" if len(self.line.zeros) == 1 else f"{n}: D0", True)
            for n, zero in self.line.zeros
        ]
        step = next((s for s in (7, 14, 28, 56) if s * self.per_day >= 70), 84)
        if self.line.zeros:
            base = self.line.zeros[-1][1]
            days = range(step, (self._last - base).days + 1, step)
            found += [(base + timedelta(days=n), f"D+{n}", False) for n in days]
            before = self.line.zeros[0][1]
        else:
            before = self._last
        count = range(0, (before - self.line.first).days, max(step, 7))
        found += [
            (d, look.first(days_text(d)), False)
            for n in count
            if (d := self.line.first + timedelta(days=n + 2)) < before
        ]
        return found
