"""A nurse and an investigator at work, through the services the window uses."""

from __future__ import annotations

import pytest

from tests.scenario import SOURCE, Ward
from trialdesk.demo import DEMO_PASSPHRASE, INVESTIGATOR, NURSE
from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.clinical.changes import ClockFlagged, ItemCorrected, ItemDerived, QueryClosed, QueryOpened
from trialdesk.domain.clinical.form_status import FormStatus
from trialdesk.errors import KnownError
from trialdesk.services.desk import sign_in
from trialdesk.services.signing import sign
from trialdesk.services.verdicts import verify_files
from trialdesk.services.worklist import plan, summary


def at_dli(ward: Ward) -> None:
    """A participant whose chemotherapy ended on 26 February stands before the infusion of 3 March."""
    ward.enrol()
    ward.open("CHEMO[1]/CHEMO")
    ward.fill(CHSTDAT="2/22", CHENDAT="2/26")
    ward.open("DLI[1]/DLI")


def test_opening_a_form_writes_nothing(ward: Ward) -> None:
    ward.enrol()
    before = ward.desk.trail.head("W1")
    ward.open("DLI[1]/DLI")
    assert ward.casebook.assessment(ward.form).to_finish
    assert ward.status() is FormStatus.EMPTY
    assert ward.desk.trail.head("W1") == before


def test_a_dli_outside_its_window_is_kept_and_shown_with_its_rule(ward: Ward) -> None:
    at_dli(ward)
    ward.enter("DLIDAT", "3/3")
    found = {finding.rule: finding for finding in ward.findings("DLIDAT")}
    assert "DOSE-01" in found
    assert found["DOSE-01"].says.zh.startswith("超窗 1 天")
    assert found["DOSE-01"].protocol is not None
    assert ward.casebook.data.value(ward.path("DLIDAT")) == "2026-03-03"


def test_what_cannot_be_read_loses_nothing_and_says_how(ward: Ward) -> None:
    at_dli(ward)
    ward.enter("DLIDAT", "3/1")
    refused = ward.refused("DLIDAT", "31/31")
    assert "无法识别日期" in refused.says.zh
    assert ward.casebook.data.value(ward.path("DLIDAT")) == "2026-03-01"


def test_every_answer_is_on_disk_before_the_next_field(ward: Ward) -> None:
    at_dli(ward)
    (record,) = ward.enter("DLIDAT", "3/1")
    assert record in list(ward.desk.trail.records(subject=ward.subject))


def test_draft_complete_signed_changed(ward: Ward) -> None:
    at_dli(ward)
    ward.enter("DLIDAT", "3/1")
    assert ward.status() is FormStatus.DRAFT
    ward.complete()
    assert ward.status() is FormStatus.COMPLETE
    signed = ward.sign()
    assert ward.status() is FormStatus.SIGNED
    assert signed.records[0].user == INVESTIGATOR
    assert ward.desk.session.user.id == NURSE
    ward.enter("DLIVOL", "100", reason=SOURCE)
    assert ward.status() is FormStatus.CHANGED
    assert len(ward.casebook.data.changed_since_signed(ward.form)) == 1


def test_after_completion_a_change_asks_for_a_reason_and_keeps_it(ward: Ward) -> None:
    at_dli(ward)
    ward.enter("DLIVOL", "80")
    ward.complete()
    assert ward.refused("DLIVOL", "90").kind == "reason_needed"
    (record,) = (r for r in ward.enter("DLIVOL", "90", reason=SOURCE) if isinstance(r.change, ItemCorrected))
    assert record.reason == SOURCE
    assert [r.change.value for r in ward.casebook.history(ward.path("DLIVOL"))] == ["80", "90"]


def test_computed_answers_are_recorded_in_the_systems_name_on_completion(ward: Ward) -> None:
    ward.enrol()
    ward.open("SCR[1]/DM")
    ward.fill(BRTHDAT="1990-05-01", SEX="F")
    ward.open("PLX[1]/PLX")
    ward.fill(PLXWT="62.0", PLXCREAT="70", PLXGIVEN="Y", PLXDAT="3/3")
    assert ward.casebook.shown(ward.path("PLXPLAN")) == "14.88"
    assert ward.casebook.data.value(ward.path("PLXPLAN")) is None
    ward.complete()
    derived = [e.record for e in ward.casebook.data.items[ward.path("PLXPLAN")].entries]
    assert isinstance(derived[0].change, ItemDerived)
    assert (derived[0].user, derived[0].change.value) == ("SYSTEM", "14.88")


def test_when_an_anchor_moves_the_system_asks_about_the_finished_form_and_settles_it_again(ward: Ward) -> None:
    at_dli(ward)
    ward.enter("DLIDAT", "3/1")
    ward.complete()
    ward.open("CHEMO[1]/CHEMO")
    records = ward.enter("CHENDAT", "2/20")
    opened = [r for r in records if isinstance(r.change, QueryOpened)]
    assert opened
    assert opened[0].user == "SYSTEM"
    records = ward.enter("CHENDAT", "2/26")
    assert [r for r in records if isinstance(r.change, QueryClosed)]
    assert not list(ward.casebook.data.open_queries())


