"""Opening a form in the window, and one answer in it, as the nurse feels them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtWidgets import QApplication

from tests.bench import Row, median
from trialdesk.domain.oid import FormPath


def open_form_rows(folder: Path) -> Iterator[Row]:
    """The largest plain form of the study opened and painted, and one answer committed in it."""
    from tests.bench_rows import _lived
    from trialdesk.app import dress
    from trialdesk.ui.main_window import MainWindow

    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    dress(dark=False, language="zh")
    desk, subject = _lived(folder)
    window = MainWindow(desk)
    window.resize(1366, 768)
    window.show()

    def opened(form: FormPath) -> float:
        def act() -> None:
            window.open_form(subject, form)
            application.processEvents()
            window.grab()

        return median(act, 7)

    largest = max(desk.study.forms, key=lambda form: max(len(group.items) for group in form.groups))
    event = desk.study.events_of_form[largest.oid][0].oid
    took = opened(FormPath(event, 1, largest.oid))
    items = max(len(group.items) for group in largest.groups)
    yield Row(f"form {largest.oid} opened ({items} items on its page)", took, "none", None, "<= 100 ms", took <= 0.1)
    took = opened(FormPath("PLX", 1, "PLX"))
    yield Row("  form PLX opened (ten injections)", took, "none", None, "<= 100 ms", took <= 0.1)
    desk.close()
