"""The visit's window as it was reviewed: the matrix of shields and a form, compared coarsely like the ward's screens.

`python tests/ui/test_visit_pictures.py` writes the pictures anew after a change that was meant; look at them first.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parents[2] / "src")]

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from tests.scenario import ZONE, Ward
from tests.ui.test_pictures import HOME, MOST_OFF, SMALL, most_off
from tests.visiting import Monitor, ward_with_two
from trialdesk.app import dress
from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Text
from trialdesk.ui.visit.window import VisitWindow


def visit(folder: Path) -> tuple[Ward, Monitor]:
    """Two participants; a consent verified, an answer that lapsed, a question drafted."""
    ward = ward_with_two(folder, datetime(2026, 3, 3, 9, tzinfo=ZONE))
    first = Monitor(ward)
    first.verify("SEX")
    first.hand_over()
    ward.subject = "01-001"
    ward.open("SCR[1]/DM")
    ward.enter("SEX", "M")
    ward.open("SCR[1]/VS")
    ward.fill(WEIGHT="62.0", HEIGHT="165", TEMP="36.6", SYSBP="118", DIABP="72", PULSE="80")
    ward.receive(ward.send())
    monitor = Monitor(ward, "mon2")
    monitor.verify_form("SCR[1]/CONSENT")
    monitor.verify("WEIGHT", "HEIGHT", where="nursing chart")
    says = Text(en="Which scale was used?", zh="用的是哪台秤？")
    assert not isinstance(monitor.visit.ask("01-001", monitor.paths("WEIGHT"), says), Refusal)
    return ward, monitor


def pictures(monitor: Monitor) -> Iterator[tuple[str, QImage]]:
    """Both screens in Chinese, small and grey."""
    dress(dark=False, language="zh")
    window = VisitWindow(monitor.visit)
    window.resize(1366, 768)
    window.show()
    try:
        window.matrix.matrix.go_to("01-001", "SCR")
        yield "visit-matrix-zh", small(window)
        window.open_form("01-001", FormPath("SCR", 1, "VS"))
        yield "visit-form-zh", small(window)
    finally:
        window.close()


def small(window: VisitWindow) -> QImage:
    """What the place in the window shows, at an eighth of its size, in greys."""
    for _ in range(4):
        QApplication.processEvents()
    image = QImage(window.stack.size(), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    window.stack.render(image)
    smooth = Qt.TransformationMode.SmoothTransformation
    return image.scaled(SMALL, Qt.AspectRatioMode.IgnoreAspectRatio, smooth).convertToFormat(
        QImage.Format.Format_Grayscale8
    )


def test_the_visit_looks_as_it_was_reviewed(tmp_path: Path, qapp: QApplication) -> None:
    ward, monitor = visit(tmp_path)
    try:
        for name, image in pictures(monitor):
            reviewed = QImage(str(HOME / f"{name}.png"))
            assert not reviewed.isNull(), f"no reviewed picture {name}"
            assert most_off(image, reviewed) <= MOST_OFF, name
    finally:
        ward.leave()


def main() -> int:
    """Write the pictures anew."""
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    with tempfile.TemporaryDirectory() as folder:
        ward, monitor = visit(Path(folder))
        for name, image in pictures(monitor):
            image.save(str(HOME / f"{name}.png"))
        ward.leave()
    print(f"pictures in {HOME}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
