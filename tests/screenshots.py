"""Pictures of every main screen, in both languages, dark and at 125 %, from a demonstration desk."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from tests.scenario import ZONE, Ward
from trialdesk.app import dress
from trialdesk.demo import DEMO_PASSPHRASE, INVESTIGATOR
from trialdesk.domain.admin.role import Role
from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Language
from trialdesk.services.demo_filling import Filling
from trialdesk.services.demo_story import make_person, story
from trialdesk.services.desk import look as look_at_desk
from trialdesk.services.signing import certify, prepare, sign
from trialdesk.ui import look

if TYPE_CHECKING:
    from trialdesk.ui.main_window import MainWindow

SIZE = QSize(1366, 768)
DLI = FormPath("DLI", 1, "DLI")


def synthetic_ward(folder: Path, participants: int = 4) -> Ward:
    """A ward on 20 March 2026 with a few synthetic participants in the midst of treatment, two forms still drafts."""
    ward = Ward(folder, datetime(2026, 1, 5, 9, tzinfo=ZONE))
    random = Random(7)
    today = datetime(2026, 3, 20, 14, 2, tzinfo=ZONE)
    people = [
        make_person(n, random, datetime(2026, 1, 8).date(), "late_dli" if n == 2 else None)
        for n in range(1, participants + 1)
    ]
    for person in people:
        subject = ward.enrol(person.initials)
        pages = [page for page in story(person, random, today.date()) if page.day <= today.date()]
        for index, page in enumerate(pages):
            ward.clock.put(datetime(page.day.year, page.day.month, page.day.day, 10, tzinfo=ZONE))
            draft = index >= len(pages) - 2
            Filling(ward.desk.casebook(subject), page.form, page.answers, random).run(complete=not draft)
            if page.sign and not draft:
                certify(ward.desk, ward.desk.casebook(subject), page.form, DEMO_PASSPHRASE, ward.desk.session.user.id)
                sign(ward.desk, ward.desk.casebook(subject), page.form, DEMO_PASSPHRASE, INVESTIGATOR)
    ward.clock.put(today)
    ward.receive(ward.send())
    subject = ward.enrol("ZHLI")
    ward.open("CHEMO[1]/CHEMO")
    ward.fill(CHSTDAT="2026-03-11", CHENDAT="2026-03-15", CHREG="VEN", CHDAYS="5")
    ward.complete()
    ward.open("DLI[1]/DLI")
    ward.fill(DLISRC="GCSF", DLIFRESH="FRESH", DLICD3="50.0", DLIDAT="2026-03-20", DLISTTIM="10:20")
    return ward


def settle() -> None:
    """Let layouts and timers of zero length run."""
    for _ in range(4):
        QApplication.processEvents()


def picture(window: QWidget, over: QWidget | None = None, scale: float = 1.0) -> QImage:
    """What stands on the screen, with a dialog over it."""
    image = QImage(window.size() * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    window.render(image)
    if over is not None:
        painter = QPainter(image)
        painter.fillRect(window.rect(), look.color("#5C17202B"))
        over.render(painter, QPoint((window.width() - over.width()) // 2, (window.height() - over.height()) // 2))
        painter.end()
    return image


def shoot(ward: Ward, language: Language, dark: bool, scale: float, folder: Path) -> list[Path]:
    """Every main screen in one dress."""
    from trialdesk.ui.form_wizard import FormWizard
    from trialdesk.ui.main_window import MainWindow
    from trialdesk.ui.participant_list import EnrolDialog
    from trialdesk.ui.reason_dialog import ReasonDialog
    from trialdesk.ui.sign_in_dialog import SignInWindow
    from trialdesk.ui.signing_dialog import SigningDialog

    dress(dark, language)
    dress_name = f"{language}{'-dark' if dark else ''}{'-125' if scale > 1 else ''}"
    made: list[Path] = []

    def keep(name: str, window: QWidget, over: QWidget | None = None) -> None:
        settle()
        path = folder / f"{name}-{dress_name}.png"
        picture(window, over, scale).save(str(path))
        made.append(path)

    size = SIZE / scale
    opening = SignInWindow(look_at_desk(ward.folder / "desk"))
    opening.resize(size)
    opening.show()
    keep("01-sign-in", opening)
    opening.close()
    for point in ward.desk.places.open(ward.desk.session.user.id):
        ward.desk.places.clear(point.user, point.subject)
    window = MainWindow(ward.desk)
    window.resize(size)
    window.show()
    keep("16-today", window)
    window.show_list()
    keep("02-participants", window)
    enrol = EnrolDialog(ward.desk, window)
    enrol.adjustSize()
    keep("03-enrol", window, enrol)
    subjects = ward.desk.subjects()
    window.open_casebook(subjects[0])
    keep("04-casebook", window)
    window.find("zhongxing" if language == "zh" else "neutro")
    keep("17-palette", window)
    assert window.palette_open is not None
    window.palette_open.close_palette()
    window.cover()
    keep("18-cover", window)
    window.covering.uncover()
    window.open_casebook(subjects[1])
    window.open_timeline()
    keep("14-timeline", window)
    window.open_form(subjects[-1], DLI)
    view = window.view
    assert isinstance(view, FormWizard)
    keep("05-form", window)
    view.open_page(1)
    view.go_to(DLI.item("DLIINF", "DLIDAT"))
    keep("06-form-finding", window)
    view.complete()
    keep("07-finish-list", window)
    window.open_form(subjects[0], FormPath("PLX", 1, "PLX"))
    assert isinstance(window.view, FormWizard)
    window.view.open_page(len(window.view.sections) - 1)
    keep("08-injections", window)
    window.open_form(subjects[1], FormPath("D28", 1, "AGVHD"))
    keep("15-acute-gvhd", window)
    from trialdesk.ui.help_dialog import key_page, screen_page

    for name, dialog in (("16-keys", key_page(window)), ("17-help", screen_page("casebook", window))):
        dialog.show()
        keep(name, window, dialog)
        dialog.close()
    # Without a window system nobody gives the keyboard back to the window after a dialog.
    window.activateWindow()
    settle()
    window.open_form(subjects[0], FormPath("PLX", 1, "HAEM"))
    keep("09-laboratory", window)
    window.open_form(subjects[0], FormPath("AE", 1, "AE"))
    keep("10-adverse-event", window)
    chemo = FormPath("CHEMO", 1, "CHEMO")
    window.open_form(subjects[-1], chemo)
    assert isinstance(window.view, FormWizard)
    from trialdesk.domain.text import Text

    reason = ReasonDialog(
        Text(en="Give a reason for the change.", zh="请填写修改原因。"), Text(en="2026-03-15", zh="2026-03-15"), window
    )
    reason.adjustSize()
    keep("11-reason", window, reason)
    casebook = ward.desk.casebook(subjects[-1])
    signing = SigningDialog(ward.desk, casebook, chemo, prepare(ward.desk, casebook, chemo), window)
    signing.resize(min(1000, size.width() - 40), min(690, size.height() - 40))
    while signing.coming:
        QApplication.processEvents()
    keep("12-signing", window, signing)
    window.show_transfer()
    keep("13-transfer", window)
    inspection(ward, window, keep)
    window.close()
    if scale == 1.0:
        from tests.screenshots_centre import shoot_centre

        shoot_centre(ward, language, dark, size, keep)
    return made


def inspection(ward: Ward, window: MainWindow, keep: Callable[[str, QWidget], None]) -> None:
    """The inspector's page at three of its questions."""
    from PySide6.QtCore import QThreadPool

    from trialdesk.domain.text import Text
    from trialdesk.ui.inspector_page import InspectorPage
    from trialdesk.ui.window_inspector import show

    nurse = ward.desk.session.user
    ward.desk.session.user = replace(
        nurse, id="inspector1", name=Text(en="Inspector 1", zh="检查员 1"), role=Role.INSPECTOR
    )
    window.dress_again()
    show(window)
    page = window.view
    assert isinstance(page, InspectorPage)
    for row, name in ((1, "after-signature"), (4, "switched-off"), (6, "times")):
        page.list.selectRow(row)
        while page.answer is None:
            QThreadPool.globalInstance().waitForDone()
            settle()
        keep(f"20-inspection-{name}", window)
    ward.desk.session.user = nurse
    window.dress_again()


