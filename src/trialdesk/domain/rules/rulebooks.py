"""The rules of several releases of one study at once: each form is read by the release it was begun under."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from trialdesk.domain.clinical.changes import StudyReleased
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath
from trialdesk.domain.rules.effective import standing
from trialdesk.domain.rules.functions import Terminology
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.domain.study.study import Study

Terms = Mapping[str, StudyReleased]
"""On which terms a workstation was given a release, by version; the first release it was made with has none."""


@dataclass(frozen=True)
class HeldRelease:
    """One release that lies here; `study` reads it when it is first needed."""

    version: str
    study: Callable[[], Study]


class Rulebooks(Rulebook):
    """Itself the newest release; `on` gives the release of a form or a participant.

    `held` stands oldest first; `terms` tells on which terms the workstation of a participant works with each of them.
    A form keeps the newest release that its answers name, or that a person moved it to, whatever the order in which
    records arrive; a form nobody has begun is asked by the newest release in effect.
    """

    def __init__(
        self, held: Sequence[HeldRelease], terminology: Terminology | None, terms: Callable[[SubjectData], Terms]
    ) -> None:
        super().__init__(held[-1].study(), terminology)
        self._held, self._terms = tuple(held), terms
        self._rank = {one.version: index for index, one in enumerate(held)}
        self._books: dict[str, Rulebook] = {}
        self._seen: SubjectData | None = None
        self._known: dict[tuple[FormPath | None, date], Rulebook] = {}

    @property
    def every(self) -> tuple[Rulebook, ...]:
        """The rules of every release that lies here, oldest first."""
        return tuple(self.book(one.version) for one in self._held)

    def book(self, version: str) -> Rulebook:
        """The rules of one release, compiled when first asked for; raises KeyError for one that does not lie here."""
        found = self._books.get(version)
        if found is None:
            held = self._held[self._rank[version]]
            newest = held is self._held[-1]
            found = self._books[version] = Rulebook(self.study if newest else held.study(), self.terminology)
        return found

    def on(self, data: SubjectData, today: date, form: FormPath | None = None) -> Rulebook:
        """The release by which a form is asked; without a form, the newest in effect for the participant."""
        if self._seen is not data:
            self._seen, self._known = data, {}
        key = (form, today)
        if key not in self._known:
            self._known[key] = self.book(self._version(data, today, form))
        return self._known[key]

    def newer(self, data: SubjectData, today: date, form: FormPath) -> Rulebook | None:
        """The release that would ask this form if it were begun now, where that is newer than the one it is under."""
        begun = self._begun(data, form)
        now = self._in_effect(data, today, form)
        return self.book(now) if begun is not None and self._rank[now] > self._rank[begun] else None

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
        terms = self._terms(data)
        for held in reversed(self._held[1:]):
            given = terms.get(held.version)
            if given is not None and standing(given, self.book(held.version), data, today, form).holds:
                return held.version
        # The release the workstation was made with: the newest for which it was never given terms.
        free = [one.version for one in self._held if one.version not in terms] or [self._held[0].version]
        if form is None or form.form in self.book(free[-1]).study.form:
            return free[-1]
        return next((one.version for one in self._held if form.form in self.book(one.version).study.form), free[-1])
