"""R as judge of the estimators: survival, cumulative incidence and exact intervals on random data sets.

Needs R with the packages survival and jsonlite (Debian: r-base-core r-cran-survival r-cran-jsonlite).
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SETS, SEED = 1200, 20261125
ALIKE = 1e-7
"""Largest difference that counts as agreement; a standard error near 0 loses half its digits to a square root."""

Difference = tuple[str, float]


def judge_statistics(folder: Path) -> list[str]:
    """What R says of our estimators, one line for each figure; lines that begin with FAULT name a disagreement."""
    if shutil.which("Rscript") is None:
        return ["skip  R is not installed (Debian: r-base-core r-cran-survival r-cran-jsonlite)"]
    folder.mkdir(parents=True, exist_ok=True)
    sets = _random_sets()
    (folder / "sets.json").write_text(json.dumps(sets), encoding="utf-8")
    done = subprocess.run(
        ["Rscript", str(HERE / "statistics.R"), str(folder)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        return [f"skip  R did not finish: {done.stderr.strip()[-200:]}"]
    said = json.loads((folder / "said.json").read_text(encoding="utf-8"))
    worst: dict[str, tuple[int, float]] = {}
    for name, apart in (*_curves(sets, said["sets"]), *_exact(said["exact"])):
        count, most = worst.get(name, (0, 0.0))
        worst[name] = count + 1, max(most, apart)
    lines = [f"{said['version']}, {len(sets)} random data sets"]
    for name, (count, most) in worst.items():
        lines.append(
            f"{'ok   ' if most <= ALIKE else 'FAULT'} {name:<28} {count:6d} figures, largest difference {most:.1e}"
        )
    return lines


def _random_sets() -> list[dict[str, list[int]]]:
    """Ties, one alone, all censored, one cause alone, small and large: 1 to 60 people each."""
    draw = random.Random(SEED)
    weights = [(1, 0, 0), (0, 1, 0), (2, 5, 3), (5, 3, 2), (1, 18, 1), (8, 1, 1), (0, 1, 1)]
    sets = []
    for _ in range(SETS):
        count, span = draw.randint(1, 60), draw.choice([3, 10, 40, 400])
        times = [draw.randint(1, span) for _ in range(count)]
        sets.append({"time": times, "status": draw.choices([0, 1, 2], draw.choice(weights), k=count)})
    return sets


def _curves(sets: list[dict[str, list[int]]], said: list[dict[str, Any]]) -> Iterator[Difference]:
    from trialdesk.centre.statistics import cumulative_incidence, incidence_at, kaplan_meier, median

    for one, theirs in zip(sets, said, strict=True):
        steps = kaplan_meier(one["time"], [status > 0 for status in one["status"]])
        rows = cumulative_incidence(one["time"], one["status"])
        exact = [[s.time, s.n_risk, s.n_event] for s in steps] == [
            list(row) for row in zip(theirs["time"], theirs["risk"], theirs["event"], strict=True)
        ]
        yield "times, at risk, events", 0.0 if exact else float("inf")
        yield "median survival", _apart(median(steps), theirs["median"])
        for index, step in enumerate(steps):
            yield "survival", _apart(step.survival, theirs["survival"][index])
            if step.lower is not None:
                yield "survival, limits", _apart(step.lower, theirs["low"][index])
                yield "survival, limits", _apart(step.upper, theirs["high"][index])
            for cause in (1, 2):
                row = incidence_at(rows, cause, step.time)
                yield "cumulative incidence", _apart(row.incidence, theirs["incidence"][index][cause])
                yield "its standard error", _apart(row.error, theirs["error"][index][cause])
                if row.lower is not None:
                    yield "its limits", _apart(row.lower, theirs["below"][index][cause])
                    yield "its limits", _apart(row.upper, theirs["above"][index][cause])


def _exact(said: list[list[float]]) -> Iterator[Difference]:
    from trialdesk.centre.statistics import exact_interval

    for k, n, low, high in said:
        found = exact_interval(int(k), int(n))
        yield "exact interval, n up to 60", max(abs(found.lower - low), abs(found.upper - high))


def _apart(ours: float | None, theirs: float | str | None) -> float:
    if ours is None or theirs in (None, "NA"):
        return 0.0 if ours is None and theirs in (None, "NA") else float("inf")
    return abs(ours - float(theirs or 0.0))
