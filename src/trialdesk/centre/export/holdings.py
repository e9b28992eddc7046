"""What an export is made of: the study, the casebooks up to a cut, and the answers that count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from trialdesk.centre.centre import Centre
from trialdesk.centre.library import rules_of_centre
from trialdesk.domain.clinical.fold import fold
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.rules.pages import place, questions, skip_of
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.domain.rules.scope import PlaceScope
from trialdesk.domain.study.study import Study
from trialdesk.services.centre_view import Progress, unwatched
from trialdesk.storage.audit_trail import AuditTrail


@dataclass
class Holdings:
    """One study at a cut; `made` is when the export is written (aware), `cut` the last day of recording that counts.

    `told` hears of every participant that is read.
    """

    centre: Centre
    made: datetime
    cut: date | None = None
    told: Progress = unwatched

    @cached_property
    def study(self) -> Study:
        """The newest release given out; everything asked before is still in it."""
        return self.book.study

    @cached_property
    def book(self) -> Rulebook:
        """The rules of every release, for telling what is not asked any more of a form."""
        return rules_of_centre(self.centre)

    @property
    def day(self) -> date:
        """The day the rules are asked on."""
        return self.cut or self.made.date()

    def casebooks(self) -> Iterator[SubjectData]:
        """Every participant, one at a time, from what was recorded up to the end of the cut's day (local time)."""
        trail = AuditTrail(self.centre.engine)
        subjects = trail.subjects()
        for step, subject in enumerate(subjects):
            self.told(step, len(subjects))
            records = [r for r in trail.records(subject=subject) if self.cut is None or r.local_time.date() <= self.cut]
            if records:
                yield fold(subject, records)

    def release(self, data: SubjectData, form: FormPath) -> str:
        """The study release by which a form was asked."""
        return self.book.on(data, self.day, form).study.version

    def parked(self, data: SubjectData) -> frozenset[ItemPath]:
        """Answers on record whose question is not asked any more: a tabulation leaves them out."""
        found: set[ItemPath] = set()
        for form, held in data.by_form.items():
            recorded = set(held)
            scope: PlaceScope | None = None
            book = self.book.on(data, self.day, form)
            if form.form not in book.study.form:
                continue
            for group, item, path in questions(data, form, book.study.form[form.form]):
                if path not in recorded or item.name not in book.conditions:
                    continue
                if scope is None or (scope.group, scope.group_repeat) != (group.oid, path.group_repeat):
                    scope = place(book, data, path, self.day)
                if skip_of(book, scope, item.name) is not None:
                    found.add(path)
        return frozenset(found)
