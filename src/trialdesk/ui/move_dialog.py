"""Before a draft is moved to a newer study release: everything that changes on it, and the choice to leave it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QScrollArea, QVBoxLayout, QWidget

from trialdesk.domain.text import Text
from trialdesk.services.moving import MoveOffer
from trialdesk.ui import look, parts


class MoveDialog(QDialog):
    """Lists what changes; accepted when the person moves the draft."""

    def __init__(self, offer: MoveOffer, label: Text, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = Text(en="Move the draft to release {v}", zh="将草稿移至研究版本 {v}").format(v=offer.version)
        self.setWindowTitle(look.first(title))
        self.setMinimumWidth(520)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(parts.bilingual(title, "title", "small"))
        says = Text(
            en="{label} was begun under release {a}. Every answer stays; from now on the form asks by release {b}:",
            zh="{label}按研究版本 {a} 填写。已有答案全部保留；移动后按版本 {b} 填写：",
        ).format(label=label, a=offer.before, b=offer.version)
        layout.addWidget(parts.words(look.first(says), "body", "ink", wrap=True))
        lines = [parts.row(parts.icon("right", 14, "ink3"), _line(one), gap=8) for one in offer.lines]
        for line in lines:
            line.layout().setStretch(1, 1)  # type: ignore[union-attr]
        holder = parts.column(*lines, None, gap=6)
        holder.setProperty("clear", "true")
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(holder)
        area.setMinimumHeight(min(300, 40 + 30 * len(lines)))
        layout.addWidget(area, 1)
        self.stay = parts.Button(
            Text(en="Leave it under release {v}", zh="保持版本 {v}").format(v=offer.before), key="Esc"
        )
        self.stay.clicked.connect(self.reject)
        self.move_it = parts.Button(Text(en="Move the draft", zh="移动草稿"), "primary", "Enter")
        self.move_it.clicked.connect(self.accept)
        layout.addWidget(parts.row(None, self.stay, self.move_it, gap=10))
        self.move_it.setFocus()


def _line(says: Text) -> QWidget:
    words = parts.words(look.first(says), "text", "ink", wrap=True)
    words.setToolTip(look.both(says))
    return words
