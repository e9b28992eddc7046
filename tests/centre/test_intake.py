"""The centre takes bundles in: whatever comes in whatever order, nothing is lost, doubled or overwritten."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from tests.centre.conftest import Desk, Ward
from tests.exchange.conftest import Post
from tests.strategies import PATHS, SUBJECT, entered
from trialdesk.domain.admin.role import Role
from trialdesk.domain.clinical.changes import FormCertified, FormSigned, ItemCorrected, SessionNoted
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.exchange.receipt import open_receipt
from trialdesk.storage import projections
from trialdesk.storage.audit_trail import AuditTrail
from trialdesk.storage.database import open_centre
from trialdesk.storage.document_store import DocumentStore
from trialdesk.storage.intake_ledger import IntakeLedger

PDF = b"%PDF-1.7 signed form"


def answers(first: int, last: int, value: str = "120", origin: str = "W1") -> list:
    return [entered(seq, origin, f"{value}-{seq}", path=PATHS[seq % len(PATHS)]) for seq in range(first, last + 1)]


def held(engine: Engine, origin: str = "W1") -> list:
    return list(AuditTrail(engine).lines(origin))


def test_the_first_bundle_arrives_with_its_documents(engine: Engine, centre: Desk, ward: Ward) -> None:
    ward.write(answers(1, 5))
    intake = centre.receive(ward.bundle(1, documents=[PDF]))
    assert (intake.result, intake.new_records, intake.accepted_to) == ("accepted", 5, 5)
    assert held(engine) == ward.lines
    assert len(list(DocumentStore(engine).names())) == 1
    assert AuditTrail(engine).verify().whole


def test_the_receipt_says_how_far_the_centre_holds_the_trail(centre: Desk, ward: Ward, post: Post) -> None:
    ward.write(answers(1, 5))
    receipt = open_receipt("r.tdr", centre.receive(ward.bundle(1)).receipt, post.verify)
    assert (receipt.origin, receipt.number, receipt.accepted_to) == ("W1", 1, 5)
    assert receipt.seal == ward.lines[-1][2]
    assert receipt.skew_seconds == 3600


def test_the_same_bundle_again_changes_nothing_and_gives_the_same_receipt(
    engine: Engine, centre: Desk, ward: Ward
) -> None:
    ward.write(answers(1, 5))
    path = ward.bundle(1)
    first = centre.receive(path)
    before = IntakeLedger(engine).states()
    again = centre.receive(path)
    assert (again.result, again.new_records, again.receipt) == ("duplicate", 0, first.receipt)
    assert held(engine) == ward.lines
    assert IntakeLedger(engine).states() == before


def test_a_bundle_that_repeats_what_was_not_confirmed_adds_only_what_is_new(
    engine: Engine, centre: Desk, ward: Ward
) -> None:
    ward.write(answers(1, 5))
    centre.receive(ward.bundle(1))
    ward.write(answers(6, 8))
    assert centre.receive(ward.bundle(3)).new_records == 3
    assert held(engine) == ward.lines


def test_a_gap_is_named_and_nothing_is_taken_in(engine: Engine, centre: Desk, ward: Ward) -> None:
    ward.write(answers(1, 9))
    centre.receive(ward.bundle(1, 3))
    missing, late = ward.bundle(4, 6), ward.bundle(7, 9)
    intake = centre.receive(late)
    assert intake.result == "held"
    assert "First import bundle 2" in intake.says.en
    assert len(held(engine)) == 3
    assert centre.receive(missing).result == "accepted"
    assert centre.receive(late).result == "accepted"
    assert held(engine) == ward.lines


def test_a_lost_stick_costs_nothing_when_the_next_bundle_repeats_it(engine: Engine, centre: Desk, ward: Ward) -> None:
    ward.write(answers(1, 6))
    centre.receive(ward.bundle(1, 3))
    lost = ward.bundle(4, 6)
    ward.write(answers(7, 9))
    assert centre.receive(ward.bundle(4)).new_records == 6
    assert centre.receive(lost).new_records == 0, "found again, it brings nothing new"
    assert held(engine) == ward.lines
    assert IntakeLedger(engine).states()[0].number == 3


def test_a_copied_workstation_is_set_aside_and_what_is_held_stays(engine: Engine, centre: Desk, ward: Ward) -> None:
    ward.write(answers(1, 5))
    copy = replace(ward, lines=[])
    centre.receive(ward.bundle(1))
    copy.write(answers(1, 5, "other"))
    copy.previous, copy.sent = ward.previous, 1
    intake = centre.receive(copy.bundle(1))
    assert intake.result == "quarantined"
    assert held(engine) == ward.lines
    (aside,) = IntakeLedger(engine).quarantine()
    assert (aside.origin, aside.number) == ("W1", 2)
    assert "copied or set back" in aside.why.en


def test_two_different_bundles_of_one_number_are_set_aside(engine: Engine, centre: Desk, ward: Ward) -> None:
    ward.write(answers(1, 5))
    centre.receive(ward.bundle(1))
    ward.sent = 0
    assert centre.receive(ward.bundle(1, bundle_id="b2")).result == "quarantined"
    assert len(IntakeLedger(engine).quarantine()) == 1
    assert held(engine) == ward.lines


def test_a_restored_workstation_needs_its_administrators_record(engine: Engine, centre: Desk, ward: Ward) -> None:
    ward.write(answers(1, 3))
    centre.receive(ward.bundle(1))
    ward.write(answers(4, 4))
    silent = replace(ward)
    assert centre.receive(silent.bundle(4, epoch="e2")).result == "quarantined"
    noted = entered(5).model_copy(
        update={"role": Role.ADMINISTRATOR, "subject": None, "change": SessionNoted(what="restored")}
    )
    ward.write([noted])
    assert centre.receive(ward.bundle(4, epoch="e2")).result == "accepted"


def test_a_changed_record_is_refused_and_nothing_is_stored(engine: Engine, centre: Desk, ward: Ward) -> None:
    ward.write(answers(1, 5))
    seq, content, claimed = ward.lines[2]
    ward.lines[2] = (seq, content.replace(b"120", b"150"), claimed)
    with pytest.raises(KnownError, match="Record 3"):
        centre.receive(ward.bundle(1, documents=[PDF]))
    assert held(engine) == []
    assert list(DocumentStore(engine).names()) == []
    assert IntakeLedger(engine).states() == ()


def test_a_stranger_and_another_study_are_refused(engine: Engine, centre: Desk, ward: Ward, post: Post) -> None:
    ward.write(answers(1, 5))
    with pytest.raises(KnownError, match="another study"):
        centre.receive(ward.bundle(1, study="NCT00000000"))
    stranger = replace(ward, post=Post(key=b"stranger", identity=post.identity))
    with pytest.raises(KnownError, match="signature"):
        centre.receive(stranger.bundle(1))
    assert held(engine) == []


def test_a_signed_form_whose_pdf_never_came_is_asked_for(centre: Desk, ward: Ward, post: Post) -> None:
    meaning = Text(en="reviewed", zh="已审阅")
    signed = FormSigned(form=PATHS[0].form_path, covers=(), meaning=meaning, document="d" * 64, certificate="1")
    ward.write([entered(1), entered(2).model_copy(update={"change": signed})])
    assert open_receipt("r", centre.receive(ward.bundle(1)).receipt, post.verify).lacking == ("d" * 64,)


def test_the_standing_answers_are_rows_at_the_centre(engine: Engine, centre: Desk, ward: Ward) -> None:
    corrected = ItemCorrected(path=PATHS[0], value="130", replaces=("W1:1",))
    ward.write([entered(1, value="120"), entered(2).model_copy(update={"change": corrected})])
    centre.receive(ward.bundle(1))
    assert projections.waiting(engine) == 1
    assert projections.refresh(engine) == 1
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT subject, form, item, value, disputed FROM item_data")).all()
    assert [tuple(row) for row in rows] == [(SUBJECT, "DLI", "DOSE", "130", False)]


def test_two_workstations_that_disagree_show_as_disputed(engine: Engine, centre: Desk, ward: Ward) -> None:
    other = replace(ward, origin="W2", lines=[])
    ward.write([entered(1, value="120")])
    other.write([entered(1, "W2", "130")])
    centre.receive(ward.bundle(1))
    centre.receive(other.bundle(1))
    projections.refresh(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT value, disputed FROM item_data")).one() == (None, True)


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_record SET body = ''", "DELETE FROM audit_record", "DELETE FROM document"]
)
def test_the_centres_database_refuses_to_change_what_is_stored(
    engine: Engine, centre: Desk, ward: Ward, statement: str
) -> None:
    ward.write(answers(1, 2))
    centre.receive(ward.bundle(1, documents=[PDF]))
    with pytest.raises(Exception, match=r"never changed|not authorized"), engine.begin() as connection:
        connection.execute(text(statement))
    assert held(engine) == ward.lines


def test_the_centres_database_refuses_a_number_that_does_not_follow(engine: Engine, centre: Desk, ward: Ward) -> None:
    ward.write(answers(1, 2))
    centre.receive(ward.bundle(1))
    skip = text(
        'INSERT INTO audit_record (origin, seq, body, seal, at, "user", role, site, study, kind) '
        'SELECT origin, 4, body, seal, at, "user", role, site, study, kind FROM audit_record WHERE seq = 1'
    )
    with pytest.raises(Exception, match="next number"), engine.begin() as connection:
        connection.execute(skip)


def test_a_server_that_is_not_there_is_told() -> None:
    with pytest.raises(KnownError, match="cannot be reached"):
        open_centre("postgresql+psycopg://localhost:1/nothing?connect_timeout=2")


def test_an_address_that_is_none_is_told() -> None:
    with pytest.raises(KnownError, match="not a database address"):
        open_centre("the-usual-place")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_bundles_in_any_order_and_number_give_the_same_data(
    tmp_path_factory: pytest.TempPathFactory, post: Post, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("centre")
    engine = open_centre(f"sqlite:///{folder / 'centre.db'}")
    wards = [Ward(post, folder, "W1"), Ward(post, folder, "W2")]
    paths = []
    for ward in wards:
        ward.write(answers(1, 9, origin=ward.origin))
        for last in (3, 6, 9):
            # Each bundle repeats some of what the one before held, or nothing of it.
            paths.append(ward.bundle(last - 2 - data.draw(st.integers(0, last - 3)), last))
    centre = Desk(IntakeLedger(engine), post)
    for path in data.draw(st.lists(st.sampled_from(paths), max_size=12)):
        centre.receive(path)
    for path in paths:
        assert centre.receive(path).taken
    for ward in wards:
        assert held(engine, ward.origin) == ward.lines
    assert IntakeLedger(engine).quarantine() == ()
    engine.dispose()


def test_a_receiving_program_that_breaks_off_leaves_nothing_half_done(
    engine: Engine, centre: Desk, ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    ward.write(answers(1, 5))
    path: Path = ward.bundle(1, documents=[PDF])
    with monkeypatch.context() as patched:
        patched.setattr(Post, "sign", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            centre.receive(path)
    assert held(engine) == []
    assert centre.receive(path).result == "accepted"


def test_a_certified_form_is_asked_for_until_the_file_signed_on_it_is_named(
    centre: Desk, ward: Ward, post: Post
) -> None:
    meaning = Text(en="reviewed", zh="已审阅")
    said = {"form": PATHS[0].form_path, "covers": (), "meaning": meaning, "certificate": "1"}
    certified = FormCertified(**said, document="c" * 64)
    ward.write([entered(1), entered(2).model_copy(update={"change": certified})])
    assert open_receipt("r", centre.receive(ward.bundle(1)).receipt, post.verify).lacking == ("c" * 64,)
    signed = FormSigned(**said, document="d" * 64, certified="c" * 64)
    ward.write([entered(3).model_copy(update={"change": signed})])
    assert open_receipt("r", centre.receive(ward.bundle(2)).receipt, post.verify).lacking == ("d" * 64,)
