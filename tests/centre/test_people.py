"""People of the centre sign in with their own passphrase, and what an administrator does to accounts is on record."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from tests.scenario import Ward
from trialdesk.centre import people
from trialdesk.centre.admission import DEMO_SETTINGS, demo_people, found_demo_people
from trialdesk.centre.attendance import SECOND_HOLDS
from trialdesk.centre.centre import Centre
from trialdesk.centre.letters import LOCAL
from trialdesk.centre.people import PEOPLE, OwnPassphraseFirst
from trialdesk.centre.review import Reviewer
from trialdesk.demo import DEMO_PASSPHRASE
from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.admin.lockout import ALLOWED, PAUSES, locked_until
from trialdesk.domain.admin.role import AT_CENTRE, Role
from trialdesk.domain.admin.user import User
from trialdesk.domain.clinical.account_changes import RoleChanged
from trialdesk.domain.clinical.accounts import accounts
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import Change, SessionNoted, UserAdded, UserRetired
from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.security.passwords import Argon2Settings
from trialdesk.services.study_release import shipped_release
from trialdesk.storage.audit_trail import AuditTrail

DM = FormPath("SCR", 1, "DM")
NAME = Text(en="Data manager 9", zh="数据管理员 9")
OWN = "a boat under the bridge"


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    """A participant's signed form at a centre with people; nobody has signed in."""
    opened = Ward(tmp_path)
    opened.enrol_with_signed_form()
    opened.receive(opened.send())
    found_demo_people(opened.centre)
    yield opened
    opened.leave()


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    """A demonstration centre with its people; nobody has signed in."""
    made = Centre.init(tmp_path / "centre", shipped_release(), kind="demo")
    found_demo_people(made)
    yield made
    made.close()


def come(centre: Centre, user: str, second: bool = False) -> User:
    return people.sign_in(centre, user, DEMO_PASSPHRASE, "test", second)


def changes(centre: Centre, kind: str) -> list[AuditRecord]:
    return list(AuditTrail(centre.engine).records(origin=LOCAL, kinds=(kind,)))


def test_the_first_person_of_a_live_centre_is_its_administrator_and_needs_nobody(tmp_path: Path) -> None:
    centre = Centre.init(tmp_path / "centre", shipped_release())
    with pytest.raises(KnownError, match="first person"):
        people.found(centre, User("dm1", NAME, Role.DATA_MANAGER), OWN, settings=DEMO_SETTINGS)
    with pytest.raises(KnownError, match="12 characters"):
        people.found(centre, User("boss", NAME, Role.ADMINISTRATOR), "short", settings=DEMO_SETTINGS)
    people.found(centre, User("boss", NAME, Role.ADMINISTRATOR), OWN, settings=DEMO_SETTINGS)
    assert people.sign_in(centre, "boss", OWN).role is Role.ADMINISTRATOR
    with pytest.raises(KnownError, match="has people already"):
        people.found(centre, User("thief", NAME, Role.ADMINISTRATOR), OWN, settings=DEMO_SETTINGS)
    centre.close()


def test_a_slot_of_a_cheaper_time_is_made_anew_at_the_next_sign_in(tmp_path: Path) -> None:
    centre = Centre.init(tmp_path / "centre", shipped_release())
    cheap = Argon2Settings(memory=64, passes=1, lanes=1)
    people.found(centre, User("boss", NAME, Role.ADMINISTRATOR), OWN, settings=cheap)
    cost = [_cost(centre)]
    for _ in range(2):
        people.sign_in(centre, "boss", OWN)
        cost.append(_cost(centre))
    assert cost == [64, Argon2Settings().memory, Argon2Settings().memory]
    centre.close()


def _cost(centre: Centre) -> int:
    memory = json.loads((centre.folder / PEOPLE).read_text(encoding="utf-8"))["slots"]["boss"]["argon2"]["memory"]
    return int(memory)


def test_a_first_passphrase_is_changed_before_anything_is_done(centre: Centre) -> None:
    come(centre, "admin1")
    people.add_person(centre, "admin1", User("dm9", NAME, Role.DATA_MANAGER), OWN, settings=DEMO_SETTINGS)
    with pytest.raises(OwnPassphraseFirst, match="set by somebody else"):
        people.sign_in(centre, "dm9", OWN)
    with pytest.raises(KnownError, match="the old one"):
        people.change_own_passphrase(centre, "dm9", OWN, OWN)
    people.change_own_passphrase(centre, "dm9", OWN, OWN + " again", settings=DEMO_SETTINGS)
    assert people.sign_in(centre, "dm9", OWN + " again").name == NAME
    (added,) = [r for r in changes(centre, "UserAdded") if isinstance(r.change, UserAdded) and r.change.user == "dm9"]
    assert (added.user, added.role) == ("admin1", Role.ADMINISTRATOR)


