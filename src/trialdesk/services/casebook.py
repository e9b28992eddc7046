"""Working in one participant's casebook: every answer is safe on disk before the caret is in the next field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from trialdesk.domain.actions import blanks, completing, entry, moving, notes, queries, undoing
from trialdesk.domain.actions.outcome import Outcome, Refusal
from trialdesk.domain.actions.reaction import react
from trialdesk.domain.clinical.audit_record import AuditRecord, Reason
from trialdesk.domain.clinical.changes import (
    Change,
    FindingExplained,
    FormCompleted,
    FormMoved,
    FormSigned,
    ItemCorrected,
    ItemDerived,
    ItemEntered,
    Missing,
    RecordId,
    RowStruck,
)
from trialdesk.domain.clinical.fold import fold
from trialdesk.domain.clinical.form_status import FormStatus, form_status
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.rules.assess import assess_form, value_text
from trialdesk.domain.rules.finding import FormAssessment
from trialdesk.domain.rules.reach import touched
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text
from trialdesk.services.session import Session
from trialdesk.services.undo import UndoHistory


class Answer(NamedTuple):
    """An answer as a person writes it, with the unit where it is not the item's own."""

    path: ItemPath
    typed: str
    unit: str | None = None


class Proposed(NamedTuple):
    """A value that waits for a person: the number as written, its unit, where it came from, and what stood then."""

    text: str
    unit: str | None
    source: str
    over: tuple[RecordId, ...] = ()


