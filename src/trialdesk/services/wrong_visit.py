"""Whether a date belongs to another visit than the one it is written into."""

from __future__ import annotations

from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.partial_date import PartialDate
from trialdesk.domain.study.form import ItemDef
from trialdesk.services.worklist import Column, Plan


def column_of(plan: Plan, form: FormPath) -> Column | None:
    """The visit a form belongs to, or None for logs."""
    return next((c for c in plan.columns if (c.event.oid, c.repeat) == (form.event, form.repeat)), None)


def better_visit(plan: Plan, path: ItemPath, item: ItemDef, value: str | None) -> Column | None:
    """The visit whose window holds this date, when the visit it was written into does not and both ask this question.

    None where the date is partial, fits here, fits nowhere, or the other visit has its date already.
    """
    here = column_of(plan, path.form_path)
    if item.kind != "date" or value is None or here is None or here.window is None:
        return None
    day = PartialDate.parse(value)
    if not day.complete or here.window.first <= day.earliest <= here.window.last:
        return None
    for column in plan.columns:
        window = column.window
        if column is here or window is None or path.form not in column.event.forms or column.day is not None:
            continue
        if window.first <= day.earliest <= window.last:
            return column
    return None
