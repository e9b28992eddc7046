"""Speed as ratios: each figure beside a floor measured in the same run, on the same machine, with the same data."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "src")]


@dataclass(frozen=True)
class Row:
    """One measured figure: what it took, its floor, and the aim."""

    what: str
    took: float
    floor_name: str
    floor: float | None
    aim: str
    met: bool

    def line(self) -> str:
        ratio = f"{self.took / self.floor:5.2f}x" if self.floor else "      "
        floor = f"{self.floor * 1000:9.2f} ms" if self.floor else " " * 12
        mark = "met " if self.met else "MISS"
        return f"{mark}  {self.what:<44}{self.took * 1000:9.2f} ms  {floor}  {ratio}  aim {self.aim:<10} floor: {self.floor_name}"


def median(action: Callable[[], object], times: int) -> float:
    """Median seconds of an action over several runs, after one that is not counted."""
    action()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def pairwise(one: Callable[[], object], other: Callable[[], object], times: int) -> tuple[float, float]:
    """Medians of two actions run in turn, so that a machine that drifts drifts for both."""
    one(), other()
    first, second = [], []
    for _ in range(times):
        for action, taken in ((one, first), (other, second)):
            start = time.perf_counter()
            action()
            taken.append(time.perf_counter() - start)
    return statistics.median(first), statistics.median(second)


def process(*arguments: str) -> float:
    """Seconds of a whole Python process."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path[:2])}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, env=environment, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> int:
    """Measure everything and print one line each; 0 when every aim is met."""
    from tests.bench_rows import ROWS

    print("TrialDesk bench: medians; 'floor' is the least any program could do with the same parts\n")
    missed = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, measure in enumerate(ROWS):
            place = Path(folder) / str(number)
            place.mkdir()
            for row in measure(place):
                print(row.line(), flush=True)
                missed += not row.met
    print(f"\n{missed} aims missed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
