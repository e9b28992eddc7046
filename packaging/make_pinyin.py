"""Writes how every Chinese name and ward word of the terminology is read, so that no ward computer has to work it out.

    .venv/bin/python packaging/make_pinyin.py

Run it after a change to `terms.csv` or `synonyms.csv`; a test says when that was forgotten.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from pypinyin import Style, lazy_pinyin

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "terminology" / "ctcae-5.0"

HAN = re.compile(r"[㐀-鿿]")

# Readings that the phrase list gets wrong in a medical word.
READ_AS = {"呕": "ou", "衄": "nv"}


def readings(words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each word that holds Han with its syllables, letters kept as they are: `QTc 延长` is `qtc yan chang`."""
    for word in dict.fromkeys(words):
        if not HAN.search(word):
            continue
        parts = re.findall(r"[㐀-鿿]+|[A-Za-z0-9]+", word)
        said: list[str] = []
        for part in parts:
            if HAN.match(part):
                read = lazy_pinyin(part, style=Style.NORMAL)
                said += [READ_AS.get(han, syllable) for han, syllable in zip(part, read, strict=True)]
            else:
                said.append(part.lower())
        yield word, " ".join(said)


def words_of(folder: Path) -> list[str]:
    """The Chinese names, then the ward words, in file order."""
    with (folder / "terms.csv").open(encoding="utf-8", newline="") as file:
        words = [row["zh"] for row in csv.DictReader(file)]
    with (folder / "synonyms.csv").open(encoding="utf-8", newline="") as file:
        return words + [row["word"] for row in csv.DictReader(file)]


def main() -> None:
    """Write `pinyin.csv`."""
    made = list(readings(words_of(FOLDER)))
    with (FOLDER / "pinyin.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["word", "pinyin"])
        writer.writerows(made)
    print(f"{len(made)} readings")


if __name__ == "__main__":
    main()
