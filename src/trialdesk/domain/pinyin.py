"""Finding Chinese words by the letters a person types: whole syllables, first letters, or both mixed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Readings = Mapping[str, tuple[str, ...]]
"""How each Han character may be read, without tones; `v` stands for ü."""


@dataclass(frozen=True, slots=True)
class Match:
    """Where typed letters were found in a text, from `start` to before `end`; a lower `rank` fits better."""

    start: int
    end: int
    rank: int


def find(typed: str, text: str, readings: Readings) -> Match | None:
    """Find typed text in a label, as it stands or as its characters are read; best place first, None without one.

    Rank 0: the label begins with it as written; 1: a word of it does; 2: it stands within; 3: read in whole
    syllables from the beginning; 4: within; 5 and 6: by first letters. A space or apostrophe between syllables is
    ignored, the last syllable may be unfinished.
    """
    plain = typed.strip().lower()
    if not plain:
        return None
    at = text.lower().find(plain)
    if at >= 0:
        whole_word = at == 0 or not text[at - 1].isalnum()
        return Match(at, at + len(plain), 0 if at == 0 else 1 if whole_word else 2)
    letters = plain.replace(" ", "").replace("'", "")
    if not letters.isascii():
        return None
    found: Match | None = None
    for start, sign in enumerate(text):
        if letters[0] not in [reading[0] for reading in readings.get(sign, ())]:
            continue
        reached = _read(letters, 0, text, start, readings)
        if reached is not None:
            end, short = reached
            rank = (5 if short else 3) + (0 if start == 0 else 1)
            if found is None or rank < found.rank:
                found = Match(start, end, rank)
    return found


def _read(letters: str, at: int, text: str, place: int, readings: Readings) -> tuple[int, bool] | None:
    """Where reading on from a place ends, and whether a first letter alone stood for a character."""
    if at == len(letters):
        return place, False
    if place == len(text):
        return None
    sign = text[place]
    known = readings.get(sign)
    if known is None:
        if sign.isascii() and sign.isalnum():
            return _read(letters, at + 1, text, place + 1, readings) if sign.lower() == letters[at] else None
        return _read(letters, at, text, place + 1, readings)
    rest = letters[at:]
    for reading in known:
        if rest.startswith(reading):
            reached = _read(letters, at + len(reading), text, place + 1, readings)
            if reached is not None:
                return reached
        elif len(rest) > 1 and reading.startswith(rest):
            return place + 1, False
    for reading in known:
        for first in (reading[:2], reading[:1]) if reading[:2] in ("zh", "ch", "sh") else (reading[:1],):
            if rest.startswith(first):
                reached = _read(letters, at + len(first), text, place + 1, readings)
                if reached is not None:
                    return reached[0], True
    return None
