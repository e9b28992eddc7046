"""The rail beside a form: visits as captions, forms with their state, sections of the open form with what waits."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QLineEdit, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from trialdesk.domain.oid import FormPath
from trialdesk.domain.pinyin import find
from trialdesk.domain.text import Text
from trialdesk.services.casebook import Casebook
from trialdesk.services.pinyin import readings
from trialdesk.services.worklist import plan
from trialdesk.ui import icons, look, parts
from trialdesk.ui.states import STATUS_SHAPES, Waiting, status_word, waiting


class RailLine(QAbstractButton):
    """One form or section; the counts at its right say what waits."""

    def __init__(self, text: Text, section: bool = False) -> None:
        super().__init__()
        self.text_shown, self._section = text, section
        self._shape, self._tone, self._current = "empty", "idle", False
        self._waiting = Waiting()
        self.setFixedHeight(26 if section else 30)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(f"{look.first(text)}\n{look.second(text)}")

    def show_state(self, shape: str, tone: str, word: Text | None, current: bool, left: Waiting) -> None:
        """Show state and counts."""
        now = (shape, tone, current, left)
        if now != (self._shape, self._tone, self._current, self._waiting):
            self._shape, self._tone, self._current, self._waiting = now
            self.update()
        said = look.first(word) if word else ""
        counts = Text(en="{m} empty, {f} findings, {q} queries", zh="未填 {m}，提示 {f}，质疑 {q}").format(
            m=left.missing, f=left.findings, q=left.queries
        )
        self.setAccessibleName(f"{look.both(self.text_shown)} {said} {look.first(counts)}")

    def sizeHint(self) -> QSize:
        return QSize(200, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._current or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("selected" if self._current else "hover"))
            painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        middle = self.height() / 2
        right = self._paint_counts(painter, middle)
        left = 38 if not self._section else 40
        if not self._section:
            icons.draw(painter, self._shape, QRectF(14, middle - 8, 16, 16), self._tone, "sunken")
        painter.setPen(look.color("accent" if self._current else "ink" if not self._section else "ink2"))
        painter.setFont(look.font("strong" if self._current else "text"))
        wide = right - left - 6
        name = painter.fontMetrics().elidedText(look.first(self.text_shown), Qt.TextElideMode.ElideRight, int(wide))
        painter.drawText(QRectF(left, 0, wide + 4, self.height()), Qt.AlignmentFlag.AlignVCenter, name)

    def _paint_counts(self, painter: QPainter, middle: float) -> float:
        right = self.width() - 8.0
        w = self._waiting
        painter.setFont(look.font("small"))
        for count, shape, tone in (
            (w.queries, "bubble", "query"),
            (w.findings, "hard" if w.hard else "soft", "hard" if w.hard else "warn"),
            (w.missing, "missing", "idle"),
        ):
            if count:
                wide = painter.fontMetrics().horizontalAdvance(str(count))
                painter.setPen(look.color(tone))
                box = QRectF(right - wide, 0, wide + 1, self.height())
                painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, str(count))
                icons.draw(painter, shape, QRectF(right - wide - 16, middle - 7, 14, 14), tone, "sunken")
                right -= wide + 23
        return right


class SectionRail(QFrame):
    """Leads from form to form and from section to section; decides nothing."""

    form_chosen = Signal(object)
    section_chosen = Signal(str)

    def __init__(self, casebook: Casebook, form: FormPath, wide: int = 236) -> None:
        super().__init__()
        self._casebook, self._form = casebook, form
        self.setProperty("plane", "sunken")
        self.setFixedWidth(wide)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 10, 8, 8)
        layout.setSpacing(6)
        self.filter_box = QLineEdit()
        self.filter_box.setFixedHeight(32)
        self.filter_box.setPlaceholderText(look.first(Text(en="Filter forms", zh="筛选表单")))
        self.filter_box.setAccessibleName(look.both(Text(en="Filter forms", zh="筛选表单")))
        self.filter_box.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.filter_box.textChanged.connect(self._narrow)
        layout.addWidget(self.filter_box)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        ground = QWidget()
        ground.setProperty("clear", "true")
        self._lines = QVBoxLayout(ground)
        self._lines.setContentsMargins(0, 0, 2, 0)
        self._lines.setSpacing(1)
        area.setWidget(ground)
        self._area, self._ground = area, ground
        layout.addWidget(area, 1)
        self.forms: dict[FormPath, RailLine] = {}
        self.sections: dict[str, RailLine] = {}
        self.captions: list[tuple[QWidget, list[FormPath]]] = []
        self._section = ""
        self._fill()

    def _fill(self) -> None:
        session = self._casebook.session
        study = self._casebook.study()
        visits = plan(session.book, self._casebook.data, session.today)
        shown: list[tuple[Text, list[tuple[FormPath, Text]]]] = []
        for column in visits.columns:
            shown.append((column.label, [(form, study.form[form.form].label) for form in column.forms]))
        for log in visits.logs:
            if log.event.oid == self._form.event:
                repeats = sorted({self._form.repeat, *(row.repeat for row in log.rows)})
                rows = [FormPath(log.event.oid, n, oid) for n in repeats for oid in log.event.forms]
                name = Text(en="{label} {n}", zh="{label} {n}")
                shown.append(
                    (log.event.label, [(r, name.format(label=study.form[r.form].label, n=r.repeat)) for r in rows])
                )
        for caption, forms in shown:
            made = parts.words(look.first(caption), "smallstrong", "ink2", wrap=True)
            made.setContentsMargins(6, 10, 6, 3)
            self._lines.addWidget(made)
            self.captions.append((made, [form for form, _ in forms]))
            for form, text in forms:
                self._add_form(form, text)
        self._lines.addStretch(1)

    def _add_form(self, form: FormPath, text: Text) -> None:
        line = RailLine(text)
        line.clicked.connect(lambda _=False, chosen=form: self.form_chosen.emit(chosen))
        self.forms[form] = line
        self._lines.addWidget(line)
        groups = self._casebook.study(form).form[form.form].groups
        if form == self._form and len(groups) > 1:
            for group in groups:
                section = RailLine(group.label, section=True)
                section.clicked.connect(lambda _=False, oid=group.oid: self.section_chosen.emit(oid))
                self.sections[group.oid] = section
                self._lines.addWidget(section)
        self._show_form(form)

    def show_section(self, oid: str) -> None:
        """Mark the page that is open and bring its line into view."""
        self._section = oid
        self.refresh()
        if oid in self.sections:
            # The lines get their places one turn of the event loop later.
            QTimer.singleShot(0, self, lambda: self._reveal(oid))

    def _reveal(self, oid: str) -> None:
        self._lines.activate()
        ground = self._ground
        ground.resize(ground.width(), max(ground.sizeHint().height(), self._area.viewport().height()))
        self._area.ensureWidgetVisible(self.sections[oid], 0, 160)

    def refresh(self) -> None:
        """Show states and counts of the open form as they are now."""
        self._show_form(self._form)
        for oid, line in self.sections.items():
            line.show_state("empty", "idle", None, oid == self._section, waiting(self._casebook, self._form, oid))

    def _show_form(self, form: FormPath) -> None:
        status = self._casebook.status(form)
        shape, tone = STATUS_SHAPES[status]
        current = form == self._form and len(self.sections) < 2
        self.forms[form].show_state(shape, tone, status_word(status), current, waiting(self._casebook, form))

    def _narrow(self, typed: str) -> None:
        """Leave the forms that are called so: in Chinese, pinyin, first letters or English."""
        for form, line in self.forms.items():
            shown = not typed.strip() or _called(typed, line.text_shown)
            line.setVisible(shown)
            if form == self._form:
                for section in self.sections.values():
                    section.setVisible(shown)
        for caption, forms in self.captions:
            caption.setVisible(any(not self.forms[form].isHidden() for form in forms))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(QPen(look.color("line"), 1))
        painter.drawLine(self.width() - 1, 0, self.width() - 1, self.height())


def _called(typed: str, text: Text) -> bool:
    return find(typed, text.zh, readings()) is not None or find(typed, text.en, {}) is not None
