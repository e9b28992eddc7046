"""The acute GVHD sheet by keys: findings at the left, stage and grade follow, the deciding organ is said, both grades kept."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.scenario import Ward
from tests.ui.conftest import press, wizard, write
from trialdesk.domain.oid import FormPath
from trialdesk.ui.main_window import MainWindow
from trialdesk.ui.organ_page import OrganPage

Open = Callable[[], MainWindow]
FORM = FormPath("D7", 1, "AGVHD")


def test_an_assessment_is_typed_organ_by_organ_and_the_grade_follows(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    ward.open("SCR[1]/DM")
    ward.fill(BRTHDAT="1985-01-01")
    ward.open("DLI[1]/DLI")
    ward.fill(DLIDAT="2026-02-24")
    window = open_window()
    window.open_form(ward.subject, FORM)
    QApplication.processEvents()
    page = wizard(window).page
    assert isinstance(page, OrganPage)
    assert not wizard(window).rail.isVisible()
    answers = {
        "AGDAT": "t", "AGYN": "1", "AGBSA": "18", "AGBULLA": "2", "AGDESQ": "2", "AGSKINCA": "1", "AGBILI": "26",
        "AGUGI": "1", "AGVOL": "1200", "AGUNMEAS": "0", "AGEPIS": "6", "AGPAIN": "2", "AGBLOOD": "2", "AGLGICA": "1",
    }  # fmt: skip
    walked: list[str] = []
    while len(walked) < 30 and "AGLGICA" not in walked:
        row = wizard(window).row
        assert row is not None
        walked.append(row.item.name)
        write(answers.get(row.item.name, ""))
        press(Qt.Key.Key_Return)
    # Reading order: each organ's findings, then how sure the cause is, then the next organ.
    assert [name for name in walked if name in answers] == list(answers)
    stages = [row.scale.stage for row in page.organs]
    assert stages[0] == "1"
    assert stages[1] == "0"
    assert stages[3] == "2"
    assert page.grade().grade == "III"
    assert [row.organ.stage for row in page.organs if row.deciding] == ["AGLOWER"]
    assert "Lower GI stage 2: therefore Grade III" in page.panel.words.text()
    assert "Skin stage 1" in page.organs[0].scale.accessibleName()
    assert page.panel.course.accessibleDescription() == "D+7 III"

    wizard(window).go_to(FORM.item("AGSUM", "AGINV"))
    write("3")
    QApplication.processEvents()
    assert ward.casebook.data.value(FORM.item("AGSUM", "AGINV")) == "II"
    assert page.grade().grade == "III"
    assert "Investigator: Grade II. Derived: Grade III." in page.panel.other.text()
    why = page.row_at(FORM.item("AGSUM", "AGINVWHY"))
    assert why is not None
    assert why.isVisible()
