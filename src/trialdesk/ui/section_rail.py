"""The rail beside a form: visits as captions, forms with their state, sections of the open form with what waits."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidgetItem, QVBoxLayout, QWidget

from trialdesk.domain.oid import FormPath
from trialdesk.domain.pinyin import find
from trialdesk.domain.text import Text
from trialdesk.services.casebook import Casebook
from trialdesk.services.pinyin import readings
from trialdesk.services.worklist import plan
from trialdesk.ui import look
from trialdesk.ui.rail_lines import RailCaption, RailLine, RailList
from trialdesk.ui.states import STATUS_SHAPES, status_word, waiting


class SectionRail(QFrame):
    """Leads from form to form and from section to section; decides nothing."""

    form_chosen = Signal(object)
    section_chosen = Signal(str)

    def __init__(self, casebook: Casebook, form: FormPath, wide: int = 236, parent: QWidget | None = None) -> None:
        super().__init__(parent)
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
        self.list = RailList(self)
        self.list.itemClicked.connect(self._chosen)
        self.list.itemActivated.connect(self._chosen)
        layout.addWidget(self.list, 1)
        self.forms: dict[FormPath, RailLine] = {}
        self.sections: dict[str, RailLine] = {}
        self.captions: list[tuple[RailCaption, list[FormPath]]] = []
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
            made = RailCaption(caption)
            self.list.addItem(made)
            self.captions.append((made, [form for form, _ in forms]))
            for form, text in forms:
                self._add_form(form, text)

    def _add_form(self, form: FormPath, text: Text) -> None:
        line = RailLine(text)
        self.forms[form] = line
        self.list.addItem(line)
        groups = self._casebook.study(form).form[form.form].groups
        if form == self._form and len(groups) > 1:
            for group in groups:
                section = RailLine(group.label, section=True)
                self.sections[group.oid] = section
                self.list.addItem(section)
        self._show_form(form)

    def _chosen(self, line: QListWidgetItem) -> None:
        for form, one in self.forms.items():
            if one is line:
                self.form_chosen.emit(form)
                return
        for oid, section in self.sections.items():
            if section is line:
                self.section_chosen.emit(oid)
                return

    def take_focus(self) -> None:
        """Put the focus on the line of what is open; the arrows go on from there, Enter opens."""
        self.list.setCurrentItem(self.sections.get(self._section) or self.forms[self._form])
        self.list.setFocus()

    def show_section(self, oid: str) -> None:
        """Mark the page that is open and keep its line, or that of the form, in sight."""
        self._section = oid
        self.refresh()
        self.list.reveal(self.sections.get(oid) or self.forms[self._form], 160)

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
            line.setHidden(not shown)
            if form == self._form:
                for section in self.sections.values():
                    section.setHidden(not shown)
        for caption, forms in self.captions:
            caption.setHidden(all(self.forms[form].isHidden() for form in forms))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(QPen(look.color("line"), 1))
        painter.drawLine(self.width() - 1, 0, self.width() - 1, self.height())


def _called(typed: str, text: Text) -> bool:
    return find(typed, text.zh, readings()) is not None or find(typed, text.en, {}) is not None
