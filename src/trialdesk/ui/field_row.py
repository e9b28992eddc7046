"""One question on a page: state bar, label in both languages, control, what follows from the value, findings below."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from trialdesk.domain.oid import ItemPath
from trialdesk.domain.study.form import ItemDef
from trialdesk.domain.text import Text
from trialdesk.ui import look, parts
from trialdesk.ui.boxes import AreaBox, LineBox, Options, UnitBox
from trialdesk.ui.composing import Composition
from trialdesk.ui.controls import Control, make_control
from trialdesk.ui.field_label import FieldLabel, LabelWords
from trialdesk.ui.field_view import FieldView, chip_of, skipped_words, tone_of
from trialdesk.ui.finding_panel import FindingPanel
from trialdesk.ui.grade_box import GradeBox
from trialdesk.ui.missing_menu import DOTS, is_dot
from trialdesk.ui.offered_values import OfferedValues
from trialdesk.ui.segments import SegmentBox
from trialdesk.ui.term_box import TermBox

Echo = Callable[[ItemDef, str], tuple[Text | None, bool]]


class FieldRow(QFrame):
    """A generated row; it shows a FieldView and says what the person did, and decides nothing."""

    committed = Signal(object, str, str)
    typing = Signal(object, str)
    next_wanted = Signal(object)
    missing_wanted = Signal(object)
    undo_wanted = Signal(bool)
    explained = Signal(object, str, str, str)
    entered = Signal(object)

    def __init__(
        self,
        item: ItemDef,
        path: ItemPath,
        options: Options,
        echo: Echo,
        label_width: int = 212,
        room: int | None = None,
        below: QVBoxLayout | None = None,
        control: Control | None = None,
        parent: QWidget | None = None,
        said: LabelWords = "both",
    ) -> None:
        """`label_width` 0 sets the label above the control; `room` is the width a control may take there.

        `control` replaces the one of the item's kind. Findings open under the control, or in the layout `below` where
        a sheet has more room for their sentences. A row is made inside the `parent` it will stand in: Qt dresses a
        widget and all its parts anew whenever it is moved.
        """
        super().__init__(parent)
        self._stacked = label_width == 0
        self._margins = 30
        self.item, self.path, self._echo = item, path, echo
        self._options = dict(options)
        self._view: FieldView | None = None
        self._refused = False
        self._required_shown = False
        self._current = False
        self._asked = True
        self._below, self._given = below, control
        self._chip: parts.Chip | None = None
        self._note: QLabel | None = None
        self.offered: OfferedValues | None = None
        self._said_by_label = said
        self._arrange(label_width, room)
        self._connect()

    def _arrange(self, label_width: int, room: int | None) -> None:
        """Make the parts and place them; a sheet places the same parts otherwise."""
        outer = QVBoxLayout(self)
        across = QVBoxLayout() if self._stacked else QHBoxLayout()
        outer.setContentsMargins(*((16, 5, 12, 6) if self._stacked and room is not None else (28, 8, 16, 9)))
        outer.setSpacing(0)
        across.setSpacing(3 if self._stacked else 12)
        outer.addLayout(across)
        self._label = label = FieldLabel(self.item, self._stacked, self, self._said_by_label)
        if not self._stacked:
            label.setFixedWidth(label_width)
        across.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        self._right = QVBoxLayout()
        self._right.setSpacing(7)
        across.addLayout(self._right, 1)
        self._answer = QHBoxLayout()
        self._answer.setSpacing(10)
        self._right.addLayout(self._answer)
        self.control = self._given or make_control(self.item, tuple(self._options.items()), room)
        self.control.setAccessibleName(look.both(self.item.label))
        self.control.setAccessibleDescription(self._description())
        self._answer.addWidget(self.control, 1 if isinstance(self.control, GradeBox) else 0)
        self._unit = self._make_unit()
        # Beside a wide control a note would be squeezed into a column of single words.
        self._note_below = self._stacked or self.item.kind in ("text", "long_text", "term", "code")
        if not isinstance(self.control, GradeBox):
            self._answer.addStretch(1 if self._note_below else 0)
        if self.item.pick_from:
            self.offered = OfferedValues(self)
            self.offered.taken.connect(lambda value: self._leave(value))
            self._right.addWidget(self.offered)
        self._panels = self._below if self._below is not None else QVBoxLayout()
        self._panels.setSpacing(6)
        if self._below is None:
            self._right.addLayout(self._panels)

    def _description(self) -> str:
        bits = [self.item.unit or ""]
        if self.item.range:
            bits.append(f"{self.item.range.min or ''}–{self.item.range.max or ''}")
        return " ".join(bit for bit in bits if bit.strip("–"))

    def _make_unit(self) -> UnitBox | None:
        if not self.item.units:
            return None
        made = UnitBox([self.item.unit or "", *(choice.unit for choice in self.item.units)])
        made.setAccessibleName(look.both(Text(en="Unit of {item}", zh="{item}的单位").format(item=self.item.label)))
        made.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._answer.addWidget(made)
        made.activated.connect(lambda _index: self._leave(self.control.text_now(), unit_too=True))
        return made

    def _make_chip(self) -> parts.Chip:
        """The state beside the control: few rows have one, so it is made when first shown, as is the note."""
        made = parts.Chip("", parent=self)
        self._answer.insertWidget(1 if self._unit is None else 2, made)
        return made

    def _make_note(self) -> QLabel:
        made = parts.words("", "text", "ink2", wrap=True, parent=self)
        if self._note_below:
            self._right.insertWidget(1, made)
        else:
            self._answer.insertWidget(self._answer.count() - 1, made, 1)
        return made

    def _connect(self) -> None:
        self.control.left.connect(self._leave)
        self.control.typing.connect(self._on_typing)
        self.control.next_wanted.connect(lambda: self.next_wanted.emit(self))
        self._composition = Composition()
        for part in self.focusable():
            part.installEventFilter(self)

    def focusable(self) -> list[QWidget]:
        """The parts of the control that take the focus, first to last."""
        if isinstance(self.control, SegmentBox | GradeBox):
            return list(self.control.segments)
        return [self.control]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if self._composition.takes(event, kind):
            return True
        if kind == QEvent.Type.FocusIn:
            self._mark(True)
            self.entered.emit(self)
        elif kind == QEvent.Type.FocusOut:
            self._mark(False)
        return isinstance(event, QKeyEvent) and self._takes(event, kind)

    def _takes(self, event: QKeyEvent, kind: QEvent.Type) -> bool:
        """What a row does with a key before its control hears of it."""
        return kind == QEvent.Type.KeyPress and self._key(event)

    def _key(self, event: QKeyEvent) -> bool:
        """The keys of a field that no control has of its own; True when one was meant."""
        key, ctrl = event.key(), event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if key == Qt.Key.Key_F8 or is_dot(self.item, self.control.text_now(), event):
            self._want_missing()
        elif key == Qt.Key.Key_F2 and self.focus_reasons():
            pass
        elif key == Qt.Key.Key_Escape and self._escapable() and self._view is not None:
            self.restore()
        elif ctrl and key == Qt.Key.Key_Z and self.pending() is not None and self._view is not None:
            # What is only typed is taken back first; only then what was recorded.
            self.restore()
        elif ctrl and key in (Qt.Key.Key_Z, Qt.Key.Key_Y):
            self.undo_wanted.emit(key == Qt.Key.Key_Y)
        elif ctrl and key == Qt.Key.Key_U and self._unit is not None:
            self._unit.setCurrentIndex((self._unit.currentIndex() + 1) % self._unit.count())
            self._leave(self.control.text_now(), unit_too=True)
        else:
            return False
        return True

    def _escapable(self) -> bool:
        """True when Escape takes back what was typed; an open list of terms closes first."""
        listed = isinstance(self.control, TermBox) and self.control.open_list is not None
        return not listed and self.pending() is not None

    def _want_missing(self) -> None:
        if self.can_take_focus():
            if self.control.text_now().strip() in DOTS:
                self.restore()
            self.missing_wanted.emit(self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.focus()
        super().mousePressEvent(event)

    def _mark(self, current: bool) -> None:
        self._current = current
        self.update()

    # -- what the person does

    def unit(self) -> str:
        """The unit chosen beside the box, or an empty text."""
        return str(self._unit.currentData()) if self._unit else ""

    def pending(self) -> str | None:
        """Text that is in the box and not on record, or None."""
        now = self.control.text_now()
        stored = self._view.value if self._view else ""
        return now if now != stored else None

    def commit(self) -> None:
        """Hand over what stands in the box, as if the field had been left."""
        self._leave(self.control.text_now())

    def _leave(self, text: str, unit_too: bool = False) -> None:
        if self._view is None or self.item.by_program or self._view.skipped is not None:
            return
        same_unit = not self._unit or self.unit() == (self._view.unit or self.item.unit or "")
        if text == self._view.value and (same_unit or not (unit_too or text)) and not self._refused:
            return
        if text == "" and self._view.missing:
            return
        self.committed.emit(self, text, self.unit())

    def _on_typing(self, text: str) -> None:
        said, fine = self._echo(self.item, text)
        self._say(said, "ink2" if fine else "hard")
        self.typing.emit(self, text)

    def shorten(self) -> None:
        """Take less room round the control, and leave what the label does not say to the tooltip."""
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(10, 4, 6, 4)
        self._margins = 18
        self.setToolTip(look.both(self.item.label))

    def fit(self, most: int) -> None:
        """Take the width at which label and control are not cut, for sheets that flow; beyond `most` the label wraps."""
        unit = self._unit.sizeHint().width() + 10 if self._unit else 0
        least = max(self.control.minimumSizeHint().width(), self.control.minimumWidth())
        control = min(least, self.control.maximumWidth()) + unit + self._margins
        wanted = max(self._label.natural_width() + self._margins, control)
        self.setFixedWidth(max(control, min(wanted, most)))
        if wanted > self.width():
            self._label.wrap(self.width() - self._margins)

    def focus(self) -> None:
        """Put the caret into the control."""
        self.control.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_reasons(self) -> bool:
        """Put the focus on the first reason of an open soft finding."""
        for index in range(self._panels.count()):
            item = self._panels.itemAt(index)
            panel = item.widget() if item is not None else None
            if isinstance(panel, FindingPanel) and panel.focus_reasons():
                return True
        return False

    def can_take_focus(self) -> bool:
        """True when a person can answer here now."""
        return self.isEnabled() and not self.item.by_program and self._view is not None and self._view.skipped is None

    # -- what is shown

    def show_view(self, view: FieldView, required_shown: bool = False) -> None:
        """Show a state; nothing is touched when it is the one shown already."""
        if view == self._view and required_shown == self._required_shown and not self._refused:
            return
        typing_here = self.pending() if self._view is not None and self._view.value == view.value else None
        before, self._view = self._view, view
        self._required_shown, self._refused = required_shown, False
        if typing_here is None:
            self.control.put(view.value)
        if self._unit:
            self._unit.setCurrentIndex(max(0, self._unit.findData(view.unit or self.item.unit or "")))
        self._set_enabled(view)
        self._show_note(view)
        if before is None or before.findings != view.findings:
            self._show_findings(view)
        self.update()

    def restore(self) -> None:
        """Put the recorded value back into the box."""
        if self._view is not None:
            self.control.put(self._view.value)
            view, self._view = self._view, None
            self.show_view(view, self._required_shown)

    def put_back(self, typed: str) -> None:
        """Show text that was typed before a crash and never recorded."""
        self.control.put(typed)
        self._on_typing(typed)

    def refuse(self, says: Text) -> None:
        """Keep what was typed and say beside it what is wrong."""
        self._refused = True
        self._say(says, "hard")
        self.update()

    def _set_enabled(self, view: FieldView) -> None:
        asked = view.skipped is None
        if self.item.proposed and (self.parentWidget() is not None or not asked):
            # A row that is not placed yet would open as a window of its own.
            self.setVisible(asked)
        if asked != self._asked:
            self._asked = asked
            self.control.setVisible(asked)
            if self._unit:
                self._unit.setVisible(asked)
        if isinstance(self.control, LineBox):
            if self.control.isReadOnly() != view.derived:
                self.control.setReadOnly(view.derived)
                self.control.setFocusPolicy(Qt.FocusPolicy.NoFocus if view.derived else Qt.FocusPolicy.StrongFocus)
                self.control.style().polish(self.control)
                if view.derived:
                    self.control.setPlaceholderText("")
        elif isinstance(self.control, AreaBox):
            self.control.setReadOnly(view.derived)

    def _show_note(self, view: FieldView) -> None:
        if self._chip is not None:
            self._chip.hide()
        state = chip_of(view, self._required_shown)
        if state is not None:
            self._show_chip(*state)
        if view.skipped is not None:
            self._say(skipped_words(view.skipped, view.undecided), "ink3")
        elif view.derived and self._options:
            self._say(self._options.get(view.value), "ink2")
        else:
            said, fine = self._echo(self.item, view.value)
            self._say(said, "ink2" if fine else "hard")

    def _show_chip(self, text: Text, tone: str, shape: str) -> None:
        if self._chip is None:
            self._chip = self._make_chip()
        self._chip.show_state(look.first(text), tone, shape)
        self._chip.show()

    def _say(self, text: Text | None, tone: str) -> None:
        shown = look.first(text) if text is not None else ""
        if shown and self._note is None:
            self._note = self._make_note()
        if self._note is not None:
            parts.tone(self._note, tone)
            self._note.setText(shown)
            self._note.setVisible(bool(shown))
        self.control.setAccessibleDescription(f"{self._description()} {shown}".strip())

    def _show_findings(self, view: FieldView) -> None:
        parts.empty(self._panels)
        for finding in view.findings:
            if finding.severity == "missing":
                continue
            panel = FindingPanel(finding)
            panel.explained.connect(lambda rule, code, words: self.explained.emit(self, rule, code, words))
            panel.closed.connect(self.focus)
            self._panels.addWidget(panel)

    def _tone(self) -> str | None:
        if self._refused:
            return "hard"
        return None if self._view is None else tone_of(self._view, self._required_shown)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._current and not self._stacked:
            painter.fillRect(self.rect().adjusted(12, 0, 0, -1), look.color("sunken"))
        if not self._stacked:
            painter.fillRect(28, self.height() - 1, self.width() - 44, 1, look.color("line"))
        tone = self._tone()
        if tone:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color(tone))
            painter.drawRoundedRect(QRectF(4 if self._stacked else 12, 7, 4, self.height() - 15), 2, 2)

    def own_keys(self) -> list[tuple[str, Text]]:
        """Keys that work in this row beside those of every field, for the status bar."""
        return []

    def labels(self) -> list[QLabel]:
        """Every label of the row, for the check that none is cut."""
        return self.findChildren(QLabel)
