"""Controls that take an answer: a line, a long text, a list to search; all, and the segments, speak the same few signals.

Each has `put(text)`, `text_now()`, and the signals `left(str)` when the person is done with the field, `typing(str)` at
every letter and `next_wanted()` for Enter. No control decides what is right.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStyleOptionViewItem,
    QStylePainter,
)

from trialdesk.domain.text import Text
from trialdesk.ui import icons, look, parts

Options = Sequence[tuple[str, Text]]
Index = QModelIndex | QPersistentModelIndex
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def is_enter(event: QKeyEvent) -> bool:
    """True for Enter alone, the one of the number block too, which carries a modifier of its own."""
    return event.key() in _ENTER and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier


class LineBox(QLineEdit):
    """One line of text with the unit inside at the right; what was typed stays as typed."""

    left = Signal(str)
    typing = Signal(str)
    next_wanted = Signal()

    def __init__(self, unit: str | None = None, wide: int = 220) -> None:
        super().__init__()
        self._unit = QLabel(parts.unit_label(unit), self) if unit else None
        self.setFixedHeight(34)
        self.setMinimumWidth(wide)
        self.setMaximumWidth(wide)
        if self._unit:
            self._unit.setTextFormat(Qt.TextFormat.RichText)
            parts.letters(self._unit, "small")
            parts.tone(self._unit, "ink3")
            self._unit.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self.setTextMargins(0, 0, self._unit.sizeHint().width() + 8, 0)
        self.textEdited.connect(self.typing)

    def put(self, text: str) -> None:
        """Show a text; the caret goes to its end."""
        if text != self.text():
            self.setText(text)

    def text_now(self) -> str:
        """What stands in the box."""
        return self.text()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._unit:
            size = self._unit.sizeHint()
            self._unit.setGeometry(self.width() - size.width() - 10, 0, size.width(), self.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_enter(event):
            self.left.emit(self.text())
            self.next_wanted.emit()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit(self.text())


class AreaBox(QPlainTextEdit):
    """Several lines of text; Enter and Tab leave it, Shift+Enter begins a line, Ctrl+Enter belongs to the page."""

    left = Signal(str)
    typing = Signal(str)
    next_wanted = Signal()

    def __init__(self, wide: int = 480) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setFixedHeight(82)
        self.setMaximumWidth(wide)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._quiet = False
        self.textChanged.connect(self._changed)

    def _changed(self) -> None:
        if not self._quiet:
            self.typing.emit(self.toPlainText())

    def put(self, text: str) -> None:
        """Show a text."""
        if text != self.toPlainText():
            self._quiet = True
            self.setPlainText(text)
            self._quiet = False

    def text_now(self) -> str:
        """What stands in the box."""
        return self.toPlainText()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        if is_enter(event):
            self.left.emit(self.toPlainText())
            self.next_wanted.emit()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit(self.toPlainText())


class Combo(QComboBox):
    """A list that opens, with its chevron painted: style sheets take pictures from files only."""

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.isEditable() or self.currentIndex() < 0:
            super().paintEvent(event)
        else:
            frame = QStyleOptionComboBox()
            self.initStyleOption(frame)
            frame.currentText = self.shown()  # type: ignore[attr-defined]
            told = QStylePainter(self)
            told.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, frame)
            told.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, frame)
            told.end()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        icons.draw(painter, "down", QRectF(self.width() - 24, (self.height() - 16) / 2, 16, 16), "ink2")

    def shown(self) -> str:
        """What is drawn of the choice: an ellipsis stands for what has no room."""
        return self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, self.width() - 40)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolling the page never changes an answer."""
        event.ignore()


class _UnitItem(QStyledItemDelegate):
    """A unit in the open list."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, look.color("selected"))
        parts.draw_unit(painter, QRectF(rect).adjusted(10, 0, 0, 0), str(index.data()))


class UnitBox(Combo):
    """The units an answer may be given in; powers are drawn raised, because the font lacks most raised digits."""

    def __init__(self, units: Sequence[str]) -> None:
        super().__init__()
        self.setFixedHeight(34)
        self.setItemDelegate(_UnitItem(self))
        for unit in units:
            self.addItem(unit, unit)

    def paintEvent(self, event: QPaintEvent) -> None:
        frame = QStyleOptionComboBox()
        self.initStyleOption(frame)
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, frame)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        parts.draw_unit(painter, QRectF(11, 0, self.width() - 36, self.height()), self.currentText())
        icons.draw(painter, "down", QRectF(self.width() - 24, (self.height() - 16) / 2, 16, 16), "ink2")


class ChoiceBox(Combo):
    """More than five choices: a list that narrows as one types Han, English or the code."""

    left = Signal(str)
    typing = Signal(str)
    next_wanted = Signal()

    def __init__(self, options: Options, wide: int = 300) -> None:
        super().__init__()
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._leading = {code: look.first(text) for code, text in options}
        self._codes: dict[str, str] = {}
        for code, text in options:
            shown = f"{look.first(text)}  {look.second(text)}"
            self.addItem(shown, code)
            self._codes |= {words.lower(): code for words in (text.en, text.zh, shown)}
        # A code beats the words of another choice.
        self._codes |= {code.lower(): code for code, _ in options}
        self.setCurrentIndex(-1)
        self.setFixedSize(wide, 34)
        finder = QCompleter(self.model(), self)
        finder.setFilterMode(Qt.MatchFlag.MatchContains)
        finder.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(finder)
        line = self.lineEdit()
        assert line is not None
        line.setPlaceholderText(look.first(Text(en="type to search", zh="输入以查找")))
        line.textEdited.connect(self.typing)
        line.returnPressed.connect(self._entered)
        self.activated.connect(lambda _index: self.left.emit(self.text_now()))
        finder.activated.connect(lambda _text: QTimer.singleShot(0, lambda: self.left.emit(self.text_now())))

    def put(self, text: str) -> None:
        """Show a choice; a text that is no code stays as typed."""
        index = self.findData(text) if text else -1
        self.setCurrentIndex(index)
        self.setEditText(self._leading.get(text, text))
        line = self.lineEdit()
        if line is not None and not line.hasFocus():
            line.setCursorPosition(0)

    def text_now(self) -> str:
        """The code whose own words stand in the box, else what was typed; a part of a word is not an answer."""
        typed = self.currentText().strip()
        return self._codes.get(typed.lower(), typed)

    def _entered(self) -> None:
        self.left.emit(self.text_now())
        self.next_wanted.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit(self.text_now())
