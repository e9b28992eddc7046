"""From a backup file back to a desk: looked through, unpacked, every seal checked, and noted as restored."""

from __future__ import annotations

import hashlib
import json
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trialdesk.domain.admin.role import Role
from trialdesk.domain.clinical.changes import SessionNoted
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.backup import FORMAT, MANIFEST, PARTS, SUFFIX, VERSION
from trialdesk.services.clock import Clock
from trialdesk.services.desk import DESK_FILE, TRUST_FOLDER


@dataclass(frozen=True)
class BackupFile:
    """A backup whose parts are as they were written; nothing is decrypted yet."""

    path: Path
    origin: str
    site: str
    up_to: int
    head: str
    made: str
    parts: dict[str, bytes]


@dataclass(frozen=True)
class Restored:
    """A desk that works again: how far its records reach, and how far the centre has confirmed them."""

    home: Path
    origin: str
    up_to: int
    made: str
    accepted_to: int

    @property
    def says(self) -> Text:
        """What was restored and what to do now."""
        return Text(
            en="Restored {origin} up to record {up_to}, as it stood at {made} UTC. What was entered after that is not in "
            "this backup: compare with the paper, and send a bundle to the centre, which says whether it holds more.",
            zh="已将 {origin} 恢复至第 {up_to} 号记录（备份时间 {made} UTC）。此后录入的内容不在本备份中："
            "请与纸质记录核对，并向中心发送数据包，由中心说明是否存有更多记录。",
        ).format(origin=self.origin, up_to=self.up_to, made=self.made[:16].replace("T", " "))


def read_backup(path: Path) -> BackupFile:
    """Look through a backup file; raises KnownError for one that is none, damaged, cut short or of a newer TrialDesk."""
    from trialdesk.exchange.envelope import read_file, unpack

    parts = unpack(path.name, read_file(path), PARTS)
    try:
        about: dict[str, Any] = json.loads(parts.pop(MANIFEST))
        if about["format"] != FORMAT:
            raise KnownError(_NOT_A_BACKUP.format(name=path.name))
        if about["version"] > VERSION:
            raise KnownError(_NEWER.format(name=path.name))
        same = {name: hashlib.sha256(content).hexdigest() for name, content in parts.items()} == about["files"]
        found = BackupFile(path, about["origin"], about["site"], about["up_to"], about["head"], about["made"], parts)
    except (ValueError, KeyError, TypeError) as fault:
        raise KnownError(_DAMAGED.format(name=path.name)) from fault
    if not same:
        raise KnownError(_DAMAGED.format(name=path.name))
    return found


def newest_backup(folder: Path) -> Path:
    """The newest backup of a folder or stick; raises KnownError when it holds none."""
    found = sorted(folder.glob(f"*{SUFFIX}"), key=lambda path: path.stem.split("_")[2:])
    if not found:
        raise KnownError(_NONE_THERE.format(folder=folder))
    return found[-1]


def unpack_backup(backup: BackupFile, home: Path) -> None:
    """Lay the parts of a backup out as a desk in an empty folder; raises KnownError when it cannot be written."""
    from trialdesk.services.desk_setup import take_empty, write_file

    take_empty(home)
    (home / TRUST_FOLDER).mkdir()
    for name, content in backup.parts.items():
        write_file(home / name, content)


def restore(path: Path, home: Path, user: str, passphrase: str, clock: Clock | None = None) -> Restored:
    """Make a desk of a backup in an empty folder, in an administrator's name.

    The desk gets a new epoch and a record of the restore, without which the centre would take it for a copy. Raises
    KnownError, and leaves the folder empty, when the file is damaged, a seal does not hold, or the person may not.
    """
    from trialdesk.services.desk import sign_in
    from trialdesk.services.transfer import standing
    from trialdesk.storage.database import write_meta

    backup = read_backup(newest_backup(path) if path.is_dir() else path)
    roles = {one["id"]: one["role"] for one in json.loads(backup.parts[DESK_FILE])["users"]}
    if roles.get(user) != Role.ADMINISTRATOR:
        raise KnownError(_NOT_PERMITTED.format(user=user))
    unpack_backup(backup, home)
    try:
        desk = sign_in(home, user, passphrase, clock)
        try:
            verdict = desk.verify()
            # Signing in has added a record already; what the backup announced must stand right before it.
            held = {seq: sealed for seq, _, sealed in desk.trail.lines(backup.origin, backup.up_to, backup.up_to)}
            if not verdict.whole or held.get(backup.up_to) != backup.head:
                raise KnownError(_NOT_WHOLE.format(name=backup.path.name))
            write_meta(desk.engine, epoch=str(uuid.uuid4()))
            note = f"{backup.path.name}, records 1 to {backup.up_to}, made {backup.made}"
            desk.session.record([SessionNoted(what="restored", detail=note)])
            return Restored(home, backup.origin, backup.up_to, backup.made, standing(desk).accepted_to)
        finally:
            desk.close()
    except BaseException:
        for entry in home.iterdir():
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        raise


def restore_from_command(path: Path, home: Path, user: str) -> str:
    """What `trialdesk restore` does."""
    from trialdesk.services.desk import ask_passphrase

    done = restore(path, home, user, ask_passphrase())
    return f"{done.says.en}\n{done.says.zh}\ndesk {done.home}; the centre has confirmed records 1 to {done.accepted_to}"


_NOT_A_BACKUP = Text(
    en="{name} is not a backup of a desk. Choose the .tdk file that TrialDesk wrote.",
    zh="{name} 不是工作台的备份。请选择由 TrialDesk 写出的 .tdk 文件。",
)
_NEWER = Text(
    en="{name} was written by a newer TrialDesk. Install the newer version, then restore again.",
    zh="{name} 由更新版本的 TrialDesk 写出。请安装新版本后再恢复。",
)
_DAMAGED = Text(
    en="{name} is damaged: its parts are not as they were written. Nothing was restored. Use an older backup.",
    zh="{name} 已损坏，内容与写出时不符。未恢复任何内容。请使用更早的备份。",
)
_NONE_THERE = Text(
    en="There is no backup in {folder}. Choose the folder or stick the backups were written to.",
    zh="{folder} 中没有备份。请选择存放备份的文件夹或 U 盘。",
)
_NOT_PERMITTED = Text(
    en="{user} may not restore a desk; an administrator of this desk may. Nothing was written.",
    zh="{user} 无权恢复工作台，须由本工作台的系统管理员操作。未写入任何内容。",
)
_NOT_WHOLE = Text(
    en="{name} was opened, and its records do not follow from one another. Nothing was restored. Use an older backup.",
    zh="{name} 已打开，但其记录的封印不连续。未恢复任何内容。请使用更早的备份。",
)
