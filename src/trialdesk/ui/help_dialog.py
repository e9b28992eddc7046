"""Help for a screen, and the card of keys: one page each, offline, both languages."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from trialdesk.domain.text import Text
from trialdesk.services.key_card import KEY_CARD, KeyGroup
from trialdesk.services.screen_help import screen_help
from trialdesk.ui import look, parts


class HelpDialog(QDialog):
    """Floats over the screen it explains; Esc closes it."""

    def __init__(self, title: Text, content: QWidget, parent: QWidget | None, wide: int = 620, high: int = 420) -> None:
        super().__init__(parent)
        self.setWindowTitle(look.first(title))
        self.resize(wide, high)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 16)
        column.setSpacing(10)
        column.addWidget(parts.bilingual(title, "title"))
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        content.setProperty("clear", "true")
        area.setWidget(content)
        area.setAccessibleName(look.both(title))
        column.addWidget(area, 1)
        self.closer = parts.Button(Text(en="Close", zh="关闭"), key="Esc")
        self.closer.clicked.connect(self.accept)
        column.addWidget(parts.row(None, self.closer))


def screen_page(name: str, parent: QWidget | None) -> HelpDialog:
    """What a screen is for and what to do there."""
    page = screen_help(name)
    made: list[parts.Content] = [
        parts.words(look.first(page.about), "body", "ink", wrap=True),
        parts.words(look.second(page.about), "small", "ink3", wrap=True),
    ]
    for number, step in enumerate(page.steps, start=1):
        words = parts.column(
            parts.words(look.first(step), "text", "ink", wrap=True),
            parts.words(look.second(step), "small", "ink3", wrap=True),
            gap=1,
        )
        line = parts.row(parts.words(str(number), "strong", "accent"), words, gap=10)
        line.layout().setStretch(1, 1)  # type: ignore[union-attr]
        made.append(line)
    more = Text(en="Shift+F1 or ? shows all keys.", zh="按 Shift+F1 或 ? 查看全部按键。")
    made.append(parts.words(look.first(more), "small", "ink2"))
    return HelpDialog(page.title, parts.column(*made, None, gap=10), parent)


def key_page(parent: QWidget | None) -> HelpDialog:
    """All keys, grouped by where they work."""
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(14)
    left: list[parts.Content] = [_group(group) for group in KEY_CARD[:2]]
    right: list[parts.Content] = [_group(group) for group in KEY_CARD[2:]]
    grid.addWidget(parts.column(*left, None, gap=14), 0, 0)
    grid.addWidget(parts.column(*right, None, gap=14), 0, 1)
    return HelpDialog(Text(en="Keys", zh="按键卡"), holder, parent, 940, 716)


def _group(group: KeyGroup) -> QWidget:
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(4)
    grid.setColumnMinimumWidth(0, 128)
    grid.setColumnStretch(1, 1)
    head = parts.row(
        parts.words(look.first(group.where), "heading"), parts.words(look.second(group.where), "small", "ink3"), None
    )
    grid.addWidget(head, 0, 0, 1, 2)
    for row, key in enumerate(group.keys, start=1):
        grid.addWidget(parts.row(parts.KeyCap(key.press), None), row, 0)
        grid.addWidget(parts.words(look.first(key.does), "text", "ink2", wrap=True), row, 1)
    return holder
