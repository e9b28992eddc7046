"""Reading the adverse event terminology from its files."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Term:
    """One CTCAE v5.0 term: its class, the grades that exist, the study's Chinese name, and GVHD organs it resembles."""

    name: str
    soc: str
    soc_zh: str
    grades: tuple[int, ...]
    zh: str
    resembles_gvhd: str


def read_terms(folder: Path) -> tuple[Term, ...]:
    """Every term in file order."""
    with (folder / "classes.csv").open(encoding="utf-8", newline="") as file:
        classes = {row["soc"]: row["zh"] for row in csv.DictReader(file)}
    with (folder / "terms.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Term(
                row["term"],
                row["soc"],
                classes[row["soc"]],
                tuple(int(grade) for grade in row["grades"]),
                row["zh"],
                row["looks_like_gvhd"],
            )
            for row in csv.DictReader(file)
        )
