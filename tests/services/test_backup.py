"""A backup that was opened and found whole, and a desk made of it again."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from tests.scenario import Ward
from trialdesk import cli
from trialdesk.demo import ADMINISTRATOR, DEMO_PASSPHRASE, INVESTIGATOR, NURSE
from trialdesk.errors import KnownError
from trialdesk.security import key_slots
from trialdesk.services import backup
from trialdesk.services.backup import back_up, back_up_if_due, backup_sentence, backup_state, choose_folder, is_late
from trialdesk.services.credential import open_credential
from trialdesk.services.desk import KEYS_FILE, sign_in
from trialdesk.services.recovery import recover_access
from trialdesk.services.restoring import read_backup, restore
from trialdesk.services.signing import Signed, sign
from trialdesk.services.transfer import SentBundle, send
from trialdesk.services.verdicts import verify_files
from trialdesk.storage import database


@pytest.fixture
def stick(ward: Ward) -> Path:
    """A second stick, for backups."""
    place = ward.folder / "backup-stick"
    place.mkdir()
    return place


def demographics(ward: Ward) -> None:
    ward.enrol()
    ward.open("SCR[1]/DM")
    ward.fill(BRTHDAT="1990-05-01", SEX="F")


def test_a_backup_holds_every_record_and_is_read_back_before_it_counts(ward: Ward, stick: Path) -> None:
    demographics(ward)
    head = ward.desk.trail.head("W1")[0]
    made = back_up(ward.desk, stick)
    assert made.up_to == head
    assert [file.name for file in stick.iterdir()] == [made.path.name], "and no half file beside it"
    assert read_backup(made.path).up_to == head
    trail = read_backup(made.path).parts["trail.db"]
    for secret in (b"1990-05-01", b"BRTHDAT", b"01-001", b"SQLite format"):
        assert secret not in trail


def test_the_age_of_the_backup_is_said_in_both_languages(ward: Ward, stick: Path) -> None:
    demographics(ward)
    said = backup_sentence(backup_state(ward.desk), ward.clock.now())
    assert (said.en, said.zh) == ("No backup yet", "尚无备份")
    assert is_late(backup_state(ward.desk), ward.clock.now())
    back_up(ward.desk, stick)
    assert backup_state(ward.desk).since == 0
    ward.later(minutes=26)
    ward.enter("ETHNIC", "HAN")
    state = backup_state(ward.desk)
    assert backup_sentence(state, ward.clock.now()).zh == "26 分钟前备份"
    assert state.since == 1
    assert not is_late(state, ward.clock.now())
    ward.later(hours=30)
    assert is_late(state, ward.clock.now())
    assert backup_sentence(state, ward.clock.now()).en == "Backup 30 h ago"


def test_work_is_backed_up_by_itself_every_half_hour_and_never_without_need(ward: Ward, stick: Path) -> None:
    choose_folder(ward.desk, stick)
    demographics(ward)
    assert back_up_if_due(ward.desk) is not None
    assert back_up_if_due(ward.desk) is None, "nothing was added"
    ward.enter("ETHNIC", "HAN")
    assert back_up_if_due(ward.desk) is None, "not half an hour old"
    ward.later(minutes=31)
    assert back_up_if_due(ward.desk) is not None
    assert len(list(stick.iterdir())) == 2


def test_only_the_newest_backups_stay(ward: Ward, stick: Path) -> None:
    ward.enrol()
    made = []
    for _ in range(backup.KEPT + 2):
        ward.later(minutes=1)
        made.append(back_up(ward.desk, stick).path.name)
    assert sorted(file.name for file in stick.iterdir()) == made[2:]


def test_a_stick_that_is_out_is_named_and_the_last_backup_stays_the_last(ward: Ward, stick: Path) -> None:
    ward.enrol()
    choose_folder(ward.desk, stick)
    back_up(ward.desk)
    before = backup_state(ward.desk)
    shutil.move(stick, ward.folder / "pocket")
    with pytest.raises(KnownError, match="Plug in the stick") as fault:
        back_up(ward.desk, stick)
    assert "请插入 U 盘" in fault.value.text.zh
    assert backup_state(ward.desk).at == before.at
    assert back_up(ward.desk).path.parent == ward.folder / "desk-backup", "meanwhile backups go beside the desk"
    assert [entry.name for entry in ward.desk.home.iterdir() if entry.name.startswith("backup-")] == []


def test_a_copy_whose_seals_do_not_hold_is_no_backup(ward: Ward, stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.storage.test_audit_trail import tamper_with

    demographics(ward)
    plain = database.snapshot

    def faulty(engine: object, target: Path, key: bytes, salt: bytes) -> None:
        plain(engine, target, key, salt)  # type: ignore[arg-type]
        tamper_with(target, key, salt, "UPDATE audit_record SET seal = upper(seal) WHERE seq = 5")

    monkeypatch.setattr(database, "snapshot", faulty)
    with pytest.raises(KnownError, match="a seal does not hold"):
        back_up(ward.desk, stick)
    assert list(stick.iterdir()) == []


def test_a_desk_made_of_a_backup_has_every_answer_and_the_centre_takes_its_bundles(ward: Ward, stick: Path) -> None:
    demographics(ward)
    ward.receive(ward.send())
    was = ward.desk.session.data("01-001")
    made = back_up(ward.desk, stick)
    ward.desk.close()
    shutil.rmtree(ward.folder / "desk")
    ward.later(hours=2)
    done = restore(stick, ward.folder / "desk", ADMINISTRATOR, DEMO_PASSPHRASE, ward.clock)
    assert (done.up_to, done.origin) == (made.up_to, "W1")
    assert done.accepted_to > 0
    ward.desk = sign_in(ward.folder / "desk", NURSE, DEMO_PASSPHRASE, ward.clock)
    assert ward.desk.session.data("01-001") == was
    assert ward.desk.verify().whole
    ward.enter("ETHNIC", "HAN")
    taken = ward.receive(ward.send())
    assert taken.result == "accepted"
    assert ward.centre.status().quarantine == ()


def test_a_desk_restored_from_an_older_state_than_the_centre_holds_is_set_aside(ward: Ward, stick: Path) -> None:
    demographics(ward)
    back_up(ward.desk, stick)
    ward.enter("ETHNIC", "HAN")
    ward.receive(ward.send())
    ward.desk.close()
    shutil.rmtree(ward.folder / "desk")
    ward.later(hours=2)
    restore(stick, ward.folder / "desk", ADMINISTRATOR, DEMO_PASSPHRASE, ward.clock)
    ward.desk = sign_in(ward.folder / "desk", NURSE, DEMO_PASSPHRASE, ward.clock)
    ward.enter("ETHNIC", "HAN")
    sent = send(ward.desk, ward.folder / "stick")
    assert isinstance(sent, SentBundle)
    taken = ward.centre.receive(sent.path, ward.clock.now())
    assert taken.result == "quarantined"
    assert "set back" in taken.says.en


def test_only_an_administrator_restores_and_a_refusal_leaves_the_folder_empty(ward: Ward, stick: Path) -> None:
    ward.enrol()
    made = back_up(ward.desk, stick)
    place = ward.folder / "new"
    with pytest.raises(KnownError, match="an administrator of this desk may"):
        restore(made.path, place, NURSE, DEMO_PASSPHRASE, ward.clock)
    with pytest.raises(KnownError, match="passphrase does not fit"):
        restore(made.path, place, ADMINISTRATOR, "wrong passphrase", ward.clock)
    assert list(place.iterdir()) == []


def test_a_damaged_backup_is_refused_wherever_the_damage_lies(ward: Ward, stick: Path) -> None:
    ward.enrol()
    made = back_up(ward.desk, stick)
    content = made.path.read_bytes()
    for place in range(60, len(content) - 60, len(content) // 23):
        changed = bytearray(content)
        changed[place] ^= 1
        made.path.write_bytes(changed)
        with pytest.raises(KnownError):
            restore(made.path, ward.folder / "new", ADMINISTRATOR, DEMO_PASSPHRASE, ward.clock)
        assert not (ward.folder / "new").exists() or list((ward.folder / "new").iterdir()) == []
    made.path.write_bytes(content[: len(content) // 2])
    with pytest.raises(KnownError, match="cut short"):
        read_backup(made.path)


def test_the_commands_back_up_judge_and_restore(
    ward: Ward, stick: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    demographics(ward)
    ward.desk.close()
    monkeypatch.setenv("TRIALDESK_PASSPHRASE", DEMO_PASSPHRASE)
    home = str(ward.folder / "desk")
    assert cli.main(["backup", str(stick), "--home", home, "--user", NURSE, "--keep"]) == 0
    assert "every seal checked" in capsys.readouterr().out
    file = next(stick.iterdir())
    monkeypatch.setenv("TRIALDESK_USER", NURSE)
    assert cli.main(["verify", str(file)]) == 0
    assert cli.main(["restore", str(stick), str(ward.folder / "again"), "--user", ADMINISTRATOR]) == 0
    assert verify_files([ward.folder / "again"], None)[0].ok
    file.write_bytes(file.read_bytes()[:-200])
    assert cli.main(["verify", str(file)]) == 1
    ward.desk = sign_in(ward.folder / "desk", NURSE, DEMO_PASSPHRASE, ward.clock)


def test_the_centres_offline_key_lets_a_person_in_again_and_cannot_sign_for_them(ward: Ward) -> None:
    demographics(ward)
    ward.complete()
    ward.desk.close()
    home = ward.folder / "desk"
    identity = (ward.folder / "centre" / "recovery.age").read_text(encoding="utf-8")
    new = "another long passphrase"
    recover_access(home, identity, INVESTIGATOR, new, clock=ward.clock)
    assert key_slots.open_slot(home / KEYS_FILE, INVESTIGATOR, new).signing_key is None
    with pytest.raises(KnownError, match="does not fit"):
        key_slots.open_slot(home / KEYS_FILE, INVESTIGATOR, DEMO_PASSPHRASE)
    ward.desk = sign_in(home, NURSE, DEMO_PASSPHRASE, ward.clock)
    with pytest.raises(KnownError, match="no signing certificate"):
        open_credential(ward.desk, INVESTIGATOR, new)
    ward.desk.close()
    recover_access(home, identity, INVESTIGATOR, new, ward.centre.enrolment_of_people(), ward.clock)
    ward.desk = sign_in(home, NURSE, DEMO_PASSPHRASE, ward.clock)
    ward.certify()
    signed = sign(ward.desk, ward.casebook, ward.form, new, INVESTIGATOR)
    assert isinstance(signed, Signed)
    notes = [r for r in ward.desk.trail.records(kinds=("SessionNoted",)) if '"recovered"' in r.model_dump_json()]
    assert [(r.user, r.role) for r in notes] == [("SYSTEM", "system")] * 2
    assert ward.desk.verify().whole


def test_the_offline_key_of_another_centre_opens_nothing(ward: Ward, tmp_path: Path) -> None:
    ward.desk.close()
    other = Ward(tmp_path / "other")
    identity = (tmp_path / "other" / "centre" / "recovery.age").read_text(encoding="utf-8")
    other.leave()
    before = (ward.folder / "desk" / KEYS_FILE).read_bytes()
    with pytest.raises(KnownError):
        recover_access(ward.folder / "desk", identity, NURSE, "another long passphrase", clock=ward.clock)
    assert (ward.folder / "desk" / KEYS_FILE).read_bytes() == before
    ward.desk = sign_in(ward.folder / "desk", NURSE, DEMO_PASSPHRASE, ward.clock)


def test_the_recover_command_asks_for_nothing_it_was_given(
    ward: Ward, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ward.desk.close()
    words = ward.folder / "new.txt"
    words.write_text(f"{NURSE}=another long passphrase\n", encoding="utf-8")
    given = ["recover", str(ward.folder / "desk"), "--identity", str(ward.folder / "centre" / "recovery.age")]
    assert (
        cli.main([*given, "--user", NURSE, "--passphrases", str(words), "--centre", str(ward.folder / "centre")]) == 0
    )
    assert "may sign in" in capsys.readouterr().out
    assert json.loads((ward.folder / "desk" / KEYS_FILE).read_text(encoding="utf-8"))["users"][NURSE]["key"]
    ward.desk = sign_in(ward.folder / "desk", NURSE, "another long passphrase", ward.clock)
    assert ward.clock.now() - ward.clock.moment <= timedelta(seconds=1)
