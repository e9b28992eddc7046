"""Standing answers as rows, folded from the trail: what the centre queries with SQL; rebuilt at any time."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, Engine, select

from trialdesk.domain.clinical.audit_record import RECORD
from trialdesk.domain.clinical.fold import fold
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.storage.database import writing
from trialdesk.storage.tables import AUDIT, ITEM


def rebuild(engine: Engine) -> None:
    """Fold every participant anew."""
    with writing(engine) as connection:
        connection.execute(ITEM.delete())
        known = select(AUDIT.c.subject).where(AUDIT.c.subject.is_not(None)).distinct()
        refresh(connection, connection.scalars(known).all())


def refresh(connection: Connection, subjects: Iterable[str]) -> None:
    """Fold these participants anew within an open transaction."""
    rows: list[dict[str, object]] = []
    for subject in sorted(subjects):
        query = select(AUDIT.c.body).where(AUDIT.c.subject == subject)
        data = fold(subject, [RECORD.validate_json(content) for content in connection.scalars(query)])
        connection.execute(ITEM.delete().where(ITEM.c.subject == subject))
        rows += _rows(data)
    if rows:
        connection.execute(ITEM.insert(), rows)


def _rows(data: SubjectData) -> list[dict[str, object]]:
    """One row per answer that stands and is not struck; a disputed answer has no value."""
    return [
        {
            "subject": data.subject,
            "event": path.event,
            "repeat": path.repeat,
            "form": path.form,
            "grp": path.group,
            "grp_repeat": path.group_repeat,
            "item": path.item,
            "site": item.current.record.site,
            "value": item.value,
            "missing": item.missing,
            "unit": None if item.disputed else item.current.answer[2],
            "disputed": item.disputed,
            "record": item.current.id,
        }
        for path, item in data.items.items()
        if not data.is_struck(path)
    ]
