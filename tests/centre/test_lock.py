"""A form is signed twice, locked by two, opened again with a reason, corrected, signed anew and locked again.

Everything travels: signatures and corrections in bundles, locks and queries in receipts.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from pytestqt.qtbot import QtBot

from tests.scenario import SOURCE, Ward
from trialdesk.app import dress
from trialdesk.centre.rebuild import rebuild
from trialdesk.centre.review import Reviewer
from trialdesk.centre.sealing import documents_of
from trialdesk.demo import DEMO_PASSPHRASE, INVESTIGATOR, NURSE
from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.admin.role import Role
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.form_status import FormStatus
from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Text
from trialdesk.services.casebook_paper import casebook_pdf
from trialdesk.services.desk import sign_in
from trialdesk.services.desk_setup import person
from trialdesk.services.verdicts import FileVerdict, verify_files
from trialdesk.ui.form_wizard import FormWizard

DM = FormPath("SCR", 1, "DM")
WHY = Text(en="Sex does not agree with the card.", zh="性别与病历首页不一致。")


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    """Demography signed by nurse and investigator; the centre has it."""
    opened = Ward(tmp_path)
    opened.enrol_with_signed_form()
    opened.receive(opened.send())
    yield opened
    opened.leave()


def manager(ward: Ward) -> Reviewer:
    return Reviewer(ward.centre, "dm1", Role.DATA_MANAGER, ward.clock.now())


def done(outcome: tuple[AuditRecord, ...] | Refusal) -> AuditRecord:
    assert not isinstance(outcome, Refusal), outcome.says.en
    return outcome[-1]


def refused(outcome: tuple[AuditRecord, ...] | Refusal) -> str:
    assert isinstance(outcome, Refusal)
    return outcome.says.en


def status_at_centre(ward: Ward) -> FormStatus:
    from trialdesk.domain.clinical.form_status import form_status

    return form_status(manager(ward).data("01-001"), DM)


def verdict(ward: Ward, pdf: bytes) -> FileVerdict:
    """The centre judges the signed file someone hands over."""
    path = ward.folder / "handed.pdf"
    path.write_bytes(pdf)
    centre = ward.folder / "centre"
    (found,) = verify_files([path], centre / "root.pem", documents_of(centre))
    return found


def signed_pdf(ward: Ward) -> bytes:
    acts = ward.casebook.data.forms[DM]
    assert acts.signature is not None
    return ward.desk.documents.read(acts.signature.change.document).content  # type: ignore[union-attr]


def test_sign_lock_unlock_correct_sign_and_lock_again(ward: Ward) -> None:
    first = signed_pdf(ward)
    assert status_at_centre(ward) is FormStatus.SIGNED
    done(manager(ward).lock("01-001", DM, "dm2"))
    assert status_at_centre(ward) is FormStatus.LOCKED
    assert ward.status() is FormStatus.SIGNED, "the desk has not heard of it"
    ward.hear()
    assert ward.status() is FormStatus.LOCKED
    assert "The form is locked. Ask the data manager to unlock it." in ward.refused("SEX", "M").says.en
    assert "The form is locked" in refused(ward.casebook.reopen(DM, SOURCE))
    judged = verdict(ward, first)
    assert judged.ok
    assert ("locked 已锁定", "2026-03-03 09:00:00 +08:00, dm1 + dm2, stands 有效") in judged.about

    ward.later(days=1)
    assert refused(manager(ward).unlock("01-001", DM, "dm2", " ")) == "Give a reason."
    done(manager(ward).unlock("01-001", DM, "dm2", "wrong sex found at the visit"))
    ward.hear()
    assert ward.status() is FormStatus.SIGNED
    assert refused(ward.casebook.enter(ward.path("SEX"), "M")) == "Give a reason for the change."
    ward.enter("SEX", "M", reason=SOURCE)
    assert ward.status() is FormStatus.CHANGED
    ward.receive(ward.send())
    assert refused(manager(ward).lock("01-001", DM, "dm2")).startswith("Only a signed form"), "it was changed since"

    ward.complete()
    ward.sign()
    ward.receive(ward.send())
    done(manager(ward).lock("01-001", DM, "dm3"))
    ward.hear()
    assert ward.status() is FormStatus.LOCKED
    assert status_at_centre(ward) is FormStatus.LOCKED
    about = [name for name, _ in verdict(ward, first).about]
    assert about[-4:] == ["signed again 已重新签署", "locked 已锁定", "unlocked 已解锁", "locked 已锁定"]
    last = dict(verdict(ward, signed_pdf(ward)).about)
    assert "signed again 已重新签署" not in last
    assert last["locked 已锁定"].endswith("dm1 + dm3, stands 有效")
    assert "wrong sex found" in last["unlocked 已解锁"]
    assert ward.desk.verify().whole


def test_the_casebook_on_paper_tells_of_every_lock(ward: Ward) -> None:
    done(manager(ward).lock("01-001", DM, "dm2"))
    done(manager(ward).unlock("01-001", DM, "dm2", "wrong sex found"))
    done(manager(ward).lock("01-001", DM, "dm3"))
    ward.hear()
    pdf = casebook_pdf(ward.desk, "01-001")
    assert pdf is not None
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    plain = "".join(text.split())
    for said in ("已锁定Locked", "锁定locked", "会同withdm2", "解锁unlocked", "wrongsexfound", "会同withdm3"):
        assert said in plain


def test_a_query_is_answered_while_the_form_is_locked_and_holds_up_the_next_lock_only(ward: Ward) -> None:
    done(manager(ward).lock("01-001", DM, "dm2"))
    query = done(manager(ward).issue("01-001", (ward.path("SEX"),), WHY))
    ward.hear()
    assert ward.status() is FormStatus.LOCKED
    done(ward.casebook.answer(query.id, "The card says female."))
    assert ward.status() is FormStatus.LOCKED
    ward.receive(ward.send())
    assert manager(ward).data("01-001").queries[query.id].state == "Answered"
    done(manager(ward).unlock("01-001", DM, "dm2", "to settle the query"))
    assert refused(manager(ward).lock("01-001", DM, "dm2")).startswith("Only a signed form")
    done(manager(ward).close("01-001", query.id, "settled"))
    done(manager(ward).lock("01-001", DM, "dm2"))
    ward.hear()
    assert ward.casebook.data.queries[query.id].state == "Closed"
    assert ward.status() is FormStatus.LOCKED


def test_a_frozen_form_is_changed_by_nobody_and_may_be_locked_as_it_stands(ward: Ward) -> None:
    done(manager(ward).freeze("01-001", DM))
    ward.hear()
    assert "holds this form still" in ward.refused("SEX", "M").says.en
    done(manager(ward).lock("01-001", DM, "dm2"))
    done(manager(ward).thaw("01-001", DM))
    ward.hear()
    assert ward.status() is FormStatus.LOCKED


def test_the_window_says_who_locked_the_form_and_what_can_be_done(ward: Ward, qtbot: QtBot) -> None:
    done(manager(ward).lock("01-001", DM, "dm2"))
    ward.hear()
    dress(dark=False, language="en")
    wizard = FormWizard(ward.desk, ward.casebook, DM)
    qtbot.addWidget(wizard)
    assert "Locked by the centre (dm1 + dm2, 2026-03-03 09:00)" in wizard.head.banner()
    done(manager(ward).unlock("01-001", DM, "dm2", "a correction"))
    ward.hear()
    wizard.refresh()
    assert wizard.head.banner() == ""


def test_after_a_rebuild_locks_and_queries_go_to_the_new_laptop_at_once(ward: Ward) -> None:
    done(manager(ward).lock("01-001", DM, "dm2"))
    ward.desk.close()
    people = [person(NURSE, Role.NURSE, DEMO_PASSPHRASE), person(INVESTIGATOR, Role.INVESTIGATOR, DEMO_PASSPHRASE)]
    rebuild(ward.centre, ward.folder / "new", "W1", "W2", people, clock=ward.clock)
    query = done(manager(ward).issue("01-001", (ward.path("SEX"),), WHY))
    assert query.origin == "CENTRE-W2", "the new one has written nothing about the participant"
    ward.desk = sign_in(ward.folder / "new", NURSE, DEMO_PASSPHRASE, ward.clock)
    assert ward.status() is FormStatus.LOCKED, "what the dead one's letters said"
    ward.hear()
    assert ward.casebook.data.queries[query.id].state == "Open"
    done(ward.casebook.answer(query.id, "The card says female."))
    ward.receive(ward.send())
    assert manager(ward).data("01-001").queries[query.id].state == "Answered"
    done(manager(ward).unlock("01-001", DM, "dm2", "settled"))
    ward.hear()
    assert ward.status() is FormStatus.SIGNED
    assert ward.desk.verify().whole
