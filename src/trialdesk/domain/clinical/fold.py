"""From the trail to what is known: the same records in any order give the same casebook."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import (
    FindingExplained,
    FormCertified,
    FormCompleted,
    FormFrozen,
    FormLocked,
    FormMoved,
    FormReopened,
    FormSigned,
    FormThawed,
    FormUnlocked,
    ItemCorrected,
    ItemDerived,
    ItemEntered,
    NoteAdded,
    QueryAnswered,
    QueryAskedAgain,
    QueryClosed,
    QueryOpened,
    QueryProposed,
    RowStruck,
    SourceVerified,
    SubjectEnrolled,
    VerificationLifted,
)
from trialdesk.domain.clinical.monitoring_changes import MedicallyReviewed, MedicalReviewLifted, TrailReviewed
from trialdesk.domain.clinical.subject_data import Entry, FormData, ItemData, Query, SubjectData
from trialdesk.domain.oid import FormPath, ItemPath


def record_order(record: AuditRecord) -> tuple[str, str, int]:
    """A fixed order for showing records: time as stamped, then trail, then number; it decides no clinical fact."""
    return record.at, record.origin, record.seq


def fold(subject: str, records: Iterable[AuditRecord], base: SubjectData | None = None) -> SubjectData:
    """Apply records to a casebook (an empty one, or `base`) and return the new casebook.

    Values follow from which record replaces which, never from arrival order or clocks; the law
    `fold(a + b) == fold(b, fold(a))` for every split and order is tested.
    """
    base = base or SubjectData(subject)
    made = _Folding(base)
    for record in records:
        if record.subject == subject:
            made.take(record)
    return made.result()


class _Folding:
    """Working copies of a casebook's maps while records are applied."""

    def __init__(self, base: SubjectData) -> None:
        self.base = base
        self.enrolled = base.enrolled
        self.items = dict(base.items)
        self.forms = dict(base.forms)
        self.explained = dict(base.explained)
        self.struck = dict(base.struck)
        self.queries = dict(base.queries)
        self.waiting = dict(base.waiting)
        self.notes = dict(base.notes)
        self.proposals = dict(base.proposals)
        self.verified = dict(base.verified)
        self.unverified = base.unverified
        self.medical = dict(base.medical)
        self.medical_lifted = base.medical_lifted
        self.trail_reviews = base.trail_reviews
        self.fresh: list[ItemPath] = []

    def take(self, record: AuditRecord) -> None:
        change = record.change
        if isinstance(change, ItemEntered | ItemCorrected | ItemDerived):
            known = self.items.get(change.path)
            if known is None:
                self.fresh.append(change.path)
                self.items[change.path] = ItemData((Entry(record, change),))
            elif all(e.id != record.id for e in known.entries):
                entries = (*known.entries, Entry(record, change))
                self.items[change.path] = ItemData(tuple(sorted(entries, key=lambda e: record_order(e.record))))
        elif isinstance(change, FormCompleted):
            self._form(change.form, "completed", record)
        elif isinstance(change, FormCertified):
            self._form(change.form, "certified", record)
        elif isinstance(change, FormSigned):
            self._form(change.form, "signed", record)
        elif isinstance(change, FormLocked):
            self._form(change.form, "locked", record)
        elif isinstance(change, FormFrozen):
            self._form(change.form, "frozen", record)
        elif isinstance(change, FormMoved):
            self._form(change.form, "moved", record)
        elif isinstance(change, FormReopened | FormUnlocked | FormThawed):
            form = self.forms.get(change.form, FormData())
            self.forms[change.form] = replace(form, lifted=form.lifted | set(change.replaces))
        elif isinstance(change, FindingExplained):
            key = (change.path, change.rule)
            self.explained[key] = _added(self.explained.get(key, ()), record)
        elif isinstance(change, RowStruck):
            key_of_row = (change.form, change.group, change.group_repeat)
            self.struck[key_of_row] = min(record, self.struck.get(key_of_row, record), key=record_order)
        elif isinstance(change, NoteAdded):
            self.notes[change.path] = _added(self.notes.get(change.path, ()), record)
        elif isinstance(change, SourceVerified):
            for path in change.paths:
                self.verified[path] = _added(self.verified.get(path, ()), record)
        elif isinstance(change, VerificationLifted):
            self.unverified |= set(change.replaces)
        elif isinstance(change, MedicallyReviewed):
            self.medical[change.form] = _added(self.medical.get(change.form, ()), record)
        elif isinstance(change, MedicalReviewLifted):
            self.medical_lifted |= set(change.replaces)
        elif isinstance(change, TrailReviewed):
            self.trail_reviews = _added(self.trail_reviews, record)
        elif isinstance(change, QueryProposed):
            self.proposals.setdefault(record.id, record)
        elif isinstance(change, QueryOpened):
            self.queries.setdefault(record.id, Query(record))
            for early in self.waiting.pop(record.id, ()):
                self._query(early)
        elif isinstance(change, QueryAnswered | QueryAskedAgain | QueryClosed):
            self._query(record)
        elif isinstance(change, SubjectEnrolled):
            known_record = self.enrolled
            if known_record is None or record_order(record) < record_order(known_record):
                self.enrolled = record

    def _form(self, path: FormPath, what: str, record: AuditRecord) -> None:
        form = self.forms.get(path, FormData())
        acts: dict[str, Any] = {what: _added(getattr(form, what), record)}
        self.forms[path] = replace(form, **acts)

    def _query(self, record: AuditRecord) -> None:
        change = record.change
        assert isinstance(change, QueryAnswered | QueryAskedAgain | QueryClosed)
        query = self.queries.get(change.query)
        if query is None:
            self.waiting[change.query] = _added(self.waiting.get(change.query, ()), record)
        elif isinstance(change, QueryAnswered):
            self.queries[change.query] = replace(query, answers=_added(query.answers, record))
        elif isinstance(change, QueryAskedAgain):
            self.queries[change.query] = replace(query, asked_again=_added(query.asked_again, record))
        else:
            self.queries[change.query] = replace(query, closings=_added(query.closings, record))

    def result(self) -> SubjectData:
        made = SubjectData(
            self.base.subject,
            self.enrolled,
            self.items,
            self.forms,
            self.explained,
            self.struck,
            self.queries,
            self.waiting,
            self.notes,
            self.proposals,
            self.verified,
            self.unverified,
            self.medical,
            self.medical_lifted,
            self.trail_reviews,
        )
        if made.struck == self.base.struck:
            made.carry_maps(self.base, self.fresh)
        return made


def _added(records: tuple[AuditRecord, ...], record: AuditRecord) -> tuple[AuditRecord, ...]:
    if any(r.id == record.id for r in records):
        return records
    return tuple(sorted((*records, record), key=record_order))
