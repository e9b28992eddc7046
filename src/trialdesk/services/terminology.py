"""The adverse event terminology at work: finding a term while typing, and what rules ask of it."""

from __future__ import annotations

import re
from functools import cache

from trialdesk.storage.terminology import Term, read_terms

VERSION = "CTCAE v5.0"

# GVHD by name in English, Chinese or abbreviation; "no GVHD" speaks of it too, and is asked about rather than guessed.
_GVHD = re.compile(r"\b[ac]?gvhd\b|graft[\s-]*(versus|vs\.?)[\s-]*host|移植物抗宿主|排异", re.IGNORECASE)


class Ctcae:
    """All terms in memory; implements `rules.functions.Terminology`."""

    def __init__(self, terms: tuple[Term, ...]) -> None:
        self.terms = terms
        self._by_name = {term.name.lower(): term for term in terms}
        self._by_zh = {term.zh: term for term in terms if term.zh}

    def find(self, name: str) -> Term | None:
        """The term of exactly that English name (any case) or Chinese name, or None."""
        plain = name.strip()
        return self._by_name.get(plain.lower()) or self._by_zh.get(plain)

    def available_grades(self, term: str) -> tuple[int, ...] | None:
        """Grades that exist for a term; None for a name CTCAE v5.0 lacks."""
        found = self.find(term)
        return found.grades if found else None

    def class_of(self, term: str) -> str | None:
        """The system organ class of a term; None for a name CTCAE v5.0 lacks."""
        found = self.find(term)
        return found.soc if found else None

    def looks_like_gvhd(self, term: str) -> bool:
        """True for the 62 terms that a manifestation of GVHD can be mistaken for."""
        found = self.find(term)
        return found is not None and bool(found.resembles_gvhd)

    def mentions_gvhd(self, words: str) -> bool:
        """True when free text names GVHD."""
        return _GVHD.search(words) is not None

    def search(self, typed: str, limit: int = 12) -> tuple[Term, ...]:
        """Terms that match what was typed so far: names that begin with it, then words that do, then anywhere."""
        words = typed.strip().lower()
        if not words:
            return ()
        ranked = []
        for term in self.terms:
            name = term.name.lower()
            rank = 0 if name.startswith(words) or term.zh.startswith(words) else None
            if rank is None and any(part.startswith(words) for part in name.split()):
                rank = 1
            if rank is None and (words in name or words in term.zh):
                rank = 2
            if rank is not None:
                ranked.append((rank, len(name), term.name, term))
        return tuple(term for *_, term in sorted(ranked, key=lambda one: one[:3])[:limit])


@cache
def rule_terminology() -> Ctcae:
    """The terminology that ships with TrialDesk, read once."""
    from trialdesk.paths import resources

    return Ctcae(read_terms(resources() / "terminology" / "ctcae-5.0"))


def search(typed: str, limit: int = 12) -> tuple[Term, ...]:
    """Terms that match what was typed so far."""
    return rule_terminology().search(typed, limit)
