"""What an answer is compared with and where: kind of source, place in it, and the two ways to say verified."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QFrame, QVBoxLayout

from trialdesk.domain.clinical.change_base import SourceKind
from trialdesk.domain.text import Text
from trialdesk.services.monitoring_view import SOURCE_WORDS
from trialdesk.ui import look, parts
from trialdesk.ui.visit.entry_line import EntryLine


class SourceBar(QFrame):
    """One answer at once; all of a form only after its end was seen and the count was said."""

    one_wanted = Signal()
    all_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("plane", "sunken")
        self.source = QComboBox()
        self.source.setFixedWidth(186)
        self.source.setAccessibleName(look.both(_SOURCE))
        for number, (kind, words) in enumerate(SOURCE_WORDS.items(), 1):
            self.source.addItem(f"{number}  {look.first(words)}", kind)
        self.where = EntryLine(_WHERE)
        self.where.returnPressed.connect(self.one_wanted.emit)
        self.one = parts.Button(Text(en="Verify this answer", zh="核查此项"), "primary", "V", shape="verified")
        self.one.clicked.connect(lambda: self.one_wanted.emit())
        self.all = parts.Button(_ALL.format(n=0), "secondary", "A")
        self.all.clicked.connect(lambda: self.ask())
        self.sure = parts.words("", "text", "warn", wrap=True)
        self.do_it = parts.Button(_ALL.format(n=0), "primary", "Enter", high=32)
        self.do_it.clicked.connect(lambda: self._sure())
        self.leave = parts.Button(Text(en="Leave", zh="取消"), "secondary", "Esc", high=32)
        self.leave.clicked.connect(lambda: self.stop_asking())
        self.asking = parts.plane("warn", self.sure, self.do_it, self.leave, across=True, margins=(12, 8, 12, 8))
        self.asking.layout().setStretch(0, 1)  # type: ignore[union-attr]
        self.asking.hide()
        self.why_not = parts.words("", "small", "ink3")
        down = QVBoxLayout(self)
        down.setContentsMargins(14, 10, 14, 10)
        down.setSpacing(6)
        down.addWidget(self.asking)
        line = parts.row(self.source, self.where, self.one, self.all)
        line.layout().setStretch(1, 1)  # type: ignore[union-attr]
        down.addWidget(line)
        down.addWidget(self.why_not)
        self._count = 0

    @property
    def kind(self) -> SourceKind:
        """The kind of source that is chosen."""
        chosen: SourceKind = self.source.currentData()
        return chosen

    @property
    def place(self) -> str:
        """Where in the source it stands."""
        return self.where.text().strip()

    def choose(self, digit: int) -> None:
        """Choose a kind of source by its digit."""
        if 1 <= digit <= self.source.count():
            self.source.setCurrentIndex(digit - 1)

    def show_count(self, count: int, read: bool) -> None:
        """How many answers of the form are still to verify, and whether its end was seen."""
        self._count = count
        self.all.say(_ALL.format(n=count))
        self.do_it.say(_ALL.format(n=count))
        why = None if read and count else _NOT_READ if count else _NONE_LEFT
        self.all.forbid(why)
        self.why_not.setText(look.first(why or _READ))
        self.stop_asking()

    def ask(self) -> bool:
        """Say how many answers would be called verified against what; returns False where that is not possible yet."""
        if not self.all.isEnabled():
            return False
        if not self.place:
            self.where.setFocus()
            return False
        says = _SURE.format(n=self._count, source=SOURCE_WORDS[self.kind], where=self.place)
        self.sure.setText(look.first(says))
        self.asking.show()
        self.do_it.setFocus()
        return True

    def stop_asking(self) -> None:
        """Everything stays as it was."""
        self.asking.hide()

    def _sure(self) -> None:
        self.stop_asking()
        self.all_wanted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.asking.isHidden():
            self.stop_asking()
            self.where.setFocus()
            return
        super().keyPressEvent(event)


_SOURCE = Text(en="Source", zh="源文件")
_WHERE = Text(en="Where in it: number, page or place", zh="位置：编号、页码或地点")
_ALL = Text(en="Verify all {n}", zh="核查全部 {n} 项")
_SURE = Text(
    en="{n} answers of this form will be called verified against: {source}, {where}.",
    zh="将把此表单的 {n} 项答案标为已核查，依据：{source}，{where}。",
)
_NOT_READ = Text(en="All at once only after the form was read to its end.", zh="通读表单至末尾后，才能一次核查全部。")
_NONE_LEFT = Text(en="Nothing on this form is left to verify by the plan.", zh="按计划，此表单没有待核查的字段。")
_READ = Text(en="The form was read to its end.", zh="表单已通读至末尾。")
