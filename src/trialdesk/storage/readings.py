"""The file that says how Han characters are read."""

from __future__ import annotations

from pathlib import Path


def read_readings(file: Path) -> dict[str, tuple[str, ...]]:
    """Readings by character, from lines of a syllable and its characters."""
    found: dict[str, list[str]] = {}
    for line in file.read_text(encoding="utf-8").splitlines()[1:]:
        syllable, _, signs = line.partition(",")
        for sign in signs:
            found.setdefault(sign, []).append(syllable)
    return {sign: tuple(syllables) for sign, syllables in found.items()}
