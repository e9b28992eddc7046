"""The NCI's wording comes in once, checked against the facts, and is shown from then on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenario import Ward
from tests.workbooks import Row, write_workbook
from trialdesk.centre.admission import Caller
from trialdesk.centre.commands import keep_wording
from trialdesk.cli import main
from trialdesk.demo import DEMO_PASSPHRASE, INVESTIGATOR, NURSE
from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.clinical.changes import TerminologyAdopted
from trialdesk.errors import KnownError
from trialdesk.services.desk import OpenDesk, sign_in
from trialdesk.services.terminology import rule_terminology
from trialdesk.services.terminology_import import WorkbookCheck, adopt, check_workbook

OFFICIAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "CTCAE_v5.0_2017-11-27.xlsx"


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole workbook with the quirks of the NCI's."""
    return write_workbook(tmp_path_factory.mktemp("nci") / "ctcae.xlsx")


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    """A ward with one participant enrolled."""
    opened = Ward(tmp_path / "ward")
    opened.enrol()
    yield opened
    opened.leave()


def test_a_workbook_is_read_as_it_is_and_agrees_with_the_facts(workbook: Path) -> None:
    check = check_workbook(workbook)
    assert (check.terms, check.classes, check.differences) == (837, 26, ())
    assert check.workbook.sha256 == hashlib.sha256(workbook.read_bytes()).hexdigest()
    nausea = next(term for term in check.workbook.terms if term.name == "Nausea")
    assert list(nausea.grades) == [1, 2, 3]
    assert "\n  second line ≥1" in nausea.grades[1]
    assert nausea.note is None
    assert check.workbook.terms[3].note == "Note"


def _rename(rows: list[Row]) -> None:
    rows[0][2] = "Anaemia"
    rows[5][1] = "Another class"
    rows[7][3] = "a grade too many"
    rows[9][4] = " - "
    rows.pop(100)


def test_every_difference_is_named_and_nothing_is_imported(
    tmp_path: Path, ward: Ward, capsys: pytest.CaptureFixture[str]
) -> None:
    spoiled = write_workbook(tmp_path / "spoiled.xlsx", _rename)
    assert main(["terminology", "import", str(spoiled), "--check-only"]) == 1
    said = capsys.readouterr().out
    for part in (
        "836 terms", "Anaemia: not among the shipped terms", "Anemia: not in the workbook",
        "Febrile neutropenia: class Another class in the workbook", "Hemolytic uremic syndrome: grades 1 3 4 5 in the workbook",
        "Lymph node pain: grades 1 3 in the workbook, 1 2 3 shipped",
    ):  # fmt: skip
        assert part in said
    desk = sign_in_as_investigator(ward)
    try:
        with pytest.raises(KnownError, match="differs from the shipped facts"):
            adopt(desk, spoiled)
        assert "terminology" not in desk.meta
    finally:
        desk.close()
        ward.desk = sign_in(ward.folder / "desk", NURSE, DEMO_PASSPHRASE, ward.clock)


def sign_in_as_investigator(ward: Ward) -> OpenDesk:
    """The nurse signs out, the investigator signs in."""
    ward.desk.close()
    return sign_in(ward.folder / "desk", INVESTIGATOR, DEMO_PASSPHRASE, ward.clock)


def test_other_files_are_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "letter.xlsx").write_bytes(b"Dear colleague")
    with pytest.raises(KnownError, match="cannot be read as a workbook"):
        check_workbook(tmp_path / "letter.xlsx")
    with pytest.raises(KnownError, match="cannot be read"):
        check_workbook(tmp_path / "missing.xlsx")
    from openpyxl import Workbook

    other = Workbook()
    other.save(tmp_path / "other.xlsx")
    with pytest.raises(KnownError, match="is not the NCI's CTCAE workbook"):
        check_workbook(tmp_path / "other.xlsx")


