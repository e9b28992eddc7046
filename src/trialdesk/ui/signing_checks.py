"""What was checked before signing, what changed since the last signature, and what the signature will mean."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from trialdesk.domain.text import Text
from trialdesk.services.signed_changes import SignedChange
from trialdesk.services.signing import Prepared
from trialdesk.ui import look, parts
from trialdesk.ui.lead import Lead


class SigningChecks(QWidget):
    """The lines of one paper; `chosen` names the field a line leads to."""

    chosen = Signal(object)

    def __init__(self, prepared: Prepared) -> None:
        super().__init__()
        self.lines = [Lead(line.fine, line.says, line.path, note=line.note) for line in prepared.lines]
        self.changes = [_changed(change) for change in prepared.changes]
        for lead in (*self.lines, *self.changes):
            lead.chosen.connect(self.chosen)
        fine = sum(1 for line in prepared.lines if line.fine)
        head = Text(en="Before signing", zh="签署前核对")
        tone, shape = ("ok", "complete") if prepared.ready else ("warn", "soft")
        chip = parts.Chip(f"{fine} / {len(prepared.lines)}", tone, shape)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(7)
        layout.addWidget(parts.row(parts.words(look.first(head), "heading"), None, chip))
        layout.addWidget(self._scrolled(), 1)
        layout.addWidget(parts.Line())
        layout.addWidget(_meaning(prepared))

    def _scrolled(self) -> QWidget:
        shown: list[parts.Content] = [*self.lines]
        if self.changes:
            title = Text(en="Changed since the last signature", zh="上次签名后的更改")
            count = Text(en="{n}", zh="{n} 项").format(n=len(self.changes))
            head = parts.row(
                parts.words(look.first(title), "smallstrong"), parts.words(look.first(count), "small", "ink3"), None
            )
            shown += [head, *self.changes]
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        ground = parts.column(*shown, None, gap=3)
        ground.setProperty("clear", "true")
        area.setWidget(ground)
        return area


def _changed(change: SignedChange) -> Lead:
    note = Text(en="{before}  →  {after} {why}", zh="{before}  →  {after}{why}").format(
        before=change.before, after=change.after, why=change.why
    )
    return Lead(True, change.says, change.path, "changed", "info", note, change.label)


def _meaning(prepared: Prepared) -> QWidget:
    title = Text(en="Meaning, version {n}", zh="含义（第 {n} 版）").format(n=prepared.wording.version)
    return parts.plane(
        "sunken",
        parts.words(look.first(title), "smallstrong", "ink2"),
        parts.words(look.first(prepared.meaning), "body", wrap=True),
        parts.words(look.second(prepared.meaning), "small", "ink3", wrap=True),
        parts.words(look.first(prepared.wording.legal_reason), "small", "ink2", wrap=True),
        gap=3,
        margins=(12, 8, 12, 8),
    )
