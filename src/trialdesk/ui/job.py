"""Work that takes longer than a glance: runs on a thread of its own, its result arrives on the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QEventLoop, QObject, QRunnable, QThreadPool, Signal
from shiboken6 import isValid

from trialdesk.errors import KnownError

T = TypeVar("T")


class Job(QObject):
    """One piece of work; `done` carries its result, `failed` a KnownError, `broke` anything else."""

    done = Signal(object)
    failed = Signal(object)
    broke = Signal(object)

    def __init__(self, work: Callable[[], Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work

    def start(self) -> Job:
        """Begin."""
        QThreadPool.globalInstance().start(_Run(self))
        return self

    def run(self) -> None:
        """Do the work where it is called; signals reach the window's thread by its event loop."""
        try:
            result = self._work()
        except KnownError as fault:
            self._tell("failed", fault)
        except Exception as fault:
            self._tell("broke", fault)
        else:
            self._tell("done", result)

    def _tell(self, name: str, what: object) -> None:
        # Whoever asked may be closed by now.
        if isValid(self):
            getattr(self, name).emit(what)


class _Run(QRunnable):
    def __init__(self, job: Job) -> None:
        super().__init__()
        self._job = job

    def run(self) -> None:
        self._job.run()


def start(
    parent: QObject,
    work: Callable[[], Any],
    done: Callable[[Any], None],
    failed: Callable[[KnownError], None],
) -> Job:
    """Start work whose outcome the parent hears; a bug in the work is raised again on the window's thread."""
    job = Job(work, parent)
    job.done.connect(done)
    job.failed.connect(failed)
    job.broke.connect(_raise)
    return job.start()


def outcome(parent: QObject, work: Callable[[], T], heard: bool = False) -> T:
    """What the work gives or raises; the window goes on drawing meanwhile, keys and clicks wait in line until it ends.

    With `heard` keys and clicks arrive at once: for whoever has put a modal dialog before the window.
    """
    given: list[T] = []
    faults: list[Exception] = []

    def kept() -> None:
        try:
            given.append(work())
        except Exception as fault:
            faults.append(fault)

    loop = QEventLoop()
    job = Job(kept, parent)
    # The loop lives on the window's thread: its end is delivered there, never before the loop has begun.
    job.done.connect(loop.quit)
    job.start()
    wait = QEventLoop.ProcessEventsFlag
    loop.exec(wait.AllEvents if heard else wait.ExcludeUserInputEvents)
    if faults:
        raise faults[0]
    return given[0]


def _raise(fault: Exception) -> None:
    raise fault
