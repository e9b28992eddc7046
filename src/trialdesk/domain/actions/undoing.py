"""Taking an answer back to what it was before: a correction like any other, with its own reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

from trialdesk.domain.actions.entry import reason_needed, refuse_locked, was_complete
from trialdesk.domain.actions.outcome import Outcome, Refusal, Request, refuse_role
from trialdesk.domain.admin.role import Act
from trialdesk.domain.clinical.audit_record import Reason
from trialdesk.domain.clinical.changes import Change, ItemCorrected, Missing
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import ItemPath
from trialdesk.domain.text import Text

Answer = tuple[str | None, str | None, str | None]
"""What stands at a question: value, why it is missing, entered unit; all None where nothing stands."""


@dataclass(frozen=True)
class Step:
    """One question's answer before and after an act."""

    path: ItemPath
    before: Answer
    after: Answer

    @property
    def back(self) -> Step:
        """The step in the other direction."""
        return Step(self.path, self.after, self.before)


def answer_at(data: SubjectData, path: ItemPath) -> Answer:
    """What stands at a question now."""
    known = data.items.get(path)
    return (known.value, known.missing, known.unit) if known is not None else (None, None, None)


def set_back(
    data: SubjectData, request: Request, steps: Sequence[Step], code: Literal["UNDO", "REDO"]
) -> Outcome | Refusal:
    """Take answers from `before` to `after`; refused where something else stands there by now.

    A form that was ever complete needs a person's reason; before that the reason is the undoing itself.
    """
    refusal = refuse_role(request.role, Act.ENTER)
    if refusal:
        return refusal
    changes: list[Change] = []
    for step in steps:
        locked = refuse_locked(data, step.path.form_path)
        if locked:
            return locked
        known = data.items.get(step.path)
        if known is None or known.disputed or answer_at(data, step.path) != step.before:
            return Refusal("state", _CHANGED_SINCE)
        value, missing, unit = step.after
        changes.append(
            ItemCorrected(
                path=step.path,
                value=value,
                missing=cast("Missing | None", missing),
                unit=unit,
                replaces=known.head_ids,
            )
        )
    if request.reason is None and any(was_complete(data, step.path.form_path) for step in steps):
        return reason_needed()
    return Outcome(tuple(changes), request.reason or Reason(code=code))


_CHANGED_SINCE = Text(
    en="The answer was changed by another act since; correct it in the field.",
    zh="该项此后已有其他更改，请直接在字段中更正。",
)
