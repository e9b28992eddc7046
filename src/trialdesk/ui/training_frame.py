"""What tells a training desk from a real one on every screen: an orange frame and the word."""

from __future__ import annotations

from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from trialdesk.domain.text import Text
from trialdesk.ui import look, parts

EDGE = 6
ORANGE = "#D9730D"
"""Apart from every state colour of the window, 3.2 : 1 on its lightest ground."""

WORD = Text(en="Training", zh="培训")


def draw(window: QWidget) -> None:
    """Paint the frame round a window."""
    painter = QPainter(window)
    painter.fillRect(window.rect(), look.color(ORANGE))
    inner = window.rect().adjusted(EDGE, EDGE, -EDGE, -EDGE)
    painter.fillRect(inner, look.color("window"))


def chip() -> QWidget:
    """The word for the strip."""
    made = parts.Chip(look.first(WORD), "warn", "soft")
    made.setAccessibleName(look.both(WORD))
    return made
