"""The centre's keys under the passphrases of its people: a stolen folder opens nothing, and nothing is lost on the way."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.scenario import Ward
from trialdesk import cli
from trialdesk.centre import intake_pool, key_files, people
from trialdesk.centre.admission import DEMO_SETTINGS, found_demo_people
from trialdesk.centre.centre import Centre
from trialdesk.centre.key_files import AGE, KEY, KEY_NAMES, RECOVERY_KEY, keys_of, plain_secrets, protect
from trialdesk.centre.letters import LOCAL
from trialdesk.centre.people import PEOPLE, OwnPassphraseFirst
from trialdesk.centre.review import Reviewer
from trialdesk.centre.sealing import seal_everything
from trialdesk.centre.service_key import end_service_key, make_service_key, serve
from trialdesk.demo import DEMO_PASSPHRASE
from trialdesk.domain.admin.role import Role
from trialdesk.domain.admin.user import User
from trialdesk.domain.oid import FormPath
from trialdesk.errors import KnownError
from trialdesk.security import age
from trialdesk.services.authority import ROOT_KEY
from trialdesk.services.recovery import recover_access
from trialdesk.services.study_release import shipped_release
from trialdesk.storage.audit_trail import AuditTrail

DM = FormPath("SCR", 1, "DM")
OWN = "a boat under the bridge"


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    """A ward whose bundle waits at a centre with people; its keys lie plain as yet."""
    opened = Ward(tmp_path)
    opened.enrol_with_signed_form()
    found_demo_people(opened.centre)
    yield opened
    opened.leave()


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    """A centre with people; its keys lie plain as yet."""
    made = Centre.init(tmp_path / "centre", shipped_release(), kind="demo")
    found_demo_people(made)
    yield made
    made.close()


def come(centre: Centre, user: str) -> User:
    return people.sign_in(centre, user, DEMO_PASSPHRASE)


def seal(centre: Centre) -> Path:
    """An administrator seals the keys; the recovery key goes to a stick."""
    stick = centre.folder.with_name("recovery")
    protect(centre, come(centre, "admin1"), stick)
    centre.attendance.leave()
    return stick


def secrets(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in (*KEY_NAMES, RECOVERY_KEY) if (folder / name).is_file()}


def test_a_stolen_folder_opens_nothing_and_signs_nothing(ward: Ward, tmp_path: Path) -> None:
    plain = secrets(ward.centre.folder)
    sealed = ward.centre.verify, age.encrypt(b"a bundle", [ward.centre.recipient])
    seal(ward.centre)
    shutil.copytree(ward.centre.folder, tmp_path / "stolen")
    for path in (tmp_path / "stolen").rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        for name, secret in plain.items():
            lines = [one for one in secret.splitlines() if len(one) > 40]
            assert not any(one in content for one in lines), f"{name} lies in {path.name}"
    thief = Centre.open(tmp_path / "stolen")
    for act in (
        lambda: thief.decrypt(sealed[1]),
        lambda: thief.sign(b"a receipt"),
        lambda: thief.authority.revocations(datetime.now().astimezone()),
        lambda: thief.enrolment("01", "W9"),
        lambda: list(seal_everything(thief, datetime.now().astimezone() + timedelta(days=400))),
        lambda: thief.sign_document(b"%PDF", datetime.now().astimezone()),
        lambda: thief.receive(ward.send().path),
    ):
        with pytest.raises(KnownError, match=r"sealed|Nobody has signed in|older than a day"):
            act()
    with pytest.raises(KnownError, match="has people already"):
        people.found(thief, User("thief", ward.desk.session.user.name, Role.ADMINISTRATOR), OWN)
    thief.close()


def test_who_signs_in_brings_the_keys_of_the_role_and_no_others(centre: Centre) -> None:
    seal(centre)
    content = age.encrypt(b"a bundle", [_recipient(centre)])
    may = {"admin1": KEY_NAMES, "dm1": (KEY, AGE, "tsa.key"), "stat1": (KEY,), "mon1": ()}
    for user, names in may.items():
        again = Centre.open(centre.folder)
        assert keys_of(come(again, user).role) == names
        for name in KEY_NAMES:
            if name in names:
                assert again.secret(name)
            else:
                with pytest.raises(KnownError, match="is sealed"):
                    again.secret(name)
        if AGE in names:
            assert again.decrypt(content) == b"a bundle"
        again.close()


def _recipient(centre: Centre) -> str:
    come(centre, "dm1")
    recipient = centre.recipient
    centre.attendance.leave()
    return recipient


def test_with_sealed_keys_the_whole_way_goes_on(ward: Ward) -> None:
    """A data manager takes in and answers, the ward believes the answer; an administrator enrols the next laptop."""
    seal(ward.centre)
    sent = ward.send()
    with pytest.raises(KnownError, match="is sealed"):
        ward.receive(sent)
    come(ward.centre, "dm1")
    taken = ward.receive(sent)
    assert taken.taken
    with pytest.raises(KnownError, match="older than a day"):
        list(seal_everything(ward.centre, datetime.now().astimezone() + timedelta(days=400)))
    with pytest.raises(KnownError, match="is sealed"):
        ward.centre.authority.revocations(datetime.now().astimezone())
    come(ward.centre, "admin1")
    assert ward.centre.authority.revocations(datetime.now().astimezone()) is not None
    come(ward.centre, "dm1")
    (done,) = seal_everything(ward.centre, datetime.now().astimezone())
    assert done.path is not None, done.says.en


def test_killed_between_any_two_steps_the_folder_opens_and_sealing_goes_on(
    centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each write and the last removal in turn is where the power goes; the last round is not stopped."""
    content, before = age.encrypt(b"a bundle", [centre.recipient]), (centre.folder / RECOVERY_KEY).read_bytes()
    centre.close()
    stopped = [_sealed_until(stop, centre.folder, tmp_path / str(stop), monkeypatch) for stop in range(8)]
    assert stopped == [True] * 7 + [False]
    for folder in (tmp_path / str(stop) for stop in range(8)):
        again, stick = Centre.open(folder / "centre"), folder / "recovery"
        found = [path for path in (again.folder / RECOVERY_KEY, stick / RECOVERY_KEY) if path.is_file()]
        assert [path.read_bytes() for path in found] == [before] * len(found) != [], "it is somewhere at every moment"
        by = come(again, "admin1")
        assert again.decrypt(content) == b"a bundle"
        assert again.sign(b"a receipt")
        assert again.authority.revocations(datetime.now().astimezone()) is not None
        protect(again, by, stick)
        assert plain_secrets(again.folder) == ()
        assert (stick / RECOVERY_KEY).read_bytes() == before
        assert again.decrypt(content) == b"a bundle"
        again.close()


