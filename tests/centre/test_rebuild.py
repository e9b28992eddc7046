"""A laptop falls into the water: a new one gets what is still to be had, and is told what is not."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenario import Ward
from trialdesk import cli
from trialdesk.centre.rebuild import rebuild
from trialdesk.demo import DEMO_PASSPHRASE, NURSE, make_demo_desk
from trialdesk.domain.admin.role import Role
from trialdesk.errors import KnownError
from trialdesk.services.backup import back_up
from trialdesk.services.desk import sign_in
from trialdesk.services.desk_setup import Person, person

PEOPLE: list[Person] = [person(NURSE, Role.NURSE, DEMO_PASSPHRASE)]


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    """A ward whose first bundle the centre has; a second one lies on the stick, and a backup was made in between."""
    opened = Ward(tmp_path)
    opened.enrol()
    opened.open("SCR[1]/DM")
    opened.fill(BRTHDAT="1990-05-01")
    opened.receive(opened.send())
    yield opened
    opened.leave()


def dies(ward: Ward) -> None:
    """The laptop is gone."""
    ward.desk.engine.dispose()
    shutil.rmtree(ward.folder / "desk")


def revive(ward: Ward) -> None:
    """Sign in on the new one."""
    ward.desk = sign_in(ward.folder / "new", NURSE, DEMO_PASSPHRASE, ward.clock)


def test_the_new_laptop_holds_what_the_centre_had_and_goes_on_under_its_own_name(ward: Ward) -> None:
    was = ward.desk.session.data("01-001")
    dies(ward)
    report = rebuild(ward.centre, ward.folder / "new", "W1", "W2", PEOPLE, clock=ward.clock)
    revive(ward)
    assert report.missing == 0
    assert ward.desk.session.data("01-001") == was
    ward.enter("SEX", "F")
    assert ward.desk.trail.origins() == ("W1", "W2")
    assert ward.desk.verify().whole
    taken = ward.receive(ward.send())
    assert taken.result == "accepted"
    assert ward.desk.enrol("BBBB") == "01-1001", "in a block of numbers of its own"


def test_a_bundle_on_the_stick_and_a_backup_bring_what_the_centre_had_not(ward: Ward) -> None:
    ward.enter("SEX", "F")
    sent = ward.send()
    ward.enter("ETHNIC", "HAN")
    place = ward.folder / "backups"
    place.mkdir()
    made = back_up(ward.desk, place)
    was = ward.desk.session.data("01-001")
    dies(ward)
    report = rebuild(
        ward.centre, ward.folder / "new", "W1", "W2", PEOPLE, [sent.path.parent],
        (made.path, NURSE, DEMO_PASSPHRASE), clock=ward.clock,
    )  # fmt: skip
    revive(ward)
    assert report.up_to == made.up_to
    assert report.missing == 0
    assert ward.desk.session.data("01-001") == was
    assert {one.name for one in report.sources} >= {sent.path.name, "centre", made.path.name}


def test_what_is_known_to_be_lost_is_counted_and_said(ward: Ward) -> None:
    ward.enter("SEX", "F")
    place = ward.folder / "backups"
    place.mkdir()
    made = back_up(ward.desk, place)
    dies(ward)
    report = rebuild(
        ward.centre, ward.folder / "new", "W1", "W2", PEOPLE,
        backup=(made.path, NURSE, "a forgotten passphrase"), clock=ward.clock,
    )  # fmt: skip
    revive(ward)
    assert "passphrase does not fit" in report.sources[-1].says
    assert report.missing == made.up_to - report.up_to > 0
    assert f"第 {report.up_to + 1}～{made.up_to} 条记录没有任何副本" in report.as_text()
    assert json.loads(report.as_json())["missing"] == report.missing


def test_a_workstation_nobody_knows_is_not_rebuilt(ward: Ward) -> None:
    with pytest.raises(KnownError, match="no workstation W7"):
        rebuild(ward.centre, ward.folder / "new", "W7", "W8", PEOPLE, clock=ward.clock)
    assert not (ward.folder / "new").exists()


def test_the_command_rebuilds_and_reports(ward: Ward, capsys: pytest.CaptureFixture[str]) -> None:
    words = ward.folder / "people.txt"
    words.write_text(f"{NURSE}={DEMO_PASSPHRASE}\n", encoding="utf-8")
    given = ["desk", str(ward.folder / "new"), "--centre", str(ward.folder / "centre"), "--workstation", "W2"]
    people = ["--user", f"{NURSE}:nurse", "--passphrases", str(words)]
    assert cli.main([*given, *people]) == 2, "a site or a workstation to rebuild"
    assert cli.main([*given, *people, "--rebuild", "W1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["replaces"] == "W1"


def test_a_name_is_given_to_one_workstation_only_and_is_no_path(ward: Ward) -> None:
    for name in ("W1", "../W9", "", "W 1"):
        with pytest.raises(KnownError):
            ward.centre.enrolment("01", name)


def test_the_centre_points_out_a_number_that_two_laptops_gave(ward: Ward, tmp_path: Path) -> None:
    from trialdesk.storage.database import write_meta

    make_demo_desk(tmp_path / "second", ward.centre, ward.clock, "W2")
    first = ward.desk
    ward.desk = sign_in(tmp_path / "second", NURSE, DEMO_PASSPHRASE, ward.clock)
    write_meta(ward.desk.engine, numbers_from="1")
    ward.desk.meta["numbers_from"] = "1"
    assert ward.desk.enrol("XXXX") == "01-001", "as an older laptop would have it"
    ward.receive(ward.send())
    assert ward.centre.status().twice_enrolled == (("01-001", ("W1", "W2")),)
    ward.desk.close()
    ward.desk = first
