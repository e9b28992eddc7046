"""The longest time for which the window does not answer, in each journey a nurse or an investigator makes."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from tests.bench import Row

AIM = 0.1
"""Seconds; a person notices a window that does not answer for longer."""


class LoopWatch:
    """Counts how long the event loop was kept from its next turn, and how much of that this program reckoned itself.

    The second figure tells a slow program from a busy machine.
    """

    def __init__(self) -> None:
        self.longest = self.own = 0.0
        self._last, self._cpu = time.perf_counter(), time.thread_time()
        self._timer = QTimer()
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._tick)

    def _tick(self) -> None:
        now, cpu = time.perf_counter(), time.thread_time()
        self.longest = max(self.longest, now - self._last)
        self.own = max(self.own, cpu - self._cpu)
        self._last, self._cpu = now, cpu

    def run(
        self, steps: list[Callable[[], object]], settle: int = 60, until: Callable[[], bool] | None = None
    ) -> float:
        """Do each step from inside the event loop, let the window settle after it; the longest gap in seconds."""
        self.longest = self.own = 0.0
        self._last, self._cpu = time.perf_counter(), time.thread_time()
        self._timer.start()
        for step in steps:
            loop = QEventLoop()
            QTimer.singleShot(0, step)
            QTimer.singleShot(settle, loop.quit)
            loop.exec()
        limit = time.perf_counter() + 20
        while until is not None and not until() and time.perf_counter() < limit:
            loop = QEventLoop()
            QTimer.singleShot(20, loop.quit)
            loop.exec()
        self._timer.stop()
        return self.longest


def stall_rows(folder: Path) -> Iterator[Row]:
    """Opening forms, completing, signing, the casebook with its timeline, sending: the longest stall of each."""
    from tests.screenshots import synthetic_ward
    from trialdesk.app import dress
    from trialdesk.domain.oid import FormPath
    from trialdesk.ui.main_window import MainWindow
    from trialdesk.ui.transfer_view import TransferView

    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    dress(dark=False, language="zh")
    ward = synthetic_ward(folder, participants=2)
    subject = ward.desk.subjects()[0]
    window = MainWindow(ward.desk)
    window.resize(1366, 768)
    window.show()
    application.processEvents()
    # As the program does while a person signs in, and once the desk is open.
    for sheet in ("injection_page", "lab_page", "organ_page"):
        import_module(f"trialdesk.ui.{sheet}")
    gc.freeze()
    watch = LoopWatch()

    def row(what: str, took: float) -> Row:
        what = f"stall: {what} (own {watch.own * 1000:.0f} ms)"
        return Row(what, took, "none", None, "<= 100 ms", took <= AIM)

    def wizard() -> object:
        return window.view

    watch.run([lambda: window.open_form(subject, FormPath("SCR", 1, "VS"))])
    for form in (("SCR", "VS"), ("SCR", "HAEM"), ("SCR", "CHEM"), ("PLX", "PLX"), ("D28", "AGVHD")):
        path = FormPath(form[0], 1, form[1])
        took = watch.run([lambda path=path: window.open_form(subject, path)])  # type: ignore[misc]
        yield row(f"form {form[1]} opened", took)
    took = watch.run([lambda: window.open_casebook(subject)])
    yield row("casebook with timeline", took)
    took = watch.run([window.open_timeline])
    yield row("timeline on its own screen", took)
    took = watch.run([window.show_list])
    yield row("list of participants", took)
    if hasattr(window, "show_today"):
        took = watch.run([window.show_today])
        yield row("Today", took)
    ward.subject = ward.desk.subjects()[-1]
    vs = FormPath("DLI", 1, "VS")
    ward.form = vs
    ward.fill(TEMP="36.6", SYSBP="120", DIABP="80", PULSE="72", WEIGHT="62", HEIGHT="165", ECOG="0")
    watch.run([lambda: window.open_form(ward.subject, vs)])
    took = watch.run([lambda: wizard().complete()])  # type: ignore[attr-defined]
    yield row("form completed", took)
    chemo = FormPath("CHEMO", 1, "CHEMO")
    watch.run([lambda: window.open_form(ward.subject, chemo)])
    took = _signing(watch, window, chemo)
    yield row("signing dialog opened and closed", took)
    watch.run([window.show_transfer])
    view = window.view
    assert isinstance(view, TransferView)
    stick = folder / "bench-stick"
    stick.mkdir()
    took = watch.run([lambda: view.send_to(stick)], until=lambda: any(stick.glob("*")) and bool(view.said()))
    yield row("bundle written", took)
    gc.unfreeze()
    window.close()
    ward.leave()


def _signing(watch: LoopWatch, window: object, form: object) -> float:
    """Open the signing dialog from the form and close it again once it stands."""

    def close() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            QTimer.singleShot(50, close)
        else:
            dialog.close()

    QTimer.singleShot(400, close)
    return watch.run([lambda: window.sign(form)], settle=1500)  # type: ignore[attr-defined]
