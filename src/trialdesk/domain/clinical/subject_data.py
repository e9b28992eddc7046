"""What is known of one participant: current answers, their history, form states, queries (ODM SubjectData)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import (
    FormCertified,
    FormCompleted,
    FormMoved,
    FormSigned,
    ItemCorrected,
    ItemDerived,
    ItemEntered,
    QueryAnswered,
    QueryAskedAgain,
    QueryClosed,
    QueryOpened,
    QueryProposed,
    RecordId,
)
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.text import Text

ItemChange = ItemEntered | ItemCorrected | ItemDerived


@dataclass(frozen=True, slots=True)
class Entry:
    """One recorded answer with the line of the trail that holds it."""

    record: AuditRecord
    change: ItemChange

    @property
    def id(self) -> RecordId:
        """The record that holds this answer."""
        return self.record.id

    @property
    def answer(self) -> tuple[str | None, str | None, str | None]:
        """What was said: value, reason for being missing, unit."""
        if isinstance(self.change, ItemDerived):
            return self.change.value, None, None
        return self.change.value, self.change.missing, self.change.unit


@dataclass(frozen=True)
class ItemData:
    """Every recorded answer of one item; the heads are those that no other record has replaced."""

    entries: tuple[Entry, ...]

    @cached_property
    def heads(self) -> tuple[Entry, ...]:
        """The answers that stand now: one, or several where two laptops corrected the same record."""
        if len(self.entries) == 1:
            return self.entries
        replaced = {name for e in self.entries if not isinstance(e.change, ItemEntered) for name in e.change.replaces}
        return tuple(e for e in self.entries if e.id not in replaced)

    @cached_property
    def disputed(self) -> bool:
        """True when two standing answers differ; a person decides, no clock does."""
        return len(self.entries) > 1 and len({e.answer for e in self.heads}) > 1

    @property
    def current(self) -> Entry:
        """The standing answer; of several the last by record name."""
        return self.heads[-1]

    @property
    def value(self) -> str | None:
        """The value in canonical text, or None when missing or disputed."""
        return None if self.disputed else self.current.answer[0]

    @property
    def missing(self) -> str | None:
        """ND, UNK or NA when a person said that there is no value."""
        return None if self.disputed else self.current.answer[1]

    @property
    def unit(self) -> str | None:
        """The entered unit where it is not the item's own."""
        return None if self.disputed else self.current.answer[2]

    @property
    def head_ids(self) -> tuple[RecordId, ...]:
        """Names of the standing records."""
        return tuple(e.id for e in self.heads)


@dataclass(frozen=True)
class FormData:
    """The acts done to one form as a whole."""

    completed: tuple[AuditRecord, ...] = ()
    signed: tuple[AuditRecord, ...] = ()
    locked: tuple[AuditRecord, ...] = ()
    lifted: frozenset[RecordId] = frozenset()
    certified: tuple[AuditRecord, ...] = ()
    frozen: tuple[AuditRecord, ...] = ()
    moved: tuple[AuditRecord, ...] = ()
    """The acts that let a newer study release ask this form."""

    @property
    def is_frozen(self) -> bool:
        """True while a freeze stands."""
        return any(r.id not in self.lifted for r in self.frozen)

    @property
    def completion(self) -> AuditRecord | None:
        """The completion that stands, if any."""
        return next((r for r in reversed(self.completed) if r.id not in self.lifted), None)

    @property
    def is_locked(self) -> bool:
        """True while a lock stands."""
        return any(r.id not in self.lifted for r in self.locked)

    @property
    def signature(self) -> AuditRecord | None:
        """The newest signature by record name, whether or not the form was changed since."""
        return self.signed[-1] if self.signed else None


@dataclass(frozen=True)
class Query:
    """A question about answers, with everything said to it."""

    opened: AuditRecord
    answers: tuple[AuditRecord, ...] = ()
    closings: tuple[AuditRecord, ...] = ()
    asked_again: tuple[AuditRecord, ...] = ()

    @property
    def id(self) -> RecordId:
        """The query's name is its opening record's."""
        return self.opened.id

    @property
    def change(self) -> QueryOpened:
        """What was asked."""
        assert isinstance(self.opened.change, QueryOpened)
        return self.opened.change

    @property
    def state(self) -> str:
        """Open, Answered, Closed or Cancelled (ODM 2.0 words); what a later question names does not settle it."""
        lifted = {name for r in self.asked_again if isinstance(r.change, QueryAskedAgain) for name in r.change.replaces}
        closings = [r.change for r in self.closings if r.id not in lifted]
        if closings:
            last = closings[-1]
            assert isinstance(last, QueryClosed)
            return "Cancelled" if last.cancelled else "Closed"
        return "Answered" if any(r.id not in lifted for r in self.answers) else "Open"

    @property
    def thread(self) -> tuple[AuditRecord, ...]:
        """Everything said after the first question, in the order of time as stamped; for showing only."""
        said = (*self.answers, *self.asked_again, *self.closings)
        return tuple(sorted(said, key=lambda r: (r.at, r.origin, r.seq)))

    @property
    def says(self) -> Text:
        """The question as it was put last."""
        last = self.asked_again[-1].change if self.asked_again else self.change
        assert isinstance(last, QueryOpened | QueryAskedAgain)
        return last.says

    @property
    def words(self) -> tuple[str, ...]:
        """What the site answered, in record order."""
        return tuple(r.change.words for r in self.answers if isinstance(r.change, QueryAnswered))


