"""Long work of a page: it runs off the window's thread, says how far it is, and can be left off."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.centre_view import LeftOff, Progress
from trialdesk.ui import job, look, parts

WAIT = 20.0
"""Seconds a closing window waits for work that was left off; one participant's rules take about a tenth of a second."""


class _Teller(QObject):
    far = Signal(int, int)


class Busy(QFrame):
    """Hidden until something runs; one piece of work at a time."""

    ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._words = Text(en="", zh="")
        self.ended_once = False
        self._stop: threading.Event | None = None
        self._over: threading.Event | None = None
        self._says = parts.words("", "small", "ink2")
        self._bar = _Bar()
        self._leave = parts.Button(Text(en="Leave off", zh="停止"), "quiet", high=30)
        self._leave.clicked.connect(lambda _=False: self.leave_off())
        across = QHBoxLayout(self)
        across.setContentsMargins(12, 0, 4, 0)
        across.setSpacing(8)
        for one in (self._says, self._bar, self._leave):
            across.addWidget(one)
        self.setFixedHeight(32)
        self.hide()

    @property
    def running(self) -> bool:
        """True while work is under way."""
        return self._over is not None and not self._over.is_set()

    def run(
        self,
        words: Text,
        work: Callable[[Progress], Any],
        done: Callable[[Any], None],
        failed: Callable[[KnownError], None] | None = None,
        left: Callable[[], None] | None = None,
    ) -> bool:
        """Begin work unless some is under way; returns whether it began.

        `work` is given what it calls after each step; `left` follows when it was left off.
        """
        if self.running:
            return False
        self._words = words
        stop, over, teller = threading.Event(), threading.Event(), _Teller(self)
        self._stop, self._over = stop, over
        teller.far.connect(self._far)

        def told(step: int, total: int) -> None:
            if stop.is_set():
                raise LeftOff
            teller.far.emit(step, total)

        def kept() -> tuple[bool, Any]:
            try:
                return True, work(told)
            except LeftOff:
                return False, None
            finally:
                over.set()

        def ended(outcome: tuple[bool, Any]) -> None:
            self._end()
            if outcome[0]:
                done(outcome[1])
            elif left is not None:
                left()

        def fault(error: KnownError) -> None:
            self._end()
            (failed or self.say_fault)(error)

        self.ended_once = False
        self._far(0, 0)
        self._leave.show()
        self.show()
        job.start(self, kept, ended, fault)
        return True

    def leave_off(self, wait: bool = False) -> None:
        """Stop after the step under way; what was written stays."""
        if self._stop is not None:
            self._stop.set()
            self._leave.hide()
        if wait and self._over is not None:
            self._over.wait(WAIT)

    def say_fault(self, error: KnownError) -> None:
        """Say what went wrong where the progress stood."""
        self._says.setText(look.first(error.text))
        parts.tone(self._says, "hard")
        self._bar.hide()
        self._leave.hide()
        self.show()

    def _far(self, step: int, total: int) -> None:
        many = f" {step} / {total}" if total else "…"
        self._says.setText(f"{look.first(self._words)}{many}")
        parts.tone(self._says, "ink2")
        self._bar.show_share(step / total if total else 0.0)
        self._bar.setVisible(bool(total))

    def _end(self) -> None:
        self.ended_once = True
        self.hide()
        self.ended.emit()


class _Bar(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._share = 0.0
        self.setFixedSize(120, 8)

    def show_share(self, share: float) -> None:
        self._share = share
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(look.color("line"))
        p.drawRoundedRect(QRectF(0, 1, self.width(), 6), 3, 3)
        p.setBrush(look.color("accent"))
        p.drawRoundedRect(QRectF(0, 1, self.width() * self._share, 6), 3, 3)
