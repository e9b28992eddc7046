"""Writing a note beside an answer."""

from __future__ import annotations

from trialdesk.domain.actions.outcome import Outcome, Refusal, Request, refuse_role
from trialdesk.domain.admin.role import Act
from trialdesk.domain.clinical.changes import NoteAdded
from trialdesk.domain.oid import ItemPath
from trialdesk.domain.text import Text

MOST_LETTERS = 500


def add_note(request: Request, path: ItemPath, words: str) -> Outcome | Refusal:
    """Write a note at a field; it changes no value, a locked form takes notes too, and no note is ever taken away."""
    refusal = refuse_role(request.role, Act.NOTE)
    if refusal:
        return refusal
    plain = words.strip()
    if not plain:
        return Refusal("reason_needed", Text(en="Write the note.", zh="请填写备注内容。"))
    if len(plain) > MOST_LETTERS:
        says = Text(en="A note has at most {n} letters.", zh="备注最多 {n} 字。").format(n=MOST_LETTERS)
        return Refusal("not_readable", says)
    return Outcome((NoteAdded(path=path, words=plain),))
