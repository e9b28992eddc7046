"""Finding an adverse event term while it is typed: names, ward words, pinyin, initials, and slips of the hand."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from trialdesk.domain.medicine.adverse_event_term import Term
from trialdesk.domain.medicine.slips import Spelling

Rank = tuple[int, ...]

# A smaller number stands higher. Exact beats beginning, a name beats a ward word, letters beat pinyin, whole beats part.
_EXACT = {"name": 0, "word": 0, "pinyin": 1, "initials": 2, "word_pinyin": 1, "word_initials": 4}
_BEGINS = {"name": 2, "word": 3, "pinyin": 3, "initials": 5, "word_pinyin": 5, "word_initials": 7}
_WORD_BEGINS = {"name": 4, "word": 5}
_INSIDE = {"name": 6, "word": 7, "pinyin": 8, "word_pinyin": 9}
_ALL_WORDS, _SLIPS, _HAN_SLIPS = 7, 20, 24


@dataclass(frozen=True, slots=True)
class Key:
    """One way to find a term: the text typed for it, where its parts begin, and what kind of way it is."""

    text: str
    kind: str
    starts: frozenset[int]
    terms: tuple[int, ...]


def plain(text: str) -> str:
    """Text as it is compared: full-width letters as plain ones, lower case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().replace("'", "").split())


def has_han(text: str) -> bool:
    """True when a Han character is among the letters."""
    return any("㐀" <= sign <= "鿿" for sign in text)


@dataclass
class TermSearch:
    """The terms with every way to find them; made once, then asked at every key.

    `words` are pairs of a ward word and the English name of its term, in the order in which they are offered.
    `pinyin` gives the syllables of Chinese words; `common` names the terms that stand first among equals.
    """

    terms: Sequence[Term]
    words: Iterable[tuple[str, str]] = ()
    pinyin: Mapping[str, str] = field(default_factory=dict)
    common: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        place = {term.name: index for index, term in enumerate(self.terms)}
        meant: dict[tuple[str, str], list[int]] = defaultdict(list)
        for index, term in enumerate(self.terms):
            self._add(meant, term.name, index, "name")
            self._add(meant, term.zh, index, "name")
        for word, name in self.words:
            self._add(meant, word, place[name], "word")
        self._keys = [
            Key(
                text.replace(" ", "") if kind != "name" and "pinyin" in kind else text,
                kind,
                _starts(text, kind),
                tuple(found),
            )
            for (text, kind), found in meant.items()
        ]
        self._letters = [key for key in self._keys if not has_han(key.text)]
        self._han = [key for key in self._keys if has_han(key.text)]
        self._common = [term.name in self.common for term in self.terms]
        self._length = [len(term.name) for term in self.terms]
        self._spelling: Spelling | None = None

    def _add(self, meant: dict[tuple[str, str], list[int]], word: str, index: int, kind: str) -> None:
        meant[plain(word), kind].append(index)
        said = self.pinyin.get(word)
        if said:
            by = "" if kind == "name" else "word_"
            meant[said, f"{by}pinyin"].append(index)
            meant["".join(part[0] for part in said.split()), f"{by}initials"].append(index)

    def find(self, typed: str, limit: int = 12) -> tuple[Term, ...]:
        """Terms that fit what was typed so far, best first; none for an empty text."""
        asked = plain(typed)
        if not asked:
            return ()
        ranked = self._by_text(asked)
        if len(ranked) < limit and " " in asked:
            self._keep(ranked, self._by_all_words(asked))
        if not ranked and len(asked) >= 3:
            self._keep(ranked, self._by_slips(asked))
        order = sorted(ranked, key=lambda index: (ranked[index], self._length[index], self.terms[index].name))
        return tuple(self.terms[index] for index in order[:limit])

    def _by_text(self, asked: str) -> dict[int, Rank]:
        tight = asked.replace(" ", "")
        han = has_han(asked)
        best: dict[int, Rank] = {}
        for key in self._han if han else self._letters:
            text = key.text
            wanted = tight if han or "p" in key.kind or "i" in key.kind else asked
            at = (text.replace(" ", "") if han else text).find(wanted)
            if at < 0:
                continue
            tier = _tier(key, wanted, at, text)
            if tier is None:
                continue
            for order, index in enumerate(key.terms):
                rank = (tier, 0 if self._common[index] else 1, order if tier < 2 else 0, len(text))
                if index not in best or rank < best[index]:
                    best[index] = rank
        return best

    def _by_all_words(self, asked: str) -> dict[int, Rank]:
        """Every typed word begins a word of the name or ward word: `infection lung`."""
        parts = asked.split()
        found: dict[int, Rank] = {}
        for key in self._letters:
            if key.kind in ("name", "word"):
                own = key.text.split()
                if all(any(word.startswith(part) for word in own) for part in parts):
                    for index in key.terms:
                        found[index] = (_ALL_WORDS, 0 if self._common[index] else 1, 0, len(key.text))
        return found

    def _by_slips(self, asked: str) -> dict[int, Rank]:
        if self._spelling is None:
            self._spelling = Spelling(self._letters, self._han)
        if has_han(asked):
            near = self._spelling.near_han(asked.replace(" ", ""))
            tier = _HAN_SLIPS
        else:
            near = self._spelling.near(asked)
            tier = _SLIPS
        return {
            index: (tier + slips, int(part), 0 if self._common[index] else 1) for index, (slips, part) in near.items()
        }

    @staticmethod
    def _keep(ranked: dict[int, Rank], more: dict[int, Rank]) -> None:
        for index, rank in more.items():
            if index not in ranked or rank < ranked[index]:
                ranked[index] = rank


def _starts(text: str, kind: str) -> frozenset[int]:
    """Where the parts of a key begin once its blanks are out, for pinyin; with blanks, for everything else."""
    blanks = kind in ("name", "word", "initials", "word_initials")
    starts, at = {0}, 0
    for part in text.split():
        starts.add(at)
        at += len(part) + (1 if blanks else 0)
    return frozenset(starts)


def _tier(key: Key, wanted: str, at: int, text: str) -> int | None:
    if at == 0:
        whole = len(text.replace(" ", "")) if has_han(text) else len(text)
        return _EXACT[key.kind] if whole == len(wanted) else _BEGINS[key.kind]
    if "pinyin" in key.kind:
        # A syllable may only be entered at its beginning: `anxin` is not in `biananxin`.
        while at >= 0 and at not in key.starts:
            at = text.find(wanted, at + 1)
        return _INSIDE[key.kind] if at >= 0 and len(wanted) > 1 else None
    if "initials" in key.kind:
        return None
    if not has_han(text):
        while at >= 0 and at not in key.starts and text[at - 1] not in "-(/":
            at = text.find(wanted, at + 1)
        if at >= 0:
            return _WORD_BEGINS[key.kind]
        return _INSIDE[key.kind] if len(wanted) > 2 else None
    return _INSIDE[key.kind]