def test_an_id_is_never_given_twice_and_must_be_one(centre: Centre) -> None:
    come(centre, "admin1")
    people.deactivate(centre, "admin1", "mon1")
    for id in ("mon1", "dm1", "SYSTEM", "Dm", "x", "a b"):
        with pytest.raises(KnownError, match=r"never given twice|cannot be an account"):
            people.add_person(centre, "admin1", User(id, NAME, Role.MONITOR), OWN, settings=DEMO_SETTINGS)
    with pytest.raises(KnownError, match="role of the ward"):
        people.add_person(centre, "admin1", User("nurse9", NAME, Role.NURSE), OWN, settings=DEMO_SETTINGS)


def test_only_an_administrator_who_is_signed_in_touches_accounts(centre: Centre) -> None:
    new = User("dm9", NAME, Role.DATA_MANAGER)
    with pytest.raises(KnownError, match="has not signed in"):
        people.add_person(centre, "admin1", new, OWN, settings=DEMO_SETTINGS)
    come(centre, "dm1")
    for act in (
        lambda: people.add_person(centre, "dm1", new, OWN, settings=DEMO_SETTINGS),
        lambda: people.change_role(centre, "dm1", "mon1", Role.DATA_MANAGER),
        lambda: people.deactivate(centre, "dm1", "mon1"),
        lambda: people.reset_passphrase(centre, "dm1", "mon1", OWN, settings=DEMO_SETTINGS),
    ):
        with pytest.raises(KnownError, match="role administrator"):
            act()
    assert set(centre.attendance.accounts()) == {user.id for user in demo_people()}


def test_nobody_ends_their_own_account_and_one_administrator_stays(centre: Centre) -> None:
    come(centre, "admin1")
    for act in (
        lambda: people.deactivate(centre, "admin1", "admin1"),
        lambda: people.change_role(centre, "admin1", "admin1", Role.DATA_MANAGER),
    ):
        with pytest.raises(KnownError, match="their own account"):
            act()
    people.change_role(centre, "admin1", "dm2", Role.ADMINISTRATOR)
    come(centre, "dm2")
    people.deactivate(centre, "dm2", "admin1")
    assert [one.id for one in centre.attendance.people() if one.role is Role.ADMINISTRATOR] == ["dm2"]
    with pytest.raises(KnownError, match="no account"):
        come(centre, "admin1")


def guess(centre: Centre, user: str, now: datetime) -> datetime:
    """Five wrong passphrases, each as soon as it is taken; returns when the last was typed."""
    for count in range(1, ALLOWED + 1):
        with pytest.raises(KnownError, match=r"more tries|Too many"):
            people.sign_in(centre, user, "not the passphrase", now=now)
        assert len(centre.attendance.refusals(user)) == count
        if count < ALLOWED:
            now += PAUSES.get(count, timedelta())
    return now


def test_wrong_passphrases_are_on_record_and_the_account_waits_longer_and_longer(centre: Centre) -> None:
    now = datetime.now().astimezone()
    for left in (4, 3):
        with pytest.raises(KnownError, match=f"Caps Lock.*{left} more tries"):
            people.sign_in(centre, "dm1", "not the passphrase", now=now)
    with pytest.raises(KnownError, match="Too many"):
        people.sign_in(centre, "dm1", "not the passphrase", now=now)
    with pytest.raises(KnownError, match="Too many"):
        people.sign_in(centre, "dm1", DEMO_PASSPHRASE, now=now + timedelta(seconds=4))
    assert len(centre.attendance.refusals("dm1")) == 3, "what is typed while one waits is not looked at"
    last = guess(centre, "dm2", now)
    again = Centre.open(centre.folder)
    with pytest.raises(KnownError, match="Too many wrong passphrases"):
        people.sign_in(again, "dm2", DEMO_PASSPHRASE, now=last + PAUSES[ALLOWED] - timedelta(seconds=1))
    again.close()
    refused = [r.change for r in changes(centre, "SessionNoted") if isinstance(r.change, SessionNoted)]
    assert [one.detail for one in refused if one.what == "refused"] == ["dm1"] * 3 + ["dm2"] * ALLOWED
    assert people.sign_in(centre, "dm2", DEMO_PASSPHRASE, now=last + PAUSES[ALLOWED]).id == "dm2"
    assert not centre.attendance.refusals("dm2")


