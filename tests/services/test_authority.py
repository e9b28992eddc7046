"""The study's authority: who gets a certificate, what a reset costs, what a revocation reaches."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.scenario import SOURCE, Ward
from trialdesk import cli
from trialdesk.demo import ADMINISTRATOR, DEMO_PASSPHRASE, INVESTIGATOR, NURSE
from trialdesk.documents.verifying import Flaw, verify_crf
from trialdesk.domain.actions.outcome import Refusal
from trialdesk.errors import KnownError
from trialdesk.security.certificates import Subject, make_request, new_key, pem
from trialdesk.security.trust import StudyTrust, check, list_number
from trialdesk.services.authority import StudyAuthority, request_site
from trialdesk.services.certificates import (
    reset_access,
    stale_since,
    standings,
    take_certificate,
    take_revocations,
    write_request,
)
from trialdesk.services.desk import OpenDesk, sign_in

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
GIVEN = "given by the administrator"
TWO = ("Monitor 1", "Data manager 1")


def request(id: str = "nurse1", role: str = "nurse", site: str = "01", study: str = "TEST01") -> bytes:
    return make_request(new_key(), Subject("person", id, role, site, study))


@pytest.fixture
def authority(tmp_path: Path) -> StudyAuthority:
    return StudyAuthority.init(tmp_path / "ca", "TEST01", NOW)


def test_a_person_needs_two_different_approvals(authority: StudyAuthority) -> None:
    for approved in ((), ("Monitor 1",), ("Monitor 1", "Monitor 1 ")):
        with pytest.raises(KnownError, match="two named people"):
            authority.issue(request(), approved, NOW)
    assert authority.issued() == ()
    authority.issue(request(), TWO, NOW)
    assert [(one.id, one.approved) for one in authority.issued()] == [("nurse1", TWO)]


def test_a_name_is_never_given_to_another_role(authority: StudyAuthority) -> None:
    authority.issue(request(), TWO, NOW)
    with pytest.raises(KnownError, match="never given twice"):
        authority.issue(request(role="investigator"), TWO, NOW)


def test_a_request_of_another_study_is_refused(authority: StudyAuthority) -> None:
    with pytest.raises(KnownError, match="not of this study"):
        authority.issue(request(study="OTHER1"), TWO, NOW)


def test_a_sealed_key_opens_with_its_passphrase_alone(tmp_path: Path) -> None:
    StudyAuthority.init(tmp_path / "ca", "TEST01", NOW, "seven quiet rivers")
    assert StudyAuthority(tmp_path / "ca").is_sealed
    with pytest.raises(KnownError, match="wrong passphrase"):
        StudyAuthority(tmp_path / "ca", "something else").issue(request(), TWO, NOW)
    assert StudyAuthority(tmp_path / "ca", "seven quiet rivers").issue(request(), TWO, NOW)


def test_a_site_issues_for_its_own_people_and_for_nobody_else(tmp_path: Path, authority: StudyAuthority) -> None:
    asked = request_site(tmp_path / "site", "TEST01", "01")
    (tmp_path / "site" / "site.pem").write_bytes(pem(authority.issue(asked.read_bytes(), ("Data manager 1",), NOW)))
    site = StudyAuthority(tmp_path / "site")
    made = site.issue(request(), TWO, NOW)
    assert check(made, authority.certificate, NOW + timedelta(days=1), chain=[site.certificate]).id == "nurse1"
    with pytest.raises(KnownError, match="did not issue"):
        check(made, authority.certificate, NOW + timedelta(days=1))
    with pytest.raises(KnownError, match="not of this study"):
        site.issue(request(site="02"), TWO, NOW)
    with pytest.raises(KnownError, match="not of this study"):
        site.issue(make_request(new_key(), Subject("site", "S01", "authority", "01", "TEST01")), TWO, NOW)


def test_lists_count_up_and_renewal_is_due_in_time(authority: StudyAuthority) -> None:
    authority.issue(request(), TWO, NOW)
    assert authority.due(NOW) == ()
    late = NOW + timedelta(days=2 * 365 - 59)
    assert [one.id for one in authority.due(late)] == ["nurse1"]
    authority.issue(request(), TWO, late)
    assert authority.due(late) == ()
    first = authority.revocations(NOW)
    authority.revoke("nurse1", "left", NOW)
    newest = authority.newest_list()
    assert newest is not None
    assert (list_number(first), list_number(newest)) == (1, 2)
    assert {one.state(NOW) for one in authority.issued()} == {"revoked"}
    with pytest.raises(KnownError, match="Nothing stands in the register"):
        authority.revoke("nurse1", "left", NOW)


# -- at the ward


def as_user(ward: Ward, user: str, passphrase: str = DEMO_PASSPHRASE) -> OpenDesk:
    """Another person signs in at this laptop."""
    ward.desk.close()
    ward.desk = sign_in(ward.folder / "desk", user, passphrase, ward.clock)
    return ward.desk


def completed(ward: Ward) -> None:
    """A form that waits for its signatures."""
    ward.enrol()
    ward.open("DLI[1]/DLI")
    ward.fill(DLIDAT="2026-03-03", DLISTTIM="10:20")
    ward.complete()


def test_after_a_reset_nobody_can_sign_as_that_person_until_a_new_certificate_comes(ward: Ward, tmp_path: Path) -> None:
    completed(ward)
    ward.certify()
    assert isinstance(reset_access(ward.desk, INVESTIGATOR, GIVEN), Refusal), "a nurse resets nobody"
    assert reset_access(as_user(ward, ADMINISTRATOR), INVESTIGATOR, GIVEN) is None
    desk = as_user(ward, NURSE)
    with pytest.raises(KnownError, match="no signing certificate"):
        ward.sign(GIVEN)
    with pytest.raises(KnownError, match="does not fit"):
        ward.sign(DEMO_PASSPHRASE)
    asked = write_request(desk, INVESTIGATOR, GIVEN, tmp_path)
    with pytest.raises(KnownError, match="has a new key"):
        ward.sign(GIVEN)
    answer = tmp_path / "answer.pem"
    answer.write_bytes(pem(ward.centre.authority.issue(asked.read_bytes(), TWO, ward.clock.now())))
    taken = take_certificate(desk, answer)
    assert taken is not None
    assert taken.id == INVESTIGATOR
    assert ward.sign(GIVEN).records[0].user == INVESTIGATOR


def test_renewal_is_asked_for_before_the_end_and_ends_the_warning(ward: Ward, tmp_path: Path) -> None:
    assert all(one.why is None for one in standings(ward.desk))
    ward.later(days=2 * 365 - 40)
    warned = {one.user.id if one.user else None for one in standings(ward.desk) if one.why is not None}
    assert warned == {NURSE, INVESTIGATOR, None}
    for user in (NURSE, None):
        asked = write_request(ward.desk, user, DEMO_PASSPHRASE, tmp_path)
        answer = asked.with_suffix(".pem")
        answer.write_bytes(pem(ward.centre.authority.issue(asked.read_bytes(), TWO, ward.clock.now())))
        take_certificate(ward.desk, answer)
    assert [one.user.id for one in standings(ward.desk) if one.why and one.user] == [INVESTIGATOR]
    completed(ward)
    ward.certify()


def test_a_certificate_for_another_laptop_or_of_another_study_is_not_taken_in(ward: Ward, tmp_path: Path) -> None:
    study = ward.desk.study.oid
    other = tmp_path / "other.pem"
    stranger = make_request(new_key(), Subject("person", "somebody", "nurse", "01", study))
    other.write_bytes(pem(ward.centre.authority.issue(stranger, TWO, ward.clock.now())))
    with pytest.raises(KnownError, match="does not belong to this laptop"):
        take_certificate(ward.desk, other)
    foreign = StudyAuthority.init(tmp_path / "foreign", study, ward.clock.now())
    asked = write_request(ward.desk, NURSE, DEMO_PASSPHRASE, tmp_path)
    other.write_bytes(pem(foreign.issue(asked.read_bytes(), TWO, ward.clock.now())))
    with pytest.raises(KnownError, match="did not issue"):
        take_certificate(ward.desk, other)


def test_a_revocation_travels_in_the_receipt_and_is_honoured_by_desk_and_verdict(ward: Ward) -> None:
    completed(ward)
    signed = ward.sign()
    ward.later(hours=1)
    ward.centre.authority.revoke(INVESTIGATOR, "stolen", ward.clock.now())
    ward.later(hours=1)
    ward.receive(ward.send())
    ward.enter("DLISTTIM", "10:40", reason=SOURCE)
    ward.complete()
    ward.certify()
    with pytest.raises(KnownError, match="revoked"):
        ward.sign()
    verdict = verify_crf(signed.pdf, StudyTrust(ward.desk.root, ward.desk.revoked))
    assert Flaw.REVOKED in verdict.flaws
    assert stale_since(ward.desk) is None
    ward.later(days=91)
    assert stale_since(ward.desk) is not None


def test_a_list_that_was_set_back_stops_signing(ward: Ward) -> None:
    completed(ward)
    ward.receive(ward.send())
    for path in (ward.folder / "desk" / "trust").glob("*.crl"):
        path.unlink()
    with pytest.raises(KnownError, match="set back"):
        ward.certify()
    assert take_revocations(ward.desk, ward.centre.revocations) == 1
    ward.certify()


def test_a_revoked_workstation_is_not_heard_any_more(ward: Ward) -> None:
    ward.enrol()
    sent = ward.send()
    ward.centre.authority.revoke("W1", "stolen", ward.clock.now())
    with pytest.raises(KnownError, match="revoked"):
        ward.centre.receive(sent.path, ward.clock.now())


# -- by command


def test_the_commands_carry_a_certificate_from_root_to_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(tmp_path / "ca")
    assert cli.main(["ca", "init", folder, "--study", "TEST01"]) == 0
    asked = tmp_path / "01_W1_nurse1.csr"
    asked.write_bytes(request())
    assert cli.main(["ca", "issue", folder, str(asked), "--approved-by", "A"]) == 1
    both = ["--approved-by", "Monitor 1", "--approved-by", "Data manager 1"]
    assert cli.main(["ca", "renew", folder, str(asked), *both]) == 1
    assert cli.main(["ca", "issue", folder, str(asked), *both]) == 0
    assert asked.with_suffix(".pem").is_file()
    assert cli.main(["ca", "revoke", folder, "nurse1", "--why", "stolen"]) == 0
    assert cli.main(["ca", "crl", folder, "--out", str(tmp_path / "x.crl")]) == 0
    assert cli.main(["ca", "list", folder]) == 0
    said = capsys.readouterr().out
    assert "list 2: 1 revoked" in said
    assert "revoked   person      nurse1" in said
