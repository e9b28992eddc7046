"""Writes docs/validation.md from docs/validation.yaml: every requirement, how far it is met, and the tests that prove it."""

from __future__ import annotations

import ast
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

TOP = Path(__file__).resolve().parents[1]
TABLE, PAGE = TOP / "docs" / "validation.yaml", TOP / "docs" / "validation.md"
COUNTS = {"A": 11, "B": 13, "C": 10, "D": 2, "E": 9, "F": 8, "G": 6, "H": 6, "I": 7}
"""How many requirements each section has."""
SECTIONS = {
    "A": "Access and identity", "B": "Audit trail and metadata", "C": "Signatures", "D": "Time",
    "E": "Capture and correction", "F": "Copies, transfer, merging", "G": "Keeping, backup, end of life",
    "H": "Validation and change", "I": "Privacy and data security",
}  # fmt: skip
STATES = {"met": "met", "part": "in part", "not": "**not met**", "other": "not the program's"}


class Requirement(BaseModel):
    """One row: what is asked, in our words, how far it is met, the tests that prove it, and what lacks."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    asks: str
    state: Literal["met", "part", "not", "other"]
    tests: tuple[str, ...] = ()
    why: str = ""


def requirements() -> list[Requirement]:
    """Every row of the table."""
    # YAML 1.1 takes `not` for a word and would take `no` for a truth value; every cell is text here.
    return [Requirement(**row) for row in yaml.safe_load(TABLE.read_text(encoding="utf-8"))]


@cache
def tests_of(file: str) -> frozenset[str]:
    """The names of the tests of one file; none where there is no such file."""
    path = TOP / "tests" / file
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(one.name for one in tree.body if isinstance(one, ast.FunctionDef) and one.name.startswith("test_"))


def lost(rows: list[Requirement]) -> list[str]:
    """Named tests that do not exist."""
    return [
        f"{row.id}: {node}"
        for row in rows
        for node in row.tests
        if node.partition("::")[2] not in tests_of(node.partition("::")[0])
    ]


def page(rows: list[Requirement]) -> str:
    """The page, one table for each section."""
    many = Counter(row.state for row in rows)
    proofs = {node for row in rows for node in row.tests}
    lines = [
        "# Validation: requirements and their proofs",
        "",
        "Made by `python tests/validation.py` from [validation.yaml](validation.yaml); `tests/test_validation.py` fails when a",
        "named test no longer exists, when a requirement has no row, or when this page is not what the table says. The numbers are",
        "those of the requirements of good clinical practice, 21 CFR Part 11, EMA's guideline on computerised systems and Chinese",
        "law that the program was designed against, in our own short words. Whether the tests pass is shown by running them.",
        "",
        f"{len(rows)} requirements: {many['met']} met, {many['part']} in part, {many['not']} not met, {many['other']} not the "
        f"program's. {len(proofs)} tests are named.",
        "",
        "On a laptop: `trialdesk self-check --user NAME --out FOLDER` (see [inspection.md](inspection.md)).",
        "",
    ]
    for letter, title in SECTIONS.items():
        lines += [f"## {letter}. {title}", "", "| | asks | state | proven by | what lacks |", "|---|---|---|---|---|"]
        for row in rows:
            if row.id.startswith(letter):
                named = "<br>".join(f"`{node.partition('::')[0]}` {_spoken(node)}" for node in row.tests)
                lines.append(f"| {row.id} | {row.asks} | {STATES[row.state]} | {named} | {row.why} |")
        lines.append("")
    return "\n".join(lines)


def _spoken(node: str) -> str:
    return node.partition("::")[2].removeprefix("test_").replace("_", " ")


if __name__ == "__main__":
    found = requirements()
    if missing := lost(found):
        sys.exit("\n".join(["No such test:", *missing]))
    PAGE.write_text(page(found), encoding="utf-8")
    print(PAGE)
