"""The whole way through the services the window uses: synthetic participants, from a field to rows at the centre."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from trialdesk import cli
from trialdesk.centre.centre import Centre
from trialdesk.demo import DEMO_PASSPHRASE, NURSE, DemoReport, run_demo
from trialdesk.domain.clinical.fold import fold
from trialdesk.domain.clinical.form_status import FormStatus, form_status
from trialdesk.services.demo_story import FAULTS
from trialdesk.services.desk import sign_in
from trialdesk.services.transfer import SentBundle, send, standing
from trialdesk.services.verdicts import verify_files
from trialdesk.storage.audit_trail import AuditTrail


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, server: str) -> tuple[DemoReport, str]:
    """Three participants with planted breaches, sent to a centre on PostgreSQL."""
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    name = "journey" + hashlib.sha256(str(tmp_path_factory.getbasetemp()).encode()).hexdigest()[:12]
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    url = create_engine(server).url.set(database=name).render_as_string(hide_password=False)
    return run_demo(tmp_path_factory.mktemp("demo") / "out", 3, 5, True, url), url


def test_the_centre_holds_exactly_what_the_desk_sent(demo: tuple[DemoReport, str]) -> None:
    report, _url = demo
    centre = Centre.open(Path(report.centre))
    desk = sign_in(Path(report.desk), NURSE, DEMO_PASSPHRASE)
    try:
        there = AuditTrail(centre.engine)
        assert there.verify().whole
        assert list(there.lines("W1")) == list(desk.trail.lines("W1", 1, report.accepted_to))
        for subject in desk.subjects():
            here = desk.session.data(subject)
            assert fold(subject, there.records(subject=subject)) == here
        assert centre.status().documents == report.forms_signed
        assert report.forms_signed > 0
    finally:
        desk.close()
        centre.close()


def test_the_desk_says_how_far_the_centre_has_it_from_the_signed_receipt(demo: tuple[DemoReport, str]) -> None:
    report, _ = demo
    desk = sign_in(Path(report.desk), NURSE, DEMO_PASSPHRASE)
    try:
        now = standing(desk)
        assert now.accepted_to == report.accepted_to == now.sent_to
        assert now.bundles[0].confirmed_at is not None
    finally:
        desk.close()


def test_the_same_bundle_again_changes_nothing(demo: tuple[DemoReport, str]) -> None:
    report, _ = demo
    centre = Centre.open(Path(report.centre))
    try:
        before = centre.status()
        again = centre.receive(Path(report.bundle))
        assert again.result == "duplicate"
        assert again.receipt == Path(report.receipt).read_bytes()
        assert centre.status() == before
    finally:
        centre.close()


def test_every_file_of_the_demonstration_gets_a_good_verdict_and_a_changed_byte_a_bad_one(
    demo: tuple[DemoReport, str], tmp_path: Path
) -> None:
    report, _ = demo
    files = [Path(path) for path in (report.bundle, *report.documents[:4])]
    trust = Path(report.root_certificate)
    assert [verdict.ok for verdict in verify_files(files, trust)] == [True] * len(files)
    for file in files[:2]:
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        changed = tmp_path / file.name
        changed.write_bytes(bytes(content))
        assert not verify_files([changed], trust)[0].ok


def test_planted_breaches_are_found_by_the_rules(demo: tuple[DemoReport, str]) -> None:
    report, _ = demo
    assert [one.planted for one in report.faults.values()] == list(FAULTS)[:3]
    for subject, one in report.faults.items():
        assert one.caught, f"{subject}: {one}"


def test_every_kind_of_breach_is_found_by_its_rule_and_not_where_there_is_none(tmp_path: Path) -> None:
    report = run_demo(tmp_path / "faults", len(FAULTS), 1, True, None, signed=0)
    assert {one.planted for one in report.faults.values() if one.caught} == set(FAULTS)
    assert report.forms_left_in_draft > 0, "a hard rule kept a form from being called complete"
    for one in report.faults.values():
        others = {rule for planted, rules in FAULTS.items() if planted != one.planted for rule in rules}
        assert not set(one.spoke) & (others - set(one.expected)), one


def test_signed_forms_are_signed_and_the_rest_complete(demo: tuple[DemoReport, str]) -> None:
    report, _ = demo
    desk = sign_in(Path(report.desk), NURSE, DEMO_PASSPHRASE)
    try:
        states = [form_status(d, form) for s in desk.subjects() for d in [desk.session.data(s)] for form in d.by_form]
        assert states.count(FormStatus.SIGNED) == report.forms_signed
        assert FormStatus.DRAFT not in states
    finally:
        desk.close()


def test_a_lost_stick_costs_nothing(demo: tuple[DemoReport, str], tmp_path: Path) -> None:
    """The first bundle is lost; the next one carries everything the centre has not confirmed."""
    report, _ = demo
    desk = sign_in(Path(report.desk), NURSE, DEMO_PASSPHRASE)
    centre = Centre.open(Path(report.centre))
    try:
        assert isinstance(desk.enrol("LOST"), str)
        lost = send(desk, tmp_path)
        assert isinstance(lost, SentBundle)
        lost.path.unlink()
        assert isinstance(desk.enrol("FOND"), str)
        again = send(desk, tmp_path)
        assert isinstance(again, SentBundle)
        assert again.first == lost.first == report.accepted_to + 1
        for path in (*again.also_written, again.path):
            taken = centre.receive(path, desk.session.clock.now() + timedelta(minutes=1))
            assert taken.taken, taken.says.en
        assert taken.accepted_to == again.last
    finally:
        desk.close()
        centre.close()


def test_the_command_prints_every_path_and_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["demo", "--out", str(tmp_path / "out"), "--participants", "1", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["participants"] == 1
    assert Path(report["bundle"]).is_file()
    assert all(Path(path).is_file() for path in report["documents"])
    assert cli.main(["verify", report["documents"][0], report["bundle"]]) == 0
    assert cli.main(["centre", "status", report["centre"], "--json"]) == 0
