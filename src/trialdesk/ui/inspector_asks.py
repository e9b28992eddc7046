"""What a question is asked about: a participant's field, or a day."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from trialdesk.domain.clinical.date_entry import read_date
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.text import Text
from trialdesk.services.desk import OpenDesk
from trialdesk.services.inspection.answer import Asked, form_words, item_words
from trialdesk.ui import look, parts
from trialdesk.ui.boxes import Combo, LineBox

_ALL = Text(en="All participants", zh="全部受试者")
_FORM, _FIELD = Text(en="Form…", zh="表单…"), Text(en="Field…", zh="字段…")


class FieldAsked(QWidget):
    """Participant, form, field; `chosen` carries what is asked, as soon as it is complete or taken back."""

    chosen = Signal(object)

    def __init__(self, desk: OpenDesk, asked: Asked) -> None:
        super().__init__()
        self._desk = desk
        self.subjects, self.forms, self.fields = Combo(), Combo(), Combo()
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(8)
        for box, wide, name in (
            (self.subjects, 150, Text(en="Participant", zh="受试者")),
            (self.forms, 250, Text(en="Form", zh="表单")),
            (self.fields, 290, Text(en="Field", zh="字段")),
        ):
            box.setFixedHeight(34)
            box.setFixedWidth(wide)
            box.setAccessibleName(look.both(name))
            across.addWidget(box)
        self.subjects.addItem(look.first(_ALL), None)
        for subject in desk.subjects():
            self.subjects.addItem(subject, subject)
        if asked.path is not None and asked.subject is not None:
            self._put(self.subjects, asked.subject)
            self._fill_forms()
            self._put(self.forms, asked.path.form_path)
            self._fill_fields()
            self._put(self.fields, asked.path)
        else:
            self._fill_forms()
            self._fill_fields()
        self.subjects.currentIndexChanged.connect(self._subject)
        self.forms.currentIndexChanged.connect(self._form)
        self.fields.currentIndexChanged.connect(self._field)

    def _put(self, box: Combo, value: object) -> None:
        at = next((n for n in range(box.count()) if box.itemData(n) == value), 0)
        with QSignalBlocker(box):
            box.setCurrentIndex(at)

    def _fill_forms(self) -> None:
        subject = self.subjects.currentData()
        with QSignalBlocker(self.forms):
            self.forms.clear()
            self.forms.addItem(look.first(_FORM), None)
            if subject is not None:
                for form in self._desk.casebook(subject).data.by_form:
                    self.forms.addItem(look.first(form_words(self._desk.study, form)), form)
        self.forms.setEnabled(subject is not None)

    def _fill_fields(self) -> None:
        subject, form = self.subjects.currentData(), _form_path(self.forms.currentData())
        with QSignalBlocker(self.fields):
            self.fields.clear()
            self.fields.addItem(look.first(_FIELD), None)
            if subject is not None and form is not None:
                for path in self._desk.casebook(subject).data.by_form.get(form, ()):
                    self.fields.addItem(look.first(item_words(self._desk.study, path)), path)
        self.fields.setEnabled(form is not None)

    def _subject(self) -> None:
        self._fill_forms()
        self._fill_fields()
        if self.subjects.currentData() is None:
            self.chosen.emit(Asked())

    def _form(self) -> None:
        self._fill_fields()

    def _field(self) -> None:
        path = self.fields.currentData()
        if path is not None:
            self.chosen.emit(Asked(self.subjects.currentData(), ItemPath(*path)))


class DayAsked(QWidget):
    """A day, typed as on any form: 20260303, 3/3, t, -1w."""

    chosen = Signal(object)

    def __init__(self, desk: OpenDesk, asked: Asked) -> None:
        super().__init__()
        self._desk = desk
        self._day = asked.day or desk.session.today
        self.box = LineBox(wide=150)
        self.box.setAccessibleName(look.both(Text(en="Day", zh="日期")))
        self.box.put(self._day.isoformat())
        self.box.left.connect(self._read)
        self._said = parts.words("", "small", "hard")
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(self.box)
        across.addWidget(self._said)

    def _read(self, typed: str) -> None:
        found = read_date(typed, self._desk.session.today)
        self._said.setText("")
        if isinstance(found, Text) or not found.complete:
            says = found if isinstance(found, Text) else Text(en="Write a whole day.", zh="请填写完整日期。")
            self._said.setText(look.first(says))
            return
        day = found.earliest
        self.box.put(day.isoformat())
        if day != self._day:
            self._day = day
            self.chosen.emit(Asked(day=day))


def _form_path(value: object) -> FormPath | None:
    return FormPath(*value) if isinstance(value, tuple) else None
