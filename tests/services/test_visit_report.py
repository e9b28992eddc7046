"""The report of a visit: signed by the monitor, and saying what was verified, what remains, what was asked and seen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest

from tests.scenario import SOURCE, Ward
from tests.visiting import Monitor, ward_with_two
from trialdesk.centre.centre import Centre
from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.text import Text
from trialdesk.services.study_release import shipped_release
from trialdesk.services.verdicts import verify_files
from trialdesk.services.visit_report import content_of, deviations, write_visit_report


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    opened = ward_with_two(tmp_path)
    yield opened
    opened.leave()


def rows(monitor: Monitor, name: str) -> tuple[tuple[str, ...], ...]:
    (table,) = [one for one in content_of(monitor.visit).tables if one.name == name]
    return table.rows


def test_the_report_counts_what_the_monitor_did(ward: Ward) -> None:
    monitor = Monitor(ward)
    monitor.verify_form("SCR[1]/CONSENT")
    wrong = monitor.verify("SEX")
    assert not isinstance(monitor.visit.unverify("01-001", wrong.id, "wrong page"), Refusal)
    says = Text(en="Which day?", zh="哪一天？")
    assert not isinstance(monitor.visit.ask("01-002", monitor.paths("RFICDAT", subject="01-002"), says), Refusal)
    first, second = rows(monitor, "participants")
    assert (first[0], first[2:]) == ("01-001", ("5", "3", "3", "0", "0", "2", "0"))
    assert second[2:] == ("5", "0", "0", "0", "0", "5", "0")
    (verified,) = rows(monitor, "verified")
    assert verified[2] == "3"
    assert "Medical record" in verified[3]
    assert verified[4] == "p. 3"
    assert verified[6] == "是 yes"
    assert [row[2] for row in rows(monitor, "taken-back")] == ["wrong page"]
    assert [row[1] for row in rows(monitor, "queries")] == ["01-002"]
    assert "Demographics 2" in rows(monitor, "remaining")[0][2]


def test_a_verification_that_lapsed_since_the_last_visit_is_named(ward: Ward) -> None:
    monitor = Monitor(ward)
    monitor.verify("SEX")
    monitor.hand_over()
    ward.subject = "01-001"
    ward.open("SCR[1]/DM")
    ward.enter("SEX", "M", reason=SOURCE)
    ward.receive(ward.send())
    second = Monitor(ward, "mon2")
    row = rows(second, "participants")[0]
    assert row[6] == "1"
    assert "Sex" in rows(second, "remaining")[0][3]


def test_deviations_are_seen_in_the_pack_alone(ward: Ward) -> None:
    ward.open("CHEMO[1]/CHEMO")
    ward.fill(CHSTDAT="2026-03-04", CHENDAT="2026-03-06")
    ward.open("DLI[1]/DLI")
    ward.later(days=20)
    ward.fill(DLIDAT="2026-03-16")
    ward.receive(ward.send())
    monitor = Monitor(ward)
    assert {one.rule for one in deviations(monitor.visit)} >= {"DOSE-01"}
    found = [row for row in rows(monitor, "deviations") if row[1] == "DOSE-01"]
    assert [(row[0], row[3], row[5]) for row in found] == [("01-002", "1", "–")]


def test_the_paper_is_signed_by_the_monitor_and_holds_its_tables(ward: Ward, tmp_path: Path) -> None:
    monitor = Monitor(ward)
    monitor.verify_form("SCR[1]/CONSENT")
    path = write_visit_report(monitor.visit, tmp_path / "visit.pdf")
    with pikepdf.open(path) as pdf:
        (field,) = pdf.Root.AcroForm.Fields
        assert str(field.T) == "Monitor"
        embedded = json.loads(pdf.attachments["visit.json"].get_file().read_bytes())
    assert embedded["verified"]["rows"][0][4] == "p. 3"


def test_a_visit_report_is_judged_as_a_report_and_a_changed_one_is_bad(ward: Ward, tmp_path: Path) -> None:
    monitor = Monitor(ward)
    path = write_visit_report(monitor.visit, tmp_path / "visit.pdf")
    root = ward.centre.folder / "root.pem"
    (verdict,) = verify_files([path], root)
    assert (verdict.kind, verdict.ok) == ("report", True), verdict.as_text()
    assert "mon1" in verdict.as_text()
    content = bytearray(path.read_bytes())
    place = content.index(b"stream", len(content) // 2) + 20
    content[place] ^= 1
    path.write_bytes(bytes(content))
    assert not verify_files([path], root)[0].ok
    other = Centre.init(tmp_path / "other", shipped_release())
    other.close()
    again = write_visit_report(monitor.visit, tmp_path / "again.pdf")
    assert not verify_files([again], tmp_path / "other" / "root.pem")[0].ok
