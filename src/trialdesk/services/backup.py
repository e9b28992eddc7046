"""The desk in one encrypted file on a second folder or a stick: made while work goes on, opened and checked at once."""

from __future__ import annotations

import hashlib
import json
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from trialdesk.domain.clinical.audit_record import stamp
from trialdesk.domain.clinical.changes import SessionNoted
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.desk import DESK_FILE, KEYS_FILE, STUDY_FILE, TRAIL_FILE, TRUST_FOLDER, OpenDesk

MANIFEST = "manifest.json"
ROOT_FILE = f"{TRUST_FOLDER}/root.pem"
PARTS = (MANIFEST, DESK_FILE, KEYS_FILE, STUDY_FILE, ROOT_FILE, TRAIL_FILE)
FORMAT, VERSION = "trialdesk-backup", 1
SUFFIX = ".tdk"
KEPT = 5
"""How many backups of a workstation stay in a folder; the oldest goes when a newer one has been checked."""
EVERY = timedelta(minutes=30)
"""How long work may go on before the next backup is made by itself."""
LATE = timedelta(days=1)
"""From this age on the desk warns."""


@dataclass(frozen=True)
class BackupState:
    """The last backup of a desk and what was written since; `at` is None before the first."""

    folder: Path
    at: datetime | None
    file: str
    up_to: int
    since: int


@dataclass(frozen=True)
class MadeBackup:
    """A backup that was written, read back, opened and found whole up to record `up_to`."""

    path: Path
    up_to: int
    size: int
    at: str


def backup_folder(desk: OpenDesk) -> Path:
    """Where backups go now: the folder or stick that was chosen while it is there, else a folder beside the desk."""
    chosen = desk.meta.get("backup_folder")
    if chosen and Path(chosen).is_dir():
        return Path(chosen)
    return desk.home.with_name(f"{desk.home.name}-backup")


def choose_folder(desk: OpenDesk, folder: Path) -> None:
    """Let backups go to another folder or stick from now on."""
    _remember(desk, backup_folder=str(folder))


def backup_state(desk: OpenDesk) -> BackupState:
    """How old the last backup is and how many records it does not hold."""
    said = desk.meta.get("backup_at")
    up_to = int(desk.meta.get("backup_to", "0"))
    # The note of the backup itself is the one record that it cannot hold.
    since = (
        max(0, desk.trail.head(desk.session.origin)[0] - up_to - 1) if said else desk.trail.head(desk.session.origin)[0]
    )
    at = datetime.fromisoformat(said) if said else None
    return BackupState(backup_folder(desk), at, desk.meta.get("backup_file", ""), up_to, since)


