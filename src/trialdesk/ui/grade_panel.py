"""What the organs come to: the overall grade, why, by which rule, and its course over the visits."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from trialdesk.domain.oid import FormPath
from trialdesk.domain.rules.organ_grade import OrganGrade
from trialdesk.domain.rules.windows import days_text
from trialdesk.domain.text import Text
from trialdesk.ui import look, parts


class BigGrade(QWidget):
    """The grade as a large numeral between two bars: without them Roman two and three read like 11 and 111."""

    def __init__(self) -> None:
        super().__init__()
        self._code: str | None = None
        self.setFixedHeight(44)
        self.setMinimumWidth(76)

    def show_grade(self, code: str | None, words: Text) -> None:
        """Show a grade's code, or a dash while it cannot be told."""
        self._code = code
        self.setAccessibleName(look.both(words))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(110, 44)

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        code = self._code if self._code is not None else "–"
        letters = look.font("display")
        p.setFont(letters)
        p.setPen(look.color("ink" if self._code is not None else "ink3"))
        wide = QFontMetricsF(letters).horizontalAdvance(code)
        p.drawText(QRectF(4, 4, wide + 4, 36), Qt.AlignmentFlag.AlignVCenter, code)
        if code.strip("IV") == "":
            p.setPen(QPen(look.color("ink"), 2.5))
            p.drawLine(QPointF(2, 9), QPointF(wide + 6, 9))
            p.drawLine(QPointF(2, 36), QPointF(wide + 6, 36))
        p.setPen(look.color("ink"))
        p.setFont(look.font("heading"))
        word = look.first(Text(en="grade", zh="度"))
        p.drawText(QRectF(wide + 16, 4, 140, 36), Qt.AlignmentFlag.AlignVCenter, word)


class Course(QWidget):
    """The grade at each assessment as a stepped line."""

    def __init__(self) -> None:
        super().__init__()
        self._order: tuple[str, ...] = ()
        self._points: list[tuple[str, str, bool]] = []
        self.setFixedHeight(132)

    def show_course(
        self, order: tuple[str, ...], found: tuple[tuple[date, FormPath, str], ...], here: FormPath, zero: date | None
    ) -> None:
        """Show the assessments by day; `zero` is the day that is counted from."""
        self._order = order
        self._points = []
        for day, form, code in found[-8:]:
            after = (day - zero).days if zero is not None else None
            caption = f"D+{after}" if after is not None and after >= 0 else look.first(days_text(day))
            self._points.append((caption, code, form == here))
        self.setAccessibleName(look.both(Text(en="Course of the grade", zh="分度变化")))
        self.setAccessibleDescription(", ".join(f"{caption} {code}" for caption, code, _ in self._points))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        top, bottom, left = 12.0, self.height() - 28.0, 30.0
        steps = max(1, len(self._order) - 1)

        def y(code: str) -> float:
            at = self._order.index(code) if code in self._order else 0
            return bottom - (bottom - top) * at / steps

        p.setFont(look.font("micro"))
        for code in self._order:
            p.setPen(QPen(look.color("line"), 1))
            p.drawLine(QPointF(left, y(code)), QPointF(self.width() - 4, y(code)))
            p.setPen(look.color("ink3"))
            p.drawText(
                QRectF(0, y(code) - 9, left - 8, 18), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, code
            )
        last: QPointF | None = None
        wide = (self.width() - left - 12) / max(1, len(self._points))
        for index, (caption, code, here) in enumerate(self._points):
            at = QPointF(left + wide * (index + 0.5), y(code))
            p.setPen(QPen(look.color("accent"), 2))
            if last is not None:
                p.drawLine(last, QPointF(at.x(), last.y()))
                p.drawLine(QPointF(at.x(), last.y()), at)
            p.setBrush(look.color("accent" if not here else "surface"))
            p.drawEllipse(at, 4 if not here else 5, 4 if not here else 5)
            p.setPen(look.color("ink" if here else "ink3"))
            p.drawText(QRectF(at.x() - 30, bottom + 8, 60, 16), Qt.AlignmentFlag.AlignCenter, caption)
            last = at


class GradePanel(QFrame):
    """The result beside the organs; the investigator's own grade stands below it and replaces nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("plane", "sunken")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(10)
        self.big = BigGrade()
        self.chip = parts.Chip("", "warn", "flag")
        self.words = parts.words("", "text", "ink2", wrap=True)
        self._rule = parts.Chip("", "info", outline=True)
        self._source = parts.words("", "small", "ink3", wrap=True)
        column.addWidget(
            parts.plane(
                "card",
                parts.words(
                    look.first(Text(en="Overall grade, derived", zh="整体分度（自动）")), "smallstrong", "ink2"
                ),
                parts.row(self.big, None, self.chip),
                self.words,
                parts.row(self._rule, None),
                self._source,
                gap=6,
                margins=(14, 10, 14, 10),
            )
        )
        self.other = parts.words("", "text", "warn", wrap=True)
        column.addWidget(self.other)
        column.addWidget(parts.words(look.first(Text(en="Course", zh="分度变化")), "smallstrong", "ink2"))
        self.course = Course()
        column.addWidget(self.course)
        keep = Text(
            en="An investigator may grade otherwise; both grades and the reason are kept.",
            zh="研究者可改判；两个结果与理由都会保存。",
        )
        column.addWidget(parts.words(look.first(keep), "small", "ink3", wrap=True))
        self.own = QVBoxLayout()
        column.addLayout(self.own)
        column.addStretch(1)

    def show_grade(self, made: OrganGrade, says: Text, words: Text, own: Text | None, severe: bool) -> None:
        """Show the derived grade, why, and the investigator's own where there is one."""
        self.big.show_grade(made.grade, words)
        self.chip.setVisible(severe)
        self.chip.show_state(look.first(Text(en="II to IV", zh="Ⅱ～Ⅳ 度")), "warn", "flag")
        self.words.setText(look.first(says))
        self._rule.show_state(made.rule, "info", None, True)
        self._source.setText(made.source)
        self.other.setVisible(own is not None)
        if own is not None:
            said = Text(en="Investigator: {own}. Derived: {auto}.", zh="研究者改判：{own}；自动：{auto}。")
            self.other.setText(look.first(said.format(own=own, auto=words)))
