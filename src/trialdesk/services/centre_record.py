"""A form as the centre holds it, to be read and not to be written: answers, what hides them, who said what and when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from trialdesk.domain.actions.reasons import CHANGED, MISSING, words_of
from trialdesk.domain.admin.role import ROLE_WORDS, Role
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import ItemDerived, ItemEntered
from trialdesk.domain.clinical.form_status import FormStatus, form_status
from trialdesk.domain.clinical.subject_data import Entry, ItemData, Query, SubjectData
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.rules.assess import assess_form
from trialdesk.domain.rules.finding import Finding, FormAssessment
from trialdesk.domain.rules.pages import questions
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.domain.study.form import ItemDef
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text
from trialdesk.services.terminology import rule_terminology

State = Literal["asked", "skipped", "parked", "struck", "disputed", "ghost"]


@dataclass(frozen=True)
class HeldForm:
    """One form of a participant: its state, and how much on it is answered, verified and asked about."""

    form: FormPath
    status: FormStatus
    frozen: bool
    struck: bool
    answers: int
    verified: int
    queries: int


@dataclass(frozen=True)
class HeldAnswer:
    """One question of a form.

    `state` is `asked`; `skipped` without and `parked` with an answer on record, `because` says why; `struck` with its
    row; `disputed` between laptops; `ghost` for a place somebody asked about that the form does not show any more.
    `row` is 0 where the section does not repeat.
    """

    path: ItemPath
    label: Text
    section: Text
    row: int
    value: Text | None
    unit: str | None
    state: State
    because: Text | None
    entry: Entry | None
    findings: tuple[Finding, ...]
    queries: tuple[Query, ...]
    verified: AuditRecord | None


@dataclass(frozen=True)
class HistoryLine:
    """One recorded answer: the value, what was done, by whom in which role, when (local), and why."""

    value: Text
    act: Text
    who: str
    role: Text
    at: str
    why: Text | None
    record: str


def held_forms(data: SubjectData) -> tuple[HeldForm, ...]:
    """Every form of a participant with an answer or a query, in the order of their places."""
    asked = {path.form_path for query in data.queries.values() for path in query.change.paths}
    made = []
    for form in sorted({*data.by_form, *asked}):
        paths = [path for path in data.by_form.get(form, ()) if not data.is_struck(path)]
        made.append(
            HeldForm(
                form,
                form_status(data, form),
                data.is_frozen(form),
                (form, None, 1) in data.struck,
                len(paths),
                sum(1 for path in paths if data.verification(path) is not None),
                sum(1 for _ in data.open_queries(form)),
            )
        )
    return tuple(made)


def held_form(book: Rulebook, data: SubjectData, form: FormPath, today: date) -> tuple[HeldAnswer, ...]:
    """Every question of a form that is asked, answered or asked about, in reading order, the ghosts last."""
    book = book.on(data, today, form)
    if form.form not in book.study.form:
        return tuple(_ghosts(book.study, data, form, set()))
    assessment = assess_form(book, data, form, today)
    found = [
        _answer(book.study, data, assessment, group.label, path.group_repeat if group.repeating else 0, item, path)
        for group, item, path in questions(data, form, book.study.form[form.form])
    ]
    return (*found, *_ghosts(book.study, data, form, {one.path for one in found}))


def history(study: Study, data: SubjectData, path: ItemPath) -> tuple[HistoryLine, ...]:
    """Every recorded answer of a place, oldest first."""
    known = data.items.get(path)
    return tuple(_line(study, entry) for entry in known.entries) if known else ()


def when_asked(study: Study, data: SubjectData, query: Query, path: ItemPath) -> Text | None:
    """What stood at a place when it was asked about, by the times as stamped; None where nothing did."""
    known = data.items.get(path)
    before = tuple(e for e in known.entries if e.record.at <= query.opened.at) if known else ()
    return answer_words(study, ItemData(before), path.item) if before else None


def answer_words(study: Study, held: ItemData, name: str) -> Text | None:
    """A standing answer in words; every value of a disputed one."""
    heads = held.heads if held.disputed else held.heads[-1:]
    said = [words for head in heads if (words := _words(study, name, head)) is not None]
    if not said:
        return None
    return Text(en=" / ".join(one.en for one in said), zh=" / ".join(one.zh for one in said))


def _words(study: Study, name: str, entry: Entry) -> Text | None:
    value, missing, _ = entry.answer
    if missing is not None:
        return words_of(MISSING, missing)
    if value is None:
        return None
    place = study.place.get(name)
    item = place[2] if place else None
    if item is not None and item.kind == "term":
        return rule_terminology().words_of(value)
    said = study.words(item, value) if item is not None else None
    return said or _place(study, value) or Text(en=value, zh=value)


def _place(study: Study, value: str) -> Text | None:
    """An answer that names another answer's place, in words."""
    try:
        path = ItemPath.parse(value)
    except ValueError:
        return None
    known, event, form = study.place.get(path.item), study.event.get(path.event), study.form.get(path.form)
    if known is None or event is None or form is None:
        return None
    return Text(en="{item}, {form}, {event}", zh="{item}，{form}，{event}").format(
        item=known[2].label, form=form.label, event=event.short
    )


