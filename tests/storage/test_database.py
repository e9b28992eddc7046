"""What can go wrong around the database, and what people are told."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event

from tests.storage.conftest import KEY, SALT
from tests.strategies import entered
from trialdesk.errors import KnownError
from trialdesk.storage import migrations
from trialdesk.storage.audit_trail import AuditTrail
from trialdesk.storage.database import open_desk, read_meta, write_meta
from trialdesk.storage.document_store import Document
from trialdesk.storage.tables import SCHEMA


def test_nothing_is_readable_on_the_disk_from_the_first_record_on(path: Path, trail: AuditTrail) -> None:
    trail.append([entered(1, value="a telling value")])
    files = [file.read_bytes() for file in path.parent.iterdir()]
    assert len(files) >= 3, "the database, its log and its lock"
    for content in files:
        assert b"telling" not in content
        assert b"SQLite format" not in content
        assert b"nurse" not in content


def test_a_wrong_key_is_told_and_changes_nothing(path: Path, desk: Engine, trail: AuditTrail) -> None:
    trail.append([entered(1)])
    desk.dispose()
    before = path.read_bytes()
    with pytest.raises(KnownError, match="passphrase"):
        open_desk(path, b"x" * 32, SALT)
    assert path.read_bytes() == before
    open_desk(path, KEY, SALT).dispose()


def test_a_second_instance_is_sent_to_the_open_window(path: Path, desk: Engine) -> None:
    with pytest.raises(KnownError, match="already open"):
        open_desk(path, KEY, SALT)


def test_closing_lets_the_next_instance_in(path: Path, desk: Engine) -> None:
    desk.dispose()
    again = open_desk(path, KEY, SALT)
    assert read_meta(again)["schema"] == SCHEMA
    again.dispose()


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(KnownError, match="cannot be written"):
        open_desk(tmp_path / "file" / "desk.db", KEY, SALT)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="permissions do not bind root")
def test_a_read_only_folder_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(KnownError, match="cannot be written"):
        open_desk(tmp_path / "desk.db", KEY, SALT)


def test_a_damaged_file_is_told(path: Path, desk: Engine, trail: AuditTrail) -> None:
    trail.append([entered(seq) for seq in range(1, 200)])
    desk.dispose()
    content = bytearray(path.read_bytes())
    for at in range(5000, len(content), 4096):
        content[at] ^= 1
    path.write_bytes(content)
    with pytest.raises(KnownError, match="damaged"):
        list(AuditTrail(open_desk(path, KEY, SALT)).records())


def test_data_of_a_newer_program_is_left_alone(path: Path, desk: Engine) -> None:
    write_meta(desk, schema="99")
    desk.dispose()
    with pytest.raises(KnownError, match="newer TrialDesk"):
        open_desk(path, KEY, SALT)


def test_data_of_an_older_program_is_upgraded_once_and_keeps_its_records(
    path: Path, desk: Engine, trail: AuditTrail, monkeypatch: pytest.MonkeyPatch
) -> None:
    trail.append([entered(1)])
    write_meta(desk, schema="0")
    desk.dispose()
    steps: list[str] = []

    def add_column(connection: Connection) -> None:
        connection.exec_driver_sql("ALTER TABLE place ADD COLUMN note TEXT")
        steps.append("taken")

    monkeypatch.setattr(migrations, "STEPS", migrations.STEPS | {0: add_column})
    for _ in range(2):
        again = open_desk(path, KEY, SALT)
        assert read_meta(again)["schema"] == SCHEMA
        assert AuditTrail(again).verify().records == 1
        again.dispose()
    assert steps == ["taken"]


def test_the_desk_remembers_what_it_is(desk: Engine) -> None:
    write_meta(desk, origin="W1", study="NCT06141304")
    write_meta(desk, origin="W2")
    assert read_meta(desk) == {"schema": SCHEMA, "origin": "W2", "study": "NCT06141304"}


def test_a_full_disk_is_told_and_work_goes_on_once_there_is_room(path: Path) -> None:
    desk = open_desk(path, KEY, SALT)
    room = {"pages": 60}
    event.listen(desk, "checkout", lambda c, *_: c.execute(f"PRAGMA max_page_count = {room['pages']}"))
    trail = AuditTrail(desk)
    trail.append([entered(1)])
    with pytest.raises(KnownError, match="disk is full"):
        trail.append([entered(2)], [Document("crf", bytes(500_000))])
    assert trail.head("W1")[0] == 1, "the entry before is kept"
    room["pages"] = 100_000
    trail.append([entered(2)], [Document("crf", bytes(500_000))])
    assert trail.verify().whole
    assert trail.head("W1")[0] == 2
    desk.dispose()


WRITER = """
import sys
from pathlib import Path
from tests.strategies import entered
from trialdesk.storage import migrations
from trialdesk.storage.audit_trail import AuditTrail
from trialdesk.storage.database import open_desk
trail = AuditTrail(open_desk(Path(sys.argv[1]), b"k" * 32, b"s" * 16))
seq = trail.head("W1")[0]
while True:
    seq += 1
    trail.append([entered(seq, value=f"answer {seq}")])
    print(seq, flush=True)
"""


def test_whatever_was_acknowledged_is_there_after_the_program_was_killed(path: Path) -> None:
    acknowledged = 0
    for turn in range(15):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        assert writer.stdout is not None
        # The kill falls after a different number of records each time, anywhere within the next one.
        for _ in range(1 + turn * 7 % 23):
            acknowledged = int(writer.stdout.readline())
        writer.kill()
        # What was printed between the last line read and the kill was acknowledged as well.
        rest = writer.stdout.read().split("\n")[:-1]
        acknowledged = int(rest[-1]) if rest else acknowledged
        writer.wait()
        writer.stdout.close()
        desk = open_desk(path, KEY, SALT)
        trail = AuditTrail(desk)
        assert trail.verify().whole
        assert trail.head("W1")[0] >= acknowledged
        desk.dispose()