def backup_sentence(state: BackupState, now: datetime) -> Text:
    """The age of the last backup, as the status bar says it."""
    if state.at is None:
        return Text(en="No backup yet", zh="尚无备份")
    minutes = max(0, int((now - state.at).total_seconds() // 60))
    if minutes < 1:
        return Text(en="Backup just now", zh="刚刚备份")
    if minutes < 60:
        return Text(en="Backup {n} min ago", zh="{n} 分钟前备份").format(n=minutes)
    if minutes < 48 * 60:
        return Text(en="Backup {n} h ago", zh="{n} 小时前备份").format(n=minutes // 60)
    return Text(en="Backup {n} days ago", zh="{n} 天前备份").format(n=minutes // 1440)


def is_late(state: BackupState, now: datetime) -> bool:
    """True when there are records that no backup of the last day holds."""
    return state.since > 0 and (state.at is None or now - state.at > LATE)


def is_due(state: BackupState, now: datetime) -> bool:
    """True when the next backup should be made by itself."""
    return state.since > 0 and (state.at is None or now - state.at >= EVERY)


def back_up(desk: OpenDesk, folder: Path | None = None) -> MadeBackup:
    """Make a backup and note it; see `make_backup` and `note_backup`."""
    return note_backup(desk, make_backup(desk, folder))


def make_backup(desk: OpenDesk, folder: Path | None = None) -> MadeBackup:
    """Write the whole desk into one file, read it back, open the copy and check every seal.

    The file opens with the passphrases of this desk and nothing else. It stands under its name only when it was found
    whole. Nothing is recorded, so this may run beside a person at work. Raises KnownError when the folder is not
    there, full, or cannot be written.
    """
    from trialdesk.exchange.envelope import pack, write_durably
    from trialdesk.storage.database import snapshot

    place = folder or backup_folder(desk)
    _ready(place, chosen=folder is not None)
    now = desk.session.clock.now()
    with tempfile.TemporaryDirectory(prefix="backup-", dir=desk.home, ignore_cleanup_errors=True) as inside:
        copy = Path(inside) / TRAIL_FILE
        snapshot(desk.engine, copy, desk.unlocked.dek, desk.unlocked.salt)
        up_to, head = _check(desk, copy)
        parts = {name: (desk.home / name).read_bytes() for name in PARTS[1:-1]} | {TRAIL_FILE: copy.read_bytes()}
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "study": desk.study.oid,
        "site": desk.session.site,
        "origin": desk.session.origin,
        "epoch": desk.epoch,
        "up_to": up_to,
        "head": head,
        "made": stamp(now)[0],
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in parts.items()},
    }
    content = pack({MANIFEST: json.dumps(manifest, indent=1).encode()} | parts)
    path = place / f"{desk.session.site}_{desk.session.origin}_{now:%Y%m%d-%H%M%S}_{up_to:06d}{SUFFIX}"
    write_durably(path, content)
    return MadeBackup(path, up_to, len(content), stamp(now)[0])


def note_backup(desk: OpenDesk, made: MadeBackup) -> MadeBackup:
    """Record a backup in the trail, remember its age, and let the oldest ones go."""
    desk.session.record([SessionNoted(what="backed_up", detail=f"{made.path.name}, records 1 to {made.up_to}")])
    _remember(desk, backup_at=made.at, backup_to=str(made.up_to), backup_file=made.path.name)
    _thin_out(made.path.parent, desk)
    return made


def back_up_if_due(desk: OpenDesk) -> MadeBackup | None:
    """Make the next backup by itself when work went on for a while since the last; None when there is no need."""
    return back_up(desk) if is_due(backup_state(desk), desk.session.clock.now()) else None


def _ready(place: Path, chosen: bool) -> None:
    """A folder named just now must be there, since a stick may be out; the one beside the desk is made."""
    if place.is_dir():
        return
    if chosen:
        raise KnownError(_NO_FOLDER.format(folder=place))
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise KnownError(_NO_FOLDER.format(folder=place)) from fault


def _check(desk: OpenDesk, copy: Path) -> tuple[int, str]:
    """Open the copy as a restore would and check every seal; returns number and seal of its last record."""
    from trialdesk.storage.audit_trail import AuditTrail
    from trialdesk.storage.database import open_desk

    engine = open_desk(copy, desk.unlocked.dek, desk.unlocked.salt)
    try:
        verdict = AuditTrail(engine).verify()
    finally:
        engine.dispose()
    held = verdict.heads.get(desk.session.origin)
    if not verdict.whole or held is None:
        raise KnownError(_NOT_WHOLE)
    return held


def _remember(desk: OpenDesk, **values: str) -> None:
    from trialdesk.storage.database import write_meta

    write_meta(desk.engine, **values)
    desk.meta.update(values)


def _thin_out(place: Path, desk: OpenDesk) -> None:
    mine = sorted(place.glob(f"{desk.session.site}_{desk.session.origin}_*{SUFFIX}"))
    for old in mine[:-KEPT]:
        old.unlink(missing_ok=True)


def back_up_from_command(home: Path, user: str, folder: Path, keep: bool) -> str:
    """What `trialdesk backup` does: sign in, write, check, say what was written."""
    from trialdesk.services.desk import sign_in_from_command

    desk = sign_in_from_command(home, user)
    try:
        if keep:
            choose_folder(desk, folder)
        made = back_up(desk, folder)
    finally:
        desk.close()
    return f"wrote {made.path}: records 1 to {made.up_to}, {made.size / 1e6:.1f} MB, opened and every seal checked"


_NO_FOLDER = Text(
    en="The backup folder {folder} is not there. Plug in the stick, or choose another folder for backups.",
    zh="找不到备份文件夹 {folder}。请插入 U 盘，或另选备份文件夹。",
)
_NOT_WHOLE = Text(
    en="The copy was opened and a seal does not hold, so no backup was written; earlier backups are kept. "
    "Stop entering data and call the data manager.",
    zh="打开副本检查时发现封印不符，未写出备份；此前的备份均保留。请停止录入并联系数据管理员。",
)