def turn_words(record: AuditRecord) -> Text:
    """What one turn of a query's thread says; answers and closings are in the writer's own words."""
    change = record.change
    if isinstance(change, QueryOpened | QueryProposed | QueryAskedAgain):
        return change.says
    words = change.words if isinstance(change, QueryAnswered | QueryClosed) else ""
    return Text(en=words, zh=words)


def turn_line(record: AuditRecord) -> str:
    """The same on one line, in both languages where they differ."""
    said = turn_words(record)
    return said.zh if said.en == said.zh else f"{said.zh} {said.en}"


@dataclass(frozen=True)
class SubjectData:
    """One participant's casebook as it follows from the trail; built by `fold`, never changed in place."""

    subject: str
    enrolled: AuditRecord | None = None
    items: Mapping[ItemPath, ItemData] = field(default_factory=dict)
    forms: Mapping[FormPath, FormData] = field(default_factory=dict)
    explained: Mapping[tuple[ItemPath, str], tuple[AuditRecord, ...]] = field(default_factory=dict)
    struck: Mapping[tuple[FormPath, str | None, int], AuditRecord] = field(default_factory=dict)
    queries: Mapping[RecordId, Query] = field(default_factory=dict)
    waiting: Mapping[RecordId, tuple[AuditRecord, ...]] = field(default_factory=dict)
    """Answers and closings whose query has not arrived yet: bundles of several laptops come in any order."""
    notes: Mapping[ItemPath, tuple[AuditRecord, ...]] = field(default_factory=dict)
    """What people wrote beside an answer, oldest first."""
    proposals: Mapping[RecordId, AuditRecord] = field(default_factory=dict)
    """Queries drafted at the centre, issued or not."""
    verified: Mapping[ItemPath, tuple[AuditRecord, ...]] = field(default_factory=dict)
    unverified: frozenset[RecordId] = frozenset()
    medical: Mapping[FormPath, tuple[AuditRecord, ...]] = field(default_factory=dict)
    """Medical reviews of each form, taken back or not, oldest first."""
    medical_lifted: frozenset[RecordId] = frozenset()
    trail_reviews: tuple[AuditRecord, ...] = ()
    """When the audit trail of this participant was looked through, oldest first."""

    @cached_property
    def by_item(self) -> Mapping[str, tuple[ItemPath, ...]]:
        """Recorded places of each item name that are not struck, in path order."""
        found: dict[str, list[ItemPath]] = {}
        for path in self.items:
            if not self.is_struck(path):
                found.setdefault(path.item, []).append(path)
        return {name: tuple(sorted(paths)) for name, paths in found.items()}

    def versions(self, form: FormPath) -> frozenset[str]:
        """The study releases under which a form was answered, or to which a person moved it; empty when not begun."""
        answered = {e.record.study for path in self.by_form.get(form, ()) for e in self.items[path].entries}
        moved = self.forms[form].moved if answered and form in self.forms else ()
        return frozenset(answered | {r.change.version for r in moved if isinstance(r.change, FormMoved)})

    @cached_property
    def by_form(self) -> Mapping[FormPath, tuple[ItemPath, ...]]:
        """Recorded places on each form, struck rows included."""
        found: dict[FormPath, list[ItemPath]] = {}
        for path in self.items:
            found.setdefault(path.form_path, []).append(path)
        return {form: tuple(sorted(paths)) for form, paths in found.items()}

    def carry_maps(self, base: SubjectData, fresh: Collection[ItemPath]) -> None:
        """Take over the maps of the casebook this one was made from, with the fresh places added.

        Only for a casebook that struck nothing since; working the maps out anew would cost more than the answer.
        """
        known_items, known_forms = vars(base).get("by_item"), vars(base).get("by_form")
        if known_items is not None:
            places = dict(known_items)
            for path in fresh:
                if not self.is_struck(path):
                    places[path.item] = tuple(sorted((*places.get(path.item, ()), path)))
            vars(self)["by_item"] = places
        if known_forms is not None:
            held = dict(known_forms)
            for path in fresh:
                held[path.form_path] = tuple(sorted((*held.get(path.form_path, ()), path)))
            vars(self)["by_form"] = held

    @property
    def initials(self) -> str:
        """The participant's initials by the study's rule."""
        change = self.enrolled.change if self.enrolled else None
        return getattr(change, "initials", "")

    def value(self, path: ItemPath) -> str | None:
        """The standing value at a place, or None when empty, missing, disputed or struck."""
        item = self.items.get(path)
        return item.value if item and not self.is_struck(path) else None

    def is_frozen(self, form: FormPath) -> bool:
        """True while the centre holds a form still."""
        acts = self.forms.get(form)
        return acts is not None and acts.is_frozen

    def verification(self, path: ItemPath) -> AuditRecord | None:
        """The comparison with a source that holds for the answer as it stands; None after a correction or a lifting."""
        item = self.items.get(path)
        for record in reversed(self.verified.get(path, ())):
            covers = set(getattr(record.change, "covers", ()))
            if record.id not in self.unverified and item is not None and covers.issuperset(item.head_ids):
                return record
        return None

    def medical_review(self, form: FormPath) -> AuditRecord | None:
        """The medical review that holds for the form as it stands; None after any change to it or a withdrawal."""
        now = self.endorsed(form)
        for record in reversed(self.medical.get(form, ())):
            if record.id not in self.medical_lifted and now == set(getattr(record.change, "covers", ())):
                return record
        return None

    @property
    def candidates(self) -> tuple[AuditRecord, ...]:
        """Drafted queries that were neither issued nor dropped, oldest first."""
        issued = {query.change.proposal for query in self.queries.values()} | set(self.waiting)
        return tuple(r for r in self.proposals.values() if r.id not in issued)

    def is_struck(self, path: ItemPath) -> bool:
        """True when the row this answer stands in was struck out."""
        form = path.form_path
        return bool(self.struck) and (
            (form, None, 1) in self.struck or (form, path.group, path.group_repeat) in self.struck
        )

    def repeats(self, event: str) -> tuple[int, ...]:
        """Which occurrences of an event hold any answer."""
        return tuple(sorted({form.repeat for form in self.by_form if form.event == event}))

    def rows(self, form: FormPath, group: str) -> tuple[int, ...]:
        """Which rows of a group hold any answer, struck rows left out."""
        return tuple(
            sorted({p.group_repeat for p in self.by_form.get(form, ()) if p.group == group and not self.is_struck(p)})
        )

    def covered(self, form: FormPath) -> frozenset[RecordId]:
        """The standing records of a form: what a completion or a signature covers."""
        return frozenset(name for p in self.by_form.get(form, ()) for name in self.items[p].head_ids)

    def endorsed(self, form: FormPath) -> frozenset[RecordId]:
        """What a signature answers for: the standing records, the rows struck out, the reasons given for findings."""
        struck = {record.id for (where, _, _), record in self.struck.items() if where == form}
        kept = {
            record.id
            for (path, rule), records in self.explained.items()
            if records and path.form_path == form and (record := self.explanation(path, rule)) is not None
        }
        return self.covered(form) | struck | kept

    def discussed(self, form: FormPath) -> frozenset[RecordId]:
        """Every record of the queries about a form."""
        queries = [q for q in self.queries.values() if any(p.form_path == form for p in q.change.paths)]
        return frozenset(r.id for q in queries for r in (q.opened, *q.thread))

    def certification(self, form: FormPath) -> AuditRecord | None:
        """The signature of data entry whose pages still say all that is known of the form, or None."""
        now = self.endorsed(form) | self.discussed(form)
        for record in reversed(self.forms[form].certified if form in self.forms else ()):
            if isinstance(record.change, FormCertified) and set(record.change.covers) == now:
                return record
        return None

    def explanation(self, path: ItemPath, rule: str) -> AuditRecord | None:
        """The reason a person gave for keeping this value in spite of the rule, while the value still stands."""
        item = self.items.get(path)
        heads = set(item.head_ids) if item else set()
        for record in reversed(self.explained.get((path, rule), ())):
            if heads == set(getattr(record.change, "covers", ())):
                return record
        return None

    def changed_since_signed(self, form: FormPath) -> tuple[RecordId, ...]:
        """Records of a form that none of its signatures answers for, in name order; empty when unsigned or unchanged."""
        signed = self.forms[form].signed if form in self.forms else ()
        if not signed:
            return ()
        known = {name for r in signed if isinstance(r.change, FormSigned) for name in r.change.covers}
        return tuple(sorted(self.endorsed(form) - known))

    def changed_since_complete(self, form: FormPath) -> bool:
        """True when the form was changed after the completion that stands."""
        completion = self.forms[form].completion if form in self.forms else None
        if completion is None or not isinstance(completion.change, FormCompleted):
            return False
        return bool(self.covered(form) - set(completion.change.covers))

    def queries_at(self, path: ItemPath) -> tuple[Query, ...]:
        """Every query about one answer, the waiting ones first, then the settled ones, each oldest first."""
        here = [query for query in self.queries.values() if path in query.change.paths]
        waiting = ("Open", "Answered")
        return tuple(sorted(here, key=lambda q: (q.state not in waiting, q.opened.at, q.id)))

    def open_queries(self, form: FormPath | None = None) -> Iterator[Query]:
        """Queries that still wait, of the whole casebook or of one form."""
        for query in self.queries.values():
            here = form is None or any(p.form_path == form for p in query.change.paths)
            if here and query.state in ("Open", "Answered"):
                yield query
