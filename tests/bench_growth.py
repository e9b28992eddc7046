"""How the centre grows past one server, tried on this machine: a replica, shares of the sites, plans that read one part.

All servers share the processors of one machine, so nothing gets faster by adding one here. What is measured is what does
not depend on that: whether lists agree, how far a replica lags, how much of the work each server does, how many parts a
plan touches (`run.py bench --growth`).
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "src")]

NOW = datetime(2026, 3, 21, tzinfo=UTC)
EACH = 5_000
"""Records of one bundle: fifty participants of one site."""


def main(records: int = 200_000) -> int:
    """Try each step and print what was found; 0 when every list agrees with the one server's."""
    from tests import replica
    from tests.bench_centre import _bundles
    from trialdesk.centre.centre import Centre
    from trialdesk.services.study_release import shipped_release

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        first = replica.start(folder / "first")
        servers = [first]
        try:
            centre = Centre.init(folder / "centre", shipped_release(), url=replica.url(first))
            bundles = [path for path, _ in _bundles(folder, centre, records, EACH)]
            print(
                f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {EACH * len(bundles):,} records\n", flush=True
            )
            _replica(folder, first, centre, bundles, servers)
            agreed = _shares(folder, centre, bundles, servers)
            _plans(centre)
            centre.close()
            return 0 if agreed else 1
        finally:
            for server in reversed(servers):
                server.cleanup()


def _replica(folder: Path, first: Any, centre: Any, bundles: list[Path], servers: list[Any]) -> None:
    """Half of the bundles are there when the copy is made, half come while it follows."""
    from tests import replica
    from trialdesk.storage import projections
    from trialdesk.storage.centre_lists import CentreLists
    from trialdesk.storage.database import open_centre

    half = len(bundles) // 2
    for path in bundles[:half]:
        centre.receive(path, NOW)
    projections.refresh(centre.engine)
    took, second = _clock(lambda: replica.follow(first, folder / "second"))
    servers.append(second)
    print(f"replica: base copy of {half * EACH:,} records and start {took:.1f} s")
    copy = open_centre(replica.url(second), centre.study)
    lags, intakes = [], []
    for path in bundles[half:]:
        intakes.append(_clock(lambda path=path: centre.receive(path, NOW))[0])
        done = replica.caught_up(first, second)
        lags.append(_clock(lambda done=done: all(iter(lambda: not done(), False)))[0])
    print(
        f"replica: {len(lags)} bundles taken in, {1000 * _median(intakes):.0f} ms each; the replica had all of a bundle "
        f"{1000 * _median(lags):.0f} ms after it was stored (longest {1000 * max(lags):.0f} ms)"
    )
    projections.refresh(centre.engine)
    done = replica.caught_up(first, second)
    while not done():
        pass
    one, two = CentreLists(centre.engine), CentreLists(copy)
    for name, ask in _lists().items():
        here, there = _median_of(lambda ask=ask: ask(one)), _median_of(lambda ask=ask: ask(two))
        same = ask(one) == ask(two)
        print(
            f"replica: {name:<34}{here * 1000:7.1f} ms at the first, {there * 1000:7.1f} ms at the copy, same: {same}"
        )
    copy.dispose()
    print(flush=True)


def _lists() -> dict[str, Callable[[Any], Any]]:
    return {
        "completeness of all sites": lambda lists: lists.completeness(),
        "completeness of one site": lambda lists: lists.completeness("S05"),
        "enrolment": lambda lists: lists.enrolment(),
        "answers of one site": lambda lists: lists.answers(site="S05"),
        "answers of one item": lambda lists: lists.answers(item="WBC"),
        "counts of queries": lambda lists: lists.query_counts(),
    }


def _shares(folder: Path, centre: Any, bundles: list[Path], servers: list[Any]) -> bool:
    """Every site belongs to one of two servers; a list of a site asks one, a list of all asks both and adds up."""
    from collections import Counter

    from tests import bench_centre, replica
    from trialdesk.centre.intake import receive
    from trialdesk.storage import projections
    from trialdesk.storage.centre_lists import CentreLists
    from trialdesk.storage.database import open_centre
    from trialdesk.storage.intake_ledger import IntakeLedger

    engines, spent = [], []
    for number in (0, 1):
        server = replica.start(folder / f"share{number}")
        servers.append(server)
        engines.append(open_centre(replica.url(server), centre.study))
        bench_centre.SERVER[:] = [(folder / f"share{number}" / "data" / "postmaster.pid").read_text().split()[0]]

        def fill(number: int = number) -> None:
            for path in bundles[number::2]:
                receive(path, centre.study, IntakeLedger(engines[number]), centre, NOW)
            projections.refresh(engines[number])

        spent.append(bench_centre._timed(fill, ""))
    for number, one in enumerate(spent, 1):
        print(f"share {number}: intake and folding {one.here:.1f} s of the program, {one.server:.1f} s of its server")
    whole, parts = CentreLists(centre.engine), [CentreLists(engine) for engine in engines]
    merged: dict[str, Callable[[list[Any]], Any]] = {
        "completeness of all sites": lambda found: tuple(sorted((r for f in found for r in f), key=_order)),
        "enrolment": lambda found: tuple(sorted(r for f in found for r in f)),
        "answers of one item": lambda found: tuple(sorted((r for f in found for r in f), key=_order_of_answers)[:200]),
        "counts of queries": lambda found: dict(sum((Counter(f) for f in found), Counter())),
    }
    agreed = True
    for name, add in merged.items():
        ask = _lists()[name]
        same = add([ask(part) for part in parts]) == ask(whole)
        agreed &= same
        each = [_median_of(lambda ask=ask, part=part: ask(part)) for part in parts]
        alone = _median_of(lambda ask=ask: ask(whole))
        print(
            f"shares: {name:<34}{alone * 1000:7.1f} ms at one server, {each[0] * 1000:.1f} and {each[1] * 1000:.1f} ms at "
            f"two (the longer counts), sum is the same: {same}"
        )
    for engine in engines:
        engine.dispose()
    print(flush=True)
    return agreed


def _order(row: Any) -> tuple[str, ...]:
    return row.site, row.event, row.form, row.state


def _order_of_answers(row: Any) -> tuple[object, ...]:
    return row.subject, row.event, row.repeat, row.form, row.group, row.group_repeat, row.item


def _plans(centre: Any) -> None:
    """How many of the parts each question reads, by the server's own plan."""
    from sqlalchemy import text

    asked = {
        "the answers of one site": "SELECT * FROM item_data WHERE site = 'S05' ORDER BY subject LIMIT 200",
        "the trail of one site, counted": "SELECT kind, count(*) FROM audit_record WHERE site = 'S05' GROUP BY kind",
        "the trail of all sites, counted": "SELECT kind, count(*) FROM audit_record GROUP BY kind",
    }
    with centre.engine.connect() as connection:
        for name, query in asked.items():
            lines = [row[0] for row in connection.execute(text(f"EXPLAIN (ANALYZE, TIMING OFF, SUMMARY ON) {query}"))]
            parts = {part for line in lines for part in re.findall(r' on "((?:audit_record|item_data)_\w+)"', line)}
            print(f"plan: {name:<34}{len(parts):3} parts, {lines[-1].strip().lower()}")


def _clock(action: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    found = action()
    return time.perf_counter() - start, found


def _median_of(action: Callable[[], Any]) -> float:
    return _median([_clock(action)[0] for _ in range(5)])


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000))