def test_a_reset_ends_the_wait_and_lends_a_passphrase(centre: Centre) -> None:
    guess(centre, "dm1", datetime.now().astimezone())
    come(centre, "admin1")
    people.reset_passphrase(centre, "admin1", "dm1", OWN, settings=DEMO_SETTINGS)
    with pytest.raises(OwnPassphraseFirst):
        people.sign_in(centre, "dm1", OWN)
    with pytest.raises(KnownError, match="Caps Lock"):
        come(centre, "dm1")


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=40))
def test_the_wait_never_shortens_as_guesses_go_on(steps: list[int]) -> None:
    at, refused, before = datetime(2026, 1, 1, tzinfo=UTC), [], timedelta()
    for step in steps:
        at += timedelta(seconds=step)
        refused.append(at)
        until = locked_until(refused)
        assert (until is None) == (len(refused) < min(PAUSES))
        wait = until - at if until is not None else timedelta()
        assert before <= wait <= PAUSES[ALLOWED]
        before = wait


def test_who_was_let_in_acts_in_the_role_of_the_account_and_nobody_else_does(ward: Ward) -> None:
    stranger = Reviewer(ward.centre, "dm1", Role.DATA_MANAGER)
    with pytest.raises(KnownError, match="has not signed in"):
        stranger.freeze("01-001", DM)
    come(ward.centre, "mon1")
    come(ward.centre, "dm1", second=True)
    with pytest.raises(KnownError, match="has not signed in"):
        Reviewer(ward.centre, "dm1", Role.DATA_MANAGER).freeze("01-001", DM)
    with pytest.raises(KnownError, match="has not signed in"):
        Reviewer(ward.centre, "mon1", Role.DATA_MANAGER).freeze("01-001", DM)
    user = come(ward.centre, "dm1")
    done = Reviewer(ward.centre, user.id, user.role).freeze("01-001", DM)
    assert not isinstance(done, Refusal)
    assert (done[0].user, done[0].role) == ("dm1", Role.DATA_MANAGER)


def test_a_person_whose_account_ends_in_mid_session_writes_nothing_more_and_keeps_the_name(ward: Ward) -> None:
    user = come(ward.centre, "dm1")
    reviewer = Reviewer(ward.centre, user.id, user.role)
    done = reviewer.freeze("01-001", DM)
    assert not isinstance(done, Refusal)
    elsewhere = Centre.open(ward.centre.folder)
    come(elsewhere, "admin1")
    people.deactivate(elsewhere, "admin1", "dm1")
    elsewhere.close()
    with pytest.raises(KnownError, match="account at this centre"):
        reviewer.thaw("01-001", DM)
    with pytest.raises(KnownError, match="no account"):
        come(ward.centre, "dm1")
    assert next(AuditTrail(ward.centre.engine).records(origin="CENTRE-W1")).user == "dm1"
    assert ward.centre.attendance.accounts()["dm1"].user.name.zh == "数据管理员 1"


def test_a_lock_takes_two_persons_who_both_gave_their_own_passphrase(ward: Ward) -> None:
    user = come(ward.centre, "dm1")
    reviewer = Reviewer(ward.centre, user.id, user.role)
    with pytest.raises(KnownError, match="has not just given"):
        reviewer.lock("01-001", DM, "dm2")
    for nobody in ("", "dm1"):
        twice = reviewer.lock("01-001", DM, nobody)
        assert isinstance(twice, Refusal)
        assert "two persons" in twice.says.en
    with pytest.raises(KnownError, match="no account"):
        reviewer.lock("01-001", DM, "somebody")
    come(ward.centre, "mon1", second=True)
    with pytest.raises(KnownError, match="role data manager"):
        reviewer.lock("01-001", DM, "mon1")
    long_ago = datetime.now().astimezone() - SECOND_HOLDS - timedelta(seconds=1)
    people.sign_in(ward.centre, "dm2", DEMO_PASSPHRASE, "lock", True, long_ago)
    with pytest.raises(KnownError, match="has not just given"):
        reviewer.lock("01-001", DM, "dm2")
    come(ward.centre, "dm2", second=True)
    done = reviewer.lock("01-001", DM, "dm2")
    assert not isinstance(done, Refusal)
    assert (done[0].user, done[0].change.second) == ("dm1", "dm2")  # type: ignore[union-attr]


def test_the_register_says_who_had_which_role_on_any_day(centre: Centre) -> None:
    come(centre, "admin1")
    people.change_role(centre, "admin1", "dm2", Role.MONITOR)
    people.deactivate(centre, "admin1", "mon1")
    register = accounts(AuditTrail(centre.engine).records(origin=LOCAL))
    first, second = register["dm2"].periods
    assert (first.role, first.ends, second.role, second.ends) == (Role.DATA_MANAGER, second.begins, Role.MONITOR, None)
    assert register["dm2"].role_at(first.begins) is Role.DATA_MANAGER
    assert register["dm2"].role_at(second.begins) is Role.MONITOR
    assert register["mon1"].role_at("2999-01-01T00:00:00.000Z") is None
    assert register["mon1"].role_at("2000-01-01T00:00:00.000Z") is None


