"""Reading the adverse event terminology from its files."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from trialdesk.domain.medicine.adverse_event_term import Term
from trialdesk.domain.text import Text


def read_terms(folder: Path) -> tuple[Term, ...]:
    """Every term in file order."""
    classes = {row["soc"]: row["zh"] for row in _rows(folder / "classes.csv")}
    return tuple(
        Term(
            row["term"],
            row["soc"],
            classes[row["soc"]],
            tuple(int(grade) for grade in row["grades"]),
            row["zh"],
            row["looks_like_gvhd"],
        )
        for row in _rows(folder / "terms.csv")
    )


def read_notes(folder: Path) -> dict[tuple[str, int], Text]:
    """The project's own words for grades, by term and grade."""
    return {(row["term"], int(row["grade"])): Text(en=row["en"], zh=row["zh"]) for row in _rows(folder / "notes.csv")}


def read_words(folder: Path) -> tuple[tuple[str, str], ...]:
    """Ward words and the term each of them means, best first."""
    return tuple((row["word"], row["term"]) for row in _rows(folder / "synonyms.csv"))


def read_pinyin(folder: Path) -> dict[str, str]:
    """How Chinese names and ward words are read, syllable by syllable."""
    return {row["word"]: row["pinyin"] for row in _rows(folder / "pinyin.csv")}


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
