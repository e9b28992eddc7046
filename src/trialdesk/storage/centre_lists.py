"""What the centre's lists ask of the rows folded from the trail; each answers in milliseconds at a million records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, Select, case, func, or_, select

from trialdesk.domain.clinical.audit_record import RECORD
from trialdesk.domain.clinical.changes import CustodyPassed
from trialdesk.storage.database import reading
from trialdesk.storage.tables import AUDIT, FORM, ITEM, QUERY, SUBJECT


@dataclass(frozen=True)
class FormCount:
    """How many of a site's forms of one kind at one event stand in one state."""

    site: str
    event: str
    form: str
    state: str
    forms: int
    queries: int


@dataclass(frozen=True)
class QueryLine:
    """One query on the board; times are UTC in ISO 8601."""

    id: str
    subject: str
    site: str
    source: str
    state: str
    rule: str | None
    paths: tuple[str, ...]
    says_en: str
    says_zh: str
    opened: str
    answered: str | None
    settled: str | None
    said: str | None


@dataclass(frozen=True)
class AnswerLine:
    """One standing answer in the data browser."""

    subject: str
    event: str
    repeat: int
    form: str
    group: str
    group_repeat: int
    item: str
    site: str
    value: str | None
    missing: str | None
    unit: str | None
    disputed: bool
    record: str


@dataclass(frozen=True)
class SubjectLine:
    """One participant; `enrolled` is the local day, `version` the study release of the last record."""

    subject: str
    site: str
    initials: str
    enrolled: str | None
    version: str
    last: str
    disputed: int