def _sealed_until(stop: int, folder: Path, place: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Copy a centre and seal it; at the step of this number the program ends. Returns whether it did."""
    shutil.copytree(folder, place / "centre")
    steps = 0

    def stepping(do: Callable[..., object]) -> Callable[..., object]:
        def step(*words: object) -> object:
            nonlocal steps
            if steps == stop:
                raise KeyboardInterrupt
            steps += 1
            return do(*words)

        return step

    opened = Centre.open(place / "centre")
    user = come(opened, "admin1")
    with monkeypatch.context() as patched:
        patched.setattr(key_files, "write_private", stepping(key_files.write_private))
        patched.setattr(Path, "unlink", stepping(Path.unlink))
        try:
            protect(opened, user, place / "recovery")
        except KeyboardInterrupt:
            return True
        finally:
            opened.close()
    return False


def test_the_recovery_key_never_goes_into_the_folder_and_no_other_is_overwritten(
    centre: Centre, tmp_path: Path
) -> None:
    by = come(centre, "admin1")
    with pytest.raises(KnownError, match="outside"):
        protect(centre, by, centre.folder / "stick")
    other = tmp_path / "other"
    other.mkdir()
    (other / RECOVERY_KEY).write_text("AGE-SECRET-KEY-OF-SOMEBODY-ELSE", encoding="utf-8")
    with pytest.raises(KnownError, match="another centre"):
        protect(centre, by, other)
    assert plain_secrets(centre.folder) == (*KEY_NAMES, RECOVERY_KEY)
    come(centre, "dm1")
    centre.attendance.leave()
    come(centre, "dm1")
    with pytest.raises(KnownError, match="role administrator"):
        protect(centre, by, tmp_path / "stick")


def test_the_last_administrator_forgot_and_the_recovery_key_lets_them_in_again(centre: Centre, tmp_path: Path) -> None:
    stick = seal(centre)
    identity = (stick / RECOVERY_KEY).read_text(encoding="utf-8")
    strange, _ = age.new_identity()
    with pytest.raises(KnownError, match="opens nothing at this centre"):
        people.recover(centre, strange, "admin1", OWN, settings=DEMO_SETTINGS)
    with pytest.raises(KnownError, match="lets administrators in"):
        people.recover(centre, identity, "dm1", OWN, settings=DEMO_SETTINGS)
    words, new, own = (tmp_path / name for name in ("words", "new", "own"))
    new.write_text(f"{OWN}\n", encoding="utf-8")
    own.write_text("the heron on the other bank\n", encoding="utf-8")
    folder = str(centre.folder)
    recover = ["centre", "person", "recover", folder, "admin1", "--identity", str(stick / RECOVERY_KEY)]
    assert cli.main([*recover, "--new-passphrase-file", str(new)]) == 0
    with pytest.raises(OwnPassphraseFirst):
        people.sign_in(centre, "admin1", OWN)
    change = ["centre", "person", "passphrase", folder, "--as", "admin1", "--passphrase-file", str(new)]
    assert cli.main([*change, "--new-passphrase-file", str(own)]) == 0
    words.write_text("", encoding="utf-8")
    again = Centre.open(centre.folder)
    people.sign_in(again, "admin1", "the heron on the other bank")
    assert again.secret(ROOT_KEY)
    people.reset_passphrase(again, "admin1", "dm1", OWN, settings=DEMO_SETTINGS)
    again.close()
    noted = [r.change for r in AuditTrail(centre.engine).records(origin=LOCAL, kinds=("SessionNoted",))]
    assert ("recovered", "admin1") in [(one.what, one.detail) for one in noted]  # type: ignore[union-attr]


def test_the_same_recovery_key_still_opens_the_desks_of_the_centre(ward: Ward) -> None:
    stick = seal(ward.centre)
    ward.desk.close()
    recover_access(
        ward.folder / "desk", (stick / RECOVERY_KEY).read_text(encoding="utf-8"), "nurse1", "a boat under the bridge"
    )
    from trialdesk.services.desk import sign_in

    ward.desk = sign_in(ward.folder / "desk", "nurse1", "a boat under the bridge", ward.clock, durable=False)
    assert ward.desk.session.user.id == "nurse1"
    assert ward.desk.subjects() == ("01-001",)


def test_a_service_takes_in_and_answers_and_does_nothing_else(ward: Ward, tmp_path: Path) -> None:
    seal(ward.centre)
    by = come(ward.centre, "admin1")
    with pytest.raises(KnownError, match="outside"):
        make_service_key(ward.centre, by, "intake", ward.centre.folder / "intake.key")
    file = tmp_path / "elsewhere" / "intake.key"
    file.parent.mkdir()
    make_service_key(ward.centre, by, "intake", file)
    assert file.stat().st_mode & 0o077 == 0
    ward.centre.attendance.leave()
    folder, sent = str(ward.centre.folder), ward.send()
    assert cli.main(["centre", "receive", folder, str(sent.path), "--service-key", str(file)]) == 0
    out = str(tmp_path / "receipts")
    assert cli.main(["centre", "receipts", folder, "--out", out, "--service-key", str(file)]) == 0
    centre = Centre.open(ward.centre.folder)
    assert serve(centre, file) == "intake"
    for name in ("tsa.key", ROOT_KEY):
        with pytest.raises(KnownError, match="is sealed"):
            centre.secret(name)
    with pytest.raises(KnownError, match="has not signed in"):
        Reviewer(centre, "dm1", Role.DATA_MANAGER).freeze("01-001", DM)
    for act in (
        lambda: centre.sign_document(b"%PDF", datetime.now().astimezone()),
        lambda: make_service_key(centre, by, "more", file),
        lambda: protect(centre, by, tmp_path / "stick"),
    ):
        with pytest.raises(KnownError, match="Nobody has signed in"):
            act()
    centre.close()
    noted = AuditTrail(ward.centre.engine).records(origin=LOCAL, kinds=("SessionNoted", "KeysChanged"))
    assert {(r.user, r.role) for r in noted} >= {("service:intake", "system"), ("admin1", "administrator")}
    by = come(ward.centre, "admin1")
    end_service_key(ward.centre, by, "intake")
    with pytest.raises(KnownError, match="There is no service"):
        end_service_key(ward.centre, by, "intake")
    assert cli.main(["centre", "receive", folder, str(sent.path), "--service-key", str(file)]) == 1


def test_processes_that_share_a_large_stick_are_lent_the_keys_and_nobodys_name(ward: Ward) -> None:
    seal(ward.centre)
    come(ward.centre, "dm1")
    sent = ward.send()
    intake_pool._open(ward.centre.folder, None, ward.centre.attendance.ring)
    lent, _ = intake_pool._OPENED.pop()
    (told,) = intake_pool._take(lent, [sent.path], None)
    assert told.intake is not None
    assert told.intake.taken
    with pytest.raises(KnownError, match="has not signed in"):
        Reviewer(lent, "dm1", Role.DATA_MANAGER).freeze("01-001", DM)
    lent.close()


def test_a_role_changed_or_ended_takes_the_keys_back(centre: Centre) -> None:
    seal(centre)
    come(centre, "admin1")
    people.change_role(centre, "admin1", "dm2", Role.MONITOR)
    people.change_role(centre, "admin1", "mon1", Role.DATA_MANAGER)
    people.deactivate(centre, "admin1", "dm1")
    again = Centre.open(centre.folder)
    come(again, "dm2")
    with pytest.raises(KnownError, match="is sealed"):
        again.secret(AGE)
    come(again, "mon1")
    assert again.secret(AGE)
    kept = json.loads((again.folder / PEOPLE).read_text(encoding="utf-8"))
    assert "dm1" not in kept["slots"]
    assert "person:dm1" not in kept["grants"]
    again.close()


def test_a_changed_or_swapped_sealed_key_is_named(centre: Centre) -> None:
    seal(centre)
    folder = centre.folder
    come(centre, "admin1")
    kept = (folder / KEY).read_bytes()
    (folder / KEY).write_bytes((folder / "tsa.key").read_bytes())
    with pytest.raises(KnownError, match="was changed"):
        centre.sign(b"a receipt")
    (folder / KEY).write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
    with pytest.raises(KnownError, match="was changed"):
        centre.sign(b"a receipt")
    (folder / KEY).write_bytes(kept)
    assert centre.sign(b"a receipt")


def test_a_centre_can_be_made_with_sealed_keys_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words, centre, stick = tmp_path / "words", tmp_path / "centre", tmp_path / "stick"
    words.write_text(f"{OWN}\n", encoding="utf-8")
    stick.mkdir()
    made = ["centre", "init", str(centre), "--recovery", str(stick)]
    assert cli.main(made) == 1
    assert "somebody who can open them" in capsys.readouterr().err
    assert cli.main([*made, "--administrator", "boss", "--new-passphrase-file", str(words)]) == 0
    assert "recovery key lies in" in capsys.readouterr().out
    assert plain_secrets(centre) == ()
    assert (stick / RECOVERY_KEY).is_file()
    assert cli.main(["ca", "crl", str(centre), "--as", "boss", "--passphrase-file", str(words)]) == 0
    assert cli.main(["centre", "status", str(centre)]) == 0
