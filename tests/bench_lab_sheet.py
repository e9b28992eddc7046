"""The laboratory sheet as the nurse feels it: opened and painted, and one result until everything beside it is painted."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

from PySide6.QtWidgets import QApplication

from tests.bench import Row, median, pairwise
from tests.scenario import Ward
from trialdesk.domain.oid import FormPath
from trialdesk.services.laboratory import sheet

COUNTS = {"WBC": "0.42", "ANC": "0.10", "LYM": "0.28", "HGB": "71", "PLT": "12", "PBBLAST": "0"}
CHEMISTRY = {
    "ALT": "150", "AST": "61", "ALP": "70", "GGT": "130", "TBIL": "46", "ALB": "33", "CREAT": "95", "UREA": "6", "K": "3.1",
    "NA": "128", "CA": "1.9", "MG": "0.6", "GLU": "5", "LDH": "400", "UA": "280", "INR": "1.4", "FIB": "1.2", "APTT": "45",
}  # fmt: skip


def lab_sheet_rows(folder: Path) -> Iterator[Row]:
    """Sheets of a participant with seven visits of counts and chemistry behind her."""
    from trialdesk.app import dress
    from trialdesk.ui.main_window import MainWindow

    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    dress(dark=False, language="zh")
    ward = Ward(folder)
    _seven_visits(ward)
    window = MainWindow(ward.desk)
    window.resize(1366, 768)
    window.show()
    form = FormPath("D28", 1, "CHEM")

    def opened(one: FormPath) -> None:
        window.open_form(ward.subject, one)
        application.processEvents()
        window.grab()

    plain = FormPath("D28", 1, "VS")
    took, floor = pairwise(lambda: opened(form), lambda: opened(plain), 5)
    what = "laboratory sheet opened, painted (8 tests)"
    yield Row(what, took, "plain form of 8 questions", floor, "<= 100 ms", took <= 0.1)
    opened(form)
    view = window.view
    path = form.item("CHEM", "ALT")
    values = cycle(("151", "152"))

    def answered() -> None:
        # The answer itself and its durable commit have a row of their own.
        view.refresh()  # type: ignore[union-attr]
        application.processEvents()

    def enter_and_see() -> None:
        ward.casebook.enter(path, next(values))
        answered()

    def enter() -> None:
        ward.casebook.enter(path, next(values))

    whole, entering = median(enter_and_see, 20), median(enter, 20)
    took = whole - entering
    yield Row("  one result until sheet and proposals are painted", took, "none", None, "<= 16 ms", took <= 0.016)
    group = ward.desk.study.form["CHEM"].groups[0]

    def graded() -> None:
        ward.desk.book.lab_results(ward.casebook.data).clear()
        sheet(ward.casebook, form, group)

    took = median(graded, 20)
    yield Row("  every range, grade and proposal of it worked out", took, "none", None, "<= 16 ms", took <= 0.016)
    window.close()
    ward.leave()


def _seven_visits(ward: Ward) -> None:
    ward.enrol()
    ward.open("SCR[1]/DM")
    ward.fill(SEX="F", BRTHDAT="1992-01-15")
    normal = {"ALT": "22", "AST": "25", "GGT": "30", "TBIL": "12", "ALB": "41", "CREAT": "60", "K": "4.1", "NA": "140"}
    for number, event in enumerate(("SCR", "CHEMO", "DLI", "D7", "PLX", "D21", "D28"), start=1):
        day = f"2026-02-{number + 10}"
        ward.open(f"{event}[1]/HAEM")
        ward.fill(HAEMDAT=day, **COUNTS)
        ward.open(f"{event}[1]/CHEM")
        ward.fill(CHEMDAT=day, **(CHEMISTRY | (normal if event == "SCR" else {})))