class CentreLists:
    """The lists of one centre's store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def completeness(self, site: str | None = None) -> tuple[FormCount, ...]:
        """Forms by site, event, kind and state."""
        keys = (FORM.c.site, FORM.c.event, FORM.c.form, FORM.c.state)
        query = select(*keys, func.count(), func.sum(FORM.c.queries)).group_by(*keys).order_by(*keys)
        if site is not None:
            query = query.where(FORM.c.site == site)
        return tuple(FormCount(*row) for row in self._rows(query))

    def forms_of(self, subjects: Sequence[str]) -> tuple[tuple[str, str, int, str, str, int], ...]:
        """Participant, event, repeat, form, state and waiting queries of each form of these participants."""
        columns = (FORM.c.subject, FORM.c.event, FORM.c.repeat, FORM.c.form, FORM.c.state, FORM.c.queries)
        return tuple(tuple(row) for row in self._rows(select(*columns).where(FORM.c.subject.in_(subjects))))

    def subjects(self, site: str | None = None, limit: int = 200, after: str = "") -> tuple[SubjectLine, ...]:
        """Participants by number, those after `after`."""
        query = SUBJECT.select().where(SUBJECT.c.subject > after).order_by(SUBJECT.c.subject).limit(limit)
        if site is not None:
            query = query.where(SUBJECT.c.site == site)
        return tuple(SubjectLine(*row) for row in self._rows(query))

    def named(self, typed: str, limit: int = 20) -> tuple[SubjectLine, ...]:
        """Participants whose number or initials hold these letters, by number."""
        like = f"%{_escaped(typed)}%"
        fits = SUBJECT.c.subject.ilike(like, escape="\\") | SUBJECT.c.initials.ilike(like, escape="\\")
        query = SUBJECT.select().where(fits).order_by(SUBJECT.c.subject).limit(limit)
        return tuple(SubjectLine(*row) for row in self._rows(query))

    def initials(self, subjects: Iterable[str]) -> dict[str, str]:
        """The initials of these participants."""
        query = select(SUBJECT.c.subject, SUBJECT.c.initials).where(SUBJECT.c.subject.in_(list(subjects)))
        return {row[0]: row[1] for row in self._rows(query)}

    def enrolment(self) -> tuple[tuple[str, str, int], ...]:
        """Day, site, and how many were enrolled."""
        keys = (SUBJECT.c.enrolled, SUBJECT.c.site)
        query = select(*keys, func.count()).where(SUBJECT.c.enrolled.is_not(None)).group_by(*keys).order_by(*keys)
        return tuple((day, site, count) for day, site, count in self._rows(query))

    def sites(self) -> tuple[str, ...]:
        """Every site that has enrolled."""
        return tuple(row[0] for row in self._rows(select(SUBJECT.c.site).distinct().order_by(SUBJECT.c.site)))

    def query_counts(self) -> dict[str, int]:
        """How many queries stand in each state."""
        return {row[0]: row[1] for row in self._rows(select(QUERY.c.state, func.count()).group_by(QUERY.c.state))}

    def queries(
        self, states: Sequence[str] = (), subject: str | None = None, limit: int = 200
    ) -> tuple[QueryLine, ...]:
        """Queries in these states, the longest waiting first."""
        query = QUERY.select().order_by(QUERY.c.opened, QUERY.c.id).limit(limit)
        if states:
            query = query.where(QUERY.c.state.in_(states))
        if subject is not None:
            query = query.where(QUERY.c.subject == subject)
        return tuple(_query_line(row) for row in self._rows(query))

    def asked(self, typed: str, limit: int = 20) -> tuple[QueryLine, ...]:
        """Queries whose number or words hold these letters, those that wait first, the longest waiting first."""
        like = f"%{_escaped(typed)}%"
        columns = (QUERY.c.id, QUERY.c.says_en, QUERY.c.says_zh, QUERY.c.subject)
        fits = or_(*(column.ilike(like, escape="\\") for column in columns))
        waits = case((QUERY.c.state.in_(("Open", "Answered", "Candidate")), 0), else_=1)
        query = QUERY.select().where(fits).order_by(waits, QUERY.c.opened, QUERY.c.id).limit(limit)
        return tuple(_query_line(row) for row in self._rows(query))

    def query(self, id: str) -> QueryLine | None:
        """The query of this name."""
        return next((_query_line(row) for row in self._rows(QUERY.select().where(QUERY.c.id == id))), None)

    def answers(
        self,
        subject: str | None = None,
        site: str | None = None,
        form: str | None = None,
        item: str | None = None,
        value: str | None = None,
        disputed: bool = False,
        limit: int = 200,
    ) -> tuple[AnswerLine, ...]:
        """Standing answers that meet every filter given, by participant and place."""
        query = ITEM.select()
        wanted = ((ITEM.c.subject, subject), (ITEM.c.site, site), (ITEM.c.form, form), (ITEM.c.item, item))
        for column, text in (*wanted, (ITEM.c.value, value)):
            if text is not None:
                query = query.where(column == text)
        if disputed:
            query = query.where(ITEM.c.disputed)
        order = (ITEM.c.subject, ITEM.c.event, ITEM.c.repeat, ITEM.c.form, ITEM.c.grp, ITEM.c.grp_repeat, ITEM.c.item)
        return tuple(AnswerLine(*row) for row in self._rows(query.order_by(*order).limit(limit)))

    def successors(self) -> dict[str, str]:
        """Which workstation stands in the place of which dead one, oldest first."""
        of_centre = AUDIT.c.origin.in_(("CENTRE",)) & (AUDIT.c.kind == "CustodyPassed")
        bodies = self._rows(select(AUDIT.c.body).where(of_centre).order_by(AUDIT.c.seq))
        changes = [RECORD.validate_json(body).change for (body,) in bodies]
        return {one.replaces: one.workstation for one in changes if isinstance(one, CustodyPassed)}

    def holder(self, subject: str) -> str | None:
        """The workstation that wrote about this participant last, or the one in its place: where answers have to go."""
        query = select(AUDIT.c.origin, func.max(AUDIT.c.at)).where(AUDIT.c.subject == subject).group_by(AUDIT.c.origin)
        found = [(at, origin) for origin, at in self._rows(query) if "-" not in origin and origin != "CENTRE"]
        if not found:
            return None
        holder: str = max(found)[1]
        passed = self.successors()
        while holder in passed:
            holder = passed[holder]
        return holder

    def _rows(self, query: Select[tuple[object, ...]]) -> Iterator[tuple]:  # type: ignore[type-arg]
        with reading(self._engine) as connection:
            yield from (tuple(row) for row in connection.execute(query))


def _escaped(typed: str) -> str:
    """Letters for LIKE, its own signs taken as letters."""
    return typed.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _query_line(row: tuple) -> QueryLine:  # type: ignore[type-arg]
    id, subject, site, source, state, rule, paths, *rest = row
    return QueryLine(id, subject, site, source, state, rule, tuple(paths.split("\n")), *rest)
