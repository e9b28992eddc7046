"""The rules of several releases and lists of normal ranges at once: each form is read by those it was made under."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from trialdesk.domain.clinical.changes import LabRangesGiven, RecordId, StudyReleased
from trialdesk.domain.clinical.form_status import FormStatus, form_status
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath
from trialdesk.domain.rules.effective import standing
from trialdesk.domain.rules.functions import Terminology
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.domain.study.amendment import changed_forms
from trialdesk.domain.study.study import Study

Terms = Mapping[str, StudyReleased]
"""On which terms a workstation was given a release, by version; the first release it was made with has none."""

FINISHED = (FormStatus.COMPLETE, FormStatus.SIGNED, FormStatus.LOCKED)


@dataclass(frozen=True)
class HeldRelease:
    """One release that lies here; `study` reads it when it is first needed, `compiled` are its rules where they are."""

    version: str
    study: Callable[[], Study]
    compiled: Rulebook | None = None

    def rules(self, terminology: Terminology | None) -> Rulebook:
        """Its rules, compiled now unless they were."""
        return self.compiled if self.compiled is not None else Rulebook(self.study(), terminology)


@dataclass(frozen=True)
class HeldRanges:
    """A laboratory's list that the centre gave out; `taken` numbers the record by which each workstation took it up."""

    id: RecordId
    given: LabRangesGiven
    taken: Mapping[str, int]


@dataclass(frozen=True)
class Place:
    """What a participant's workstation is: its name, the terms of the releases it was given, and the release it was made
    with."""

    origin: str
    terms: Terms
    made_with: str


class Rulebooks(Rulebook):
    """Itself the newest release with every list; `on` gives what a form or a participant is read by.

    `held` and `ranges` stand oldest first; `place` tells of the workstation that holds a participant. A form keeps the
    newest release that its answers name, or that a person moved it to, whatever the order in which records arrive; a form
    nobody has begun is asked by the newest release in effect. A finished form keeps the lists its workstation had taken
    up when it was completed; any other is read by all that its workstation has taken up.
    """

    def __init__(
        self,
        held: Sequence[HeldRelease],
        terminology: Terminology | None,
        place: Callable[[SubjectData], Place],
        ranges: Sequence[HeldRanges] = (),
    ) -> None:
        newest = held[-1].rules(terminology)
        vars(self).update(vars(newest))
        self._held, self._place, self._ranges = tuple(held), place, tuple(ranges)
        self._rank = {one.version: index for index, one in enumerate(held)}
        self._books: dict[tuple[str, tuple[int, ...]], Rulebook] = {(held[-1].version, ()): newest}
        self._changed: dict[tuple[str, str], frozenset[str]] = {}
        self._seen: SubjectData | None = None
        self._known: dict[tuple[FormPath | None, date], Rulebook] = {}
        whole = self.book(held[-1].version, tuple(range(len(self._ranges))))
        self.study = whole.study

    @property
    def every(self) -> tuple[Rulebook, ...]:
        """The rules of every release that lies here, oldest first."""
        return tuple(self.book(one.version) for one in self._held)

    def book(self, version: str, lists: tuple[int, ...] = ()) -> Rulebook:
        """The rules of one release over some of the lists, compiled when first asked for; raises KeyError for a release
        that does not lie here."""
        found = self._books.get((version, lists))
        if found is not None:
            return found
        if lists:
            found = self._over(self.book(version, lists[:-1]), self._ranges[lists[-1]].given)
        else:
            found = self._held[self._rank[version]].rules(self.terminology)
        self._books[version, lists] = found
        return found

    @staticmethod
    def _over(book: Rulebook, given: LabRangesGiven) -> Rulebook:
        lab = book.study.laboratory
        return book if lab is None else book.with_laboratory(lab.with_table(given.laboratory, given.table))

    def on(self, data: SubjectData, today: date, form: FormPath | None = None) -> Rulebook:
        """What a form is read by; without a form, the newest release in effect for the participant."""
        if self._seen is not data:
            self._seen, self._known = data, {}
        key = (form, today)
        if key not in self._known:
            self._known[key] = self.book(self._version(data, today, form), self._lists(data, form))
        return self._known[key]

    def before(self, data: SubjectData, today: date, form: FormPath, list_id: RecordId) -> tuple[Rulebook, Rulebook]:
        """The rules of a form without one of the lists, and with all that its workstation has taken up."""
        holder = self._place(data).origin
        without = tuple(i for i, one in enumerate(self._ranges) if holder in one.taken and one.id != list_id)
        return self.book(self._version(data, today, form), without), self.with_every_list(data, today, form)

    def with_every_list(self, data: SubjectData, today: date, form: FormPath) -> Rulebook:
        """The rules of a form with all lists its workstation has taken up, whether or not the form is finished."""
        holder = self._place(data).origin
        lists = tuple(i for i, one in enumerate(self._ranges) if holder in one.taken)
        return self.book(self._version(data, today, form), lists)

    def newer(self, data: SubjectData, today: date, form: FormPath) -> Rulebook | None:
        """The release that would ask this form if it were begun now, where it is newer and asks or checks otherwise."""
        begun = self._begun(data, form)
        now = self._in_effect(data, today, form)
        if begun is None or self._rank[now] <= self._rank[begun]:
            return None
        key = (begun, now)
        if key not in self._changed:
            self._changed[key] = changed_forms(self.book(begun).study, self.book(now).study)
        return self.book(now, self._lists(data, form)) if form.form in self._changed[key] else None

    def _lists(self, data: SubjectData, form: FormPath | None) -> tuple[int, ...]:
        if not self._ranges:
            return ()
        acts = data.forms.get(form) if form is not None else None
        done = acts.completion if acts is not None else None
        if form is not None and done is not None and form_status(data, form) in FINISHED:
            return tuple(i for i, one in enumerate(self._ranges) if one.taken.get(done.origin, done.seq) < done.seq)
        holder = self._place(data).origin
        return tuple(i for i, one in enumerate(self._ranges) if holder in one.taken)

    def _version(self, data: SubjectData, today: date, form: FormPath | None) -> str:
        if form is not None:
            return self._begun(data, form) or self._in_effect(data, today, form)
        now = self._in_effect(data, today, None)
        if now == self._held[-1].version:
            return now
        # A visit that only a newer release knows stays in sight though its condition was taken back.
        begun = [one for one in (self._begun(data, form) for form in data.by_form) if one]
        return max([now, *begun], key=lambda version: self._rank[version])

    def _begun(self, data: SubjectData, form: FormPath) -> str | None:
        named = [version for version in data.versions(form) if version in self._rank]
        return max(named, key=lambda version: self._rank[version], default=None)

    def _in_effect(self, data: SubjectData, today: date, form: FormPath | None) -> str:
        if len(self._held) == 1:
            return self._held[0].version
        place = self._place(data)
        terms, first = place.terms, self._rank.get(place.made_with, 0)
        for held in reversed(self._held[1:]):
            given = terms.get(held.version)
            if given is not None and standing(given, self.book(held.version), data, today, form).holds:
                return held.version
        # The release it was made with; where that came with terms as well, the one before it that has none.
        free = [one.version for one in self._held[: first + 1] if one.version not in terms] or [self._held[0].version]
        if form is None or form.form in self.book(free[-1]).study.form:
            return free[-1]
        return next((one.version for one in self._held if form.form in self.book(one.version).study.form), free[-1])
