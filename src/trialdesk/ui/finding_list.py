"""What is left to finish this form: hard first, then missing, then soft without a reason; Enter goes to the field."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QScrollArea, QVBoxLayout, QWidget

from trialdesk.domain.rules.finding import Finding
from trialdesk.domain.text import Text
from trialdesk.ui import icons, look, parts

_SHAPES = {"hard": ("hard", "hard"), "missing": ("missing", "idle"), "soft": ("soft", "warn")}


class FindingLine(QAbstractButton):
    """One thing to finish: shape, label of the field, sentence."""

    def __init__(self, finding: Finding, label: Text) -> None:
        super().__init__()
        self.finding, self._label = finding, label
        self.setFixedHeight(36)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"{look.both(label)} {look.both(finding.says)}")
        self.setToolTip(f"{look.first(finding.says)}\n{look.second(finding.says)}")

    def sizeHint(self) -> QSize:
        return QSize(400, 36)

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
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        shape, tone = _SHAPES[self.finding.severity]
        icons.draw(painter, shape, QRectF(12, 10, 16, 16), tone)
        painter.setPen(look.color("ink"))
        painter.setFont(look.font("strong"))
        metrics = painter.fontMetrics()
        wide = min(230, self.width() // 3)
        name = metrics.elidedText(look.first(self._label), Qt.TextElideMode.ElideRight, wide)
        painter.drawText(QRectF(38, 0, wide + 4, 36), Qt.AlignmentFlag.AlignVCenter, name)
        painter.setPen(look.color("ink2"))
        painter.setFont(look.font("text"))
        room = self.width() - wide - 64
        says = painter.fontMetrics().elidedText(look.first(self.finding.says), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(wide + 52, 0, room + 4, 36), Qt.AlignmentFlag.AlignVCenter, says)


class FindingList(QFrame):
    """Opens upward from the foot over the page."""

    chosen = Signal(object)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("plane", "card")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(6)
        self._title = parts.words("", "heading")
        layout.addWidget(self._title)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        ground = QWidget()
        ground.setProperty("clear", "true")
        self._lines = QVBoxLayout(ground)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(1)
        area.setWidget(ground)
        layout.addWidget(area)
        self.lines: list[FindingLine] = []
        self.hide()

    def show_findings(self, findings: tuple[Finding, ...], labels: dict[str, Text]) -> None:
        """List what is left; with nothing left the list says so."""
        parts.empty(self._lines)
        title = (
            Text(en="{n} to finish in this form", zh="本表单还有 {n} 项待完成").format(n=len(findings))
            if findings
            else Text(en="Nothing is left to finish", zh="没有待完成的项目")
        )
        self._title.setText(look.first(title))
        self.lines = []
        for finding in findings:
            line = FindingLine(finding, labels[finding.path.item])
            line.clicked.connect(lambda _=False, f=finding: self.chosen.emit(f))
            self.lines.append(line)
            self._lines.addWidget(line)
        self._lines.addStretch(1)

    def open_above(self, left: int, bottom: int, wide: int) -> None:
        """Stand above the foot, as high as the lines need and no higher than the page allows."""
        high = min(56 + 37 * max(1, len(self.lines)), max(140, bottom - 140))
        self.setGeometry(left, bottom - high, wide, high)
        self.show()
        self.raise_()
        if self.lines:
            self.lines[0].setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)