def test_a_nurse_does_not_import_an_investigator_does_and_it_is_kept(ward: Ward, workbook: Path) -> None:
    assert isinstance(adopt(ward.desk, workbook), Refusal)
    desk = sign_in_as_investigator(ward)
    assert isinstance(adopt(desk, workbook), WorkbookCheck)
    (record,) = desk.trail.records(origin=desk.session.origin, kinds=("TerminologyAdopted",))
    assert isinstance(record.change, TerminologyAdopted)
    assert record.change.workbook == hashlib.sha256(workbook.read_bytes()).hexdigest()
    desk.close()
    again = ward.desk = sign_in(ward.folder / "desk", NURSE, DEMO_PASSPHRASE, ward.clock)
    term = rule_terminology().find("Nausea")
    assert term is not None
    words = rule_terminology().grade_words(term, again.session.official)
    assert {one.whose for one in words.values()} == {"official"}
    assert words[1].words.en.startswith("Wording")


def test_the_crf_prints_what_the_grade_means_and_whose_words_these_are(ward: Ward, workbook: Path) -> None:
    from trialdesk.services.crf_content import crf_content

    ward.open("AE[1]/AE")
    ward.fill(AETERM="Nausea", AETOXGR="2")
    assert "Eats less" in repr(crf_content(ward.casebook, ward.form))
    desk = sign_in_as_investigator(ward)
    adopt(desk, workbook)
    printed = repr(crf_content(desk.casebook(ward.subject), ward.form))
    assert "second line ≥2" in printed
    assert "NCI 原文" in printed
    ward.desk = desk


def test_a_centre_hands_the_wording_to_every_desk_it_makes(ward: Ward, workbook: Path) -> None:
    from trialdesk.demo import make_demo_desk

    admin = Caller("admin1", "", "terminology import")
    assert "837 terms" in keep_wording(ward.centre.folder, admin, workbook)
    release = ward.centre.release
    assert release.wording is not None
    assert release.fingerprint == ward.desk.fingerprint
    (ward.centre.folder / "terminology.json").write_bytes(release.wording + b" ")
    with pytest.raises(KnownError, match="changed outside TrialDesk"):
        _ = ward.centre.release
    (ward.centre.folder / "terminology.json").write_bytes(release.wording)
    make_demo_desk(ward.folder / "second", ward.centre, ward.clock, "W2")
    desk = sign_in(ward.folder / "second", NURSE, DEMO_PASSPHRASE, ward.clock)
    held = len(desk.session.official)
    desk.close()
    assert held == 837


def test_the_command_says_who_keeps_it_when_nobody_was_named(
    workbook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["terminology", "import", str(workbook)]) == 2
    assert "--centre" in capsys.readouterr().err
    assert main(["terminology", "import", str(workbook), "--check-only"]) == 0
    assert "no difference" in capsys.readouterr().out


def test_the_command_keeps_it_with_a_desk(
    ward: Ward, workbook: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ward.desk.close()
    monkeypatch.setenv("TRIALDESK_PASSPHRASE", DEMO_PASSPHRASE)
    home = str(ward.folder / "desk")
    assert main(["terminology", "import", str(workbook), "--home", home, "--user", INVESTIGATOR]) == 0
    assert "from now on" in capsys.readouterr().out
    ward.desk = sign_in(ward.folder / "desk", NURSE, DEMO_PASSPHRASE, ward.clock)
    assert ward.desk.session.official


@pytest.mark.skipif(not OFFICIAL.exists(), reason="the NCI workbook is not at hand")
def test_the_ncis_own_workbook_agrees_with_every_shipped_fact() -> None:
    check = check_workbook(OFFICIAL)
    assert (check.terms, check.classes, check.differences) == (837, 26, ())
    assert check.workbook.sha256 == "e0b04ae9e88a47d7ae27f43d3a7e38632830a61dd349521e0627fb91e1b001a3"
    cd4 = next(term for term in check.workbook.terms if term.name == "CD4 lymphocytes decreased")
    assert "<0.2 x 0.05 - 10e9 /L" in cd4.grades[3]
