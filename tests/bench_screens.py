"""Opening a form in the window, and one answer in it, as the nurse feels them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtWidgets import QApplication

from tests.bench import Row, median
from trialdesk.centre.centre import Centre
from trialdesk.demo import DEMO_PASSPHRASE, NURSE
from trialdesk.domain.admin.role import Role
from trialdesk.domain.oid import FormPath
from trialdesk.domain.study.study import Study
from trialdesk.services.desk import OpenDesk, sign_in
from trialdesk.services.desk_setup import create_desk, person
from trialdesk.services.study_release import StudyRelease, release_from_folder, shipped_study
from trialdesk.storage.study_library import fingerprint, freeze

FORTY = "FORTY"


def open_form_rows(folder: Path) -> Iterator[Row]:
    """The largest plain form of the study opened and painted, and one answer committed in it."""
    from trialdesk.app import dress
    from trialdesk.ui.main_window import MainWindow

    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    dress(dark=False, language="zh")
    desk = _desk_with_forty(folder)
    subject = desk.enrol("BENC")
    assert isinstance(subject, str)
    window = MainWindow(desk)
    window.resize(1366, 768)
    window.show()

    def opened(form: FormPath) -> float:
        def act() -> None:
            window.open_form(subject, form)
            application.processEvents()
            window.grab()

        return median(act, 7)

    took = opened(FormPath("SCR", 1, FORTY))
    yield Row("form of 40 items on one page opened, painted", took, "none", None, "<= 100 ms", took <= 0.1)

    def whole() -> None:
        window.open_form(subject, FormPath("SCR", 1, FORTY))
        assert len(window.view.page.rows) == 40  # type: ignore[union-attr]
        application.processEvents()
        window.grab()

    took = median(whole, 7)
    yield Row("  with the rows below the first screenful", took, "none", None, "<= 150 ms", took <= 0.15)
    took = opened(FormPath("PLX", 1, "PLX"))
    yield Row("  form PLX opened (ten injections)", took, "none", None, "<= 100 ms", took <= 0.1)
    desk.close()


def find_rows(folder: Path) -> Iterator[Row]:
    """One more letter in the box of Ctrl+K, found and painted, with the planned 28 participants in treatment."""
    from trialdesk.app import dress
    from trialdesk.ui.main_window import MainWindow

    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    dress(dark=False, language="zh")
    desk = _desk_with_forty(folder)
    for number in range(28):
        subject = desk.enrol("BE" + chr(65 + number % 26))
        assert isinstance(subject, str)
        for path, day in (
            (FormPath("CHEMO", 1, "CHEMO").item(desk.study.place["CHENDAT"][1].oid, "CHENDAT"), "2026-01-05"),
            (FormPath("DLI", 1, "DLI").item(desk.study.place["DLIDAT"][1].oid, "DLIDAT"), "2026-01-08"),
        ):
            desk.casebook(subject).enter(path, day)
    window = MainWindow(desk)
    window.resize(1366, 768)
    window.show()
    window.open_casebook("01-001")
    window.find()
    palette = window.palette_open
    assert palette is not None
    longest = 0.0
    for typed in ("zhongxing", "血红", "neutro", "xhdb"):
        palette.box.clear()
        for letter in typed:
            shown = palette.box.text() + letter

            def act(shown: str = shown) -> None:
                palette.search(shown)
                palette.grab()

            longest = max(longest, median(act, 3))
            palette.box.setText(shown)
    yield Row("Ctrl+K: the slowest letter found, painted", longest, "none", None, "<= 30 ms", longest <= 0.03)
    window.close()
    desk.close()


def _desk_with_forty(folder: Path) -> OpenDesk:
    """A desk whose study has one form of 40 questions of every kind on a single page."""
    shipped = release_from_folder(shipped_study()).study.model_dump(mode="json")
    kinds = ("float", "integer", "date", "partial_date", "time", "code", "text")
    items = [
        {"name": f"BENCH{n:02d}", "label": {"en": f"Question {n}", "zh": f"第 {n} 题"}, "kind": kinds[n % len(kinds)],
         "codelist": "YN" if kinds[n % len(kinds)] == "code" else None, "unit": "kg" if n % len(kinds) < 2 else None}
        for n in range(40)
    ]  # fmt: skip
    words = {"en": "Forty", "zh": "四十题"}
    shipped["forms"].append({"oid": FORTY, "label": words, "groups": [{"oid": FORTY, "label": words, "items": items}]})
    screening = next(event for event in shipped["events"] if event["oid"] == "SCR")
    screening["forms"] = [*screening["forms"], FORTY]
    content = freeze(Study.model_validate(shipped))
    release = StudyRelease(content, fingerprint(content))
    centre = Centre.init(folder / "centre", release)
    create_desk(folder / "desk", release, centre.enrolment("01", "W1"), [person(NURSE, Role.NURSE, DEMO_PASSPHRASE)])
    centre.close()
    return sign_in(folder / "desk", NURSE, DEMO_PASSPHRASE)