def _answer(
    study: Study, data: SubjectData, found: FormAssessment, section: Text, row: int, item: ItemDef, path: ItemPath
) -> HeldAnswer:
    known, skip = data.items.get(path), found.skipped.get(path)
    value = answer_words(study, known, item.name) if known else None
    state: State = "asked"
    if known is not None and known.disputed:
        state = "disputed"
    elif skip is not None:
        state = "skipped" if value is None else "parked"
    if data.is_struck(path):
        state = "struck"
    return HeldAnswer(
        path, item.label, section, row, value, (known.unit if known else None) or item.unit, state,
        skip.because if skip else None, known.current if known else None, found.at(path), data.queries_at(path),
        data.verification(path),
    )  # fmt: skip


def _ghosts(study: Study, data: SubjectData, form: FormPath, shown: set[ItemPath]) -> Iterator[HeldAnswer]:
    """Places of this form that hold an answer or were asked about, and that the form does not ask."""
    asked = {path for query in data.queries.values() for path in query.change.paths if path.form_path == form}
    for path in sorted({*data.by_form.get(form, ()), *asked} - shown):
        known, place = data.items.get(path), study.place.get(path.item)
        label = place[2].label if place else Text(en=path.item, zh=path.item)
        section = place[1].label if place else Text(en=path.group, zh=path.group)
        struck = data.is_struck(path)
        yield HeldAnswer(
            path, label, section, path.group_repeat if path.group_repeat > 1 else 0,
            answer_words(study, known, path.item) if known else None,
            (known.unit if known else None) or (place[2].unit if place else None),
            "struck" if struck else "ghost", None if struck else _GONE, known.current if known else None, (),
            data.queries_at(path), data.verification(path),
        )  # fmt: skip


def _line(study: Study, entry: Entry) -> HistoryLine:
    record, change = entry.record, entry.change
    act = _COMPUTED if isinstance(change, ItemDerived) else _ENTERED if isinstance(change, ItemEntered) else _CHANGED
    why = None
    if record.reason is not None:
        label = dict(CHANGED).get(record.reason.code, Text(en=record.reason.code, zh=record.reason.code))
        why = Text(en=f"{label.en} {record.reason.words}".strip(), zh=f"{label.zh} {record.reason.words}".strip())
    elif isinstance(change, ItemDerived):
        why = Text(en=f"rule {change.rule}", zh=f"规则 {change.rule}")
    unit = entry.answer[2]
    value = _words(study, change.path.item, entry) or _EMPTIED
    if unit:
        value = Text(en=f"{value.en} {unit}", zh=f"{value.zh} {unit}")
    at = record.local_time.strftime("%Y-%m-%d %H:%M")
    return HistoryLine(value, act, record.user, ROLE_WORDS[Role(record.role)], at, why, record.id)


_ENTERED, _CHANGED = Text(en="entered", zh="录入"), Text(en="changed to", zh="改为")
_COMPUTED, _EMPTIED = Text(en="computed", zh="计算"), Text(en="(emptied)", zh="（清空）")
_GONE = Text(en="the form does not ask this any more", zh="表单已不再询问此项")
