"""Shields of source verification, the same on every screen: shape, colour, and a matrix of participants by visits."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from trialdesk.domain.clinical.source_review import SHIELD_WORDS, Shield
from trialdesk.domain.text import Text
from trialdesk.services.monitoring_view import ShieldRow, VisitShield
from trialdesk.ui import icons, look, parts

SHAPES: dict[Shield, tuple[str, str]] = {
    Shield.NOT_NEEDED: ("empty", "idle"),
    Shield.TO_VERIFY: ("to_verify", "ink2"),
    Shield.LAPSED: ("lapsed", "warn"),
    Shield.VERIFIED: ("verified", "ok"),
}
"""Shape and colour of each shield."""

HEAD, ROW, NAMES, TOTAL, LEAST, WIDEST = 44, 36, 146, 112, 42, 92


def legend(medical: bool = False) -> QWidget:
    """The shields with their words; the last mark is a medical review to do, or an answer to compare once more."""
    found: list[QWidget] = []
    for shield in (Shield.TO_VERIFY, Shield.LAPSED, Shield.VERIFIED):
        shape, tone = SHAPES[shield]
        word = parts.words(look.first(SHIELD_WORDS[shield]), "small", "ink2")
        found.append(parts.row(parts.icon(shape, 16, tone), word, gap=4))
    found.append(parts.row(parts.icon("bubble", 14, "query"), parts.words(look.first(_QUERY), "small", "ink2"), gap=4))
    mark, words = ("pulse", _MEDICAL) if medical else ("again", _AGAIN)
    found.append(parts.row(parts.icon(mark, 14, "info"), parts.words(look.first(words), "small", "ink2"), gap=4))
    return parts.row(*found, None, gap=14)


class ShieldMatrix(QAbstractScrollArea):
    """Participants down, visits across; arrows move, Enter or two clicks open."""

    moved = Signal(str, str)
    opened = Signal(str, str)

    def __init__(self, columns: Sequence[tuple[str, Text]], medical: bool = False) -> None:
        super().__init__()
        self._columns, self._medical = columns, medical
        self.rows: tuple[ShieldRow, ...] = ()
        self.here = (0, 0)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().valueChanged.connect(lambda _: self.viewport().update())

    def show_rows(self, rows: Sequence[ShieldRow]) -> None:
        """Show these participants; the chosen field stays chosen."""
        before = self.current()
        self.rows = tuple(rows)
        again = self._find(*before) if before else None
        self.here = again or next(iter(sorted(self._fields())), (0, 0))
        self._measure()
        self._tell()

    def current(self) -> tuple[str, str] | None:
        """Participant and visit that are chosen."""
        row, column = self.here
        if row >= len(self.rows) or not self._field(row, column):
            return None
        return self.rows[row].subject, self._columns[column][0]

    def go_to(self, subject: str, column: str) -> None:
        """Choose a field."""
        found = self._find(subject, column)
        if found is not None:
            self._move(found)

    def _find(self, subject: str, column: str) -> tuple[int, int] | None:
        names = [name for name, _ in self._columns]
        places = ((row, names.index(column)) for row, one in enumerate(self.rows) if one.subject == subject)
        return next((place for place in places if self._field(*place)), None)

    def _fields(self) -> list[tuple[int, int]]:
        return [(r, c) for r in range(len(self.rows)) for c in range(len(self._columns)) if self._field(r, c)]

    def _field(self, row: int, column: int) -> VisitShield | None:
        return self.rows[row].visits.get(self._columns[column][0])

    def _move(self, here: tuple[int, int]) -> None:
        self.here = here
        bar, top = self.verticalScrollBar(), here[0] * ROW
        if top < bar.value():
            bar.setValue(top)
        elif top + ROW > bar.value() + bar.pageStep():
            bar.setValue(top + ROW - bar.pageStep())
        self._tell()

    def _tell(self) -> None:
        self.viewport().update()
        chosen = self.current()
        if chosen is not None:
            row, column = self.here
            held = self._field(row, column)
            assert held is not None
            self.setAccessibleName(
                f"{chosen[0]} {look.both(self._columns[column][1])} {look.first(_said(held, self._medical))}"
            )
            self.moved.emit(*chosen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Down: (1, 0),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Left: (0, -1),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is not None:
            row, column = self.here[0] + step[0], self.here[1] + step[1]
            while 0 <= row < len(self.rows) and 0 <= column < len(self._columns):
                if self._field(row, column):
                    self._move((row, column))
                    return
                row, column = row + step[0], column + step[1]
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (chosen := self.current()):
            self.opened.emit(*chosen)
        else:
            super().keyPressEvent(event)

    def _at(self, x: float, y: float) -> tuple[int, int] | None:
        row = int((y - HEAD + self.verticalScrollBar().value()) // ROW)
        column = int((x - NAMES) // self._wide())
        inside = y >= HEAD and x >= NAMES and 0 <= row < len(self.rows) and 0 <= column < len(self._columns)
        return (row, column) if inside and self._field(row, column) else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._at(event.position().x(), event.position().y())
        if at is not None:
            self._move(at)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        at = self._at(event.position().x(), event.position().y())
        if at is not None and (chosen := self.current()):
            self.opened.emit(*chosen)

    def viewportEvent(self, event: object) -> bool:
        if isinstance(event, QHelpEvent):
            at = self._at(event.x(), event.y())
            held = self._field(*at) if at else None
            if at and held:
                row, (_, visit) = self.rows[at[0]], self._columns[at[1]]
                QToolTip.showText(
                    event.globalPos(), f"{row.subject} {look.first(visit)}: {look.first(_said(held, self._medical))}"
                )
            return True
        return super().viewportEvent(event)  # type: ignore[arg-type]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def sizeHint(self) -> QSize:
        return QSize(NAMES + TOTAL + LEAST * len(self._columns), HEAD + ROW * min(len(self.rows), 14))

    def _measure(self) -> None:
        page = max(ROW, self.viewport().height() - HEAD)
        bar = self.verticalScrollBar()
        bar.setPageStep(page)
        bar.setSingleStep(ROW)
        bar.setRange(0, max(0, ROW * len(self.rows) - page))
        self.viewport().update()

    def _wide(self) -> float:
        room = self.viewport().width() - NAMES - TOTAL
        return max(LEAST, min(WIDEST, room / max(1, len(self._columns))))

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self.viewport())
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.fillRect(self.viewport().rect(), look.color("surface"))
        wide, above = self._wide(), self.verticalScrollBar().value()
        for row, one in enumerate(self.rows):
            y = HEAD + row * ROW - above
            if y + ROW > HEAD - ROW and y < self.viewport().height():
                self._row(p, row, one, y, wide)
        self._heads(p, wide)

    def _heads(self, p: QPainter, wide: float) -> None:
        p.fillRect(0, 0, self.viewport().width(), HEAD, look.color("sunken"))
        p.fillRect(0, HEAD - 1, self.viewport().width(), 1, look.color("line"))
        p.setFont(look.font("small"))
        p.setPen(look.color("ink2"))
        p.drawText(QRectF(14, 0, NAMES, HEAD), Qt.AlignmentFlag.AlignVCenter, look.first(_PARTICIPANT))
        for column, (_, words) in enumerate(self._columns):
            chosen = column == self.here[1]
            p.setPen(look.color("accent" if chosen else "ink"))
            p.setFont(look.font("smallstrong"))
            box = QRectF(NAMES + column * wide, 0, wide, HEAD)
            text = look.first(words)
            if p.fontMetrics().horizontalAdvance(text) > wide - 4:
                p.setFont(look.font("micro"))
                text = _broken(text)
            p.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        p.setFont(look.font("small"))
        p.setPen(look.color("ink2"))
        box = QRectF(NAMES + len(self._columns) * wide + 12, 0, TOTAL, HEAD)
        p.drawText(box, Qt.AlignmentFlag.AlignVCenter, look.first(_TOTAL))

    def _row(self, p: QPainter, row: int, one: ShieldRow, y: float, wide: float) -> None:
        if row == self.here[0]:
            p.fillRect(QRectF(0, y, self.viewport().width(), ROW - 1), look.color("sunken"))
        plate = QRectF(14, y + (ROW - 24) / 2, 44, 24)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(look.color(look.hue(one.subject)))
        p.drawRoundedRect(plate, 5, 5)
        p.setPen(look.color("#FFFFFF"))
        p.setFont(look.font("strong"))
        p.drawText(plate, Qt.AlignmentFlag.AlignCenter, look.number_of(one.subject))
        p.setPen(look.color("ink"))
        p.setFont(look.font("text"))
        p.drawText(QRectF(66, y, 44, ROW), Qt.AlignmentFlag.AlignVCenter, one.initials)
        if one.review.full:
            p.setPen(look.color("info"))
            p.setFont(look.font("micro"))
            p.drawText(QRectF(112, y, NAMES - 112, ROW), Qt.AlignmentFlag.AlignVCenter, look.first(_FULL))
        p.fillRect(QRectF(0, y + ROW - 1, self.viewport().width(), 1), look.color("line"))
        for column in range(len(self._columns)):
            box = QRectF(NAMES + column * wide, y, wide, ROW - 1)
            held = self._field(row, column)
            if held is None:
                p.fillRect(QRectF(box.center().x() - 1, box.center().y() - 1, 2, 2), look.color("line"))
            else:
                self._cell(p, box, held, (row, column) == self.here)
        self._sum(p, QRectF(NAMES + len(self._columns) * wide + 12, y, TOTAL - 22, ROW), one)

    def _cell(self, p: QPainter, box: QRectF, held: VisitShield, here: bool) -> None:
        if here:
            p.setPen(QPen(look.color("accent"), 2 if self.hasFocus() else 1))
            p.setBrush(look.color("selected"))
            p.drawRoundedRect(box.adjusted(2, 2, -2, -2), 6, 6)
        shield = held.tally.shield
        shape, tone = SHAPES[shield]
        if shield is Shield.NOT_NEEDED:
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(look.color("idle"))
            p.drawEllipse(QRectF(box.center().x() - 2.5, box.center().y() - 2.5, 5, 5))
            return
        count = str(held.tally.remaining) if held.tally.remaining else ""
        p.setFont(look.font("smallstrong"))
        letters = p.fontMetrics().horizontalAdvance(count) if count else 0
        x = box.center().x() - (16 + (letters + 2 if count else 0)) / 2
        icons.draw(p, shape, QRectF(x, box.center().y() - 8, 16, 16), tone, "selected" if here else "surface")
        if count:
            p.setPen(look.color(tone))
            p.drawText(QRectF(x + 18, box.y(), letters + 4, box.height()), Qt.AlignmentFlag.AlignVCenter, count)
        corner = QRectF(box.right() - 13, box.y() + 3, 10, 10)
        for wanted, mark, colour in (
            (held.queries, "bubble", "query"),
            (self._medical and held.medical, "pulse", "info"),
            (not self._medical and held.tally.again, "again", "info"),
        ):
            if wanted:
                icons.draw(p, mark, corner, colour)
                corner = corner.translated(-12, 0)

    def _sum(self, p: QPainter, box: QRectF, one: ShieldRow) -> None:
        tally = one.tally
        p.setPen(look.color("ink"))
        p.setFont(look.font("small"))
        text = f"{tally.verified} / {tally.required}" if tally.required else "–"
        p.drawText(box.adjusted(0, 2, 0, -12), Qt.AlignmentFlag.AlignVCenter, text)
        share = tally.verified / tally.required if tally.required else 0.0
        bar = QRectF(box.x(), box.bottom() - 11, box.width(), 4)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(look.color("line"))
        p.drawRoundedRect(bar, 2, 2)
        if share > 0:
            p.setBrush(look.color("ok"))
            p.drawRoundedRect(QRectF(bar.x(), bar.y(), bar.width() * share, 4), 2, 2)


def _broken(text: str) -> str:
    """A head too wide for its column on two lines, broken after its first space, dash or tilde."""
    for sign in (" ", "～", "-", "–"):
        left, found, right = text.partition(sign)
        if found and right:
            return f"{left}{found.strip()}\n{right}"
    return text


def _said(held: VisitShield, medical: bool) -> Text:
    tally = held.tally
    said = Text(
        en="{v} of {n} verified, {l} lapsed; forms: {f}; queries: {q}",
        zh="{n} 项中已核查 {v} 项，失效 {l} 项；表单 {f} 份；质疑 {q} 条",
    ).format(v=tally.verified, n=tally.required, l=tally.lapsed, f=held.forms, q=held.queries)
    medical_too = Text(en="; medical reviews to do: {m}", zh="；待医学审核 {m} 份").format(m=held.medical)
    again_too = Text(en="; to compare once more: {m}", zh="；待复核 {m} 项").format(m=tally.again)
    more = medical_too if medical else again_too
    return Text(en=said.en + more.en, zh=said.zh + more.zh)


_PARTICIPANT = Text(en="Participant", zh="受试者")
_TOTAL = Text(en="Verified", zh="已核查")
_FULL = Text(en="in full", zh="全部")
_QUERY = Text(en="query", zh="质疑")
_AGAIN = Text(en="drawn: compare once more", zh="抽中：请复核")
_MEDICAL = Text(en="medical review to do", zh="待医学审核")
