"""The grade of an adverse event: one card per grade with its digit; a grade the term lacks keeps its place, dashed."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from trialdesk.domain.medicine.adverse_event_term import GENERAL, GRADES, GradeWords
from trialdesk.domain.oid import ItemPath
from trialdesk.domain.study.form import ItemGroupDef
from trialdesk.domain.text import Text
from trialdesk.services.casebook import Casebook
from trialdesk.services.terminology import rule_terminology
from trialdesk.ui import icons, look, parts

LONGEST = 240
"""Letters of a grade's words that are shown on a card; the tooltip has the rest."""

WHOSE = {
    "project": Text(en="project's words; NCI wording not imported", zh="项目释义，尚未导入 NCI 原文"),
    "general": Text(en="general scale of five grades", zh="通用五级标准（项目释义）"),
    "official": Text(en="NCI wording", zh="NCI 原文"),
}
_NOT_HERE = Text(en="no such grade", zh="本术语无此级")
_TONES = {1: "warn", 2: "warn", 3: "hard", 4: "hard", 5: "ink"}
_GENERAL = {grade: GradeWords(words, "general") for grade, words in GENERAL.items()}


class GradeCard(QAbstractButton):
    """One grade: how severe in bars, its digit, and what it means in both languages."""

    def __init__(self, grade: int) -> None:
        super().__init__()
        self.grade = grade
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._name = Text(en="Grade {n}", zh="{n} 级").format(n=grade)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 36, 10, 10)
        column.setSpacing(5)
        self._above, self._below = QLabel(), QLabel()
        for label, role, tone in ((self._above, "text", "ink"), (self._below, "small", "ink3")):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.RichText)
            parts.letters(label, role)
            parts.tone(label, tone)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(label)
        column.addStretch(1)

    def show_words(self, said: GradeWords | None) -> None:
        """Show what the grade means, or that the term has no such grade."""
        words = said.words if said else _NOT_HERE
        self._above.setText(_short(look.first(words)))
        self._below.setText(_short(look.second(words)))
        # A grade that is recorded although the term lacks it can still be reached, to take it back.
        self.setEnabled(said is not None or self.isChecked())
        self.setAccessibleName(f"{look.both(self._name)}: {look.both(words)}")
        self.setToolTip(f"{look.first(words)}\n{look.second(words)}" if said else look.first(_NOT_HERE))
        self.setProperty("exists", said is not None)
        self.updateGeometry()
        self.update()

    @property
    def exists(self) -> bool:
        """True when the term has this grade."""
        return bool(self.property("exists"))

    def sizeHint(self) -> QSize:
        layout = self.layout()
        return layout.sizeHint() if layout else QSize(110, 90)

    def minimumSizeHint(self) -> QSize:
        return QSize(92, 90)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        layout = self.layout()
        return max(90, layout.totalHeightForWidth(width)) if layout else 90

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        edge = QPen(look.color("fill" if on else "edge" if self.exists else "line"), 2 if on else 1)
        if not self.exists:
            edge.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(edge)
        painter.setBrush(look.color("selected" if on else "surface" if self.exists else "sunken"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        self._paint_bars(painter)
        painter.setPen(look.color("ink" if self.exists else "ink3"))
        painter.setFont(look.font("strong"))
        painter.drawText(QRectF(50, 8, 60, 22), Qt.AlignmentFlag.AlignVCenter, look.first(self._name))
        corner = QRectF(self.width() - 27, 10, 18, 18)
        if on:
            icons.draw(painter, "check", corner, "accent", "selected")
        elif self.exists:
            painter.setPen(QPen(look.color("line"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(corner, 4, 4)
            painter.setPen(look.color("ink2"))
            painter.setFont(look.font("micro"))
            painter.drawText(corner, Qt.AlignmentFlag.AlignCenter, str(self.grade))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(look.color("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(3, 3, -3, -3), 6, 6)

    def _paint_bars(self, painter: QPainter) -> None:
        """One more filled bar a grade: severity is told by number and length, never by colour alone."""
        tone = look.color(_TONES[self.grade] if self.exists else "ink3")
        for number in range(5):
            filled = number < self.grade
            painter.setPen(QPen(tone, 1))
            painter.setBrush(tone if filled else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(11.5 + number * 6.5, 20 - number * 1.6, 4.5, 6 + number * 1.6), 1.5, 1.5)


class GradeBox(QWidget):
    """The five cards; a digit chooses that grade, the arrows walk, Delete takes the choice back."""

    left = Signal(str)
    typing = Signal(str)
    next_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(6)
        self._whose = parts.Chip("", "idle", "info")
        outer.addWidget(parts.row(None, self._whose))
        across = QHBoxLayout()
        across.setSpacing(8)
        outer.addLayout(across)
        self.segments = [GradeCard(grade) for grade in GRADES]
        for card in self.segments:
            card.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            card.clicked.connect(lambda _=False, chosen=card: self._choose(str(chosen.grade)))
            card.installEventFilter(self)
            across.addWidget(card, 1)
        self._grade = ""
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._said: Mapping[int, GradeWords] = {}
        self.show_grades(_GENERAL)

    def show_grades(self, said: Mapping[int, GradeWords]) -> None:
        """Show what the grades of the chosen term mean; the general scale while there is none."""
        if said == self._said:
            return
        self._said = said
        for card in self.segments:
            card.show_words(said.get(card.grade))
        kinds = {one.whose for one in said.values()}
        whose = next((kind for kind in ("official", "project", "general") if kind in kinds), "general")
        self._whose.show_state(look.first(WHOSE[whose]), "idle", "info")
        self._stop()

    @property
    def whose(self) -> str:
        """Whose words are shown, as the chip says it."""
        return self._whose.accessibleName()

    def put(self, text: str) -> None:
        """Show a grade, or none for an empty text."""
        self._grade = text
        for card in self.segments:
            card.setChecked(str(card.grade) == text)
            card.setEnabled(card.exists or card.isChecked())
        self._stop()

    def _stop(self) -> None:
        """One card is the Tab stop: the chosen one, else the first that exists."""
        able = [card for card in self.segments if card.isEnabled()]
        stop = next((card for card in able if card.isChecked()), able[0] if able else self.segments[0])
        for card in self.segments:
            own = Qt.FocusPolicy.ClickFocus if card.isEnabled() else Qt.FocusPolicy.NoFocus
            card.setFocusPolicy(Qt.FocusPolicy.StrongFocus if card is stop else own)
        self.setFocusProxy(stop)

    def text_now(self) -> str:
        """The grade chosen now."""
        return self._grade

    def _choose(self, grade: str) -> None:
        self.put(grade)
        self.left.emit(grade)

    def eventFilter(self, watched: QObject, event: object) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == event.Type.KeyPress and self._key(watched, event):
            return True
        return super().eventFilter(watched, event)  # type: ignore[arg-type]

    def _key(self, watched: QObject, event: QKeyEvent) -> bool:
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        digit = event.text()
        if digit.isdigit() and 1 <= int(digit) <= len(GRADES):
            card = self.segments[int(digit) - 1]
            if card.exists:
                card.setFocus()
                self._choose(digit)
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._walk(watched, 1 if event.key() == Qt.Key.Key_Right else -1)
        elif event.key() == Qt.Key.Key_Delete:
            self._choose("")
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.next_wanted.emit()
        else:
            return False
        return True

    def _walk(self, watched: QObject, by: int) -> None:
        able = [card for card in self.segments if card.isEnabled()]
        here = next((index for index, card in enumerate(able) if card is watched), 0)
        able[max(0, min(len(able) - 1, here + by))].setFocus()


def grades_of(casebook: Casebook, group: ItemGroupDef, grade: ItemPath) -> Mapping[int, GradeWords]:
    """What the grades of the term beside this grade mean; the general scale while no term is chosen."""
    terms = rule_terminology()
    name = next((item.name for item in group.items if item.graded_by == grade.item), None)
    written = casebook.shown(grade._replace(item=name)) if name else None
    term = terms.find(written) if written else None
    return terms.grade_words(term, casebook.session.official) if term else _GENERAL


def _short(words: str) -> str:
    return parts.unit_label(words if len(words) <= LONGEST else f"{words[:LONGEST].rstrip()} …")
