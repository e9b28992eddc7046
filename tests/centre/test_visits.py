"""A monitor's visit: the pack goes out, work survives a power cut, and every act comes back once."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scenario import SOURCE, Ward
from tests.visiting import PASSPHRASE, Monitor, ward_with_two
from trialdesk.centre.letters import write_receipts
from trialdesk.centre.visit_intake import take_visit
from trialdesk.centre.visits import add_monitor, visits, write_pack
from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.clinical.changes import QueryProposed, VisitTaken
from trialdesk.domain.clinical.source_review import Shield
from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.exchange.visit_pack import ResultHead, make_result
from trialdesk.services.transfer import take_receipt
from trialdesk.services.visit_desk import make_monitor, open_visit
from trialdesk.storage.audit_trail import AuditTrail

CONSENT = FormPath("SCR", 1, "CONSENT")
WHY = Text(en="The consent form in the record bears another date.", zh="病历中知情同意书日期不一致。")


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    opened = ward_with_two(tmp_path)
    yield opened
    opened.leave()


@pytest.fixture
def monitor(ward: Ward) -> Monitor:
    return Monitor(ward)


def local(ward: Ward, kind: str) -> list[object]:
    return [record.change for record in AuditTrail(ward.centre.engine).records(origin="CENTRE", kinds=(kind,))]


def test_the_pack_shows_the_site_s_casebooks_and_what_is_to_verify(monitor: Monitor) -> None:
    visit = monitor.visit
    assert visit.subjects == ("01-001", "01-002")
    assert visit.data("01-001").value(monitor.paths("SEX")[0]) == "F"
    review = visit.review("01-001")
    assert (review.place, review.full) == (1, "first")
    assert review.tally.remaining == review.tally.required == 5


def test_the_pack_opens_for_its_monitor_alone(monitor: Monitor, ward: Ward) -> None:
    with pytest.raises(KnownError, match="passphrase does not fit"):
        open_visit(monitor.pack, monitor.home, "something else entirely")
    other = Monitor(ward, "mon2")
    with pytest.raises(KnownError, match="made for mon1"):
        open_visit(monitor.pack, other.home, PASSPHRASE)
    assert b"01-001" not in monitor.pack.read_bytes()


def test_a_changed_pack_is_not_opened(monitor: Monitor) -> None:
    content = bytearray(monitor.pack.read_bytes())
    content[-300] ^= 1
    monitor.pack.write_bytes(content)
    with pytest.raises(KnownError):
        monitor.open()


def test_every_act_is_there_again_after_a_power_cut(monitor: Monitor) -> None:
    seen = monitor.verify("SEX")
    log = monitor.visit.log.path
    whole = log.read_bytes()
    assert b"front page" not in whole, "the side file is closed as the pack is"
    log.write_bytes(whole + whole[:40])
    again = monitor.open()
    assert again.log.records == [seen]
    assert again.data("01-001").verification(monitor.paths("SEX")[0]) == seen
    assert log.read_bytes() == whole


def test_a_visit_that_is_killed_while_it_works_keeps_every_act_that_was_said_to_be_kept(monitor: Monitor) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", _WORK, str(monitor.pack), str(monitor.home), PASSPHRASE],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    kept = [int(child.stdout.readline()) for _ in range(20)][-1]
    child.kill()
    child.wait()
    child.stdout.close()
    records = monitor.open().log.records
    assert len(records) >= kept
    assert [record.seq for record in records] == list(range(1, len(records) + 1))


_WORK = """
import sys
from pathlib import Path
from trialdesk.domain.text import Text
from trialdesk.services.visit_desk import open_visit
visit = open_visit(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
path = visit.data("01-001").by_item["SEX"]
while True:
    (made,) = visit.ask("01-001", path, Text(en="Why?", zh="为什么？"))
    print(made.seq, flush=True)
"""


def test_a_side_file_that_others_wrote_into_is_refused(monitor: Monitor) -> None:
    monitor.verify("SEX")
    monitor.verify("BRTHDAT")
    log = monitor.visit.log.path
    first, second = log.read_bytes().splitlines()
    log.write_bytes(second + b"\n" + first + b"\n")
    with pytest.raises(KnownError, match="from line 1 on"):
        monitor.open()


def test_two_windows_on_one_visit_do_not_write_over_one_another(monitor: Monitor) -> None:
    second = monitor.open()
    monitor.verify("SEX")
    with pytest.raises(KnownError, match="another window"):
        second.verify("01-001", monitor.paths("BRTHDAT"), "Medical record", "p. 1")
    assert monitor.open().log.records == monitor.visit.log.records


def test_all_of_a_form_at_once_only_after_it_was_read(monitor: Monitor) -> None:
    paths = monitor.paths("RFICDAT", "RFICTIM")
    refused = monitor.visit.verify_form("01-001", CONSENT, paths, "Medical record", "p. 3")
    assert isinstance(refused, Refusal)
    assert "to its end" in refused.says.en
    monitor.verify_form("SCR[1]/CONSENT")
    (form,) = [one for one in monitor.visit.review("01-001").forms if one.form == CONSENT]
    assert form.tally.shield is Shield.VERIFIED


def test_a_visit_becomes_records_at_the_centre_exactly_once(monitor: Monitor, ward: Ward) -> None:
    monitor.verify_form("SCR[1]/CONSENT")
    wrong = monitor.verify("SEX", where="another participant's page")
    assert not isinstance(monitor.visit.unverify("01-001", wrong.id, "wrong page"), Refusal)
    assert not isinstance(monitor.visit.ask("01-002", monitor.paths("RFICDAT", subject="01-002"), WHY), Refusal)
    first = monitor.hand_over()
    assert (first.taken, first.verified, first.lifted, first.queries, first.lapsed) == (5, 4, 1, 1, ())
    data = monitor.at_the_centre()
    assert data.verification(monitor.paths("RFICDAT")[0]) is not None
    assert data.verification(monitor.paths("SEX")[0]) is None
    (draft,) = monitor.at_the_centre("01-002").candidates
    assert isinstance(draft.change, QueryProposed)
    assert (draft.user, draft.role, draft.change.source) == ("mon1", "monitor", "Monitor")
    assert len(local(ward, "FormRead")) == 1
    before = AuditTrail(ward.centre.engine).head("CENTRE")
    again = monitor.hand_over()
    assert (again.taken, again.before) == (0, 5)
    assert AuditTrail(ward.centre.engine).head("CENTRE") == before
    assert AuditTrail(ward.centre.engine).verify().whole


def test_a_visit_may_go_on_after_it_was_handed_over(monitor: Monitor, ward: Ward) -> None:
    seen = monitor.verify("SEX")
    early = monitor.visit.finish(monitor.stick).read_bytes()
    monitor.hand_over()
    monitor.visit = monitor.open()
    assert not isinstance(monitor.visit.unverify("01-001", seen.id, "misread"), Refusal)
    second = monitor.hand_over()
    assert (second.taken, second.before, second.lifted) == (1, 1, 1)
    assert monitor.at_the_centre().verification(monitor.paths("SEX")[0]) is None
    taken = local(ward, "VisitTaken")
    assert [(one.first, one.last) for one in taken if isinstance(one, VisitTaken)] == [(1, 1), (2, 2)]
    older = monitor.stick / "older.tdvr"
    older.write_bytes(early)
    assert take_visit(ward.centre, older, ward.clock.now()).taken == 0


def test_an_answer_changed_since_the_pack_lapses_and_is_named(monitor: Monitor, ward: Ward) -> None:
    monitor.verify("SEX", "BRTHDAT")
    ward.subject = "01-001"
    ward.open("SCR[1]/DM")
    ward.enter("SEX", "M", reason=SOURCE)
    ward.receive(ward.send())
    told = monitor.hand_over()
    assert told.lapsed == (("01-001", monitor.paths("SEX")[0]),)
    assert "changed since the pack was made" in told.says.en
    data = monitor.at_the_centre()
    assert data.verification(monitor.paths("SEX")[0]) is None
    assert data.verification(monitor.paths("BRTHDAT")[0]) is not None


def test_the_ward_hears_of_the_verification_with_its_next_receipt(monitor: Monitor, ward: Ward) -> None:
    monitor.verify("SEX")
    monitor.hand_over()
    for receipt in write_receipts(ward.centre, ward.folder / "stick"):
        take_receipt(ward.desk, receipt)
    assert ward.desk.session.data("01-001").verification(monitor.paths("SEX")[0]) is not None


def test_a_result_of_someone_else_is_refused(monitor: Monitor, ward: Ward) -> None:
    other = Monitor(ward, "mon2")
    monitor.verify("SEX")
    forged = monitor.visit
    forged.keys = other.visit.keys
    with pytest.raises(KnownError, match=r"cannot be read|changed after"):
        take_visit(ward.centre, forged.finish(monitor.stick), ward.clock.now())
    forged.head = forged.head.model_copy(update={"certificate": other.visit.head.certificate})
    with pytest.raises(KnownError, match="signed by mon2"):
        take_visit(ward.centre, forged.finish(monitor.stick), ward.clock.now())
    assert local(ward, "VisitTaken") == []


def test_a_monitor_whose_certificate_was_revoked_gets_no_pack_and_hands_nothing_over(
    monitor: Monitor, ward: Ward
) -> None:
    monitor.verify("SEX")
    result = monitor.visit.finish(monitor.stick)
    ward.centre.authority.revoke("mon1", "stolen", ward.clock.now())
    with pytest.raises(KnownError, match="revoked"):
        take_visit(ward.centre, result, ward.clock.now())
    with pytest.raises(KnownError, match="revoked"):
        write_pack(ward.centre, "01", "mon1", monitor.stick, ward.clock.now())


def signed_by(monitor: Monitor, ward: Ward, **other: object) -> Path:
    """A result whose single act was made by hand, signed by the monitor all the same."""
    from trialdesk.domain.clinical.seal import GENESIS, body, seal
    from trialdesk.security import age, cms
    from trialdesk.security.certificates import load_certificate

    record = monitor.visit.log.records[-1].model_copy(update=other)
    line = (record.seq, body(record), seal(GENESIS, body(record)))
    visit = monitor.visit
    head = ResultHead(
        study=visit.head.study, site="01", visit=visit.head.visit, monitor="mon1", made="x", acts=1, seal=line[2]
    )
    certificate = load_certificate(visit.head.certificate.encode())
    content = make_result(
        head,
        [line],
        lambda signed: cms.sign(signed, visit.keys.signing_key, certificate),
        lambda plain: age.encrypt(plain, (ward.centre.recipient,)),
    )
    path = monitor.stick / "forged.tdvr"
    path.write_bytes(content)
    return path


def test_a_monitor_cannot_smuggle_in_what_a_monitor_may_not_do(monitor: Monitor, ward: Ward) -> None:
    from trialdesk.domain.clinical.changes import ItemCorrected

    seen = monitor.verify("SEX")
    sex = monitor.paths("SEX")[0]
    correction = ItemCorrected(path=sex, value="M", replaces=("W1:2",))
    unknown = seen.change.model_copy(update={"covers": ("W9:1",)})
    for change, says in (({"change": correction}, "may not do"), ({"change": unknown}, "does not hold")):
        with pytest.raises(KnownError, match=says):
            take_visit(ward.centre, signed_by(monitor, ward, **change), ward.clock.now())
    for who, says in (({"user": "dm1"}, "do not follow"), ({"subject": "02-001"}, "not a participant of site 01")):
        with pytest.raises(KnownError, match=says):
            take_visit(ward.centre, signed_by(monitor, ward, **who), ward.clock.now())
    assert monitor.at_the_centre().value(sex) == "F"
    assert local(ward, "VisitTaken") == []


def test_work_split_over_two_copies_is_not_mixed(monitor: Monitor, ward: Ward) -> None:
    kept = monitor.visit.log.path
    monitor.verify("SEX")
    monitor.hand_over()
    kept.unlink()
    monitor.visit = monitor.open()
    monitor.verify("BRTHDAT")
    with pytest.raises(KnownError, match="two copies"):
        monitor.hand_over()


def test_the_centre_enters_monitors_by_their_own_request_only(ward: Ward, tmp_path: Path) -> None:
    request = make_monitor(tmp_path / "mon9", "mon9", ward.centre.study, PASSPHRASE)
    with pytest.raises(KnownError, match="two named people"):
        add_monitor(ward.centre, request, ("dm1",), ward.clock.now())
    nonsense = tmp_path / "nonsense.json"
    nonsense.write_text('{"id": "mon9"}')
    with pytest.raises(KnownError, match="not the request"):
        add_monitor(ward.centre, nonsense, ("dm1", "dm2"), ward.clock.now())
    with pytest.raises(KnownError, match="no monitor mon9"):
        write_pack(ward.centre, "01", "mon9", tmp_path, ward.clock.now())
    with pytest.raises(KnownError, match="there already"):
        make_monitor(tmp_path / "mon9", "mon9", ward.centre.study, PASSPHRASE)
    with pytest.raises(KnownError, match="at least 12"):
        make_monitor(tmp_path / "short", "mon8", ward.centre.study, "short")


def test_visits_have_names_of_their_own(monitor: Monitor, ward: Ward) -> None:
    second = write_pack(ward.centre, "01", "mon1", monitor.stick, ward.clock.now())
    assert second != monitor.pack
    assert [one.name for one in visits(ward.centre)] == ["VISIT-01-20260303-1", "VISIT-01-20260303-2"]
    with pytest.raises(KnownError, match="site 02"):
        write_pack(ward.centre, "02", "mon1", monitor.stick, ward.clock.now())


acts = st.lists(
    st.tuples(st.sampled_from(["verify", "form", "lift", "ask", "hand over"]), st.sampled_from(["01-001", "01-002"])),
    min_size=3,
    max_size=9,
)


@settings(max_examples=4)
@given(acts)
def test_however_often_the_work_is_handed_over_the_centre_ends_with_what_the_monitor_sees(
    steps: list[tuple[str, str]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ward = ward_with_two(Path(folder))
        try:
            monitor = Monitor(ward)
            for act, subject in steps:
                data = monitor.visit.data(subject)
                standing = data.verification(data.by_item["SEX"][0])
                if act == "verify":
                    monitor.verify("SEX", subject=subject)
                elif act == "form":
                    monitor.verify_form("SCR[1]/CONSENT", subject)
                elif act == "lift" and standing is not None:
                    monitor.visit.unverify(subject, standing.id, "misread")
                elif act == "ask":
                    monitor.visit.ask(subject, data.by_item["SEX"], WHY)
                elif act == "hand over":
                    monitor.hand_over()
                    monitor.hand_over()
            monitor.hand_over()
            for subject in monitor.visit.subjects:
                seen, held = monitor.visit.data(subject), monitor.at_the_centre(subject)
                assert {p for p in seen.items if seen.verification(p)} == {
                    p for p in held.items if held.verification(p)
                }
                assert len(seen.candidates) == len(held.candidates)
        finally:
            ward.leave()
