"""At the field by one key: queries answered, notes written, history read, the form as it stood."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel

from tests.scenario import Ward
from tests.ui.conftest import focus, press, wizard, write
from trialdesk.domain.clinical.changes import QueryAskedAgain, QueryOpened
from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Text
from trialdesk.ui.main_window import MainWindow
from trialdesk.ui.past_dialog import PastDialog

Open = Callable[[], MainWindow]
CTRL = Qt.KeyboardModifier.ControlModifier
VS = FormPath("SCR", 1, "VS")


def test_queries_notes_and_history_are_one_key_away(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    ward.open("SCR[1]/VS")
    ward.enter("WEIGHT", "62.0")
    path = ward.path("WEIGHT")
    asked = QueryOpened(source="Monitor", paths=(path,), says=Text(en="Which scale?", zh="哪台秤？"))
    ward.casebook.apply(ward.desk.session.record([asked], ward.subject))
    window = open_window()
    window.open_form(ward.subject, VS)
    form = wizard(window)
    QApplication.processEvents()
    form.go_to(path)
    press(Qt.Key.Key_Q, CTRL)
    assert form.drawer.tab == "queries"
    assert focus().accessibleName().startswith("Answer to the query")
    write("The one of ward 3")
    press(Qt.Key.Key_Return)
    (query,) = form.casebook.data.queries_at(path)
    assert (query.state, query.words) == ("Answered", ("The one of ward 3",))
    more = Text(en="Was it tared?", zh="是否校零？")
    again = QueryAskedAgain(query=query.id, says=more, replaces=tuple(record.id for record in query.answers))
    form.casebook.apply(ward.desk.session.record([again], ward.subject))
    form.go_to(path)
    press(Qt.Key.Key_Q, CTRL)
    assert focus().accessibleName().startswith("Answer to the query"), "it waits for an answer as before"
    shown = [label.text() for label in form.drawer.findChildren(QLabel)]
    assert {"Which scale?", "The one of ward 3", "Was it tared?"} <= set(shown)

    form.go_to(path)
    press(Qt.Key.Key_M, CTRL)
    write("Weighed twice")
    press(Qt.Key.Key_Return)
    assert len(form.casebook.data.notes[path]) == 1
    assert any(label.text() == "Weighed twice" for label in form.drawer.findChildren(QLabel))

    form.go_to(path)
    press(Qt.Key.Key_H, CTRL)
    assert form.drawer.tab == "history"
    told = " ".join(label.text() for label in form.drawer.findChildren(QLabel))
    assert "entered 62.0" in told
    assert "Research nurse, record" in told

    seen: list[str] = []

    def look_and_leave() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, PastDialog)
        dialog.slider.setValue(0)
        seen.extend(label.text() for label in dialog.findChildren(QLabel))
        dialog.accept()

    before = ward.desk.session.trail.head(ward.desk.session.origin)
    form.go_to(path)
    QTimer.singleShot(0, look_and_leave)
    press(Qt.Key.Key_H, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert "62.0 kg" in seen
    assert ward.desk.session.trail.head(ward.desk.session.origin) == before


def test_an_answer_can_bring_the_corrected_value_in_one_act(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    ward.open("SCR[1]/VS")
    ward.enter("WEIGHT", "26.0")
    path = ward.path("WEIGHT")
    asked = QueryOpened(source="Monitor", paths=(path,), says=Text(en="Is this so?", zh="是否属实？"))
    ward.casebook.apply(ward.desk.session.record([asked], ward.subject))
    window = open_window()
    window.open_form(ward.subject, VS)
    form = wizard(window)
    QApplication.processEvents()
    form.go_to(path)
    press(Qt.Key.Key_Q, CTRL)
    press(Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    assert focus().accessibleName().startswith("Corrected value")
    write("62.0")
    press(Qt.Key.Key_Return)
    assert focus().accessibleName().startswith("Answer to the query")
    press(Qt.Key.Key_Return)
    (query,) = form.casebook.data.queries_at(path)
    assert (query.state, query.words) == ("Answered", ("26.0 → 62.0",))
    assert form.casebook.data.value(path) == "62.0"
    row = form.page.row_at(path)
    assert row is not None
    assert row.control.text_now() == "62.0"
    *_, before, last = ward.desk.trail.records(origin="W1")
    assert (before.change.kind, last.change.kind, before.at == last.at) == ("ItemCorrected", "QueryAnswered", True)


def test_a_corrected_value_that_cannot_be_read_answers_nothing(ward: Ward) -> None:
    ward.enrol()
    ward.open("SCR[1]/VS")
    ward.enter("WEIGHT", "26.0")
    path = ward.path("WEIGHT")
    asked = QueryOpened(source="Monitor", paths=(path,), says=Text(en="Is this so?", zh="是否属实？"))
    (record,) = ward.desk.session.record([asked], ward.subject)
    ward.casebook.apply((record,))
    outcome = ward.casebook.correct_and_answer(record.id, path, "much")
    assert not isinstance(outcome, tuple)
    assert ward.casebook.data.queries[record.id].state == "Open"
    assert ward.casebook.data.value(path) == "26.0"
