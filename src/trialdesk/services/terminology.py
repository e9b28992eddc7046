"""The adverse event terminology at work: finding a term while typing, what its grades mean, what rules ask of it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path

from trialdesk.domain.medicine.adverse_event_term import GENERAL, GradeWords, Term
from trialdesk.domain.medicine.ctcae import BaselineStatus, Graded
from trialdesk.domain.medicine.gvhd_words import speaks_of_gvhd
from trialdesk.domain.medicine.term_search import TermSearch
from trialdesk.domain.text import Text
from trialdesk.storage import terminology as files

VERSION = "CTCAE v5.0"


class Ctcae:
    """All terms in memory; implements `rules.functions.Terminology`. Notes and search are read when first asked for."""

    def __init__(self, terms: tuple[Term, ...], folder: Path | None = None) -> None:
        self.terms = terms
        self._folder = folder
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

    @cached_property
    def _classes(self) -> Mapping[str, str]:
        return {term.soc: term.soc_zh for term in self.terms}

    def words_of(self, name: str) -> Text:
        """A term or a class in both languages; a name that is neither stands for itself."""
        found = self.find(name)
        zh = found.zh if found else self._classes.get(name, "")
        return Text(en=found.name if found else name, zh=zh or name)

    def looks_like_gvhd(self, term: str) -> bool:
        """True for the 62 terms that a manifestation of GVHD can be mistaken for."""
        found = self.find(term)
        return found is not None and bool(found.resembles_gvhd)

    def mentions_gvhd(self, words: str) -> bool:
        """True when free text names GVHD."""
        return speaks_of_gvhd(words)

    @cached_property
    def notes(self) -> Mapping[tuple[str, int], Text]:
        """The project's own words for grades."""
        return files.read_notes(self._folder) if self._folder else {}

    @cached_property
    def index(self) -> TermSearch:
        """The terms with every way to find them; terms with notes stand first among equals, wards meet them daily."""
        if self._folder is None:
            return TermSearch(self.terms)
        common = frozenset(name for name, _ in self.notes)
        return TermSearch(self.terms, files.read_words(self._folder), files.read_pinyin(self._folder), common)

    def grade(
        self,
        term: str,
        value: Decimal,
        unit: str,
        lln: Decimal | None,
        uln: Decimal | None,
        baseline: Decimal | None,
        status: BaselineStatus | None,
    ) -> Graded:
        """The grade a number proposes for a term, by the numeric criteria of CTCAE v5.0."""
        from trialdesk.services.ctcae_grading import criteria

        return criteria().grade(term, value, unit, lln, uln, baseline, status)

    def search(self, typed: str, limit: int = 12) -> tuple[Term, ...]:
        """Terms that fit what was typed so far, best first."""
        return self.index.find(typed, limit)

    def alike(self, term: Term, limit: int = 4) -> tuple[Term, ...]:
        """Terms of the same GVHD overlap group, in file order after the term itself."""
        groups = set(term.overlap_groups)
        found = [one for one in self.terms if one is not term and groups & set(one.overlap_groups)]
        # Terms that share the first organ stand before those of another one.
        found.sort(key=lambda one: not set(term.overlap_groups[:1]) & set(one.overlap_groups))
        return tuple(found[:limit])

    def grade_words(self, term: Term, official: Mapping[str, Mapping[str, str]] | None = None) -> dict[int, GradeWords]:
        """What each grade that exists means: the official wording where it was imported, else the project's note,
        else the general scale."""
        theirs = (official or {}).get(term.name, {})
        said = {}
        for grade in term.grades:
            if str(grade) in theirs:
                ours = self.notes.get((term.name, grade), GENERAL[grade])
                said[grade] = GradeWords(Text(en=theirs[str(grade)], zh=ours.zh), "official")
            elif (term.name, grade) in self.notes:
                said[grade] = GradeWords(self.notes[term.name, grade], "project")
            else:
                said[grade] = GradeWords(GENERAL[grade], "general")
        return said


@cache
def rule_terminology() -> Ctcae:
    """The terminology that ships with TrialDesk, read once."""
    from trialdesk.paths import resources

    folder = resources() / "terminology" / "ctcae-5.0"
    return Ctcae(files.read_terms(folder), folder)


def search(typed: str, limit: int = 12) -> tuple[Term, ...]:
    """Terms that fit what was typed so far."""
    return rule_terminology().search(typed, limit)
