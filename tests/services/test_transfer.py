"""Sending on a stick and hearing back."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scenario import Ward
from trialdesk.demo import DEMO_PASSPHRASE, NURSE
from trialdesk.domain.actions.outcome import Refusal
from trialdesk.errors import KnownError
from trialdesk.services.desk import sign_in
from trialdesk.services.transfer import send, standing, take_receipt


def test_nothing_is_called_received_before_the_signed_receipt(ward: Ward) -> None:
    ward.enrol()
    sent = ward.send()
    assert standing(ward.desk).accepted_to == 0
    assert standing(ward.desk).sent_to == sent.last
    taken = ward.receive(sent)
    assert taken.result == "accepted"
    assert standing(ward.desk).accepted_to == sent.last


def test_with_nothing_new_the_waiting_bundle_is_written_again_to_the_letter(ward: Ward) -> None:
    ward.enrol()
    first = ward.send()
    content = first.path.read_bytes()
    first.path.unlink()
    again = ward.send()
    assert again.path.read_bytes() == content
    assert again.number == first.number
    ward.receive(again)
    nothing = send(ward.desk, ward.folder)
    assert isinstance(nothing, Refusal)
    assert "中心已收到全部数据" in nothing.says.zh


def test_a_receipt_that_was_changed_is_not_believed(ward: Ward) -> None:
    ward.enrol()
    sent = ward.send()
    taken = ward.centre.receive(sent.path, ward.clock.now())
    for place in range(40, len(taken.receipt) - 40, max(1, len(taken.receipt) // 25)):
        content = bytearray(taken.receipt)
        content[place] ^= 1
        file = ward.folder / "receipt.tdr"
        file.write_bytes(bytes(content))
        try:
            take_receipt(ward.desk, file)
        except KnownError:
            continue
        assert standing(ward.desk).accepted_to == sent.last


def test_a_receipt_of_another_centre_is_refused(ward: Ward, tmp_path: Path) -> None:
    ward.enrol()
    ward.send()
    other = Ward(tmp_path / "other")
    other.enrol()
    sent = other.send()
    foreign = tmp_path / "foreign.tdr"
    foreign.write_bytes(other.centre.receive(sent.path, other.clock.now()).receipt)
    other.leave()
    with pytest.raises(KnownError):
        take_receipt(ward.desk, foreign)
    assert standing(ward.desk).accepted_to == 0


def test_a_bundle_of_a_desk_that_was_never_enrolled_is_refused(ward: Ward, tmp_path: Path) -> None:
    other = Ward(tmp_path / "other")
    other.enrol()
    sent = other.send()
    other.leave()
    with pytest.raises(KnownError):
        ward.centre.receive(sent.path, ward.clock.now())
    assert ward.centre.status().totals.records == 0


def test_a_copied_desk_is_set_aside_with_an_alarm(ward: Ward) -> None:
    ward.enrol("AAAA")
    ward.desk.close()
    shutil.copytree(ward.folder / "desk", ward.folder / "copy")
    ward.desk = sign_in(ward.folder / "desk", NURSE, DEMO_PASSPHRASE, ward.clock)
    ward.enrol("BBBB")
    ward.receive(ward.send())
    copy = sign_in(ward.folder / "copy", NURSE, DEMO_PASSPHRASE, ward.clock)
    assert isinstance(copy.enrol("CCCC"), str)
    stick = ward.folder / "stick2"
    stick.mkdir()
    sent = send(copy, stick)
    copy.close()
    assert not isinstance(sent, Refusal)
    taken = ward.centre.receive(sent.path, ward.clock.now())
    assert taken.result == "quarantined"
    assert len(ward.centre.status().quarantine) == 1


def test_a_stick_that_is_not_there_is_named(ward: Ward) -> None:
    ward.enrol()
    before = ward.desk.trail.head("W1")
    with pytest.raises(KnownError, match="Plug in the stick"):
        send(ward.desk, ward.folder / "nowhere")
    assert ward.desk.trail.head("W1") == before


def test_a_bundle_lists_no_personal_data_in_the_open(ward: Ward) -> None:
    ward.enrol("WXYZ")
    ward.open("SCR[1]/DM")
    ward.fill(BRTHDAT="1990-05-01")
    content = ward.send().path.read_bytes()
    for secret in (b"WXYZ", b"1990-05-01", b"01-001", b"BRTHDAT"):
        assert secret not in content


def test_a_form_can_be_signed_in_a_session_that_began_with_a_receipt(ward: Ward) -> None:
    """What reads a receipt must leave what signs a PDF able to; a process of its own, since imports are remembered."""
    ward.enrol()
    ward.open("SCR[1]/DM")
    ward.fill(BRTHDAT="1990-05-01", SEX="F")
    ward.complete()
    sent = ward.send()
    receipt = ward.folder / "receipt.tdr"
    receipt.write_bytes(ward.centre.receive(sent.path, ward.clock.now()).receipt)
    ward.desk.close()
    code = (
        "import sys; from pathlib import Path\n"
        "from trialdesk.domain.oid import FormPath\n"
        "from trialdesk.services.desk import sign_in\n"
        "from trialdesk.services.signing import Signed, certify, sign\n"
        "from trialdesk.services.transfer import take_receipt\n"
        "desk = sign_in(Path(sys.argv[1]), 'nurse1', sys.argv[3])\n"
        "take_receipt(desk, Path(sys.argv[2]))\n"
        "certify(desk, desk.casebook('01-001'), FormPath('SCR', 1, 'DM'), sys.argv[3])\n"
        "done = sign(desk, desk.casebook('01-001'), FormPath('SCR', 1, 'DM'), sys.argv[3], 'investigator1')\n"
        "assert isinstance(done, Signed), done\n"
        "desk.close()\n"
    )
    words = [sys.executable, "-c", code, str(ward.folder / "desk"), str(receipt), DEMO_PASSPHRASE]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    ward.desk = sign_in(ward.folder / "desk", NURSE, DEMO_PASSPHRASE, ward.clock)


def test_a_form_that_only_data_entry_has_signed_goes_along_until_the_investigator_signs(ward: Ward) -> None:
    ward.enrol()
    ward.open("SCR[1]/VS")
    ward.fill(WEIGHT="61.5")
    ward.complete()
    ward.certify()
    ward.receive(ward.send())
    assert ward.centre.status().documents == 1
    ward.sign()
    ward.receive(ward.send())
    assert ward.centre.status().documents == 2


def test_a_certified_form_that_was_signed_in_the_same_stretch_goes_as_the_signed_file_alone(ward: Ward) -> None:
    ward.enrol()
    ward.open("SCR[1]/VS")
    ward.fill(WEIGHT="61.5")
    ward.complete()
    ward.sign()
    ward.receive(ward.send())
    assert ward.centre.status().documents == 1


def test_a_bundle_another_desk_wrote_under_the_same_number_stays_on_the_stick(ward: Ward) -> None:
    ward.enrol()
    stick = ward.folder / "stick"
    stick.mkdir(exist_ok=True)
    before = stick / "01_W1_000001.tdb"
    before.write_bytes(b"what the desk sent before it was restored from an older backup")
    sent = send(ward.desk, stick)
    assert not isinstance(sent, Refusal)
    assert sent.path.name == "01_W1_000001-2.tdb"
    assert before.read_bytes().startswith(b"what the desk sent")
    again = send(ward.desk, stick)
    assert not isinstance(again, Refusal)
    assert sorted(path.name for path in stick.glob("*-3.tdb")) == []
