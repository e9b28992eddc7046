"""Words that were meant although a letter is wrong, missing, doubled or swapped."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol

CANDIDATES = 80
"""How many words with the most pairs of letters in common are measured; a slip leaves most pairs as they were."""


class Found(Protocol):
    """A way to find terms: its text and the terms it leads to."""

    @property
    def text(self) -> str:
        """What is typed for it."""

    @property
    def kind(self) -> str:
        """name, word, pinyin, initials ..."""

    @property
    def terms(self) -> Sequence[int]:
        """The terms it leads to."""


def slips_allowed(length: int) -> int:
    """How many slips a word of that many letters may hold: none below 4, one to 7, then two."""
    return 0 if length < 4 else 1 if length < 8 else 2


def slips(typed: str, word: str, most: int) -> int | None:
    """Fewest slips between what was typed and a beginning of the word, or None for more than `most`.

    A slip is a letter wrong, missing, too many, or swapped with its neighbour (optimal string alignment).
    """
    width = len(typed) + most
    word = word[:width]
    before: list[int] = []
    row = list(range(len(word) + 1))
    for i, letter in enumerate(typed, start=1):
        above, row = row, [i]
        for j, other in enumerate(word, start=1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == word[j - 2] and typed[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return None
        before = above
    least = min(row[max(0, len(typed) - most) :], default=most + 1)
    return least if least <= most else None


def _pairs(word: str) -> set[str]:
    return {word[i : i + 2] for i in range(len(word) - 1)}


class Spelling:
    """Every word of the ways to find terms, reachable by its beginning and by the pairs of letters it holds.

    What is found is, for each term, the slips it takes and whether the word is only a part of the name.
    """

    def __init__(self, letters: Iterable[Found], han: Iterable[Found]) -> None:
        places: dict[str, dict[int, bool]] = defaultdict(dict)
        for key in letters:
            if key.kind in ("name", "word"):
                for word in key.text.replace("-", " ").split():
                    self._add(places, word.strip("(),"), key, word != key.text)
            elif key.kind == "pinyin":
                self._add(places, key.text, key, False)
        self._words = sorted(places)
        self._terms = [places[word] for word in self._words]
        self._holding: dict[str, list[int]] = defaultdict(list)
        for number, word in enumerate(self._words):
            if len(word) > 3:
                for pair in _pairs(word):
                    self._holding[pair].append(number)
        self._han = [(key.text.replace(" ", ""), key.terms) for key in han]

    @staticmethod
    def _add(places: dict[str, dict[int, bool]], word: str, key: Found, part: bool) -> None:
        held = places[word]
        for index in key.terms:
            held[index] = part and held.get(index, True)

    def near(self, typed: str) -> dict[int, tuple[int, bool]]:
        """Terms that were meant, for letters; every typed word must be met."""
        whole = self._near_word(typed.replace(" ", ""))
        words = typed.split()
        if len(words) == 1 or whole:
            return whole
        met: dict[int, tuple[int, bool]] | None = None
        for word in words:
            also = self._near_word(word)
            if met is not None:
                also = {index: (met[index][0] + also[index][0], True) for index in met.keys() & also.keys()}
            met = also
            if not met:
                break
        return met or {}

    def _near_word(self, typed: str) -> dict[int, tuple[int, bool]]:
        found: dict[int, tuple[int, bool]] = {}
        for number, away in self._begun_by(typed) or self._with_slips(typed):
            for index, part in self._terms[number].items():
                found[index] = min((away, part), found.get(index, (away, part)))
        return found

    def _begun_by(self, typed: str) -> list[tuple[int, int]]:
        at = bisect_left(self._words, typed)
        begun = []
        while at < len(self._words) and self._words[at].startswith(typed):
            begun.append((at, 0))
            at += 1
        return begun

    def _with_slips(self, typed: str) -> list[tuple[int, int]]:
        most = slips_allowed(len(typed))
        if most == 0:
            return []
        pairs = _pairs(typed)
        # One slip breaks at most three pairs of letters, when two neighbours are swapped.
        needed = max(1, len(pairs) - 3 * most)
        shared = Counter(number for pair in pairs for number in self._holding.get(pair, ()))
        likely = [number for number, count in shared.most_common(CANDIDATES) if count >= needed]
        measured = ((number, slips(typed, self._words[number], most)) for number in likely)
        return [(number, away) for number, away in measured if away is not None]

    def near_han(self, typed: str) -> dict[int, tuple[int, bool]]:
        """Terms whose Chinese words hold all but one of the typed characters, in order."""
        found: dict[int, tuple[int, bool]] = {}
        for text, terms in self._han:
            missed = _missed(typed, text)
            if missed <= (1 if len(typed) < 6 else 2):
                for index in terms:
                    away = (missed, len(text) != len(typed))
                    found[index] = min(away, found.get(index, away))
        return found


def _missed(typed: str, text: str) -> int:
    """How many typed characters cannot be found in order."""
    at = missed = 0
    for sign in typed:
        where = text.find(sign, at)
        if where < 0:
            missed += 1
        else:
            at = where + 1
    return missed
