"""What a form asks right now: its rows, and which questions are skipped and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.rules.finding import Skip
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.domain.rules.scope import PlaceScope
from trialdesk.domain.study.form import FormDef, ItemDef, ItemGroupDef
from trialdesk.domain.study.rule import ConditionRule


def rows(data: SubjectData, form: FormPath, group: ItemGroupDef) -> tuple[int, ...]:
    """Row numbers of a section: 1 alone, the fixed rows, or the recorded rows of a growing table (at least row 1)."""
    if not group.repeating:
        return (1,)
    recorded = data.rows(form, group.oid)
    if group.rows:
        return tuple(sorted({*range(1, group.rows + 1), *recorded}))
    return recorded or (1,)


def questions(
    data: SubjectData, form: FormPath, definition: FormDef
) -> Iterator[tuple[ItemGroupDef, ItemDef, ItemPath]]:
    """Every question of a form in reading order, row by row."""
    for group in definition.groups:
        for row in rows(data, form, group):
            for item in group.items:
                yield group, item, form.item(group.oid, item.name, row)


def skip_of(book: Rulebook, scope: PlaceScope, name: str) -> Skip | None:
    """Why a question is not asked at this place, or None when it is asked.

    A condition that cannot be told yet hides the question as undecided: it is neither required nor called skipped.
    """
    for compiled in book.conditions.get(name, ()):
        rule = compiled.rule
        assert isinstance(rule, ConditionRule)
        answer = compiled.parts["show"].run(scope)
        if answer is not True:
            return Skip(rule.id, rule.because, undecided=answer is not False)
    return None


def place(book: Rulebook, data: SubjectData, path: ItemPath, today: date) -> PlaceScope:
    """The scope of one answer's row."""
    return PlaceScope(book, data, path.form_path, path.group, path.group_repeat, today)
