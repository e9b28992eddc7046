"""Which role may read what was recorded: guarded where a casebook is opened for a person, whatever leads there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QDialog

from tests.scenario import Ward
from trialdesk.domain.admin.role import Act, Role, may
from trialdesk.domain.oid import FormPath
from trialdesk.errors import KnownError
from trialdesk.ui.main_window import MainWindow
from trialdesk.ui.print_preview import PrintPreview
from trialdesk.ui.today_view import TodayView

Open = Callable[[], MainWindow]
DM = FormPath("SCR", 1, "DM")
PEOPLE = [role for role in Role if role is not Role.SYSTEM]


@pytest.mark.parametrize("role", PEOPLE)
def test_casebook_and_form_open_for_those_who_may_read_and_for_nobody_else(
    ward: Ward, open_window: Open, role: Role
) -> None:
    subject = ward.enrol()
    ward.desk.session.user = replace(ward.desk.session.user, role=role)
    window = open_window()
    if may(role, Act.VIEW):
        window.open_casebook(subject)
        window.open_form(subject, DM)
        assert window.subject == subject
        return
    before = window.view
    for reach in (
        lambda: window.open_casebook(subject),
        lambda: window.open_form(subject, DM),
        lambda: window.go_to(subject, DM),
        lambda: ward.desk.casebook(subject),
        lambda: ward.desk.plan(subject),
    ):
        with pytest.raises(KnownError, match="This needs the role"):
            reach()
    assert (window.view, window.subject) == (before, None)
    assert isinstance(window.view, TodayView)


@pytest.mark.parametrize("role", PEOPLE)
def test_papers_of_a_participant_are_offered_to_those_who_may_print_them(
    ward: Ward, open_window: Open, role: Role, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = ward.enrol()
    window = open_window()
    ward.desk.session.user = replace(ward.desk.session.user, role=role)
    window.subject = subject
    offered: list[set[bool]] = []

    def look_at(dialog: QDialog) -> int:
        assert isinstance(dialog, PrintPreview)
        offered.append({sheet.subject for sheet in dialog.offered()})
        dialog.done(0)
        return 0

    monkeypatch.setattr(PrintPreview, "exec", look_at)
    window.print()
    assert offered == [{True, False} if may(role, Act.PRINT) else {False}]
