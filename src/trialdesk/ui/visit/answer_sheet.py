"""The answers of one form, read-only, each with its shield and its source; it knows when its end was on the screen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from trialdesk.domain.clinical.changes import SourceVerified
from trialdesk.domain.clinical.source_review import SHIELD_WORDS, Shield
from trialdesk.domain.oid import ItemPath
from trialdesk.domain.text import Text
from trialdesk.services.monitoring_view import SOURCE_WORDS, AnswerLine
from trialdesk.ui import icons, look, parts
from trialdesk.ui.shields import SHAPES

SECTION, LINE = 30, 46


class AnswerSheet(QAbstractScrollArea):
    """Arrows move from answer to answer; `end_seen` is told once the last answer stood on the screen."""

    moved = Signal(object)
    end_seen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.lines: tuple[AnswerLine, ...] = ()
        self.here = 0
        self.reached = False
        self._tops: list[int] = []
        self._sections: list[tuple[int, Text]] = []
        self._height = 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    def open(self, lines: Sequence[AnswerLine]) -> None:
        """Show another form from its beginning."""
        self.reached = False
        self._lay(lines)
        self.here = next((n for n, one in enumerate(self.lines) if _waits(one)), 0)
        self._measure()
        self.verticalScrollBar().setValue(0)
        self._tell()

    def refresh(self, lines: Sequence[AnswerLine]) -> None:
        """Show the same form after an act, where it was."""
        self._lay(lines)
        self._measure()
        self._tell()

    def current(self) -> AnswerLine | None:
        """The answer that is chosen."""
        return self.lines[self.here] if self.here < len(self.lines) else None

    def go_to(self, path: ItemPath) -> None:
        """Choose an answer."""
        self._move(next((n for n, one in enumerate(self.lines) if one.path == path), self.here))

    def next_waiting(self) -> None:
        """Choose the next answer that is still to be verified; stay on the last one."""
        after = [n for n, one in enumerate(self.lines) if n > self.here and _waits(one)]
        self._move(after[0] if after else self.here)

    def _lay(self, lines: Sequence[AnswerLine]) -> None:
        self.lines = tuple(lines)
        self._tops, self._sections, y = [], [], 0
        for number, one in enumerate(self.lines):
            if number == 0 or one.section != self.lines[number - 1].section:
                self._sections.append((y, one.section))
                y += SECTION
            self._tops.append(y)
            y += LINE
        self._height = y
        self.here = min(self.here, max(0, len(self.lines) - 1))

    def _move(self, number: int) -> None:
        if not self.lines:
            return
        self.here = max(0, min(number, len(self.lines) - 1))
        bar, top = self.verticalScrollBar(), self._tops[self.here]
        if top - SECTION < bar.value():
            bar.setValue(0 if self.here == 0 else top - SECTION)
        elif top + LINE > bar.value() + self.viewport().height():
            bar.setValue(top + LINE - self.viewport().height())
        self._tell()

    def _tell(self) -> None:
        self.viewport().update()
        one = self.current()
        if one is not None:
            self.setAccessibleName(
                f"{look.both(one.question)}: {look.first(one.answer)}, {look.first(SHIELD_WORDS[one.shield])}"
            )
        self.moved.emit(one)

    def _scrolled(self) -> None:
        self.viewport().update()
        self._look_for_end()

    def _look_for_end(self) -> None:
        bar = self.verticalScrollBar()
        if self.lines and not self.reached and self.isVisible() and bar.value() >= bar.maximum():
            self.reached = True
            self.end_seen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        page = max(1, self.viewport().height() // LINE - 1)
        steps = {
            Qt.Key.Key_Down: self.here + 1,
            Qt.Key.Key_Up: self.here - 1,
            Qt.Key.Key_PageDown: self.here + page,
            Qt.Key.Key_PageUp: self.here - page,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self.lines) - 1,
        }
        to = steps.get(Qt.Key(event.key()))
        if to is None:
            event.ignore()  # letters are acts of the page
            return
        self._move(to)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        y = event.position().y() + self.verticalScrollBar().value()
        found = [n for n, top in enumerate(self._tops) if top <= y < top + LINE]
        if found:
            self._move(found[0])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def _measure(self) -> None:
        bar = self.verticalScrollBar()
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(LINE)
        bar.setRange(0, max(0, self._height - self.viewport().height()))
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self.viewport())
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.fillRect(self.viewport().rect(), look.color("surface"))
        above, wide = self.verticalScrollBar().value(), self.viewport().width()
        for y, words in self._sections:
            self._section(p, QRectF(0, y - above, wide, SECTION), words)
        for number, (one, top) in enumerate(zip(self.lines, self._tops, strict=True)):
            y = top - above
            if y + LINE > 0 and y < self.viewport().height():
                self._line(p, QRectF(0, y, wide, LINE), one, number == self.here)
        self._look_for_end()

    def _section(self, p: QPainter, box: QRectF, words: Text) -> None:
        p.fillRect(box, look.color("sunken"))
        p.setFont(look.font("smallstrong"))
        p.setPen(look.color("ink2"))
        p.drawText(
            box.adjusted(14, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, f"{look.first(words)}   {look.second(words)}"
        )

    def _line(self, p: QPainter, box: QRectF, one: AnswerLine, here: bool) -> None:
        if here:
            p.fillRect(box, look.color("selected"))
            if self.hasFocus():
                p.fillRect(QRectF(box.x(), box.y(), 3, box.height()), look.color("accent"))
        p.fillRect(QRectF(box.x(), box.bottom() - 1, box.width(), 1), look.color("line"))
        shape, tone = SHAPES[one.shield]
        if one.shield is not Shield.NOT_NEEDED:
            icons.draw(p, shape, QRectF(14, box.y() + 14, 18, 18), tone, "selected" if here else "surface")
        middle, right = box.width() * 0.42, box.width() * 0.72
        strong = "strong" if one.required else "text"
        self._pair(
            p, QRectF(42, box.y(), middle - 50, LINE), look.first(one.question), look.second(one.question), strong
        )
        by = f"{one.record.user}  {one.record.local_time:%Y-%m-%d %H:%M}"
        self._answer(p, QRectF(middle, box.y(), right - middle - 10, LINE), one, by)
        source, where = _source(one)
        self._pair(
            p,
            QRectF(right, box.y(), box.width() - right - 34, LINE),
            source,
            where,
            "text",
            "info" if one.again else tone,
        )
        if one.queries:
            icons.draw(p, "bubble", QRectF(box.width() - 28, box.y() + 15, 16, 16), "query")

    def _answer(self, p: QPainter, box: QRectF, one: AnswerLine, by: str) -> None:
        """The value, its unit with raised powers, and under it who entered it and when."""
        shown = look.first(one.answer)
        value = shown.removesuffix(one.unit).rstrip() if one.unit else shown
        self._pair(p, box, value, by, "label")
        if value != shown:
            p.setFont(look.font("label"))
            after = p.fontMetrics().horizontalAdvance(value) + 6
            parts.draw_unit(p, QRectF(box.x() + after, box.y() + 5, box.width() - after, 18), one.unit, "text", "ink2")

    def _pair(self, p: QPainter, box: QRectF, upper: str, lower: str, role: str, tone: str = "ink") -> None:
        for words, letters, colour, y in ((upper, role, tone, 5.0), (lower, "small", "ink3", 25.0)):
            p.setFont(look.font(letters))
            p.setPen(look.color(colour))
            shown = p.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(box.width()))
            p.drawText(QRectF(box.x(), box.y() + y, box.width(), 18), Qt.AlignmentFlag.AlignVCenter, shown)


def _waits(one: AnswerLine) -> bool:
    return one.again or (one.required and one.shield is not Shield.VERIFIED)


def _source(one: AnswerLine) -> tuple[str, str]:
    """What the answer was compared with, or how it stands."""
    if one.verified is not None and isinstance(one.verified.change, SourceVerified):
        said = one.verified.change
        if one.again:
            return look.first(AGAIN), f"{look.first(SOURCE_WORDS[said.source])}  {said.where}"
        return look.first(SOURCE_WORDS[said.source]), f"{said.where}  {one.verified.local_time:%m-%d}"
    return (look.first(SHIELD_WORDS[one.shield]), "") if one.shield is Shield.LAPSED else ("", "")


AGAIN = Text(en="drawn: compare once more", zh="抽中：请复核")
