"""The box for an adverse event term: Han, English, pinyin or initials; matching terms lie under it while one types."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QScrollArea, QWidget

from trialdesk.domain.medicine.adverse_event_term import Term
from trialdesk.domain.text import Text
from trialdesk.services.terminology import rule_terminology, search
from trialdesk.ui import look
from trialdesk.ui.term_list import TermList, soc, spoken

OFFERED = 12
"""How many matching terms are offered at once."""

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class TermBox(QLineEdit):
    """Free text with matching terms below; other words may stay. What is recorded is the term's English name."""

    left = Signal(str)
    typing = Signal(str)
    next_wanted = Signal()

    def __init__(self, usual: Sequence[str] = (), wide: int = 420) -> None:
        super().__init__()
        self.setFixedHeight(34)
        self.setMinimumWidth(wide)
        self.setMaximumWidth(wide)
        self.setPlaceholderText(
            look.first(Text(en="Chinese, English, pinyin or initials", zh="中文、英文、拼音或首字母"))
        )
        self._usual = usual
        self._list: TermList | None = None
        self._composing = False
        self._put = ("", "")
        self.textEdited.connect(self._edited)
        # The terms are made ready beside the window's thread; whoever types sooner waits for the rest of it.
        threading.Thread(target=warm, name="terms", daemon=True).start()

    # -- what stands in it

    def put(self, text: str) -> None:
        """Show a recorded term by its name in the leading language; other words as they are."""
        self.close_list()
        if text != self.text_now():
            term = rule_terminology().find(text)
            self._put = (text, look.first(term.label) if term else text)
            self.setText(self._put[1])
            self.setCursorPosition(0)

    def text_now(self) -> str:
        """The English name of the term whose name stands in the box, else what was typed; what was put is itself."""
        if self.text() == self._put[1]:
            return self._put[0]
        term = rule_terminology().find(self.text())
        return term.name if term else self.text()

    # -- the list

    def _edited(self, typed: str) -> None:
        self.typing.emit(self.text_now())
        self._offer(typed.strip())

    def _offer(self, typed: str) -> None:
        terms = rule_terminology()
        found = search(typed, OFFERED) if typed else ()
        alike = terms.alike(found[0]) if found and found[0].resembles_gvhd else ()
        shown = {term.name for term in (*found, *alike)}
        usual = [term for term in map(terms.find, self._usual) if term is not None and term.name not in shown]
        under = self._made_list()
        under.show_terms(found, [term for term in alike if term not in found], usual if len(found) < 5 else (), typed)
        self._place(under)
        self._tell()

    def _made_list(self) -> TermList:
        if self._list is None:
            self._list = TermList(self._page())
            self._list.taken.connect(self._take)
        return self._list

    def _page(self) -> QWidget:
        """The list lies over the whole window's page, not only over the row."""
        above: QWidget = self
        while above.parentWidget() is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        return above.parentWidget() or above

    def _place(self, under: TermList) -> None:
        over = under.parentWidget()
        at = self.mapTo(over, QPoint(0, self.height() + 4))
        below, above = over.height() - at.y() - 8, at.y() - self.height() - 16
        tall = min(under.tall(), max(below, 180), 400)
        y = at.y() if below >= min(tall, 180) or below >= above else at.y() - self.height() - 8 - tall
        wide = min(max(self.width(), 420), over.width() - at.x() - 8)
        under.setGeometry(at.x(), max(4, y), wide, tall)
        under.show()
        under.raise_()

    def close_list(self) -> None:
        """Take the list away."""
        if self._list is not None:
            self._list.hide()

    @property
    def open_list(self) -> TermList | None:
        """The list while it is shown."""
        return self._list if self._list is not None and self._list.isVisible() else None

    def _tell(self) -> None:
        """Say to a reader which term Enter would take."""
        chosen = self.open_list.chosen if self.open_list else None
        if chosen is not None:
            self.setAccessibleDescription(spoken(chosen))

    def _take(self, term: Term) -> None:
        self.close_list()
        self.setText(look.first(term.label))
        self.left.emit(term.name)
        self.next_wanted.emit()

    # -- keys

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._key(event):
            return True
        return super().event(event)

    def _key(self, event: QKeyEvent) -> bool:
        """Keys the list takes; while an input method composes, every key is its own."""
        if self._composing or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        under = self.open_list
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            if under is None:
                self._offer("" if self._known() else self.text().strip())
            else:
                under.move(1 if event.key() == Qt.Key.Key_Down else -1)
                self._tell()
            return True
        if event.key() == Qt.Key.Key_Escape and under is not None:
            self.close_list()
            return True
        chosen = under.chosen if under else None
        if event.key() in (*_ENTER, Qt.Key.Key_Tab):
            if chosen is not None:
                self._take(chosen)
                return True
            if event.key() in _ENTER:
                self.close_list()
                self.left.emit(self.text_now())
                self.next_wanted.emit()
                return True
        return False

    def _known(self) -> bool:
        return rule_terminology().find(self.text()) is not None

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.text() and not self.isReadOnly():
            # The page may still be laid out; the list is placed when that is done.
            QTimer.singleShot(0, self, self._offer_usual)

    def _offer_usual(self) -> None:
        if self.hasFocus() and not self.text() and self._usual:
            self._offer("")

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.close_list()
            self.left.emit(self.text_now())

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.close_list()


def warm() -> None:
    """Make the terms and their index ready."""
    _ = rule_terminology().index


@lru_cache(maxsize=64)
def term_words(name: str) -> Text | None:
    """What a term means and where it belongs, or None for words that are no term of the terminology."""
    term = rule_terminology().find(name)
    if term is None:
        return None
    where = soc(term)
    grades = [str(grade) for grade in term.grades]
    words = Text(
        en=f"{term.zh}, {where.en}, grades {', '.join(grades)}", zh=f"{term.name}，{where.zh}，{'、'.join(grades)} 级"
    )
    if term.resembles_gvhd:
        words = Text(en=f"{words.en}. Can be GVHD", zh=f"{words.zh}。可能为 GVHD")
    return words
