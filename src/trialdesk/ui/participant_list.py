"""Participants of this desk: number plate, day, what is due next, what waits; and giving the next number."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QDialog, QFrame, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.rules.windows import days_text
from trialdesk.domain.text import Text
from trialdesk.services.desk import OpenDesk
from trialdesk.services.worklist import SubjectSummary, summary
from trialdesk.ui import icons, look, parts
from trialdesk.ui.states import DUE_SHAPES, STATUS_SHAPES


def columns(width: int) -> tuple[int, int, int, int]:
    """Where day, next visit, waiting and forms begin in a list of this width."""
    return (250, 456, 770, 970) if width > 1120 else (220, 400, 640, 790)


class Heads(QWidget):
    """Names of the columns."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(26)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(look.color("ink3"))
        painter.setFont(look.font("small"))
        texts = (
            Text(en="Participant", zh="受试者"),
            Text(en="Day", zh="所处日"),
            Text(en="Next due", zh="下次到期"),
            Text(en="Waiting", zh="待处理"),
            Text(en="Forms", zh="表单"),
        )
        for x, text in zip((18, *columns(self.width())), texts, strict=True):
            painter.drawText(QRectF(x, 0, 200, 26), Qt.AlignmentFlag.AlignVCenter, look.first(text))


class ParticipantLine(QAbstractButton):
    """One participant."""

    def __init__(self, about: SubjectSummary) -> None:
        super().__init__()
        self.about = about
        self.setFixedHeight(58)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{about.subject} {about.initials} {look.first(about.day_text)}")

    def sizeHint(self) -> QSize:
        return QSize(900, 58)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() == Qt.Key.Key_Down:
            self.focusNextChild()
        elif event.key() == Qt.Key.Key_Up:
            self.focusPreviousChild()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus() or self.underMouse():
            painter.setPen(QPen(look.color("accent"), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(look.color("selected"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(5, 2, -5, -3), 7, 7)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color(look.hue(self.about.subject)))
        painter.drawRoundedRect(QRectF(18, 13, 52, 32), 6, 6)
        self._write(painter, 18, 52, look.number_of(self.about.subject), None, "heading", "#FFFFFF", centre=True)
        about = self.about
        person = [look.first(about.sex)] if about.sex else []
        if about.age is not None:
            person.append(look.first(Text(en=f"{about.age} years", zh=f"{about.age} 岁")))
        day, due, _, _ = columns(self.width())
        self._write(painter, 88, day - 96, about.initials, " ".join(person), "label")
        self._write(
            painter, day, due - day - 12, look.first(about.day_text), look.first(about.disease) if about.disease else ""
        )
        self._due(painter)
        self._counts(painter)
        painter.fillRect(16, self.height() - 1, self.width() - 32, 1, look.color("line"))

    def _write(
        self, p: QPainter, x: float, wide: float, above: str, below: str | None, role: str = "strong", tone: str = "ink",
        centre: bool = False,
    ) -> None:  # fmt: skip
        p.setPen(look.color(tone))
        p.setFont(look.font(role))
        flag = Qt.AlignmentFlag.AlignCenter if centre else Qt.AlignmentFlag.AlignVCenter
        high = 58.0 if below is None else 28.0
        above = p.fontMetrics().elidedText(above, Qt.TextElideMode.ElideRight, int(wide) + 2)
        p.drawText(QRectF(x, 0 if below is None else 7, wide + (0 if centre else 4), high), flag, above)
        if below:
            p.setPen(look.color("ink3"))
            p.setFont(look.font("small"))
            below = p.fontMetrics().elidedText(below, Qt.TextElideMode.ElideRight, int(wide) + 2)
            p.drawText(QRectF(x, 30, wide + 4, 20), Qt.AlignmentFlag.AlignVCenter, below)

    def _due(self, painter: QPainter) -> None:
        visit = self.about.next_visit
        if visit is None:
            return
        _, due, counts, _ = columns(self.width())
        shape, tone, word = DUE_SHAPES[visit.state]
        icons.draw(painter, shape, QRectF(due, 19, 20, 20), tone)
        window = visit.window
        when = look.first(word)
        if window is not None:
            span = Text(en="{a} to {b}", zh="{a}～{b}").format(a=days_text(window.first), b=days_text(window.last))
            when = f"{when} {look.first(span)}"
        self._write(painter, due + 30, counts - due - 40, look.first(visit.label), when)

    def _counts(self, painter: QPainter) -> None:
        left = self.about.counts
        _, _, start, forms = columns(self.width())
        x = float(start)
        step = 58 if forms > 900 else 48
        painter.setFont(look.font("text"))
        for count, shape, tone in (
            (left.missing, "missing", "idle"),
            (left.findings, "soft", "warn"),
            (left.queries, "bubble", "query"),
        ):
            if count:
                icons.draw(painter, shape, QRectF(x, 20, 17, 17), tone)
                painter.setPen(look.color(tone))
                painter.drawText(QRectF(x + 21, 0, 40, 58), Qt.AlignmentFlag.AlignVCenter, str(count))
            x += step
        x = float(forms)
        for status, count in sorted(self.about.states.items(), key=lambda one: list(STATUS_SHAPES).index(one[0])):
            shape, tone = STATUS_SHAPES[status]
            icons.draw(painter, shape, QRectF(x, 20, 17, 17), tone)
            painter.setPen(look.color("ink2"))
            painter.drawText(QRectF(x + 21, 0, 40, 58), Qt.AlignmentFlag.AlignVCenter, str(count))
            x += step


class ParticipantList(QWidget):
    """All participants; Enter opens a casebook."""

    chosen = Signal(str)
    enrolled = Signal(str)

    def __init__(self, desk: OpenDesk) -> None:
        super().__init__()
        self._desk = desk
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 10, 16, 12)
        layout.setSpacing(10)
        self.enrol = parts.Button(Text(en="Enrol a participant", zh="登记受试者"), "primary", "F3", "plus")
        self.enrol.clicked.connect(self.enrol_next)
        layout.addWidget(parts.row(None, self.enrol))
        card = parts.plane("card", Heads(), gap=0, margins=(0, 8, 0, 0))
        layout.addWidget(card, 1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        ground = QWidget()
        ground.setProperty("clear", "true")
        self._lines = QVBoxLayout(ground)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(0)
        area.setWidget(ground)
        card.layout().addWidget(area)  # type: ignore[union-attr]
        self.lines: list[ParticipantLine] = []
        self.refresh()

    def refresh(self) -> None:
        """Show the participants as they stand now."""
        parts.empty(self._lines)
        today = self._desk.session.today
        self.lines = []
        for subject in self._desk.subjects():
            line = ParticipantLine(summary(self._desk.book, self._desk.casebook(subject).data, today))
            line.clicked.connect(lambda _=False, s=subject: self.chosen.emit(s))
            self.lines.append(line)
            self._lines.addWidget(line)
        if not self.lines:
            says = Text(en="No participants yet. F3 enrols the first.", zh="还没有受试者。按 F3 登记第一位。")
            self._lines.addWidget(
                parts.row(
                    None,
                    parts.icon("people", 28, "idle"),
                    parts.words(look.first(says), "body", "ink2"),
                    None,
                    margins=(0, 40, 0, 40),
                )
            )
        self._lines.addStretch(1)

    def focus_first(self) -> None:
        """Put the focus where work goes on."""
        (self.lines[0] if self.lines else self.enrol).setFocus()

    def enrol_next(self) -> None:
        """Ask for initials and give the next number."""
        dialog = EnrolDialog(self._desk, self)
        if dialog.exec() == QDialog.DialogCode.Accepted and dialog.subject:
            self.refresh()
            self.enrolled.emit(dialog.subject)


class EnrolDialog(QDialog):
    """Asks for the initials of a new participant; `subject` holds the number given."""

    def __init__(self, desk: OpenDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.subject = ""
        title = Text(en="Enrol a participant", zh="登记受试者")
        self.setWindowTitle(look.first(title))
        self.setFixedWidth(440)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(8)
        layout.addWidget(parts.bilingual(title, "title"))
        hint = Text(
            en="Two to four capital letters made from the name by the study's rule; never the name itself. The next free number "
            "is given.",
            zh="按研究规则由姓名生成的 2～4 个大写字母，勿填姓名。系统给出下一个编号。",
        )
        layout.addWidget(parts.words(look.first(hint), "text", "ink2", wrap=True))
        self.initials = QLineEdit()
        self.initials.setFixedHeight(38)
        self.initials.setPlaceholderText("ZHHO")
        self.initials.setAccessibleName(look.both(Text(en="Initials", zh="姓名缩写")))
        self.initials.returnPressed.connect(self._enrol)
        layout.addWidget(self.initials)
        self._fault = parts.words("", "text", "hard", wrap=True)
        self._fault.hide()
        layout.addWidget(self._fault)
        self.act = parts.Button(title, "primary", "Enter")
        self.act.clicked.connect(self._enrol)
        leave = parts.Button(Text(en="Leave", zh="暂不登记"), key="Esc")
        leave.clicked.connect(self.reject)
        layout.addWidget(parts.row(None, leave, self.act))
        self.initials.setFocus()

    def _enrol(self) -> None:
        outcome = self._desk.enrol(self.initials.text())
        if isinstance(outcome, Refusal):
            self._fault.setText(look.first(outcome.says))
            self._fault.show()
            return
        self.subject = outcome
        self.accept()
