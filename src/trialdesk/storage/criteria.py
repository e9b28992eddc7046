"""Reading the numeric criteria of the adverse event terminology from their files."""

from __future__ import annotations

import csv
from pathlib import Path

from trialdesk.domain.medicine.ctcae import Asked, Clause, Criteria
from trialdesk.domain.text import Text


def read_criteria(folder: Path) -> Criteria:
    """Every clause of `criteria.csv` and every question of `asked.csv`, in file order."""
    with (folder / "criteria.csv").open(encoding="utf-8", newline="") as file:
        clauses = tuple(
            Clause(
                row["term"],
                row["analyte"],
                "L" if row["direction"] == "L" else "H",
                int(row["grade"]),
                row["unit"],
                row["expression"],
                row["condition"],
                row["note"],
            )
            for row in csv.DictReader(file)
        )
    with (folder / "asked.csv").open(encoding="utf-8", newline="") as file:
        asked = tuple(
            Asked(row["term"], int(row["grade"]), Text(en=row["en"], zh=row["zh"])) for row in csv.DictReader(file)
        )
    return Criteria(clauses, asked)
