"""A participant's answers at the centre: read-only, hidden fields included, and the acts on a form by their conditions."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from tests.scenario import Ward
from tests.ui.centre.conftest import SUBJECT, WHY
from trialdesk.centre.admission import found_demo_people
from trialdesk.centre.at_work import AtWork
from trialdesk.centre.people import sign_in
from trialdesk.demo import DEMO_PASSPHRASE
from trialdesk.domain.clinical.form_status import FormStatus
from trialdesk.domain.oid import FormPath
from trialdesk.ui.centre.form_act_dialog import FormActDialog
from trialdesk.ui.centre.forms_act_dialog import FormsActDialog
from trialdesk.ui.centre.record_page import RecordPage
from trialdesk.ui.centre.second_person import SecondPersonDialog
from trialdesk.ui.centre.window import CentreWindow

DM = FormPath("SCR", 1, "DM")


@pytest.fixture
def page(window: CentreWindow) -> RecordPage:
    window.open_record(SUBJECT)
    found = window.pages["record"]
    assert isinstance(found, RecordPage)
    return found


def said(page: RecordPage) -> str:
    return " ".join(label.text() for label in page.findChildren(QLabel))


def test_a_field_shows_its_value_its_history_and_who_wrote_it(page: RecordPage, ward: Ward) -> None:
    page.mark(ward.path("SEX"))
    assert "entered Female" in said(page)
    assert "Research nurse" in said(page)


def test_a_query_on_a_field_that_is_not_asked_any_more_shows_the_field_with_what_it_held(
    window: CentreWindow, page: RecordPage, ward: Ward, work: AtWork
) -> None:
    ward.open("AE[1]/AE")
    hidden = ward.path("AEENDAT")
    work.ask(SUBJECT, [hidden], WHY, draft=False)
    window.open_record(SUBJECT, hidden)
    field = page.field()
    assert field is not None
    assert (field.path, field.state) == (hidden, "skipped")
    assert "The ward does not see this field" in said(page)
    assert WHY.en in said(page)


def test_a_form_that_holds_nothing_can_be_opened_and_asked_about(window: CentreWindow, page: RecordPage) -> None:
    window.open_record(SUBJECT, FormPath("DLI", 1, "DLI"))
    held = page.form()
    assert held is not None
    assert (held.form, held.status) == (FormPath("DLI", 1, "DLI"), FormStatus.EMPTY)
    page.question.put(WHY.en)
    page.ask(draft=False)
    assert "in Chinese and in English" in page.said.text()
    page.question.put(WHY.en, WHY.zh)
    page.ask(draft=False)
    assert [line.state for line in page.work.lists.queries()] == ["Open"]


def test_a_form_is_frozen_and_thawed(window: CentreWindow, page: RecordPage, ward: Ward, work: AtWork) -> None:
    window.open_record(SUBJECT, DM)
    answer(lambda dialog: dialog.carry_out())
    page.act("freeze")
    assert work.data(SUBJECT).is_frozen(DM)
    answer(lambda dialog: dialog.carry_out())
    page.act("thaw")
    assert not work.data(SUBJECT).is_frozen(DM)


def test_the_conditions_of_a_lock_are_shown_and_what_is_unmet_forbids_it(page: RecordPage, work: AtWork) -> None:
    dialog = FormActDialog(work, work.data(SUBJECT), DM, "lock", page)
    assert [check.met for check in dialog.checks] == [True, True, False, True, True]
    assert not dialog.do_it.isEnabled()
    assert dialog.checks[2].says.en == "No investigator has signed it yet"
    assert "Not met yet: 1" in dialog.said.text()
    dialog.close()


def test_a_signed_form_is_locked_by_two_and_unlocked_by_two_with_a_reason(
    window: CentreWindow, page: RecordPage, ward: Ward, work: AtWork
) -> None:
    ward.complete()
    ward.sign()
    ward.receive(ward.send())
    work.refresh()
    found_demo_people(ward.centre)
    sign_in(ward.centre, "dm1", DEMO_PASSPHRASE)
    window.open_record(SUBJECT, DM)
    answer(lambda dialog: second(dialog))
    page.act("lock")
    assert work.data(SUBJECT).forms[DM].is_locked
    answer(lambda dialog: refused_then(dialog, "Wrong page signed"))
    page.act("unlock")
    assert not work.data(SUBJECT).forms[DM].is_locked


def test_several_fields_are_picked_into_one_query(page: RecordPage, ward: Ward, work: AtWork, qtbot: QtBot) -> None:
    for item in ("BRTHDAT", "SEX"):
        page.mark(ward.path(item))
        page.table.setFocus()
        qtbot.keyClick(page.table, Qt.Key.Key_Space)
    assert page.send.text() == "Ask about 2 fields"
    page.question.put(WHY.en, WHY.zh)
    page.ask(draft=False)
    (line,) = work.lists.queries()
    assert line.paths == (str(ward.path("BRTHDAT")), str(ward.path("SEX")))
    assert (page.picked, page.send.text()) == ((), "Ask")


def test_every_form_that_is_ready_is_locked_at_once_and_the_others_say_what_they_need(
    window: CentreWindow, page: RecordPage, ward: Ward, work: AtWork
) -> None:
    ward.complete()
    ward.sign()
    ward.open("SCR[1]/VS")
    ward.enter("WEIGHT", "62")
    ward.receive(ward.send())
    work.refresh()
    found_demo_people(ward.centre)
    sign_in(ward.centre, "dm1", DEMO_PASSPHRASE)
    window.open_record(SUBJECT, DM)
    seen: list[str] = []

    def lock() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, FormsActDialog)
        seen.extend(cell.text for line in dialog.table.lines.lines for cell in line)
        assert dialog.ready == (DM,)
        second(dialog)

    QTimer.singleShot(0, lock)
    page.act_on_all("lock")
    assert work.data(SUBJECT).forms[DM].is_locked
    assert any("No investigator has signed it" in text for text in seen)
    assert not work.data(SUBJECT).forms.get(FormPath("SCR", 1, "VS"))


def answer(do: object) -> None:
    """What a person does with the dialog that comes."""

    def act() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, FormActDialog)
        do(dialog)  # type: ignore[operator]

    QTimer.singleShot(0, act)


def second(dialog: FormActDialog | FormsActDialog) -> None:
    """The second person, whose name is chosen, gives their own passphrase."""

    def act() -> None:
        asked = QApplication.activeModalWidget()
        if not isinstance(asked, SecondPersonDialog):
            QTimer.singleShot(20, act)
            return
        assert [one.user_id for one in asked.people] == ["dm2"]
        asked.passphrase.setText(DEMO_PASSPHRASE)
        asked.enter.click()

    QTimer.singleShot(0, act)
    dialog.carry_out()


def refused_then(dialog: FormActDialog, why: str) -> None:
    """Without a reason it is refused; with one it is done."""
    second(dialog)
    assert "Give a reason" in dialog.said.text()
    dialog.why.setText(why)
    second(dialog)
