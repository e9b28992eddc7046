"""The box for an adverse event term: types like text, offers the terms of the terminology that match."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QStringListModel, Qt, QTimer
from PySide6.QtWidgets import QCompleter

from trialdesk.domain.text import Text
from trialdesk.services.terminology import search
from trialdesk.ui import look
from trialdesk.ui.boxes import LineBox

OFFERED = 12
"""How many matching terms are offered at once."""


class TermBox(LineBox):
    """Free text with matching terms below; other words may stay."""

    def __init__(self) -> None:
        super().__init__(None, 420)
        self._found = QStringListModel(self)
        finder = QCompleter(self._found, self)
        finder.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        finder.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        finder.activated.connect(lambda text: QTimer.singleShot(0, lambda: self._take(str(text))))
        self._names: dict[str, str] = {}
        self.setCompleter(finder)
        self.setPlaceholderText(look.first(Text(en="Chinese, English or pinyin", zh="中文、英文或拼音")))
        self.textEdited.connect(self._search)

    def _search(self, typed: str) -> None:
        hits = search(typed, OFFERED) if typed.strip() else ()
        self._names = {f"{term.name}  {term.zh}": term.name for term in hits}
        self._found.setStringList(list(self._names))

    def _take(self, shown: str) -> None:
        self.setText(self._names.get(shown, shown))
        self.left.emit(self.text())


@lru_cache(maxsize=64)
def term_words(name: str) -> Text | None:
    """What a term means and where it belongs, or None for words that are no term of the terminology."""
    term = next((hit for hit in search(name, 3) if hit.name.lower() == name.strip().lower()), None)
    if term is None:
        return None
    grades = f"{term.grades[0]}–{term.grades[-1]}" if term.grades else "–"
    words = Text(en=f"{term.soc}, grades {grades}", zh=f"{term.zh}，{term.soc_zh}，{grades} 级")
    if term.resembles_gvhd:
        words = Text(en=f"{words.en}. May be GVHD", zh=f"{words.zh}。可能为 GVHD")
    return words
