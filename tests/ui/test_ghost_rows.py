"""A query about a field the form does not ask now shows a ghost of the field, and is answered there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.scenario import Ward
from tests.ui.conftest import focus, press, wizard, write
from trialdesk.domain.clinical.changes import QueryOpened
from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Text
from trialdesk.ui.main_window import MainWindow

Open = Callable[[], MainWindow]
AE = FormPath("AE", 1, "AE")
CTRL = Qt.KeyboardModifier.ControlModifier


def test_a_query_on_a_skipped_field_shows_its_value_then_and_is_answered(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    ward.open("AE[1]/AE")
    ward.fill(AETERM="Nausea", AESTDAT="2026-03-01", AEONGO="N", AEENDAT="2026-03-02")
    path = ward.path("AEENDAT")
    says = Text(en="Is the day right?", zh="日期是否正确？")
    asked = QueryOpened(source="Monitor", paths=(path,), says=says)
    ward.later(minutes=5)
    ward.casebook.apply(ward.desk.session.record([asked], ward.subject))
    ward.enter("AEONGO", "Y")
    window = open_window()
    window.open_form(ward.subject, AE)
    form = wizard(window)
    QApplication.processEvents()
    (ghost,) = form.ghosts.rows
    assert (ghost.path, ghost.isVisible()) == (path, True)
    assert "When asked: 2026-03-02" in ghost.accessibleDescription()
    form.go_to(path)
    assert focus() is ghost
    press(Qt.Key.Key_Q, CTRL)
    assert focus().accessibleName().startswith("Answer to the query")
    write("It went on after all")
    press(Qt.Key.Key_Return)
    (query,) = form.casebook.data.queries_at(path)
    assert (query.state, query.words) == ("Answered", ("It went on after all",))


def test_a_form_whose_fields_are_all_asked_shows_none(ward: Ward, open_window: Open) -> None:
    ward.enrol()
    ward.open("SCR[1]/VS")
    ward.enter("WEIGHT", "62.0")
    says = Text(en="Which scale?", zh="哪台秤？")
    asked = QueryOpened(source="Monitor", paths=(ward.path("WEIGHT"),), says=says)
    ward.casebook.apply(ward.desk.session.record([asked], ward.subject))
    window = open_window()
    window.open_form(ward.subject, FormPath("SCR", 1, "VS"))
    assert wizard(window).ghosts.isHidden()
