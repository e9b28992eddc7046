"""Signing through the window: two people, what was shown, a series, and the certificates of the desk."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.scenario import SOURCE, Ward
from trialdesk.app import dress
from trialdesk.demo import DEMO_PASSPHRASE, INVESTIGATOR, NURSE
from trialdesk.domain.clinical.form_status import FormStatus
from trialdesk.domain.oid import FormPath
from trialdesk.services.signing import prepare
from trialdesk.services.signing_batch import clean_forms
from trialdesk.ui import message
from trialdesk.ui.certificates_dialog import CertificatesDialog
from trialdesk.ui.main_window import MainWindow
from trialdesk.ui.signing_dialog import SigningDialog

FORMS = tuple(FormPath("DLI", n, "DLI") for n in (1, 2, 3))


@pytest.fixture
def completed(ward: Ward, qtbot: QtBot) -> Ward:
    """Three complete forms of one participant."""
    dress(dark=False, language="en")
    ward.enrol()
    for form in FORMS:
        ward.open(str(form))
        ward.fill(DLIDAT="2026-03-03", DLISTTIM="10:20")
        ward.complete()
    return ward


def look_and_sign(dialog: SigningDialog, qtbot: QtBot) -> None:
    for _ in range(12):
        QTest.keyClick(dialog, Qt.Key.Key_PageDown)
    dialog.passphrase.setText(DEMO_PASSPHRASE)
    QTest.keyClick(dialog.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not dialog.isVisible() or dialog.passphrase.text() == "", timeout=20000)


def test_nurse_and_investigator_sign_one_after_the_other_in_one_window(completed: Ward, qtbot: QtBot) -> None:
    ward, form = completed, FORMS[0]
    dialog = SigningDialog(ward.desk, ward.casebook, form, prepare(ward.desk, ward.casebook, form))
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.person.currentData() == NURSE
    look_and_sign(dialog, qtbot)
    assert dialog.certified is not None
    assert dialog.prepared.field == "Investigator"
    assert dialog.prepared.pdf == dialog.certified.pdf
    assert dialog.person.currentData() == INVESTIGATOR
    look_and_sign(dialog, qtbot)
    assert dialog.signed is not None
    assert [r.user for r in dialog.signed.records] == [INVESTIGATOR]
    assert ward.desk.session.user.id == NURSE
    assert ward.casebook.status(form) is FormStatus.SIGNED
    seconds = [r.change.read_seconds for r in ward.desk.trail.records(kinds=("FormCertified", "FormSigned"))]
    assert all(isinstance(one, int) and 0 <= one < 60 for one in seconds[-2:]), "the time in sight is kept"


def test_what_changed_under_the_open_window_is_not_signed(completed: Ward, qtbot: QtBot) -> None:
    ward, form = completed, FORMS[2]
    dialog = SigningDialog(ward.desk, ward.casebook, form, prepare(ward.desk, ward.casebook, form))
    qtbot.addWidget(dialog)
    dialog.show()
    ward.enter("DLISTTIM", "10:40", reason=SOURCE)
    ward.complete()
    for _ in range(6):
        QTest.keyClick(dialog, Qt.Key.Key_PageDown)
    dialog.passphrase.setText(DEMO_PASSPHRASE)
    QTest.keyClick(dialog.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "changed after these pages" in dialog.said(), timeout=20000)
    assert dialog.certified is None


def test_a_series_is_signed_with_one_passphrase_once_every_form_was_shown(
    completed: Ward, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ward = completed
    window = MainWindow(ward.desk)
    qtbot.addWidget(window)
    window.open_casebook(ward.subject)
    told: list[str] = []
    monkeypatch.setattr(message, "tell", lambda says, parent: told.append(says.en))

    def all_of_them(dialog: SigningDialog) -> int:
        dialog.show()
        assert not dialog.act.isEnabled()
        look_and_sign(dialog, qtbot)
        return 0

    monkeypatch.setattr(SigningDialog, "exec", all_of_them)
    for _ in range(2):
        window.sign_clean(ward.subject)
    assert told == ["3 forms signed.", "3 forms signed."]
    assert all(ward.casebook.status(form) is FormStatus.SIGNED for form in FORMS)
    assert list(clean_forms(ward.desk, "DataEntry")) == list(clean_forms(ward.desk, "Investigator")) == []
    window.close()


def test_the_certificates_of_the_desk_are_shown_and_a_request_is_written(
    ward: Ward, qtbot: QtBot, tmp_path: Path
) -> None:
    dress(dark=False, language="en")
    dialog = CertificatesDialog(ward.desk)
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.reset.isVisible(), "a nurse resets nobody"
    dialog.person.setCurrentIndex(dialog.person.findData(NURSE))
    dialog.write_to(tmp_path)
    assert "does not fit" in dialog.said()
    dialog.passphrase.setText(DEMO_PASSPHRASE)
    dialog.write_to(tmp_path)
    (request,) = tmp_path.glob("*.csr")
    assert request.name in dialog.said()
    dialog.take_from(request)
    assert "not of this study" in dialog.said()
