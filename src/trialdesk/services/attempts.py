"""Refused sign-ins: noted before the desk is open, slowed down when they go on, merged into the trail at the next sign-in."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trialdesk.domain.clinical.changes import SessionNoted
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from trialdesk.services.clock import Clock

FILE = "attempts.json"
PAUSES = {3: timedelta(seconds=5), 4: timedelta(seconds=30), 5: timedelta(minutes=15)}
"""How long an account waits after so many wrong passphrases in a row; after five each further one waits as long."""


def refuse_early(home: Path, user: str, now: datetime) -> None:
    """Raises KnownError while an account has to wait; the right passphrase does not shorten it.

    A clock that was set back locks nobody out for longer than the pause.
    """
    mine = [datetime.fromisoformat(at) for who, at in _read(home)["row"] if who == user]
    if not mine:
        return
    pause = PAUSES.get(min(len(mine), max(PAUSES)), timedelta())
    left = mine[-1] + pause - now
    if timedelta() < left <= pause:
        seconds = int(left.total_seconds()) + 1
        raise KnownError(_WAIT.format(n=len(mine), user=user, left=_spoken(seconds)))


def note(home: Path, user: str, now: datetime) -> None:
    """Remember a wrong passphrase; a folder that cannot be written must not hide the sentence about it."""
    held = _read(home)
    held["row"].append([user, now.isoformat(timespec="seconds")])
    held["new"].append([user, now.isoformat(timespec="seconds")])
    _write(home, held)


def merge(home: Path, engine: Engine, meta: dict[str, str], origin: str, version: str, user: str, clock: Clock) -> None:
    """Put what was refused since the last sign-in into the trail, in the system's name, and begin this account anew.

    A list that was there and is gone is itself recorded.
    """
    from trialdesk.services.desk_setup import record_as_system
    from trialdesk.storage.database import write_meta

    gone = meta.get("attempts") == "kept" and not (home / FILE).is_file()
    held = _read(home)
    changes = [SessionNoted(what="refused", detail=f"{who}, {at}") for who, at in held["new"]]
    if gone:
        changes.append(SessionNoted(what="refused", detail="?, the list of refused sign-ins was removed"))
    if changes:
        record_as_system(engine, changes, origin, meta["site"], version, clock)
    if changes or any(who == user for who, _ in held["row"]):
        held = {"new": [], "row": [one for one in held["row"] if one[0] != user]}
        _write(home, held)
        if meta.get("attempts") != "kept":
            write_meta(engine, attempts="kept")
            meta["attempts"] = "kept"


def _read(home: Path) -> dict[str, Any]:
    try:
        held = json.loads((home / FILE).read_text(encoding="utf-8"))
        return {"new": list(held["new"]), "row": list(held["row"])}
    except (OSError, ValueError, KeyError, TypeError):
        return {"new": [], "row": []}


def _write(home: Path, held: dict[str, Any]) -> None:
    from contextlib import suppress

    with suppress(OSError):
        (home / FILE).write_text(json.dumps(held), encoding="utf-8")


def _spoken(seconds: int) -> Text:
    if seconds < 90:
        return Text(en=f"{seconds} s", zh=f"{seconds} 秒")
    return Text(en=f"{-(-seconds // 60)} min", zh=f"{-(-seconds // 60)} 分钟")


_WAIT = Text(
    en="{n} wrong passphrases in a row for {user}. Wait {left}, or ask the administrator for a new passphrase.",
    zh="{user} 已连续 {n} 次口令错误。请等待 {left} 后重试，或请系统管理员重置口令。",
)
