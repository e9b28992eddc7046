"""A desk that nobody touches locks itself."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal

IDLE_MINUTES = 10
"""Minutes without a key or the mouse until the desk locks; a study setting people cannot extend (EMA guideline on
computerised systems 2023, A4.17: inactivity logout)."""

AWAY_MINUTES = 5
"""Minutes without a touch after which a participant's page asks again who is at hand."""

_TOUCHES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.InputMethod,
    }
)


class IdleWatch(QObject):
    """Says once when the application was not touched for a while; `begin` starts the count anew."""

    idle = Signal()
    away = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(IDLE_MINUTES * 60_000)
        self.timer.timeout.connect(self.idle)
        self.away_timer = QTimer(self)
        self.away_timer.setSingleShot(True)
        self.away_timer.setInterval(AWAY_MINUTES * 60_000)
        self.away_timer.timeout.connect(self.away)
        self._watching = False

    def begin(self) -> None:
        """Count from now; every touch counts anew."""
        application = QCoreApplication.instance()
        if application is not None and not self._watching:
            application.installEventFilter(self)
            self._watching = True
        self.timer.start()
        self.away_timer.start()

    def end(self) -> None:
        """Count no longer."""
        application = QCoreApplication.instance()
        if application is not None and self._watching:
            application.removeEventFilter(self)
        self._watching = False
        self.timer.stop()
        self.away_timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _TOUCHES:
            self.timer.start()
            self.away_timer.start()
        return False
