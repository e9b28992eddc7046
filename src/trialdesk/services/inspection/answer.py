"""A question of the inspector's page and its answer: sentences, then tables of plain values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

from trialdesk.domain.clinical.audit_record import SYSTEM, AuditRecord
from trialdesk.domain.clinical.changes import UserAdded
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text

if TYPE_CHECKING:
    from trialdesk.services.desk import OpenDesk

Cell = str | int | Text


@dataclass(frozen=True)
class Asked:
    """What a question is asked about: one field of a participant, or a day; nothing where it stands for itself."""

    subject: str | None = None
    path: ItemPath | None = None
    day: date | None = None

    def __str__(self) -> str:
        parts = (self.subject, self.path, self.day)
        return " ".join(str(part) for part in parts if part is not None)


@dataclass(frozen=True)
class Row:
    """One line; `marked` ones want a look, `place` is where the window can go from it."""

    cells: tuple[Cell, ...]
    marked: bool = False
    place: tuple[str, FormPath, ItemPath | None] | None = None


@dataclass(frozen=True)
class Table:
    """One table of an answer; `wide` names the columns that take the room that is left."""

    title: Text
    heads: tuple[Text, ...]
    rows: tuple[Row, ...]
    wide: tuple[int, ...] = ()


@dataclass(frozen=True)
class Found:
    """What was found: the answer in sentences, the tables it rests on, and what it cannot say."""

    says: tuple[Text, ...]
    tables: tuple[Table, ...]
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Question:
    """One question in plain words; `reads_data` marks answers that show what was recorded of participants."""

    name: str
    label: Text
    clause: str
    find: Callable[[OpenDesk, Asked], Found] = field(compare=False)
    reads_data: bool = True
    asks: Literal["field", "day"] | None = None


@dataclass(frozen=True)
class Answer:
    """A question, what it was asked about, what was found, and when."""

    question: Question
    asked: Asked
    found: Found
    at: str
    head: int
    seal: str


def names_of(desk: OpenDesk) -> dict[str, Text]:
    """The role names of everyone this desk ever knew, by account."""
    added = desk.trail.records(kinds=("UserAdded",))
    return {one.change.user: one.change.name for one in added if isinstance(one.change, UserAdded)}


def who(names: dict[str, Text], record: AuditRecord) -> Text:
    """The role name of whoever wrote a record; an account that nobody knows stands for itself."""
    shown = "TrialDesk" if record.user == SYSTEM else record.user
    return names.get(record.user, Text(en=shown, zh=shown))


def when(record: AuditRecord) -> str:
    """Local date and time of a record, to the second, with its zone."""
    return f"{record.local_time:%Y-%m-%d %H:%M:%S} {record.zone}"


def form_words(study: Study, form: FormPath) -> Text:
    """Visit and form in words; a repeat is numbered."""
    event, label = study.event.get(form.event), study.form.get(form.form)
    visit = event.short if event else Text(en=form.event, zh=form.event)
    name = label.label if label else Text(en=form.form, zh=form.form)
    if event is not None and event.per_round:
        visit = Text(en=f"{visit.en}, round {form.repeat}", zh=f"第 {form.repeat} 轮 {visit.zh}")
    elif event is not None and event.repeating:
        visit = Text(en=f"{visit.en} {form.repeat}", zh=f"{visit.zh} {form.repeat}")
    if name in (visit, event.label if event else None):
        return visit
    return Text(en=f"{visit.en}, {name.en}", zh=f"{visit.zh}，{name.zh}")


def item_words(study: Study, path: ItemPath) -> Text:
    """A field in words, with its row where there are several."""
    known = study.place.get(path.item)
    label = known[2].label if known else Text(en=path.item, zh=path.item)
    if path.group_repeat == 1:
        return label
    return Text(en=f"{label.en} ({path.group_repeat})", zh=f"{label.zh}（{path.group_repeat}）")


def count(many: int, one: str, several: str) -> str:
    """A number with its English noun."""
    return f"{many} {one if many == 1 else several}"


def table(title: Text, heads: Sequence[tuple[str, str]], rows: Sequence[Row], wide: tuple[int, ...] = ()) -> Table:
    """A table from pairs of English and Chinese heads."""
    return Table(title, tuple(Text(en=en, zh=zh) for en, zh in heads), tuple(rows), wide)
