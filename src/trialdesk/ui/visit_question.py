"""The question whether a date was written into the wrong visit; it stands above the page and stops nobody."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.text import Text
from trialdesk.services.worklist import Column
from trialdesk.ui import look, parts


class VisitQuestion(QFrame):
    """Names the visit that fits; F7 takes the date there, going on keeps it here."""

    moved = Signal(object, object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("plane", "warn")
        across = QHBoxLayout(self)
        across.setContentsMargins(28, 8, 16, 8)
        across.setSpacing(10)
        across.addWidget(parts.icon("soft", 18, "warn", "warn_soft"))
        self._says = parts.words("", "strong", "warn", wrap=True)
        across.addWidget(self._says, 1)
        self.move_there = parts.Button(Text(en="Take it there", zh="移到该访视"), key="F7", high=30)
        self.move_there.clicked.connect(self.take_there)
        across.addWidget(self.move_there)
        self.keep = parts.Button(Text(en="Keep it here", zh="保留在此"), "quiet", high=30)
        self.keep.clicked.connect(self.hide)
        across.addWidget(self.keep)
        self._target: tuple[FormPath, ItemPath, str] | None = None
        self.hide()

    def ask(self, path: ItemPath, value: str, here: Text, better: Column) -> None:
        """Ask about one date."""
        form = FormPath(better.event.oid, better.repeat, path.form)
        self._target = (form, form.item(path.group, path.item, path.group_repeat), value)
        says = Text(
            en="Wrong visit? {day} is outside {here} and inside {there}.",
            zh="是否选错访视？{day} 不在 {here} 的时间窗内，而在 {there} 的时间窗内。",
        ).format(day=value, here=here, there=better.label)
        self._says.setText(look.first(says))
        self.setAccessibleName(look.both(says))
        self.show()

    def said(self) -> str:
        """The question that stands, or an empty text."""
        return self._says.text() if not self.isHidden() else ""

    def take_there(self) -> None:
        """Go to the visit that fits, with the date in its box."""
        if self._target is not None and not self.isHidden():
            self.hide()
            self.moved.emit(*self._target)