MOCKUPS = Path(__file__).resolve().parents[2] / "shared" / "design" / "mockups"
PAIRS = {
    "01-sign-in": "01-sign-in-zh", "02-today": "16-today-zh", "16-command-palette": "17-palette-zh",
    "03-casebook": "04-casebook-zh", "04-form-dli": "06-form-finding-zh",
    "05-lab-sheet": "09-laboratory-zh", "06-adverse-event": "10-adverse-event-zh", "07-plerixafor": "08-injections-zh",
    "08-acute-gvhd": "15-acute-gvhd-zh", "09-signing": "12-signing-zh", "10-transfer": "13-transfer-zh",
    "13-form-dli-dark": "06-form-finding-zh-dark", "14-form-dli-english": "06-form-finding-en",
    "15-form-dli-125-percent": "06-form-finding-en-125", "17-casebook-dark": "04-casebook-zh-dark",
    "19-finish-list": "07-finish-list-zh", "11-centre-queries": "22-centre-queries-zh",
    "12-centre-endpoints": "25-centre-endpoints-zh",
}  # fmt: skip
"""The mockup of a screen, and the picture of the screen as it is."""


def compare(folder: Path) -> int:
    """Put each mockup beside its screen; where the mockups are not at hand, say so and write nothing."""
    if not MOCKUPS.is_dir():
        print("no mockups at hand, nothing to compare")
        return 0
    place = folder / "compare"
    place.mkdir(parents=True, exist_ok=True)
    made = 0
    for mockup, screen in PAIRS.items():
        ours = QImage(str(folder / f"{screen}.png"))
        theirs = QImage(str(MOCKUPS / f"{mockup}.png"))
        if ours.isNull() or theirs.isNull():
            print(f"no pair for {mockup}")
            continue
        high = max(ours.height(), theirs.height())
        both = QImage(ours.width() + theirs.width() + 20, high, QImage.Format.Format_RGB32)
        both.fill(0x808080)
        painter = QPainter(both)
        painter.drawImage(0, 0, theirs)
        painter.drawImage(theirs.width() + 20, 0, ours)
        painter.end()
        both.save(str(place / f"{mockup}.png"))
        made += 1
    print(f"{made} pairs in {place}")
    return 0


