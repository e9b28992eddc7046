"""Adverse events that already speak of what a laboratory value shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.partial_date import PartialDate
from trialdesk.domain.study.laboratory import EventItems
from trialdesk.domain.study.study import Study


@dataclass(frozen=True)
class EventRow:
    """One adverse event: where it stands, its grade, when it began, and whether it was made from this very value."""

    form: FormPath
    grade: int | None
    start: str | None
    ongoing: bool
    linked: bool


def event_rows(
    study: Study, data: SubjectData, items: EventItems, term: str, day: date | None, value: ItemPath
) -> tuple[EventRow, ...]:
    """Adverse events of a term that can stand on a day, the highest grade first; struck ones do not count.

    A partial date counts for as long as it can; without a sampling day every event of the term counts.
    """
    found = []
    for path in data.by_item.get(items.term, ()):
        linked = items.link is not None and _value(study, data, path, items.link) == str(value)
        same = (data.value(path) or "").strip().lower() == term.lower()
        if not same:
            continue
        start = _value(study, data, path, items.start)
        end = _value(study, data, path, items.end)
        if not linked and not _stands(start, end, day):
            continue
        grade = _value(study, data, path, items.grade)
        number = int(grade) if grade and grade.isdigit() else None
        found.append(EventRow(path.form_path, number, start, end is None, linked))
    return tuple(sorted(found, key=lambda row: (not row.linked, -(row.grade or 0), row.form)))


def _stands(start: str | None, end: str | None, day: date | None) -> bool:
    if day is None:
        return True
    begun = start is None or PartialDate.parse(start).earliest <= day
    return begun and (end is None or PartialDate.parse(end).latest >= day)


def _value(study: Study, data: SubjectData, path: ItemPath, name: str) -> str | None:
    """The answer of another item of the same row of the log."""
    return data.value(path._replace(group=study.place[name][1].oid, item=name))
