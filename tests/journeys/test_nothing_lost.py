"""Nothing acknowledged is ever lost: the program killed, the disk full, the stick pulled out, the clock set back."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from tests.scenario import ZONE, Ward
from trialdesk.demo import DEMO_PASSPHRASE, NURSE
from trialdesk.errors import KnownError
from trialdesk.exchange import envelope
from trialdesk.services.backup import back_up, backup_state
from trialdesk.services.desk import sign_in
from trialdesk.services.transfer import send, standing, take_receipt


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    opened = Ward(tmp_path)
    opened.enrol()
    opened.open("SCR[1]/VS")
    yield opened
    opened.leave()


NURSE_AT_WORK = """
import sys
from pathlib import Path
from trialdesk.domain.clinical.audit_record import Reason
from trialdesk.domain.oid import ItemPath
from trialdesk.services.desk import sign_in
desk = sign_in(Path(sys.argv[1]), "nurse1", sys.argv[2])
casebook = desk.casebook("01-001")
path = ItemPath.parse(sys.argv[3])
n = int(sys.argv[4])
while True:
    n += 1
    written = casebook.enter(path, f"{40 + n % 60}.{n // 60 % 10}", reason=Reason(code="SOURCE"))
    # The answer that was on its way when the last one was killed may be there already: then nothing changes.
    if written:
        print(written[0].id, written[0].change.value, n, flush=True)
