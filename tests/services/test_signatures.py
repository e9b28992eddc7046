"""What a signature covers, what voids it and what does not, and that what was shown is what was signed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.scenario import SOURCE, Ward
from trialdesk.demo import DEMO_PASSPHRASE, INVESTIGATOR, NURSE
from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.admin import signature_def
from trialdesk.domain.clinical.changes import FormCertified, FormSigned
from trialdesk.domain.clinical.form_status import FormStatus
from trialdesk.domain.study.form import FormDef
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text
from trialdesk.services.signed_changes import changes_since_signed
from trialdesk.services.signing import Signed, certify, prepare, sign
from trialdesk.services.signing_batch import clean_forms, sign_shown


@pytest.fixture
def at_form(ward: Ward) -> Ward:
    """A complete form."""
    ward.enrol()
    ward.open("DLI[1]/DLI")
    ward.fill(DLIDAT="2026-03-03", DLISTTIM="10:20")
    ward.complete()
    return ward


def test_the_file_that_was_shown_is_the_file_that_was_signed(at_form: Ward) -> None:
    ward = at_form
    first = prepare(ward.desk, ward.casebook, ward.form)
    entered = certify(ward.desk, ward.casebook, ward.form, DEMO_PASSPHRASE, NURSE, first)
    assert isinstance(entered, Signed)
    assert entered.pdf.startswith(first.pdf)
    second = prepare(ward.desk, ward.casebook, ward.form)
    assert (second.field, second.sha256) == ("Investigator", entered.document)
    signed = sign(ward.desk, ward.casebook, ward.form, DEMO_PASSPHRASE, INVESTIGATOR, second)
    assert isinstance(signed, Signed)
    assert signed.pdf.startswith(second.pdf)
    change = signed.records[0].change
    assert isinstance(change, FormSigned)
    assert change.certified == second.sha256


def test_meaning_reason_and_version_stand_in_the_record_and_a_new_wording_voids_nothing(
    at_form: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    ward = at_form
    change = ward.certify().records[0].change
    assert isinstance(change, FormCertified)
    old = signature_def.signature_def("DataEntry")
    assert (change.version, change.meaning, change.legal_reason) == ("1", old.meaning, old.legal_reason)
    ward.sign()
    new = replace(old, version="2", meaning=Text(en="Entered by me.", zh="由本人录入。"))
    monkeypatch.setattr(signature_def, "SIGNATURE_DEFS", (*signature_def.SIGNATURE_DEFS, new))
    assert ward.status() is FormStatus.SIGNED
    ward.enter("DLISTTIM", "10:40", reason=SOURCE)
    ward.complete()
    again = ward.certify().records[0].change
    assert isinstance(again, FormCertified)
    assert (again.version, again.meaning) == ("2", new.meaning)


def test_a_question_added_by_a_new_release_voids_nothing(at_form: Ward) -> None:
    ward = at_form
    ward.sign()
    book = ward.desk.session.book
    form = book.study.form["DLI"]
    added = form.groups[0].items[0].model_copy(update={"name": "DLINEW"})
    group = form.groups[0].model_copy(update={"items": (*form.groups[0].items, added)})
    wider = form.model_copy(update={"groups": (group, *form.groups[1:])})
    forms = tuple(wider if one.oid == "DLI" else one for one in book.study.forms)
    ward.desk.session.book = type(book)(_with_forms(book.study, forms), book.terminology)
    assert "DLINEW" in ward.desk.session.book.study.place
    assert ward.status() is FormStatus.SIGNED


def _with_forms(study: Study, forms: tuple[FormDef, ...]) -> Study:
    return Study(**{name: getattr(study, name) for name in Study.model_fields} | {"forms": forms})


def test_a_changed_answer_asks_for_a_new_signature_that_shows_just_that(at_form: Ward) -> None:
    ward = at_form
    ward.sign()
    ward.enter("DLISTTIM", "10:40", reason=SOURCE)
    assert ward.status() is FormStatus.CHANGED
    (change,) = changes_since_signed(ward.casebook, ward.form)
    assert (change.before.en, change.after.en, change.path.item) == ("10:20", "10:40", "DLISTTIM")
    ward.complete()
    ward.sign()
    assert ward.status() is FormStatus.SIGNED


def test_an_entry_struck_out_after_signing_asks_for_a_new_signature(ward: Ward) -> None:
    ward.enrol()
    ward.open("AE[1]/AE")
    ward.enter("AESTDAT", "2026-03-01")
    ward.complete()
    ward.sign()
    struck = ward.casebook.strike(ward.form, SOURCE)
    assert not isinstance(struck, Refusal), struck.says.en
    assert ward.status() is FormStatus.CHANGED
    assert [one.after.en for one in changes_since_signed(ward.casebook, ward.form)] == ["struck out"]


def test_the_investigator_waits_for_data_entry_and_a_change_between_them_starts_again(at_form: Ward) -> None:
    ward = at_form
    early = sign(ward.desk, ward.casebook, ward.form, DEMO_PASSPHRASE, INVESTIGATOR)
    assert isinstance(early, Refusal)
    assert "That signature comes first" in early.says.en
    ward.certify()
    shown = prepare(ward.desk, ward.casebook, ward.form)
    ward.enter("DLISTTIM", "10:40", reason=SOURCE)
    ward.complete()
    late = sign(ward.desk, ward.casebook, ward.form, DEMO_PASSPHRASE, INVESTIGATOR, shown)
    assert isinstance(late, Refusal)
    assert ward.status() is FormStatus.COMPLETE


def test_one_who_changed_meanwhile_does_not_stop_the_series(at_form: Ward) -> None:
    ward = at_form
    ward.open("DLI[2]/DLI")
    ward.fill(DLIDAT="2026-03-03", DLISTTIM="11:20")
    ward.complete()
    shown = [(book, prepare(ward.desk, book, form)) for book, form in clean_forms(ward.desk, "DataEntry")]
    assert len(shown) == 2
    ward.enter("DLISTTIM", "11:40", reason=SOURCE)
    ward.complete()
    done = sign_shown(ward.desk, shown, DEMO_PASSPHRASE, NURSE)
    assert len(done.signed) == 1
    assert [str(form) for form, _ in done.refused] == ["DLI[2]/DLI"]
    assert not done.stopped
