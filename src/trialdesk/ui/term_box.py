"""The box for an adverse event term: types like text, offers the terms of the terminology that match."""

from __future__ import annotations

from PySide6.QtCore import QStringListModel, Qt, QTimer
from PySide6.QtWidgets import QCompleter

from trialdesk.domain.text import Text
from trialdesk.ui import look
from trialdesk.ui.boxes import LineBox


class TermBox(LineBox):
    """Free text with matching terms below; without a terminology it stays plain text."""

    def __init__(self) -> None:
        super().__init__(None, 420)
        self._found = QStringListModel(self)
        finder = QCompleter(self._found, self)
        finder.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        finder.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        finder.activated.connect(lambda text: QTimer.singleShot(0, lambda: self._take(str(text))))
        self._codes: dict[str, str] = {}
        self.setCompleter(finder)
        self.setPlaceholderText(look.first(Text(en="Chinese, English or pinyin", zh="中文、英文或拼音")))
        self.textEdited.connect(self._search)

    def _search(self, typed: str) -> None:
        try:
            from trialdesk.services.terminology import search
        except ImportError:
            return
        hits = search(typed, 12) if typed.strip() else ()
        self._codes = {_shown(hit): _stored(hit) for hit in hits}
        self._found.setStringList(list(self._codes))

    def _take(self, shown: str) -> None:
        self.setText(self._codes.get(shown, shown))
        self.left.emit(self.text())


def _shown(hit: object) -> str:
    label = getattr(hit, "label", None)
    return f"{look.first(label)}  {look.second(label)}" if isinstance(label, Text) else str(getattr(hit, "term", hit))


def _stored(hit: object) -> str:
    return str(getattr(hit, "code", None) or getattr(hit, "term", None) or hit)