_ACTS = st.tuples(st.sampled_from("aecr"), st.sampled_from(["dm1", "dm2", "mon1"]), st.sampled_from(sorted(AT_CENTRE)))


@given(st.lists(_ACTS, max_size=30))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_an_id_names_one_person_for_ever_whatever_is_asked(acts: list[tuple[str, str, Role]]) -> None:
    """However accounts are made, changed and ended, the register at every past moment is what it was at that moment."""
    records: list[AuditRecord] = []
    seen: dict[str, dict[str, Role | None]] = {}
    for seq, (act, user, role) in enumerate(acts, start=1):
        change: Change = UserAdded(user=user, name=Text(en=f"{user} {seq}", zh=f"{user} {seq}"), role=role)
        if act == "e":
            change = UserRetired(user=user)
        elif act in "cr":
            change = RoleChanged(user=user, role=role)
        at = f"2026-01-01T00:{seq:02d}:00.000Z"
        records.append(AuditRecord(origin=LOCAL, seq=seq, at=at, zone="+08:00", user="admin1", role="administrator",
                                   site=LOCAL, study="1", change=change))  # fmt: skip
        now = accounts(records)
        seen[at] = {id: one.role_at(at) for id, one in now.items()}
        for id, one in now.items():
            names = [r.change.name for r in records if isinstance(r.change, UserAdded) and r.change.user == id]
            assert one.user.name == names[0]
    for at, roles in seen.items():
        assert {id: accounts(records)[id].role_at(at) for id in roles} == roles


def test_who_can_write_the_folder_cannot_let_themselves_in(centre: Centre) -> None:
    """A slot copied from an own centre, a ring given by hand: the study's authority signed neither."""
    path = centre.folder / PEOPLE
    whole = json.loads(path.read_text(encoding="utf-8"))
    whole["grants"]["person:dm1"] = whole["grants"]["person:admin1"]
    path.write_text(json.dumps(whole), encoding="utf-8")
    for user in ("admin1", "dm1"):
        with pytest.raises(KnownError, match="changed outside TrialDesk"):
            come(centre, user)


def test_a_slot_from_elsewhere_opens_nothing(centre: Centre, tmp_path: Path) -> None:
    other = Centre.init(tmp_path / "other", shipped_release(), kind="demo")
    found_demo_people(other)
    other.close()
    path = centre.folder / PEOPLE
    whole = json.loads(path.read_text(encoding="utf-8"))
    theirs = json.loads((tmp_path / "other" / PEOPLE).read_text(encoding="utf-8"))
    whole["slots"]["admin1"] = theirs["slots"]["admin1"]
    path.write_text(json.dumps(whole), encoding="utf-8")
    with pytest.raises(KnownError, match="opens nothing at this centre"):
        come(centre, "admin1")
    path.unlink()
    with pytest.raises(KnownError, match=r"people.json is missing"):
        come(centre, "dm1")


def test_no_passphrase_lies_anywhere_in_the_folder(centre: Centre) -> None:
    come(centre, "dm1")
    with pytest.raises(KnownError, match="Caps Lock"):
        people.sign_in(centre, "dm2", "a wrong one that was typed")
    for path in centre.folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert DEMO_PASSPHRASE.encode() not in content, path.name
            assert b"a wrong one" not in content, path.name


def test_accounts_hold_on_postgresql_as_well(server: str, tmp_path: Path) -> None:
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    name = "p" + hashlib.sha256(str(tmp_path).encode()).hexdigest()[:20]
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    url = create_engine(server).url.set(database=name).render_as_string(hide_password=False)
    made = Centre.init(tmp_path / "centre", shipped_release(), url=url, kind="demo")
    found_demo_people(made)
    with pytest.raises(KnownError, match="4 more tries"):
        people.sign_in(made, "dm1", "not the passphrase")
    assert come(made, "dm1").role is Role.DATA_MANAGER
    made.attendance.require("dm1", Role.DATA_MANAGER)
    made.close()


def test_two_programs_that_write_at_once_lose_nothing(ward: Ward) -> None:
    """Each holds the folder open by itself; every number of the centre's trail is given once."""
    centre, paths = ward.centre, tuple(ward.desk.session.data("01-001").by_item["SEX"])
    before = AuditTrail(centre.engine).head(LOCAL)[0]

    def note(_: int) -> None:
        own = Centre.open(centre.folder)
        user = come(own, "dm1")
        for _ in range(5):
            assert not isinstance(Reviewer(own, user.id, user.role).propose("01-001", paths, NAME), Refusal)
            own.attendance.note([UserRetired(user="nobody")], "1", datetime.now().astimezone())
        own.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(note, range(4)))
    assert AuditTrail(centre.engine).head(LOCAL)[0] == before + 4 + 20 + 20
    assert AuditTrail(centre.engine).verify().whole
