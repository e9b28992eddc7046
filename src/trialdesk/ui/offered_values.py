"""Recorded values offered under a question, such as the onset dates of known GVHD episodes: one press takes one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trialdesk.domain.oid import ItemPath
from trialdesk.domain.study.form import ItemDef
from trialdesk.domain.text import Text
from trialdesk.services.casebook import Casebook
from trialdesk.ui import parts

Offer = tuple[str, Text]


class OfferedValues(QWidget):
    """A button for each value; nothing is shown while there is none."""

    taken = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offers: tuple[Offer, ...] = ()
        self._holder = QVBoxLayout(self)
        self._holder.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def show_offers(self, offers: Sequence[Offer]) -> None:
        """Offer these values; equal offers are left as they are."""
        if tuple(offers) != self._offers:
            self._offers = tuple(offers)
            parts.empty(self._holder)
            buttons = [self._button(value, words) for value, words in offers]
            if buttons:
                self._holder.addWidget(parts.flow(*buttons, gap=8))
        self.setVisible(bool(offers))

    def _button(self, value: str, words: Text) -> parts.Button:
        made = parts.Button(words, "quiet", shape="right", high=28)
        made.clicked.connect(lambda: self.taken.emit(value))
        return made


def offers_for(casebook: Casebook, item: ItemDef, path: ItemPath) -> tuple[Offer, ...]:
    """What the casebook holds of the items a question picks from, each value once, newest first."""
    if path in casebook.assessment(path.form_path).skipped:
        return ()
    study = casebook.study(path.form_path)
    found: dict[str, Text] = {}
    for name in item.pick_from:
        form = study.place[name][0].label
        for place in casebook.data.by_item.get(name, ()):
            value = casebook.data.value(place)
            if value and value != casebook.data.value(path):
                said = Text(en="{form}, from {day}", zh="{form}，{day} 起").format(form=form, day=value)
                found.setdefault(value, said)
    return tuple(sorted(found.items(), reverse=True))