"""


def test_every_answer_that_was_acknowledged_survives_the_program_being_killed(ward: Ward) -> None:
    path = ward.path("WEIGHT")
    ward.desk.close()
    acknowledged: list[tuple[str, str]] = []
    n = 0
    for turn in range(4):
        words = [sys.executable, "-c", NURSE_AT_WORK, str(ward.folder / "desk"), DEMO_PASSPHRASE, str(path), str(n)]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        nurse = subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True)
        assert nurse.stdout is not None
        said = [nurse.stdout.readline() for _ in range(1 + turn * 13 % 29)]
        nurse.kill()
        said += nurse.stdout.read().splitlines(keepends=True)
        nurse.wait()
        nurse.stdout.close()
        for line in said:
            if line.endswith("\n"):
                name, value, number = line.split()
                acknowledged.append((name, value))
                n = int(number)
        desk = sign_in(ward.folder / "desk", NURSE, DEMO_PASSPHRASE)
        try:
            assert desk.verify().whole
            kept = {r.id: getattr(r.change, "value", None) for r in desk.trail.records(subject="01-001")}
            assert all(kept[name] == value for name, value in acknowledged)
        finally:
            desk.close()
    assert len(acknowledged) > 4
    ward.desk = sign_in(ward.folder / "desk", NURSE, DEMO_PASSPHRASE, ward.clock)


@contextmanager
def full(ward: Ward) -> Iterator[None]:
    """The disk has room for nothing more than what the database has already."""
    room = {"pages": 0}

    def limit(connection: object, *_: object) -> None:
        if not room["pages"]:
            room["pages"] = connection.execute("PRAGMA page_count").fetchone()[0]  # type: ignore[attr-defined]
        connection.execute(f"PRAGMA max_page_count = {room['pages']}")  # type: ignore[attr-defined]

    event.listen(ward.desk.engine, "checkout", limit)
    try:
        yield
    finally:
        event.remove(ward.desk.engine, "checkout", limit)
        with ward.desk.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1000000")


def fill_up(ward: Ward) -> None:
    """Enter answers until the disk refuses."""
    with pytest.raises(KnownError, match="disk is full") as told:
        enter_for_ever(ward)
    assert "磁盘已满" in told.value.text.zh


def enter_for_ever(ward: Ward) -> None:
    for number in range(2000):
        ward.casebook.enter(ward.path("WEIGHT"), f"{40 + number % 60}.{number // 60 % 10}")


def test_on_a_full_disk_every_act_is_refused_in_words_and_goes_through_once_there_is_room(ward: Ward) -> None:
    for name in ("HEIGHT", "TEMP", "SYSBP", "DIABP", "PULSE", "ECOG"):
        ward.enter(name, {"HEIGHT": "170", "TEMP": "36.6", "ECOG": "1"}.get(name, "80"))
    sent = ward.send()
    receipt = ward.folder / "receipt.tdr"
    receipt.write_bytes(ward.centre.receive(sent.path, ward.clock.now()).receipt)
    acts: dict[str, Callable[[], object]] = {
        "complete": ward.complete,
        "certify": ward.certify,
        "sign": ward.sign,
        "send": ward.send,
        "receipt": lambda: take_receipt(ward.desk, receipt),
        "enrol": lambda: ward.enrol("BBBB"),
    }
    with full(ward):
        fill_up(ward)
        standing_value = ward.casebook.data.value(ward.path("WEIGHT"))
        head = ward.desk.trail.head("W1")
        with pytest.raises(KnownError, match="disk is full"):
            acts["complete"]()
        with pytest.raises(KnownError, match="disk is full"):
            send(ward.desk, ward.folder / "stick")
        for _ in range(20):
            with pytest.raises(KnownError, match="disk is full"):
                ward.desk.enrol("BBBB")
        assert ward.desk.trail.head("W1") == head
        assert ward.casebook.data.value(ward.path("WEIGHT")) == standing_value
    for name in ("complete", "certify"):
        acts[name]()
    with full(ward), pytest.raises(KnownError, match="disk is full"):
        ward.sign()
    assert ward.casebook.data.forms[ward.form].signature is None
    for name in ("sign", "send", "receipt", "enrol"):
        acts[name]()
    assert ward.desk.verify().whole
    assert standing(ward.desk).accepted_to == sent.last
    again = ward.desk.session.data("01-001")
    assert again.value(ward.path("WEIGHT")) == standing_value


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.ENODEV])
def test_a_stick_that_fails_in_the_middle_leaves_no_half_file_and_loses_nothing(
    ward: Ward, fault: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ward.enter("WEIGHT", "62.0")
    stick = ward.folder / "stick"
    stick.mkdir()
    with monkeypatch.context() as broken:

        def fsync(handle: int) -> None:
            raise OSError(fault, os.strerror(fault))

        broken.setattr(envelope.os, "fsync", fsync)
        for act in (lambda: send(ward.desk, stick), lambda: back_up(ward.desk, stick)):
            with pytest.raises(KnownError, match="Nothing is lost on this computer") as told:
                act()
            assert "U 盘" in told.value.text.zh
    assert list(stick.iterdir()) == []
    assert backup_state(ward.desk).at is None
    written = ward.send()
    assert ward.receive(written).result == "accepted"
    assert back_up(ward.desk, stick).up_to == ward.desk.trail.head("W1")[0] - 1


def test_a_clock_set_back_is_recorded_once_and_stops_nothing(ward: Ward) -> None:
    ward.enter("WEIGHT", "62.0")
    ward.clock.moment = datetime(2026, 3, 1, 9, tzinfo=ZONE)
    ward.enter("HEIGHT", "170")
    ward.enter("TEMP", "36.6")
    flags = list(ward.desk.trail.records(kinds=("ClockFlagged",)))
    assert len(flags) == 1
    assert ward.desk.verify().whole
    order = [r.seq for r in ward.desk.trail.records(origin="W1")]
    assert order == sorted(order), "the numbers keep the order, whatever the clock says"
    ward.clock.put(datetime(2026, 3, 3, 9, tzinfo=ZONE) + timedelta(hours=1))
    assert ward.receive(ward.send()).result == "accepted"


def test_a_second_window_on_the_same_desk_is_sent_to_the_first(ward: Ward) -> None:
    with pytest.raises(KnownError, match="already open") as told:
        sign_in(ward.folder / "desk", NURSE, DEMO_PASSPHRASE)
    assert "已打开" in told.value.text.zh
    ward.enter("WEIGHT", "62.0")
