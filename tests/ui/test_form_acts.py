"""Acts on a whole form: striking an entry or a row, reopening, and what the signing dialog leads to."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.scenario import SOURCE, Ward
from tests.ui.conftest import press, wizard
from trialdesk.domain.clinical.form_status import FormStatus
from trialdesk.domain.oid import FormPath
from trialdesk.services.signing import prepare
from trialdesk.ui import parts
from trialdesk.ui.casebook_view import CasebookView
from trialdesk.ui.main_window import MainWindow
from trialdesk.ui.reason_dialog import ReasonDialog
from trialdesk.ui.signing_dialog import SigningDialog

AE = FormPath("AE", 1, "AE")
DLI = FormPath("DLI", 1, "DLI")
Open = Callable[[], MainWindow]


@pytest.fixture
def reason_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is asked for a reason presses 1."""

    def answer(dialog: ReasonDialog) -> int:
        dialog.show()
        QTest.keyClick(dialog, Qt.Key.Key_1)
        return dialog.result()

    monkeypatch.setattr(ReasonDialog, "exec", answer)


def choose_more(number: int) -> None:
    """F9, then the digit of an act."""
    press(Qt.Key.Key_F9)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    QTest.keyClick(menu, Qt.Key(Qt.Key.Key_0 + number))
    QApplication.processEvents()


@pytest.mark.usefixtures("reason_one")
def test_a_struck_entry_stays_in_the_list_drawn_through_and_takes_no_more_answers(
    ward: Ward, open_window: Open
) -> None:
    ward.enrol()
    ward.open("AE[1]/AE")
    ward.fill(AETERM="Anemia")
    window = open_window()
    window.open_form(ward.subject, AE)
    choose_more(1)
    record = ward.casebook.data.struck[(AE, None, 1)]
    assert record.reason is not None
    assert record.reason.code == "TRANSCRIPTION"
    form = wizard(window)
    assert "Struck by nurse1" in form.head.banner()
    assert not any(row.can_take_focus() for row in form.page.rows)
    window.back_to_casebook()
    assert isinstance(window.view, CasebookView)
    struck = [one for one in window.view.findChildren(parts.Button) if one.struck]
    assert ["Anemia" in one.text() for one in struck] == [True]
    assert "Struck" in struck[0].accessibleName()


@pytest.mark.usefixtures("reason_one")
def test_a_struck_table_row_stays_as_a_card_and_its_number_is_not_given_again(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    study = ward.desk.study
    group_form, group = next(
        (form, one) for form in study.forms for one in form.groups if one.repeating and one.rows is None
    )
    path = FormPath(study.events_of_form[group_form.oid][0].oid, 1, group_form.oid)
    item = next(one for one in group.items if not one.derived)
    for row in (1, 2):
        made = ward.casebook.enter(path.item(group.oid, item.name, row), "", "UNK")
        assert isinstance(made, tuple)
    window = open_window()
    window.open_form(ward.subject, path)
    form = wizard(window)
    form.open_page([one.oid for one in group_form.groups].index(group.oid))
    form.page.show_row(2, focus=True)
    choose_more(1)
    assert (path, group.oid, 2) in ward.casebook.data.struck
    assert form.page.cards is not None
    assert [card.number for card in form.page.cards.cards] == [1, 2]
    assert "Struck" in form.page.cards.cards[1].accessibleName()
    assert not any(row.can_take_focus() for row in form.page.rows)
    form.page.add_row()
    assert form.page.repeat == 3


@pytest.mark.usefixtures("reason_one")
def test_a_completed_form_is_reopened_with_a_reason(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    ward.open("DLI[1]/DLI")
    ward.fill(DLIDAT="2026-03-03", DLISTTIM="10:20")
    ward.complete()
    assert ward.status() is FormStatus.COMPLETE
    window = open_window()
    window.open_form(ward.subject, DLI)
    choose_more(1)
    assert ward.status() is FormStatus.DRAFT
    assert "open again" in wizard(window).foot.said()


def test_the_signing_dialog_lists_what_changed_since_the_last_signature_and_leads_there(
    ward: Ward, open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ward.enrol()
    ward.open("DLI[1]/DLI")
    ward.fill(DLIDAT="2026-03-03", DLISTTIM="08:20")
    ward.complete()
    ward.sign()
    ward.enter("DLISTTIM", "08:40", reason=SOURCE)
    window = open_window()
    window.open_form(ward.subject, DLI)
    shown: list[str] = []

    def go(dialog: SigningDialog) -> int:
        dialog.show()
        shown.extend(change.says.en for change in dialog.changes)
        QTest.mouseClick(dialog.changes[0], Qt.MouseButton.LeftButton)
        return dialog.result()

    monkeypatch.setattr(SigningDialog, "exec", go)
    qtbot.mouseClick(wizard(window).head.sign, Qt.MouseButton.LeftButton)
    assert any("08:40" in line for line in shown)
    row = wizard(window).row
    assert row is not None
    assert row.path == DLI.item("DLIINF", "DLISTTIM")


def test_a_line_before_signing_that_is_not_fine_leads_to_its_field_by_enter(ward: Ward, qtbot: QtBot) -> None:
    ward.enrol()
    ward.open("DLI[1]/DLI")
    ward.fill(DLIDAT="2026-03-03")
    dialog = SigningDialog(ward.desk, ward.casebook, DLI, prepare(ward.desk, ward.casebook, DLI))
    qtbot.addWidget(dialog)
    dialog.show()
    line = next(one for one in dialog.lines if one.path is not None)
    assert not line.fine
    with qtbot.waitSignal(dialog.path_wanted) as wanted:
        qtbot.keyClick(line, Qt.Key.Key_Return)
    assert wanted.args == [line.path]
    assert not dialog.isVisible()
    assert dialog.signed is None


def test_alt_a_opens_the_next_adverse_event_from_any_field(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    window = open_window()
    window.open_form(ward.subject, DLI)
    wizard(window).go_to(DLI.item("DLIINF", "DLIDAT"))
    press(Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
    assert wizard(window).form == AE
