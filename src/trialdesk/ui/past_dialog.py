"""A form as it stood: a slider over everything that was done to it, each answer then beside the one now."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QScrollArea, QSlider, QVBoxLayout, QWidget

from trialdesk.domain.clinical.audit_record import SYSTEM
from trialdesk.domain.clinical.date_entry import read_date
from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Text
from trialdesk.services.as_it_stood import Answer, FormHistory, Moment
from trialdesk.services.casebook import Casebook
from trialdesk.ui import look, parts
from trialdesk.ui.boxes import Combo, LineBox

_SHAPES = {"answer": "history", "completed": "complete", "signed": "signed", "locked": "locked", "sent": "usb"}
_EVERYBODY = Text(en="Everybody's records", zh="全部人员的记录")
_TITLE = Text(en="{form} as it stood", zh="{form} 的过去")


class MomentSlider(QSlider):
    """A slider that leaves the page keys to the dialog around it."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            event.ignore()
            return
        super().keyPressEvent(event)


class PastDialog(QDialog):
    """Reads the trail and writes nothing; left and right go from record to record, PgUp and PgDn between signatures.

    One person's records alone can be walked through, and a day can be typed.
    """

    def __init__(self, casebook: Casebook, form: FormPath, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._casebook = casebook
        self.history = FormHistory(casebook, form)
        self.moments = self.history.moments
        label = casebook.study(form).form[form.form].label
        title = _TITLE.format(form=label)
        self.setWindowTitle(look.first(title))
        self.setMinimumSize(860, 600)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        column.addWidget(self._head(title))
        self._when = parts.words("", "heading")
        self._what = parts.words("", "text", "ink2", wrap=True)
        self._mark = parts.row(gap=6)
        column.addWidget(parts.row(self._when, self._mark, None, gap=12))
        column.addWidget(self._what)
        self.slider = MomentSlider(Qt.Orientation.Horizontal)
        self.slider.setPageStep(1)
        self.slider.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.slider.setTickInterval(1)
        self.slider.setAccessibleName(look.both(Text(en="Moment", zh="时刻")))
        self.slider.valueChanged.connect(self._show)
        column.addWidget(self.slider)
        column.addWidget(self._keys())
        self._cards = parts.row(gap=12)
        column.addWidget(self._cards)
        column.addWidget(self._answers(), 1)
        close = parts.Button(Text(en="Close", zh="关闭"), key="Esc")
        close.clicked.connect(self.accept)
        column.addWidget(parts.row(None, close))
        self._walk()
        self.slider.setFocus()

    def _head(self, title: Text) -> QWidget:
        self.who = Combo()
        self.who.setFixedHeight(34)
        self.who.setFixedWidth(210)
        self.who.setAccessibleName(look.both(_EVERYBODY))
        self.who.addItem(look.first(_EVERYBODY), None)
        for user in self.history.people():
            self.who.addItem("TrialDesk" if user == SYSTEM else user, user)
        self.who.currentIndexChanged.connect(lambda _: self._walk())
        self.day = LineBox(wide=130)
        self.day.setPlaceholderText(look.first(Text(en="Go to a day", zh="跳至日期")))
        self.day.setAccessibleName(look.both(Text(en="Go to a day", zh="跳至日期")))
        self.day.left.connect(self._to_day)
        return parts.row(
            parts.Plate(self._casebook.subject), parts.bilingual(title, "title"), None, self.who, self.day, gap=10
        )

    def _answers(self) -> QWidget:
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
        self._area = area
        return area

    def _walk(self) -> None:
        """Walk through the records of everybody or of one person, beginning with the last."""
        user = self.who.currentData()
        self.moments = tuple(m for m in self.history.moments if user is None or m.record.user == user)
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, max(0, len(self.moments) - 1))
            self.slider.setValue(len(self.moments) - 1)
        if self.moments:
            self._show(self.slider.value())
        else:
            none = Text(en="Nothing was ever recorded on this form.", zh="此表单从未有记录。")
            self._what.setText(look.first(none))

    def _to_day(self, typed: str) -> None:
        """To the last record of a day or before it."""
        if not typed.strip():
            return
        found = read_date(typed, self._casebook.session.today)
        if isinstance(found, Text) or not found.complete:
            says = found if isinstance(found, Text) else Text(en="Write a whole day.", zh="请填写完整日期。")
            self._what.setText(look.first(says))
            return
        self.day.clear()
        there = [n for n, m in enumerate(self.moments) if m.record.local_time.date() <= found.earliest]
        self.slider.setValue(there[-1] if there else 0)
        self.slider.setFocus()

    def _keys(self) -> QWidget:
        said: list[parts.Content] = []
        for key, text in (
            ("← →", Text(en="one record", zh="逐条记录")),
            ("PgUp PgDn", Text(en="signature, bundle, completion", zh="签署、数据包、完成")),
            ("Home End", Text(en="first, last", zh="首条、末条")),
        ):
            said += [parts.KeyCap(key), parts.words(look.first(text), "small", "ink3"), 8]
        self._count = parts.words("", "small", "ink2")
        return parts.row(*said, None, self._count, gap=6)

    def moment(self) -> Moment:
        """The moment that is shown."""
        return self.moments[self.slider.value()]

    def _show(self, index: int) -> None:
        moment = self.moments[index]
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
        self._count.setText(f"{index + 1} / {len(self.moments)}")
        self._show_cards(moment)
        self._fill(past.answers, moment)

    def _show_cards(self, moment: Moment) -> None:
        """What this record changed: before and after, side by side."""
        layout = self._cards.layout()
        assert layout is not None
        parts.empty(layout)
        self._cards.setVisible(moment.path is not None)
        if moment.path is None:
            return
        why = look.first(moment.why)
        for title, text, plane, more in (
            (Text(en="Before", zh="修改前"), moment.before, "sunken", ""),
            (Text(en="After", zh="修改后"), moment.after, "info", why),
        ):
            lines: list[parts.Content] = [
                parts.words(look.first(title), "smallstrong", "ink2"),
                parts.words(look.first(text), "title", wrap=True),
                parts.words(more, "small", "ink2", wrap=True),
            ]
            layout.addWidget(parts.plane(plane, *lines, gap=2, margins=(14, 8, 14, 8)))

    def _fill(self, answers: tuple[Answer, ...], moment: Moment) -> None:
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
            here = answer.path == moment.path
            label = f"◆ {look.first(answer.label)}" if here else look.first(answer.label)
            made = parts.words(label, "strong" if here else "text", "accent" if here else "ink2", wrap=True)
            self._grid.addWidget(made, row, 0)
            if here:
                # The row may not be laid out yet.
                QTimer.singleShot(0, self, lambda made=made: self._area.ensureWidgetVisible(made))
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
        while 0 <= at < len(self.moments):
            if self.moments[at].kind != "answer":
                self.slider.setValue(at)
                return
            at += way
