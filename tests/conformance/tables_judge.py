"""R as reader of the tables: SAS transport files by haven and foreign, CSV with its codebook by read.csv.

Needs R with haven, foreign and jsonlite (Debian: r-base-core r-cran-haven r-cran-foreign r-cran-jsonlite).
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


def judge_tables(tabulation: Path, csv_folder: Path, answer: Path) -> list[str]:
    """Every cell R read from the transport files against Dataset-JSON, and what it found in the CSV tables."""
    if shutil.which("Rscript") is None:
        return ["skip  R is not installed (Debian: r-base-core r-cran-haven r-cran-foreign r-cran-jsonlite)"]
    words = ["Rscript", str(HERE / "tables.R"), str(tabulation), str(csv_folder), str(answer)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        return [f"skip  R did not finish: {done.stderr.strip()[-200:]}"]
    said = json.loads(answer.read_text(encoding="utf-8"))
    lines = [f"{said['version']}"]
    cells, faults = 0, []
    for name, read in said["transport"].items():
        dataset = json.loads((tabulation / f"{name}.json").read_text(encoding="utf-8"))
        cells += len(dataset["rows"]) * len(dataset["columns"])
        faults += [f"{name.upper()} {fault}" for fault in _differences(dataset, read)]
    lines.append(
        f"{'FAULT' if faults else 'ok   '} {len(said['transport'])} transport files, {cells} cells as in Dataset-JSON"
    )
    lines += [f"FAULT {one}" for one in faults]
    bad = said["faults"]
    lines.append(
        f"{'FAULT' if bad else 'ok   '} {said['tables']} CSV tables, {said['values']} values as their codebook says"
    )
    return [*lines, *(f"FAULT {one}" for one in bad)]


def _differences(dataset: dict[str, Any], read: dict[str, Any]) -> list[str]:
    found = []
    if read["names"] != [one["name"] for one in dataset["columns"]]:
        return ["has other variables"]
    if read["labels"] != [one["label"] for one in dataset["columns"]]:
        found.append("has other labels")
    if not read["rows"] == read["foreign"] == len(dataset["rows"]):
        return [*found, f"has {read['rows']} rows for {len(dataset['rows'])}"]
    for index, column in enumerate(dataset["columns"]):
        for number, (row, cell) in enumerate(zip(dataset["rows"], read["cells"][column["name"]], strict=True)):
            if not _same(row[index], cell):
                found.append(f"{column['name']}, row {number + 1}: {cell!r} for {row[index]!r}")
                break
    return found


def _same(ours: str | float | None, theirs: str | float | None) -> bool:
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        # A number of this format has 56 bits and another base: the last digit of a double may differ.
        return abs(ours - theirs) <= 1e-14 * max(1.0, abs(ours))
    return (ours or "") == (theirs or "")
