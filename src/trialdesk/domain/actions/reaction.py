"""What the system adds on its own after a change: queries on finished forms, and their closing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from trialdesk.domain.clinical.changes import Change, QueryClosed, QueryOpened
from trialdesk.domain.clinical.form_status import FormStatus, form_status
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath
from trialdesk.domain.rules.assess import assess_form
from trialdesk.domain.rules.rulebook import Rulebook

FINISHED = (FormStatus.COMPLETE, FormStatus.SIGNED)


def react(book: Rulebook, data: SubjectData, forms: Iterable[FormPath], today: date) -> tuple[Change, ...]:
    """Open a system query where a finished form has a finding nobody explained; close those that are settled.

    A finished form gets such a finding when something else changes later, for instance an anchor date.
    """
    changes: list[Change] = []
    for form in sorted(set(forms)):
        if form in data.by_form and form_status(data, form) in FINISHED:
            changes += _for_form(book, data, form, today)
    return tuple(changes)


def _for_form(book: Rulebook, data: SubjectData, form: FormPath, today: date) -> list[Change]:
    standing = {(f.path, f.rule): f for f in assess_form(book, data, form, today).to_finish}
    asked = {
        (path, query.change.rule): query
        for query in data.open_queries(form)
        if query.change.source == "System"
        for path in query.change.paths
    }
    changes: list[Change] = [
        QueryOpened(source="System", paths=(path,), says=finding.says, rule=rule)
        for (path, rule), finding in standing.items()
        if (path, rule) not in asked
    ]
    changes += [
        QueryClosed(query=query.id, words="The data satisfy the rule now. / 数据现已符合规则。")
        for key, query in asked.items()
        if key not in standing
    ]
    return changes