GUIDE = {
    "casebook": "04-casebook", "form": "06-form-finding", "injections": "08-injections",
    "acute-gvhd": "15-acute-gvhd", "timeline": "14-timeline",
}  # fmt: skip
"""The pictures of the user guide, by the screen each is taken from."""


def guide(folder: Path, place: Path) -> int:
    """Refresh the pictures of the user guide: smaller, few colours, both languages."""
    from PIL import Image

    for language in ("zh", "en"):
        target = place / "pictures" / language
        target.mkdir(parents=True, exist_ok=True)
        for name, screen in GUIDE.items():
            with Image.open(folder / f"{screen}-{language}.png") as image:
                small = image.convert("RGB").resize(
                    (960, round(960 * image.height / image.width)), Image.Resampling.LANCZOS
                )
            # Few colours without dither: plain areas stay plain.
            small.quantize(96, dither=Image.Dither.NONE).save(target / f"{name}.png", optimize=True)
    print(f"{2 * len(GUIDE)} pictures of the guide in {place / 'pictures'}")
    return 0


def main(folder: Path, *wishes: str) -> int:
    """Write the pictures and say where; `--compare` sets them beside the mockups, `--guide` refreshes the guide's."""
    from tests.screenshots_centre import hold

    folder.mkdir(parents=True, exist_ok=True)
    QApplication.instance() or QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory() as place:
        ward = synthetic_ward(Path(place))
        hold(ward)
        made: list[Path] = []
        for language, dark, scale in (("zh", False, 1.0), ("en", False, 1.0), ("zh", True, 1.0), ("en", False, 1.25)):
            made += shoot(ward, language, dark, scale, folder)
        ward.leave()
    print(f"{len(made)} pictures in {folder}")
    if "--compare" in wishes:
        compare(folder)
    if "--guide" in wishes:
        guide(folder, Path(__file__).resolve().parents[1] / "docs" / "guide")
    return 0


if __name__ == "__main__":
    given = sys.argv[1:]
    names = [word for word in given if not word.startswith("--")]
    sys.exit(main(Path(names[0] if names else "build/screenshots"), *[word for word in given if word.startswith("--")]))
