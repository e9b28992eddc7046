"""Many bundles at once: on PostgreSQL each processor takes in those of other workstations, side by side."""

from __future__ import annotations

import json
import os
import sys
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from trialdesk.centre.centre import Centre
from trialdesk.centre.intake import Intake
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.security.key_ring import Ring

WORTHWHILE = 24 * 1024 * 1024
"""Bytes of bundles below which starting further processes, a second each, would take longer than the work."""


class Told(NamedTuple):
    """What became of one file: taken in, held or set aside as `intake` says, or refused for `fault`."""

    path: Path
    intake: Intake | None
    fault: Text | None


def receive_all(
    centre: Centre, bundles: Sequence[Path], workers: int | None = None, now: datetime | None = None
) -> list[Told]:
    """Take in bundles and say what became of each, in the order given; a fault of one does not stop the next.

    `workers` processes share the work, by default one for each processor where the store is PostgreSQL and there is
    enough to do. Bundles of one workstation stay in one process and in their order.
    """
    lanes = _lanes(bundles)
    workers = min(len(lanes), _sensible(centre, bundles) if workers is None else workers)
    if workers <= 1:
        return list(_take(centre, bundles, now))
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # A process that is started anew shares no connection and no lock with this one.
    with ProcessPoolExecutor(
        workers, get_context("spawn"), _open, (centre.folder, now, centre.attendance.ring)
    ) as pool:
        told = {one.path: one for lane in pool.map(_lane, lanes) for one in lane}
    return [told[path] for path in bundles]


def _sensible(centre: Centre, bundles: Iterable[Path]) -> int:
    if centre.engine.dialect.name != "postgresql" or getattr(sys, "frozen", False):
        return 1
    size = sum(path.stat().st_size for path in bundles if path.is_file())
    return (os.cpu_count() or 1) if size >= WORTHWHILE else 1


def _lanes(bundles: Iterable[Path]) -> list[list[Path]]:
    """Bundles by the workstation they name, the longest work first; who really sent them is checked later."""
    lanes: dict[str, list[Path]] = {}
    for path in dict.fromkeys(bundles):
        lanes.setdefault(_named(path), []).append(path)
    return sorted(lanes.values(), key=len, reverse=True)


def _named(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive, archive.open("header.json") as header:
            return str(json.loads(header.read(100_000))["origin"])
    except Exception:  # damaged in whatever way: taking it in says in which
        return str(path)


def _take(centre: Centre, bundles: Iterable[Path], now: datetime | None) -> Iterator[Told]:
    for path in bundles:
        try:
            yield Told(path, centre.receive(path, now), None)
        except KnownError as fault:
            yield Told(path, None, fault.text)


_OPENED: list[tuple[Centre, datetime | None]] = []
"""The centre of a process that was started to take in, and its clock if that is set."""


def _open(folder: Path, now: datetime | None, ring: Ring) -> None:
    """The keys of who signed in go along; they pass from process to process and lie nowhere."""
    centre = Centre.open(folder)
    centre.attendance.lend(ring)
    _OPENED.append((centre, now))


def _lane(bundles: Sequence[Path]) -> list[Told]:
    centre, now = _OPENED[0]
    return list(_take(centre, bundles, now))
