"""A release takes effect by participant: after consent again, for the newly enrolled, by name, from a visit on.

Participants of one desk stand under different releases at one time; every form is read by the one it was begun under,
at the desk, on paper, and at the centre.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.amended import first_release, frozen, second_release, with_item
from tests.scenario import Ward
from trialdesk.centre.export.holdings import Holdings
from trialdesk.centre.export.tables import export_tables
from trialdesk.centre.library import rules_of_centre
from trialdesk.centre.rebuild import rebuild
from trialdesk.centre.releases import Order, dry_run, give_out
from trialdesk.centre.review import Reviewer
from trialdesk.demo import DEMO_PASSPHRASE, NURSE
from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.admin.role import Role
from trialdesk.domain.clinical.changes import FormMoved
from trialdesk.domain.clinical.form_status import FormStatus
from trialdesk.domain.oid import FormPath
from trialdesk.domain.rules.assess import assess
from trialdesk.domain.study.effective import EffectiveRule
from trialdesk.domain.study.form import ItemDef
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.crf_content import crf_content
from trialdesk.services.desk import sign_in
from trialdesk.services.desk_setup import Person, person
from trialdesk.services.moving import move_offer

DM, VS = FormPath("SCR", 1, "DM"), FormPath("SCR", 1, "VS")


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    """Two participants, each with a draft of demography under the first release; the centre has everything."""
    opened = Ward(tmp_path, release=first_release())
    for initials in ("ZHLI", "WANG"):
        opened.enrol(initials)
        opened.open(str(DM))
        opened.fill(BRTHDAT="1990-05-01")
    opened.receive(opened.send())
    yield opened
    opened.leave()


def manager(ward: Ward) -> Reviewer:
    return Reviewer(ward.centre, "dm1", Role.DATA_MANAGER, ward.clock.now())


def give(ward: Ward, rule: EffectiveRule | None = None, in_days: int = 0) -> None:
    """The centre gives the second release out on this rule; the desk hears of it and is opened anew."""
    today = ward.clock.now().date()
    give_out(manager(ward), second_release(), today, today + timedelta(days=in_days), rule=rule)
    ward.hear()
    ward.sign_in_again()


def version(ward: Ward, subject: str, form: FormPath | None = None) -> str:
    return ward.desk.casebook(subject).study(form).version


def consent_again(ward: Ward, subject: str, day: str) -> None:
    ward.subject = subject
    ward.open("SCR[1]/CONSENT")
    ward.enter("RECONDAT", day)


def test_after_consent_again_and_not_before(ward: Ward) -> None:
    give(ward, EffectiveRule(consent="RECONDAT"))
    assert (version(ward, "01-001", VS), version(ward, "01-002", VS)) == ("1.1", "1.1")
    consent_again(ward, "01-001", "2026-03-03")
    consent_again(ward, "01-002", "2026-02-27")
    assert version(ward, "01-001", VS) == "2.0"
    assert version(ward, "01-002", VS) == "1.1", "that day was before the approval"
    assert version(ward, "01-001", DM) == "1.1", "begun before, so it keeps its release"


def test_a_day_that_is_known_in_part_does_not_count_as_consent(ward: Ward) -> None:
    give(ward, EffectiveRule(consent="RECONDAT"))
    consent_again(ward, "01-001", "2026-03")
    assert version(ward, "01-001", VS) == "1.1"


def test_for_the_newly_enrolled_only(ward: Ward) -> None:
    ward.later(days=1)
    give(ward, EffectiveRule(newly_enrolled=True))
    new = ward.enrol("XUNI")
    assert (version(ward, "01-001", VS), version(ward, new, VS), version(ward, new, DM)) == ("1.1", "2.0", "2.0")
    enrolled = ward.desk.session.data(new).enrolled
    assert enrolled is not None
    assert enrolled.study == "2.0"


def test_for_named_participants_and_by_a_condition(ward: Ward) -> None:
    give(ward, EffectiveRule(subjects=("01-002",), when="SEX == 'F'"))
    assert version(ward, "01-002", VS) == "1.1", "what cannot be told is not yet"
    for subject in ("01-001", "01-002"):
        ward.subject = subject
        ward.open(str(DM))
        ward.enter("SEX", "F")
    assert (version(ward, "01-001", VS), version(ward, "01-002", VS)) == ("1.1", "2.0")


def test_from_a_visit_on(ward: Ward) -> None:
    late = next(e for e in ward.desk.study.events if e.kind == "scheduled" and e.per_round and "VS" in e.forms)
    give(ward, EffectiveRule(from_event=late.oid))
    assert version(ward, "01-001", VS) == "1.1", "screening comes before"
    assert version(ward, "01-001", FormPath(late.oid, 1, "VS")) == "2.0"
    assert version(ward, "01-001", FormPath("AE", 1, "AE")) == "1.1", "a log, while no such visit is begun"
    ward.subject = "01-001"
    ward.open(f"{late.oid}[1]/VS")
    ward.enter("WEIGHT", "60")
    assert version(ward, "01-001", FormPath("AE", 1, "AE")) == "2.0"


def test_a_draft_is_moved_by_a_person_who_sees_what_changes_and_the_act_is_on_record(ward: Ward) -> None:
    give(ward)
    casebook = ward.desk.casebook("01-001")
    offer = move_offer(casebook, DM)
    assert offer is not None
    assert (offer.before, offer.version) == ("1.1", "2.0")
    assert [line.en for line in offer.lines] == ["New question: New on DM"]
    assert not any(f.path.item == "NEWDM" for f in casebook.assessment(DM).findings)
    (record,) = [r for r in _done(casebook.move(DM)) if isinstance(r.change, FormMoved)]
    assert record.change == FormMoved(form=DM, before="1.1", version="2.0")
    assert any(f.path.item == "NEWDM" for f in casebook.assessment(DM).to_finish)
    assert move_offer(casebook, DM) is None
    assert isinstance(casebook.move(DM), Refusal)
    assert ward.desk.casebook("01-002").study(DM).version == "1.1", "the other participant's draft stays"


def _done(outcome: object) -> tuple:  # type: ignore[type-arg]
    assert isinstance(outcome, tuple), outcome
    return outcome


def test_a_finished_form_stays_and_its_correction_too(ward: Ward) -> None:
    ward.subject = "01-001"
    ward.open(str(DM))
    ward.fill(SEX="F")
    ward.complete()
    ward.sign()
    give(ward)
    casebook = ward.desk.casebook("01-001")
    assert casebook.status(DM) is FormStatus.SIGNED
    assert move_offer(casebook, DM) is None
    assert isinstance(casebook.move(DM), Refusal)
    from tests.scenario import SOURCE

    (record, *_) = ward.enter("SEX", "M", reason=SOURCE)
    assert record.study == "1.1", "a correction is made under the release the form was asked by"
    assert not any(f.path.item == "NEWDM" for f in casebook.assessment(DM).findings)
    assert crf_content(casebook, DM).study_version == "1.1"
    ward.open(str(VS))
    ward.enter("WEIGHT", "60")
    assert crf_content(ward.casebook, VS).study_version == "2.0"


def test_the_dry_run_says_for_each_participant_when_and_why(ward: Ward) -> None:
    consent_again(ward, "01-001", "2026-03-03")
    ward.receive(ward.send())
    today = ward.clock.now().date()
    shown = dry_run(ward.centre, second_release(), today, Order(today, today, rule=EffectiveRule(consent="RECONDAT")))
    first, second = shown.effects
    assert (first.state, second.state) == ("in_effect", "waits")
    assert second.says.en == "waits for consent again: Consent again on or after 2026-03-03 is not recorded"
    assert (first.open_forms, first.new_findings) == (("SCR[1]/DM",), 1)
    assert "重新" in shown.terms.zh
    other = dry_run(ward.centre, second_release(), today, Order(today, today, sites=("02",)))
    assert {one.state for one in other.effects} == {"never"}
    later = dry_run(ward.centre, second_release(), today, Order(today, today + timedelta(days=9)))
    assert later.effects[0].says.en == "waits for 2026-03-12"


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        (EffectiveRule(consent="NEWDM"), "does not ask"),
        (EffectiveRule(consent="SEX"), "has to be a date"),
        (EffectiveRule(from_event="AE"), "no planned visit"),
        (EffectiveRule(when="NEWDM == 'x'"), "does not ask"),
        (EffectiveRule(when="SEX ==="), "cannot be read as a rule"),
    ],
)
def test_a_rule_nobody_could_ever_satisfy_is_refused(ward: Ward, rule: EffectiveRule, says: str) -> None:
    with pytest.raises(KnownError, match=says):
        give_out(manager(ward), second_release(), ward.clock.now().date(), rule=rule)


def test_desk_and_centre_read_every_form_by_the_same_release_and_the_export_names_it(ward: Ward) -> None:
    give(ward, EffectiveRule(consent="RECONDAT"))
    consent_again(ward, "01-001", "2026-03-03")
    for subject in ("01-001", "01-002"):
        ward.subject = subject
        ward.open(str(VS))
        ward.enter("WEIGHT", "60")
    ward.enter("HEIGHT", "170")
    ward.receive(ward.send())
    rules = rules_of_centre(ward.centre)
    today = ward.clock.now().date()
    for subject in ("01-001", "01-002"):
        data = manager(ward).data(subject)
        mine = ward.desk.casebook(subject)
        for form, found in assess(rules, data, today).items():
            assert rules.on(data, today, form).study.version == mine.study(form).version
            assert [f.rule for f in found.findings] == [f.rule for f in mine.assessment(form).findings]
    held = Holdings(ward.centre, ward.clock.now())
    out = ward.folder / "out"
    out.mkdir()
    export_tables(held, out, "csv")
    rows = csv.DictReader((out / "VS.csv").read_text(encoding="utf-8-sig").splitlines())
    assert {row["SUBJECT"]: row["RELEASE"] for row in rows} == {"01-001": "2.0", "01-002": "1.1"}


def test_a_system_query_at_the_centre_asks_for_no_question_the_form_never_had(ward: Ward) -> None:
    ward.subject = "01-001"
    ward.open(str(DM))
    ward.fill(SEX="F")
    ward.complete()
    give(ward)
    ward.receive(ward.send())
    assert not [r for r in manager(ward).check("01-001") if "NEWDM" in str(r.change)]


def test_given_out_again_its_new_terms_count(ward: Ward) -> None:
    give(ward, EffectiveRule(subjects=("01-001",)))
    assert (version(ward, "01-001", VS), version(ward, "01-002", VS)) == ("2.0", "1.1")
    give(ward)
    assert (version(ward, "01-001", VS), version(ward, "01-002", VS)) == ("2.0", "2.0")
    assert ward.centre.release.study.version == "2.0", "new workstations are made with it"


def test_a_third_release_over_two_that_are_in_use(ward: Ward) -> None:
    give(ward, EffectiveRule(subjects=("01-001",)))
    ward.subject = "01-001"
    ward.open(str(VS))
    ward.enter("WEIGHT", "60")
    third = frozen(with_item(second_release().study, "DM", ItemDef(name="Q3", label=Text(en="Q3", zh="Q3")), "3.0"))
    today = ward.clock.now().date()
    give_out(manager(ward), third, today)
    ward.hear()
    ward.sign_in_again()
    one, two = (ward.desk.casebook(subject) for subject in ("01-001", "01-002"))
    assert (one.study(VS).version, two.study(VS).version, two.study(DM).version) == ("2.0", "3.0", "1.1")
    with pytest.raises(KnownError, match="same version"):
        dry_run(ward.centre, frozen(with_item(third.study, "VS", ItemDef(name="Q4", label=Text(en="4", zh="4")), "2.0")),
                today)  # fmt: skip


def test_a_rebuilt_laptop_reads_each_form_by_its_release(ward: Ward) -> None:
    give(ward, EffectiveRule(consent="RECONDAT"))
    consent_again(ward, "01-001", "2026-03-03")
    ward.open(str(VS))
    ward.enter("WEIGHT", "60")
    ward.receive(ward.send())
    ward.desk.close()
    people: list[Person] = [person(NURSE, Role.NURSE, DEMO_PASSPHRASE)]
    rebuild(ward.centre, ward.folder / "new", "W1", "W2", people, clock=ward.clock)
    ward.desk = sign_in(ward.folder / "new", NURSE, DEMO_PASSPHRASE, ward.clock)
    assert [version(ward, "01-001", form) for form in (DM, VS)] == ["1.1", "2.0"]
    assert [version(ward, "01-002", form) for form in (DM, VS)] == ["1.1", "1.1"]
    data = manager(ward).data("01-002")
    assert rules_of_centre(ward.centre).on(data, ward.clock.now().date(), VS).study.version == "1.1"
