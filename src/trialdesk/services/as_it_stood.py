"""A form as it stood at an earlier moment: the moments worth going back to, and every answer then and now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from trialdesk.domain.actions.reasons import CHANGED, MISSING, words_of
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import (
    BundleWritten,
    FormCertified,
    FormCompleted,
    FormLocked,
    FormReopened,
    FormSigned,
    FormUnlocked,
    ItemCorrected,
    ItemDerived,
    ItemEntered,
    RowStruck,
)
from trialdesk.domain.clinical.fold import fold, record_order
from trialdesk.domain.clinical.form_status import STATUS_WORDS, form_status
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.rules.pages import questions
from trialdesk.domain.study.form import ItemDef
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text
from trialdesk.services.casebook import Casebook

Kind = Literal["answer", "completed", "signed", "locked", "sent"]
EMPTY = Text(en="empty", zh="未填")
NO_REASON = Text(en="", zh="")


@dataclass(frozen=True)
class Moment:
    """A moment after one record of the trail: what happened then, in words; `kind` marks signatures and bundles.

    `path` is the answer that was given then, `before` and `after` what it was and became, `why` the reason.
    """

    record: AuditRecord
    kind: Kind
    says: Text
    path: ItemPath | None = None
    before: Text = EMPTY
    after: Text = EMPTY
    why: Text = NO_REASON

    @property
    def when(self) -> str:
        """Local date and time."""
        return self.record.local_time.strftime("%Y-%m-%d %H:%M")


@dataclass(frozen=True)
class Answer:
    """One question then and now; `record` holds the answer of then."""

    path: ItemPath
    label: Text
    then: Text
    now: Text
    record: AuditRecord | None

    @property
    def changed(self) -> bool:
        """True when the answer differs from today's."""
        return self.then != self.now


@dataclass(frozen=True)
class PastForm:
    """A form at one moment: its state and its answers in reading order."""

    moment: Moment
    status: Text
    answers: tuple[Answer, ...]


class FormHistory:
    """The records of one form, read once; gives the moments worth going back to and the form at each of them."""

    def __init__(self, casebook: Casebook, form: FormPath) -> None:
        self._casebook, self._form = casebook, form
        session = casebook.session
        self._records = sorted(session.trail.records(subject=casebook.subject), key=record_order)
        study = casebook.study(form)
        held: dict[ItemPath, Text] = {}
        found = [made for record in self._records if (made := _moment(study, record, form, held)) is not None]
        if found:
            begun = record_order(found[0].record)
            for record in session.trail.records(origin=session.origin, kinds=("BundleWritten",)):
                if isinstance(record.change, BundleWritten) and record_order(record) > begun:
                    says = Text(en="Bundle {n} written", zh="导出第 {n} 号数据包").format(n=record.change.number)
                    found.append(Moment(record, "sent", says))
        self.moments = tuple(sorted(found, key=lambda one: record_order(one.record)))
        """Every moment at which something was done to the form, and every bundle written since, oldest first."""

    def people(self) -> tuple[str, ...]:
        """Everyone who did something to the form, the system included, in the order in which they first did."""
        return tuple(dict.fromkeys(moment.record.user for moment in self.moments))

    def until(self, day: date) -> Moment | None:
        """The last moment of a local day or of those before it; None before the first."""
        there = [moment for moment in self.moments if moment.record.local_time.date() <= day]
        return there[-1] if there else None

    def at(self, moment: Moment) -> PastForm:
        """The form right after a moment, each answer beside the one that stands now; nothing is written."""
        data, form = self._casebook.data, self._form
        book = self._casebook.book(form)
        upto = record_order(moment.record)
        then = fold(self._casebook.subject, (r for r in self._records if record_order(r) <= upto))
        definition = book.study.form[form.form]
        places = {path: item for _, item, path in questions(data, form, definition)}
        places |= {path: item for _, item, path in questions(then, form, definition)}
        answers = [
            Answer(path, question_words(item, path), answer_words(book.study, then, path, item),
                   answer_words(book.study, data, path, item), _record(then, path))
            for path, item in places.items()
            if path in then.items or path in data.items
        ]  # fmt: skip
        return PastForm(moment, STATUS_WORDS[form_status(then, form)], tuple(answers))


def question_words(item: ItemDef, path: ItemPath) -> Text:
    """The question, with the row where it is asked more than once."""
    if path.group_repeat == 1:
        return item.label
    return Text(en="{label} ({n})", zh="{label}（{n}）").format(label=item.label, n=path.group_repeat)


def _record(data: SubjectData, path: ItemPath) -> AuditRecord | None:
    known = data.items.get(path)
    return known.current.record if known else None


def answer_words(study: Study, data: SubjectData, path: ItemPath, item: ItemDef) -> Text:
    """The answer that stands, in words: a code by its label, a number with its unit, why there is none."""
    known = data.items.get(path)
    if known is None:
        return EMPTY
    if known.disputed:
        return Text(en="disputed", zh="有争议")
    if known.missing:
        return dict(MISSING)[known.missing]
    if known.value is None:
        return EMPTY
    words = study.words(item, known.value)
    unit = known.unit or item.unit or ""
    shown = words or Text(en=f"{known.value} {unit}".strip(), zh=f"{known.value} {unit}".strip())
    if data.is_struck(path):
        return Text(en="{v} (struck)", zh="{v}（已划去）").format(v=shown)
    return shown


def _given(study: Study, change: ItemEntered | ItemCorrected | ItemDerived) -> Text:
    """The answer a record gives, in words."""
    missing = None if isinstance(change, ItemDerived) else change.missing
    if missing:
        return dict(MISSING)[missing]
    if change.value is None:
        return EMPTY
    item = study.item(change.path.item)
    unit = item.unit if isinstance(change, ItemDerived) else change.unit or item.unit
    shown = f"{change.value} {unit or ''}".strip()
    return study.words(item, change.value) or Text(en=shown, zh=shown)


def _moment(study: Study, record: AuditRecord, form: FormPath, held: dict[ItemPath, Text]) -> Moment | None:
    change = record.change
    if isinstance(change, ItemEntered | ItemCorrected | ItemDerived):
        if change.path.form_path != form:
            return None
        label = study.item(change.path.item).label
        word = Text(en="{label} entered", zh="录入 {label}")
        if isinstance(change, ItemCorrected):
            word = Text(en="{label} changed", zh="修改 {label}")
        elif isinstance(change, ItemDerived):
            word = Text(en="{label} computed", zh="计算 {label}")
        before, after = held.get(change.path, EMPTY), _given(study, change)
        held[change.path] = after
        why = words_of(CHANGED, record.reason.code, record.reason.words) if record.reason else NO_REASON
        if isinstance(change, ItemDerived):
            why = Text(en=f"rule {change.rule}", zh=f"规则 {change.rule}")
        return Moment(record, "answer", word.format(label=label), change.path, before, after, why)
    if getattr(change, "form", None) != form:
        return None
    acts: dict[type, tuple[Kind, Text]] = {
        FormCompleted: ("completed", Text(en="Completed", zh="完成表单")),
        FormCertified: ("signed", Text(en="Certified by data entry", zh="录入人签署")),
        FormSigned: ("signed", Text(en="Signed", zh="研究者签署")),
        FormLocked: ("locked", Text(en="Locked", zh="锁定")),
        FormUnlocked: ("locked", Text(en="Unlocked", zh="解除锁定")),
        FormReopened: ("completed", Text(en="Reopened", zh="重新打开")),
        RowStruck: ("answer", Text(en="Struck", zh="划去")),
    }
    known = acts.get(type(change))
    return Moment(record, known[0], known[1]) if known else None
