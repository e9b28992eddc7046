"""An amendment: shown before it is given out, carried by the receipt, taken up on its day, hiding and unsigning nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.scenario import Ward
from trialdesk.centre.letters import write_receipts
from trialdesk.centre.releases import dry_run, give_out
from trialdesk.centre.review import Reviewer
from trialdesk.demo import DEMO_PASSPHRASE, NURSE
from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.admin.role import Role
from trialdesk.domain.clinical.form_status import FormStatus
from trialdesk.domain.oid import FormPath
from trialdesk.domain.study.form import ItemDef
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.desk import sign_in
from trialdesk.services.study_release import StudyRelease, shipped_release
from trialdesk.services.transfer import take_receipt
from trialdesk.storage.study_library import fingerprint, freeze, thaw

DM = FormPath("SCR", 1, "DM")


def amended(version: str = "9.0", without: str | None = None) -> StudyRelease:
    """The shipped study with one more question on demography, or without one of its questions."""
    study = thaw(shipped_release().content)
    form = study.form["DM"]
    first = form.groups[0]
    more = ItemDef(name="NEWQ", label=Text(en="New question", zh="新增问题"), optional=True)
    items = tuple(item for item in first.items if item.name != without) + ((more,) if without is None else ())
    changed = form.model_copy(update={"groups": (first.model_copy(update={"items": items}), *form.groups[1:])})
    forms = tuple(changed if one.oid == "DM" else one for one in study.forms)
    content = freeze(thaw(freeze(study.model_copy(update={"forms": forms, "version": version}))))
    return StudyRelease(content, fingerprint(content))


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    opened = Ward(tmp_path)
    opened.enrol()
    opened.open("SCR[1]/DM")
    opened.fill(BRTHDAT="1990-05-01", SEX="F")
    opened.receive(opened.send())
    yield opened
    opened.leave()


def manager(ward: Ward) -> Reviewer:
    return Reviewer(ward.centre, "dm1", Role.DATA_MANAGER, ward.clock.now())


def hear(ward: Ward) -> None:
    (receipt,) = write_receipts(ward.centre, ward.folder / "stick")
    take_receipt(ward.desk, receipt)


def sign_in_again(ward: Ward) -> None:
    ward.desk.close()
    ward.desk = sign_in(ward.folder / "desk", NURSE, DEMO_PASSPHRASE, ward.clock)


def test_the_dry_run_names_the_new_question_and_who_is_asked_it(ward: Ward) -> None:
    shown = dry_run(ward.centre, amended(), ward.clock.now().date())
    assert [(one.act, one.name, one.form) for one in shown.differences if one.what == "item"] == [
        ("added", "NEWQ", "DM")
    ]
    (effect,) = shown.effects
    assert (effect.subject, effect.open_forms, effect.finished_forms) == ("01-001", ("SCR[1]/DM",), ())
    assert "added item NEWQ on DM" in shown.as_text()
    assert ward.desk.trail.head("CENTRE-W1")[0] == 0, "nothing was written"


def test_a_release_that_would_hide_answers_is_refused(ward: Ward) -> None:
    with pytest.raises(KnownError, match="could no longer be read"):
        dry_run(ward.centre, amended(without="SEX"), ward.clock.now().date())


def test_another_content_under_the_same_version_is_refused(ward: Ward) -> None:
    with pytest.raises(KnownError, match="same version"):
        dry_run(ward.centre, amended(ward.centre.release.study.version), ward.clock.now().date())


def test_the_desk_takes_a_release_up_on_its_day_and_old_records_keep_their_version(ward: Ward) -> None:
    before = ward.desk.session.version
    today = ward.clock.now().date()
    assert give_out(manager(ward), amended(), today, today + timedelta(days=2)) == ("W1",)
    hear(ward)
    sign_in_again(ward)
    assert ward.desk.session.version == before, "its day has not come"
    ward.later(days=3)
    sign_in_again(ward)
    assert ward.desk.session.version == "9.0"
    assert "NEWQ" in ward.desk.study.place
    ward.open("SCR[1]/DM")
    assert "release 1.0, which does not ask NEWQ" in ward.refused("NEWQ", "yes").says.en, "a draft keeps its release"
    assert not isinstance(ward.casebook.move(DM), Refusal)
    ward.fill(NEWQ="yes")
    data = ward.desk.session.data("01-001")
    versions = {path.item: item.current.record.study for path, item in data.items.items()}
    assert (versions["SEX"], versions["NEWQ"]) == (before, "9.0")
    assert ward.desk.verify().whole
    sign_in_again(ward)
    assert ward.desk.session.version == "9.0"
    assert ward.receive(ward.send()).result == "accepted"


def test_an_added_question_takes_no_completion_away(ward: Ward) -> None:
    data = ward.desk.session.data("01-001")
    from trialdesk.domain.clinical.changes import FormCompleted

    ward.desk.session.record([FormCompleted(form=DM, covers=tuple(sorted(data.covered(DM))))], "01-001")
    ward.receive(ward.send())
    (effect,) = dry_run(ward.centre, amended(), ward.clock.now().date()).effects
    assert (effect.open_forms, effect.finished_forms) == ((), ("SCR[1]/DM",))
    give_out(manager(ward), amended(), ward.clock.now().date())
    hear(ward)
    sign_in_again(ward)
    assert "NEWQ" in ward.desk.study.place
    assert ward.desk.casebook("01-001").status(DM) is FormStatus.COMPLETE


def test_a_release_needs_an_approval_that_has_been_given_and_the_right_role(ward: Ward) -> None:
    tomorrow = ward.clock.now().date() + timedelta(days=1)
    with pytest.raises(KnownError, match="in the future"):
        give_out(manager(ward), amended(), tomorrow)
    with pytest.raises(KnownError, match="data manager"):
        give_out(replace(manager(ward), role=Role.MONITOR), amended(), ward.clock.now().date())
