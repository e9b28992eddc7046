"""A form as it stood: a slider over everything that was done to it, each answer then beside the one now."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QHBoxLayout, QScrollArea, QSlider, QVBoxLayout, QWidget

from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Text
from trialdesk.services.as_it_stood import FormHistory, Moment
from trialdesk.services.casebook import Casebook
from trialdesk.ui import look, parts

_SHAPES = {"answer": "history", "completed": "complete", "signed": "signed", "locked": "locked", "sent": "usb"}
_TITLE = Text(en="{form} as it stood", zh="{form} 的过去")


class PastDialog(QDialog):
    """Reads the trail and writes nothing; left and right go from record to record, PgUp and PgDn between signatures."""

    def __init__(self, casebook: Casebook, form: FormPath, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.history = FormHistory(casebook, form)
        label = casebook.study(form).form[form.form].label
        title = _TITLE.format(form=label)
        self.setWindowTitle(look.first(title))
        self.setMinimumSize(760, 520)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        head = QHBoxLayout()
        head.addWidget(parts.Plate(casebook.subject))
        head.addWidget(parts.bilingual(title, "title"))
        head.addStretch(1)
        column.addLayout(head)
        self._when = parts.words("", "heading")
        self._what = parts.words("", "text", "ink2", wrap=True)
        self._mark = parts.row(gap=6)
        column.addWidget(parts.row(self._when, self._mark, None, gap=12))
        column.addWidget(self._what)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, max(0, len(self.history.moments) - 1))
        self.slider.setPageStep(1)
        self.slider.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.slider.setTickInterval(1)
        self.slider.setAccessibleName(look.both(Text(en="Moment", zh="时刻")))
        self.slider.valueChanged.connect(self._show)
        column.addWidget(self.slider)
        column.addWidget(self._keys())
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        self._holder = QWidget()
        self._holder.setProperty("clear", "true")
        self._grid = QGridLayout(self._holder)
        self._grid.setContentsMargins(4, 4, 4, 4)
        self._grid.setVerticalSpacing(6)
        self._grid.setHorizontalSpacing(18)
        for index, stretch in enumerate((3, 3, 3, 3)):
            self._grid.setColumnStretch(index, stretch)
        area.setWidget(self._holder)
        column.addWidget(area, 1)
        close = parts.Button(Text(en="Close", zh="关闭"), key="Esc")
        close.clicked.connect(self.accept)
        column.addWidget(parts.row(None, close))
        if self.history.moments:
            self.slider.setValue(len(self.history.moments) - 1)
            self._show(self.slider.value())
        else:
            none = Text(en="Nothing was ever recorded on this form.", zh="此表单从未有记录。")
            self._what.setText(look.first(none))
        self.slider.setFocus()

    def _keys(self) -> QWidget:
        said: list[parts.Content] = []
        for key, text in (
            ("← →", Text(en="one record", zh="逐条记录")),
            ("PgUp PgDn", Text(en="signature, bundle, completion", zh="签署、数据包、完成")),
        ):
            said += [parts.KeyCap(key), parts.words(look.first(text), "small", "ink3"), 8]
        return parts.row(*said, None, gap=6)

    def moment(self) -> Moment:
        """The moment that is shown."""
        return self.history.moments[self.slider.value()]

    def _show(self, index: int) -> None:
        moment = self.history.moments[index]
        past = self.history.at(moment)
        self._when.setText(moment.when)
        layout = self._mark.layout()
        assert layout is not None
        parts.empty(layout)
        layout.addWidget(parts.icon(_SHAPES[moment.kind], 17, "ink2"))
        layout.addWidget(parts.Chip(look.first(past.status), "idle"))
        said = Text(en="{what}, by {who} ({role}), record {id}", zh="{what}，{who}（{role}），记录 {id}")
        from trialdesk.domain.admin.role import ROLE_WORDS, Role

        role = ROLE_WORDS[Role(moment.record.role)]
        self._what.setText(
            look.first(said.format(what=moment.says, who=moment.record.user, role=role, id=moment.record.id))
        )
        self.slider.setAccessibleDescription(f"{moment.when} {look.first(moment.says)}")
        self._fill(past.answers)

    def _fill(self, answers: tuple) -> None:  # type: ignore[type-arg]
        parts.empty(self._grid)
        heads = (
            Text(en="Field", zh="字段"),
            Text(en="Then", zh="当时"),
            Text(en="Now", zh="现在"),
            Text(en="Entered by", zh="录入"),
        )
        for column, head in enumerate(heads):
            self._grid.addWidget(parts.words(look.first(head), "smallstrong", "ink2"), 0, column)
        for row, answer in enumerate(answers, start=1):
            tone = "warn" if answer.changed else "ink"
            self._grid.addWidget(parts.words(look.first(answer.label), "text", "ink2", wrap=True), row, 0)
            self._grid.addWidget(parts.words(look.first(answer.then), "strong", tone, wrap=True), row, 1)
            now = look.first(answer.now) if answer.changed else look.first(Text(en="unchanged", zh="未变"))
            self._grid.addWidget(parts.words(now, "text", "ink" if answer.changed else "ink3", wrap=True), row, 2)
            who = ""
            if answer.record is not None:
                who = f"{answer.record.user}  {answer.record.local_time.strftime('%Y-%m-%d %H:%M')}"
            self._grid.addWidget(parts.words(who, "small", "ink3", wrap=True), row, 3)
        self._grid.setRowStretch(len(answers) + 1, 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self._leap(-1 if event.key() == Qt.Key.Key_PageUp else 1)
            return
        super().keyPressEvent(event)

    def _leap(self, way: int) -> None:
        """To the next moment that is more than one answer: completion, signature, lock, bundle."""
        at = self.slider.value() + way
        while 0 <= at < len(self.history.moments):
            if self.history.moments[at].kind != "answer":
                self.slider.setValue(at)
                return
            at += way