def test_the_investigator_alone_signs_and_with_the_own_passphrase(ward: Ward) -> None:
    at_dli(ward)
    ward.enter("DLIDAT", "3/1")
    ward.complete()
    refused = sign(ward.desk, ward.casebook, ward.form, DEMO_PASSPHRASE)
    assert isinstance(refused, Refusal)
    assert refused.kind == "role"
    with pytest.raises(KnownError, match="passphrase does not fit"):
        ward.sign("not the passphrase")
    assert ward.status() is FormStatus.COMPLETE


def test_an_unfinished_form_cannot_be_signed(ward: Ward) -> None:
    at_dli(ward)
    ward.enter("DLIDAT", "3/1")
    refused = sign(ward.desk, ward.casebook, ward.form, DEMO_PASSPHRASE, INVESTIGATOR)
    assert isinstance(refused, Refusal)
    assert refused.kind == "unfinished"


def test_the_signed_paper_carries_what_the_form_says(ward: Ward) -> None:
    from trialdesk.documents.archival import embedded

    at_dli(ward)
    ward.fill(DLIDAT="3/1", DLIVOL="80")
    ward.complete()
    signed = ward.sign()
    data = embedded(signed.pdf, "crf.json")
    assert data is not None
    assert b'"2026-03-01"' in data
    file = ward.folder / "crf.pdf"
    file.write_bytes(signed.pdf)
    assert verify_files([file], ward.folder / "desk" / "trust" / "root.pem")[0].ok


def test_a_clock_set_back_is_flagged_and_the_order_is_kept(ward: Ward) -> None:
    at_dli(ward)
    ward.clock.moment = ward.clock.moment.replace(hour=3)
    ward.enter("DLIDAT", "3/1")
    records = list(ward.desk.trail.records(origin="W1"))
    assert isinstance(records[-1].change, ClockFlagged)
    assert [r.seq for r in records] == list(range(1, len(records) + 1))
    assert ward.desk.verify().whole


def test_a_second_instance_is_told_that_the_desk_is_in_use(ward: Ward) -> None:
    with pytest.raises(KnownError):
        sign_in(ward.folder / "desk", NURSE, DEMO_PASSPHRASE)


def test_a_wrong_passphrase_says_what_to_check(ward: Ward) -> None:
    with pytest.raises(KnownError, match="Caps Lock"):
        sign_in(ward.folder / "desk", NURSE, "something else entirely")


def test_a_study_changed_outside_trialdesk_is_not_opened(ward: Ward) -> None:
    study = ward.folder / "desk" / "study.json"
    ward.desk.close()
    whole = study.read_bytes()
    study.write_bytes(whole.replace(b'"3"', b'"4"', 1))
    with pytest.raises(KnownError, match=r"study\.json"):
        sign_in(ward.folder / "desk", NURSE, DEMO_PASSPHRASE)
    study.write_bytes(whole)
    ward.desk = sign_in(ward.folder / "desk", NURSE, DEMO_PASSPHRASE, ward.clock)


def test_work_goes_on_where_it_was_after_signing_in_again(ward: Ward) -> None:
    at_dli(ward)
    ward.enter("DLIDAT", "3/1")
    ward.desk.close()
    ward.desk = sign_in(ward.folder / "desk", NURSE, DEMO_PASSPHRASE, ward.clock)
    assert ward.casebook.data.value(ward.path("DLIDAT")) == "2026-03-01"


def test_the_plan_opens_round_two_only_on_the_decision(ward: Ward) -> None:
    at_dli(ward)
    ward.enter("DLIDAT", "3/1")
    today = ward.desk.session.today

    def rounds() -> set[int]:
        return {c.repeat for c in plan(ward.desk.book, ward.casebook.data, today).columns if c.event.per_round}

    assert rounds() == {1}
    ward.open("D28[1]/RND2")
    ward.enter("R2YN", "Y")
    assert rounds() == {1, 2}


def test_the_list_says_who_where_and_what_is_left(ward: Ward) -> None:
    ward.enrol("QRST")
    ward.open("SCR[1]/DM")
    ward.fill(BRTHDAT="1990", SEX="F")
    ward.open("DLI[1]/DLI")
    ward.enter("DLIDAT", "3/1")
    line = summary(ward.desk.book, ward.casebook.data, ward.desk.session.today)
    assert (line.subject, line.initials) == ("01-001", "QRST")
    assert line.day_text.en == "Round 1 D+2"
    assert line.sex is not None
    assert line.sex.zh == "女"
    assert line.counts.missing > 0
