"""One test on a laboratory sheet: earlier values, today's box, unit, range, arrow, change, grade; all painted on one line."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QToolTip, QVBoxLayout

from trialdesk.domain.rules.finding import Finding
from trialdesk.domain.text import Text
from trialdesk.services import lab_figures
from trialdesk.services.laboratory import SheetRow
from trialdesk.ui import icons, lab_words, look, parts
from trialdesk.ui.boxes import LineBox, UnitBox
from trialdesk.ui.field_row import FieldRow
from trialdesk.ui.field_view import MISSING_WORDS, FieldView
from trialdesk.ui.grade_chip import draw_grade
from trialdesk.ui.lab_columns import ROW, Columns, columns
from trialdesk.ui.lab_rows import SignificanceRow


class FlatUnit(UnitBox):
    """The units of a row as plain text with a small arrow; a click or Ctrl+U changes it."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        parts.draw_unit(painter, QRectF(0, 0, self.width(), self.height()), self.currentText(), "text", "ink3")
        wide = sum(
            QFontMetricsF(look.font("micro" if raised else "text")).horizontalAdvance(piece)
            for piece, raised in parts.unit_pieces(self.currentText())
        )
        painter.drawPixmap(int(wide) + 3, (self.height() - 13) // 2, icons.pixmap("down", 13, "ink3"))


class LabRow(FieldRow):
    """A test; letters c and n say clinically significant or not, arrows go up and down, Alt+A makes the event."""

    moved = Signal(object, int)
    judged = Signal(object, str)
    event_wanted = Signal(object)
    question_wanted = Signal(object)
    reason_wanted = Signal(object)
    proposal_confirmed = Signal(object)
    proposal_refused = Signal(object)

    def _arrange(self, label_width: int, room: int | None) -> None:
        self.sheet_row: SheetRow | None = None
        self.proposed: str | None = None
        self.significance: SignificanceRow | None = None
        self.hidden_rules: str = ""
        self._columns: Columns = columns(1200, 0, True)
        self._mark_shown: tuple[str, str, str] | None = None
        self.setMinimumHeight(ROW)
        self._outer = outer = QVBoxLayout(self)
        outer.setContentsMargins(28, ROW, 16, 0)
        outer.setSpacing(4)
        self.control = LineBox(None, 82)
        self.control.setParent(self)
        # Numbers need no input method; letters that mean an act must arrive as letters.
        self.control.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.control.setAccessibleName(look.both(self.item.label))
        self._unit = self._make_unit()
        self._panels = QVBoxLayout()
        self._panels.setSpacing(6)
        outer.addLayout(self._panels)

    def _make_unit(self) -> UnitBox | None:
        if not self.item.units:
            return None
        made = FlatUnit([self.item.unit or "", *(choice.unit for choice in self.item.units)])
        made.setParent(self)
        made.setAccessibleName(look.both(Text(en="Unit of {item}", zh="{item}的单位").format(item=self.item.label)))
        made.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        made.activated.connect(lambda _index: self._leave(self.control.text_now(), unit_too=True))
        return made

    def _make_note(self) -> QLabel:
        made = parts.words("", "text", "ink2", wrap=True, parent=self)
        self._outer.insertWidget(0, made)
        return made

    def set_significance(self, row: SignificanceRow) -> None:
        """Take in the row that holds the clinical significance; it stands at the right end of this one."""
        self.significance = row
        row.setParent(self)
        row.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        row = self.sheet_row
        earlier = len(row.earlier) if row else 0
        self._columns = columns(self.width(), earlier, row is None or row.baseline is not None)
        box = self._columns.box("box")
        self.control.setGeometry(int(box.x()), 2, int(box.width()) - 4, ROW - 4)
        if self._unit:
            unit = self._columns.box("unit")
            # Below an entered unit that is not the study's own stands the value in the study's.
            self._unit.setGeometry(int(unit.x()), 1, int(unit.width()) - 6, ROW - 16 if self._converted() else ROW - 4)
        if self.significance is not None:
            cs = self._columns.box("cs")
            self.significance.setGeometry(int(cs.x()), 0, int(cs.width()), ROW - 1)

    def _converted(self) -> bool:
        result = self.sheet_row.result if self.sheet_row else None
        return result is not None and result.si is not None and result.unit != (self.item.unit or "")

    # -- what the person does

    def _takes(self, event: QKeyEvent, kind: QEvent.Type) -> bool:
        if kind == QEvent.Type.ShortcutOverride and _is_alt_a(event):
            if self.pending() is not None:
                # What was just typed decides whether there is anything to make.
                self.commit()
            if self._makes_event(event):
                event.accept()
                return True
        if kind == QEvent.Type.KeyPress and self._lab_key(event):
            return True
        return super()._takes(event, kind)

    def _makes_event(self, event: QKeyEvent) -> bool:
        """Alt+A means this row's proposal while there is one; elsewhere it opens an empty event."""
        return _is_alt_a(event) and self.sheet_row is not None and bool(self.sheet_row.result.worse)

    def _lab_key(self, event: QKeyEvent) -> bool:
        key, plain = event.key(), not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        letter = event.text().lower() if plain else ""
        if self._makes_event(event):
            self.event_wanted.emit(self)
        elif plain and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(self, -1 if key == Qt.Key.Key_Up else 1)
        elif letter in ("c", "n"):
            self.judged.emit(self, letter)
        elif letter == "u":
            self.next_unit()
        elif letter == "q":
            self.question_wanted.emit(self)
        elif plain and key == Qt.Key.Key_F2 and not self._panels.count():
            self.reason_wanted.emit(self)
        elif self.proposed is not None and plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self._settle_proposed()
        elif self.proposed is not None and plain and key in (Qt.Key.Key_Delete, Qt.Key.Key_Escape):
            self.proposal_refused.emit(self)
        else:
            return False
        return True

    def _settle_proposed(self) -> bool:
        """Enter confirms the proposed value as it stands; another number typed over it is an answer of one's own."""
        if self.control.text_now() != self.proposed:
            return False
        self.proposal_confirmed.emit(self)
        self.next_wanted.emit(self)
        return True

    def next_unit(self) -> None:
        """The next of the units a slip may carry; the number stays as it was entered."""
        if self._unit is not None and self.can_take_focus():
            self._unit.setCurrentIndex((self._unit.currentIndex() + 1) % self._unit.count())
            self._leave(self.control.text_now(), unit_too=True)
            self.update()

    def pending(self) -> str | None:
        now = self.control.text_now()
        return None if self.proposed is not None and now == self.proposed else super().pending()

    def _leave(self, text: str, unit_too: bool = False) -> None:
        if self.proposed is None or text != self.proposed or unit_too:
            super()._leave(text, unit_too)

    # -- what is shown

    def show_row(self, row: SheetRow, hidden_rule: str) -> None:
        """Show what surrounds the value; the finding about its adverse event stands elsewhere."""
        if row == self.sheet_row and hidden_rule == self.hidden_rules:
            return
        before, converted = self.sheet_row, self._converted()
        self.sheet_row, self.hidden_rules = row, hidden_rule
        moved = before is None or len(before.earlier) != len(row.earlier) or converted != self._converted()
        self.control.setAccessibleDescription(lab_words.spoken(row.result, self.item))
        if moved:
            self._place()
        self.update()

    def show_proposed(self, text: str | None, unit: str | None = None) -> None:
        """Show a value that came from a file and waits for a person; None when nothing waits."""
        if text is None and self.proposed is None:
            return
        self.proposed = text
        self.control.setProperty("proposed", text is not None)
        self.control.style().polish(self.control)
        if text is not None:
            self.control.put(text)
            if self._unit and unit:
                self._unit.setCurrentIndex(max(0, self._unit.findData(unit)))
        elif self._view is not None:
            self.control.put(self._view.value)
        self.update()

    def show_view(self, view: FieldView, required_shown: bool = False) -> None:
        kept = tuple(f for f in view.findings if f.rule != self.hidden_rules)
        super().show_view(_with(view, kept), required_shown)

    def _show_note(self, view: FieldView) -> None:
        self._mark_shown = None
        if self._note is not None:
            self._note.hide()
        word = MISSING_WORDS[view.missing] if view.missing else None
        self.control.setPlaceholderText(look.first(word) if word else "")
        if view.queries:
            asked = Text(en="query {n}", zh="质疑 {n}").format(n=view.queries)
            self._mark_shown = ("bubble", "query", look.first(asked))
        elif self._required_shown and any(f.severity == "missing" for f in view.findings):
            needed = Text(en="needed to complete", zh="完成前必填")
            self._mark_shown = ("missing", "idle", look.first(needed))

    def _say(self, text: Text | None, tone: str) -> None:
        # A number needs no echo; what was refused does.
        if text is None or tone == "hard":
            super()._say(text, tone)
            if self.sheet_row is not None and text is None:
                self.control.setAccessibleDescription(lab_words.spoken(self.sheet_row.result, self.item))

    def _tone(self) -> str | None:
        return super()._tone() or (self.significance.tone() if self.significance is not None else None)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._current:
            painter.fillRect(QRectF(0, 0, self.width(), ROW), look.color("selected"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, look.color("line"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tone = self._tone()
        if tone or self._current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color(tone or "accent"))
            painter.drawRoundedRect(QRectF(12 if tone else 0, 6, 4 if tone else 3, ROW - 12), 2, 2)
        self._paint_name(painter)
        if self.sheet_row is not None:
            self._paint_facts(painter, self.sheet_row)

    def _paint_name(self, painter: QPainter) -> None:
        box = self._columns.box("name")
        first, second = look.first(self.item.label), look.second(self.item.label)
        letters = QFontMetricsF(look.font("label"))
        if letters.horizontalAdvance(first) > box.width() - 8:
            # A long name takes two lines rather than lose its end.
            painter.setFont(look.font("smallstrong"))
            painter.setPen(look.color("ink"))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(box.adjusted(0, 0, -8, 0), flags, first)
            return
        self._text(painter, box, first, "label", "ink")
        room = box.width() - letters.horizontalAdvance(first) - 16
        if QFontMetricsF(look.font("small")).horizontalAdvance(second) > room:
            second = self.item.lab or ""
        if QFontMetricsF(look.font("small")).horizontalAdvance(second) <= room:
            self._text(painter, box.adjusted(box.width() - room - 8, 0, 0, 0), second, "small", "ink3")

    def _paint_facts(self, painter: QPainter, row: SheetRow) -> None:
        result = row.result
        before = row.earlier[len(row.earlier) - self._columns.earlier :]
        cells = [("baseline", row.baseline), *((f"earlier{n}", one) for n, one in enumerate(before))]
        for name, one in cells:
            if one is not None and name in self._columns.at:
                self._paint_earlier(painter, self._columns.box(name), *lab_words.earlier(one, self.item))
        arrow = {"low": "below", "high": "above"}.get(result.flag or "")
        spot = self._columns.box("arrow")
        mark = ("proposed", "info", "") if self.proposed is not None else self._mark_shown
        if mark or arrow:
            shape, tone = (mark[0], mark[1]) if mark else (str(arrow), "ink")
            painter.drawPixmap(int(spot.x()) + 2, (ROW - 17) // 2, icons.pixmap(shape, 17, tone))
        self._paint_unit(painter)
        wide = lab_figures.limits(result)
        known = wide or (look.first(lab_words.NO_RANGE) if result.day is not None else "")
        self._text(painter, self._columns.box("range"), known, "text", "ink2" if wide else "ink3")
        self._text(painter, self._columns.box("change"), lab_figures.change(result, self.item), "text", "ink2")
        if result.value is not None:
            top = result.top.now if result.top else None
            words = look.first(lab_words.grade_text(result))
            draw_grade(painter, self._columns.box("grade"), top if result.gradable else 0, words)

    def _paint_unit(self, painter: QPainter) -> None:
        box = self._columns.box("unit")
        if self._unit is None:
            parts.draw_unit(painter, box, self.item.unit if self.item.unit != "1" else "", "text", "ink3")
        if self._converted() and self.sheet_row is not None and self.sheet_row.result.si is not None:
            own = f"= {lab_figures.number(self.sheet_row.result.si, self.item.digits)}"
            self._text(painter, box.adjusted(0, 19, 0, -1), f"{own} {self.item.unit}", "micro", "info")

    def _paint_earlier(self, painter: QPainter, box: QRectF, text: str, note: str) -> None:
        right = box.right() - 14
        small = QFontMetricsF(look.font("micro")).horizontalAdvance("G4") + 4
        place = QRectF(box.x(), 0, right - box.x() - small, ROW)
        painter.setFont(look.font("text"))
        painter.setPen(look.color("ink3"))
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        self._text(painter, QRectF(right - small + 4, 1, small, ROW), note, "micro", "ink3")

    def _text(self, painter: QPainter, box: QRectF, text: str | None, role: str, tone: str) -> None:
        if text:
            painter.setFont(look.font(role))
            painter.setPen(look.color(tone))
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            name = next((n for n in self._columns.at if self._columns.box(n).contains(event.pos())), "")
            QToolTip.showText(event.globalPos(), self._tip(name), self)
            return True
        return super().event(event)

    def own_keys(self) -> list[tuple[str, Text]]:
        if self.proposed is not None:
            return [("F7", Text(en="confirm all", zh="全部确认"))]
        keys: list[tuple[str, Text]] = []
        if self.significance is not None and self.significance.can_take_focus():
            keys.append(("c n", Text(en="CS or NCS", zh="CS、NCS")))
        if self.sheet_row is not None and any(one.made is None for one in self.sheet_row.result.worse):
            keys.append(("Alt A", Text(en="make AE", zh="登记 AE")))
        return keys

    def _tip(self, column: str) -> str:
        row = self.sheet_row
        if row is None:
            return ""
        if column == "grade" and row.result.proposals:
            return "\n".join(f"{one.term}: {look.first(one.why)}" for one in row.result.proposals)
        if column == "name":
            return look.both(self.item.label)
        if column == "arrow" and self._mark_shown:
            return self._mark_shown[2]
        if column == "change" and row.earlier and row.earlier[-1].si is not None and row.result.si is not None:
            since = Text(en="since the last visit: {n}", zh="较上次：{n}")
            delta = lab_figures.number(row.result.si - row.earlier[-1].si, self.item.digits, sign=True)
            return look.first(since.format(n=delta))
        return lab_words.spoken(row.result, self.item)


def _is_alt_a(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_A and event.modifiers() == Qt.KeyboardModifier.AltModifier


def _with(view: FieldView, findings: tuple[Finding, ...]) -> FieldView:
    from dataclasses import replace

    return view if findings == view.findings else replace(view, findings=findings)