class Casebook:
    """One participant's data with what follows from them, kept in step with the trail.

    `proposed` holds values from a laboratory system that nobody has confirmed: they are no data and lie in memory.
    """

    def __init__(self, session: Session, subject: str) -> None:
        self.session, self.subject = session, subject
        self.data: SubjectData = session.data(subject)
        self._assessed: dict[FormPath, FormAssessment] = {}
        self._day = session.today
        self.history_of_acts = UndoHistory()
        self.proposed: dict[ItemPath, Proposed] = {}

    def read_anew(self) -> None:
        """Fold the trail again after records came from elsewhere."""
        self.data = self.session.data(self.subject)
        self._assessed.clear()

    def book(self, form: FormPath | None = None) -> Rulebook:
        """The rules of the release by which a form is asked; without a form, the newest in effect for the participant."""
        return self.session.book.on(self.data, self.session.today, form)

    def study(self, form: FormPath | None = None) -> Study:
        """The study as the release of a form, or of the participant, has it."""
        return self.book(form).study

    def version(self, change: Change) -> str:
        """The release a change is made under: that of the form it is about, else the participant's."""
        if isinstance(change, FormMoved):
            return change.version
        at = getattr(change, "form", None) or getattr(change, "path", None)
        form = at.form_path if isinstance(at, ItemPath) else at
        return self.study(form if isinstance(form, FormPath) else None).version

    def assessment(self, form: FormPath) -> FormAssessment:
        """What follows for a form now; worked out once and again only when something it rests on changes."""
        if self.session.today != self._day:
            self._assessed.clear()
            self._day = self.session.today
        found = self._assessed.get(form)
        if found is None:
            found = self._assessed[form] = assess_form(self.session.book, self.data, form, self._day)
        return found

    def status(self, form: FormPath) -> FormStatus:
        """The state of a form."""
        return form_status(self.data, form)

    def shown(self, path: ItemPath) -> str | None:
        """What a field shows: its value, or the computed one."""
        return value_text(self.session.book, self.assessment(path.form_path), self.data, path)

    def enter(
        self,
        path: ItemPath,
        typed: str,
        missing: Missing | None = None,
        unit: str | None = None,
        reason: Reason | None = None,
    ) -> tuple[AuditRecord, ...] | Refusal:
        """Record an answer or why there is none; a Refusal wrote nothing and says what to do."""
        request = self.session.request(reason)
        outcome = entry.enter_item(self.session.book, self.data, request, path, typed, missing, unit)
        return self._noted((path,), outcome)

    def mark_missing(
        self, paths: Sequence[ItemPath], missing: Missing, reason: Reason | None = None
    ) -> tuple[AuditRecord, ...] | Refusal:
        """Record for every empty question among these why it has no value, in one act."""
        return self._noted(paths, blanks.mark_missing(self.data, self.session.request(reason), paths, missing))

    def take_back(
        self, form: FormPath, reason: Reason | None = None, redo: bool = False
    ) -> tuple[AuditRecord, ...] | Refusal:
        """Undo the newest act of this session on a form, or put the last undone one back; audited like any change."""
        acts = self.history_of_acts
        steps = acts.last(form, redo)
        if steps is None:
            return ()
        code: Literal["UNDO", "REDO"] = "REDO" if redo else "UNDO"
        turned = steps if redo else tuple(step.back for step in reversed(steps))
        outcome = undoing.set_back(self.data, self.session.request(reason), turned, code)
        if isinstance(outcome, Refusal):
            if outcome.kind == "state":
                acts.forget(form, redo)
            return outcome
        made = self._carry_out(outcome)
        acts.moved(form, redo)
        return made

    def enter_together(
        self, answers: Sequence[tuple[ItemPath, str]], reason: Reason | None = None
    ) -> tuple[AuditRecord, ...] | Refusal:
        """Record several answers that belong to one act in one durable transaction; a Refusal wrote none of them."""
        return self.enter_all([Answer(path, typed) for path, typed in answers], reason)

    def enter_all(self, answers: Sequence[Answer], reason: Reason | None = None) -> tuple[AuditRecord, ...] | Refusal:
        """As `enter_together`, each answer with the unit it was given in."""
        request = self.session.request(reason)
        changes: list[Change] = []
        for one in answers:
            outcome = entry.enter_item(self.session.book, self.data, request, one.path, one.typed, None, one.unit)
            if isinstance(outcome, Refusal):
                return outcome
            changes += outcome.changes
        return self._noted([one.path for one in answers], Outcome(tuple(changes), reason))

    def explain(self, path: ItemPath, rule: str, code: str, words: str = "") -> tuple[AuditRecord, ...] | Refusal:
        """Keep a value in spite of a soft finding, with a reason."""
        request = self.session.request()
        return self._carry_out(
            entry.explain_finding(self.session.book, self.data, request, path, rule, code, words), path
        )

    def strike(
        self, form: FormPath, reason: Reason | None, group: str | None = None, group_repeat: int = 1
    ) -> tuple[AuditRecord, ...] | Refusal:
        """Strike a log entry or table row with a reason."""
        made = self._carry_out(entry.strike_row(self.data, self.session.request(reason), form, group, group_repeat))
        self._assessed.clear()
        return made

    def complete(self, form: FormPath) -> tuple[AuditRecord, ...] | Refusal:
        """Declare a form complete."""
        outcome = completing.complete_form(
            self.session.book, self.data, self.session.request(), form, self.session.upcoming
        )
        return self._carry_out(outcome)

    def reopen(self, form: FormPath, reason: Reason | None) -> tuple[AuditRecord, ...] | Refusal:
        """Take a completed form back to draft."""
        return self._carry_out(completing.reopen_form(self.data, self.session.request(reason), form))

    def move(self, form: FormPath) -> tuple[AuditRecord, ...] | Refusal:
        """Let the newest release in effect ask a draft; every answer stays as it is."""
        outcome = moving.move_form(self.session.book, self.data, self.session.request(), form)
        made = self._carry_out(outcome)
        self._assessed.clear()
        return made

    def answer(self, query: RecordId, words: str) -> tuple[AuditRecord, ...] | Refusal:
        """Answer a query."""
        return self._carry_out(queries.answer_query(self.data, self.session.request(), query, words))

    def correct_and_answer(
        self, query: RecordId, path: ItemPath, typed: str, words: str = ""
    ) -> tuple[AuditRecord, ...] | Refusal:
        """Correct the value a query is about and answer the query with it, in one act; both, or neither, are on record.

        Without words the answer says what was changed to what.
        """
        reason = Reason(code="QUERY")
        request, before = self.session.request(reason), self.shown(path)
        corrected = entry.enter_item(self.session.book, self.data, request, path, typed)
        if isinstance(corrected, Refusal):
            return corrected
        after = next((getattr(change, "value", None) for change in corrected.changes), before)
        said = words.strip() or f"{before or '–'} → {after or '–'}"
        answered = queries.answer_query(self.data, request, query, said)
        if isinstance(answered, Refusal):
            return answered
        return self._noted((path,), Outcome((*corrected.changes, *answered.changes), corrected.reason))

    def ask(self, path: ItemPath, words: str) -> tuple[AuditRecord, ...] | Refusal:
        """Ask the site about an answer."""
        return self._carry_out(queries.open_query(self.session.request(), (path,), words))

    def ask_again(self, query: RecordId, words: str) -> tuple[AuditRecord, ...] | Refusal:
        """Put a question again after an answer that did not settle it."""
        says = Text(en=words, zh=words)
        return self._carry_out(queries.ask_again(self.data, self.session.request(), query, says))

    def close_query(self, query: RecordId, words: str, cancelled: bool = False) -> tuple[AuditRecord, ...] | Refusal:
        """Settle a query, or take it back as asked in error."""
        return self._carry_out(queries.close_query(self.data, self.session.request(), query, words, cancelled))

    def note(self, path: ItemPath, words: str) -> tuple[AuditRecord, ...] | Refusal:
        """Write a note beside an answer."""
        return self._carry_out(notes.add_note(self.session.request(), path, words))

    def history(self, path: ItemPath) -> tuple[AuditRecord, ...]:
        """Every recorded answer of a field, oldest first."""
        item = self.data.items.get(path)
        return tuple(e.record for e in item.entries) if item else ()

    def apply(self, records: tuple[AuditRecord, ...]) -> None:
        """Take in records that were written elsewhere, such as a signature."""
        self.data = fold(self.subject, records, self.data)
        self._assessed.clear()

    def _noted(self, paths: Sequence[ItemPath], outcome: Outcome | Refusal) -> tuple[AuditRecord, ...] | Refusal:
        """Carry out an act on answers and remember it for undoing."""
        before = {path: undoing.answer_at(self.data, path) for path in paths}
        made = self._carry_out(outcome)
        if not isinstance(made, Refusal):
            after = ((path, was, undoing.answer_at(self.data, path)) for path, was in before.items())
            self.history_of_acts.note(tuple(undoing.Step(*step) for step in after))
        return made

    def _carry_out(self, outcome: Outcome | Refusal, at: ItemPath | None = None) -> tuple[AuditRecord, ...] | Refusal:
        if isinstance(outcome, Refusal):
            return outcome
        records = self.session.carry_out(outcome, self.subject, self.version)
        self.data = fold(self.subject, records, self.data)
        self._forget(records, at)
        return records + self._react(records)

    def _forget(self, records: tuple[AuditRecord, ...], at: ItemPath | None) -> None:
        changed = [r.change.path for r in records if isinstance(r.change, ItemEntered | ItemCorrected | ItemDerived)]
        for path in [*changed, *([at] if at else [])]:
            self._assessed.pop(path.form_path, None)
            for form in touched(self.session.book, self.data, path):
                self._assessed.pop(form, None)

    def _react(self, records: tuple[AuditRecord, ...]) -> tuple[AuditRecord, ...]:
        """Let the system ask about finished forms that this change put in doubt, or settle what it had asked."""
        forms: set[FormPath] = set()
        for record in records:
            change = record.change
            if isinstance(change, ItemEntered | ItemCorrected | ItemDerived):
                forms.update(touched(self.session.book, self.data, change.path))
            elif isinstance(change, FormCompleted | FormSigned | RowStruck | FormMoved):
                forms.add(change.form)
            elif isinstance(change, FindingExplained):
                forms.add(change.path.form_path)
        added = self.session.record(
            react(self.session.book, self.data, forms, self._day), self.subject, under=self.version
        )
        self.data = fold(self.subject, added, self.data)
        return added
