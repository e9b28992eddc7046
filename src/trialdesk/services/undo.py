"""What one person did to each form in this session, so that it can be taken back act by act."""

from __future__ import annotations

from dataclasses import dataclass, field

from trialdesk.domain.actions.undoing import Step
from trialdesk.domain.oid import FormPath

Steps = tuple[Step, ...]


@dataclass
class UndoHistory:
    """Acts by form, the newest last; a new act ends what could be redone. It lives as long as the session."""

    done: dict[FormPath, list[Steps]] = field(default_factory=dict)
    undone: dict[FormPath, list[Steps]] = field(default_factory=dict)

    def note(self, steps: Steps) -> None:
        """Remember an act; one that changed nothing is no act."""
        steps = tuple(step for step in steps if step.before != step.after)
        if steps:
            form = steps[0].path.form_path
            self.done.setdefault(form, []).append(steps)
            self.undone.pop(form, None)

    def last(self, form: FormPath, redo: bool = False) -> Steps | None:
        """The act that would be taken back, or put back, next."""
        acts = (self.undone if redo else self.done).get(form)
        return acts[-1] if acts else None

    def moved(self, form: FormPath, redo: bool = False) -> None:
        """The newest act was taken back, or put back."""
        source, target = (self.undone, self.done) if redo else (self.done, self.undone)
        target.setdefault(form, []).append(source[form].pop())

    def forget(self, form: FormPath, redo: bool = False) -> None:
        """Drop the newest act, which can no longer be taken back."""
        (self.undone if redo else self.done)[form].pop()
