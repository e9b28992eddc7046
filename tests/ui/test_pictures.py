"""The screens as they look: small reviewed pictures, compared coarsely, so that a broken layout is seen.

`python tests/ui/test_pictures.py` writes the pictures anew after a change that was meant; look at them before they go in.
Letters are drawn a little differently by every system: the pictures are compared at an eighth of the size, block by block.
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

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from tests.scenario import ZONE, Ward
from trialdesk.app import dress
from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Language
from trialdesk.ui.main_window import MainWindow

HOME = Path(__file__).resolve().parents[1] / "pictures"
SMALL = QSize(161, 82)
"""An eighth of the place between the rail, the strip and the status bar; the frame round it changes more often."""
BLOCK = 8
MOST_OFF = 26
"""Grey levels (of 255) by which one block of 8 x 8 small pixels may differ on average."""

SCREENS = (
    ("injections", "PLX[1]/PLX", 1),
    ("acute-gvhd", "D7[1]/AGVHD", 0),
    ("vital-signs", "SCR[1]/VS", 0),
)


def casebook(ward: Ward) -> None:
    """A participant on the second day of plerixafor, some forms begun."""
    ward.clock.put(datetime(2026, 3, 13, 8, tzinfo=ZONE))
    ward.enrol()
    for form, answers in (
        ("SCR[1]/DM", {"BRTHDAT": "1991-05-01", "SEX": "F"}),
        ("SCR[1]/VS", {"WEIGHT": "62.0", "HEIGHT": "165", "TEMP": "36.6"}),
        ("CHEMO[1]/CHEMO", {"CHSTDAT": "2026-02-24", "CHENDAT": "2026-02-28"}),
        ("DLI[1]/DLI", {"DLIDAT": "2026-03-03"}),
        ("D7[1]/AGVHD", {"AGDAT": "2026-03-10", "AGYN": "Y", "AGBSA": "18", "AGBULLA": "N", "AGDESQ": "N"}),
        ("PLX[1]/PLX", {"PLXWT": "62", "PLXCREAT": "60"}),
    ):
        ward.open(form)
        ward.fill(**answers)
    for row, (day, clock) in enumerate((("13", "08:00"), ("13", "20:05"), ("14", "10:40")), start=1):
        for item, typed in (("PLXGIVEN", "Y"), ("PLXDAT", f"2026-03-{day}"), ("PLXTIM", clock)):
            ward.enter(item, typed, row)
    ward.clock.put(datetime(2026, 3, 14, 20, 3, tzinfo=ZONE))


def pictures(ward: Ward, language: Language) -> Iterator[tuple[str, QImage]]:
    """The screens of that participant, small and grey."""
    dress(dark=False, language=language)
    window = MainWindow(ward.desk)
    window.resize(1366, 768)
    window.show()
    try:
        window.open_casebook(ward.subject)
        yield f"casebook-{language}", small(window)
        for name, form, page in SCREENS:
            window.open_form(ward.subject, FormPath.parse(form))
            window.view.open_page(page)  # type: ignore[union-attr]
            yield f"{name}-{language}", small(window)
        window.open_timeline()
        yield f"timeline-{language}", small(window)
    finally:
        window.close()


def small(window: MainWindow) -> QImage:
    """What the place in the window shows, at an eighth of its size, in greys."""
    for _ in range(4):
        QApplication.processEvents()
    view = window.view
    assert view is not None
    image = QImage(view.size(), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    view.render(image)
    smooth = Qt.TransformationMode.SmoothTransformation
    return image.scaled(SMALL, Qt.AspectRatioMode.IgnoreAspectRatio, smooth).convertToFormat(
        QImage.Format.Format_Grayscale8
    )


def most_off(one: QImage, other: QImage) -> float:
    """The largest average difference of any block of the two pictures."""
    worst = 0.0
    for top in range(0, SMALL.height(), BLOCK):
        for left in range(0, SMALL.width(), BLOCK):
            sums = count = 0
            for y in range(top, min(top + BLOCK, SMALL.height())):
                for x in range(left, min(left + BLOCK, SMALL.width())):
                    sums += one.pixelColor(x, y).lightness() - other.pixelColor(x, y).lightness()
                    count += 1
            worst = max(worst, abs(sums) / count)
    return worst


def test_the_screens_look_as_they_were_reviewed(ward: Ward, qapp: QApplication) -> None:
    casebook(ward)
    faults: list[str] = []
    for language in ("zh", "en"):
        for name, image in pictures(ward, language):  # type: ignore[arg-type]
            reviewed = QImage(str(HOME / f"{name}.png"))
            assert not reviewed.isNull(), f"no reviewed picture {name}"
            off = most_off(image, reviewed)
            if off > MOST_OFF:
                faults.append(f"{name} differs by {off:.0f} grey levels in one place")
    assert faults == []


def test_a_broken_layout_is_seen(qapp: QApplication) -> None:
    reviewed = QImage(str(HOME / "injections-zh.png"))
    broken = reviewed.copy()
    for y in range(40, 60):
        for x in range(30, 60):
            broken.setPixelColor(x, y, Qt.GlobalColor.darkGray)
    assert most_off(reviewed, broken) > MOST_OFF
    assert most_off(reviewed, reviewed) == 0


def main() -> int:
    """Write the pictures anew."""
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    HOME.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        ward = Ward(Path(folder))
        casebook(ward)
        for language in ("zh", "en"):
            for name, image in pictures(ward, language):  # type: ignore[arg-type]
                image.save(str(HOME / f"{name}.png"))
        ward.leave()
    print(f"pictures in {HOME}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
